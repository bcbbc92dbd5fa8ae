"""What the person behind a request may do: one object a request, from one prefetching checker."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from guardian.core import ObjectPermissionChecker

from portal.accounts.models import Membership, Team, User
from portal.accounts.roles import ROLES, TENANT_PERMISSIONS
from portal.tenancy.models import Pip, Tenant


class Access:
    """Answers "may this person do this for this PIP?" for one tenant, from guardian's grants."""

    def __init__(self, user: User, tenant: Tenant, membership: Membership) -> None:
        self.user, self.tenant, self.membership = user, tenant, membership

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that the person's teams have."""
        teams = Team.objects.filter(team_members__membership=self.membership)
        return frozenset(teams.values_list("role", flat=True))

    @cached_property
    def is_read_only(self) -> bool:
        """Whether none of the person's roles can write: an auditor, or somebody in no team."""
        return all(ROLES[role].is_read_only for role in self.roles)

    @cached_property
    def _pips(self) -> dict[int, Pip]:
        return {pip.pk: pip for pip in Pip.objects.filter(tenant=self.tenant)}

    @cached_property
    def _checker(self) -> ObjectPermissionChecker:
        checker = ObjectPermissionChecker(self.user)
        if self._pips:
            checker.prefetch_perms(list(self._pips.values()))
        return checker

    @cached_property
    def _tenant_permissions(self) -> frozenset[str]:
        return frozenset(ObjectPermissionChecker(self.user).get_perms(self.tenant))

    def pips(self, permission: str) -> list[Pip]:
        """The PIPs for which the person holds a permission, by name."""
        return [pip for pip in self._pips.values() if self._checker.has_perm(permission, pip)]

    def pip_ids(self, permission: str) -> list[int]:
        """The ids of those PIPs, for ``pip_id IN (…)``."""
        return [pip.pk for pip in self.pips(permission)]

    @cached_property
    def sees_all_pips(self) -> bool:
        """Whether no PIP of the tenant is hidden from the person."""
        return len(self.pips("view_pip")) == len(self._pips)

    def can(self, permission: str, pip: Pip | int | None = None) -> bool:
        """Whether the person may do this: for that PIP, for any PIP when none is given, or for the tenant."""
        if permission in TENANT_PERMISSIONS:
            return permission in self._tenant_permissions
        if pip is None:
            return bool(self.pips(permission))
        known = self._pips.get(pip if isinstance(pip, int) else pip.pk)
        return known is not None and self._checker.has_perm(permission, known)

    def require(self, permission: str, pip: Pip | int | None = None) -> None:
        """403 unless the person may do this."""
        if not self.can(permission, pip):
            raise PermissionDenied

    def rows(self, rows: Any, permission: str = "view_pip") -> models.QuerySet:
        """The rows of a model with a ``pip`` that the person may see."""
        queryset = rows.objects.all() if isinstance(rows, type) else rows
        return queryset.filter(tenant=self.tenant, pip_id__in=self.pip_ids(permission))

    def get(self, rows: Any, permission: str = "view_pip", /, **lookup: Any) -> Any:
        """One row by its key: 404 if the person may not see it, 403 if he sees it but may not do this."""
        queryset = rows.objects.all() if isinstance(rows, type) else rows
        row = queryset.filter(tenant=self.tenant, **lookup).first()
        pip = None if row is None else (row if isinstance(row, Pip) else row.pip_id)
        if row is None or not (self.can("view_pip", pip) or self.can(permission, pip)):
            raise Http404
        self.require(permission, pip)
        return row

"""The only writer of grants: makes guardian's rows agree with the teams and ``ROLES``."""

from django.contrib.auth.models import Permission
from django.db import transaction

from portal.accounts.models import PipGroupPermission, Team, TenantGroupPermission, User
from portal.accounts.roles import PIP_PERMISSIONS, ROLES, TENANT_PERMISSIONS
from portal.calendars.clock import civil_today
from portal.tenancy.models import Pip


def permission_ids() -> dict[str, int]:
    """The ids of the permissions on Pip and Tenant by codename."""
    names = PIP_PERMISSIONS | TENANT_PERMISSIONS
    found = dict(
        Permission.objects.filter(content_type__app_label="tenancy", codename__in=names).values_list("codename", "id")
    )
    missing = names - found.keys()
    if missing:
        raise RuntimeError(f"Permissions not in the database, migrate first: {', '.join(sorted(missing))}")
    return found


def wanted_pip_rows(team: Team, ids: dict[str, int]) -> set[tuple[int, int]]:
    """(pip, permission) that the team's group should hold."""
    pips = (
        Pip.objects.values_list("id", flat=True)
        if team.has_all_pips
        else team.team_pips.values_list("pip_id", flat=True)
    )
    return {(pip, ids[name]) for pip in pips for name in ROLES[team.role].pip}


@transaction.atomic
def sync(team: Team, *, dry_run: bool = False) -> int:
    """Make the grants and the members of the team's group right; the number of rows that were wrong."""
    ids = permission_ids()
    group = team.group_id
    wanted = wanted_pip_rows(team, ids)
    held = PipGroupPermission.objects.filter(group_id=group)
    present = {(row.content_object_id, row.permission_id): row.pk for row in held}
    extra = [pk for key, pk in present.items() if key not in wanted]
    missing = sorted(wanted - present.keys())

    wanted_tenant = {ids[name] for name in ROLES[team.role].tenant}
    present_tenant = {
        row.permission_id: row.pk
        for row in TenantGroupPermission.objects.filter(group_id=group, content_object_id=team.tenant_id)
    }
    extra_tenant = [pk for key, pk in present_tenant.items() if key not in wanted_tenant]
    missing_tenant = sorted(wanted_tenant - present_tenant.keys())

    members = set(
        User.objects.filter(
            pk__in=team.team_members.filter(
                membership__in=team.team_members.model._meta.get_field("membership")
                .related_model.objects.current(civil_today())
                .values("pk")
            ).values("membership__user_id")
        ).values_list("pk", flat=True)
    )
    present_members = set(team.group.user_set.values_list("pk", flat=True))
    wrong = len(extra) + len(missing) + len(extra_tenant) + len(missing_tenant) + len(members ^ present_members)
    if dry_run or not wrong:
        return wrong

    PipGroupPermission.objects.filter(pk__in=extra).delete()
    PipGroupPermission.objects.bulk_create(
        PipGroupPermission(tenant_id=team.tenant_id, group_id=group, content_object_id=pip, permission_id=permission)
        for pip, permission in missing
    )
    TenantGroupPermission.objects.filter(pk__in=extra_tenant).delete()
    TenantGroupPermission.objects.bulk_create(
        TenantGroupPermission(content_object_id=team.tenant_id, group_id=group, permission_id=permission)
        for permission in missing_tenant
    )
    if members != present_members:
        team.group.user_set.set(members)
    return wrong


def sync_all(*, dry_run: bool = False) -> int:
    """Sync every team of the tenant in scope; the number of rows that were wrong."""
    return sum(sync(team, dry_run=dry_run) for team in Team.objects.select_related("group"))

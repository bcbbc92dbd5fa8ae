"""A page states its rule once: which permission it needs and whether it writes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django_scopes import scopes_disabled

from portal.accounts.models import Membership, User
from portal.accounts.roles import PIP_PERMISSIONS, TENANT_PERMISSIONS
from portal.workflow import CaseError

ANYONE = "anyone"  # needs no sign-in
SIGNED_IN = "signed_in"  # any account, no tenant
MEMBER = "member"  # any member of the tenant
PLATFORM = "platform"  # an account that cares for what all tenants share and belongs to none

OTHERS = frozenset({ANYONE, SIGNED_IN, MEMBER, PLATFORM})


def is_platform(user: User) -> bool:
    """Whether an account works on what all tenants share: it is marked so, and a member of no tenant."""
    if not user.is_staff:
        return False
    with scopes_disabled():
        # The policy on memberships shows a person his own, whatever the tenant.
        return not Membership.objects.filter(user=user).exists()


@dataclass(frozen=True)
class Rule:
    """What a page asks of its reader; the page walk in the tests reads it."""

    permission: str
    writes: bool
    # An auditor may use it all the same: own settings, a question to the owner, the log of a download.
    open_to_readers: bool
    # The function of doors.sql that leads from the page's code to its tenant; the page then works as ``public``.
    door: str = ""


def page(permission: str, *, writes: bool = False, open_to_readers: bool = False, door: str = "") -> Callable:
    """Guard a view: 403 without the permission on any PIP (or the tenant), GET can't write, a POST is all or nothing.

    A CaseError undoes what the view wrote and is shown with status 409.
    """
    assert permission in PIP_PERMISSIONS | TENANT_PERMISSIONS | OTHERS, permission
    assert not door or permission == ANYONE, "a door leads anybody in"
    methods = ("GET", "HEAD", "POST") if writes else ("GET", "HEAD")

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            kwargs.pop("tenant", None)
            if permission != ANYONE and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if permission == PLATFORM and not is_platform(request.user):
                raise Http404
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if permission not in OTHERS and not request.access.can(permission):
                raise PermissionDenied
            try:
                with transaction.atomic():
                    return view(request, *args, **kwargs)
            except CaseError as error:
                return render(request, "ui/case_error.html", {"sentence": str(error)}, status=409)

        guarded.rule = Rule(permission, writes, open_to_readers, door)
        return guarded

    return decorate

"""Signing in and passwords, by allauth; nobody signs up by himself."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.account.forms import ResetPasswordForm
from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from django.views.generic import RedirectView

from portal.accounts.pages import ANYONE, SIGNED_IN, Rule


class ResetForm(ResetPasswordForm):
    """Writes to known addresses only, and says the same whether there is an account or not."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            send = super().save
            # A mail server that is away must not tell a stranger, by an error page, that the account exists.
            transaction.on_commit(lambda: send(request, **kwargs), robust=True)
        return self.cleaned_data["email"]


def password_problem(request: HttpRequest, password: str) -> str:
    """Why a password given once more doesn't prove who sits there; empty if it does. Ten tries a minute."""
    if not request.user.has_usable_password():
        return _("Your account has no password yet. Set one in your settings first.")
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return _("Too many tries. Wait a minute.")
    return "" if request.user.check_password(password) else _("This is not your password.")


def ruled(view: Callable[..., HttpResponse], permission: str) -> Callable[..., HttpResponse]:
    """Give a view of allauth its rule for the page walk; allauth itself asks for the sign-in where it is needed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    guarded.rule = Rule(permission, writes=True, open_to_readers=True)
    return guarded


urlpatterns = [
    path("login/", ruled(views.login, ANYONE), name="account_login"),
    path("logout/", ruled(views.logout, ANYONE), name="account_logout"),
    path("inactive/", ruled(views.account_inactive, ANYONE), name="account_inactive"),
    path("password/change/", ruled(views.password_change, SIGNED_IN), name="account_change_password"),
    # An account without a password sets its first one through a mailed link.
    path(
        "password/set/",
        ruled(RedirectView.as_view(pattern_name="account_reset_password"), ANYONE),
        name="account_set_password",
    ),
    path(
        "password/reset/",
        ruled(views.PasswordResetView.as_view(form_class=ResetForm), ANYONE),
        name="account_reset_password",
    ),
    path("password/reset/done/", ruled(views.password_reset_done, ANYONE), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        ruled(views.password_reset_from_key, ANYONE),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        ruled(views.password_reset_from_key_done, ANYONE),
        name="account_reset_password_from_key_done",
    ),
]

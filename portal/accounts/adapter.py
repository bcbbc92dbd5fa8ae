"""How allauth is used: accounts are made by invitation only, and its mails are the portal's own words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.utils import translation


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by himself; mails are written in their reader's language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: dict | None = None
    ) -> EmailMultiAlternatives:
        """The portal's template of the same name, in the language of the person written to."""
        prefix = template_prefix.replace("account/email/", "accounts/email/")
        user = context.get("user")
        with translation.override(getattr(user, "language", None) or translation.get_language()):
            return super().render_mail(prefix, email, context, headers)

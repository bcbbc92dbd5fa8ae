"""How allauth is used: accounts are made by invitation only, and its mails are the portal's own words."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by himself; mails are written in their reader's language, after the commit, with no request."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the portal's template of the same name."""
        user = context.get("user")
        prefix = template_prefix.replace("account/email/", "accounts/email/")
        with translation.override(getattr(user, "language", None) or translation.get_language()):
            message: EmailMessage = self.render_mail(prefix, email, {**context, "email": email})
        message.send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address in the mail is the portal's own, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL.rstrip("/") + path.replace("UID-KEY", quote(key))

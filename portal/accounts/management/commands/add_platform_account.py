"""Make an account that cares for what all workspaces share, from the command line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import User
from portal.accounts.people import password_link


class Command(BaseCommand):
    help = "Make a platform account: it keeps the calendars and sees no workspace. Confirming takes two of them."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="zh-hans")

    def handle(self, **options: Any) -> None:
        if User.objects.filter(email__iexact=options["email"]).exists():
            # An account of a workspace must not come to see what two independent people decide.
            raise CommandError(f"{options['email']} has an account already. Give another address.")
        user = User.objects.create_user(
            options["email"], name=options["name"], language=options["language"], is_staff=True
        )
        self.stdout.write(f"{user.email} is a platform account.")
        self.stdout.write(f"Link to choose a password: {password_link(user)}")

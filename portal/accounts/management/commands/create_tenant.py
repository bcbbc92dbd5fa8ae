"""Open a workspace on a real installation, with its first owner, who gets a link to choose a password."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from portal.accounts.management.tenants import ACTOR, commanding
from portal.accounts.people import invite, password_link
from portal.accounts.services import create_team, create_tenant
from portal.calendars.clock import civil_today

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Command(BaseCommand):
    help = "Open a workspace and give it its first owner."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", help="its address: small letters, digits and hyphens")
        parser.add_argument("name", help="its name, as people read it")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="the first owner")
        parser.add_argument("--owner-name", required=True, metavar="NAME")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="zh-hans")

    def handle(self, **options: Any) -> None:
        if not SLUG.fullmatch(options["slug"]):
            raise CommandError("Write the address with small letters, digits and hyphens, 40 at most.")
        try:
            validate_email(options["owner"])
        except ValidationError as error:
            raise CommandError(f"{options['owner']} is no e-mail address.") from error
        try:
            with transaction.atomic():
                tenant = create_tenant(options["slug"], options["name"], actor=ACTOR)
                with commanding(tenant, "tenant.create"):
                    team = create_team("Owners" if options["language"] == "en" else "负责人", "owner")
                    membership = invite(
                        options["owner"],
                        name=options["owner_name"],
                        language=options["language"],
                        team=team,
                        ends_on=None,
                        by=None,
                        today=civil_today(),
                    )
        except IntegrityError as error:
            raise CommandError(f"There is a workspace with the address {options['slug']} already.") from error
        self.stdout.write(f"{tenant.slug} is open. {membership.user.email} gets a mail with a link.")
        if not membership.user.has_usable_password():
            self.stdout.write(f"The same link, should the mail not arrive: {password_link(membership.user)}")

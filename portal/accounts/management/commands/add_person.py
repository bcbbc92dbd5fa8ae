"""Add a person to a team of a workspace from the command line."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.management.tenants import commanding, tenant_by_slug
from portal.accounts.models import Team
from portal.accounts.people import invite, password_link
from portal.accounts.roles import ROLES
from portal.accounts.services import create_team
from portal.calendars.clock import civil_today


class Command(BaseCommand):
    help = "Give a person access to a workspace: into a team with the role, made if there is none."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")
        parser.add_argument("--tenant", required=True, help="address of the workspace")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=list(ROLES))
        parser.add_argument("--team", help="name of the team; without it the first one with the role for all PIPs")
        parser.add_argument("--until", metavar="DATE", type=date.fromisoformat, help="last day; an auditor needs one")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="zh-hans")

    def handle(self, **options: Any) -> None:
        tenant = tenant_by_slug(options["tenant"])
        try:
            with commanding(tenant, "member.invite"):
                membership = invite(
                    options["email"],
                    name=options["name"],
                    language=options["language"],
                    team=self.team(options),
                    ends_on=options["until"],
                    by=None,
                    today=civil_today(),
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{membership.user.email} has access to {tenant.slug} as {options['role']}.")
        if not membership.user.has_usable_password():
            self.stdout.write(f"Link to choose a password: {password_link(membership.user)}")

    def team(self, options: dict[str, Any]) -> Team:
        """The team of that name, or one with the role for all PIPs."""
        teams = Team.objects.filter(role=options["role"])
        if options["team"]:
            found = teams.filter(name=options["team"]).first()
            if found is None:
                raise CommandError(f"There is no team {options['team']} with the role {options['role']}.")
            return found
        return teams.filter(has_all_pips=True).first() or create_team(
            str(ROLES[options["role"]].name), options["role"]
        )

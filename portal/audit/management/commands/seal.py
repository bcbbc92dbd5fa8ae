"""Seal the settled events of the audit trail now, instead of in the next five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts.management.tenants import tenants
from portal.audit.services import seal


class Command(BaseCommand):
    help = "Seal the settled events of the audit trail."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", help="address of one tenant; all without it")

    def handle(self, **options: Any) -> None:
        for tenant in tenants(options["tenant"]):
            self.stdout.write(f"{tenant.slug}: {seal(tenant)} events sealed")

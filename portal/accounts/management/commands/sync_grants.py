"""Make guardian's grants agree with the teams; with --check only say whether they do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts.grants import sync_all
from portal.accounts.management.tenants import commanding, tenants


class Command(BaseCommand):
    help = "Make the grants agree with the teams and ROLES; with --check, exit 1 if they don't."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", help="address of one tenant; all without it")
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, **options: Any) -> None:
        wrong = 0
        for tenant in tenants(options["tenant"]):
            with commanding(tenant, "grants.sync"):
                found = sync_all(dry_run=options["check"])
            wrong += found
            self.stdout.write(f"{tenant.slug}: {found} rows {'are wrong' if options['check'] else 'put right'}")
        if options["check"] and wrong:
            sys.exit(1)

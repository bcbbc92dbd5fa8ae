"""One round over all tenants now, instead of in the next minute."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from portal.calendars.clock import civil_today
from portal.clock.sweep import sweep


class Command(BaseCommand):
    help = "Reconcile what changed and what was not yet looked at today."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--today", metavar="DATE", type=date.fromisoformat, help="the day of law")

    def handle(self, **options: Any) -> None:
        done = sweep(today=options["today"] or civil_today())
        self.stdout.write(f"{done} PIPs reconciled")

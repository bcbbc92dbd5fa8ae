"""Send what is due now, instead of in the next half minute."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from portal.calendars.clock import civil_today
from portal.clock.dispatch import dispatch


class Command(BaseCommand):
    help = "Hand on every due rung and send every waiting delivery."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--today", metavar="DATE", type=date.fromisoformat, help="the day of law")

    def handle(self, **options: Any) -> None:
        rungs, sent = dispatch(today=options["today"] or civil_today())
        self.stdout.write(f"{rungs} rungs handed on, {sent} messages sent")

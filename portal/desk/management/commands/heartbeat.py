"""For a watcher outside, such as cron: exit 1 and a mail by a second path when a part of the portal is silent."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone, translation

from portal.desk.alarm import look
from portal.desk.health import beats


class Command(BaseCommand):
    help = (
        "Say when each kind of work last ran; exit 1, and mail ALARM_TO through ALARM_EMAIL_URL, when one is silent."
    )
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        try:
            for name, moment in sorted(beats().items()):
                self.stdout.write(f"{name}: {moment.isoformat(timespec='seconds')}")
        except DatabaseError:
            self.stdout.write("The database does not answer.")
        found, done = look(timezone.now())
        with translation.override("en"):
            for one in found:
                self.stderr.write(f"{one.part}: {one.words}")
        if done:
            self.stderr.write(f"Alarm: {done}.")
        if found:
            sys.exit(1)
        self.stdout.write("All parts answer.")

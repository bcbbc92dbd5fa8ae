"""For a watcher outside: exit 1 when the scheduler has been silent for 26 hours."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.desk.health import beats, is_silent


class Command(BaseCommand):
    help = "Say when each kind of work last ran; exit 1 when the scheduler is silent."

    def handle(self, **options: Any) -> None:
        found = beats()
        for name, moment in sorted(found.items()):
            self.stdout.write(f"{name}: {moment.isoformat(timespec='seconds')}")
        if not found:
            self.stdout.write("No work has run yet.")
        if is_silent(found.get("sweep")):
            self.stderr.write("The scheduler is silent. Restart the scheduler and the worker.")
            sys.exit(1)

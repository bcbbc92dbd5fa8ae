"""``manage.py torture``: the reliability programme, in a process of its own with servers of its own."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.desk.management.commands.bench import SERVERS_OF_OTHERS


class Command(BaseCommand):
    help = "Kill, starve and mislead the portal while reminders are due; bench/README.md has the last full result."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--full", action="store_true", help="the whole programme, not the short form of the suite")
        parser.add_argument("--seed", help="play again what chance decided in the run that printed this seed")
        parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this scenario")

    def handle(self, *args: str, full: bool, seed: str | None, only: list[str], **options: Any) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in SERVERS_OF_OTHERS}
        arguments = [*(["--full"] if full else []), *([f"--seed={seed}"] if seed else [])]
        arguments += [f"--only={name}" for name in only]
        command = [sys.executable, "-m", "bench.torture", *arguments]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment)
        if done.returncode:
            raise CommandError("Something was lost or doubled, or the programme stopped: its words stand above.")

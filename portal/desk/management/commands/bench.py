"""``manage.py bench``: the benchmarks, in a process of their own with servers of their own."""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SERVERS_OF_OTHERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


class Command(BaseCommand):
    help = "Time the portal against its floors and against what people use instead; bench/README.md has the figures."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--full", action="store_true", help="the sizes whose figures are published")
        parser.add_argument("--only", action="append", default=[], metavar="w03", help="only these workloads")

    def handle(self, *args, full: bool, only: list[str], **options) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in SERVERS_OF_OTHERS}
        arguments = [*(["--full"] if full else []), *(f"--only={name}" for name in only)]
        done = subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=settings.BASE_DIR, env=environment)
        if done.returncode:
            raise CommandError("The benchmarks stopped early: their last words stand above.")

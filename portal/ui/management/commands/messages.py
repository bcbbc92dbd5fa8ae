"""``manage.py messages``: bring the Chinese catalogue up to date; ``--check`` fails on a gap."""

from django.core.management.base import BaseCommand, CommandError

from portal.ui import catalogue


class Command(BaseCommand):
    help = "Find the messages of code and templates and keep the Chinese catalogue complete."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail on a gap")

    def handle(self, *args, check: bool, **options) -> None:
        if not check:
            new, gone = catalogue.update()
            self.stdout.write(f"{new} new, {gone} gone")
        problems = catalogue.problems()
        for problem in problems:
            self.stderr.write(problem)
        if problems and check:
            raise CommandError(
                f"The Chinese catalogue has {len(problems)} gaps. Run manage.py messages and mend them."
            )

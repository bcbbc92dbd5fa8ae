"""What ``manage.py`` does once its packages are there: the law alone, the launcher's own commands, or Django's."""

import os
import sys
from collections.abc import Callable

from portal.embedded.errors import LaunchError

# These look at code, not at rows: they neither migrate nor seed.
WITHOUT_ROWS = {
    "bench",
    "check",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "makemigrations",
    "messages",
    "optimizemigration",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
    "torture",
    "version",
    "--help",
    "-h",
    "--version",
}


def main(argv: list[str]) -> int:
    """Run one command line; what the person can mend is one line, not a traceback."""
    name = argv[1] if len(argv) > 1 else "help"
    try:
        return COMMANDS.get(name, _django)(argv)
    except LaunchError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _workday(argv: list[str]) -> int:
    from portal.law.cli import workday_main

    return workday_main(argv[2:])


def _law(argv: list[str]) -> int:
    from portal.law.cli import law_main

    return law_main(argv[2:])


def _test(argv: list[str]) -> int:
    from portal.embedded.testing import main as run_tests

    return run_tests(argv[2:])


def _lint(argv: list[str]) -> int:
    from portal.embedded.lint import main as run_lint

    return run_lint()


def _run(argv: list[str]) -> int:
    from portal.embedded.supervise import main as supervise

    return supervise(argv[2:])


def load_settings() -> None:
    """Read the settings; what is missing in them is one line."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from portal.embedded.secrets import from_environment

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if os.environ.get("PORTAL_TODAY") and from_environment("DATABASE_URL") and not os.environ.get("PORTAL_EMBEDDED"):
        raise LaunchError(
            "PORTAL_TODAY fixes the day of the demo; with your own DATABASE_URL the day is today. Unset it."
        )
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reading any setting reads the file
    except ImproperlyConfigured as missing:
        raise LaunchError(str(missing)) from None


def _django(argv: list[str]) -> int:
    from portal.embedded.session import ensure

    name = argv[1] if len(argv) > 1 else "help"
    servers = ensure()
    load_settings()
    import django
    from django.core.management import execute_from_command_line

    if servers is not None and name not in WITHOUT_ROWS:
        from portal.embedded.prepare import prepare

        django.setup()
        prepare(servers, seed=name not in {"migrate", "seed"})
    if name == "migrate" and not any(part.startswith("--database") for part in argv):
        argv = [*argv, "--database", "owner"]  # the role that serves can't alter tables
    execute_from_command_line(argv)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "workday": _workday,
    "law": _law,
    "test": _test,
    "lint": _lint,
    "run": _run,
}

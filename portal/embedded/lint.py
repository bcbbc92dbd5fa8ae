"""``manage.py lint``: every house rule that a tool can check, two at a time, each with its time and its result."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from portal.embedded.places import ROOT

TEMPLATE_FOLDERS = ("portal", "deployments", "assessments", "filings")


def steps() -> dict[str, list[str]]:
    """Name of the check → its command; the slowest first."""
    python = sys.executable
    beside = Path(python).parent
    found = {
        "mypy": [python, "-m", "mypy"],
        "djlint": [python, "-m", "djlint", "--lint", "--quiet", *TEMPLATE_FOLDERS],
        "import-linter": [str(beside / "lint-imports")],
        "makemigrations --check": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format --check": [python, "-m", "ruff", "format", "--check", "--output-format", "concise", "."],
    }
    if any(ROOT.glob("portal/*/management/commands/messages.py")):
        found["messages --check"] = [python, "manage.py", "messages", "--check"]
    return found


def _check(name: str, command: list[str]) -> tuple[str, float, subprocess.CompletedProcess]:
    begun = time.monotonic()
    environment = os.environ | {"PORTAL_NO_BOOTSTRAP": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return name, time.monotonic() - begun, done


def main() -> int:
    """Run all, report all; 1 if any failed."""
    from portal.embedded.testing import start_test_servers

    start_test_servers()  # makemigrations reads the settings and compares with a database
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, seconds, done in pool.map(lambda step: _check(*step), steps().items()):
            print(f"lint: {name:<24} {seconds:5.1f} s  {'failed' if done.returncode else 'ok'}", flush=True)
            if done.returncode:
                failed.append(name)
                print((done.stdout + done.stderr).strip(), flush=True)
    print(f"lint: {'failed: ' + ', '.join(failed) if failed else 'all in order'}", flush=True)
    return 1 if failed else 0

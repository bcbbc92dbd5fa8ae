"""The portal as a person starts it, and a browser in front of it."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.embedded.testing import chromium

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "browser-test-password"
# Chromium speaks to nobody but the portal.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def running(var: Path) -> Iterator[str]:
    """``manage.py run`` on the story's day in a folder of its own, with the demo in it; its address."""
    kept = {k: v for k, v in os.environ.items() if not re.match(r"(DATABASE|REDIS|SECRET|EVIDENCE|EMAIL|PORTAL)", k)}
    environment = kept | {
        "PORTAL_NO_BOOTSTRAP": "1",
        "PORTAL_VAR": str(var),
        "PORTAL_TODAY": "2026-10-12",
        "DEMO_PASSWORD": PASSWORD,
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl+C stops it" in line:
            break
    else:
        pytest.fail("the portal did not start:\n" + "".join(said[-40:]))
    found = re.search(r"http://127\.0\.0\.1:\d+", "".join(said))
    # What is printed later must be read, or a full pipe would hold the portal up.
    reader = threading.Thread(target=process.stdout.read, daemon=True)
    reader.start()
    yield found.group(0)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    reader.join()
    process.stdout.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory) -> Path:
    """The folder of a portal that made its demo and was stopped; made once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, done = base / "seeded", base / "seeded.done"
    with (base / "seeded.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir()
            with running(folder):
                pass
            done.touch()
    return folder


@pytest.fixture(scope="module")
def portal(seeded, tmp_path_factory) -> Iterator[str]:
    """A portal with the demo of its own for each file of tests; its address."""
    var = tmp_path_factory.mktemp("var")
    # The database's files belong to its own account.
    subprocess.run(["cp", "-a", f"{seeded}/.", str(var)], check=True)
    with running(var) as address:
        yield address
    shutil.rmtree(var)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Debian's Chromium. Closed with its module: while it is open, Django takes this thread for an async one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()

"""The portal as a person starts it, and a browser in front of it."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.embedded.ports import any_port
from portal.embedded.testing import chromium

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "browser-test-password"
OLD_SECONDS = 2 * 60 * 60
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
        [sys.executable, "manage.py", "run", "--port", str(any_port())],
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


def room(name: str) -> Path:
    """An empty folder that the servers' own account can reach, with a path short enough for their sockets."""
    made = Path(tempfile.mkdtemp(prefix=f"portal-{name}-"))
    made.chmod(0o755)
    return made


@pytest.fixture(scope="session")
def seeded(tmp_path_factory) -> Path:
    """The folder of a portal that made its demo and was stopped; made once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    done = base / "seeded.path"
    with (base / "seeded.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # Those of former runs: the last worker of a run isn't known, so the next run sweeps.
            for old in Path(tempfile.gettempdir()).glob("portal-seeded-*"):
                if time.time() - old.stat().st_mtime > OLD_SECONDS:
                    shutil.rmtree(old, ignore_errors=True)
            folder = room("seeded")
            with running(folder):
                pass
            done.write_text(str(folder))
    return Path(done.read_text())


@pytest.fixture(scope="module")
def portal(seeded) -> Iterator[str]:
    """A portal with the demo of its own for each file of tests; its address."""
    var = room("test")
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

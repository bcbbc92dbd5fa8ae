"""The supervisor's children: their words are passed on, a crash is shown and mended, nothing is left behind."""

import os
import sys
import time

import pytest

from portal.embedded import children
from portal.embedded.children import Child, Children
from portal.embedded.errors import LaunchError

CRASH = "print('cannot open the ledger', flush=True); raise SystemExit(3)"
WITH_GRANDCHILD = """
import subprocess, sys
inner = subprocess.Popen([sys.executable, '-c', 'import signal; signal.signal(15, signal.SIG_IGN); signal.pause()'])
print(inner.pid, flush=True)
inner.wait()
"""


def until(condition, seconds: float = 10) -> None:
    """Poll for what another process does; fails when it never does it."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never happened"


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat") as status:  # an orphan that nobody has buried yet counts as gone
        return status.read().rsplit(")", 1)[1].split()[0] == "Z"


def test_crash_is_one_line_with_its_last_words_and_is_mended(capsys):
    child = Child("worker", [sys.executable, "-c", CRASH])
    child.start()
    until(lambda: child.process.poll() is not None)
    child.look()
    out = capsys.readouterr().out
    assert "run: worker ended with code 3 (cannot open the ledger); starting it again in 1 s" in out
    first = child.process.pid
    child.retry_at = time.monotonic()
    child.look()
    assert child.process.pid != first
    until(lambda: child.process.poll() is not None)
    child.see_off()


def test_child_that_never_stays_up_ends_the_portal(monkeypatch):
    monkeypatch.setattr(children, "MOST_CRASHES", 2)
    child = Child("web", [sys.executable, "-c", CRASH])
    child.start()
    until(lambda: child.process.poll() is not None)
    child.look()
    child.retry_at = time.monotonic()
    child.look()
    until(lambda: child.process.poll() is not None)
    with pytest.raises(LaunchError, match="web ended with code 3 for time 2 in a row"):
        child.look()
    child.see_off()


def test_stop_ends_what_a_child_has_started(capsys):
    family = Children()
    child = family.start("worker", sys.executable, "-c", WITH_GRANDCHILD)
    until(lambda: child.last_words)
    grandchild = int(child.last_words[0])
    family.stop()
    assert child.process.poll() is not None
    until(lambda: is_gone(grandchild))
    assert f"worker | {grandchild}" in capsys.readouterr().out

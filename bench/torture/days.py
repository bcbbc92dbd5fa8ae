"""Days of the scheduler played one by one, each in a process of its own that may be made to die at any statement.

``python -m bench.torture.days`` imports the portal once and then forks for each day it is told of on standard input:
a process that dies takes its connections and its memory with it, as in life, without the second that a start costs.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.embedded.places import ROOT


@dataclass(frozen=True)
class Played:
    """What became of a day: whether its process died, which civil day it took it for, how many statements it made."""

    died: bool
    today: str
    statements: int


class Clockwork:
    """A process that plays days; its environment says in which zone it runs and, perhaps, which day it is."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as words:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.torture.days"],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                text=True,
            )

    def start(self, *, today: date | None = None, dies_at: int | None = None) -> None:
        """Begin a day: that one, or the one that the process takes today for; it dies at that statement, if any."""
        order = {"today": today.isoformat() if today else None, "dies_at": dies_at}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def finish(self) -> Played:
        """Wait for the end of the day that was begun."""
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the day ended with an error: see days.log beside the logs of the workers")
        return Played(**json.loads(line))

    def play(self, *, today: date | None = None, dies_at: int | None = None) -> Played:
        self.start(today=today, dies_at=dies_at)
        return self.finish()

    def __enter__(self) -> "Clockwork":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Dying:
    """Counts the statements of a process and has the kernel kill it at one of them: odd ones before, even ones after
    the database has answered."""

    def __init__(self, at: int) -> None:
        self.fatal, self.is_before, self.made = (at + 1) // 2, at % 2 == 1, 0

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        self.made += 1
        if self.made == self.fatal and self.is_before:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(sql, params, many, context)
        if self.made == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def play(today: date, dies_at: int | None) -> int:
    """A round and a dispatch, as the scheduler wakes them; how many statements they made."""
    from django.db import connection

    from portal.clock.dispatch import dispatch
    from portal.clock.sweep import sweep

    counting = Dying(dies_at or 0)
    with connection.execute_wrapper(counting):
        sweep(today=today)
        dispatch(today=today)
    return counting.made


def main() -> None:
    """Play the days that come in; a line for each that has ended."""
    import django

    django.setup()
    from django.conf import settings
    from django.urls import get_resolver

    from portal.calendars.clock import civil_today
    from portal.celery import app

    # What a worker has loaded long before it dies.
    app.loader.import_default_modules()
    get_resolver().reverse("home")

    for line in sys.stdin:
        order = json.loads(line)
        today = date.fromisoformat(order["today"]) if order["today"] else civil_today()
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            settings.PORTAL_TODAY = today.isoformat()
            os.write(writing, str(play(today, order["dies_at"])).encode())
            os._exit(0)
        os.close(writing)
        _pid, status = os.waitpid(pid, 0)
        with os.fdopen(reading) as words:
            made = int(words.read() or 0)
        died = os.WIFSIGNALED(status)
        if not died and os.WEXITSTATUS(status):
            sys.exit(f"the day {today} ended with an error")
        print(json.dumps({"died": died, "today": today.isoformat(), "statements": made}), flush=True)


if __name__ == "__main__":
    main()

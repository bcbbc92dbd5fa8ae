"""The portal's processes: workers and schedulers that are started, killed at random and started again."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

from portal.embedded.places import ROOT

CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-A"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]


def children(pid: int) -> list[int]:
    """The pool processes of a worker."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Process:
    """One process of the portal; its words go to a file."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        # setpriv: if the programme is killed hard, the kernel ends its processes too.
        tied = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        self.name, self.command, self.environment, self.log = name, [*tied, *command], dict(environment), log
        self._groups: list[int] = []
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as words:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )
        self._groups.append(self.running.pid)

    @property
    def pids(self) -> list[int]:
        """The process itself and its pool."""
        return [self.running.pid, *children(self.running.pid)] if self.running.poll() is None else []

    def end(self) -> None:
        """Kill what is left of it and of every pool that it has had."""
        for group in self._groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self.running.wait()


class Portal:
    """Workers and schedulers on one database; those that are gone are started again, as a supervisor does."""

    def __init__(self, environment: Mapping[str, str], folder: Path, *, workers: int = 3, beats: int = 2) -> None:
        self.folder = folder
        self.kills = 0
        self.processes = [self._worker(number, environment) for number in range(1, workers + 1)]
        self.processes += [self._beat(number, environment) for number in range(1, beats + 1)]

    def _worker(self, number: int, environment: Mapping[str, str]) -> Process:
        name = f"worker{number}"
        size = ["--concurrency", "2", "--hostname", f"{name}@torture"]
        return Process(
            name, [*CELERY, "portal.celery", "worker", *QUIET, *size], environment, self.folder / f"{name}.log"
        )

    def _beat(self, number: int, environment: Mapping[str, str]) -> Process:
        name = f"beat{number}"
        schedule = self.folder / f"{name}-schedule"
        command = [*CELERY, "bench.torture.quick", "beat", "--loglevel", "ERROR", "--schedule", str(schedule)]
        return Process(name, [*command, "--pidfile="], environment, self.folder / f"{name}.log")

    def __enter__(self) -> "Portal":
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self.processes:
            process.end()

    def look(self) -> None:
        """Start again what has ended; what a dead worker's pool still does goes on, as it would in life."""
        for process in self.processes:
            if process.running.poll() is not None:
                process.start()

    def kill_one(self, chance: Random) -> str:
        """SIGKILL to one process, any of them: a scheduler, a worker, or one of a pool."""
        self.look()
        pid, name = chance.choice([(pid, process.name) for process in self.processes for pid in process.pids])
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return ""
        self.kills += 1
        return name

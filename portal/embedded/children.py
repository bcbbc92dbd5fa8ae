"""The processes of a running portal: started with a name, their words passed on, restarted when they crash."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from portal.embedded.errors import LaunchError
from portal.embedded.places import ROOT

MOST_CRASHES = 5  # of one child without a calm minute in between
CALM_SECONDS = 60
STOP_SECONDS = 6  # a worker finishes its task; then it is cut short, and the task comes again


@dataclass
class Child:
    """One process and what it takes to start it again."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    crashes: int = 0
    retry_at: float | None = None
    reader: threading.Thread | None = None
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=15))

    def start(self) -> None:
        # setpriv: if the supervisor is killed hard, the kernel ends its children too.
        tied = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        self.process = subprocess.Popen(
            [*tied, *self.command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C reaches the supervisor only, which stops everything in order
        )
        self.started_at, self.retry_at = time.monotonic(), None
        self.last_words.clear()
        self.reader = threading.Thread(target=self._pass_on, args=(self.process,), daemon=True)
        self.reader.start()

    def _pass_on(self, process: subprocess.Popen) -> None:
        with process.stdout:
            for line in process.stdout:
                words = line.decode(errors="replace").rstrip()
                if words:
                    self.last_words.append(words)
                    print(f"{self.name:>6} | {words}", flush=True)

    def look(self) -> None:
        """Notice a crash, say so in one line, and start again after a growing pause; too many end the portal."""
        now = time.monotonic()
        if self.retry_at is not None:
            if now >= self.retry_at:
                self.start()
            return
        if self.process is None or self.process.poll() is None:
            return
        self._end_group()  # what its workers left behind
        code = self.process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        words = self.last_words[-1] if self.last_words else "it said nothing"
        self.crashes = 1 if now - self.started_at > CALM_SECONDS else self.crashes + 1
        if self.crashes >= MOST_CRASHES:
            raise LaunchError(f"{self.name} {how} for time {self.crashes} in a row ({words}): the portal stops.")
        pause = 2 ** (self.crashes - 1)
        self.retry_at = now + pause
        print(f"run: {self.name} {how} ({words}); starting it again in {pause} s", flush=True)

    def ask_to_stop(self) -> None:
        self.retry_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def see_off(self) -> None:
        """Wait until it has stopped, then end at once whatever of it is left."""
        if self.process is None:
            return
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"run: {self.name} was still busy and is cut short", flush=True)
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        """End what is left of its session, and hear it out."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.reader.join(1)


class Children:
    """All processes of the portal, in the order of their start."""

    def __init__(self) -> None:
        self.all: list[Child] = []

    def start(self, name: str, *command: str) -> Child:
        child = Child(name, list(command))
        self.all.append(child)
        child.start()
        return child

    def look(self) -> None:
        for child in self.all:
            child.look()

    def stop(self) -> None:
        """All are asked before any is waited for, so that the slowest alone sets the time; the last started first."""
        for child in reversed(self.all):
            child.ask_to_stop()
        for child in reversed(self.all):
            child.see_off()

"""Shares the servers between commands: each holds a claim while it runs, and the last one out stops them."""

import atexit
import fcntl
import os
import signal
import sys
from pathlib import Path
from typing import IO

from portal.embedded import secrets
from portal.embedded.errors import LaunchError
from portal.embedded.places import VAR
from portal.embedded.servers import Servers


class Session:
    """One command's claim on the servers of a folder.

    ``servers.users`` is locked shared by every command for as long as it runs; ``servers.switch`` is locked alone
    by the one that starts or stops. The kernel lets go of both when a command is killed.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.servers = Servers(folder, durable=durable)
        self._users: IO | None = None
        self._pid = os.getpid()

    def enter(self, *, postgres: bool = True, valkey: bool = True) -> Servers:
        folder = self.servers.folder
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with (folder / "servers.switch").open("a") as switch:
                fcntl.flock(switch, fcntl.LOCK_EX)
                self._users = (folder / "servers.users").open("a")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self.servers.start_missing(postgres=postgres, valkey=valkey)
        except PermissionError as refused:
            raise LaunchError(
                f"{refused.filename} belongs to another account: run as that one, or remove it."
            ) from None
        except BaseException:
            self.leave()
            raise
        return self.servers

    def leave(self) -> None:
        if self._users is None or self._pid != os.getpid():  # a forked child leaves nothing
            return
        users, self._users = self._users, None
        with (self.servers.folder / "servers.switch").open("a") as switch, users:
            fcntl.flock(switch, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # somebody else still uses them
            self.servers.stop()


def _end_in_order(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def claim(folder: Path, *, durable: bool = True, postgres: bool = True, valkey: bool = True) -> Session:
    """The servers of the folder, running until this process ends, however politely it is asked to."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end_in_order)
    session = Session(folder, durable=durable)
    atexit.register(session.leave)
    session.enter(postgres=postgres, valkey=valkey)
    return session


def export(servers: Servers, *, name: str = "portal", postgres: bool = True, valkey: bool = True) -> None:
    """Tell this process and its children where the servers are, and which keys belong to them."""
    if postgres:
        os.environ["DATABASE_URL"] = servers.database_url("app", name)
        os.environ["DATABASE_OWNER_URL"] = servers.database_url("owner", name)
        os.environ["PORTAL_EMBEDDED"] = "1"
        for key, make in (("SECRET_KEY", secrets.secret_key_file), ("EVIDENCE_KEY", secrets.evidence_key_file)):
            if secrets.from_environment(key) is None:
                os.environ[f"{key}_FILE"] = str(make())
    if valkey:
        os.environ["REDIS_URL"] = servers.redis_url


def ensure() -> Servers | None:
    """Start the embedded servers that this command needs and nobody named; None when all of them were named.

    A child of such a command finds the addresses in its environment and holds no claim of its own. A portal whose
    own database is named gets no stand-in for its broker: the settings say what is missing.
    """
    if secrets.from_environment("DATABASE_URL") is not None:
        return None
    valkey = secrets.from_environment("REDIS_URL") is None
    servers = claim(VAR, valkey=valkey).servers
    export(servers, valkey=valkey)
    return servers

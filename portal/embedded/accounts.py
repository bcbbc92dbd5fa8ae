"""Chooses who runs the servers: PostgreSQL refuses to run as root, so root hands them to an unprivileged account."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.binaries import Binaries
from portal.embedded.errors import LaunchError

ACCOUNTS = ("postgres", "nobody")
# A server may outlive the object that started it; without this Python would warn of a process left alone.
_started: list[subprocess.Popen] = []


@dataclass(frozen=True)
class Footing:
    """How and where the servers run: the folder of their data and sockets, their programs, their account."""

    home: Path
    binaries: Binaries
    uid: int | None = None  # None: as whoever runs the launcher
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def start(self, *command: str, log: Path) -> subprocess.Popen:
        """A server in a session of its own, so that Ctrl+C in the terminal doesn't reach it."""
        with log.open("ab") as out:
            server = subprocess.Popen(
                [*self.prefix, *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, **self._as_account()
            )
        _started.append(server)
        return server

    def run(self, *command: str) -> subprocess.CompletedProcess:
        return subprocess.run([*self.prefix, *command], capture_output=True, text=True, **self._as_account())

    def _as_account(self) -> dict:
        settled = {"cwd": "/", "start_new_session": True}
        if self.uid is None:
            return settled
        return settled | {"user": self.uid, "group": self.gid, "extra_groups": []}

    def works(self) -> bool:
        """Whether the account can start both programs and write to the folder."""
        try:
            return all(
                self.run(*command).returncode == 0
                for command in (
                    (self.binaries.program("postgres"), "--version"),
                    (str(self.binaries.valkey), "--version"),
                    ("/bin/sh", "-c", 'cd -- "$1" && test -w . && test "$(id -u)" != 0', "sh", str(self.home)),
                )
            )
        except OSError:
            return False

    def take_over(self) -> None:
        """Make the folder and all in it the account's; only root has anything to change here."""
        if os.geteuid() != 0:
            return
        uid, gid = (self.uid or 0), (self.gid or 0)
        if self.home.stat().st_uid == uid:
            return
        for folder, names, files in os.walk(self.home):
            for path in (folder, *(os.path.join(folder, name) for name in names + files)):
                os.chown(path, uid, gid, follow_symlinks=False)


def _named_accounts() -> list[pwd.struct_passwd]:
    found = []
    for name in ACCOUNTS:
        try:
            found.append(pwd.getpwnam(name))
        except KeyError:
            continue
    return found


def settle(folder: Path, binaries: Binaries) -> Footing:
    """The first footing that works for this person on this machine; the folder is made, closed and owned right.

    As root: an unprivileged account; if the way to the folder is closed to it, a user namespace without rights;
    if that is forbidden too (some containers), a copy of programs and data where the account can go.
    """
    home = recorded_home(folder) or folder / "servers"
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    if os.geteuid() != 0:
        if home.stat().st_uid != os.geteuid():
            owner = home.stat().st_uid
            raise LaunchError(f"{home} belongs to another account (uid {owner}): run as that account or remove it.")
        return Footing(home, binaries)
    accounts = [Footing(home, binaries, uid=account.pw_uid, gid=account.pw_gid) for account in _named_accounts()]
    candidates = list(accounts)
    namespace = shutil.which("unshare")
    if namespace:
        candidates.append(Footing(home, binaries, prefix=(namespace, "--user", "--")))
    if any(home.iterdir()):  # whoever ran the servers last comes first
        candidates.sort(key=lambda footing: (footing.uid or 0) != home.stat().st_uid)
    for footing in candidates:
        footing.take_over()
        if footing.works():
            return footing
    for account in accounts:
        footing = _moved(folder, account)
        if footing.works():
            return footing
    raise LaunchError(
        "PostgreSQL doesn't run as root, and neither an unprivileged account nor a user namespace works here: "
        "run this command as an ordinary user, or name a running server in DATABASE_URL."
    )


def recorded_home(folder: Path) -> Path | None:
    record = folder / "servers.path"
    if not record.exists():
        return None
    home = Path(record.read_text().strip())
    return home if home.is_dir() else None


def _moved(folder: Path, footing: Footing) -> Footing:
    """The same account in a folder that it can reach: /var/tmp outlives a restart of the machine."""
    recorded = recorded_home(folder)
    if recorded is None:
        lasting = Path("/var/tmp")
        recorded = Path(tempfile.mkdtemp(prefix="portal-", dir=lasting if lasting.is_dir() else None))
        old = folder / "servers"
        if any(old.iterdir()):
            shutil.copytree(old, recorded, symlinks=True, dirs_exist_ok=True)
        (folder / "servers.path").write_text(f"{recorded}\n")
    binaries = footing.binaries.copied_to(recorded / "programs")
    moved = Footing(recorded, binaries, uid=footing.uid, gid=footing.gid)
    os.chown(recorded, 0, 0)  # so that take_over walks the folder: the copies above are root's
    moved.take_over()
    return moved

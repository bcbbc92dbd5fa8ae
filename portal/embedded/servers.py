"""Starts and stops one embedded PostgreSQL and one Valkey in a folder: unix sockets only, found by their pids."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg

from portal.embedded import accounts, binaries
from portal.embedded.errors import LaunchError

ROLES_SQL = Path(__file__).with_name("roles.sql")
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes that fit into sockaddr_un on every system (macOS is the shortest)
START_SECONDS = 60  # a data folder that needs recovery may take its time
STALE_SECONDS = 10  # after a hard kill the lock and the shared memory of the dead server go within seconds
LARGEST_LOG = 5_000_000  # bytes
BUSY_SIGNS = ("lock file", "pre-existing shared memory", "is still in use", "is being used by")

COMMON = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "unix_socket_permissions": "0700",
}
# The tests' rows need to outlive nothing, not even a power cut.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Servers:
    """The two servers of one folder, running or not."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = Path(folder).absolute()
        self.durable = durable
        self._children: dict[str, subprocess.Popen] = {}
        self._log_starts: dict[str, int] = {}
        self._footing: accounts.Footing | None = None

    @classmethod
    def start(cls, folder: Path, *, durable: bool = True) -> "Servers":
        """Both servers running in the folder, whoever started them."""
        servers = cls(folder, durable=durable)
        servers.start_missing()
        return servers

    # Where things are

    @property
    def home(self) -> Path:
        return accounts.recorded_home(self.folder) or self.folder / "servers"

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def sockets(self) -> Path:
        """The folder of the sockets: that of the data, or a short one where its path is too long for a socket."""
        if len(os.fsencode(self.home / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.home
        record = self.folder / "sockets.path"
        if record.exists():
            return Path(record.read_text().strip())
        self.folder.mkdir(parents=True, exist_ok=True)
        short = Path(tempfile.mkdtemp(prefix="portal-"))
        record.write_text(f"{short}\n")
        return short

    def database_url(self, role: str = "app", name: str = "portal") -> str:
        """As django-environ reads it: with the double slash, the path before the last slash is the host."""
        return f"postgres://{role}@/{quote(str(self.sockets))}/{quote(name)}"

    def dsn(self, role: str = "app", name: str = "portal") -> str:
        """As psycopg and psql read it."""
        return f"host='{self.sockets}' user={role} dbname={name}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.sockets / 'valkey.sock'))}"

    @property
    def celery_url(self) -> str:
        return f"redis+socket://{quote(str(self.sockets / 'valkey.sock'))}"

    # Whether the database has just been made: its maker seeds it and says so

    @property
    def is_new(self) -> bool:
        return (self.home / "new").exists()

    def seeded(self) -> None:
        (self.home / "new").unlink(missing_ok=True)

    # Start

    def start_missing(self, *, postgres: bool = True, valkey: bool = True) -> None:
        """Start what doesn't run yet, both at once, and wait until they answer."""
        wanted = []
        if postgres and not self.postgres_answers():
            wanted.append(("PostgreSQL", self._launch_postgres, self.postgres_answers, self.postgres_pid))
        if valkey and not self.valkey_answers():
            wanted.append(("Valkey", self._launch_valkey, self.valkey_answers, self.valkey_pid))
        if not wanted:
            return
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        for _, launch, _, running in wanted:
            if running() is None:
                launch()
        for name, launch, answers, running in wanted:
            self._await(name, launch, answers, running)
        if postgres:
            self._apply_roles()

    def _await(
        self, name: str, launch: Callable[[], None], answers: Callable[[], bool], running: Callable[[], int | None]
    ) -> None:
        begun = time.monotonic()
        while not answers():
            waited = time.monotonic() - begun
            child = self._children.get(name)
            if child is not None and child.poll() is not None:
                last_words = self._last_words(name)
                if waited > STALE_SECONDS or not any(sign in last_words for sign in BUSY_SIGNS):
                    raise LaunchError(f"{name} didn't start. Its last words, from {self._log(name)}:\n{last_words}")
                time.sleep(0.3)
                launch()
            elif child is None and running() is None:
                launch()  # another launcher's server died while we waited for it
            elif waited > START_SECONDS:
                raise LaunchError(f"{name} runs but doesn't answer after {START_SECONDS} s: see {self._log(name)}.")
            time.sleep(0.02)

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name.lower()}.log"

    def _fresh_log(self, name: str) -> Path:
        """The server's log, set aside once when it has grown large."""
        log = self._log(name)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        self._log_starts[name] = log.stat().st_size if log.exists() else 0
        return log

    def _last_words(self, name: str, lines: int = 6) -> str:
        """What the server has said since this start."""
        said = self._log(name).read_bytes()[self._log_starts[name] :].decode(errors="replace")
        return "\n".join(said.splitlines()[-lines:])

    def _settled(self) -> accounts.Footing:
        if self._footing is None:
            self._footing = accounts.settle(self.folder, binaries.find())
            sockets = self.sockets
            sockets.mkdir(mode=0o700, exist_ok=True)
            if self._footing.uid is not None:
                os.chown(sockets, self._footing.uid, self._footing.gid)
        return self._footing

    def _launch_postgres(self) -> None:
        footing = self._settled()
        if not (self.data / "PG_VERSION").exists():
            self._initdb(footing)
        # A pid file whose process is gone, or is another program by now, would stop the start for ever.
        for leftover in (self.data / "postmaster.pid", self.sockets / f"{SOCKET_NAME}.lock"):
            if self.postgres_pid() is None:
                leftover.unlink(missing_ok=True)
        settings = COMMON | ({} if self.durable else FLEETING)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self._fresh_log("PostgreSQL")
        self._children["PostgreSQL"] = footing.start(
            footing.binaries.program("postgres"), "-D", str(self.data), "-k", str(self.sockets), *options, log=log
        )

    def _initdb(self, footing: accounts.Footing) -> None:
        part = self.home / "postgres.part"
        shutil.rmtree(part, ignore_errors=True)
        made = footing.run(
            footing.binaries.program("initdb"),
            "--pgdata",
            str(part),
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",  # with plain C the trigram index doesn't see Chinese
            "--auth-local=trust",  # the folder of the socket is closed to everybody else
            "--auth-host=reject",
            "--no-instructions",
            *(() if self.durable else ("--no-sync",)),
        )
        if made.returncode:
            raise LaunchError(f"The database couldn't be made:\n{made.stderr.strip()}")
        for stamp in ("roles.sha256", "new"):
            (self.home / stamp).unlink(missing_ok=True)
        (self.home / "new").touch()
        part.rename(self.data)

    def _launch_valkey(self) -> None:
        footing = self._settled()
        folder = self.home / "valkey"
        folder.mkdir(exist_ok=True)
        if footing.uid is not None:
            os.chown(folder, footing.uid, footing.gid)
        log = self._fresh_log("Valkey")
        options = {
            "port": "0",
            "unixsocket": str(self.sockets / "valkey.sock"),
            "unixsocketperm": "700",
            "dir": str(folder),
            "pidfile": str(folder / "valkey.pid"),
            "set-proc-title": "no",
            "save": "",
            # A queued import outlives a restart of the demo; the tests start from nothing.
            "appendonly": "yes" if self.durable else "no",
        }
        self._children["Valkey"] = footing.start(
            str(footing.binaries.valkey),
            *(part for key, value in options.items() for part in (f"--{key}", value)),
            log=log,
        )

    def _apply_roles(self) -> None:
        """Roles and rights as roles.sql says, again when the file has changed; then see that search sees Chinese."""
        digest = hashlib.sha256(ROLES_SQL.read_bytes()).hexdigest()
        stamp = self.home / "roles.sha256"
        if stamp.exists() and stamp.read_text() == digest:
            return
        self.run_roles("portal")
        with psycopg.connect(self.dsn("postgres")) as connection:
            trigrams = connection.execute("SELECT cardinality(show_trgm('人脸识别'))").fetchone()
        if not trigrams or not trigrams[0]:
            raise LaunchError("This database doesn't see Chinese in its trigram search: its locale must be C.UTF-8.")
        stamp.write_text(digest)

    def run_roles(self, database: str) -> None:
        """Make the database of that name with the portal's roles and rights."""
        psql = binaries.find().program("psql")
        command = [psql, "-X", "-q", "-h", str(self.sockets), "-U", "postgres", "-d", "postgres"]
        done = subprocess.run(
            [*command, "-v", f"database={database}", "-f", str(ROLES_SQL)], capture_output=True, text=True
        )
        if done.returncode:
            raise LaunchError(f"The database roles couldn't be set up:\n{done.stderr.strip()}")

    # Whether they run

    def postgres_answers(self) -> bool:
        if not (self.sockets / SOCKET_NAME).exists():
            return False
        try:
            psycopg.connect(self.dsn("postgres", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def valkey_answers(self) -> bool:
        path = self.sockets / "valkey.sock"
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(str(path))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def postgres_pid(self) -> int | None:
        return _pid_of(self.data / "postmaster.pid", mentions=str(self.data))

    def valkey_pid(self) -> int | None:
        return _pid_of(self.home / "valkey" / "valkey.pid", mentions=str(self.home))

    # Stop

    def stop(self) -> None:
        """Stop both and wait until they are gone; rows are safe, connections are not waited for."""
        self._stop("Valkey", self.valkey_pid, (signal.SIGTERM, 5), (signal.SIGKILL, 5))
        self._stop("PostgreSQL", self.postgres_pid, (signal.SIGINT, 20), (signal.SIGQUIT, 10))

    def _stop(self, name: str, recorded: Callable[[], int | None], *steps: tuple[signal.Signals, float]) -> None:
        def running() -> int | None:
            child = self._children.get(name)  # one that we have just started may not have written its pid yet
            return child.pid if child is not None and child.poll() is None else recorded()

        for how, seconds in steps:
            pid = running()
            if pid is None:
                return
            os.kill(pid, how)
            ends = time.monotonic() + seconds
            while running() is not None and time.monotonic() < ends:
                time.sleep(0.02)


def _pid_of(file: Path, *, mentions: str) -> int | None:
    """The process that wrote the pid file, if it still runs and is not another program with the same number."""
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")  # empty for a zombie
    except OSError:
        if Path("/proc/self").exists():
            return None
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
    return pid if mentions in command else None

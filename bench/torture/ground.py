"""The programme's own PostgreSQL and Valkey, a fresh database for each scenario, and Django pointed at it."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from portal.embedded import binaries, secrets, testing
from portal.embedded.places import VAR
from portal.embedded.prepare import migrations_digest
from portal.embedded.servers import Servers
from portal.embedded.session import claim


class Ground:
    """Servers that a scenario may stop, empty and start again: nobody else uses them.

    They are durable like a real portal's: what the database has committed must survive its crash.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.logs = folder, folder / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / "torture.lock").open("a")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._session = claim(folder)
        self.servers: Servers = self._session.servers
        self.template = self._template()

    def _template(self) -> str:
        """A migrated database, copied from that of the tests: migrating anew would take half a minute."""
        name = f"template_{migrations_digest()[:16]}"
        with self.admin() as admin:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, 'template_')"
            present = [row[0] for row in admin.execute(query)]
            if name in present:
                return name
            for old in [*present, "making_template"]:
                self.drop(admin, old)
            self.servers.run_roles("making_template")
            self._copy_from(testing.start_test_servers(), testing.make_template(), "making_template")
            rename = sql.SQL("ALTER DATABASE making_template RENAME TO {}")
            admin.execute(rename.format(sql.Identifier(name)))
        return name

    def _copy_from(self, others: Servers, source: str, target: str) -> None:
        """Table by table, with owners, rights and walls."""
        program = binaries.find().program
        dump = [program("pg_dump"), "-h", str(others.sockets), "-U", "postgres", source]
        load = [
            program("psql"),
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.servers.sockets),
            "-U",
            "postgres",
        ]
        with subprocess.Popen([*dump, "--clean", "--if-exists"], stdout=subprocess.PIPE) as writing:
            subprocess.run([*load, "-d", target], stdin=writing.stdout, stdout=subprocess.DEVNULL, check=True)
        if writing.returncode:
            raise RuntimeError("the template of the tests could not be copied")

    def admin(self, name: str = "postgres") -> psycopg.Connection:
        """A superuser's connection, whom no wall binds."""
        return psycopg.connect(self.servers.dsn("postgres", name), autocommit=True)

    def leave(self) -> None:
        """Stop the servers and let the next run have them."""
        self._session.leave()
        self._lock.close()

    def version(self) -> str:
        """Of PostgreSQL."""
        with self.admin() as admin:
            return admin.execute("SHOW server_version").fetchone()[0]

    def drop(self, admin: psycopg.Connection, name: str) -> None:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A fresh copy of the template, with this process's Django pointed at it; gone afterwards."""
        name = f"torture_{name}"
        with self.admin() as admin:
            self.drop(admin, name)
            statement = sql.SQL("CREATE DATABASE {} OWNER owner TEMPLATE {} STRATEGY FILE_COPY")
            admin.execute(statement.format(sql.Identifier(name), sql.Identifier(self.template)))
        with pointed_at(str(self.servers.sockets), name):
            yield name
        with self.admin() as admin:
            self.drop(admin, name)

    def environment(self, database: str, **more: str) -> dict[str, str]:
        """What the portal's processes are told; anything of another portal is left out."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        for name in ("SECRET_KEY", "EVIDENCE_KEY"):
            if secrets.from_environment(name) is None:
                make = {"SECRET_KEY": secrets.secret_key_file, "EVIDENCE_KEY": secrets.evidence_key_file}[name]
                env[f"{name}_FILE"] = str(make())
        return env | {
            "DATABASE_URL": self.servers.database_url("app", database),
            "DATABASE_OWNER_URL": self.servers.database_url("owner", database),
            "REDIS_URL": self.servers.redis_url,
            "PORTAL_EMBEDDED": "1",
            "EVIDENCE_ROOT": str(self.folder / "evidence"),
            "UPLOAD_ROOT": str(self.folder / "uploads"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            **more,
        }


def ground() -> Ground:
    """The programme's servers, running until this process ends."""
    return Ground(VAR / "torture")


@contextmanager
def pointed_at(sockets: str, name: str) -> Iterator[None]:
    """Let Django's connections of this process lead to that database, and back afterwards."""
    from django.db import connections

    before = {alias: connections[alias].settings_dict.copy() for alias in connections}

    def point(alias: str, **where: str) -> None:
        connections[alias].close()
        connections[alias].settings_dict.update(where)

    for alias in connections:
        point(alias, HOST=quote(sockets, safe="/"), NAME=name)
    try:
        yield
    finally:
        for alias, settings in before.items():
            point(alias, HOST=settings["HOST"], NAME=settings["NAME"])

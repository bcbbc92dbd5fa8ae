"""The benchmarks' own servers, the loaded databases kept between runs, and a fresh copy for each workload."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from portal.embedded.servers import Servers
from portal.embedded.session import VAR, claim, export

FOLDER = VAR / "bench"
_lock: IO | None = None  # held until the process ends
LOADERS = (Path(__file__).with_name("data.py"), Path(__file__).with_name("data.sql"))


def start() -> Servers:
    """Durable servers like those of the demo, in a folder of their own, and Django set up on them."""
    global _lock
    FOLDER.mkdir(parents=True, exist_ok=True)
    _lock = (FOLDER / "bench.lock").open("a")
    try:
        fcntl.flock(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit("Another benchmark is running: two at once would time each other.") from None
    servers = claim(FOLDER).servers
    export(servers)
    for name in ("STATIC_ROOT", "EVIDENCE_ROOT", "UPLOAD_ROOT"):
        os.environ[name] = str(FOLDER / name.split("_")[0].lower())
    os.environ["PORTAL_TODAY"] = "2026-10-12"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    return servers


def admin(servers: Servers, name: str = "postgres") -> psycopg.Connection:
    """A superuser's connection: row-level security and the audit triggers don't bind it in replica mode."""
    return psycopg.connect(servers.dsn("postgres", name), autocommit=True)


def base(servers: Servers, size: str) -> str:
    """The name of the loaded database of that size, made once for each state of migrations and generator."""
    from bench.data import SIZES, load
    from portal.embedded.prepare import migrations_digest

    digest = hashlib.sha256(migrations_digest().encode())
    for file in LOADERS:
        digest.update(file.read_bytes())
    wanted = f"base_{size.lower()}_{digest.hexdigest()[:12]}"
    with admin(servers) as connection:
        present = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        leftovers = [name for name in present if name.startswith(("copy_", "making_", f"base_{size.lower()}_"))]
        for name in leftovers:
            if name != wanted:
                drop(connection, name)
        if wanted in present:
            return wanted
        print(f"Loading the data of size {size} …", flush=True)
        servers.run_roles("making_base")
        migrate("making_base")
        load(servers.dsn("postgres", "making_base"), SIZES[size])
        rename = sql.SQL("ALTER DATABASE making_base RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(wanted)))
    return wanted


def migrate(name: str) -> None:
    """Migrate the database of that name as the owner."""
    from django.core.management import call_command
    from django.db import connections

    point_at(name)
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    for connection in connections.all():
        connection.close()


def drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def point_at(name: str) -> None:
    """Let both of Django's connections use the database of that name."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name


@contextmanager
def copy_of(servers: Servers, source: str, workload: str) -> Iterator[str]:
    """A copy of a loaded database, with Django pointed at it; gone afterwards."""
    from django.core.cache import cache

    name = f"copy_{workload}"
    point_at("postgres")
    with admin(servers) as connection:
        drop(connection, name)
        statement = sql.SQL("CREATE DATABASE {} OWNER owner TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(source)))
        point_at(name)
        cache.clear()
        try:
            yield name
        finally:
            point_at("postgres")
            drop(connection, name)

"""The tests' own servers, their migrated template database and its clones; ``manage.py test`` itself.

As a pytest plugin (``-p portal.embedded.testing``) it names the test servers before the settings are read,
and starts nothing: tests of the law need no database.
"""

import fcntl
import os
import shutil
import subprocess
import sys

import psycopg
import pytest
from psycopg import sql

from portal.embedded.errors import LaunchError
from portal.embedded.places import ROOT, VAR
from portal.embedded.servers import Servers
from portal.embedded.session import Session, claim, export

FOLDER = VAR / "test"
OLD_TEMPLATES_KEPT = 2
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_session: Session | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    name_servers(Servers(FOLDER, durable=False))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long browser stories first, so that no worker is left with one when the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def name_servers(servers: Servers) -> None:
    """Tell the settings of the test servers; each worker of pytest-xdist has a Valkey base of its own."""
    export(servers)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["REDIS_URL"] = f"{servers.redis_url}?db={worker}"


def start_test_servers() -> Servers:
    """Both servers with fsync off, shared by all test runs of this tree; the last run out stops them."""
    global _session
    if _session is None:
        try:
            _session = claim(FOLDER, durable=False)
        except LaunchError:
            # A power cut may have spoilt files that were never synced: they are worth nothing, make them anew.
            shutil.rmtree(Servers(FOLDER).home, ignore_errors=True)
            _session = claim(FOLDER, durable=False)
        name_servers(_session.servers)
        _drop_left_behind()
    return _session.servers


def _admin() -> psycopg.Connection:
    return psycopg.connect(start_test_servers().dsn("postgres", "postgres"), autocommit=True)


def _databases(connection: psycopg.Connection, prefix: str) -> list[str]:
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid"
    return [name for (name,) in connection.execute(query, [prefix])]


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _drop_left_behind() -> None:
    """Clones and half-made templates of runs that were killed."""
    with _admin() as connection:
        for prefix in ("test_", "making_"):
            for name in _databases(connection, prefix):
                if not _is_running(int(name.split("_")[1])):
                    _drop(connection, name)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def make_template() -> str:
    """The name of a database migrated by the owner, made once for each state of the migrations."""
    from django.core.management import call_command
    from django.db import connections

    from portal.embedded.prepare import migrations_digest

    servers = start_test_servers()
    template = f"template_{migrations_digest()[:16]}"
    with _admin() as admin, (FOLDER / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        present = _databases(admin, "template_")
        if template in present:
            return template
        making = f"making_{os.getpid()}"
        _drop(admin, making)
        servers.run_roles(making)
        owner = connections["owner"]
        before = owner.settings_dict["NAME"]
        owner.close()
        owner.settings_dict["NAME"] = making
        try:
            call_command("migrate", database="owner", interactive=False, verbosity=0)
        finally:
            owner.close()
            owner.settings_dict["NAME"] = before
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        admin.execute(rename.format(sql.Identifier(making), sql.Identifier(template)))
        for old in [name for name in present if name not in ("template0", "template1")][:-OLD_TEMPLATES_KEPT]:
            _drop(admin, old)
    return template


def clone(name: str = "main") -> str:
    """A fresh copy of the template, with all its rows and rights; returns the database's full name."""
    template = make_template()
    database = f"test_{os.getpid()}_{name}"
    with _admin() as connection:
        _drop(connection, database)
        # FILE_COPY is the quicker way for a small template once nothing is synced.
        statement = sql.SQL("CREATE DATABASE {} OWNER owner TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(statement.format(sql.Identifier(database), sql.Identifier(template)))
    return database


def drop(database: str) -> None:
    """Remove a clone, whoever is still connected to it."""
    with _admin() as connection:
        _drop(connection, database)


def chromium() -> str | None:
    """The browser of the browser tests; installed on the way when we may."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("test: installing Debian's Chromium for the browser tests …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            if subprocess.run(["apt-get", "-q", *command], check=False, **quiet).returncode:
                break
        found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return found


def main(arguments: list[str]) -> int:
    """The whole gate: lint, then pytest with the arguments; ``--quick`` and ``--no-lint`` make it shorter."""
    from portal.embedded import catalogues, lint

    quick, no_lint = "--quick" in arguments, "--no-lint" in arguments
    arguments = [part for part in arguments if part not in ("--quick", "--no-lint")]
    left_out = ["slow", "browser"] if quick else []
    start_test_servers()
    catalogues.compile_all()
    lint_failed = 0 if no_lint else lint.main()
    if not quick and chromium() is None:
        print("\n*** No Chromium here and no way to install it: THE BROWSER TESTS ARE SKIPPED. ***\n", flush=True)
        left_out = ["browser"]
    marks = ["-m", " and ".join(f"not {mark}" for mark in left_out)] if left_out else []
    # A file stays with one worker: its portal and its browser are made once.
    workers = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    tests = subprocess.run([sys.executable, "-m", "pytest", *workers, *marks, *arguments], cwd=ROOT)
    if lint_failed:
        print("test: lint failed, see above.", flush=True)
    return tests.returncode or lint_failed

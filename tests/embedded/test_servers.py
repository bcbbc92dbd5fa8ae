"""The embedded servers start, stop, survive a hard kill and are shared between commands."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import environ
import psycopg
import pytest
import redis
from kombu import Connection

from portal.embedded.errors import LaunchError
from portal.embedded.servers import Servers
from portal.embedded.session import Session

ROOT = Path(__file__).resolve().parents[2]


def ask(servers: Servers, query: str, role: str = "app") -> tuple:
    with psycopg.connect(servers.dsn(role)) as connection:
        return connection.execute(query).fetchone()


def test_servers_start_answer_and_stop(folder):
    servers = Servers.start(folder, durable=False)
    assert servers.postgres_answers() and servers.valkey_answers()
    servers.stop()
    assert not servers.postgres_answers() and not servers.valkey_answers()
    assert servers.postgres_pid() is None and servers.valkey_pid() is None


def test_rows_outlive_a_restart_and_a_database_is_new_until_seeded(folder):
    servers = Servers.start(folder, durable=False)
    with psycopg.connect(servers.dsn("owner")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    assert servers.is_new
    servers.seeded()
    servers.stop()
    again = Servers.start(folder, durable=False)
    assert ask(again, "SELECT seven FROM kept") == (7,)
    assert not again.is_new


@pytest.mark.slow
def test_start_after_a_hard_kill_loses_no_committed_row(folder):
    servers = Servers.start(folder, durable=True)
    with psycopg.connect(servers.dsn("owner")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    os.kill(servers.postgres_pid(), signal.SIGKILL)
    os.kill(servers.valkey_pid(), signal.SIGKILL)
    again = Servers.start(folder, durable=True)
    assert ask(again, "SELECT seven FROM kept") == (7,)
    assert again.valkey_answers()


def test_pid_file_of_another_program_does_not_stop_the_start(folder):
    servers = Servers.start(folder, durable=False)
    pid_file = servers.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(servers.postgres_pid(), signal.SIGKILL)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))  # after a reboot the number is somebody else's
    assert Servers.start(folder, durable=False).postgres_answers()


@pytest.mark.slow
def test_sockets_move_where_the_path_is_too_long(folder):
    deep = folder / ("long" * 25)
    servers = Servers.start(deep, durable=False)
    try:
        assert servers.sockets.parent != servers.home
        assert ask(servers, "SELECT 1") == (1,)
        assert ask(Servers(deep), "SELECT 1") == (1,)  # the next command finds them too
    finally:
        servers.stop()
        shutil.rmtree(servers.sockets)


COMMAND = """
import sys
from pathlib import Path
from portal.embedded.session import claim
servers = claim(Path(sys.argv[1]), durable=False).servers
print(servers.postgres_pid(), flush=True)
sys.stdin.read()
"""


def command(folder: Path) -> tuple[subprocess.Popen, int]:
    """A command that uses the servers of the folder until its input ends, and the pid of its PostgreSQL."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, int(process.stdout.readline())


def end(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


def test_two_commands_share_the_servers_and_the_last_out_stops_them(folder):
    first, first_pid = command(folder)
    second, second_pid = command(folder)
    assert first_pid == second_pid
    end(first)  # the one that started them
    assert Servers(folder).postgres_answers()
    end(second)
    assert Servers(folder).postgres_pid() is None
    assert Servers(folder).valkey_pid() is None


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_command_asked_to_stop_stops_the_servers(folder, number):
    process, _ = command(folder)
    process.send_signal(number)
    _, _ = process.communicate(timeout=30)
    assert process.returncode != 0
    assert Servers(folder).postgres_pid() is None


@pytest.mark.slow
def test_servers_of_a_killed_command_serve_the_next_one_and_stop_with_it(folder):
    first, first_pid = command(folder)
    first.kill()
    first.communicate()
    second, second_pid = command(folder)
    assert first_pid == second_pid
    end(second)
    assert Servers(folder).postgres_pid() is None


def test_failed_start_says_why_and_leaves_nothing_running(folder, monkeypatch):
    programs = folder / "programs"
    programs.mkdir()
    scripts = {
        "initdb": 'mkdir "$2" && touch "$2/PG_VERSION"',
        "postgres": "[ \"$1\" = --version ] || { echo 'no room on the disk'; exit 3; }",
    }
    for name, script in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PORTAL_PG_BIN", str(programs))
    session = Session(folder, durable=False)
    with pytest.raises(LaunchError, match="no room on the disk"):
        session.enter()
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(folder) not in listed  # Valkey was started beside it and is stopped again


def test_named_programs_that_are_not_there_are_one_line(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_PG_BIN", str(folder))
    with pytest.raises(LaunchError, match="no program named postgres"):
        Servers.start(folder)


def test_addresses_are_what_the_libraries_read(servers):
    configuration = environ.Env.db_url_config(servers.database_url("app"))
    assert configuration["HOST"] == str(servers.sockets)
    assert (configuration["USER"], configuration["NAME"]) == ("app", "portal")
    with redis.Redis.from_url(servers.redis_url) as client:
        assert client.ping()
    with Connection(servers.celery_url) as connection:
        connection.ensure_connection(max_retries=1)


def test_addresses_of_a_folder_with_a_space_and_a_percent_sign(tmp_path):
    servers = Servers(Path("/srv/a b%20c"))
    assert environ.Env.db_url_config(servers.database_url())["HOST"] == "/srv/a b%20c/servers"
    assert redis.Redis.from_url(servers.redis_url).connection_pool.connection_kwargs["path"] == (
        "/srv/a b%20c/servers/valkey.sock"
    )


def test_no_server_listens_on_the_network(servers):
    assert ask(servers, "SELECT current_setting('listen_addresses')") == ("",)
    with redis.Redis.from_url(servers.redis_url) as client:
        assert client.config_get("port") == {"port": "0"}
    assert servers.home.stat().st_mode & 0o077 == 0


def test_postgres_does_not_run_as_root(servers):
    owner = servers.data.stat().st_uid
    status = Path(f"/proc/{servers.postgres_pid()}/status")
    if os.geteuid() == 0 and status.exists():
        assert f"Uid:\t{owner}\t" in status.read_text()
        assert "CapEff:\t0000000000000000" in status.read_text()
    assert ask(servers, "SELECT current_setting('is_superuser')") == ("off",)

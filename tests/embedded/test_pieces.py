"""Secrets, ports, message catalogues, the mail catcher, and what the migrations' fingerprint notices."""

import os
import smtplib
import socket
import stat
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import polib
import pytest

from portal.embedded import catalogues, commands, ports, prepare, secrets
from portal.embedded.errors import LaunchError
from portal.embedded.session import VAR

ROOT = Path(__file__).resolve().parents[2]


def test_secret_comes_from_the_variable_or_the_file_it_names(tmp_path, monkeypatch):
    file = tmp_path / "key"
    file.write_text("from-file\n")
    monkeypatch.setenv("SOME_KEY_FILE", str(file))
    assert secrets.from_environment("SOME_KEY") == "from-file"
    monkeypatch.setenv("SOME_KEY", "from-variable")
    assert secrets.from_environment("SOME_KEY") == "from-variable"
    assert secrets.from_environment("OTHER_KEY") is None


def test_secret_file_that_cannot_be_read_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match="SOME_KEY_FILE names .*none"):
        secrets.from_environment("SOME_KEY")


def test_own_keys_are_made_once_and_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.setattr(secrets, "VAR", tmp_path)
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    assert secrets.secret_key() == secrets.secret_key()
    assert len(bytes.fromhex(secrets.evidence_key())) == 32
    assert secrets.demo_password() == secrets.demo_password()
    for name in ("secret-key", "evidence-key", "demo-password"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    monkeypatch.setenv("DEMO_PASSWORD", "chosen")
    assert secrets.demo_password() == "chosen"


def test_busy_port_is_passed_over_unless_it_was_asked_for():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        with pytest.raises(LaunchError, match=f"Port {port} .* is taken"):
            ports.web_port("127.0.0.1", port)
    assert ports.web_port("127.0.0.1", port) == port
    assert ports.is_free("127.0.0.1", ports.web_port("127.0.0.1", None))


def test_usual_port_taken_gives_the_next_one(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        monkeypatch.setattr(ports, "USUAL", taken.getsockname()[1])
        assert ports.web_port("127.0.0.1", None) > ports.USUAL


def test_mail_catcher_keeps_a_mail(tmp_path):
    port = ports.any_port()
    catcher = subprocess.Popen(
        [sys.executable, "-m", "portal.embedded.mail_catcher", str(port), str(tmp_path / "mail")], cwd=ROOT
    )
    try:
        line = None
        while line is None:
            assert catcher.poll() is None
            try:
                line = smtplib.SMTP("127.0.0.1", port, timeout=10)
            except ConnectionRefusedError:
                continue
        with line:
            line.sendmail(
                "portal@portal.example", ["officer@demo.example"], "Subject: 备案\r\n\r\n三十个工作日".encode()
            )
    finally:
        catcher.terminate()
        assert catcher.wait(10) == 0
    (file,) = (tmp_path / "mail").glob("*")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert mail["X-RcptTo"] == "officer@demo.example"
    assert "三十个工作日".encode() in file.read_bytes()


def test_catalogue_is_compiled_when_newer(tmp_path):
    folder = tmp_path / "locale/zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="Filing", msgstr="备案"))
    catalogue.save(str(folder / "django.po"))
    assert catalogues.compile_all(tmp_path) == [folder / "django.mo"]
    assert polib.mofile(str(folder / "django.mo")).find("Filing").msgstr == "备案"
    assert catalogues.compile_all(tmp_path) == []
    later = (folder / "django.mo").stat().st_mtime + 5
    os.utime(folder / "django.po", (later, later))
    assert catalogues.compile_all(tmp_path) == [folder / "django.mo"]


def test_fingerprint_of_migrations_sees_what_they_import(tmp_path, monkeypatch):
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "ROLES_SQL", tmp_path / "roles.sql")
    folder = tmp_path / "portal/tenancy/migrations"
    folder.mkdir(parents=True)
    for name in ("requirements.txt", "roles.sql"):
        (tmp_path / name).write_text("")
    (folder / "0001_first.py").write_text("from portal.tenancy import fence\n")
    fence = tmp_path / "portal/tenancy/fence.py"
    fence.write_text("POLICY = 1\n")
    (tmp_path / "portal/tenancy/views.py").write_text("")
    before = prepare.migrations_digest()
    (tmp_path / "portal/tenancy/views.py").write_text("changed = 1\n")
    assert prepare.migrations_digest() == before
    fence.write_text("POLICY = 2\n")
    assert prepare.migrations_digest() != before


def run_manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | {"PORTAL_NO_BOOTSTRAP": "1"} | variables,
        capture_output=True,
        text=True,
    )


def test_missing_secret_is_one_line_that_names_it():
    done = run_manage("check", DATABASE_URL="postgres://app@db.example/portal", REDIS_URL="redis://cache.example")
    assert done.returncode != 0
    assert done.stderr.strip().count("\n") == 0
    assert "SECRET_KEY" in done.stderr


def test_fixed_day_is_refused_on_a_real_database():
    done = run_manage("check", DATABASE_URL="postgres://app@db.example/portal", PORTAL_TODAY="2026-10-12")
    assert done.returncode == 2
    assert "PORTAL_TODAY" in done.stderr
    assert done.stderr.strip().count("\n") == 0


def test_commands_of_the_law_need_no_database(tmp_path):
    done = run_manage("workday", "add", "2025-06-01", "30", DATABASE_URL="postgres://nobody@nowhere.example/none")
    assert done.returncode == 0, done.stderr
    assert "2025-07-14" in done.stdout


def test_launcher_keeps_its_state_in_var():
    assert VAR == ROOT / "var"
    assert commands.COMMANDS.keys() >= {"run", "test", "lint", "workday", "law"}

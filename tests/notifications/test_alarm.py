"""The watcher outside: each silent part is named, mailed by a second path once an hour, and once when it is over."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings as portal_settings
from django.core.management import call_command
from django.utils import timezone

from portal.clock.models import Heartbeat
from portal.desk.alarm import look
from portal.embedded.ports import any_port


class Mailbox:
    """A real SMTP server's handler."""

    def __init__(self) -> None:
        self.subjects: list[str] = []
        self.texts: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name aiosmtpd calls
        from email import message_from_bytes, policy

        message = message_from_bytes(envelope.content, policy=policy.default)
        self.subjects.append(message["Subject"])
        self.texts.append(message.get_body(("plain",)).get_content())
        return "250 OK"


@pytest.fixture
def second_path(db, settings, tmp_path):
    """Another mail server, a file for what the watcher remembers, and a queue of our own."""
    mailbox, port = Mailbox(), any_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.ALARM_EMAIL_URL, settings.ALARM_TO = f"smtp://127.0.0.1:{port}", ["operator@portal.example"]
    settings.ALARM_STATE = tmp_path / "alarm.json"
    yield mailbox
    server.stop()


@pytest.fixture
def queue(monkeypatch):
    """A queue that nobody else fills."""
    monkeypatch.setattr("portal.desk.health.QUEUE", "of-the-alarm")
    client = redis.Redis.from_url(portal_settings.REDIS_URL)
    client.delete("of-the-alarm")
    yield client
    client.delete("of-the-alarm")
    client.close()


def silent_for(hours):
    at = timezone.now() - timedelta(hours=hours)
    Heartbeat.objects.update_or_create(name="sweep", defaults={"beat_at": at})
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def parts(now=None):
    return [one.part for one in look(now or timezone.now())[0]]


def test_all_is_well(second_path, queue):
    silent_for(1)
    assert parts() == [] and second_path.subjects == []
    call_command("heartbeat")


def test_silent_scheduler_is_told_from_a_silent_worker(second_path, queue):
    since = silent_for(30)
    assert parts() == ["beat"]
    queue.rpush("of-the-alarm", "a task that nobody takes")
    assert parts() == ["worker"]
    assert "beat" in second_path.subjects[0] and since in second_path.texts[0]


def test_long_queue_is_a_silent_worker_before_the_day_is_over(second_path, queue):
    silent_for(1)
    queue.rpush("of-the-alarm", *["task"] * 101)
    assert parts() == ["worker"]


def test_silent_queue_is_named(second_path, settings):
    silent_for(1)
    settings.REDIS_URL = f"redis://127.0.0.1:{any_port()}/0"
    assert parts() == ["valkey"]


def test_silent_mail_server_is_named_and_told_by_the_other(second_path, queue, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", any_port()
    assert parts() == ["smtp"]
    assert len(second_path.subjects) == 1


def test_alarm_is_mailed_once_an_hour_and_once_when_it_is_over(second_path, queue):
    silent_for(30)
    now = timezone.now()
    for minutes in (0, 15, 30, 45, 61, 75):
        look(now + timedelta(minutes=minutes))
    assert len(second_path.subjects) == 2
    silent_for(0)
    for minutes in (90, 105):
        look(now + timedelta(minutes=minutes))
    assert len(second_path.subjects) == 3 and "over" in second_path.subjects[2]


def test_command_exits_with_one_whatever_becomes_of_the_mail(second_path, queue, settings, capsys):
    silent_for(30)
    settings.ALARM_EMAIL_URL = f"smtp://127.0.0.1:{any_port()}"
    with pytest.raises(SystemExit) as ended:
        call_command("heartbeat")
    assert ended.value.code == 1
    assert "second path did not take" in capsys.readouterr().err
    look(timezone.now())
    assert second_path.subjects == []


def test_damaged_memory_is_no_reason_to_be_silent(second_path, queue, settings):
    settings.ALARM_STATE.write_text('{"since": ')
    silent_for(30)
    assert parts() == ["beat"] and len(second_path.subjects) == 1


def test_held_letters_are_an_alarm(house, second_path, queue, settings, today):
    from portal.clock.dispatch import dispatch
    from tests.notifications.robots import OWN, tell

    settings.MOST_LETTERS_A_DAY = 0
    tell(house, OWN)
    dispatch(today=today)
    silent_for(1)
    assert parts() == ["storm"]


def test_command_names_all_that_is_down_at_once_and_mails_by_the_second_path(second_path, settings, tmp_path):
    nobody = any_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DATABASE_"))}
    environment |= {
        "PORTAL_NO_BOOTSTRAP": "1",
        "PORTAL_VAR": str(tmp_path),
        "DATABASE_URL": f"postgres://app:x@127.0.0.1:{nobody}/portal",
        "REDIS_URL": f"redis://127.0.0.1:{nobody}/0",
        "EMAIL_URL": f"smtp://127.0.0.1:{nobody}",
        "SECRET_KEY": "of the test",
        "EVIDENCE_KEY": "00" * 32,
        "ALARM_EMAIL_URL": settings.ALARM_EMAIL_URL,
        "ALARM_TO": "operator@portal.example",
    }
    command = [sys.executable, "manage.py", "heartbeat"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert all(f"{part}: " in done.stderr for part in ("database", "valkey", "smtp"))
    assert "Traceback" not in done.stdout
    assert len(second_path.subjects) == 1 and "database" in second_path.subjects[0]

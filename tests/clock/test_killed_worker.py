"""A worker killed at any moment loses no reminder and doubles no delivery."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from portal.accounts.models import Team, User
from portal.accounts.services import add_member
from portal.clock.tasks import dispatch
from portal.embedded import testing
from portal.embedded.ports import any_port
from portal.obligations.models import Delivery, Obligation, Reminder
from portal.tenancy.session import acting
from tests import build

# A person gets one letter of the dates set by law that have come, and one digest of what only the portal asks.
STATUTORY, OWN, PEOPLE, KILLS = 3, 2, 60, 20


class Mailbox:
    """A real SMTP server's handler that counts what it accepted by Message-ID."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name aiosmtpd calls
        lines = envelope.content.decode("utf-8", "replace").splitlines()
        self.accepted[next(line[12:].strip() for line in lines if line.lower().startswith("message-id:"))] += 1
        return "250 OK"


def children(pid: int) -> list[int]:
    """The pool processes of a worker."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def due_reminders(house: build.House, today: date) -> None:
    """Duties with a rung due today, as a portal with many PIPs and signs has them."""
    rules = ["frm-15-initial"] * STATUTORY + ["default-sign-inspection"] * OWN
    with house.acting("officer"):
        rows = [
            Obligation(
                tenant=house.tenant,
                pip=house.pip,
                rule=rule,
                subject=f"filing:{number}",
                arose_on=today,
                due_on=today,
                safe_on=today,
                firmness="firm",
                why_en="100,000 is reached.",
                why_zh="已达到100,000人。",
            )
            for number, rule in enumerate(rules)
        ]
        Obligation.objects.bulk_create(rows)
        Reminder.objects.bulk_create(
            Reminder(tenant=house.tenant, pip=house.pip, obligation=row, rung="0", aims_at=today, send_on=today)
            for row in rows
        )


def colleagues(house: build.House) -> None:
    """As many people as make letters enough to kill workers over."""
    with house.acting("owner"):
        team = Team.objects.get(role="officer")
        for number in range(PEOPLE - 2):
            add_member(User.objects.create_user(f"officer{number}@acme.example", language="en"), team)


@pytest.mark.slow
def test_twenty_kills_lose_no_reminder_and_double_no_delivery(committed, today, django_db_blocker):
    mailbox = Mailbox()
    port = any_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    servers = testing.start_test_servers()
    environment = os.environ | {
        "DATABASE_URL": servers.database_url("app", committed),
        "PORTAL_TODAY": today.isoformat(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DELIVERY_LEASE": "2",
        "MOST_LETTERS_A_DAY": "1000",
    }
    queue = f"kill{os.getpid()}"
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-c", "2", "-Q", queue, "-l", "ERROR"]
    chance = random.Random(20261123)
    with django_db_blocker.unblock():
        house = build.house("acme", roles=["owner", "officer"])
        colleagues(house)
        due_reminders(house, today)
        worker = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle"],
            env=environment,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        killed, deadline = 0, time.monotonic() + 120
        try:
            while time.monotonic() < deadline:
                dispatch.apply_async(queue=queue)
                time.sleep(chance.uniform(0.05, 0.35))
                pool = children(worker.pid)
                is_sending = sum(mailbox.accepted.values()) > 0
                if pool and is_sending and killed < KILLS:
                    os.kill(chance.choice(pool), signal.SIGKILL)
                    killed += 1
                with acting(house.tenant, actor="system:test"):
                    waiting = Delivery.objects.filter(state="waiting").count()
                    handed_on = not Reminder.objects.filter(state="planned").exists()
                if handed_on and not waiting and (killed >= KILLS):
                    break
        finally:
            worker.kill()
            worker.wait()
            server.stop()
            connection.close()
        with acting(house.tenant, actor="system:test"):
            deliveries = list(Delivery.objects.filter(channel="mail"))
            inbox = Delivery.objects.filter(channel="inbox", state="sent").count()
    assert killed == KILLS
    assert len(deliveries) == (STATUTORY + OWN) * PEOPLE == inbox
    assert {row.state for row in deliveries} == {"sent"}
    assert set(mailbox.accepted) == {row.message_id for row in deliveries}
    assert len(mailbox.accepted) == 2 * PEOPLE
    doubled = sum(times - 1 for times in mailbox.accepted.values())
    print(f"{killed} kills, {len(mailbox.accepted)} mails, {doubled} accepted twice with the same Message-ID")
    assert doubled <= killed

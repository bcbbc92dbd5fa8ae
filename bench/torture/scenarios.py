"""What is done to the portal while reminders are due. Each scenario returns what its oracle says afterwards."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import redis
from django.db import connections

from bench.torture.calendar_scenarios import clock, year
from bench.torture.channel_scenario import channels
from bench.torture.oracle import Verdict, judge
from bench.torture.post_office import Mood
from bench.torture.stage import Stage
from portal.obligations.models import Delivery


def killed(stage: Stage) -> Verdict:
    """Two schedulers and three workers; any of them, or of their pools, is killed while 1,000 reminders are due."""
    tenants = stage.size(20, 100)
    stage.plant(tenants=tenants, statutory=500 // tenants, own=500 // tenants, officers=3)
    stage.office.mood = Mood(seconds=stage.lateness(0.05))
    wanted = stage.size(20, 200)
    with stage.portal(workers=3, beats=2) as portal:
        # The steps of the mail protocol are the clock: a kill falls anywhere between two of some letters.
        while portal.kills < wanted and stage.office.await_events(stage.chance.randint(1, 12), seconds=30):
            portal.kill_one(stage.chance)
        stage.await_that(stage.is_settled, portal)
    return judge(stage.places, stage.office)


def broker(stage: Stage) -> Verdict:
    """The broker is emptied between letters, then gone while more comes due, then there again with nothing in it."""
    stage.plant(tenants=stage.size(8, 60), statutory=5, own=5)
    stage.office.mood = Mood(seconds=stage.lateness(0.05))
    servers = stage.ground.servers
    with stage.portal(workers=stage.size(1, 3), beats=stage.size(1, 2)) as portal:
        for _turn in range(stage.size(5, 100)):
            stage.office.await_events(stage.chance.randint(1, 12), seconds=5)
            portal.look()
            with redis.Redis(unix_socket_path=str(servers.sockets / "valkey.sock")) as line:
                line.flushall()
        for _turn in range(stage.size(1, 3)):
            os.kill(servers.valkey_pid(), signal.SIGKILL)
            stage.await_that(lambda: servers.valkey_pid() is None)
            stage.kills += 1
            # What comes due while nobody can be woken waits in the database.
            stage.plant_more(statutory=1, own=2)
            servers.start_missing(postgres=False)
            stage.await_that(stage.is_settled, portal)
    return judge(stage.places, stage.office)


def database(stage: Stage) -> Verdict:
    """The database crashes between letters and comes back."""
    stage.plant(tenants=stage.size(10, 60), statutory=5, own=5)
    stage.office.mood = Mood(seconds=stage.lateness(0.05))
    servers = stage.ground.servers
    with stage.portal(workers=stage.size(1, 3), beats=stage.size(1, 2)) as portal:
        for _turn in range(stage.size(3, 20)):
            if not stage.office.await_events(stage.chance.randint(1, 30), seconds=20):
                break
            # As a power cut does: nothing is told, nothing is finished.
            os.kill(servers.postgres_pid(), signal.SIGQUIT)
            stage.kills += 1
            stage.await_that(lambda: servers.postgres_pid() is None)
            servers.start_missing(valkey=False)
            connections.close_all()
            portal.look()
        stage.await_that(stage.is_settled, portal)
    return judge(stage.places, stage.office)


def mail_server(stage: Stage) -> Verdict:
    """The mail server is gone, refuses, hangs, hangs up after taking a letter, is late; then it knows all but one."""
    stage.plant(tenants=stage.size(2, 10), statutory=5, own=stage.size(5, 95))
    unknown = stage.places[0].people[-1].email
    gone_wrong = [
        None,  # nobody listens
        Mood(address="450 4.2.1 mailbox busy"),
        Mood(letter="451 4.3.0 try later"),
        Mood(hangs=True),
        Mood(hangs_up=True),
    ]
    faults: list[str] = []
    with stage.portal(workers=stage.size(1, 3), beats=stage.size(1, 2)) as portal:
        for attempt, mood in enumerate(gone_wrong, 1):
            if mood is None:
                stage.office.close()
            else:
                stage.office.mood = mood
            if attempt == 2:
                stage.office.open()
            if not stage.await_that(lambda attempt=attempt: was_tried(stage, attempt), portal):
                faults.append(f"attempt {attempt}: {silent(stage, attempt)} mails wait without a visible reason")
            stage.pass_time(timedelta(hours=2))
        stage.office.mood = Mood(seconds=stage.lateness(0.2), unknown=frozenset({unknown}))
        stage.await_that(stage.is_settled, portal)
    verdict = judge(stage.places, stage.office, refused_for_good=frozenset({unknown}))
    for words in faults:
        verdict.lose(words)
    return verdict


def silent(stage: Stage, attempt: int) -> int:
    """Mails that don't show that this attempt failed, why, and when the next one comes."""
    found = 0
    for place in stage.places:
        with place.acting():
            mails = Delivery.objects.filter(channel="mail", state="waiting")
            told = mails.filter(attempts=attempt, lease_until=None, next_attempt_at__isnull=False).exclude(error="")
            found += len(place.rungs) * len(place.people) - told.count()
    return found


def was_tried(stage: Stage, attempt: int) -> bool:
    return silent(stage, attempt) == 0


SCENARIOS: dict[str, Callable[[Stage], Verdict]] = {
    "killed": killed,
    "broker": broker,
    "database": database,
    "mail_server": mail_server,
    "channels": channels,
    "clock": clock,
    "year": year,
}

"""Every way in which a channel can fail leaves a delivery in sight: tried again, or failed with its reason.

Done when 6: nothing is silently dropped.
"""

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone
from django.utils.html import escape

from portal.accounts.models import Membership
from portal.clock.dispatch import dispatch
from portal.embedded.ports import any_port
from portal.notifications import services
from portal.notifications.models import OutgoingEvent, Robot
from portal.obligations.models import Delivery, Obligation
from tests.notifications.platforms import SECRET, Platform, own_certificate, running
from tests.notifications.robots import OWN, tell, working

RETRIED, FINAL = "waiting", "failed"
LONG = SECRET + " and more of it"


@dataclass
class Scene:
    """A robot that works, and its platform."""

    robot: Robot
    platform: Platform


def moved_to(address: str) -> Callable[[Scene], None]:
    """The address leads elsewhere since the test."""

    def spoil(scene: Scene) -> None:
        services.seal_into(scene.robot, address=address.format(port=any_port()), secret="")
        scene.robot.save(update_fields=["sealed_address", "host"])

    return spoil


def says(**columns: object) -> Callable[[Scene], None]:
    """The server behaves otherwise since the test."""

    def spoil(scene: Scene) -> None:
        for name, value in columns.items():
            setattr(scene.platform, name, value)

    return spoil


def unreadable(scene: Scene) -> None:
    """The portal's key was changed."""
    Robot.objects.filter(pk=scene.robot.pk).update(sealed_address=b"\x01" + b"0" * 60)


def switched_off(scene: Scene) -> None:
    services.switch_off(scene.robot)


def without_words(scene: Scene) -> None:
    """A rule that this version does not know any more."""
    Obligation.objects.update(rule="rule-of-the-past")


COMMON = {
    "nobody listens": (moved_to("http://127.0.0.1:{port}/hook?key=1"), RETRIED),
    "the name is unknown": (moved_to("https://nowhere.invalid/hook?key=1"), RETRIED),
    "it hangs": (says(mode="hangs"), RETRIED),
    "it drips": (says(mode="drips"), RETRIED),
    "it breaks off": (says(mode="breaks"), RETRIED),
    "it floods": (says(mode="floods"), RETRIED),
    "500": (says(status=500), RETRIED),
    "429": (says(status=429), RETRIED),
    "the key does not open": (unreadable, None),
    "400": (says(status=400), None),
    "404": (says(status=404), None),
    "it redirects": (says(status=302), None),
}
OF_ROBOTS = {name: (spoil, state or FINAL) for name, (spoil, state) in COMMON.items()} | {
    "another answer": (says(answer=b"<html>welcome</html>"), FINAL),
    "an empty answer": (says(answer=b""), FINAL),
    "it says no": (says(answer=b'{"errcode": 93000, "errmsg": "invalid"}'), FINAL),
    "it is asked too often": (says(answer=b'{"errcode": 45009, "errmsg": "freq"}'), RETRIED),
    "a code that is none": (says(answer=b'{"errcode": [93000]}'), FINAL),
    "words that no table takes": (says(answer=b'{"errcode": 93000, "errmsg": "a\\u0000b"}'), FINAL),
    "half a letter": (says(answer=b'{"errcode": 93000, "errmsg": "\\ud800"}'), FINAL),
    "a bottomless answer": (says(answer=b"[" * 30_000), FINAL),
    "switched off meanwhile": (switched_off, FINAL),
    "no words for it": (without_words, RETRIED),
}
# A receiver's 4xx may be its own passing mistake: events are tried for days and can be sent again.
OF_WEBHOOKS = {name: (spoil, RETRIED) for name, (spoil, _state) in COMMON.items()} | {
    "switched off meanwhile": (switched_off, FINAL),
}


def rows_of(channel: str) -> list:
    return list(Delivery.objects.filter(channel="robot") if channel == "robot" else OutgoingEvent.objects.all())


def handed_on_and_spoiled(scene: Scene, house, spoil, today: date, settings) -> None:
    """The duty is handed on while nothing may be sent, then the channel is spoiled, then the round goes on."""
    plain = settings.SECONDS_A_ROUND
    settings.SECONDS_A_ROUND = dict.fromkeys(plain, 0)
    tell(house, OWN)
    dispatch(today=today)
    settings.SECONDS_A_ROUND = plain
    spoil(scene)
    dispatch(today=today)


@pytest.mark.parametrize("way", OF_ROBOTS)
def test_robot_that_fails_leaves_its_delivery_in_sight_and_a_mail_in_its_place(house, today, settings, way):
    spoil, state = OF_ROBOTS[way]
    services.choose_channels(house.tenant, house.people["officer"], mails_recommended=False)
    with running("wecom") as platform:
        scene = Scene(working(house, platform), platform)
        handed_on_and_spoiled(scene, house, spoil, today, settings)
        (row,) = rows_of("robot")
        assert (row.state, row.attempts) == (state, 1), row.error
        assert row.error and "key=" not in row.error
        if state == RETRIED:
            assert row.next_attempt_at > timezone.now()
            assert given_up(row, today)
        row.refresh_from_db()
        assert row.state == FINAL and row.lease_until is None
    instead = Delivery.objects.get(instead_of=row)
    assert (instead.user, instead.channel) == (house.people["officer"], "mail")
    # A duty without words can be said in no letter either: there the mail stays in sight.
    assert instead.state == ("sent" if way != "no words for it" else "waiting")
    log = house.client("auditor").get(house.url("deliveries/?channel=robot")) if way != "no words for it" else None
    assert log is None or escape(row.failure) in log.content.decode()


def given_up(row: Delivery, today: date) -> bool:
    """Let the time of each next attempt come, until there is none."""
    for _attempt in range(10):
        Delivery.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))
        dispatch(today=today)
        row.refresh_from_db()
        if row.state == FINAL:
            return True
    return False


@pytest.mark.parametrize("way", OF_WEBHOOKS)
def test_webhook_that_fails_leaves_its_event_in_sight(house, today, settings, way):
    spoil, state = OF_WEBHOOKS[way]
    with running("webhook") as platform:
        scene = Scene(working(house, platform, secret=LONG), platform)
        handed_on_and_spoiled(scene, house, spoil, today, settings)
        rows = rows_of("webhook")
    tried = [row for row in rows if row.error]
    assert tried and {row.state for row in rows} == {state}
    assert all(row.error and "hook" not in row.error.replace("webhook", "") for row in tried)
    if state == RETRIED:
        assert tried[0].attempts == 1 and tried[0].next_attempt_at > timezone.now()
    assert not any(row.lease_until for row in rows)


def test_certificate_that_nobody_trusts_is_a_retried_failure_of_robot_and_webhook(house, today, settings, tmp_path):
    with (
        running("wecom") as chat,
        running("webhook") as program,
        running("webhook", certificate=own_certificate(tmp_path)) as untrusted,
    ):
        for platform, secret in ((chat, ""), (program, LONG)):
            robot = working(house, platform, secret=secret)
            services.seal_into(robot, address=untrusted.address + "?key=1", secret="")
            robot.save(update_fields=["sealed_address", "host"])
        tell(house, OWN)
        dispatch(today=today)
        assert untrusted.bodies == []
    for row in (rows_of("robot")[0], min(rows_of("webhook"), key=lambda one: one.pk)):
        assert (row.state, row.error) == ("waiting", "#certificate")


class Answering:
    """An SMTP server that takes nobody, with a code."""

    def __init__(self, code: int) -> None:
        self.code = code

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        return f"{self.code} not now"


@contextlib.contextmanager
def smtp(code: int) -> Iterator[int]:
    server = Controller(Answering(code), hostname="127.0.0.1", port=any_port())
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A port that takes a connection and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


@contextlib.contextmanager
def closed() -> Iterator[int]:
    yield any_port()


MAIL_SERVERS = {
    "nobody listens": (closed, {}, RETRIED),
    "it hangs": (silent, {}, RETRIED),
    "the name is unknown": (closed, {"EMAIL_HOST": "nowhere.invalid"}, RETRIED),
    "it has no TLS": (lambda: smtp(250), {"EMAIL_USE_TLS": True}, RETRIED),
    "451 for the moment": (lambda: smtp(451), {}, RETRIED),
    "550 for good": (lambda: smtp(550), {}, FINAL),
}


@pytest.mark.parametrize("way", MAIL_SERVERS)
def test_mail_server_that_fails_leaves_the_delivery_in_sight(house, today, settings, way):
    server, changed, state = MAIL_SERVERS[way]
    with server() as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1
        for name, value in changed.items():
            setattr(settings, name, value)
        tell(house, OWN)
        dispatch(today=today)
    rows = Delivery.objects.filter(channel="mail")
    assert {row.state for row in rows} == {state} and all(row.error and row.attempts == 1 for row in rows)
    assert all(row.lease_until is None for row in rows)
    if state == RETRIED:
        assert all(row.next_attempt_at > timezone.now() for row in rows)
    inbox = Delivery.objects.filter(channel="inbox", state="sent")
    assert inbox.count() == len(rows)


def test_ended_access_is_a_failed_delivery_with_its_reason(house, today, settings):
    plain = settings.SECONDS_A_ROUND
    settings.SECONDS_A_ROUND = dict.fromkeys(plain, 0)
    tell(house, OWN)
    dispatch(today=today)
    settings.SECONDS_A_ROUND = plain
    Membership.objects.filter(user=house.people["officer"]).update(ends_on=today - timedelta(days=1))
    dispatch(today=today)
    row = Delivery.objects.get(channel="mail", user=house.people["officer"])
    assert (row.state, row.error) == ("failed", "#access-ended")


def test_duty_without_words_spoils_no_letter_but_its_own(house, today):
    (spoiled,) = tell(house, OWN)
    Obligation.objects.filter(pk=spoiled.pk).update(rule="rule-of-the-past")
    tell(house, OWN, 3)
    for _round in range(2):
        dispatch(today=today)
    rows = Delivery.objects.filter(channel="mail")
    left = rows.filter(reminder__obligation=spoiled)
    assert {(row.state, row.attempts) for row in left} == {("waiting", 1)} and all(row.error for row in left)
    assert set(rows.exclude(pk__in=left).values_list("state", flat=True)) == {"sent"}
    assert len(mail.outbox) == 2


def test_worker_killed_between_send_and_mark_leaves_a_claim_that_is_taken_again(house, today):
    tell(house, OWN)
    dispatch(today=today)
    Delivery.objects.filter(channel="mail").update(state="waiting", lease_until=timezone.now() + timedelta(hours=1))
    dispatch(today=today)
    assert len(mail.outbox) == 2
    Delivery.objects.filter(channel="mail").update(lease_until=timezone.now() - timedelta(seconds=1))
    dispatch(today=today)
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == 4 and len(set(ids)) == 2

"""Outgoing webhooks: each event once, stored before it is sent, signed, tried again, sent again when asked.

What is read of the trail hangs on what is committed: so do these tests.
"""

import hashlib
import hmac
import json
import threading
import time
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from portal.accounts.services import register_pip
from portal.clock.dispatch import dispatch
from portal.clock.events import MOST_ATTEMPTS
from portal.clock.reconcile import reconcile
from portal.notifications import services
from portal.notifications.models import OutgoingEvent
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from tests import build
from tests.notifications.platforms import SECRET, running
from tests.notifications.robots import LAW, OWN, code_in, tell, working

pytestmark = [pytest.mark.committed]
LONG = SECRET + " and more of it"


@pytest.fixture
def house(committed, today):
    """The house in committed rows; every look and every step is a transaction of its own."""
    return build.house("acme", roles=["owner", "officer"])


@pytest.fixture
def platform():
    with running("webhook") as made:
        yield made


@pytest.fixture
def webhook(house, platform):
    return set_up(house, platform)


def set_up(house, platform, **fields):
    with house.acting("owner"):
        return working(house, platform, secret=LONG, **fields)


def told(house, *arguments, **columns):
    with house.acting("owner"):
        return tell(house, *arguments, **columns)


def change(house, duty, **columns):
    with house.acting("owner"):
        Obligation.objects.filter(pk=duty.pk).update(**columns)


def events(house, **lookup):
    with house.acting("owner"):
        return list(OutgoingEvent.objects.filter(**lookup).order_by("id"))


def again(house):
    """Let the time of the next attempt come."""
    with house.acting("owner"):
        OutgoingEvent.objects.filter(state="waiting").update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def kinds(platform):
    return [body["kind"] for body in platform.bodies]


def is_ours(header, body, secret):
    """The receiver's check, as the page shows it."""
    parts = dict(part.split("=", 1) for part in header.split(","))
    signed = f"{parts['t']}.".encode() + body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    is_new = abs(time.time() - int(parts["t"])) < 300
    return is_new and hmac.compare_digest(wanted, parts["v1"])


def test_life_of_a_duty_is_told_in_order_signed_and_once(house, platform, webhook, today):
    (duty,) = told(house)
    dispatch(today=today)
    change(house, duty, due_on=date(2026, 11, 3), safe_on=date(2026, 11, 3))
    dispatch(today=today)
    change(house, duty, state="met", met_on=today)
    dispatch(today=today)
    dispatch(today=today)
    assert sorted(kinds(platform)[:2]) == ["duty.due_soon", "duty.opened"]
    assert kinds(platform)[2:] == ["duty.moved", "duty.met"]
    assert all(
        is_ours(headers["Frportal-Signature"], raw, LONG)
        for headers, raw in zip(platform.headers, platform.raw, strict=True)
    )
    assert not is_ours(platform.headers[0]["Frportal-Signature"], platform.raw[0] + b" ", LONG)
    moved = platform.bodies[2]
    assert (moved["version"], moved["tenant"], moved["pip"]["uscc"]) == (1, "acme", house.pip.uscc)
    assert moved["old"] == {"due_on": "2026-10-30", "safe_on": "2026-10-30"}
    assert moved["duty"]["due_on"] == "2026-11-03" and moved["duty"]["rule"] == LAW
    assert moved["duty"]["url"].endswith(f"/t/acme/duties/{duty.pk}/")
    assert [body["id"] for body in platform.bodies] == [headers["Frportal-Event-Id"] for headers in platform.headers]


def test_reconcile_tells_of_what_it_opens(house, platform, webhook, today):
    with house.acting("officer"):
        place = build.deployment(house.pip)
        build.count(place.scenario, 100_214, date(2026, 9, 4))
        reconcile(house.pip, today=today)
        wanted = set(Obligation.objects.open().values_list("rule", flat=True))
    dispatch(today=today)
    opened = {body["duty"]["rule"] for body in platform.bodies if body["kind"] == "duty.opened"}
    assert opened == wanted


def test_nothing_from_before_the_test_is_told(house, platform, today):
    told(house)
    set_up(house, platform)
    dispatch(today=today)
    assert kinds(platform) == ["duty.due_soon"]


@pytest.mark.parametrize(
    ("state", "kind"), [("waived", "duty.ended"), ("not_required", "duty.ended"), ("met", "duty.met")]
)
def test_end_of_a_duty_is_told_as_what_it_is(house, platform, webhook, today, state, kind):
    (duty,) = told(house)
    change(house, duty, state=state)
    dispatch(today=today)
    assert kinds(platform) == ["duty.opened", kind]


def test_layer_and_pips_of_the_webhook_are_kept(house, platform, today):
    set_up(house, platform, is_law_only=True)
    told(house, OWN)
    told(house, LAW)
    dispatch(today=today)
    assert {body["duty"]["rule"] for body in platform.bodies} == {LAW}


def test_failed_delivery_is_told_without_the_name_of_anybody(house, platform, webhook, today, settings):
    settings.EMAIL_BACKEND = "tests.clock.test_dispatch.Refusing"
    told(house)
    dispatch(today=today)
    dispatch(today=today)
    failed = [
        raw.decode()
        for raw, body in zip(platform.raw, platform.bodies, strict=True)
        if body["kind"] == "delivery.failed"
    ]
    assert len(failed) == 2
    assert not any("@" in raw or "Officer" in raw for raw in failed)


def test_receiver_that_is_down_gets_every_event_later_in_order_with_the_same_ids(house, platform, webhook, today):
    platform.status = 500
    told(house, OWN, 4)
    dispatch(today=today)
    assert len(platform.bodies) == 1
    (first,) = events(house, attempts=1)
    assert first.state == "waiting" and first.error == "#status 500" and first.next_attempt_at
    assert len(events(house, attempts=0, lease_until=None)) == 7
    platform.status = 200
    again(house)
    dispatch(today=today)
    ids = [body["id"] for body in platform.bodies]
    assert (
        ids[0] == str(first.code) and len(set(ids)) == 8 and not OutgoingEvent.objects.exclude(state="sent").exists()
    )


def test_event_is_given_up_in_sight_and_sent_again_by_an_owner_with_the_same_id(house, platform, webhook, today):
    platform.status = 500
    told(house, OWN, 1)
    for _attempt in range(MOST_ATTEMPTS):
        again(house)
        dispatch(today=today)
    failed = events(house, state="failed")[0]
    assert failed.attempts == MOST_ATTEMPTS
    platform.status, platform.bodies = 200, []
    page = house.url(f"channels/{webhook.code}/")
    assert "HTTP 500" in house.client("owner").get(page).content.decode()
    assert house.client("owner").post(f"{page}events/{failed.pk}/replay/").status_code == 302
    dispatch(today=today)
    assert str(failed.code) in [body["id"] for body in platform.bodies]
    assert [one.answer for one in events(house, pk=failed.pk, state="sent")] == ["HTTP 200"]


def test_event_that_waits_is_not_put_in_twice(house, platform, webhook, today):
    platform.status = 500
    told(house)
    dispatch(today=today)
    event = events(house)[0]
    page = house.client("owner").post(house.url(f"channels/{webhook.code}/events/{event.pk}/replay/"))
    assert page.status_code == 409


def test_switched_off_webhook_is_sent_nothing_and_its_events_say_so(house, platform, webhook, today):
    platform.status = 500
    told(house)
    dispatch(today=today)
    with house.acting("owner"):
        services.switch_off(webhook)
    again(house)
    dispatch(today=today)
    assert {(one.state, one.error) for one in events(house)} == {("failed", "#off")}


def test_events_wait_while_a_new_address_waits_for_its_test(house, platform, webhook, today):
    platform.status = 500
    told(house)
    dispatch(today=today)
    platform.status, platform.bodies = 200, []
    with house.acting("owner"):
        values = {"name": "x", "language": "en", "pips": None, "is_law_only": False}
        services.change_robot(webhook, address=platform.address, secret="", **values)
    again(house)
    dispatch(today=today)
    assert platform.bodies == [] and {one.state for one in events(house)} == {"waiting"}


def test_second_test_of_a_working_webhook_loses_nothing_and_an_off_time_is_not_told(house, platform, webhook, today):
    (first,) = told(house, OWN)
    with house.acting("owner"):
        assert services.send_test(webhook)
        code = code_in(platform.raw[-1].decode())
        assert services.confirm_test(webhook, code, by=house.people["owner"], on=today)
        platform.bodies.clear()
    dispatch(today=today)
    assert "duty.opened" in kinds(platform)
    with house.acting("owner"):
        services.switch_off(webhook)
    change(house, first, state="met")
    with house.acting("owner"):
        services.switch_on(webhook)
    dispatch(today=today)
    assert "duty.met" not in kinds(platform)


def test_killed_worker_between_send_and_mark_sends_the_same_event_again(house, platform, webhook, today):
    told(house)
    dispatch(today=today)
    with house.acting("owner"):
        OutgoingEvent.objects.update(state="waiting", lease_until=timezone.now() - timedelta(seconds=1))
    dispatch(today=today)
    ids = [uuid.UUID(body["id"]) for body in platform.bodies]
    assert len(ids) == 4 and len(set(ids)) == 2 == len(events(house))
    assert json.loads(events(house)[0].body)["version"] == 1


def test_transaction_that_began_earlier_and_ends_later_is_not_missed(house, platform, webhook, today):
    """Its step of the trail has a lower number than those that were read meanwhile."""
    is_written, may_end = threading.Event(), threading.Event()

    def slowly():
        with house.acting("owner"):
            tell(house, OWN)
            is_written.set()
            may_end.wait(30)
        connection.close()

    slow = threading.Thread(target=slowly)
    slow.start()
    assert is_written.wait(30)
    told(house, LAW)
    dispatch(today=today)
    assert [body["duty"]["rule"] for body in platform.bodies if body["kind"] == "duty.opened"] == [LAW]
    may_end.set()
    slow.join()
    for _round in range(2):
        dispatch(today=today)
    assert [body["duty"]["rule"] for body in platform.bodies if body["kind"] == "duty.opened"] == [LAW, OWN]


def test_event_about_a_pip_that_was_taken_from_the_webhook_meanwhile_is_not_sent(house, platform, webhook, today):
    platform.status = 500
    told(house)
    dispatch(today=today)
    with house.acting("owner"):
        other = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="二号公司", province="33"))
        fields = {"name": "webhook", "language": "en", "address": "", "secret": "", "is_law_only": False}
        services.change_robot(webhook, pips=[other], **fields)
    platform.status, platform.bodies = 200, []
    again(house)
    dispatch(today=today)
    assert platform.bodies == []
    assert {(one.state, one.error) for one in events(house)} == {("failed", "#off")}
    with house.acting("owner"):
        services.replay(OutgoingEvent.objects.first())
    dispatch(today=today)
    assert platform.bodies == []


def test_date_that_only_becomes_firm_is_told(house, platform, webhook, today):
    (duty,) = told(house, firmness="provisional")
    dispatch(today=today)
    platform.bodies.clear()
    change(house, duty, firmness="firm")
    dispatch(today=today)
    (body,) = platform.bodies
    assert (body["kind"], body["old"], body["duty"]["is_provisional"]) == (
        "duty.moved",
        {"firmness": "provisional"},
        False,
    )

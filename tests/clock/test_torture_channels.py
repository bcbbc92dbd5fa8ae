"""The oracle of chats and webhooks sees what is missing."""

import json

import pytest
from django.utils import timezone

from bench.torture.channel_scenario import Connected, judge_chats, judge_webhooks
from bench.torture.oracle import Verdict
from bench.torture.plant import due_today, workspace
from bench.torture.post_office import Accepted, PostOffice
from portal.notifications.models import OutgoingEvent, Robot
from portal.obligations.models import Delivery
from tests.notifications.platforms import Platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(today) -> tuple[Connected, PostOffice]:
    """One rung in a chat and at a webhook, both taken; a second rung that the chat refused, mailed instead."""
    place, office = workspace(1), PostOffice()
    due_today(place, statutory=2, own=0, today=today)
    one = Connected(place, is_quiet=False)
    with place.acting():
        of = {"tenant": place.tenant, "pip": place.pip}
        for kind in ("wecom", "webhook"):
            robot = Robot.objects.create(tenant=place.tenant, kind=kind, name=kind, host="x", sealed_address=b"")
            one.lines.append((robot, Platform(kind)))
        (chat, board), (hook, receiver) = one.lines
        first, second = place.rungs
        made = {"robot": chat, "channel": "robot", "created_at": timezone.now()} | of
        Delivery.objects.create(reminder_id=first.reminder, state="sent", **made)
        Delivery.objects.create(reminder_id=second.reminder, state="failed", error="refused", **made)
        board.took.append({"text": f"http://x/t/t1/duties/{first.obligation}/"})
        for person in place.people:
            row = Delivery.objects.create(
                reminder_id=second.reminder,
                user=person,
                channel="mail",
                state="sent",
                created_at=timezone.now(),
                **of,
            )
            office.accepted.append(Accepted(person.email, row.message_id, "", ""))
        for number, _rung in enumerate(place.rungs):
            for kind in ("duty.opened", "duty.due_soon"):
                event = OutgoingEvent.objects.create(
                    robot=hook,
                    kind=kind,
                    cause=f"{kind}:{number}",
                    happened_at=timezone.now(),
                    body=json.dumps({"duty": {"subject": f"filing:{number}"}}),
                    state="sent",
                    **of,
                )
                receiver.took.append({"id": str(event.code)})
    return one, office


def judged(told: tuple[Connected, PostOffice]) -> Verdict:
    one, office = told
    found = Verdict()
    with one.place.acting():
        judge_chats(found, one, office)
        judge_webhooks(found, one)
    return found


def test_what_was_taken_or_mailed_instead_has_no_fault(told):
    assert judged(told).faults == []


def test_card_that_is_marked_but_never_taken_is_lost(told):
    told[0].chats[0][1].took.clear()
    assert judged(told).lost == 1


def test_chat_that_failed_without_a_mail_to_each_person_is_lost(told):
    told[1].accepted.pop()
    assert judged(told).lost == 1


def test_card_that_waits_for_ever_is_lost(told):
    with told[0].place.acting():
        Delivery.objects.filter(channel="robot", state="sent").update(state="waiting")
    assert judged(told).lost == 1


def test_event_that_is_marked_but_never_taken_is_lost(told):
    told[0].webhooks[0][1].took.pop()
    assert judged(told).lost == 1


def test_event_that_was_never_stored_is_lost(told):
    with told[0].place.acting():
        code = OutgoingEvent.objects.first().code
        OutgoingEvent.objects.filter(code=code).delete()
    receiver = told[0].webhooks[0][1]
    receiver.took[:] = [body for body in receiver.took if body["id"] != str(code)]
    assert judged(told).lost == 1


def test_event_that_nobody_stored_is_doubled(told):
    told[0].webhooks[0][1].took.append({"id": "another"})
    assert judged(told).doubled_rows == 1


def test_webhook_may_give_up_in_sight_after_all_its_tries_only(told):
    with told[0].place.acting():
        event = OutgoingEvent.objects.filter(pk=OutgoingEvent.objects.first().pk)
        event.update(state="failed", attempts=16, error="HTTP 500")
        assert judged(told).lost == 0
        event.update(attempts=3)
        assert judged(told).lost == 1


def test_request_without_its_signature_is_a_fault(told):
    receiver = told[0].webhooks[0][1]
    receiver.headers.append({})
    receiver.raw.append(b'{"id": "x"}')
    assert judged(told).lost == 1

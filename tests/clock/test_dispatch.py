"""What is due goes out once, to the people of the PIP, in their language; what can't go out waits and is seen."""

import smtplib
from datetime import date

import pytest
from django.core import mail

from portal.clock.dispatch import deliver, dispatch
from portal.clock.reconcile import reconcile
from portal.obligations.models import Delivery, Obligation, Reminder
from tests import build


@pytest.fixture
def duty(house, today) -> Obligation:
    """The filing duty of 100,214 persons on 2026-09-04, due on 2026-10-22."""
    place = build.deployment(house.pip)
    build.count(place.scenario, 100_214, date(2026, 9, 4))
    reconcile(house.pip, today=today)
    return Obligation.objects.get(rule="frm-15-initial")


def states(duty: Obligation) -> dict[str, str]:
    return dict(Reminder.objects.filter(obligation=duty).values_list("rung", "state"))


def test_latest_due_rung_goes_once_and_the_overtaken_ones_are_skipped(duty, today):
    assert dispatch(today=today) == (1, 2)
    assert states(duty) == {
        "opened": "sent",
        "20": "skipped",
        "10": "skipped",
        "5": "planned",
        "3": "planned",
        "1": "planned",
        "0": "planned",
    }
    assert dispatch(today=today) == (0, 0)
    assert len(mail.outbox) == 2


def test_owner_and_officer_are_told_and_nobody_else(duty, today):
    dispatch(today=today)
    assert sorted(message.to[0] for message in mail.outbox) == ["officer@acme.example", "owner@acme.example"]
    assert Delivery.objects.filter(channel="inbox", state="sent").count() == 2


def test_mail_is_in_the_readers_language(duty, house, today):
    officer = house.people["officer"]
    officer.language = "zh-hans"
    officer.save(update_fields=["language"])
    dispatch(today=today)
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert "已达到" in bodies["officer@acme.example"]
    assert "100,000 is reached" in bodies["owner@acme.example"]


def test_mail_carries_the_message_id_of_its_delivery(duty, today):
    dispatch(today=today)
    ids = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert ids == {row.message_id for row in Delivery.objects.filter(channel="mail")}


def test_rung_after_an_absence_is_marked_late(duty, today):
    dispatch(today=today)
    dispatch(today=date(2026, 10, 19))
    rungs = {row.rung: row for row in Reminder.objects.filter(obligation=duty)}
    assert (rungs["3"].state, rungs["5"].state) == ("sent", "skipped")
    assert rungs["3"].is_late


def test_met_duty_is_told_no_more(duty, today):
    dispatch(today=today)
    Obligation.objects.filter(pk=duty.pk).update(state="met")
    assert dispatch(today=date(2026, 10, 21)) == (0, 0)
    assert set(states(duty).values()) <= {"sent", "skipped", "cancelled", "planned"}


def test_two_dispatches_send_one_mail(duty, house, today):
    dispatch(today=today)
    delivery = Delivery.objects.filter(channel="mail").first()
    assert deliver(house.tenant, delivery.pk, today=today) == 0
    assert len(mail.outbox) == 2


def test_refusing_server_is_tried_again_later_and_the_reason_is_kept(duty, today, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert dispatch(today=today) == (1, 0)
    waiting = Delivery.objects.filter(channel="mail")
    assert {row.state for row in waiting} == {"waiting"}
    assert all(row.next_attempt_at and "refused" in row.error.lower() for row in waiting)


def test_address_that_the_server_refuses_for_good_has_failed(duty, house, today, settings):
    settings.EMAIL_BACKEND = "tests.clock.test_dispatch.Refusing"
    dispatch(today=today)
    assert set(Delivery.objects.filter(channel="mail").values_list("state", flat=True)) == {"failed"}


class Refusing:
    """A server that knows none of the addresses."""

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, messages: list) -> int:
        raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such user") for message in messages})

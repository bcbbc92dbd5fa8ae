"""A backlog is worked off a portion at a time, and people see nothing of the portions."""

from datetime import timedelta

import pytest
from django.core import mail

from bench.torture.plant import STATUTORY, due_today, workspace
from portal.clock.dispatch import dispatch
from portal.obligations.models import Delivery, Reminder


@pytest.fixture
def small_portions(monkeypatch) -> None:
    monkeypatch.setattr("portal.clock.handing.DUTIES_AT_ONCE", 2)
    monkeypatch.setattr("portal.clock.doors.ROWS_AT_ONCE", 3)


def test_every_rung_of_a_backlog_is_told_once_and_in_one_letter(db, today, small_portions):
    places = [workspace(number) for number in (1, 2)]
    for place in places:
        due_today(place, statutory=0, own=7, today=today)
    assert dispatch(today=today)[0] == 14
    for place in places:
        with place.acting():
            assert set(Reminder.objects.values_list("state", flat=True)) == {"sent"}
            mails = Delivery.objects.filter(channel="mail")
            assert set(mails.values_list("state", flat=True)) == {"sent"}
            assert mails.count() == 14 and len(set(mails.values_list("letter", flat=True))) == 2
    assert len(mail.outbox) == 4


def test_overtaken_rungs_are_skipped_with_their_duty_whatever_the_portion(db, today, small_portions):
    place = workspace(1)
    due_today(place, statutory=5, own=0, today=today)
    with place.acting():
        earlier = [
            Reminder(
                tenant=place.tenant,
                pip=place.pip,
                obligation_id=rung.obligation,
                rung="1",
                aims_at=today,
                send_on=today - timedelta(days=3),
            )
            for rung in place.rungs
        ]
        Reminder.objects.bulk_create(earlier)
    assert dispatch(today=today)[0] == 5
    with place.acting():
        due = Reminder.objects.filter(obligation__rule=STATUTORY, send_on__lte=today)
        assert sorted(due.values_list("rung", "state")) == [("0", "sent")] * 5 + [("1", "skipped")] * 5

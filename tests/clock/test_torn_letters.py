"""A letter that can't be written or was refused is looked through once more: one duty takes no other along."""

from datetime import date

import pytest
from django.core import mail
from django.db.models import F

from portal.clock import letters
from portal.clock.dispatch import dispatch
from portal.clock.reminders import plan
from portal.obligations.models import Delivery, Obligation
from tests.clock.conftest import LAW, duty

PEOPLE = 2  # owner and officer


@pytest.fixture
def two(house, today) -> tuple[Obligation, Obligation]:
    return duty(house, LAW, date(2026, 10, 20), today=today), duty(
        house, LAW, date(2026, 10, 21), today=today, number=1
    )


def again() -> None:
    """Let the time of the next attempt come."""
    Delivery.objects.filter(state="waiting").update(next_attempt_at=None)


def test_duty_that_can_not_be_written_takes_no_other_along(house, clock, monkeypatch):
    today = clock("2026-10-12T09:00")
    broken = duty(house, LAW, date(2026, 10, 20), today=today)
    whole = duty(house, LAW, date(2026, 10, 21), today=today, number=1)
    plain = letters.time_left

    def stumble(obligation, today):
        if obligation.pk == broken.pk:
            raise TypeError("no words")
        return plain(obligation, today)

    monkeypatch.setattr(letters, "time_left", stumble)
    for _round in range(2):
        dispatch(today=today)
    assert len(mail.outbox) == PEOPLE
    rows = Delivery.objects.filter(channel="mail")
    assert set(rows.values_list("reminder__obligation", "state")) == {(broken.pk, "waiting"), (whole.pk, "sent")}
    left = rows.filter(reminder__obligation=broken, letter=F("id"), lease_until=None, error="#unwritten TypeError")
    assert left.count() == PEOPLE
    monkeypatch.setattr(letters, "time_left", plain)
    again()
    dispatch(today=today)
    assert len(mail.outbox) == 2 * PEOPLE


def test_letter_that_was_refused_says_nothing_of_what_was_done_meanwhile(house, two, today, settings):
    done, left = two
    plain, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.clock.test_moved_dates.Greylisting"
    dispatch(today=today)
    settings.EMAIL_BACKEND = plain
    Obligation.objects.filter(pk=done.pk).update(state="met")
    done.refresh_from_db()
    plan(house.pip, [done], today=today)
    again()
    dispatch(today=today)
    assert len(mail.outbox) == PEOPLE
    assert all(f"duties/{left.pk}/" in letter.body for letter in mail.outbox)
    assert not any(f"duties/{done.pk}/" in letter.body for letter in mail.outbox)
    states = set(Delivery.objects.filter(channel="mail").values_list("reminder__obligation", "state"))
    assert states == {(done.pk, "dropped"), (left.pk, "sent")}

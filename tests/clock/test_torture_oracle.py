"""The oracle of the reliability programme sees what is missing and what is there twice: it is no rubber stamp."""

from datetime import date

import pytest
from django.utils import timezone

from bench.torture.diary import Told, Watched, back, last_day, safe_day
from bench.torture.oracle import Verdict, judge
from bench.torture.plant import Workspace, due_today, workspace
from bench.torture.post_office import Accepted, PostOffice
from portal.calendars.clock import calendar
from portal.obligations.models import Delivery, Reminder


@pytest.fixture
def told(db, today) -> tuple[Workspace, PostOffice]:
    """Three rungs, told to two people in the inbox and by mail, each mail taken by the server."""
    place, office = workspace(1), PostOffice()
    due_today(place, statutory=3, own=0, today=today)
    with place.acting():
        Reminder.objects.update(state="sent")
        for rung in place.rungs:
            for person in place.people:
                of = {"tenant": place.tenant, "pip": place.pip, "reminder_id": rung.reminder, "user": person}
                Delivery.objects.create(**of, channel="inbox", state="sent", created_at=timezone.now())
                row = Delivery.objects.create(**of, channel="mail", state="sent", created_at=timezone.now())
                text = f"http://x/t/{place.tenant.slug}/duties/{rung.obligation}/"
                office.accepted.append(Accepted(person.email, row.message_id, text, ""))
    return place, office


def judged(told: tuple[Workspace, PostOffice]) -> Verdict:
    place, office = told
    return judge([place], office)


def test_everything_told_once_has_no_fault(told):
    verdict = judged(told)
    assert (verdict.faults, verdict.reminders, verdict.doubled_mails) == ([], 3, 0)


def test_mail_that_is_marked_but_never_taken_is_lost(told):
    told[1].accepted.pop()
    assert judged(told).lost == 1


def test_delivery_that_was_never_made_is_lost(told):
    with told[0].acting():
        Delivery.objects.filter(channel="inbox").first().delete()
    assert judged(told).lost == 1


def test_rung_that_is_still_planned_is_lost(told):
    with told[0].acting():
        Reminder.objects.filter(pk=told[0].rungs[0].reminder).update(state="planned")
    assert judged(told).lost == 1


def test_mail_that_waits_for_ever_is_lost(told):
    with told[0].acting():
        Delivery.objects.filter(channel="mail", reminder_id=told[0].rungs[0].reminder).update(state="waiting")
    assert judged(told).lost == 2


def test_same_mail_twice_is_counted_and_no_fault(told):
    told[1].accepted.append(told[1].accepted[0])
    verdict = judged(told)
    assert (verdict.faults, verdict.doubled_mails) == ([], 1)


def test_duty_told_twice_under_two_names_is_doubled(told):
    first = told[1].accepted[0]
    told[1].accepted.append(Accepted(first.to, "<another@frportal>", first.text, ""))
    assert judged(told).doubled_rows == 1


def test_diary_reckons_as_the_calendar_of_the_portal_does():
    for reached_on in (date(2026, 1, 30), date(2026, 2, 14), date(2026, 9, 4), date(2026, 9, 26), date(2026, 10, 10)):
        found = calendar().add(reached_on, 30)
        assert (last_day(reached_on), safe_day(reached_on)) == (found.due, found.safe)
        assert back(found.safe, 5) == calendar().back(found.safe, 5)


def test_diary_expects_the_latest_rung_after_days_without_a_scheduler():
    watched = Watched()
    watched.open(date(2026, 9, 4), date(2026, 10, 12))  # due on 22 October, safe on the 21st
    assert watched.told(date(2026, 10, 12)) == [Told(date(2026, 10, 12))]
    assert watched.told(date(2026, 10, 13)) == []
    assert watched.told(date(2026, 10, 17)) == [Told(date(2026, 10, 16))]


def test_diary_expects_the_owners_to_hear_of_what_nobody_answered():
    watched = Watched()
    watched.open(date(2026, 9, 4), date(2026, 10, 12))
    watched.told(date(2026, 10, 12))
    assert watched.told(date(2026, 10, 14)) == [Told(date(2026, 10, 14))]  # five working days are left
    assert watched.told(date(2026, 10, 16)) == [Told(date(2026, 10, 16)), Told(date(2026, 10, 16), is_escalation=True)]
    assert watched.told(date(2026, 10, 19)) == [Told(date(2026, 10, 19), is_escalation=True)]

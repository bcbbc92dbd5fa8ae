"""What changes at night or on a day off is told when it may be, and called late only where the portal was late."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.cases import services
from portal.clock.dispatch import dispatch
from portal.clock.reconcile import reconcile
from portal.clock.reminders import plan
from portal.obligations.models import Obligation, Reminder
from tests import build
from tests.clock.conftest import LAW, duty

REPORT = "incident-04-report"


@pytest.fixture
def incident(house, clock):
    """A large incident on a Saturday at noon, told of at once; the duty of its report."""
    today = clock("2026-10-17T13:00")
    now = timezone.now()
    row = services.open_incident(
        house.pip,
        kind="leak",
        grade="large",
        discovered_at=now - timedelta(hours=1),
        by=house.people["officer"],
        today=today,
        now=now,
    )
    reconcile(house.pip, today=today)
    dispatch(today=today)
    mail.outbox.clear()
    return row


def report() -> Obligation:
    return Obligation.objects.get(rule=REPORT)


def told(house, today) -> list[str]:
    """The headings of the letters to the officer that a reconcile and a round bring, about the report."""
    reconcile(house.pip, today=today)
    mail.outbox.clear()
    dispatch(today=today)
    return [
        letter.subject for letter in mail.outbox if letter.to == ["officer@acme.example"] and "left]" in letter.subject
    ]


def test_moment_that_moves_on_a_day_off_is_told_at_once(house, incident, clock):
    today = clock("2026-10-17T13:10")
    assert told(house, today) == []
    earlier = incident.discovered_at - timedelta(minutes=50)
    services.edit_incident(incident, today=today, now=timezone.now(), discovered_at=earlier)
    (subject,) = told(house, today)
    assert f"{timezone.localtime(report().due_at):%H:%M}" in subject
    assert told(house, today) == []


def test_duty_in_hours_that_opens_again_is_told_at_once(house, incident, clock):
    today = clock("2026-10-17T13:20")
    services.stamp(incident, "authority_told_at", now=timezone.now())
    assert told(house, today) == [] and report().state == "met"
    incident.refresh_from_db()
    services.edit_incident(incident, today=today, now=timezone.now(), authority_told_at=None)
    assert len(told(house, today)) == 1 and report().state == "open"
    assert told(house, today) == []


def test_moment_that_goes_over_midnight_and_back_is_told_each_time(house, incident, clock):
    today = clock("2026-10-17T23:30")
    at = incident.discovered_at
    for discovered_at in (at + timedelta(hours=9), at, at + timedelta(hours=9)):
        services.edit_incident(incident, today=today, now=timezone.now(), discovered_at=discovered_at)
        reconcile(house.pip, today=today)
        mail.outbox.clear()
        dispatch(today=today)
        assert mail.outbox, discovered_at
        incident.refresh_from_db()


def test_step_of_the_early_warning_reached_on_a_saturday_is_told_on_monday_and_not_called_late(house, clock):
    saturday = clock("2026-10-17T10:00")
    build.count(build.scenario(house.pip), 81_000, saturday)
    reconcile(house.pip, today=saturday)
    dispatch(today=saturday)
    assert mail.outbox == []
    monday = clock("2026-10-19T08:31")
    dispatch(today=monday)
    steps = Reminder.objects.filter(rung__startswith="step-")
    assert set(steps.values_list("state", "is_late")) == {("sent", False)}


def test_duty_that_opens_again_at_night_is_told_in_the_morning_and_of_no_day_that_passed_meanwhile(house, clock):
    today = clock("2026-10-12T09:00")
    row = duty(house, LAW, date(2026, 10, 21), today=today)
    dispatch(today=today)
    row.state = "met"
    row.save()
    plan(house.pip, [row], today=today)
    night = clock("2026-10-16T20:30")
    row.state = "open"
    row.save()
    plan(house.pip, [row], today=night)
    mail.outbox.clear()
    clock("2026-10-16T20:31")
    dispatch(today=night)
    assert mail.outbox == []
    monday = clock("2026-10-19T08:31")
    dispatch(today=monday)
    told = Reminder.objects.filter(obligation=row, told_on=monday)
    assert {(one.rung, one.is_late) for one in told} == {("again-2026-10-16", False)}

"""Reminders go out on working mornings, what the law opens by day, hours at any time; one letter of a kind."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.clock.dispatch import dispatch
from portal.clock.mornings import next_morning, opens_on, window
from portal.clock.reminders import plan, plan_overdue
from portal.obligations.models import Delivery, Reminder
from tests.clock.conftest import LAW, OWN, PRACTICE, duty

OFFICER = ["officer@acme.example"]


def letters() -> list[str]:
    """The headings of the officer's letters, in the order in which they went."""
    return [message.subject for message in mail.outbox if message.to == OFFICER]


@pytest.mark.parametrize(
    ("moment", "ordinary", "opening", "next_on", "opens"),
    [
        ("2026-10-12T08:29", False, False, "2026-10-12T08:30", "2026-10-12"),  # Monday
        ("2026-10-12T08:30", True, True, "2026-10-13T08:30", "2026-10-12"),
        ("2026-10-12T20:00:59", True, True, "2026-10-13T08:30", "2026-10-12"),
        ("2026-10-12T20:01", True, False, "2026-10-13T08:30", "2026-10-13"),
        ("2026-10-12T23:59", True, False, "2026-10-13T08:30", "2026-10-13"),
        ("2026-10-16T21:00", True, False, "2026-10-19T08:30", "2026-10-19"),  # Friday night
        ("2026-10-17T10:00", False, False, "2026-10-19T08:30", "2026-10-19"),  # Saturday
        ("2026-10-10T09:00", True, True, "2026-10-12T08:30", "2026-10-10"),  # a Saturday of make-up work
        ("2026-10-10T07:00", False, False, "2026-10-10T08:30", "2026-10-10"),
        ("2026-10-01T10:00", False, False, "2026-10-08T08:30", "2026-10-08"),  # Thursday, National Day
    ],
)
def test_mornings(clock, moment, ordinary, opening, next_on, opens):
    today = clock(moment)
    now = window(today)
    assert (now.ordinary, now.opening, now.has_mornings) == (ordinary, opening, True)
    assert f"{timezone.localtime(next_morning(today)):%Y-%m-%dT%H:%M}" == next_on
    assert opens_on(today) == date.fromisoformat(opens)


def test_the_demo_whose_day_stands_still_waits_for_no_morning(house, today, settings):
    settings.PORTAL_TODAY = "2026-10-17"  # a Saturday
    now = window(date(2026, 10, 17))
    assert now.ordinary and now.opening and not now.has_mornings


def test_rung_waits_for_the_morning_and_goes_then_once(house, clock):
    row = duty(house, LAW, date(2026, 10, 26), today=date(2026, 9, 1))
    Reminder.objects.exclude(rung="10").delete()
    today = clock("2026-10-12T00:01")
    assert Reminder.objects.get().send_on == today
    assert dispatch(today=today) == (0, 0)
    assert dispatch(today=clock("2026-10-12T08:29")) == (0, 0)
    assert dispatch(today=clock("2026-10-12T08:30")) == (1, 2)
    assert dispatch(today=clock("2026-10-12T08:31")) == (0, 0)
    assert not row.reminders.get(rung="10").is_late


def test_no_rung_is_planned_for_a_day_of_rest_or_after_the_date(house, clock):
    today = clock("2026-10-05T10:00")  # in the National Day
    row = duty(house, LAW, date(2026, 10, 18), today=today)  # a Sunday
    sends = dict(row.reminders.values_list("rung", "send_on"))
    assert sends["opened"] == date(2026, 10, 8)
    assert sends["0"] == date(2026, 10, 16)
    assert sends["3"] == date(2026, 10, 14)


@pytest.mark.parametrize(
    ("moment", "rule", "sent", "following"),
    [
        ("2026-10-12T14:00", LAW, 2, "2026-10-13T08:30"),
        ("2026-10-12T20:30", LAW, 0, "2026-10-13T08:30"),
        ("2026-10-12T06:00", LAW, 0, "2026-10-12T08:30"),
        ("2026-10-17T14:00", LAW, 0, "2026-10-19T08:30"),
        ("2026-10-12T14:00", PRACTICE, 2, "2026-10-13T08:30"),
    ],
)
def test_what_opens_is_told_on_a_working_day_else_the_next_morning(house, clock, moment, rule, sent, following):
    today = clock(moment)
    row = duty(house, rule, date(2026, 12, 1), today=today)
    assert dispatch(today=today)[1] == sent
    assert dispatch(today=clock(following))[1] == 2 - sent
    assert not row.reminders.get(rung="opened").is_late


@pytest.mark.parametrize("moment", ["2026-10-17T03:00", "2026-10-12T23:30"])
def test_duty_in_hours_is_told_at_any_hour_and_past_every_cap(house, clock, moment):
    today = clock(moment)
    due_at = timezone.now() + timedelta(hours=4)
    hours = {"due_on": None, "due_at": due_at}
    duty(house, "incident-04-report", due_at.date(), today=today, **hours)
    assert dispatch(today=today) == (1, 2)
    duty(house, "incident-04-report", due_at.date(), today=today, number=1, **hours)
    assert dispatch(today=today) == (1, 2)
    assert len(letters()) == 2


def test_a_person_gets_one_digest_a_day_and_the_rest_on_the_next_working_morning(house, clock):
    today = clock("2026-10-16T09:00")  # Friday
    duty(house, PRACTICE, date(2026, 12, 1), today=today)
    assert dispatch(today=today) == (1, 2)
    duty(house, PRACTICE, date(2026, 12, 1), today=today, number=1)
    duty(house, PRACTICE, date(2026, 12, 1), today=today, number=2)
    assert dispatch(today=clock("2026-10-16T10:00")) == (2, 0)
    assert Delivery.objects.filter(channel="inbox").count() == 6
    for moment in ("2026-10-16T23:00", "2026-10-17T10:00", "2026-10-19T08:29"):
        assert dispatch(today=clock(moment)) == (0, 0)
    assert dispatch(today=clock("2026-10-19T08:30")) == (0, 2)
    assert letters()[1] == "[Acme] 2 recommended matters"


def test_no_more_than_three_letters_a_day_whatever_happens(house, clock):
    for hour in (9, 11, 13, 15, 17):
        today = clock(f"2026-10-12T{hour:02}:00")
        duty(house, LAW, date(2026, 12, 1), today=today, number=hour)
        duty(house, LAW, date(2026, 10, 8), today=today, number=100 + hour)
        duty(house, PRACTICE, date(2026, 12, 1), today=today, number=hour)
        dispatch(today=today)
    kinds = Delivery.objects.filter(channel="mail", state="sent", user=house.people["officer"])
    assert sorted(kinds.values_list("letter_kind", flat=True).distinct().order_by()) == ["come", "digest", "open"]
    assert len(letters()) == 3
    clock("2026-10-13T08:30")
    dispatch(today=date(2026, 10, 13))
    assert len(letters()) == 5
    assert not Delivery.objects.filter(state="waiting").exists()


def test_crossing_after_the_days_digest_is_told_at_once(house, clock):
    today = clock("2026-10-12T08:30")
    duty(house, OWN, date(2026, 10, 13), today=today)
    dispatch(today=today)
    today = clock("2026-10-12T15:00")
    duty(house, LAW, date(2026, 11, 23), today=today)
    assert dispatch(today=today) == (1, 2)
    assert letters()[-1].startswith("[30 working days left]")


def test_letter_that_waits_is_dropped_once_its_duty_is_met(house, clock):
    today = clock("2026-10-12T09:00")
    duty(house, PRACTICE, date(2026, 12, 1), today=today)
    dispatch(today=today)
    row = duty(house, PRACTICE, date(2026, 12, 1), today=today, number=1)
    dispatch(today=today)
    row.state = "met"
    row.save()
    plan(row.pip, [row], today=today)
    assert dispatch(today=clock("2026-10-13T08:30")) == (0, 0)
    assert set(Delivery.objects.filter(reminder__obligation=row, channel="mail").values_list("state", flat=True)) == {
        "dropped"
    }


def test_outage_of_three_days_ends_with_one_letter_marked_late(house, clock):
    duty(house, LAW, date(2026, 10, 20), today=date(2026, 9, 1))
    today = clock("2026-10-19T09:00")
    plan_overdue(today=today)
    assert dispatch(today=today) == (1, 2)
    states = dict(Reminder.objects.values_list("rung", "state"))
    assert {rung for rung, state in states.items() if state == "skipped"} == {"opened", "20", "10", "5", "3"}
    assert (states["1"], states["0"]) == ("sent", "planned")
    clock("2026-10-21T09:00")
    plan_overdue(today=date(2026, 10, 21))
    dispatch(today=date(2026, 10, 21))
    assert len(letters()) == 2

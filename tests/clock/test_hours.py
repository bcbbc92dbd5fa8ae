"""Duties in hours: a moment instead of a day, told of at once, overdue by the clock."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from portal.calendars.clock import calendar, civil_now, civil_today
from portal.clock.dispatch import dispatch
from portal.clock.reconcile import columns, reconcile
from portal.clock.reminders import plan, plan_overdue
from portal.law.engine import duties
from portal.law.facts import CaseFacts, IncidentFacts, PipFacts, civil_day
from portal.obligations.models import Obligation, Reminder


@pytest.fixture
def incident(house, today):
    """Stores the report of an incident discovered so many hours ago: 4 hours to the provincial CAC."""

    def made(hours_ago=1, ref="INC-1", **facts):
        discovered_at = civil_now() - timedelta(hours=hours_ago)
        one = IncidentFacts(ref, discovered_at, grade="large", **facts)
        found = duties(PipFacts(house.pip.uscc, incidents=(one,)), calendar())
        duty = next(each for each in found if each.rule == "incident-04-report")
        row = Obligation.objects.create(
            tenant=house.tenant, pip=house.pip, rule=duty.rule, subject=duty.subject, **columns(duty)
        )
        plan(house.pip, [row], today=today)
        return row

    return made


def rungs(row):
    return set(Reminder.objects.filter(obligation=row).values_list("rung", "send_on", "aims_at"))


def test_report_has_a_moment_and_the_day_on_which_it_falls(incident):
    row = incident()
    row.refresh_from_db()
    assert (row.due_on, row.firmness, row.reckoned_unit) == (None, "", "")
    assert row.safe_on == civil_day(row.due_at)


def test_this_moment_lies_on_the_day_of_the_demo(today):
    assert civil_day(civil_now()) == civil_today() == today


def test_it_is_told_of_at_once_and_no_day_of_the_ladder_is_planned(incident, today):
    row = incident()
    assert rungs(row) == {("opened", today, row.safe_on)}
    assert dispatch(today=today) == (1, 2)
    assert dispatch(today=today) == (0, 0)


def test_mail_names_the_moment_and_the_hours_left(incident, today):
    row = incident(hours_ago=1)
    dispatch(today=today)
    letter = mail.outbox[0]
    shown = f"{row.due_at:%Y-%m-%d %H:%M}"
    assert letter.subject.startswith("[2 hours left]") and letter.subject.endswith(shown)
    html = letter.alternatives[0].content
    for body in (letter.body, html):
        assert f"{shown}" in body and "Asia/Shanghai" in body and "Aim at" not in body


def test_mail_after_the_moment_says_overdue(incident, today):
    incident(hours_ago=5)
    dispatch(today=today)
    assert mail.outbox[0].subject.startswith("[overdue]")


def test_passed_moment_is_overdue_on_the_same_day(incident, today):
    late, running = incident(hours_ago=4.1, ref="INC-1"), incident(hours_ago=3, ref="INC-2")
    assert late.is_overdue(today) and not running.is_overdue(today)
    assert list(Obligation.objects.overdue(today)) == [late]
    assert running.is_overdue(today, now=running.due_at + timedelta(seconds=1))
    told = incident(hours_ago=9, ref="INC-3", authority_told_at=civil_now())
    assert told.state == "met" and not told.is_overdue(today)


def test_after_its_day_there_is_a_rung_each_working_day(incident, today):
    row, tomorrow = incident(hours_ago=30), today + timedelta(days=1)
    assert [plan_overdue(today=day) for day in (today, tomorrow)] == [0, 1]
    assert (f"late-{tomorrow}", tomorrow, row.safe_on) in rungs(row)


def test_it_goes_when_the_facts_no_longer_hold_it(incident, house, today):
    row = incident()
    reconcile(house.pip, today=today)
    row.refresh_from_db()
    assert row.state == "not_required"
    assert set(Reminder.objects.filter(obligation=row).values_list("state", flat=True)) == {"cancelled"}


def test_duty_has_a_day_or_a_moment_never_both(incident):
    row = incident()
    row.due_on = row.safe_on = date(2026, 10, 14)
    with pytest.raises(IntegrityError, match="obligation_due_on_or_at"), transaction.atomic():
        row.save()


def test_moment_without_its_day_is_refused(incident):
    row = incident()
    row.safe_on = None
    with pytest.raises(IntegrityError, match="obligation_moment_has_safe_date"), transaction.atomic():
        row.save()


@pytest.mark.parametrize("due_on", [date(2019, 3, 29), date(9999, 12, 31)])
def test_date_beyond_every_calendar_is_told_of_and_breaks_nothing(house, today, due_on):
    facts = PipFacts(house.pip.uscc, cases=(CaseFacts("C", "inspection", today, due_on=due_on),))
    duty = next(each for each in duties(facts, calendar()) if each.due)
    row = Obligation.objects.create(
        tenant=house.tenant, pip=house.pip, rule=duty.rule, subject=duty.subject, **columns(duty)
    )
    plan(house.pip, [row], today=today)
    assert rungs(row) == {("opened", today, due_on)}
    assert dispatch(today=today) == (1, 2)
    assert house.client("officer").get(row.get_absolute_url()).status_code == 200
    for path in ("work/", "duties/?view=each", "inbox/", "calendar/"):
        assert house.client("officer").get(house.url(path)).status_code == 200, path
    assert mail.outbox[0].subject.startswith("[overdue]" if due_on < today else "[far ahead]")

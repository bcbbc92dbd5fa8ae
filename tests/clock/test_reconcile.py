"""Reconcile makes the obligations agree with the law; the ladder follows them."""

from datetime import date, timedelta

import pytest

from deployments.models import ThresholdCrossing
from portal.audit.models import AuditEvent
from portal.clock.dispatch import dispatch
from portal.clock.reconcile import Outcome, reconcile
from portal.clock.reminders import plan_overdue
from portal.clock.sweep import overdue_tenants
from portal.obligations.models import Obligation, Reminder
from portal.tenancy.models import PipMark, touch
from tests import build


@pytest.fixture
def crossed(house):
    """100,214 persons on 2026-09-04, counted in one scenario."""
    place = build.deployment(house.pip)
    build.count(place.scenario, 100_214, date(2026, 9, 4))
    return house


def filing_duty() -> Obligation:
    return Obligation.objects.get(rule="frm-15-initial")


def test_crossing_opens_the_filing_duty_with_its_date(crossed, today):
    reconcile(crossed.pip, today=today)
    duty = filing_duty()
    assert (duty.arose_on, duty.due_on, duty.state, duty.is_confirmed) == (
        date(2026, 9, 4),
        date(2026, 10, 22),
        "open",
        False,
    )
    assert duty.safe_on <= duty.due_on


def test_second_run_writes_nothing(crossed, today):
    reconcile(crossed.pip, today=today)
    events, rungs = AuditEvent.objects.count(), Reminder.objects.count()
    assert reconcile(crossed.pip, today=today) == Outcome(0, 0, 0)
    assert (AuditEvent.objects.count(), Reminder.objects.count()) == (events, rungs)


def test_ladder_has_the_opening_and_six_rungs_before_the_safe_date(crossed, today):
    reconcile(crossed.pip, today=today)
    duty = filing_duty()
    rungs = dict(duty.reminders.values_list("rung", "send_on"))
    assert rungs.keys() == {"opened", "20", "10", "5", "3", "1", "0"}
    assert rungs["opened"] == today
    assert rungs["0"] == duty.safe_on


def test_count_dated_tomorrow_does_not_count_today(house, today):
    place = build.deployment(house.pip)
    build.count(place.scenario, 100_214, today + timedelta(days=1))
    reconcile(house.pip, today=today)
    assert not Obligation.objects.filter(rule="frm-15-initial").exists()
    reconcile(house.pip, today=today + timedelta(days=1))
    assert filing_duty().arose_on == today + timedelta(days=1)


def test_confirming_another_day_moves_the_date_and_cancels_the_old_rungs(crossed, today):
    reconcile(crossed.pip, today=today)
    before = filing_duty()
    ThresholdCrossing.objects.create(
        tenant=crossed.tenant,
        pip=crossed.pip,
        proposed_on=date(2026, 9, 4),
        crossed_on=date(2026, 9, 11),
        persons=100_214,
        method="by ID number",
        reason="the last shop was counted late",
        snapshot={},
        confirmed_on=today,
        confirmed_at="2026-10-12T02:00:00Z",
    )
    touch(crossed.pip.pk)
    reconcile(crossed.pip, today=today)
    after = filing_duty()
    assert after.pk == before.pk
    assert (after.arose_on, after.is_confirmed) == (date(2026, 9, 11), True)
    assert after.due_on > before.due_on
    assert set(Reminder.objects.filter(aims_at=before.safe_on).values_list("state", flat=True)) == {"cancelled"}
    assert Reminder.objects.filter(aims_at=after.safe_on, state="planned").count() == 7


def test_overdue_duty_gets_one_rung_each_working_day(crossed, today):
    reconcile(crossed.pip, today=today)
    friday, saturday = date(2026, 10, 30), date(2026, 10, 31)
    assert [plan_overdue(today=day) for day in (friday, friday, saturday)] == [1, 0, 0]


def test_duty_that_is_found_after_its_safe_date_is_told_once_that_day(crossed, today):
    found_on, next_day = date(2026, 10, 30), date(2026, 11, 2)
    reconcile(crossed.pip, today=found_on)
    assert filing_duty().safe_on < found_on
    dispatch(today=found_on)
    assert plan_overdue(today=found_on) == 0
    assert overdue_tenants(found_on) == []
    assert overdue_tenants(next_day) == [crossed.tenant.pk]
    assert plan_overdue(today=next_day) == 1


def test_duty_that_the_facts_no_longer_give_is_not_required(house, today):
    place = build.deployment(house.pip)
    build.device(place)
    reconcile(house.pip, today=today)
    sign_duty = Obligation.objects.get(rule="frm-13-sign")
    assert sign_duty.state == "open"
    place.status = "suspended"
    place.save(update_fields=["status"])
    reconcile(house.pip, today=today)
    sign_duty.refresh_from_db()
    assert sign_duty.state == "not_required"


def test_posting_a_sign_meets_the_duty(house, today):
    place = build.deployment(house.pip)
    build.device(place)
    reconcile(house.pip, today=today)
    build.sign(place)
    reconcile(house.pip, today=today)
    assert Obligation.objects.get(rule="frm-13-sign").state == "met"


def test_touch_leaves_a_mark_that_reconcile_clears(house, today):
    reconcile(house.pip, today=today)
    touch(house.pip.pk)
    mark = PipMark.objects.get()
    assert mark.touched_at > mark.reconciled_at
    reconcile(house.pip, today=today)
    mark.refresh_from_db()
    assert mark.touched_at < mark.reconciled_at

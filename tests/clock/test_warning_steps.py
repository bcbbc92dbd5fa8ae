"""Early warnings: one message for each step below 100,000, not for each count (MET-05)."""

from datetime import date, timedelta

import pytest
from django.core import mail

from deployments import services
from portal.clock.dispatch import dispatch
from portal.clock.reconcile import reconcile
from portal.obligations.models import Delivery, Obligation, Reminder
from tests import build

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def scenario(house):
    return build.scenario(house.pip)


@pytest.fixture
def counted(house, scenario, today):
    """Counts a number on a day of September, reconciles and dispatches; the subjects of the mails that went out."""

    def count(number, persons):
        build.count(scenario, persons, SEPTEMBER + timedelta(days=number))
        reconcile(house.pip, today=today)
        mail.outbox.clear()
        dispatch(today=today)
        return sorted({letter.subject for letter in mail.outbox})

    return count


def test_one_mail_for_a_step_however_many_counts_lie_above_it(counted):
    (first,) = counted(0, 81_000)
    assert "early warning" in first and "80 % of 100,000" in first
    assert counted(1, 83_000) == []
    assert counted(2, 89_999) == []
    (second,) = counted(3, 90_000)
    assert "90 % of 100,000" in second
    # Back to the first step, which was told already.
    assert counted(4, 88_000) == []
    # Owner and officer, in the inbox and by mail, for two steps.
    assert Delivery.objects.count() == 8


def test_step_that_is_reached_anew_is_told_anew(counted):
    assert len(counted(0, 81_000)) == 1
    assert counted(1, 70_000) == []
    assert len(counted(2, 82_000)) == 1


def test_step_passed_before_its_mail_went_out_is_not_told_any_more(house, scenario, today):
    for number, persons in enumerate((81_000, 96_000)):
        build.count(scenario, persons, SEPTEMBER + timedelta(days=number))
        reconcile(house.pip, today=today)
    dispatch(today=today)
    assert {letter.subject.rpartition("·")[2].strip() for letter in mail.outbox} == {"95 % of 100,000"}
    states = Reminder.objects.filter(rung__startswith="step-").values_list("rung", "state")
    assert set(states) == {("step-80", "cancelled"), ("step-95", "sent")}


def test_steps_of_the_tenant_decide_when_it_is_told(house, counted):
    services.set_warning_steps([60])
    (only,) = counted(0, 61_000)
    assert "60 % of 100,000" in only
    assert counted(1, 96_000) == []


def test_warning_ends_without_a_mail_once_the_number_is_reached(counted, house):
    counted(0, 96_000)
    told = counted(1, 100_000)
    assert all("early warning" not in subject for subject in told)
    assert Obligation.objects.get(rule="frm-15-warning").state == "not_required"


def test_letter_of_a_warning_names_no_due_day(counted, house):
    counted(0, 81_000)
    body = mail.outbox[0].body
    assert "Due on" not in body and "None" not in body and "81,000 persons are stored" in body
    page = house.client("officer").get(Obligation.objects.get(rule="frm-15-warning").get_absolute_url())
    assert "at 80 % of 100,000" in page.content.decode()
    assert house.client("officer").get(house.url("inbox/")).status_code == 200

"""No reminder is lost when a date moves back, a duty opens again, or nobody is there to be told."""

import smtplib
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection

from portal.accounts.models import Membership
from portal.clock import dispatch as clock_dispatch
from portal.clock.dispatch import deliver, dispatch
from portal.clock.letters import time_left
from portal.clock.reconcile import reconcile
from portal.clock.reminders import plan
from portal.clock.sweep import sweep
from portal.obligations.models import Delivery, Obligation, Reminder
from portal.tenancy.models import Pip, PipMark, touch
from tests import build


@pytest.fixture
def duty(house, today) -> Obligation:
    """The filing duty of 100,214 persons on 2026-09-04, due on 2026-10-22."""
    place = build.deployment(house.pip)
    build.count(place.scenario, 100_214, date(2026, 9, 4))
    reconcile(house.pip, today=today)
    return Obligation.objects.get(rule="frm-15-initial")


def planned(duty: Obligation) -> set[str]:
    return set(Reminder.objects.filter(obligation=duty, state="planned").values_list("rung", flat=True))


def move(duty: Obligation, safe_on: date, today: date) -> None:
    """The date of a duty moves, as when a count is corrected."""
    duty.safe_on, duty.due_on = safe_on, safe_on + timedelta(days=1)
    duty.save()
    plan(duty.pip, [duty], today=today)


def test_date_that_moves_there_and_back_keeps_its_rungs(duty, today):
    dispatch(today=today)
    first, mails = duty.safe_on, len(mail.outbox)
    move(duty, date(2026, 12, 1), today)
    move(duty, first, today)
    assert planned(duty) >= {"5", "3", "1", "0"}
    assert set(Reminder.objects.filter(obligation=duty, state="planned").values_list("aims_at", flat=True)) == {first}
    # That it moved is told at once.
    dispatch(today=today)
    assert len(mail.outbox) == mails + 2
    assert dispatch(today=today) == (0, 0)


def test_rung_that_was_missed_while_the_date_stood_elsewhere_is_made_up_once(duty, today):
    dispatch(today=today)
    first = duty.safe_on
    move(duty, date(2026, 12, 1), today)
    dispatch(today=today)
    mails, later = len(mail.outbox), date(2026, 10, 16)
    move(duty, first, later)
    dispatch(today=later)
    assert len(mail.outbox) == mails + 2
    dispatch(today=first)
    assert len(mail.outbox) == mails + 4


def test_last_day_that_moves_over_a_holiday_while_the_safe_date_stays_is_told(house, today):
    place = build.deployment(house.pip)
    build.count(place.scenario, 100_214, date(2026, 10, 8))
    reconcile(house.pip, today=today)
    dispatch(today=today)
    mails = len(mail.outbox)
    # An earlier count in the days off: one day less for the law, none for who is careful.
    build.count(place.scenario, 100_214, date(2026, 10, 2))
    for _turn in range(2):
        reconcile(house.pip, today=today + timedelta(days=1))
    duty = Obligation.objects.get(rule="frm-15-initial")
    assert (duty.due_on, duty.safe_on) == (date(2026, 11, 17), date(2026, 11, 17))
    dispatch(today=today + timedelta(days=1))
    told = [letter for letter in mail.outbox[mails:] if "2026-11-17" in letter.body]
    assert len(told) == len(mail.outbox) - mails == 2


def test_duty_that_opens_again_is_reminded_of_again(duty, today):
    dispatch(today=today)
    mails = len(mail.outbox)
    duty.state = "met"
    duty.save()
    plan(duty.pip, [duty], today=today)
    assert planned(duty) == set()
    duty.state = "open"
    duty.save()
    plan(duty.pip, [duty], today=today)
    assert planned(duty) >= {"5", "3", "1", "0"}
    dispatch(today=today)
    assert len(mail.outbox) == mails + 2


def test_planning_again_what_did_not_move_plans_nothing(duty, today):
    dispatch(today=today)
    before = set(Reminder.objects.values_list("pk", "state"))
    plan(duty.pip, [duty], today=today)
    assert set(Reminder.objects.values_list("pk", "state")) == before
    assert dispatch(today=today) == (0, 0)


def test_rung_waits_while_nobody_may_be_told(duty, house, today):
    tellable = Membership.objects.filter(user__in=[house.people["owner"], house.people["officer"]])
    tellable.update(ends_on=today - timedelta(days=1))
    dispatch(today=today)
    assert mail.outbox == []
    page = house.client("auditor").get(house.url("health/")).content.decode()
    assert "Nobody is told" in page
    tellable.update(ends_on=None)
    dispatch(today=today + timedelta(days=1))
    assert len(mail.outbox) == 2
    assert Reminder.objects.filter(obligation=duty, state="sent", is_late=True).count() == 1


class Greylisting:
    """A server that takes nobody's mail at the first try."""

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, messages: list) -> int:
        raise smtplib.SMTPRecipientsRefused({message.to[0]: (451, b"try again later") for message in messages})


def test_address_refused_for_the_moment_is_tried_again(duty, today, settings):
    settings.EMAIL_BACKEND = "tests.clock.test_moved_dates.Greylisting"
    dispatch(today=today)
    assert set(Delivery.objects.filter(channel="mail").values_list("state", flat=True)) == {"waiting"}


def test_log_of_a_refused_mail_names_nobody(duty, today, settings, caplog):
    settings.EMAIL_BACKEND = "tests.clock.test_moved_dates.Greylisting"
    dispatch(today=today)
    assert "not accepted" in caplog.text
    assert "@" not in caplog.text


def test_waiting_mail_of_somebody_whose_access_ended_is_not_sent(duty, house, today, settings):
    settings.EMAIL_BACKEND = "tests.clock.test_moved_dates.Greylisting"
    dispatch(today=today)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Membership.objects.filter(user=house.people["officer"]).update(ends_on=today - timedelta(days=1))
    for row in Delivery.objects.filter(channel="mail"):
        Delivery.objects.filter(pk=row.pk).update(next_attempt_at=None)
        deliver(house.tenant, row.pk, today=today)
    assert [message.to for message in mail.outbox] == [["owner@acme.example"]]
    assert Delivery.objects.filter(channel="mail", user=house.people["officer"]).get().state == "failed"


def test_mail_that_was_put_off_is_not_taken_before_its_time(duty, house, today, settings):
    settings.EMAIL_BACKEND = "tests.clock.test_moved_dates.Greylisting"
    dispatch(today=today)
    row = Delivery.objects.filter(channel="mail").first()
    assert deliver(house.tenant, row.pk, today=today) == 0
    row.refresh_from_db()
    assert row.attempts == 1


def test_name_with_a_line_break_stops_no_mail(duty, house, today):
    house.pip.name = "示例科技\r\nBcc: all@example.org"
    house.pip.save()
    dispatch(today=today)
    assert len(mail.outbox) == 2
    assert all("\n" not in message.subject and not message.bcc for message in mail.outbox)


def test_letter_that_can_not_be_written_holds_up_no_other(duty, house, today, monkeypatch):
    letter = clock_dispatch.letter_of
    broken = house.people["officer"].pk

    def write(deliveries, subjects, *, today):
        if deliveries[0].user_id == broken:
            raise ValueError("a template that fails")
        return letter(deliveries, subjects, today=today)

    monkeypatch.setattr(clock_dispatch, "letter_of", write)
    dispatch(today=today)
    assert [message.to for message in mail.outbox] == [["owner@acme.example"]]
    row = Delivery.objects.get(channel="mail", user_id=broken)
    assert (row.state, row.lease_until) == ("waiting", None)
    assert row.error


def test_provisional_date_is_called_provisional_in_the_heading(duty, today):
    Obligation.objects.filter(pk=duty.pk).update(firmness="provisional")
    dispatch(today=today)
    assert all("provisional" in message.subject for message in mail.outbox)


def test_date_on_a_day_of_rest_is_not_due_the_friday_before(duty):
    duty.due_on = date(2026, 10, 18)  # a Sunday
    assert time_left(duty, date(2026, 10, 16)) != "due today"
    assert time_left(duty, date(2026, 10, 18)) == "due today"


def test_one_pip_that_fails_holds_up_no_other(house, today, monkeypatch):
    second = Pip(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="二号", province="33")
    second.save()
    from portal.clock import sweep as round_

    def stumble(pip, *, today):
        if pip.pk == house.pip.pk:
            raise ValueError("a rule that fails")
        return reconcile(pip, today=today)

    monkeypatch.setattr(round_, "reconcile", stumble)
    assert sweep(today=today) == 1
    assert PipMark.objects.filter(pip=second, reconciled_on=today).exists()


def test_touch_is_seen_whatever_the_clocks_say(house, today):
    reconcile(house.pip, today=today)
    # The clock that wrote this ran an hour ahead.
    PipMark.objects.update(reconciled_at="2999-01-01T00:00:00Z")
    touch(house.pip.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM door_round(%s) WHERE pip_id = %s", [today, house.pip.pk])
        assert cursor.fetchone() == (1,)
        reconcile(house.pip, today=today)
        cursor.execute("SELECT count(*) FROM door_round(%s) WHERE pip_id = %s", [today, house.pip.pk])
        assert cursor.fetchone() == (0,)


def test_date_that_comes_back_is_told_again_even_if_no_rung_of_it_was_left(house, duty, today):
    first = duty.safe_on
    Reminder.objects.filter(obligation=duty).update(state="sent")
    for safe_on in (first + timedelta(days=1), first, first):
        duty.safe_on = duty.due_on = safe_on
        duty.save()
        plan(duty.pip, [duty], today=today)
    again = Reminder.objects.filter(obligation=duty, rung__startswith="again-")
    assert [(row.aims_at, row.state) for row in again] == [(first, "planned")]

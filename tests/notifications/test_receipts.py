"""The weekly receipt: once a person and week, on the first working morning, with the numbers of the log."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.clock import receipts
from portal.clock.dispatch import dispatch
from portal.clock.models import Heartbeat, beat
from portal.clock.receipts import is_time, send_receipts
from portal.notifications.models import WeeklyReceipt
from portal.obligations.models import Delivery, Obligation
from portal.tenancy.models import PipMark
from tests.notifications.robots import LAW, OWN, tell


def morning(day, hour=9):
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (date(2026, 10, 12), 9, True),  # a Monday
        (date(2026, 10, 12), 8, False),
        (date(2026, 10, 13), 0, True),  # Monday was missed
        (date(2026, 10, 11), 9, True),  # a Sunday, days after the week's first working day
        (date(2026, 10, 5), 9, False),  # National Day week
        (date(2026, 10, 7), 9, False),
        (date(2026, 10, 8), 9, True),
    ],
)
def test_first_working_morning_of_the_week_is_the_time(day, hour, expected):
    assert is_time(day, morning(day, hour)) is expected


def test_receipt_has_the_numbers_and_goes_once_to_owners_and_officers(house, today):
    PipMark.objects.create(tenant=house.tenant, pip=house.pip, reconciled_on=today)
    tell(house, LAW, 2)
    tell(house, OWN, 3)
    Obligation.objects.filter(rule=LAW).update(firmness="provisional")
    dispatch(today=today)
    beat("sweep")
    mail.outbox.clear()
    assert send_receipts(today=today, now=morning(today)) == 2
    assert send_receipts(today=today + timedelta(days=2), now=morning(today)) == 0
    assert sorted(message.to[0] for message in mail.outbox) == ["officer@acme.example", "owner@acme.example"]
    receipt = WeeklyReceipt.objects.first()
    numbers = (receipt.checked, receipt.provisional, receipt.sent, receipt.failed, receipt.waiting)
    assert numbers == (5, 2, 2, 0, 0) and receipt.announced_until == date(2026, 12, 31)
    assert receipt.swept_at and receipt.week_on == date(2026, 10, 12)
    letter = mail.outbox[0]
    assert letter.subject == "[Acme] Your reminders run: 5 duties checked, 2 messages sent"
    assert "2026-12-31" in letter.body and "http://127.0.0.1:8000/t/acme/deliveries/receipts/" in letter.body
    page = house.client("auditor").get(house.url("deliveries/receipts/"))
    assert len(page.context["rows"]) == 2 and "Officer" in page.content.decode()


def test_next_week_has_a_receipt_of_its_own(house, today):
    send_receipts(today=today, now=morning(today))
    send_receipts(today=date(2026, 10, 19), now=morning(date(2026, 10, 19)))
    assert set(WeeklyReceipt.objects.values_list("week_on", flat=True)) == {date(2026, 10, 12), date(2026, 10, 19)}
    assert WeeklyReceipt.objects.count() == 4


def test_failures_change_the_heading(house, today, settings):
    PipMark.objects.create(tenant=house.tenant, pip=house.pip, reconciled_on=today)
    tell(house, LAW)
    with_refusals = "tests.clock.test_dispatch.Refusing"
    plain, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, with_refusals
    dispatch(today=today)
    settings.EMAIL_BACKEND = plain
    send_receipts(today=today, now=morning(today))
    assert mail.outbox[0].subject == "[Acme] Look at your reminders: 2 messages failed, 0 wait"


def test_receipt_is_in_the_language_of_its_reader(house, today):
    officer = house.people["officer"]
    officer.language = "zh-hans"
    officer.save(update_fields=["language"])
    send_receipts(today=today, now=morning(today))
    letter = next(message for message in mail.outbox if message.to == [officer.email])
    assert "截止" in letter.body or "期限" in letter.body
    assert "Your reminders" not in letter.body + letter.alternatives[0].content


def test_refused_receipt_is_tried_again_and_stays_in_sight(house, today, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert send_receipts(today=today, now=morning(today)) == 0
    waiting = WeeklyReceipt.objects.all()
    assert {row.state for row in waiting} == {"waiting"} and all("refused" in row.error.lower() for row in waiting)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    waiting.update(next_attempt_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert send_receipts(today=today, now=morning(today)) == 2
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == {row.message_id for row in waiting}


def test_page_of_receipts_costs_the_same_at_three_weeks_and_at_eight(house, today, django_assert_max_num_queries):
    counts = []
    house.client("auditor").get(house.url("deliveries/receipts/"))  # what is learnt once
    for weeks in (3, 8):
        for week in range(weeks):
            day = date(2026, 3, 2) + timedelta(weeks=week)
            send_receipts(today=day, now=morning(day))
        with django_assert_max_num_queries(100) as seen:
            house.client("auditor").get(house.url("deliveries/receipts/"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def told_before(house, on, made_at):
    """The receipts of an earlier week."""
    send_receipts(today=on, now=morning(on))
    WeeklyReceipt.objects.update(made_at=made_at)


def test_no_day_lies_between_two_receipts(house, today):
    now = timezone.now()
    told_before(house, date(2026, 9, 28), now - timedelta(days=10))
    tell(house, LAW)
    dispatch(today=today)
    # After a week of holidays the receipt comes on a Thursday.
    Delivery.objects.filter(channel="mail").update(sent_at=now - timedelta(days=9))
    send_receipts(today=date(2026, 10, 8), now=morning(date(2026, 10, 8)))
    assert set(WeeklyReceipt.objects.filter(week_on=date(2026, 10, 5)).values_list("sent", flat=True)) == {2}


def test_mail_that_fails_after_days_of_trying_is_told_in_the_next_receipt(house, today):
    now = timezone.now()
    told_before(house, date(2026, 10, 5), now - timedelta(days=7))
    tell(house, LAW)
    dispatch(today=today)
    # Made on the Friday before the last receipt, given up on the Monday after it.
    failed = {"state": "failed", "created_at": now - timedelta(days=10), "next_attempt_at": now - timedelta(days=6)}
    Delivery.objects.filter(channel="mail").update(sent_at=None, **failed)
    send_receipts(today=today, now=morning(today))
    assert set(WeeklyReceipt.objects.filter(week_on=today).values_list("failed", flat=True)) == {2}


def test_receipt_to_an_address_that_no_mail_can_have_holds_up_no_other_and_ends_in_sight(house, today):
    broken = house.people["officer"]
    broken.email = f"officer@{'例' * 60}.example"
    broken.save(update_fields=["email"])
    assert send_receipts(today=today, now=morning(today)) == 1
    assert [message.to for message in mail.outbox] == [["owner@acme.example"]]
    row = WeeklyReceipt.objects.get(user=broken)
    assert (row.state, row.lease_until, row.error) == ("failed", None, "#unread")


def test_receipt_that_can_not_be_written_holds_up_no_other_and_is_tried_again(house, today, monkeypatch):
    letter, broken = receipts.letter_of, house.people["officer"].pk

    def write(receipt):
        if receipt.user_id == broken:
            raise ValueError("a template that fails")
        return letter(receipt)

    monkeypatch.setattr(receipts, "letter_of", write)
    assert send_receipts(today=today, now=morning(today)) == 1
    row = WeeklyReceipt.objects.get(user=broken)
    assert (row.state, row.lease_until, row.error) == (
        "waiting",
        None,
        "#unwritten ValueError",
    ) and row.next_attempt_at


@pytest.mark.parametrize("last", [None, date(2026, 10, 9)])
def test_dates_that_could_not_be_checked_are_counted_apart_and_change_the_heading(house, today, last):
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now())
    if last:
        PipMark.objects.create(tenant=house.tenant, pip=house.pip, reconciled_on=last)
    tell(house, LAW, 3)
    dispatch(today=today)
    mail.outbox.clear()
    send_receipts(today=today, now=morning(today))
    assert set(WeeklyReceipt.objects.values_list("checked", "unchecked")) == {(0, 3)}
    assert mail.outbox[0].subject == "[Acme] Look at your reminders: the dates of 3 duties could not be checked"
    assert "Not checked: 3" in mail.outbox[0].body and ">3<" in mail.outbox[0].alternatives[0].content
    page = house.client("auditor").get(house.url("health/"))
    (found,) = (row for row in page.context["rows"] if row.name == "Check of the dates")
    assert found.tone == "bad" and house.pip.name in found.what


def test_dates_checked_yesterday_are_no_alarm_in_the_first_minute_of_a_day(house, today):
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now())
    PipMark.objects.create(tenant=house.tenant, pip=house.pip, reconciled_on=today - timedelta(days=1))
    tell(house, LAW)
    send_receipts(today=today, now=morning(today))
    assert set(WeeklyReceipt.objects.values_list("checked", "unchecked")) == {(1, 0)}
    rows = house.client("auditor").get(house.url("health/")).context["rows"]
    assert "Check of the dates" not in {row.name for row in rows}


def test_receipt_waits_for_a_mail_server_that_is_away_for_a_day(house, today, settings):
    settings.EMAIL_BACKEND = "tests.clock.test_moved_dates.Greylisting"
    send_receipts(today=today, now=morning(today))
    for _hour in range(24):
        WeeklyReceipt.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
        send_receipts(today=today, now=morning(today))
    assert set(WeeklyReceipt.objects.values_list("state", "attempts")) == {("waiting", 25)}

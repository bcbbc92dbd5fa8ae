"""No storm: what a cap holds back waits in sight and goes out next; what presses is held back by none."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.calendars.clock import civil_now
from portal.clock.dispatch import dispatch
from portal.obligations.models import Delivery
from tests.notifications.robots import LAW, OWN, tell

PEOPLE = 2


def held():
    return Delivery.objects.filter(held_on__isnull=False)


def to(role):
    return [message for message in mail.outbox if message.to == [f"{role}@acme.example"]]


def test_letter_above_the_cap_of_a_day_goes_out_in_the_next_days_digest(house, today, settings):
    settings.MOST_LETTERS_A_DAY = 3
    for _round in range(5):
        tell(house, OWN)
        dispatch(today=today)
    assert len(to("officer")) == 3 and len(to("owner")) == 3
    assert held().count() == 2 * PEOPLE and set(held().values_list("state", flat=True)) == {"waiting"}
    assert {f"{timezone.localtime(row.next_attempt_at):%m-%d %H:%M}" for row in held()} == {"10-13 08:30"}
    held().update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    dispatch(today=today)
    assert len(to("officer")) == 3
    held().update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    dispatch(today=today + timedelta(days=1))
    assert len(to("officer")) == 4 and not held().exists()
    assert not Delivery.objects.exclude(state="sent").exists()


@pytest.mark.parametrize("kind", ["hours", "statutory"])
def test_what_presses_is_held_back_by_no_cap_and_counts(house, today, settings, kind):
    settings.MOST_LETTERS_A_DAY = 2
    pressing = {"safe_on": today}
    if kind == "hours":
        pressing |= {"due_on": None, "due_at": civil_now() + timedelta(hours=3)}
    for _round in range(4):
        tell(house, LAW, **pressing)
        dispatch(today=today)
    tell(house, OWN)
    dispatch(today=today)
    assert len(to("officer")) == 4
    assert set(held().values_list("reminder__obligation__rule", flat=True)) == {OWN}


def test_workspace_sends_no_more_than_a_round_allows_and_goes_on_in_the_next(house, today, settings):
    settings.MOST_LETTERS_A_ROUND = 1
    tell(house, LAW, 4, safe_on=today)
    dispatch(today=today)
    assert len(mail.outbox) == 1 and held().count() == 4
    dispatch(today=today)
    assert len(mail.outbox) == PEOPLE and not held().exists()


def test_storm_is_an_alarm_for_owners_and_on_the_health_page(house, today, settings):
    settings.MOST_LETTERS_A_DAY = 0
    tell(house, OWN)
    dispatch(today=today)
    assert mail.outbox == [] and held().count() == PEOPLE
    assert "Letters are held back" in house.client("owner").get(house.url("duties/")).content.decode()
    assert "Letters are held back" not in house.client("auditor").get(house.url("duties/")).content.decode()
    assert "Storm guard" in house.client("auditor").get(house.url("health/")).content.decode()
    log = house.client("auditor").get(house.url("deliveries/?state=held"))
    assert len(log.context["rows"]) == PEOPLE and "held back" in log.content.decode()


def test_letters_of_yesterday_do_not_count(house, settings):
    settings.MOST_LETTERS_A_DAY = 1
    for day in (12, 13, 14):
        tell(house, OWN, today=date(2026, 10, day))
        dispatch(today=date(2026, 10, day))
    assert len(to("officer")) == 3 and not held().exists()

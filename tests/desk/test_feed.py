"""The subscribed calendar, read by another library than the one that wrote it."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import vobject
from django.test import Client

from portal.accounts.models import FeedAddress, Membership
from portal.accounts.services import end_membership
from portal.audit.models import AuditEvent
from portal.clock.reconcile import reconcile
from portal.obligations.models import Obligation
from tests import build
from tests.desk.test_work import duty


def subscribe(house, role="officer", covers="mine"):
    """The path of a fresh address."""
    answer = house.client(role).post(house.url("calendar/feeds/"), {"covers": covers, "act": "make"})
    return re.search(r"/c/[0-9a-f-]{36}/calendar\.ics", answer.content.decode())[0]


def fetch(path):
    answer = Client().get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer


def events(path):
    read = vobject.readOne(fetch(path).content.decode())
    return {one.uid.value: one for one in getattr(read, "vevent_list", [])}


def event(path):
    (found,) = events(path).values()
    return found


def test_file_keeps_the_form_that_calendars_read(passed):
    body = fetch(subscribe(passed, covers="all")).content
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    head = vobject.readOne(body.decode())
    assert head.version.value == "2.0" and head.prodid.value
    assert {"uid", "dtstamp", "dtstart", "summary"} <= set(head.vevent.contents)


def test_duty_is_an_all_day_event_without_a_zone_on_the_day_to_aim_at(house):
    row = duty(house, 1, rule="frm-15-initial", safe_on=date(2026, 11, 5), due_on=date(2026, 11, 6), firmness="firm")
    found = event(subscribe(house))
    assert found.dtstart.value == date(2026, 11, 5) and found.dtend.value == date(2026, 11, 6)
    assert found.dtstart.params == {"VALUE": ["DATE"]}
    assert found.uid.value == f"duty-{house.tenant.pk}-{row.pk}@frportal"
    assert "Last day: 2026-11-06 Fri." in found.description.value and "FRM Art 15" in found.description.value
    assert found.url.value.endswith(row.get_absolute_url())
    assert "PROVISIONAL" not in found.summary.value and found.status.value == "CONFIRMED"


def test_chinese_reader_gets_chinese_text_unbroken(house):
    house.people["officer"].language = "zh-hans"
    house.people["officer"].save(update_fields=["language"])
    row = duty(
        house,
        1,
        safe_on=date(2026, 11, 5),
        due_on=date(2026, 11, 6),
        why_zh="门禁人脸识别终端的提示标识，" * 12 + "逗号,分号;反斜线\\换行\n完",
    )
    found = event(subscribe(house))
    assert row.why_zh in found.description.value
    assert re.search(r"[一-鿿]", found.summary.value)


def test_duty_in_hours_is_a_moment_in_utc_with_alarms(house):
    due_at = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
    duty(house, 1, rule="incident-04-report", due_at=due_at, safe_on=date(2026, 10, 12))
    path = subscribe(house)
    found = event(path)
    assert found.dtstart.value == due_at
    assert b"DTSTART:20261012T093000Z" in fetch(path).content
    assert [one.trigger.value for one in found.valarm_list] == [timedelta(hours=-2), timedelta(minutes=-30)]
    assert "2026-10-12 17:30" in found.description.value


def test_sequence_rises_when_the_date_moves_and_not_when_it_stands(house, today):
    place = build.deployment(house.pip)
    build.count(place.scenario, 100_214, date(2026, 10, 4))
    reconcile(house.pip, today=today)
    path, row = subscribe(house, covers="all"), Obligation.objects.get(rule="frm-15-initial")
    uid = f"duty-{house.tenant.pk}-{row.pk}@frportal"
    first = events(path)[uid]
    Obligation.objects.filter(pk=row.pk).update(assignee=house.people["officer"])
    assert events(path)[uid].sequence.value == first.sequence.value == "0"
    build.count(place.scenario, 100_300, date(2026, 9, 21))
    reconcile(house.pip, today=today)
    moved = events(path)[uid]
    assert moved.dtstart.value < first.dtstart.value and moved.sequence.value == "1"
    last = AuditEvent.objects.filter(row_id=str(row.pk), table_name="obligations_obligation").latest("id")
    assert moved.last_modified.value == last.at.replace(microsecond=0)


def test_date_that_reaches_an_unannounced_year_says_provisional_with_its_safe_date(house, settings):
    settings.PORTAL_TODAY = "2026-11-23"
    place = build.deployment(house.pip)
    build.count(place.scenario, 100_214, date(2026, 11, 23))
    reconcile(house.pip, today=date(2026, 11, 23))
    row = Obligation.objects.get(rule="frm-15-initial")
    assert row.due_on.year == 2027 and row.safe_on < row.due_on
    found = events(subscribe(house, covers="all"))[f"duty-{house.tenant.pk}-{row.pk}@frportal"]
    assert found.summary.value.startswith("PROVISIONAL: ") and found.status.value == "TENTATIVE"
    assert found.dtstart.value == row.safe_on
    assert f"Aim at {row.safe_on}" in found.description.value and f"Last day: {row.due_on}" in found.description.value
    assert "the holiday notice for 2027 is not published" in found.description.value


def test_own_feed_leaves_out_what_is_somebody_elses(house):
    duty(house, 1, safe_on=date(2026, 11, 5), due_on=date(2026, 11, 6), assignee=house.people["owner"])
    assert events(subscribe(house)) == {} and len(events(subscribe(house, covers="all"))) == 1


def test_feed_holds_no_name_of_a_person(house):
    holder = house.people["owner"]
    duty(house, 1, safe_on=date(2026, 11, 5), due_on=date(2026, 11, 6), assignee=holder)
    text = fetch(subscribe(house, covers="all")).content.decode()
    assert holder.email not in text and "Owner" not in text


def test_new_address_ends_the_old_one_and_a_withdrawn_one_finds_nothing(house):
    old = subscribe(house)
    new = subscribe(house)
    assert Client().get(old).status_code == 404 and fetch(new)
    house.client("officer").post(house.url("calendar/feeds/"), {"covers": "mine", "act": "revoke"})
    assert Client().get(new).status_code == 404


def test_secret_is_kept_as_a_hash_and_shown_once(house):
    secret = subscribe(house).split("/")[2]
    row = FeedAddress.objects.get()
    assert secret not in str(vars(row)) and len(row.secret_hash) == 64
    assert secret not in house.client("officer").get(house.url("calendar/feeds/")).content.decode()
    trail = AuditEvent.objects.filter(table_name="accounts_feedaddress").values_list("body", flat=True)
    assert trail and all(row.secret_hash not in body for body in trail)


def test_address_ends_with_the_access(house):
    path = subscribe(house)
    end_membership(Membership.objects.get(user=house.people["officer"]), on=date(2026, 10, 11))
    assert Client().get(path).status_code == 404


def test_guessed_address_finds_nothing_and_no_cookie_is_set(house):
    answer = Client().get(f"/c/{uuid4()}/calendar.ics")
    assert answer.status_code == 404
    assert not fetch(subscribe(house)).cookies


def test_address_of_another_workspace_shows_its_own_duties_only(house, stranger):
    duty(house, 1, safe_on=date(2026, 11, 5), due_on=date(2026, 11, 6))
    with stranger.acting("officer"):
        duty(stranger, 2, safe_on=date(2026, 11, 5), due_on=date(2026, 11, 6))
    mine, theirs = events(subscribe(house)), events(subscribe(stranger))
    assert len(mine) == len(theirs) == 1 and not mine.keys() & theirs.keys()


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("vendor", 403), ("operator", 200)])
def test_address_is_made_by_who_has_work(house, role, status):
    assert house.client(role).post(house.url("calendar/feeds/"), {"covers": "mine"}).status_code == status


def test_feed_costs_the_same_at_three_and_at_eight(house, cost):
    path, costs = subscribe(house), []
    for numbers in (range(3), range(3, 8)):
        for number in numbers:
            duty(house, number, safe_on=date(2026, 11, 5), due_on=date(2026, 11, 6))
        costs.append(cost(Client(), path))
    assert costs[0] == costs[1]


def test_feed_that_is_cut_says_so(house, monkeypatch):
    monkeypatch.setattr("portal.desk.feed.MOST_EVENTS", 2)
    for number in range(3):
        duty(house, number, safe_on=date(2026, 11, 5 + number), due_on=date(2026, 11, 6 + number))
    path = subscribe(house)
    assert len(events(path)) == 2 and b"Only the earliest 2 dates are here." in fetch(path).content

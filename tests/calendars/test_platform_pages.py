"""The operator's pages: load in three ways, compare, confirm by another, and see what is asked."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import User
from portal.calendars.clock import calendar
from portal.calendars.models import HolidayNotice
from portal.clock.announcements import load_notice, refuse_notice
from portal.clock.reconcile import reconcile
from tests import build
from tests.calendars.notices import (
    MAKEUP_2027,
    OFF_2027,
    TEXT_2027,
    TITLE_2027,
    confirmed_2027,
    platform,
    waiting_2027,
)

LOAD = "/platform/calendars/load/"
AS_LINES = """2027-01-01 2027-01-02 元旦
2027-02-05 至 2027-02-12 春节
2027-04-03 2027-04-05 清明节

2027-05-01 2027-05-05 劳动节
2027-06-09 端午节
2027-09-15 中秋节
2027-10-01 to 2027-10-07 国庆节"""
WAYS = {
    "text": {"text": TEXT_2027},
    "json": {
        "document": json.dumps(
            {"year": 2027, "title": TITLE_2027, "days_off": OFF_2027, "makeup_workdays": MAKEUP_2027}
        )
    },
    "form": {"year": 2027, "title": TITLE_2027, "days_off": AS_LINES, "makeup_workdays": "\n".join(MAKEUP_2027)},
}
SOURCE = "https://www.gov.cn/zhengce/test.htm"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def november(settings) -> None:
    settings.PORTAL_TODAY = "2026-11-25"


@pytest.fixture
def one(db) -> Client:
    return signed_in(platform("one"))


@pytest.fixture
def two(db) -> Client:
    return signed_in(platform("two"))


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_loading_gives_the_same_days(way, one):
    answer = one.post(f"{LOAD}?way={way}", {**WAYS[way], "source": SOURCE})
    row = HolidayNotice.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"/platform/calendars/{row.pk}/"
    assert [entry["date"] for entry in row.days_off] == OFF_2027
    assert sorted(entry["date"] for entry in row.makeup_workdays) == MAKEUP_2027
    assert (row.way, row.source, row.state, row.title) == (way, SOURCE, "waiting", TITLE_2027)
    assert row.raw


@pytest.mark.parametrize(
    ("way", "change", "said"),
    [
        ("text", {"text": TEXT_2027.replace("1月3日（周日）", "1月3日（周六）")}, "Line 4: 2027-01-03 is a Sunday"),
        ("text", {"text": ""}, "This field is required"),
        ("text", {"source": ""}, "This field is required"),
        ("json", {"document": "{"}, "This is no JSON: see line 1"),
        ("json", {"document": "[" * 10_000}, "This is no JSON"),
        ("json", {"document": "[]"}, "Give one object"),
        ("json", {"document": '{"year": 2027, "days_off": []}'}, "never means that a year has no holidays"),
        ("json", {"document": '{"year": 2027, "days_off": ["2027-01-01"], "notice_date": "x"}'}, "is not a day"),
        ("json", {"document": json.dumps({"year": 2027, "title": "x" * 201, "days_off": OFF_2027})}, "at most 200"),
        ("form", {"days_off": "2027-01-01 元旦\n5 February"}, "Line 2 is not understood"),
        ("form", {"days_off": "2027-02-30 春节"}, "Line 1 is not understood"),
        ("form", {"days_off": "2027-02-12 2027-02-05 春节"}, "Line 1 is not understood"),
        ("form", {"makeup_workdays": "2027-02-08"}, "both a day off and a make-up working day"),
        ("form", {"year": "2026"}, "lies outside 2026"),
    ],
)
def test_what_is_no_notice_is_refused_with_the_place_and_kept_nowhere(way, change, said, one):
    answer = one.post(f"{LOAD}?way={way}", {**WAYS[way], "source": SOURCE, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert not HolidayNotice.objects.exists()


def test_unknown_way_is_not_there(one):
    assert one.get(f"{LOAD}?way=fax").status_code == 404


def test_second_person_compares_and_confirms_and_the_first_one_cannot(one, two):
    one.post(f"{LOAD}?way=text", {"text": TEXT_2027, "source": SOURCE})
    row = HolidayNotice.objects.get()
    address = f"/platform/calendars/{row.pk}/"
    own = one.get(address).content.decode()
    assert "Another person confirms" in own and "confirm/" not in own
    assert one.post(f"{address}confirm/", {"compared": "on"}).status_code == 409
    page = two.get(address).content.decode()
    assert "2027-01-03" in page and "国办发" in page and SOURCE in page
    assert two.post(f"{address}confirm/").status_code == 422
    assert two.post(f"{address}confirm/", {"compared": "on"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.confirmed_by.name, row.loaded_by.name) == ("confirmed", "Two", "One")
    assert calendar().is_official(2027)
    again = two.post(f"{address}confirm/", {"compared": "on", "replaces": "on"})
    assert again.status_code == 409 and "decided on already" in again.content.decode()


def test_refusal_needs_a_reason(two):
    row = waiting_2027(platform("one"))
    address = f"/platform/calendars/{row.pk}/refuse/"
    assert two.post(address, {"reason": " "}).status_code == 422
    assert two.post(address, {"reason": "day 3 differs from the source"}).status_code == 302
    assert "day 3 differs from the source" in two.get(f"/platform/calendars/{row.pk}/").content.decode()


def test_shipped_year_is_replaced_only_with_a_tick_of_both(one, two):
    given = {"document": '{"year": 2026, "days_off": ["2026-01-01", "2026-10-08"]}', "source": SOURCE}
    refused = one.post(f"{LOAD}?way=json", given)
    assert refused.status_code == 422 and "Tick that this one replaces it" in refused.content.decode()
    one.post(f"{LOAD}?way=json", {**given, "replaces": "on"})
    address = f"/platform/calendars/{HolidayNotice.objects.get().pk}/confirm/"
    assert two.post(address, {"compared": "on"}).status_code == 422
    assert two.post(address, {"compared": "on", "replaces": "on"}).status_code == 302


def test_home_asks_for_the_notice_while_a_date_reaches_its_year(house, one, settings):
    assert "Nothing to do" in one.get("/platform/").content.decode()
    settings.PORTAL_TODAY = "2026-11-23"
    build.count(build.scenario(house.pip), 100_214, date(2026, 11, 23))
    reconcile(house.pip, today=date(2026, 11, 23))
    page = one.get("/platform/").content.decode()
    assert "Load the notice for 2027" in page and house.tenant.name not in page and house.pip.name not in page
    healthz = Client().get("/healthz").json()
    assert (healthz["calendar_until"], healthz["calendar_task"]) == ("2026-12-31", "load the notice for 2027")
    assert healthz["provisional_dates"] >= 1
    waiting_2027(platform("three"))
    page = one.get("/platform/").content.decode()
    assert "Load the notice for 2027" not in page and "Compare and confirm the notice for 2027" in page


def test_healthz_asks_for_nothing_once_the_notice_is_confirmed(db):
    confirmed_2027()
    found = Client().get("/healthz").json()
    assert (found["calendar_until"], found["calendar_task"]) == ("2027-12-31", "none")


def test_years_show_their_notice_and_who_confirmed_it(one):
    confirmed_2027()
    page = one.get("/platform/calendars/").content.decode()
    assert "Second" in page and "ships with the portal" in page and "announced" in page and "provisional" in page
    year = one.get("/platform/calendars/years/2027/").content.decode()
    assert TITLE_2027 in year and "2027-01-31" in year
    assert one.get("/platform/calendars/years/2023/").status_code == 404
    assert one.get("/platform/calendars/years/9999/").status_code == 404


def test_list_of_years_costs_the_same_at_three_versions_and_at_eight(one):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert one.get("/platform/calendars/").status_code == 200
        return len(queries)

    loader, judge = platform("loader"), platform("judge")

    def versions(number: int) -> None:
        for _each in range(number):
            row = waiting_2027(loader)
            refuse_notice(row, by=judge, now=timezone.now(), reason="again")

    versions(3)
    first = cost()
    versions(5)
    assert cost() == first


def test_notice_that_reaches_another_new_year_is_shown(one):
    row = load_notice(
        {"year": 2027, "title": "x", "days_off": ["2026-12-31", "2027-01-01"], "makeup_workdays": ["2026-12-26"]},
        **{"way": "json", "raw": "{}", "source": "x", "by": platform("three"), "today": date(2026, 11, 25)},
    )
    page = one.get(f"/platform/calendars/{row.pk}/").content.decode()
    assert "2026-12-26" in page and "2026-12-31" in page

"""The date page that anybody may ask."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.http import urlencode

from portal.tenancy import public
from tests.calendars.notices import Wall, confirmed_2027


@pytest.fixture(autouse=True)
def monday(settings, db) -> None:
    settings.PORTAL_TODAY = "2026-11-23"


def ask(**asked: object):
    return Client().get(f"/dates/?{urlencode({'lang': 'en', **asked})}")


def test_visitor_gets_the_date_with_its_days_its_safe_date_and_its_second_reading():
    page = ask(on="2026-11-23", period="filing")
    text = page.content.decode()
    found = page.context["reckoning"]
    assert (found.due, found.safe, found.strict) == (date(2027, 1, 5), date(2026, 12, 31), date(2027, 1, 4))
    assert "2027-01-05" in text and "2026-12-31" in text and "2027-01-04" in text
    assert "not published" in text and "Provisional" in text and "content_7047091" in text
    assert "day 30 of the count" in text


def test_page_sets_no_cookie_and_needs_no_account():
    for page in (Client().get("/dates/"), ask(on="2026-11-23", period="filing"), ask(on="x", period="filing")):
        assert not page.cookies
        assert b"csrf" not in page.content and b"<script" not in page.content


def test_page_speaks_the_language_that_its_address_names():
    chinese = ask(on="2026-11-23", period="filing", lang="zh-hans")
    assert "何时到期" in chinese.content.decode() and chinese.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans"' in chinese.content.decode()
    assert "When is it due?" in ask(lang="en").content.decode()
    # Links to the other language ask the same question.
    assert "?lang=en&amp;on=2026-11-23&amp;period=filing" in chinese.content.decode()


@pytest.mark.parametrize(("unit", "days"), [("working", 5), ("working", 90), ("natural", 30), ("natural", 120)])
@pytest.mark.parametrize("on", ["2026-09-19", "2026-11-30", "2027-01-29"])
def test_own_period_ends_as_counted_by_hand(on, unit, days):
    found = ask(on=on, period=unit, days=days).context["reckoning"]
    due, safe, firmness = Wall(with_2027=False).count(date.fromisoformat(on), days, unit)
    assert (found.due, found.safe, found.status) == (due, safe, firmness)


def test_police_filing_runs_in_natural_days():
    found = ask(on="2026-09-05", period="police").context["reckoning"]
    assert (found.unit, found.due) == ("natural", date(2026, 10, 8))


def test_day_alone_asks_for_the_filing():
    assert ask(on="2026-11-23").context["reckoning"].days == 30


def test_confirmed_notice_counts_here_too():
    confirmed_2027()
    found = ask(on="2026-11-23", period="filing").context["reckoning"]
    assert (found.due, found.status) == (date(2027, 1, 4), "firm")


@pytest.mark.parametrize(
    "asked",
    [
        {"on": "yesterday", "period": "filing"},
        {"on": "2023-12-31", "period": "filing"},
        {"on": "9999-12-31", "period": "filing"},
        {"on": "2026-11-23", "period": "never"},
        {"on": "2026-11-23", "period": "working"},
        {"on": "2026-11-23", "period": "working", "days": "0"},
        {"on": "2026-11-23", "period": "working", "days": "100000"},
        {"on": "", "period": "filing"},
        {"on": "2026-11-23\x00", "period": "filing"},
    ],
)
def test_question_that_cannot_be_answered_says_why(asked):
    page = ask(**asked)
    assert page.status_code == 422 and "reckoning" not in page.context and page.context["form"].errors


def test_day_before_the_measures_points_to_the_date_of_the_announcement():
    page = ask(on="2025-03-01", period="filing").content.decode()
    assert "2025-07-14" in page and "Before the Measures" in page


def test_machine_that_asks_too_often_waits_and_others_do_not(monkeypatch):
    monkeypatch.setattr(public.time, "time", lambda: 1_800_000_000)
    monkeypatch.setattr(public.asks_too_often, "__kwdefaults__", {"most": 2, "seconds": 60})
    one, other = (Client(REMOTE_ADDR=f"203.0.113.{number}") for number in (77, 78))
    assert [one.get("/dates/").status_code for _turn in range(4)] == [200, 200, 429, 429]
    assert other.get("/dates/").status_code == 200
    cache.clear()


def test_page_is_linked_from_the_sign_in_and_from_the_law(house):
    assert 'href="/dates/"' in Client().get("/accounts/login/").content.decode()
    assert 'href="/dates/"' in house.client("officer").get(house.url("law/")).content.decode()

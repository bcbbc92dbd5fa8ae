"""Due dates against worked examples, two independent libraries, and properties that must hold for every day."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.law.calendar_data import MOVING_HOLIDAYS, statutory_days_off
from portal.law.workdays import CalendarError, Workdays, notice_from_dict

DATA = Path(__file__).parent / "data"
OFFICIAL = Workdays.official()
ONE_DAY = timedelta(days=1)
WORKING_ROWS = json.loads((DATA / "workday_oracle.json").read_text(encoding="utf-8"))
NATURAL_ROWS = json.loads((DATA / "calendarday_oracle.json").read_text(encoding="utf-8"))["rows"]

# Invented for the tests: a make-up Sunday in January takes a day off every period that runs over it.
INVENTED_2027 = notice_from_dict(
    {
        "year": 2027,
        "title": "测试用2027年通知",
        "days_off": ["2027-01-01", *(f"2027-02-{day:02}" for day in range(5, 13))],
        "makeup_workdays": ["2027-01-31", {"date": "2027-02-14", "name": "春节"}],
    }
)


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize("row", WORKING_ROWS, ids=lambda row: row["trigger_date"])
def test_working_days_end_as_counted_by_hand(row):
    found = OFFICIAL.add(day(row["trigger_date"]), row["working_days"])
    assert (found.due.isoformat(), f"{found.due:%a}", found.status) == (
        row["due_date"],
        row["due_weekday"],
        row["status"],
    )


@pytest.mark.parametrize("row", NATURAL_ROWS, ids=lambda row: row["trigger_date"])
def test_natural_days_roll_over_days_of_rest(row):
    found = OFFICIAL.add_natural(day(row["trigger_date"]), row["calendar_days"])
    assert (found.due.isoformat(), found.safe.isoformat(), found.status) == (
        row["rolled_due_date"],
        row["raw_last_day"],
        row["status"],
    )


def test_every_day_of_2024_to_2026_agrees_with_two_libraries():
    other = holidays.CN(years=[2024, 2025, 2026])
    at = date(2024, 1, 1)
    while at <= date(2026, 12, 31):
        ours = OFFICIAL.is_working(at)
        assert ours == chinese_calendar.is_workday(at) == other.is_working_day(at), at
        at += ONE_DAY


@pytest.mark.parametrize(("year", "working"), [(2024, 251), (2025, 248), (2026, 248)])
def test_each_announced_year_has_its_number_of_working_days(year, working):
    first = date(year, 1, 1)
    days = (first + ONE_DAY * n for n in range((date(year + 1, 1, 1) - first).days))
    assert sum(OFFICIAL.is_working(each) for each in days) == working


def test_unannounced_2027_has_the_statutory_holidays_and_their_substitutes():
    rows = json.loads((DATA / "statutory_2027.json").read_text(encoding="utf-8"))
    assert [each.isoformat() for each in statutory_days_off(2027)] == [row["date"] for row in rows]
    assert not OFFICIAL.is_official(2027)


@pytest.mark.parametrize("year", sorted(MOVING_HOLIDAYS))
def test_statutory_holidays_of_later_years_agree_with_a_library(year):
    assert set(statutory_days_off(year)) == {each for each in holidays.CN(years=year) if each.year == year}


TRIGGERS = st.dates(date(2025, 6, 1), date(2028, 12, 31))
PERIODS = st.integers(1, 90)


@given(TRIGGERS, PERIODS)
@settings(database=None, deadline=None, max_examples=300)
def test_the_next_days_trigger_never_gives_an_earlier_due_date(trigger, n):
    for reckon in (OFFICIAL.add, OFFICIAL.add_natural):
        assert reckon(trigger, n).due <= reckon(trigger + ONE_DAY, n).due


@given(TRIGGERS, PERIODS)
@settings(database=None, deadline=None, max_examples=300)
def test_a_reckoning_agrees_with_counting_day_by_day(trigger, n):
    found = OFFICIAL.add(trigger, n)
    at, counted, skipped = trigger, [], []
    while len(counted) < n:
        at += ONE_DAY
        (counted if OFFICIAL.is_working(at) else skipped).append(at)
    assert found.due == at
    assert found.provisional == any(not OFFICIAL.is_official(each.year) for each in counted + skipped)
    assert found.counted == tuple(counted)
    assert [each.date for each in found.skipped] == skipped


@given(TRIGGERS, PERIODS)
@settings(database=None, deadline=None, max_examples=300)
def test_the_safe_date_is_never_after_the_due_date(trigger, n):
    for found in (OFFICIAL.add(trigger, n), OFFICIAL.add_natural(trigger, n), OFFICIAL.fixed(trigger)):
        assert found.safe <= found.due


@pytest.mark.parametrize(
    ("trigger", "due", "safe"),
    [
        ("2026-09-04", "2026-10-22", "2026-10-21"),  # firm, a working Friday: as if the start day counted
        ("2025-06-01", "2025-07-14", "2025-07-14"),  # firm, a holiday Sunday can't count: the two readings agree
        ("2025-06-03", "2025-07-15", "2025-07-14"),  # firm, the example of LAW.md 3.1
        ("2026-11-23", "2027-01-05", "2026-12-31"),  # provisional: two working days earlier
        ("2026-12-31", "2027-02-18", "2027-02-16"),
    ],
)
def test_the_safe_date_of_thirty_working_days(trigger, due, safe):
    found = OFFICIAL.add(day(trigger), 30)
    assert (found.due, found.safe) == (day(due), day(safe))


def test_the_target_of_a_fixed_day_is_the_working_day_before():
    assert OFFICIAL.fixed(day("2025-07-14")).safe == day("2025-07-11")
    assert OFFICIAL.fixed(day("2027-01-31")).safe == day("2027-01-29")
    assert OFFICIAL.fixed(day("2027-01-31")).provisional


@pytest.mark.parametrize(
    ("at", "n", "found"),
    [
        ("2026-10-12", 0, "2026-10-12"),
        ("2026-10-11", 0, "2026-10-10"),  # a Sunday: the make-up Saturday before it
        ("2026-10-12", 1, "2026-10-10"),
        ("2026-10-10", 3, "2026-09-30"),  # over the National Day break
        ("2026-10-05", 1, "2026-09-30"),
    ],
)
def test_counting_back(at, n, found):
    assert OFFICIAL.back(day(at), n) == day(found)


@pytest.mark.parametrize(
    ("after", "until"),
    [
        ("2026-10-10", "2026-10-12"),
        ("2026-09-30", "2026-10-08"),
        ("2025-06-01", "2026-12-31"),
        ("2026-12-30", "2027-03-01"),
    ],
)
def test_days_between_agree_with_counting_day_by_day(after, until):
    first, last = day(after), day(until)
    days = sum(OFFICIAL.is_working(first + timedelta(days=step)) for step in range(1, (last - first).days + 1))
    assert OFFICIAL.between(first, last) == days
    with pytest.raises(CalendarError):
        OFFICIAL.between(day("2019-03-01"), last)


def test_a_period_of_no_days_is_refused():
    for reckon in (OFFICIAL.add, OFFICIAL.add_natural):
        with pytest.raises(ValueError, match="at least one day"):
            reckon(day("2026-10-12"), 0)


def test_a_past_year_that_is_not_loaded_is_an_error():
    for walk in (OFFICIAL.is_working, OFFICIAL.why, OFFICIAL.next_working, OFFICIAL.fixed):
        with pytest.raises(CalendarError, match="2023"):
            walk(day("2023-12-29"))
    with pytest.raises(CalendarError, match="2023"):
        OFFICIAL.add(day("2023-12-01"), 1)
    with pytest.raises(CalendarError, match="2023"):
        OFFICIAL.back(day("2024-01-03"), 5)


def test_a_walk_over_a_missing_year_between_loaded_ones_is_an_error():
    broken = Workdays(notice for notice in OFFICIAL.notices if notice.year != 2025)
    assert broken.announced_until == day("2024-12-31")
    with pytest.raises(CalendarError, match="2025"):
        broken.add(day("2024-12-20"), 30)
    with pytest.raises(CalendarError, match="2025"):
        broken.back(day("2026-01-06"), 30)
    assert broken.add(day("2026-03-02"), 1).due == day("2026-03-03")


def test_a_calendar_without_any_notice_is_refused():
    with pytest.raises(CalendarError):
        Workdays([])


def test_far_years_stay_provisional_and_never_fail():
    assert OFFICIAL.add(day("2041-05-06"), 30).provisional


def test_the_why_of_a_day_names_its_notice():
    national = OFFICIAL.why(day("2026-10-01"))
    assert national.kind == "day_off"
    assert national.why.zh == "国庆节放假（国务院办公厅关于2026年部分节假日安排的通知）"
    makeup = OFFICIAL.why(day("2026-10-10"))
    assert makeup.kind == "makeup"
    assert "notice for 2026" in makeup.why.en
    assert OFFICIAL.why(day("2026-10-11")).kind == "weekend"
    assert OFFICIAL.why(day("2026-10-12")).kind == "working"
    assert "not published yet" in OFFICIAL.why(day("2027-02-05")).why.en


def test_the_strip_runs_from_the_trigger_to_the_due_date():
    found = OFFICIAL.add(day("2026-09-04"), 30)
    strip = found.strip
    assert [strip[0].date, strip[-1].date] == [found.trigger, found.due]
    assert strip[0].is_trigger and strip[0].number is None
    assert strip[-1].is_due and strip[-1].number == 30
    assert [each.date for each in strip if each.kind == "makeup"] == [day("2026-09-20"), day("2026-10-10")]
    assert [each.date for each in strip if each.is_safe] == [found.safe]


def test_the_rolled_days_of_a_natural_period_say_why():
    found = OFFICIAL.add_natural(day("2025-09-05"), 30)
    assert len(found.counted) == 30
    assert [each.date.isoformat() for each in found.skipped] == [
        "2025-10-05",
        "2025-10-06",
        "2025-10-07",
        "2025-10-08",
    ]
    assert {each.kind for each in found.skipped} == {"day_off"}


class TestInventedNotice:
    """A notice for 2027, made up for the test, makes dates firm and moves the right ones."""

    calendar = OFFICIAL.with_notice(INVENTED_2027)

    def test_a_makeup_day_moves_a_provisional_date_forward(self):
        before, after = (each.add(day("2026-12-21"), 30) for each in (OFFICIAL, self.calendar))
        assert (before.due, before.status) == (day("2027-02-02"), "provisional")
        assert (after.due, after.status) == (day("2027-02-01"), "firm")
        assert before.safe <= after.due

    def test_a_longer_break_moves_a_date_back(self):
        assert OFFICIAL.add(day("2027-02-01"), 10).due == day("2027-02-19")
        assert self.calendar.add(day("2027-02-01"), 10).due == day("2027-02-22")

    def test_dates_that_end_in_2026_stay(self):
        assert OFFICIAL.add(day("2026-11-19"), 30) == self.calendar.add(day("2026-11-19"), 30)

    def test_the_version_and_the_announced_end_change(self):
        assert self.calendar.version != OFFICIAL.version
        assert self.calendar.announced_until == day("2027-12-31")
        assert self.calendar.with_notice(INVENTED_2027).version == self.calendar.version
        assert OFFICIAL.version == Workdays(OFFICIAL.notices).version

    def test_the_version_of_a_date_changes_only_with_the_years_of_its_period(self):
        def versions(start: str, days: int) -> set[str]:
            return {each.add(day(start), days).calendar_version for each in (OFFICIAL, self.calendar)}

        assert len(versions("2026-10-12", 30)) == 1
        assert len(versions("2026-11-23", 30)) == len(versions("2027-03-01", 5)) == 2

    def test_a_notice_for_2028_alone_leaves_2027_provisional(self):
        later = OFFICIAL.with_notice(notice_from_dict({"year": 2028, "title": "x", "days_off": ["2028-01-03"]}))
        assert later.announced_until == day("2026-12-31")
        assert later.add(day("2026-11-23"), 30).provisional


def test_a_notice_may_make_the_last_saturday_of_december_a_working_day():
    saturday = day("2026-12-26")
    reaching = {"year": 2027, "title": "x", "days_off": ["2027-01-01"], "makeup_workdays": ["2026-12-26"]}
    calendar = OFFICIAL.with_notice(notice_from_dict(reaching))
    assert not OFFICIAL.is_working(saturday)
    assert calendar.is_working(saturday)
    assert calendar.add(day("2026-12-24"), 2).due == saturday


@pytest.fixture
def hasty_threads():
    """Threads that give way to each other all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_share_a_calendar_see_the_same_days(hasty_threads):
    years = [2031, 2030, 2033, 2029, 2032, 2028, 2034, 2031]
    expected = [OFFICIAL.add(date(year, 3, 1), 30).due for year in years]
    for _ in range(20):
        shared = Workdays(OFFICIAL.notices)
        with ThreadPoolExecutor(len(years)) as pool:
            found = list(pool.map(lambda year, own=shared: own.add(date(year, 3, 1), 30).due, years))
        assert found == expected

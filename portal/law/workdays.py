"""Working days of mainland China, reckoned from the State Council notices (LAW.md 3)."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from threading import Lock
from typing import Literal, NamedTuple

from portal.law.calendar_data import FIRST_YEAR_NOT_SHIPPED, SATURDAY, shipped_notices, statutory_days_off
from portal.law.notices import Notice, NoticeError, holiday_name, notice_from_dict
from portal.law.reckoning import Reckoning, Skipped, StripDay
from portal.law.text import Text

__all__ = [
    "CalendarError",
    "DayWhy",
    "Notice",
    "NoticeError",
    "Reckoning",
    "Skipped",
    "StripDay",
    "Workdays",
    "notice_from_dict",
]

ONE_DAY = timedelta(days=1)
SAFE_MARGIN = 2  # working days before a provisional date: what a make-up weekend can take away (DECISIONS, Dates)
LAST_YEAR = date.max.year - 1

DayKind = Literal["working", "weekend", "day_off", "makeup"]


class CalendarError(ValueError):
    """A day that no calendar covers; `text` says which year is missing."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class DayWhy(NamedTuple):
    """Why a day is worked or not, with the notice behind it."""

    why: Text
    kind: DayKind


class Workdays:
    """A calendar of working days; frozen in its notices, it grows its own arrays as far as it is asked."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self._notices = {notice.year: notice for notice in sorted(notices, key=lambda notice: notice.year)}
        self._official = sorted(year for year, notice in self._notices.items() if notice.official)
        if not self._official:
            raise CalendarError(Text("No official calendar is loaded.", "未加载任何正式的节假日安排。"))
        self._first, self._last = self._official[0], self._official[-1]
        self._gaps = frozenset(year for year in range(self._first, self._last) if not self._has_days(year))
        self._off: dict[date, tuple[str, Notice]] = {}
        self._makeup: dict[date, Notice] = {}
        self._days: list[date] = []
        self._versions: dict[tuple[int, int], str] = {}
        self._until = self._first - 1
        self._growing = Lock()
        self._grow(self._last + 1)

    @classmethod
    def official(cls) -> "Workdays":
        """The calendar that ships with the portal."""
        return _official()

    def with_notice(self, notice: Notice) -> "Workdays":
        """The same calendar with one more year, or with another notice for a year it has."""
        return Workdays([*(held for held in self._notices.values() if held.year != notice.year), notice])

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices loaded, oldest first."""
        return tuple(self._notices.values())

    def notice_of(self, year: int) -> Notice | None:
        """The notice of a year; None while it isn't loaded."""
        return self._notices.get(year)

    @property
    def version(self) -> str:
        """A short stable label of the notices: the last announced year and a hash of every day in them."""
        return _version(self._notices.values(), self.announced_until.year)

    def version_of(self, first: int, last: int) -> str:
        """A label of what the notices say of these years alone: it stays when another year's notice is loaded."""
        if (first, last) not in self._versions:
            self._versions[first, last] = _version(self._notices.values(), last, range(first, last + 1))
        return self._versions[first, last]

    @property
    def announced_until(self) -> date:
        """The last day up to which every year has its official notice."""
        year = self._first
        while self.is_official(year + 1):
            year += 1
        return date(year, 12, 31)

    def is_official(self, year: int) -> bool:
        """True once the State Council notice of that year is loaded."""
        notice = self._notices.get(year)
        return notice is not None and notice.official

    def is_working(self, day: date) -> bool:
        """True on Monday to Friday unless it is a day off, and on a make-up working day."""
        self._require(day.year)
        return self._works(day)

    def why(self, day: date) -> DayWhy:
        """What kind of day it is, and the notice that makes it so."""
        self._require(day.year)
        if day in self._makeup:
            label = self._makeup[day].label
            return DayWhy(Text("Make-up working day ({notice})", "调休上班（{notice}）").fmt(notice=label), "makeup")
        if day in self._off:
            name, notice = self._off[day]
            text = Text("{name}, day off ({notice})", "{name}放假（{notice}）")
            return DayWhy(text.fmt(name=holiday_name(name), notice=notice.label), "day_off")
        if day.weekday() >= SATURDAY:
            saturday = day.weekday() == SATURDAY
            return DayWhy(Text("Saturday", "周六") if saturday else Text("Sunday", "周日"), "weekend")
        return DayWhy(Text("Working day", "工作日"), "working")

    def add(self, trigger: date, n: int) -> Reckoning:
        """The n-th working day after the trigger; the start day isn't counted (Civil Code 201)."""
        _require_positive(n)
        self._require(trigger.year)
        at = bisect_right(self._days, trigger)
        while at + n > len(self._days):
            self._grow(self._until + 1 + n // 250)
        index = at + n - 1
        due = self._days[index]
        if self._gaps:
            self._require_span(trigger.year, due.year)
        provisional = not self._is_firm((trigger + ONE_DAY).year, due.year)
        # The cautious second reading counts the start day, if it is a working day at all.
        starts_working = at > 0 and self._days[at - 1] == trigger
        strict = self._days[index - 1] if starts_working and index else due
        safe = self._days[max(index - SAFE_MARGIN, 0)] if provisional else strict
        return Reckoning(trigger, n, "working", due, provisional, safe, strict, self)

    def add_natural(self, trigger: date, n: int) -> Reckoning:
        """The n-th natural day after the trigger; a last day of rest moves to the next working day (Civil Code 203).

        As in `add` the start day isn't counted; the safe date is the last day before it moves.
        """
        _require_positive(n)
        raw = trigger + ONE_DAY * n
        due = self.next_working(raw)
        provisional = not self._is_firm(raw.year, due.year)
        strict = self.next_working(raw - ONE_DAY)
        return Reckoning(trigger, n, "natural", due, provisional, raw, strict, self)

    def fixed(self, day: date) -> Reckoning:
        """A day that the law itself names; the target is the working day before it (LAW.md 3.1, point 8)."""
        safe = self.back(day, 1)
        return Reckoning(day, 0, "fixed", day, not self._is_firm(safe.year, day.year), safe, day, self)

    def reckon(self, start: date, days: int, unit: str) -> Reckoning:
        """A period that is kept as its start, its length and its unit: ``working``, ``natural`` or ``fixed``."""
        if unit == "fixed":
            return self.fixed(start)
        return self.add(start, days) if unit == "working" else self.add_natural(start, days)

    def back(self, day: date, n: int) -> date:
        """The n-th working day before the day; with n = 0 the day itself if it is worked, else the one before."""
        if n < 0:
            raise ValueError("n is 0 or more")
        self._require(day.year)
        index = bisect_right(self._days, day) - 1 if n == 0 else bisect_left(self._days, day) - n
        if index < 0:
            raise _missing(self._first - 1)
        found = self._days[index]
        if self._gaps:
            self._require_span(found.year, day.year)
        return found

    def between(self, after: date, until: date) -> int:
        """How many working days lie after one day, up to and including another one."""
        self._require(after.year)
        self._require(until.year)
        if self._gaps:
            self._require_span(after.year, until.year)
        return bisect_right(self._days, until) - bisect_right(self._days, after)

    def next_working(self, day: date) -> date:
        """The day itself if it is worked, else the next working day."""
        self._require((day + ONE_DAY).year)
        self._require(day.year)
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def _works(self, day: date) -> bool:
        return day in self._makeup or (day.weekday() < SATURDAY and day not in self._off)

    def _has_days(self, year: int) -> bool:
        """A year has days if its notice is loaded, or if it is one that may still be unannounced."""
        return year in self._notices or year >= FIRST_YEAR_NOT_SHIPPED

    def _is_firm(self, first: int, last: int) -> bool:
        return all(self.is_official(year) for year in range(first, last + 1))

    def _require(self, year: int) -> None:
        """Refuse a past year that isn't loaded; take later years as they are known so far."""
        if year < self._first or year in self._gaps:
            raise _missing(year)
        if year > self._until:
            self._grow(year)

    def _require_span(self, first: int, last: int) -> None:
        for year in range(first, last + 1):
            self._require(year)

    def _grow(self, until: int) -> None:
        """Know the days up to the end of a year; a notice that reaches over New Year counts in the year before."""
        if until > LAST_YEAR:
            raise _missing(until)
        with self._growing:  # one calendar serves all threads of a process
            for year in range(self._until + 1, until + 1):
                self._learn(year)
                self._learn(year + 1)
                if year not in self._gaps:
                    self._days.extend(filter(self._works, _days_of(year)))
                self._until = year

    def _learn(self, year: int) -> None:
        if year in self._gaps:
            return
        notice = self._notices.get(year)
        if notice is None:
            notice = Notice(year, "", "", statutory_days_off(year), frozenset(), official=False)
        for day, name in notice.days_off.items():
            self._off[day] = (name, notice)
            self._makeup.pop(day, None)
        for day in notice.makeup_workdays:
            self._makeup[day] = notice
            self._off.pop(day, None)


@cache
def _official() -> Workdays:
    return Workdays(notice_from_dict(notice) for notice in shipped_notices())


def _version(notices: Iterable[Notice], until: int, years: range | None = None) -> str:
    lines = [
        f"{notice.year} {notice.official} {sorted(map(str, found))}"
        for notice in notices
        for days in (notice.days_off, notice.makeup_workdays)
        if (found := [day for day in days if years is None or day.year in years])
        or (years is None or notice.year in years)
    ]
    return f"{until}-{hashlib.sha256('|'.join(lines).encode()).hexdigest()[:8]}"


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + ONE_DAY * offset for offset in range((date(year + 1, 1, 1) - first).days))


def _require_positive(n: int) -> None:
    if n < 1:
        raise ValueError("A period has at least one day.")


def _missing(year: int) -> CalendarError:
    return CalendarError(
        Text(
            f"The working-day calendar of {year} isn't loaded. Load the holiday notice of that year first.",
            f"未加载{year}年的工作日历，请先导入该年的放假通知。",
        )
    )

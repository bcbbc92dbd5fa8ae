"""A year of working days as a calendar on the wall: months, weeks, days."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from portal.law.notices import Notice, holiday_name
from portal.law.text import Text
from portal.law.workdays import Workdays


@dataclass(frozen=True)
class Cell:
    """One day: what it is, why, and whether another calendar makes it something else."""

    day: date
    kind: str
    why: Text
    is_changed: bool


@dataclass(frozen=True)
class Month:
    """Its first day, and its weeks from Monday to Sunday; None stands for days of the neighbours."""

    first: date
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Break:
    """Days off in a row under one name, and the days worked for them; no day off for make-up days without a name."""

    name: Text
    first: date | None
    last: date | None
    days: int
    makeup: tuple[date, ...]


def months_of(workdays: Workdays, year: int, beside: Workdays | None = None) -> list[Month]:
    """The twelve months; ``beside`` is the calendar with which each day is compared."""

    def cell(month: int, day: int) -> Cell | None:
        if not day:
            return None
        on = date(year, month, day)
        why, kind = workdays.why(on)
        is_changed = beside is not None and beside.is_working(on) != workdays.is_working(on)
        return Cell(on, kind, why, is_changed)

    weeks_of = Calendar().monthdayscalendar
    return [
        Month(date(year, month, 1), [[cell(month, day) for day in week] for week in weeks_of(year, month)])
        for month in range(1, 13)
    ]


def breaks_of(notice: Notice, makeup_names: dict[date, str]) -> list[Break]:
    """The holidays of a notice in the order of the year, each with the make-up days worked for it."""
    found, told = [], set()
    named = enumerate(sorted(notice.days_off.items()))
    for (name, _row), group in groupby(named, key=lambda one: (one[1][1], one[1][0].toordinal() - one[0])):
        days = [day for _place, (day, _name) in group]
        makeup = tuple(day for day in sorted(notice.makeup_workdays) if name and makeup_names.get(day) == name)
        told.update(makeup)
        found.append(Break(holiday_name(name), days[0], days[-1], len(days), makeup))
    others = tuple(sorted(notice.makeup_workdays - told))
    return [*found, Break(Text("not named", "未注明节日"), None, None, 0, others)] if others else found

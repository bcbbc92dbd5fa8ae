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
    """Days off in a row under one name, and the days worked for them."""

    name: Text
    first: date
    last: date
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
    found = []
    named = sorted(notice.days_off.items())
    for name, group in groupby(named, key=lambda pair: pair[1]):
        days = [day for day, _name in group]
        makeup = tuple(day for day in sorted(notice.makeup_workdays) if makeup_names.get(day, "") == name)
        found.append(Break(holiday_name(name), days[0], days[-1], len(days), makeup))
    return found

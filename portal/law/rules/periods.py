"""Periods that rules count: guarded against years without a calendar, which must not stop the other rules."""

from collections.abc import Callable
from datetime import date

from portal.law.reckoning import Reckoning
from portal.law.workdays import CalendarError, Workdays


def counted(reckon: Callable[[date, int], Reckoning], start: date, days: int) -> Reckoning | None:
    """A period from a day; None where it lies in a past year whose calendar isn't loaded."""
    try:
        return reckon(start, days)
    except CalendarError:
        return None


def by_day(calendar: Workdays, day: date) -> Reckoning:
    """A day that the law, an authority or a document names; without its year's calendar it is its own target."""
    try:
        return calendar.fixed(day)
    except CalendarError:
        return Reckoning(day, 0, "fixed", day, False, day, day, calendar)

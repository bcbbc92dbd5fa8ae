"""The days that are left, by weeks, for a letter: as a table, and as lines of text."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.calendars.clock import calendar
from portal.law.workdays import CalendarError
from portal.obligations.models import Obligation
from portal.ui.marks import WEEKDAYS

MOST_WEEKS = 8
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A day of the strip; ``mark`` is due, safe, today, off, work, or nothing outside the period."""

    on: date
    mark: str

    @property
    def number(self) -> str:
        """The day of the month; on the first day of one, with the month."""
        return f"{self.on.month}/1" if self.on.day == 1 else str(self.on.day)

    @property
    def words(self) -> str:
        """The day of the month: (17) for a day of rest, [20] for the day to aim at, *22* for the last day."""
        shapes = {"due": "*{}*", "safe": "[{}]", "off": "({})", "": ""}
        return shapes.get(self.mark, "{}").format(self.number)


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday; ``label`` is the day of the Monday."""

    label: str
    days: tuple[Day, ...]

    @property
    def text(self) -> str:
        """The week as a line of text, each day as wide as the next."""
        return " ".join(day.words.center(5) for day in self.days).rstrip()


@dataclass(frozen=True)
class Weeks:
    """The weeks from today to the last day."""

    names: tuple[str, ...]
    rows: tuple[Week, ...]
    has_safe: bool


def weeks_until(duty: Obligation, today: date) -> Weeks | None:
    """The weeks that are left; None without a date, once it has passed, and where it is too far for a letter."""
    if duty.due_on is None or duty.due_on < today:
        return None
    first = today - timedelta(days=today.weekday())
    number = (duty.due_on - first).days // 7 + 1
    if number > MOST_WEEKS:
        return None
    try:
        rows = tuple(week_from(first + timedelta(days=7 * at), duty, today) for at in range(number))
    except CalendarError:
        return None
    has_safe = any(day.mark == "safe" for week in rows for day in week.days)
    return Weeks(tuple(str(name) for name in WEEKDAYS), rows, has_safe)


def week_from(monday: date, duty: Obligation, today: date) -> Week:
    """The seven days from a Monday."""
    days = [monday + ONE_DAY * at for at in range(7)]
    return Week(f"{monday:%m-%d}", tuple(Day(day, mark_of(day, duty, today)) for day in days))


def mark_of(day: date, duty: Obligation, today: date) -> str:
    """What a day is on the way to the date."""
    if not today <= day <= duty.due_on:
        return ""
    if day == duty.due_on:
        return "due"
    if day == duty.safe_on:
        return "safe"
    if not calendar().is_working(day):
        return "off"
    return "today" if day == today else "work"

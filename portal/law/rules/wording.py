"""Dates and numbers as they stand in a duty's reasons."""

from datetime import UTC, date, datetime

from portal.law.facts import SHANGHAI
from portal.law.text import Text

# Not from the calendar module: its names follow the locale of the process.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_text(day: date) -> Text:
    """A day as both languages write it: 4 September 2026, 2026年9月4日."""
    return Text(f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日")


def days_apart(count: int) -> Text:
    """A number of days: 1 day, 12 days."""
    return Text("1 day" if count == 1 else f"{count:,} days", f"{count}天")


def moment_text(at: datetime) -> Text:
    """A moment by the clock of mainland China: 4 September 2026, 14:05."""
    local = at.astimezone(UTC) + SHANGHAI
    clock = f"{local:%H:%M}"
    return Text("{day}, {clock}", "{day}{clock}").fmt(day=day_text(local.date()), clock=clock)

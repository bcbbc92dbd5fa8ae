"""Dates and numbers as they stand in a duty's reasons."""

from datetime import date

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

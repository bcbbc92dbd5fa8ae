"""What a rung is: news, a nag, a date that law sets; and the days of a ladder."""

from collections.abc import Iterable
from datetime import date

from portal.calendars.clock import calendar
from portal.law.engine import RULES, STATUTORY
from portal.law.threshold import LADDER
from portal.law.workdays import CalendarError
from portal.obligations.models import Reminder

OPENED, AGAIN, STEP, LATE, UP = "opened", "again-", "step-", "late-", "up-"
# The last days before a date that law sets, told whatever anybody answered, and from which the owners are told.
LAST_DAYS = ("5", "1", "0")
# What the portal itself asks and no law does.
OWN_RULES = [rule.id for rule in RULES if rule.layer == "default"]


def is_opening(row: Reminder) -> bool:
    """Whether it tells that a duty opened, opened again, or has another date."""
    return row.rung == OPENED or row.rung.startswith(AGAIN)


def is_escalation(row: Reminder) -> bool:
    """Whether it tells the owners that nobody answered."""
    return row.rung.startswith(UP)


def is_in_hours(row: Reminder) -> bool:
    """Whether it is the one at once of a duty in hours."""
    return row.obligation.due_at is not None and is_opening(row)


def asks(row: Reminder) -> bool:
    """Whether an answer is expected: 5, 1 and 0 working days before a date that law sets, and each day after it."""
    return row.obligation.rule in STATUTORY and (row.rung in LAST_DAYS or row.rung.startswith(LATE))


def can_be_silenced(row: Reminder) -> bool:
    """Whether an answer keeps it away: never what is news, what has a moment, or the last days of a date of law."""
    is_news = is_opening(row) or row.rung.startswith((STEP, UP)) or row.obligation.due_at is not None
    return not is_news and not asks(row)


def days_of(rule: str, days: Iterable[int]) -> list[int]:
    """The ladder of a rule, the earliest first: the day itself always stands where law sets the date."""
    return sorted({*days, *([0] if rule in STATUTORY else [])}, reverse=True)


def ladder(safe_on: date, opens_on: date, days: Iterable[int] = LADDER) -> list[tuple[str, date]]:
    """The rungs for a safe date: told when found, then so many working days before it.

    Days that had passed when the duty was found are due at once: of a duty found late no reminder is late. A date so
    long past that its year has no calendar has no days before it to be told on.
    """
    try:
        return [(OPENED, opens_on), *((str(each), max(calendar().back(safe_on, each), opens_on)) for each in days)]
    except CalendarError:
        return [(OPENED, opens_on)]

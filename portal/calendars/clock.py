"""What day it is in law, and the calendar that deadlines are reckoned with."""

from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from portal.calendars.models import HolidayNotice
from portal.law.workdays import CalendarError, Workdays

# What this thread was told last of the notices that people confirmed; "" for none.
_told: ContextVar[str] = ContextVar("portal_calendar", default="")
# Calendars by what they were made of. The newest one is asked for; older ones end with the transactions that use them.
_known: dict[str, Workdays] = {}
MOST_KNOWN = 8


def civil_today() -> date:
    """Today in Asia/Shanghai, whatever the server's zone; the demo may fix it with ``PORTAL_TODAY``."""
    if settings.PORTAL_TODAY:
        return date.fromisoformat(settings.PORTAL_TODAY)
    return timezone.localdate()


def civil_now() -> datetime:
    """This moment, for clocks in hours; where the demo fixes the day, this time of day on that day."""
    now = timezone.localtime()
    return datetime.combine(civil_today(), now.timetz()) if settings.PORTAL_TODAY else now


def calendar() -> Workdays:
    """The State Council notices that this portal knows: those that ship with it, and those that people confirmed.

    As fresh as the transaction: its first statement also tells which notices are confirmed. Outside of one it is as
    of the last transaction of this thread, or of ``refresh``.
    """
    stamp = _told.get()
    if not stamp:
        return Workdays.official()
    return _known.get(stamp) or _learn()


def noticed(stamp: str) -> None:
    """Take what ``portal_calendar()`` of the database said."""
    _told.set(stamp)


def refresh() -> None:
    """Ask the database which notices are confirmed, for work that looks at the calendar before any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_calendar()")
        noticed(cursor.fetchone()[0])


def _learn() -> Workdays:
    """The calendar of the notices as they are confirmed now."""
    rows = list(HolidayNotice.objects.confirmed())
    made = Workdays.official()
    for row in rows:
        made = made.with_notice(row.notice)
    # What was read counts, should it be newer than what was told. Two threads may both do this: with the same result.
    stamp = ",".join(row.digest for row in rows)
    for old in list(_known)[: 1 - MOST_KNOWN]:
        _known.pop(old, None)
    _known[stamp] = made
    noticed(stamp)
    return made


def working_days_left(today: date, until: date) -> int | None:
    """Working days after today, up to and including ``until``; negative once it has passed.

    None for a day so long past that no calendar of its year is loaded: nobody can count from it.
    """
    try:
        return calendar().between(today, until) if until >= today else -calendar().between(until, today)
    except CalendarError:
        return None

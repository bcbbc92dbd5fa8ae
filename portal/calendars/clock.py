"""What day it is in law, and the calendar that deadlines are reckoned with."""

from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from portal.law.workdays import CalendarError, Workdays


def civil_today() -> date:
    """Today in Asia/Shanghai, whatever the server's zone; the demo may fix it with ``PORTAL_TODAY``."""
    if settings.PORTAL_TODAY:
        return date.fromisoformat(settings.PORTAL_TODAY)
    return timezone.localdate()


def civil_now() -> datetime:
    """This moment, for clocks in hours; where the demo fixes the day, this time of day on that day."""
    now = timezone.localtime()
    return datetime.combine(civil_today(), now.timetz()) if settings.PORTAL_TODAY else now


@lru_cache(maxsize=1)
def calendar() -> Workdays:
    """The State Council notices that this portal knows."""
    return Workdays.official()


def working_days_left(today: date, until: date) -> int | None:
    """Working days after today, up to and including ``until``; negative once it has passed.

    None for a day so long past that no calendar of its year is loaded: nobody can count from it.
    """
    try:
        return calendar().between(today, until) if until >= today else -calendar().between(until, today)
    except CalendarError:
        return None

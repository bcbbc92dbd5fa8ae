"""When reminders go out: on working mornings in Shanghai; what the law opens, during the day; hours, at any time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from portal.calendars.clock import calendar

# default, not law: the hours of a working day between which people are written to.
MORNING, EVENING = time(8, 30), time(20, 0)
ONE_DAY = timedelta(days=1)


def clock_time() -> time | None:
    """The time of day in Shanghai, to the minute.

    None in the demo whose day stands still: there no morning comes, so everything goes at once, whatever the hour.
    This is the only place where the demo differs.
    """
    if settings.PORTAL_TODAY:
        return None
    return timezone.localtime().time().replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Window:
    """What may go out at this moment, and whether a later morning is there to wait for."""

    ordinary: bool
    opening: bool
    has_mornings: bool = True


def window(today: date) -> Window:
    """From 08:30 on a working day what is planned goes out; until 20:00 also what the law opens on that day."""
    now = clock_time()
    if now is None:
        return Window(ordinary=True, opening=True, has_mornings=False)
    is_on = calendar().is_working(today) and now >= MORNING
    return Window(ordinary=is_on, opening=is_on and now <= EVENING)


def next_morning(today: date) -> datetime:
    """The next working morning from this moment on: today's, as long as it has not begun."""
    now = clock_time()
    day = today if now is not None and now < MORNING else today + ONE_DAY
    return datetime.combine(calendar().next_working(day), MORNING, timezone.get_default_timezone())


def opens_on(today: date) -> date:
    """The day on which a duty found at this moment is told of: today, or after 20:00 and on a day off the next working
    one."""
    now = clock_time()
    if now is None:
        return today
    return calendar().next_working(today if now <= EVENING else today + ONE_DAY)

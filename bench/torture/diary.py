"""An independent memory of what people must have been told on which day: own calendar, own ladder, own bookkeeping.

Nothing here is taken from the code under test but the lists of days off as the State Council's notices give them.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.law.calendar_data import shipped_notices

DAY = timedelta(days=1)
FILING_DAYS = 30  # FRM art. 15
STEPS = (20, 10, 5, 3, 1, 0)  # working days before the safe date


def listed(key: str) -> set[date]:
    """The days of that list in all notices."""
    days = (day["date"] if isinstance(day, dict) else day for notice in shipped_notices() for day in notice[key])
    return {date.fromisoformat(day) for day in days}


OFF, MAKEUP = listed("days_off"), listed("makeup_workdays")


def is_working(day: date) -> bool:
    return day in MAKEUP or (day.weekday() < 5 and day not in OFF)


def walk(day: date, count: int, step: timedelta) -> date:
    """The day that is so many working days from this one, which isn't counted itself."""
    while count:
        day += step
        count -= is_working(day)
    return day


def back(day: date, count: int) -> date:
    """So many working days before a day; from a rest day, before the working day that precedes it."""
    while not is_working(day):
        day -= DAY
    return walk(day, count, -DAY)


def last_day(reached_on: date) -> date:
    """The last day of the filing period: its first day isn't counted."""
    return walk(reached_on, FILING_DAYS, DAY)


def safe_day(reached_on: date) -> date:
    """The last day if the first one counted: what a careful reader aims at."""
    return walk(reached_on - DAY, FILING_DAYS, DAY)


@dataclass
class Watched:
    """A filing duty: the day from which it runs, and the rungs that nobody was told of yet."""

    reached_on: date | None = None  # None: not open
    rungs: set[date] = field(default_factory=set)

    @property
    def safe_on(self) -> date | None:
        return safe_day(self.reached_on) if self.reached_on else None

    def open(self, reached_on: date, today: date) -> None:
        """It opens, or its date moves: told at once, then on each day of the ladder."""
        self.reached_on = reached_on
        self.rungs = {today, *(back(self.safe_on, count) for count in STEPS)}

    def end(self) -> None:
        self.reached_on, self.rungs = None, set()

    def told_for(self, today: date) -> date | None:
        """The day of the rung that people are told of on this day, if any; it settles all that was due before."""
        if self.reached_on is None:
            return None
        if self.safe_on < today and is_working(today):
            self.rungs.add(today)
        due = {day for day in self.rungs if day <= today}
        self.rungs -= due
        return max(due, default=None)

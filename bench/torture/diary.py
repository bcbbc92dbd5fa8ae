"""An independent memory of what people must have been told on which day: own calendar, own ladder, own bookkeeping.

Nothing here is taken from the code under test but the lists of days off as the State Council's notices give them.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.law.calendar_data import shipped_notices

DAY = timedelta(days=1)
FILING_DAYS = 30  # FRM art. 15
STEPS = (20, 10, 5, 3, 1, 0)  # working days before the safe date
ASKING = (5, 1, 0)  # of these
ESCALATED_AFTER = 2  # working days without an answer


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


@dataclass(frozen=True)
class Told:
    """A rung of which people are told: the day that it was for, and whether only the owners get it."""

    day: date
    is_escalation: bool = False


@dataclass
class Watched:
    """A filing duty: the day from which it runs, and the rungs that nobody was told of yet, by their day.

    An opening is news and goes before a rung of the same day. Where 5, 1 or 0 working days are left, and on each
    working day after the safe one, an answer is asked for; nobody gives one, so the owners hear of it.
    """

    reached_on: date | None = None  # None: not open
    rungs: dict[date, str] = field(default_factory=dict)
    escalations: set[date] = field(default_factory=set)

    @property
    def safe_on(self) -> date | None:
        return safe_day(self.reached_on) if self.reached_on else None

    def open(self, reached_on: date, today: date) -> None:
        """It opens, or its date moves: told at once, then on each day of the ladder."""
        self.reached_on = reached_on
        steps = {back(self.safe_on, count): "asks" if count in ASKING else "" for count in STEPS}
        self.rungs = steps | {today: "opened"}
        self.escalations = set()

    def end(self) -> None:
        self.reached_on, self.rungs, self.escalations = None, {}, set()

    def told(self, today: date) -> list[Told]:
        """What people are told on this day; all that was due before is settled by it."""
        if self.reached_on is None:
            return []
        if self.safe_on < today and is_working(today):
            self.rungs.setdefault(today, "asks")
        found = []
        due = [day for day in self.rungs if day <= today]
        if due:
            found.append(Told(max(due)))
        overdue = {day for day in self.escalations if day <= today}
        self.escalations -= overdue
        if overdue:
            found.append(Told(max(overdue), is_escalation=True))
            self.escalations.add(walk(today, 1, DAY))
        if due and self.rungs[max(due)] == "asks":
            self.escalations.add(walk(today, ESCALATED_AFTER, DAY))
        for day in due:
            del self.rungs[day]
        return found

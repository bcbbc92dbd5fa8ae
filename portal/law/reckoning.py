"""A reckoned date of law that explains itself: which days were counted, which were skipped, and why."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from portal.law.text import Text

if TYPE_CHECKING:
    from portal.law.workdays import DayKind, Workdays

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that wasn't counted."""

    date: date
    kind: "DayKind"
    why: Text


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of the strip from the trigger to the due date; `number` is its place in the count."""

    date: date
    kind: "DayKind"
    why: Text
    number: int | None = None
    is_trigger: bool = False
    is_due: bool = False
    is_safe: bool = False


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A period reckoned: `due` is the legal last day, `safe` the day to aim at.

    `safe` is two working days earlier while provisional, else the date if the start day counted; of natural days the
    last day before it rolls over a rest day. `strict` is the second reading: the due date if the start day counted.
    """

    trigger: date
    days: int
    unit: Literal["working", "natural", "fixed"]
    due: date
    provisional: bool
    safe: date
    strict: date
    calendar: "Workdays" = field(compare=False, repr=False)

    @property
    def status(self) -> Literal["firm", "provisional"]:
        """Provisional while the period reaches a year whose notice isn't published."""
        return "provisional" if self.provisional else "firm"

    @property
    def calendar_version(self) -> str:
        """What the calendar said of the years of this period when it gave the date."""
        return self.calendar.version_of(min(self.trigger, self.safe).year, max(self.trigger, self.due).year)

    @property
    def counted(self) -> tuple[date, ...]:
        """The days counted, in order; the last one is the last day of the period."""
        return tuple(day.date for day in self.strip if day.number is not None)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The days passed over; of natural days the last day and its followers if they are days of rest."""
        if self.unit == "fixed":
            return ()
        last = self.trigger + ONE_DAY * self.days
        return tuple(
            Skipped(day.date, day.kind, day.why)
            for day in self.strip
            if not (day.is_trigger or day.is_due)
            and (day.number is None or (self.unit == "natural" and day.date == last))
        )

    @property
    def strip(self) -> tuple[StripDay, ...]:
        """Every day from the trigger to the due date with its kind, its reason and its number in the count."""
        found: list[StripDay] = []
        number, day = 0, self.trigger
        while day <= self.due:
            why, kind = self.calendar.why(day)
            is_counted = day > self.trigger and (
                kind in ("working", "makeup") if self.unit == "working" else number < self.days
            )
            number += is_counted
            found.append(
                StripDay(
                    date=day,
                    kind=kind,
                    why=why,
                    number=number if is_counted else None,
                    is_trigger=day == self.trigger and self.unit != "fixed",
                    is_due=day == self.due,
                    is_safe=day == self.safe,
                )
            )
            day += ONE_DAY
        return tuple(found)


def years_after(day: date, years: int) -> date:
    """The same day some years on, or the end of that month if it has no such day (Civil Code Art 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)

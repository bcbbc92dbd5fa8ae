"""The days of a month with what kind of day each is and what is due on it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from portal.calendars.clock import calendar
from portal.desk.duty_filter import all_of
from portal.law.engine import rule_by_id
from portal.law.workdays import CalendarError
from portal.obligations.models import Firmness, Obligation
from portal.obligations.work import Work

A_DAY = timedelta(days=1)
# Entries of a day that stand open, and that unfold; beyond those the list of duties is the better place.
SHOWN = 4
MOST_UNFOLDED = 12
YEARS_AHEAD = 4


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is due, or best done by, on a day: all the duties of one rule together."""

    label: str
    url: str
    number: int = 1
    # The last day itself; else the safe date of what is due later.
    is_due: bool = True
    is_late: bool = False
    is_provisional: bool = False


@dataclass
class Day:
    """A day of the page."""

    on: date
    kind: str
    why: str
    is_inside: bool
    is_today: bool
    # The last day of the days off, or make-up days, that begin here; None within them.
    until: date | None = None
    entries: list[Entry] = field(default_factory=list)

    @property
    def first(self) -> list[Entry]:
        return self.entries[:SHOWN]

    @property
    def more(self) -> list[Entry]:
        return self.entries[SHOWN : SHOWN + MOST_UNFOLDED]

    @property
    def number_more(self) -> int:
        return len(self.entries) - SHOWN

    @property
    def number_hidden(self) -> int:
        return max(self.number_more - MOST_UNFOLDED, 0)

    @property
    def is_special(self) -> bool:
        """A day off or a make-up working day: a notice says so."""
        return self.kind in ("day_off", "makeup")


def month_of(text: str, today: date) -> date:
    """The first day of the month ``2026-11``; of this month for anything that isn't a month the calendar has."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    years = range(calendar().notices[0].year, today.year + YEARS_AHEAD + 1)
    return first if len(text) == 7 and first.year in years else today.replace(day=1)


def next_month(first: date) -> date:
    return (first + 31 * A_DAY).replace(day=1)


def span(first: date) -> tuple[date, date]:
    """Monday of the first week and Sunday of the last one."""
    last = next_month(first) - A_DAY
    return first - first.weekday() * A_DAY, last + (6 - last.weekday()) * A_DAY


def weeks_of(first: date, entries: dict[date, list[Entry]], today: date) -> list[list[Day]]:
    """The weeks of a month, each day with its kind and what is due on it, the last days before the safe dates."""
    language, known = get_language() or "en", calendar()
    start, end = span(first)
    days = []
    for offset in range((end - start).days + 1):
        on = start + offset * A_DAY
        try:
            why, kind = known.why(on)
        except CalendarError:
            # The week before the first year that is loaded.
            days.append(Day(on, "unknown", "", is_inside=False, is_today=False))
            continue
        day = Day(on, kind, why.in_(language), is_inside=on.month == first.month, is_today=on == today)
        day.entries = sorted(entries.get(on, []), key=lambda one: (not one.is_late, not one.is_due, one.label))
        days.append(day)
    mark_runs(days)
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def mark_runs(days: list[Day]) -> None:
    """Say of the first day of each run of days off how far it reaches: its reason need not be repeated."""
    for _key, run in groupby((day for day in days if day.is_inside), key=lambda day: (day.kind, day.why)):
        first, *others = run
        first.until = others[-1].on if others else first.on


@dataclass(frozen=True)
class Sameness:
    """What the duties of an entry have in common."""

    day: date
    rule: str
    is_due: bool
    firmness: str


def entries_of(
    duties: QuerySet[Obligation], others: Iterable[Work], first: date, today: date, *, slug: str, whose: str
) -> dict[date, list[Entry]]:
    """What falls on each day of the page; one statement, whatever the number of duties."""
    start, end = span(first)
    within = (start, end)
    rows = (
        duties.filter(Q(safe_on__range=within) | Q(due_on__range=within))
        .order_by()
        .values("rule", "safe_on", "due_on", "firmness")
        .annotate(number=Count("id"), one=Min("id"))
    )
    alike: dict[Sameness, list[dict]] = defaultdict(list)
    for row in rows:
        for day, is_due in days_of_row(row["safe_on"], row["due_on"]):
            if start <= day <= end:
                alike[Sameness(day, row["rule"], is_due, row["firmness"])].append(row)
    found: dict[date, list[Entry]] = defaultdict(list)
    for same, together in alike.items():
        found[same.day].append(entry_of(same, together, today=today, slug=slug, whose=whose))
    for line in others:
        if line.due_on is not None and start <= line.due_on <= end:
            label = f"{line.what} · {line.code}" if line.code else line.what
            found[line.due_on].append(
                Entry(label=label, url=line.url, is_late=line.due_on < today, is_provisional=line.is_provisional)
            )
    return found


def days_of_row(safe_on: date, due_on: date | None) -> list[tuple[date, bool]]:
    """The days on which a duty stands; one in hours has its civil day as its safe date and is due on it."""
    if due_on is None or due_on == safe_on:
        return [(safe_on, True)]
    return [(safe_on, False), (due_on, True)]


def entry_of(same: Sameness, together: list[dict], *, today: date, slug: str, whose: str) -> Entry:
    """The duties of one rule that stand on a day, and the way to exactly these."""
    number = sum(row["number"] for row in together)
    if number == 1:
        url = reverse("desk:obligation", args=[slug, together[0]["one"]])
    else:
        on = {"due" if same.is_due else "safe": same.day.isoformat()}
        url = all_of(slug, same.rule, firmness=same.firmness, whose=whose, **on)
    return Entry(
        label=rule_by_id(same.rule).title.in_(get_language() or "en"),
        url=url,
        number=number,
        is_due=same.is_due,
        is_late=same.is_due and same.day < today,
        is_provisional=same.firmness == Firmness.PROVISIONAL,
    )

"""How many persons' face information a PIP stores on each day, and when that reaches the threshold."""

import heapq
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median
from weakref import ref

from portal.law.facts import Count, PipFacts
from portal.law.threshold import IN_FORCE_ON, THRESHOLD

Place = tuple[str, str | None]  # scenario and deployment; None stands for the whole scenario
Event = tuple[date, int, int, Place, Count | None]
# As many rounds of counting as a forecast looks back on, and as many points as a curve shows one by one.
MOST_READINGS, MOST_POINTS = 104, 60


@dataclass(frozen=True, slots=True)
class Total:
    """Persons stored on a day: `high` deducts no overlap, `best` the estimated one, `low` the most there may be."""

    on: date
    low: int
    best: int
    high: int


@dataclass(frozen=True, slots=True)
class ProposedCrossing:
    """The day on which `high` reached the threshold, for a person to confirm.

    `counts` are the numbers that make up the total; `before` means that it was reached before the Measures were in
    force, so that the transitional date applies.
    """

    on: date
    persons: int
    counts: tuple[Count, ...]
    before: bool


@dataclass(slots=True)
class _Scenario:
    whole: Count | None = None
    parts: dict[str, Count] = field(default_factory=dict)
    parts_sum: int = 0

    @property
    def persons(self) -> int:
        return self.whole.persons if self.whole else self.parts_sum

    def put(self, deployment: str | None, count: Count | None) -> None:
        """Take a newer number, or forget a deployment whose disposal is proved."""
        if deployment is None:
            self.whole = count
            return
        previous = self.parts.pop(deployment, None)
        self.parts_sum += (count.persons if count else 0) - (previous.persons if previous else 0)
        if count:
            self.parts[deployment] = count


class _Meter:
    """The running state: each scenario's newest numbers, their sum, and the largest single number."""

    def __init__(self) -> None:
        self.scenarios: dict[str, _Scenario] = {}
        self.high = 0
        # The place stands last: None can not be compared with a code, so code and deployment break ties before it.
        self._sizes: list[tuple[int, str, str, Place]] = []

    def take(self, place: Place, count: Count | None) -> None:
        code, deployment = place
        scenario = self.scenarios.setdefault(code, _Scenario())
        before = scenario.persons
        scenario.put(deployment, count)
        self.high += scenario.persons - before
        if count:
            heapq.heappush(self._sizes, (-count.persons, code, deployment or "", place))

    def counts(self) -> tuple[Count, ...]:
        """The numbers that make up the total, by scenario and deployment."""
        found: list[Count] = []
        for _, scenario in sorted(self.scenarios.items()):
            if scenario.whole:
                found.append(scenario.whole)
            else:
                found.extend(count for _, count in sorted(scenario.parts.items()))
        return tuple(found)

    def largest(self) -> int:
        """The largest number in force; numbers that were replaced leave the heap when they come to its top."""
        while self._sizes and not self._stands(self._sizes[0][0], self._sizes[0][3]):
            heapq.heappop(self._sizes)
        return -self._sizes[0][0] if self._sizes else 0

    def _stands(self, size: int, place: Place) -> bool:
        code, deployment = place
        scenario = self.scenarios[code]
        if deployment is None or scenario.whole:
            held = scenario.whole if deployment is None else None
        else:
            held = scenario.parts.get(deployment)
        return held is not None and held.persons == -size

    def total(self, on: date, facts: PipFacts) -> Total:
        # The same person may stand in two numbers, never twice in one: the total is at least the largest of them.
        least = self.largest() if facts.overlap_most_percent or facts.overlap_best_percent else self.high
        best = max(least, _without(self.high, facts.overlap_best_percent))
        low = max(least, _without(self.high, max(facts.overlap_best_percent, facts.overlap_most_percent)))
        return Total(on, low=low, best=best, high=self.high)


@dataclass(frozen=True, slots=True)
class Reading:
    """All totals of a PIP and the crossing they propose, from one walk over its counts."""

    totals: tuple[Total, ...]
    crossing: ProposedCrossing | None


def reading(facts: PipFacts) -> Reading:
    """The totals and the crossing; the last reading is kept, since several rules ask about the same facts."""
    global _kept
    kept = _kept
    if kept and kept[0]() is facts:
        return kept[1]
    totals: list[Total] = []
    proposal = _Proposal(THRESHOLD)
    for on, meter in _days(facts):
        totals.append(meter.total(on, facts))
        proposal.look(on, meter)
    found = Reading(tuple(totals), proposal.crossing)
    _kept = (ref(facts), found)
    return found


_kept: tuple[ref[PipFacts], Reading] | None = None


def series(facts: PipFacts) -> tuple[Total, ...]:
    """The totals, one for each day on which a number arrived or a disposal was proved."""
    return reading(facts).totals


def latest(facts: PipFacts, on: date) -> Total:
    """The total at the end of a day, from the newest numbers up to it."""
    totals = series(facts)
    place = bisect_right(totals, on, key=lambda total: total.on)
    return replace(totals[place - 1], on=on) if place else Total(on, 0, 0, 0)


def counts_on(facts: PipFacts, on: date) -> tuple[Count, ...]:
    """The numbers that make up the total at the end of a day, by scenario and deployment."""
    last = deque(_days(facts.as_of(on)), maxlen=1)
    return last[0][1].counts() if last else ()


def crossing(facts: PipFacts, threshold: int = THRESHOLD, *, after: date | None = None) -> ProposedCrossing | None:
    """The first day on which `high` reaches the threshold, None if it never did.

    A number that was reached and fell again before the Measures were in force is passed over: Art 15 looks at what is
    stored. A later fall changes nothing here; counsel reviews it, and where counsel held the duty to be ended with a
    fall, `after` asks for the next crossing.
    """
    if threshold == THRESHOLD and after is None:
        return reading(facts).crossing
    proposal = _Proposal(threshold, after)
    for on, meter in _days(facts):
        proposal.look(on, meter)
    return proposal.crossing


def fell_on(facts: PipFacts, threshold: int = THRESHOLD) -> date | None:
    """The day since which the total has been below the threshold; None while it isn't, or nothing is counted."""
    since = None
    for total in reversed(series(facts)):
        if total.high >= threshold:
            break
        since = total.on
    return since


def readings(facts: PipFacts) -> tuple[tuple[date, int], ...]:
    """The totals that a forecast goes by: one for each round of counting, the newest ones, without overlap deducted.

    Places that report the same month on different days make one number of it: the last before the next round.
    """
    days: dict[Place, list[date]] = defaultdict(list)
    for count in facts.counts:
        days[count.scenario, count.deployment].append(count.on)
    gaps = [(after - before).days for found in days.values() for before, after in pairwise(sorted(set(found)))]
    round_days = min(max(median(gaps) if gaps else 7, 7), 92)
    found: list[tuple[date, int]] = []
    for total in reversed(series(facts)):
        if not found or (found[-1][0] - total.on).days >= 0.6 * round_days:
            found.append((total.on, total.high))
    return tuple(reversed(found[:MOST_READINGS]))


def thinned(totals: Sequence[Total], keep: date | None = None) -> tuple[Total, ...]:
    """Of many totals the last one of each month, and that of a day to keep: enough for a curve and its table."""
    if len(totals) <= MOST_POINTS:
        return tuple(totals)
    months = {(total.on.year, total.on.month): total for total in totals}
    kept = {total.on: total for total in months.values()} | {total.on: total for total in totals if total.on == keep}
    return tuple(total for _, total in sorted(kept.items()))


def together(pips: Sequence[Sequence[Total]], best_percent: int = 0, most_percent: int = 0) -> tuple[Total, ...]:
    """The totals of several PIPs as one, day by day, less the persons who stand with several of them.

    No duty follows from it: each PIP reaches the threshold for itself. The same person never stands in a PIP twice, so
    that the group holds at least as many as its largest PIP.
    """
    events = sorted(
        ((total.on, number, total) for number, totals in enumerate(pips) for total in totals), key=itemgetter(0, 1)
    )
    newest: dict[int, Total] = {}
    found = []
    for on, group in groupby(events, key=itemgetter(0)):
        newest |= {number: total for _, number, total in group}
        lows, bests = [one.low for one in newest.values()], [one.best for one in newest.values()]
        low = max(max(lows), _without(sum(lows), max(best_percent, most_percent)))
        best = max(max(bests), _without(sum(bests), best_percent))
        found.append(Total(on, low=low, best=max(best, low), high=sum(one.high for one in newest.values())))
    return tuple(found)


def share(total: Total, threshold: int = THRESHOLD) -> float:
    """Percent of the threshold, cut to one decimal so that 99,999 doesn't look like 100."""
    return total.high * 1000 // threshold / 10


class _Proposal:
    """Watches the meter day by day for the crossing to propose."""

    def __init__(self, threshold: int, after: date | None = None) -> None:
        self.threshold, self.after = threshold, after
        self.crossing: ProposedCrossing | None = None

    def look(self, on: date, meter: _Meter) -> None:
        if self.after and on <= self.after:
            return
        before = on < IN_FORCE_ON
        if meter.high < self.threshold:
            if before:
                self.crossing = None
        elif self.crossing is None:
            self.crossing = ProposedCrossing(on, meter.high, meter.counts(), before)


def _days(facts: PipFacts) -> Iterator[tuple[date, _Meter]]:
    """The meter at the end of each day on which something changed; it is one object that moves on."""
    in_scope = {scenario.code for scenario in facts.scenarios if scenario.in_scope}
    events: list[Event] = [
        (count.on, 0, index, (count.scenario, count.deployment), count)
        for index, count in enumerate(facts.counts)
        if count.scenario in in_scope
    ]
    # Ended deployments count until disposal is proved; on the day itself the disposal has the last word.
    events += [
        (deployment.disposed_on, 1, index, (deployment.scenario, deployment.code), None)
        for index, deployment in enumerate(facts.deployments)
        if deployment.disposed_on and deployment.scenario in in_scope
    ]
    events.sort(key=itemgetter(0, 1, 2))
    meter = _Meter()
    for on, group in groupby(events, key=itemgetter(0)):
        for _, _, _, place, count in group:
            meter.take(place, count)
        yield on, meter


def _without(persons: int, percent: int) -> int:
    """Persons less an overlap in percent, rounded up: a part of a person is a person."""
    return -(-persons * (100 - percent) // 100)

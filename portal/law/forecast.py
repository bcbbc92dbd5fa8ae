"""When the threshold will likely be reached: a forecast from the numbers so far, and how wrong it was before.

Portal default, not law: Art 15 knows the day on which the number is reached and none before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import cos, log, pi, sin
from random import Random
from statistics import median

from portal.law.threshold import THRESHOLD

Reading = tuple[date, int]  # persons stored at the end of a day
Addition = tuple[date, int]  # persons that somebody plans to add on a day

LEAST_READINGS = 3
LOOK_BACK_DAYS = 56
HORIZON_DAYS = 730
YEAR = 365.25
# From so many days on a year's course can be told from a trend.
SEASON_DAYS = 390
# A change so many times the usual spread is a step (a new site) or a purge, and no part of the trend.
STEP_SPREADS = 4.0
# Older numbers weigh half for each such span.
HALF_LIFE_DAYS = 365
WALKS = 120
# So many of the newest numbers are held against what would have been said of them.
MOST_MISSES = 26
# Of the walks one in ten comes before the earliest day and one in ten after the latest.
TAIL = 0.1
# How far the pace may be expected to change in a year, and to swing within one, as a share of itself.
DRIFT, SWING = 0.5, 0.5
FADE = 0.25  # of a year
# Of the pace, for one change between two numbers; it shrinks as their number grows.
LEAST_DOUBT = 0.4


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day to come: the likely number and the range in which eight of ten walks lie."""

    on: date
    low: int
    best: int
    high: int
    ahead: bool = True


@dataclass(frozen=True, slots=True)
class Miss:
    """What would have been said eight weeks before a day, and what was counted on it."""

    on: date
    said: int
    counted: int

    @property
    def error(self) -> int:
        return self.said - self.counted


@dataclass(frozen=True)
class PastError:
    """The forecast's own past: each day on which it can be held against what came."""

    misses: tuple[Miss, ...]
    per_day: float

    @cached_property
    def persons(self) -> int:
        """The median error, whichever way it went."""
        return round(median(abs(miss.error) for miss in self.misses))

    @property
    def days(self) -> int | None:
        """The same in days at today's pace; None if the number doesn't grow."""
        return round(self.persons / self.per_day) if self.per_day >= 1 else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days on which the threshold will be reached; None where that lies beyond two years or isn't in sight.

    `steps` and `purges` are the days whose sudden rise or fall was left out of the trend; `purge_days` is the distance
    of purges that come back. `per_week` is the pace now.
    """

    earliest: date | None
    likely: date | None
    latest: date | None
    path: tuple[Ahead, ...]
    per_week: int
    is_seasonal: bool
    steps: tuple[date, ...]
    purges: tuple[date, ...]
    purge_days: int | None


def foretell(
    readings: Iterable[Reading], *, threshold: int = THRESHOLD, planned: Sequence[Addition] = ()
) -> Forecast | None:
    """The forecast from numbers in the order of their days; None with fewer than three or when it is reached."""
    known = sorted(dict(readings).items())
    if len(known) < LEAST_READINGS or known[-1][1] >= threshold:
        return None
    trend = _Trend(known)
    likely = trend.path(planned)
    walks = [trend.walk(Random(number)) for number in range(WALKS)]
    crossed = _first(likely, threshold)
    crossings = sorted(_first_of_walk(likely, walk, threshold) for walk in walks)
    first, last = crossings[int(WALKS * TAIL)], crossings[int(WALKS * (1 - TAIL))]
    days = (min(first, crossed), crossed, max(last, crossed))
    earliest, best, latest = (trend.last_on + timedelta(days=day) if day < HORIZON_DAYS else None for day in days)
    return Forecast(
        earliest=earliest,
        likely=best,
        latest=latest,
        path=_shown(trend.last_on, likely, walks, crossed),
        per_week=round(trend.rate(trend.end) * 7),
        is_seasonal=trend.is_seasonal,
        steps=tuple(trend.first_on + timedelta(days=day) for day, size in trend.jumps if size > 0),
        purges=tuple(trend.first_on + timedelta(days=day) for day, size in trend.jumps if size < 0),
        purge_days=trend.purge_days,
    )


def past_error(readings: Iterable[Reading]) -> PastError | None:
    """What the forecast would have said eight weeks before each number, from what was known then."""
    known = sorted(dict(readings).items())
    misses = []
    for on, persons in known[LEAST_READINGS:][-MOST_MISSES:]:
        until = on - timedelta(days=LOOK_BACK_DAYS)
        before = [reading for reading in known if reading[0] <= until]
        if len(before) < LEAST_READINGS:
            continue
        path = _Trend(before).path((), days=(on - before[-1][0]).days)
        misses.append(Miss(on, round(path[-1]), persons))
    trend = _Trend(known) if misses else None
    return PastError(tuple(misses), trend.rate(trend.end)) if trend else None


class _Trend:
    """The pace of growth over time, fitted to the changes between numbers without steps and purges."""

    def __init__(self, known: Sequence[Reading]) -> None:
        self.first_on, self.last_on = known[0][0], known[-1][0]
        self.level = float(known[-1][1])
        days = [(on - self.first_on).days for on, _ in known]
        self.end = days[-1]
        self.spans = [after - before for before, after in zip(days, days[1:], strict=False)]
        self.middles = [(before + after) / 2 for before, after in zip(days, days[1:], strict=False)]
        numbers = [persons for _, persons in known]
        pairs = zip(numbers, numbers[1:], self.spans, strict=False)
        self.rates = [(after - before) / span for before, after, span in pairs]
        self.jumps = self._take_out_jumps(numbers)
        self.purge_days, self.purge_share = self._recurring(numbers, days)
        self.is_seasonal = self.end >= SEASON_DAYS
        self.weights, self.spread = self._fit()

    def _take_out_jumps(self, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """The day and the size of each sudden change; its pace is replaced by that of its neighbours."""
        usual = [_middle(self.rates, place) for place in range(len(self.rates))]
        gaps = [(rate - like) * span for rate, like, span in zip(self.rates, usual, self.spans, strict=True)]
        spread = 1.4826 * median(abs(gap) for gap in gaps)
        # Numbers that hardly vary would make a step of every ripple.
        least = max(0.01 * max(numbers), 0.5 * abs(median(self.rates)) * median(self.spans))
        found = []
        for place, gap in enumerate(gaps):
            if len(self.rates) > LEAST_READINGS and abs(gap) > max(STEP_SPREADS * spread, least):
                found.append((round(self.middles[place]), gap))
                self.rates[place] = usual[place]
        return found

    def _recurring(self, numbers: Sequence[int], days: Sequence[int]) -> tuple[int | None, float]:
        """The distance of purges that come back at even distances, and the share of persons that each takes."""
        purges = [(day, size) for day, size in self.jumps if size < 0]
        if len(purges) < 2:
            return None, 0.0
        distances = [after - before for (before, _), (after, _) in zip(purges, purges[1:], strict=False)]
        usual, slack = median(distances), 1.5 * median(self.spans)
        if usual < 2 * slack or any(abs(distance - usual) > slack for distance in distances):
            return None, 0.0
        shares = [
            -size / max(number for number, on in zip(numbers, days, strict=True) if on <= day) for day, size in purges
        ]
        return round(usual), median(shares)

    def _features(self, day: float) -> list[float]:
        turn = 2 * pi * day / YEAR
        return [1.0, (day - self.end) / YEAR, *([sin(turn), cos(turn)] if self.is_seasonal else [])]

    def _fit(self) -> tuple[list[float], list[float]]:
        """Pace, its drift, and its course over the year, each kept small unless the numbers speak for it."""
        usual = median(self.rates)
        scale = max(abs(usual), 1.0)
        shares = [
            span * 0.5 ** ((self.end - middle) / HALF_LIFE_DAYS)
            for middle, span in zip(self.middles, self.spans, strict=True)
        ]
        # The spread of a day's change, from one change to the next so that a trend adds nothing to it.
        steps = [
            (after - before) ** 2 * min(spans)
            for before, after, *spans in zip(self.rates, self.rates[1:], self.spans, self.spans[1:], strict=False)
        ]
        noise = max((median(steps) / 0.9 if steps else 0.0), (0.05 * scale) ** 2 * median(self.spans))
        limits = [10 * scale, DRIFT * scale, SWING * scale, SWING * scale]
        rows = [self._features(middle) for middle in self.middles]
        size = len(rows[0])
        left = [
            [
                sum(share * row[i] * row[j] for share, row in zip(shares, rows, strict=True))
                + (noise / limits[i] ** 2 if i == j else 0.0)
                for j in range(size)
            ]
            for i in range(size)
        ]
        right = [
            sum(share * row[i] * rate for share, row, rate in zip(shares, rows, self.rates, strict=True))
            for i in range(size)
        ]
        weights = _solve(left, right)
        fitted = [sum(a * b for a, b in zip(weights, row, strict=True)) for row in rows]
        # What is left over, as the change of one day: it adds up like the steps of a walk.
        spread = [(rate - fit) * span**0.5 for rate, fit, span in zip(self.rates, fitted, self.spans, strict=True)]
        return weights, spread

    def rate(self, day: float) -> float:
        """Persons a day; ahead of the last number the drift fades, by half in a quarter of a year."""
        constant, drifted, *season = self._features(day)
        if drifted > 0:
            drifted = FADE * (1 - 0.5 ** (drifted / FADE)) / log(2)
        features = (constant, drifted, *season)
        return sum(weight * feature for weight, feature in zip(self.weights, features, strict=True))

    def path(self, planned: Sequence[Addition], *, days: int = HORIZON_DAYS) -> list[float]:
        """The likely number at the end of each day after the last known one."""
        added: dict[int, int] = {}
        for on, persons in planned:
            day = max((on - self.last_on).days, 1)
            added[day] = added.get(day, 0) + persons
        level, numbers = self.level, []
        purge = self._next_purge()
        for day in range(1, days + 1):
            level += self.rate(self.end + day) + added.get(day, 0)
            if purge == day:
                level -= level * self.purge_share
                purge += self.purge_days or HORIZON_DAYS
            numbers.append(max(level, 0.0))
        return numbers

    def walk(self, random: Random) -> list[float]:
        """How far another course lies from the likely one at the end of each week: past deviations, drawn anew."""
        pace, strayed = random.gauss(0, self._doubt()) * 7, [0.0]
        for chance in random.choices(self.spread, k=HORIZON_DAYS // 7 + 1):
            strayed.append(strayed[-1] + pace + chance * 7**0.5)
        return strayed

    def _doubt(self) -> float:
        """How far the pace itself may be off: twice what the spread says, for the pace may turn as well.

        A few numbers may agree by chance: the fewer they are, the less is believed of a small spread.
        """
        variance = sum(step * step for step in self.spread) / len(self.spread)
        least = LEAST_DOUBT * abs(self.weights[0]) / float(len(self.rates) ** 0.5)
        return max(2.0 * float((variance / min(self.end, HALF_LIFE_DAYS)) ** 0.5), least)

    def _next_purge(self) -> int | None:
        """Days until the next of the purges that come back."""
        if not self.purge_days:
            return None
        last = max(day for day, size in self.jumps if size < 0)
        return max(last + self.purge_days - self.end, 1)


def _middle(rates: Sequence[float], place: int, reach: int = 5) -> float:
    """The median pace around a place, without itself."""
    around = [*rates[max(place - reach, 0) : place], *rates[place + 1 : place + 1 + reach]]
    return median(around) if around else rates[place]


def _first(path: Sequence[float], threshold: int) -> int:
    """Days until the threshold is reached; the horizon if it isn't."""
    return next((day for day, persons in enumerate(path, start=1) if persons >= threshold), HORIZON_DAYS)


def _first_of_walk(likely: Sequence[float], walk: Sequence[float], threshold: int) -> int:
    """The same of a walk, to the week."""
    weeks = range(1, HORIZON_DAYS // 7 + 1)
    return next((week * 7 for week in weeks if likely[week * 7 - 1] + walk[week] >= threshold), HORIZON_DAYS)


def _shown(last_on: date, likely: Sequence[float], walks: Sequence[Sequence[float]], until: int) -> tuple[Ahead, ...]:
    """A point a week for a short way ahead, else a dozen: to a little after the threshold, else for half a year."""
    end = min(until + 28, HORIZON_DAYS) if until < HORIZON_DAYS else 182
    points = []
    for number in range(1, 13):
        week = max(round(end * number / 84), number)
        best, strayed = likely[week * 7 - 1], sorted(walk[week] for walk in walks)
        low, high = strayed[int(WALKS * TAIL)], strayed[int(WALKS * (1 - TAIL))]
        on = last_on + timedelta(days=week * 7)
        points.append(
            Ahead(on, low=round(max(best + min(low, 0), 0)), best=round(best), high=round(best + max(high, 0)))
        )
    return tuple(points)


def _solve(left: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a few linear equations, by elimination; the penalties keep them solvable."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(left, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda place: abs(rows[place][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for place in range(size):
            if place != column:
                factor = rows[place][column] / rows[column][column]
                rows[place] = [a - factor * b for a, b in zip(rows[place], rows[column], strict=True)]
    return [rows[place][size] / rows[place][place] for place in range(size)]

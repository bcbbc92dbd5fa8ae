"""Geometry of the server-rendered charts, in presentation attributes only: the policy allows no inline style."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, hypot, log10, sqrt

from portal.law.pipia import level
from portal.law.threshold import THRESHOLD, WARNING_STEPS

WIDTH, HEIGHT = 1000.0, 240.0


@dataclass(frozen=True)
class Point:
    """Persons stored on a day: the best figure and its range; ``ahead`` marks a forecast."""

    on: date
    low: int
    best: int
    high: int
    ahead: bool = False


def percent(value: float, full: float) -> str:
    """A share of the drawing's width, between 0 and 100 %."""
    return f"{min(max(value / full, 0), 1) * 100:.2f}%"


def gauge(
    best: int,
    low: int | None,
    high: int | None,
    limit: int = THRESHOLD,
    beside: int = 0,
    steps: Sequence[int] = WARNING_STEPS,
) -> dict:
    """The bar toward the limit: widths in percent of a scale that ends 12 % above the limit or the highest figure.

    ``beside`` is the highest figure of the bars that it is compared with: up to twice the limit they share a scale.
    ``steps`` are the percent at which the tenant is warned.
    """
    low, high = (best if low is None else low), (best if high is None else high)
    full = max(limit, high, beside if beside < limit * 2 else 0) * 1.12
    passed = max((step for step in steps if high * 100 >= limit * step), default=None)
    return {
        "best": best,
        "low": low,
        "high": high,
        "limit": limit,
        # As for the law's proposal of a crossing, the highest figure decides: no overlap is deducted.
        "reached": high >= limit,
        "passed": passed,
        "bar": percent(best, full),
        "range_x": percent(low, full),
        "range_width": percent(high - low, full),
        "limit_x": percent(limit, full),
        # Under a scale stretched by a very high figure the steps would overprint each other: the limit alone stays.
        "ticks": [{"step": step, "x": percent(limit * step / 100, full)} for step in steps]
        if full < limit * 2
        else [],
    }


def nice_step(full: float) -> int:
    """A round distance of grid lines that gives three to six of them."""
    raw = full / 4
    magnitude = 10 ** int(log10(raw)) if raw >= 1 else 1
    return int(next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= raw))


def curve(points: Sequence[Point], limit: int = THRESHOLD) -> dict:
    """Paths of the line, its range and its forecast in a 1000 × 240 drawing, with grid and labels in percent."""
    points = sorted(points, key=lambda point: point.on)
    full = max([limit * 1.1, *(point.high * 1.06 for point in points)])
    step = max(nice_step(full), 1)
    full = ceil(full / step) * step
    first, last = points[0].on, points[-1].on
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return (day - first).days / span * WIDTH

    def y(persons: float) -> float:
        return HEIGHT - persons / full * HEIGHT

    def line(some: Iterable[Point]) -> str:
        return "M" + " L".join(f"{x(point.on):.1f} {y(point.best):.1f}" for point in some)

    def band(some: Sequence[Point]) -> str:
        upper = [f"{x(point.on):.1f} {y(point.high):.1f}" for point in some]
        lower = [f"{x(point.on):.1f} {y(point.low):.1f}" for point in reversed(some)]
        return "M" + " L".join(upper + lower) + " Z"

    seen = [point for point in points if not point.ahead]
    ahead = seen[-1:] + [point for point in points if point.ahead]
    newest = seen[-1] if seen else points[-1]
    return {
        "points": points,
        "limit": limit,
        "newest": newest,
        "line": line(seen) if seen else "",
        "band": band(seen) if seen else "",
        "line_ahead": line(ahead) if len(ahead) > 1 else "",
        "band_ahead": band(ahead) if len(ahead) > 1 else "",
        "limit_y": percent(full - limit, full),
        "dot_x": percent(x(newest.on), WIDTH),
        "dot_y": percent(y(newest.best), HEIGHT),
        "grid": [{"persons": n, "y": percent(full - n, full)} for n in range(0, full + 1, step) if n != limit],
        "days": [
            {"on": day, "x": percent(x(day), WIDTH), "anchor": anchor}
            for day, anchor in ((first, "start"), (first + (last - first) / 2, "middle"), (last, "end"))
        ]
        if last > first
        else [{"on": first, "x": "0%", "anchor": "start"}],
    }


# The matrix of risks: four by four cells, the most likely to the right and the gravest on top.
CELL_WIDTH, CELL_HEIGHT, STEPS = 120, 84, 4
Weighed = tuple[int, int | None, int | None, int | None, int | None]


def matrix(risks: Sequence[Weighed]) -> dict:
    """Risks by number with likelihood and severity before and after: cells with their level, points and arrows.

    A point before the measures is hollow, one after them filled; a risk that the measures don't move has one point.
    """
    cells: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    for number, *steps in risks:
        before, after = (steps[0], steps[1]), (steps[2], steps[3])
        if None not in before and before != after:
            cells.setdefault(before, []).append((number, False))
        if None not in after:
            cells.setdefault(after, []).append((number, True))
    places = {
        mark: spot
        for (likelihood, severity), marks in cells.items()
        for mark, spot in zip(marks, _spots(likelihood, severity, len(marks)), strict=True)
    }
    radius = 11 if all(len(marks) <= 6 for marks in cells.values()) else 8
    return {
        "width": CELL_WIDTH * STEPS,
        "height": CELL_HEIGHT * STEPS,
        "radius": radius,
        "cells": [
            {
                "x": (likelihood - 1) * CELL_WIDTH,
                "y": (STEPS - severity) * CELL_HEIGHT,
                "width": CELL_WIDTH,
                "height": CELL_HEIGHT,
                "level": level(likelihood, severity),
            }
            for severity in range(STEPS, 0, -1)
            for likelihood in range(1, STEPS + 1)
        ],
        "points": [
            {"number": number, "is_after": is_after, "x": f"{x:.1f}", "y": f"{y:.1f}"}
            for (number, is_after), (x, y) in sorted(places.items())
        ],
        "arrows": [
            _arrow(places[number, False], places[number, True], radius)
            for number, *_steps in risks
            if (number, False) in places and (number, True) in places
        ],
    }


def _spots(likelihood: int, severity: int, number: int) -> list[tuple[float, float]]:
    """As many places in a cell as it has points, below the name of its level."""
    columns = max(3, ceil(sqrt(number * 2)))
    rows = max(2, ceil(number / columns))
    left, top = (likelihood - 1) * CELL_WIDTH, (STEPS - severity) * CELL_HEIGHT + 18
    return [
        (
            left + (one % columns + 0.5) * CELL_WIDTH / columns,
            top + (one // columns + 0.5) * (CELL_HEIGHT - 20) / rows,
        )
        for one in range(number)
    ]


def _arrow(start: tuple[float, float], end: tuple[float, float], radius: float) -> dict:
    """A line from the edge of one point to the edge of the other, and its head."""
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    tip = (x2 - dx * (radius + 1), y2 - dy * (radius + 1))
    back = (tip[0] - dx * 8, tip[1] - dy * 8)
    wings = ((back[0] - dy * 4, back[1] + dx * 4), (back[0] + dy * 4, back[1] - dx * 4))
    return {
        "line": f"M{x1 + dx * radius:.1f} {y1 + dy * radius:.1f} L{back[0]:.1f} {back[1]:.1f}",
        "head": " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, *wings)),
    }

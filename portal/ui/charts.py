"""Geometry of the server-rendered charts, in presentation attributes only: the policy allows no inline style."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log10

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


def gauge(best: int, low: int | None, high: int | None, limit: int = THRESHOLD, beside: int = 0) -> dict:
    """The bar toward the limit: widths in percent of a scale that ends 12 % above the limit or the highest figure.

    ``beside`` is the highest figure of the bars that it is compared with: up to twice the limit they share a scale.
    """
    low, high = (best if low is None else low), (best if high is None else high)
    full = max(limit, high, beside if beside < limit * 2 else 0) * 1.12
    passed = max((step for step in WARNING_STEPS if high * 100 >= limit * step), default=None)
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
        "ticks": [{"step": step, "x": percent(limit * step / 100, full)} for step in WARNING_STEPS]
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

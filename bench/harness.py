"""Times several ways of doing the same thing in turns, and reports ratios: a machine's speed drops out of them."""

import gc
import json
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Way:
    """One way of doing the work. What ``prepare`` returns, if anything, is given to ``run``; that alone is timed."""

    run: Callable[..., Any]
    prepare: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Target:
    """A ratio that is asked for: ``way`` takes at most ``most`` or at least ``least`` times as long as ``of``."""

    way: str
    of: str
    most: float | None = None
    least: float | None = None

    def verdict(self, ratio: float, reference: str) -> str:
        """In words; never a failure, since a clock proves nothing on a busy machine."""
        bound = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"
        is_met = ratio <= self.most if self.most is not None else ratio >= (self.least or 0)
        against = "" if self.of == reference else f" × {self.of} ({ratio:.2f})"
        return f"target {bound}{against}: {'met' if is_met else 'MISSED'}"


@dataclass
class Comparison:
    """The seconds of each way, round by round."""

    title: str
    seconds: dict[str, list[float]]
    targets: Sequence[Target] = ()
    remark: str = ""
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The first way: the floor."""
        return next(iter(self.seconds))

    def ratios(self, way: str, of: str) -> list[float]:
        """Paired: each round's time over that of the other way in the same round."""
        return [a / b for a, b in zip(self.seconds[way], self.seconds[of], strict=True)]

    def rows(self) -> list[dict[str, Any]]:
        """One for each way: median seconds, median paired ratio to the floor, the smallest and the largest."""
        rows = []
        for way, seconds in self.seconds.items():
            ratios = self.ratios(way, self.reference)
            verdicts = [
                target.verdict(statistics.median(self.ratios(way, target.of)), self.reference)
                for target in self.targets
                if target.way == way
            ]
            rows.append(
                {
                    "way": way,
                    "median_ms": round(statistics.median(seconds) * 1000, 3),
                    "ratio": round(statistics.median(ratios), 2),
                    "least": round(min(ratios), 2),
                    "most": round(max(ratios), 2),
                    "rounds": len(seconds),
                    "targets": verdicts,
                }
            )
        return rows

    def text(self) -> str:
        """The table as the command prints it."""
        lines = [self.title, f"  {'way':<44}{'median':>12}{'× floor':>10}   {'spread':<18}"]
        for row in self.rows():
            spread = f"{row['least']:.2f}–{row['most']:.2f} ({row['rounds']})"
            verdict = "; ".join(row["targets"])
            lines.append(f"  {row['way']:<44}{row['median_ms']:>9.1f} ms{row['ratio']:>10.2f}   {spread:<18}{verdict}")
        lines += [f"  {name}: {value}" for name, value in self.figures.items()]
        if self.remark:
            lines.append(f"  {self.remark}")
        return "\n".join(lines)

    def markdown(self) -> str:
        """The table as README.md shows it."""
        lines = [
            f"**{self.title}**",
            "",
            "| way | median, ms | × floor | spread | target |",
            "| - | -: | -: | - | - |",
        ]
        lines += [
            f"| {row['way']} | {row['median_ms']:,.1f} | {row['ratio']:.2f} | {row['least']:.2f}–{row['most']:.2f},"
            f" {row['rounds']} rounds | {'; '.join(row['targets'])} |"
            for row in self.rows()
        ]
        lines += ["", *(f"{name}: {value}  " for name, value in self.figures.items())]
        return "\n".join(lines) + "\n"


def ab(
    title: str,
    ways: Mapping[str, Callable[..., Any] | Way],
    *,
    rounds: int,
    warm: int = 1,
    targets: Sequence[Target] = (),
    remark: str = "",
) -> Comparison:
    """Time the ways in turns, so that a slow minute of the machine hits all of them; the first one is the floor.

    The order turns from round to round. ``warm`` rounds are run first and thrown away.
    """
    table = {name: way if isinstance(way, Way) else Way(way) for name, way in ways.items()}
    names = list(table)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(-warm, rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            taken = timed(table[name])
            if turn >= 0:
                seconds[name].append(taken)
    return Comparison(title, seconds, targets, remark)


def timed(way: Way) -> float:
    """Seconds of one run, without its preparation and without a garbage collection that another way caused."""
    prepared = way.prepare() if way.prepare else None
    subject = () if prepared is None else (prepared,)
    gc.collect()
    begun = time.perf_counter()
    way.run(*subject)
    return time.perf_counter() - begun


def same(answers: Mapping[str, Any]) -> None:
    """Refuse to time ways that don't give the same answer: a fast wrong answer is no benchmark."""
    (first, expected), *others = answers.items()
    for name, answer in others:
        if answer != expected:
            raise AssertionError(f"{name} answers {shorten(answer)}, {first} answers {shorten(expected)}")


def shorten(answer: Any) -> str:
    text = repr(answer)
    return text if len(text) < 400 else f"{text[:400]}…"


def circumstances(size: str, server_version: str) -> dict[str, str]:
    """What the figures belong to."""
    import django

    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip(),
        "size": size,
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": server_version,
        "machine": f"{platform.system()} {platform.machine()}",
    }


def save(folder: Path, about: Mapping[str, str], found: Mapping[str, Sequence[Comparison]]) -> Path:
    """Write the run as JSON, and as the tables for README.md beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{about['date']}-{about['size']}.json"
    old = json.loads(file.read_text())["workloads"] if file.exists() else {}
    workloads = old | {
        name: [
            {"title": one.title, "ways": one.rows(), "seconds": one.seconds, "figures": one.figures, **about}
            for one in comparisons
        ]
        for name, comparisons in found.items()
    }
    file.write_text(json.dumps({**about, "workloads": workloads}, ensure_ascii=False, indent=1))
    for name, comparisons in found.items():
        tables = "\n".join(one.markdown() for one in comparisons)
        file.with_name(f"{file.stem}-{name}.md").write_text(tables)
    return file

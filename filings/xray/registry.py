"""A check of the X-ray: what it compares, how grave it is, which law, practice or default it stands on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from filings.xray.inputs import Dossier
from portal.law.duties import Layer
from portal.law.sources import Cite
from portal.law.text import Text

Level = Literal["error", "warning", "hint"]
LEVELS: tuple[Level, ...] = ("error", "warning", "hint")
Group = Literal["papers", "identity", "scenarios", "assessment", "described", "numbers", "dates", "joint"]
GROUPS: dict[Group, Text] = {
    "papers": Text("Papers, seals and pages", "材料、印章与页数"),
    "identity": Text("Names and codes", "名称与代码"),
    "scenarios": Text("Scenarios and fields", "应用场景与填报项"),
    "assessment": Text("Impact assessment", "影响评估"),
    "described": Text("Described the same everywhere", "各处表述一致"),
    "numbers": Text("Numbers", "人数"),
    "dates": Text("Dates", "日期与有效期"),
    "joint": Text("Members of the joint filing", "联合备案成员单位"),
}
ALWAYS = frozenset({"initial", "change", "termination"})
IN_USE = ALWAYS - {"termination"}


@dataclass(frozen=True)
class Place:
    """Where a finding is put right: a kind of page, the row it is about, and the field on it."""

    kind: str
    key: Any = None
    field: str = ""


@dataclass(frozen=True)
class Found:
    """What isn't right, and where it is put right."""

    text: Text
    place: Place


@dataclass(frozen=True)
class Check:
    """One comparison; `kinds` are the filings that it is made for."""

    code: str
    group: Group
    level: Level
    title: Text
    cites: tuple[Cite, ...]
    kinds: frozenset[str]
    run: Callable[[Dossier], Iterable[Found]]

    @property
    def layer(self) -> Layer:
        """Whether it stands on law, on filing practice or on a default of the portal."""
        instrument = self.cites[0].instrument
        return {"PRACTICE": "practice", "DEFAULT": "default"}.get(instrument, "law")  # type: ignore[return-value]


CHECKS: dict[str, Check] = {}


def check(
    code: str, group: Group, level: Level, *cites: Cite, en: str, zh: str, kinds: frozenset[str] = ALWAYS
) -> Callable[[Callable[[Dossier], Iterable[Found]]], Callable[[Dossier], Iterable[Found]]]:
    """Enter a check; its title says what is as it should be."""

    def enter(run: Callable[[Dossier], Iterable[Found]]) -> Callable[[Dossier], Iterable[Found]]:
        assert code not in CHECKS, code
        CHECKS[code] = Check(code, group, level, Text(en, zh), cites, kinds, run)
        return run

    return enter


@dataclass(frozen=True)
class Outcome:
    """A check that was made, and what it found."""

    check: Check
    found: tuple[Found, ...]


def examine(dossier: Dossier) -> list[Outcome]:
    """Every check that this kind of filing is put to, in the order of the groups; of members where it has some."""
    made = [one for one in CHECKS.values() if dossier.kind in one.kinds and (dossier.joined or one.group != "joint")]
    order = list(GROUPS)
    made.sort(key=lambda one: order.index(one.group))
    return [Outcome(one, tuple(one.run(dossier))) for one in made]


def stopping(outcomes: Iterable[Outcome]) -> Iterator[Found]:
    """What keeps the dossier from being frozen."""
    for outcome in outcomes:
        if outcome.check.level == "error":
            yield from outcome.found


def readiness(outcomes: list[Outcome]) -> int:
    """Percent of the checks that found no error and no warning, rounded down: 100 means none."""
    asked = [one for one in outcomes if one.check.level != "hint"]
    return 100 * sum(not one.found for one in asked) // len(asked)

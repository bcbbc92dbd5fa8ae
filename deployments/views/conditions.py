"""The gates as a list on the page: state, sentence, article, where each is mended, who waived it; what comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deployments.mending import Mend, mend_of
from deployments.models import Scenario
from deployments.views.places import place_url
from portal.law.duties import Duty
from portal.law.gates import GATE_OF, GATES, OF_PLACE, PRIVATE_SPACE, Examined, Gate, Point, first_open
from portal.law.sources import Cite
from portal.law.text import Text
from portal.obligations.models import Waiver

Waivers = Mapping[tuple[str, str], Waiver]
# The badge of a gate's state, and its word where the badge's own doesn't say it.
BADGES: dict[str, tuple[str, str | Promise]] = {
    "met": ("met", _("there")),
    "open": ("missing", ""),
    "waived": ("waived", ""),
    "not_asked": ("not_applicable", _("not asked here")),
    "at_place": ("not_applicable", _("asked at each place")),
}


@dataclass(frozen=True)
class PointRow:
    """One rule of a gate: what the law says, and what the reader can do about it."""

    duty: Duty
    is_open: bool
    mend: Mend | None = None
    waive_url: str = ""
    waiver: Waiver | None = None
    withdraw_url: str = ""

    @property
    def cite(self) -> Cite:
        """The first article of the rule."""
        return self.duty.cites[0]

    @property
    def step(self) -> str:
        """What is to be done, with the article that asks it, for the bar of the next step."""
        language = get_language() or "en"
        return f"{self.duty.title.in_(language)} · {self.cite.label.in_(language)}"

    @property
    def needs_review(self) -> bool:
        return self.is_open and self.duty.needs_review


@dataclass(frozen=True)
class GateRow:
    """A gate on the page."""

    gate: Gate
    state: str
    points: list[PointRow]
    # Why nothing is asked, or that all is well without a word of the law.
    silent: Text | str | Promise = ""

    @property
    def badge(self) -> str:
        """Unlawful is a device in a private space only: all else is missing before use."""
        return "unlawful" if self.is_unlawful else BADGES[self.state][0]

    @property
    def label(self) -> str | Promise:
        """The word of the badge, where it has none of its own."""
        return "" if self.is_unlawful else BADGES[self.state][1]

    @property
    def is_unlawful(self) -> bool:
        return self.state == "open" and self.gate.number == PRIVATE_SPACE

    @property
    def is_asked(self) -> bool:
        return self.state in ("met", "open", "waived")

    @property
    def cites(self) -> tuple[Cite, ...]:
        return self.gate.cites


@dataclass(frozen=True)
class Conditions:
    """What the law asks before use, as a list and as the one thing to do next."""

    rows: list[GateRow]
    next: PointRow | None
    asked: int
    done: int

    @property
    def is_open(self) -> bool:
        """Whether nothing holds the use back."""
        return self.next is None

    @property
    def next_tone(self) -> str:
        """Red only while a device stands in a private space."""
        return "bad" if self.next and self.next.duty.rule in dict(GATES[PRIVATE_SPACE - 1].asks) else "warn"

    @property
    def waived(self) -> list[GateRow]:
        """Gates that a waiver opens: findings all the same."""
        return [row for row in self.rows if row.state == "waived"]


def conditions(
    request: HttpRequest,
    examined: Iterable[Examined],
    scenario: Scenario,
    deployment: Any,
    waivers: Waivers,
) -> Conditions:
    """The gates of a deployment that was read ``with_equipment``, or without one of a scenario, ready for the page."""
    examined = list(examined)
    drawn = Drawing(request, scenario, deployment, waivers)
    rows = [drawn.row(one) for one in examined]
    asked = [row for row in rows if row.is_asked]
    first = first_open(examined)
    return Conditions(
        rows=rows,
        next=next((point for row in rows for point in row.points if first and point.duty is first.duty), None),
        asked=len(asked),
        done=sum(row.state != "open" for row in asked),
    )


@dataclass(frozen=True)
class Drawing:
    """Turns what the law found into rows for one reader."""

    request: HttpRequest
    scenario: Scenario
    deployment: Any
    waivers: Waivers

    def row(self, one: Examined) -> GateRow:
        state = one.state
        if self.deployment is None and one.gate.number in OF_PLACE:
            state = "at_place"
        return GateRow(one.gate, state, [self.point(point) for point in one.points], self.silent(one, state))

    def silent(self, one: Examined, state: str) -> Text | str | Promise:
        """What to say of a gate on which the law has nothing to say."""
        if one.points or state == "at_place":
            return ""
        if not (self.scenario.is_in_scope or one.gate.stands_open):
            return _("The Measures don't apply.")
        return one.gate.silent

    def point(self, point: Point) -> PointRow:
        if not (point.is_open or point.is_waived):
            return PointRow(point.duty, is_open=False)
        may_waive = self.request.access.can("waive_finding", self.scenario.pip_id)
        if point.is_waived:
            waiver = self.waivers.get((point.duty.rule, point.duty.subject))
            withdraw = place_url(self.request, "waiver_withdraw", waiver.pk) if waiver and may_waive else ""
            return PointRow(point.duty, is_open=False, waiver=waiver, withdraw_url=withdraw)
        waive = self.waive_url(point.duty) if may_waive and point.is_waivable else ""
        return PointRow(point.duty, is_open=True, mend=self.mend(point), waive_url=waive)

    def mend(self, point: Point) -> Mend | None:
        """Where it is mended; a device in a private space is, by its removal or the proof of it."""
        may_edit = self.request.access.can("edit_register", self.scenario.pip_id)
        if GATE_OF[point.duty.rule].number != PRIVATE_SPACE:
            return mend_of(self.request, point.mend, self.scenario, self.deployment, may_edit=may_edit)
        code = point.duty.subject.removeprefix("deployment:")
        device = next(one for one in self.deployment.private_here if one["deployment__code"] == code)
        if not may_edit:
            return Mend(_("See the devices"), place_url(self.request, "deployment", device["deployment_id"]))
        if device["removed_on"]:
            return Mend(_("Add the proof"), place_url(self.request, "device_prove", device["id"]))
        return Mend(_("Record the removal"), place_url(self.request, "device_remove", device["id"]))

    def waive_url(self, duty: Duty) -> str:
        """The page on which a named reviewer waives this finding."""
        is_of_place = duty.subject.startswith("deployment:")
        name, row = ("deployment_waive", self.deployment) if is_of_place else ("scenario_waive", self.scenario)
        return f"{place_url(self.request, name, row.pk)}?rule={duty.rule}" if row is not None else ""

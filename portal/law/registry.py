"""The list of rules: a rule is a pure function with an id, a title and the articles it stands on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.law.duties import Claim, Duty, Kind, Layer
from portal.law.facts import PipFacts
from portal.law.sources import Cite
from portal.law.text import Text
from portal.law.workdays import Workdays

Check = Callable[[PipFacts, Workdays], Iterator[Claim]]
NOT_SAID = Text("", "")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or list that a rule goes by, and the layer that it comes from: what a lawyer would look at first."""

    name: Text
    value: Text
    layer: Layer


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the law package: facts and a calendar in, duties out.

    `trigger`, `due`, `exemption` and `evidence` say in words what the function reckons; `since` is the day from which
    the rule is applied, by default that on which the first instrument it cites came into force.
    """

    id: str
    title: Text
    cites: tuple[Cite, ...]
    layer: Layer
    kind: Kind
    obligation: tuple[str, ...]
    check: Check
    trigger: Text = NOT_SAID
    due: Text = NOT_SAID
    exemption: Text = NOT_SAID
    evidence: Text = NOT_SAID
    parameters: tuple[Parameter, ...] = ()
    since: date | None = None

    @property
    def in_force_on(self) -> date:
        """The day from which the portal applies the rule."""
        return self.since or self.cites[0].source.in_force_on

    def duties(self, facts: PipFacts, calendar: Workdays) -> Iterator[Duty]:
        """The duties that this rule finds in the facts."""
        for claim in self.check(facts, calendar):
            yield Duty(
                rule=self.id,
                title=self.title,
                subject=claim.subject,
                arose_on=claim.arose_on,
                reckoning=claim.reckoning,
                met_on=claim.met_on,
                state=claim.state,
                why=claim.why,
                cites=self.cites,
                layer=self.layer,
                kind=self.kind,
                is_confirmed=claim.is_confirmed,
                is_critical=claim.is_critical,
                is_waivable=claim.is_waivable,
                needs_review=claim.needs_review,
                remedy=claim.remedy,
                step=claim.step,
                due_at=claim.due_at,
            )


RULES: list[Rule] = []


def rule(
    id: str,
    *,
    cites: Iterable[Cite],
    layer: Layer,
    title: Text,
    kind: Kind,
    obligation: Iterable[str] = (),
    trigger: Text = NOT_SAID,
    due: Text = NOT_SAID,
    exemption: Text = NOT_SAID,
    evidence: Text = NOT_SAID,
    parameters: Iterable[Parameter] = (),
    since: date | None = None,
) -> Callable[[Check], Rule]:
    """Register a function as a rule; `obligation` names the rows of the obligations table that it carries."""

    def register(check: Check) -> Rule:
        if any(known.id == id for known in RULES):
            raise ValueError(f"Two rules are called {id}")
        made = Rule(
            id=id,
            title=title,
            cites=tuple(cites),
            layer=layer,
            kind=kind,
            obligation=tuple(obligation),
            check=check,
            trigger=trigger,
            due=due,
            exemption=exemption,
            evidence=evidence,
            parameters=tuple(parameters),
            since=since,
        )
        RULES.append(made)
        return made

    return register

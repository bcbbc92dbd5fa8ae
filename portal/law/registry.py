"""The list of rules: a rule is a pure function with an id, a title and the articles it stands on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from portal.law.duties import Claim, Duty, Kind, Layer
from portal.law.facts import PipFacts
from portal.law.sources import Cite
from portal.law.text import Text
from portal.law.workdays import Workdays

Check = Callable[[PipFacts, Workdays], Iterator[Claim]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the law package: facts and a calendar in, duties out."""

    id: str
    title: Text
    cites: tuple[Cite, ...]
    layer: Layer
    kind: Kind
    obligation: tuple[str, ...]
    check: Check

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
    id: str, *, cites: Iterable[Cite], layer: Layer, title: Text, kind: Kind, obligation: Iterable[str] = ()
) -> Callable[[Check], Rule]:
    """Register a function as a rule; `obligation` names the rows of the obligations table that it carries."""

    def register(check: Check) -> Rule:
        if any(known.id == id for known in RULES):
            raise ValueError(f"Two rules are called {id}")
        made = Rule(id, title, tuple(cites), layer, kind, tuple(obligation), check)
        RULES.append(made)
        return made

    return register

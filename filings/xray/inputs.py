"""What the X-ray looks at, frozen: the checks read nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deployments.models import CrossingNote, Scenario, ThresholdCrossing
from filings.dossier import FORMS, Item
from filings.models import PaperFacts
from filings.register import ScenarioSheet
from filings.sheets import Filled
from portal.law.meter import Total
from portal.law.text import Text
from portal.tenancy.models import Pip

THERE = ("scanned", "accepted")


@dataclass(frozen=True)
class Paper:
    """A paper of the dossier, what was read off its scan, and how its draft stands to the register."""

    item: Item
    facts: PaperFacts | None = None
    # The register would fill it otherwise now; said of a draft, and of the draft that was sealed.
    is_stale: bool = False
    is_sealed_stale: bool = False
    at_seal_since: date | None = None

    @property
    def code(self) -> str:
        return self.item.material.code

    @property
    def pk(self) -> int:
        return self.item.document.pk

    @property
    def is_there(self) -> bool:
        """Whether its file is in the dossier; the two forms are made when it is frozen."""
        return self.code in FORMS or self.item.document.state in THERE

    @property
    def title(self) -> Text:
        title = self.item.material.title
        if self.item.scenario is None:
            return title
        name = self.item.scenario.scenario.name
        return Text(f"{title.en} · {name}", f"{title.zh} · {name}")


@dataclass(frozen=True)
class Seen:
    """A covered scenario: its sheet, and what the assessment, the notice and the consent say of it."""

    sheet: ScenarioSheet
    fields: tuple[Filled, ...] = ()
    # The facts that the approved assessment was made on; empty where an old one has none.
    assessed: Mapping[str, Any] | None = None
    outdated_by: tuple[str, ...] = ()
    first_approved_on: date | None = None
    open_measures: int = 0
    # What the published notice tells, and what the wording in force asks consent to.
    notified: Mapping[str, Any] | None = None
    consented: Mapping[str, Any] | None = None

    @property
    def scenario(self) -> Scenario:
        return self.sheet.scenario

    @property
    def name(self) -> str:
        return self.scenario.name


@dataclass(frozen=True)
class Joined:
    """A member of a joint filing: its uses that differ by now, aren't covered or aren't assessed, and its own date."""

    pip: Pip
    apart: tuple[Scenario, ...] = ()
    uncovered: tuple[Scenario, ...] = ()
    unassessed: tuple[Scenario, ...] = ()
    due: date | None = None


@dataclass(frozen=True)
class Dossier:
    """Everything that is compared."""

    kind: str
    today: date
    due: date | None
    safe: date | None
    is_provisional: bool
    left: int | None
    pip: Pip
    # Where the filing goes: after a move still the authority that has the filing.
    province: str
    fields: tuple[Filled, ...]
    papers: tuple[Paper, ...]
    scenarios: tuple[Seen, ...]
    # Scenarios under the Measures with a count that the filing doesn't cover yet.
    uncovered: tuple[Scenario, ...]
    now: Total
    crossing: ThresholdCrossing | CrossingNote | None = None
    # What the register's counts add up to on the day of the crossing.
    crossed: Total | None = None
    joined: tuple[Joined, ...] = ()
    # The end of use whose face information isn't proved to be disposed of.
    undisposed: str = ""

    @property
    def until(self) -> date:
        """The day on which papers must still be good: the last day for filing, or today once it has passed."""
        return max(self.due or self.today, self.today)

    def scans(self, *codes: str) -> list[tuple[Paper, PaperFacts]]:
        """The papers of these materials whose scan was read."""
        return [(one, one.facts) for one in self.papers if one.code in codes and one.facts and one.is_there]

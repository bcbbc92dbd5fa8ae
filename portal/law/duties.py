"""What the law asks of a subject: a duty with its date, its state and its reasons."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from portal.law.reckoning import Reckoning
from portal.law.sources import Cite
from portal.law.text import Text

Layer = Literal["law", "standard", "practice", "default"]
State = Literal["open", "met", "not_required"]
Kind = Literal[
    "filing",
    "count",
    "warning",
    "assessment",
    "sign",
    "ban",
    "scope",
    "purpose",
    "notice",
    "consent",
    "choice",
    "storage",
    "security",
    "vendor",
    "place",
    "case",
    "incident",
    "governance",
    "video",
]

LAYERS: dict[Layer, Text] = {
    "law": Text("Law", "法律规定"),
    "standard": Text("Recommended standard", "推荐性标准"),
    "practice": Text("Filing practice", "备案实务"),
    "default": Text("Portal default, not law", "系统默认做法，并非法律规定"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a rule says of one subject; the engine adds the rule's own id, title, citations and layer."""

    subject: str
    state: State
    why: Text
    arose_on: date | None = None
    reckoning: Reckoning | None = None
    met_on: date | None = None
    is_confirmed: bool = True
    is_critical: bool = False
    is_waivable: bool = True
    needs_review: bool = False
    remedy: Text | None = None
    step: int | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of one subject: `pip:USCC`, `scenario:CODE`, `deployment:CODE`, `site:CODE`, `filing:REF`, `case:REF`.

    No reckoning means no clock: the duty comes before processing. `is_confirmed` is False while it hangs on a count
    that no person has confirmed. `needs_review` asks for counsel. `step` is the percent of an early warning.
    """

    rule: str
    title: Text
    subject: str
    arose_on: date | None
    reckoning: Reckoning | None
    met_on: date | None
    state: State
    why: Text
    cites: tuple[Cite, ...]
    layer: Layer
    kind: Kind
    is_confirmed: bool = True
    is_critical: bool = False
    is_waivable: bool = True
    needs_review: bool = False
    remedy: Text | None = None
    step: int | None = None
    # Duties in hours (incidents) have a moment in UTC instead of a day.
    due_at: datetime | None = None

    @property
    def due(self) -> date | None:
        """The legal last day, None without a clock."""
        return self.reckoning.due if self.reckoning else None

    @property
    def safe(self) -> date | None:
        """The day to aim at, None without a clock."""
        return self.reckoning.safe if self.reckoning else None

    @property
    def provisional(self) -> bool:
        """True while the due date reaches a year whose holiday notice isn't published."""
        return self.reckoning is not None and self.reckoning.provisional

"""What a starting point of the scenario catalogue says, and the traps that stand beside it."""

from dataclasses import dataclass

from portal.law.duties import Layer
from portal.law.enums import MINORS
from portal.law.questions import GROUPS
from portal.law.screening import Answers, Known
from portal.law.sources import Cite
from portal.law.text import Text


@dataclass(frozen=True, slots=True)
class Trap:
    """What goes wrong in this use of FR, and where that stands; a portal default if nowhere."""

    text: Text
    cites: tuple[Cite, ...] = ()
    layer: Layer = "default"


@dataclass(frozen=True, slots=True)
class Entry:
    """A common use of FR as it usually is: what it does, where, on what ground, and the other way to require."""

    key: str
    name: Text
    mode: Text
    function: str
    place: Text
    basis: Text
    alternative: Text
    traps: tuple[Trap, ...]
    groups: tuple[str, ...]
    place_type: str = "public"
    video_category: str = ""
    # The bases of PIPL Art 13 in question; one alone is proposed in the form.
    bases: tuple[str, ...] = ()
    storage: str = "device"

    def answers(self) -> Answers:
        """The answers that this use usually gives to the screening."""
        minors = frozenset(self.groups) & MINORS
        return Answers(
            mainland="yes",
            activity="production",
            function=self.function,
            place_type=self.place_type,
            private_space="no",
            ages=next(code for code, groups in GROUPS.items() if code and groups == minors),
            storage=self.storage,
            count_band="below",
        )

    def known(self) -> Known:
        """What the law goes by besides: the usual basis, and the category of the Video Regulations."""
        return Known(legal_basis=self.bases[0] if self.bases else "", video_category=self.video_category)


def law(en: str, zh: str, *cites: Cite) -> Trap:
    """A trap that stands in the law."""
    return Trap(Text(en, zh), cites, "law")


def practice(en: str, zh: str) -> Trap:
    """A trap that a case or the practice of authorities shows."""
    return Trap(Text(en, zh), (), "practice")

"""What the fields of an assessment may hold."""

from django.utils.translation import gettext_lazy as _

from portal.law import pipia
from portal.tenancy.choices import in_language

OPEN = ("draft", "returned")
UNDER_WAY = (*OPEN, "submitted")
SETTLED = ("approved", "superseded")
# How a state is shown: the badge of portal.ui.states.
BADGES = {"submitted": "in_review"}


def badge_of(state: str) -> str:
    """The badge of a state."""
    return BADGES.get(state, state)


def states() -> list[tuple[str, str]]:
    """The life of an assessment."""
    return [
        ("draft", _("draft")),
        ("submitted", _("to be approved")),
        ("returned", _("returned")),
        ("approved", _("approved")),
        ("superseded", _("superseded")),
        ("erased", _("erased")),
    ]


def steps() -> list[tuple[str, str]]:
    """The steps on the way to approval."""
    return [
        ("submitted", _("submitted")),
        ("returned", _("returned")),
        ("approved", _("approved")),
        ("superseded", _("superseded")),
        ("scanned", _("signed scan added")),
    ]


def review_states() -> list[tuple[str, str]]:
    """What a reviewer says of a section."""
    return [("pending", _("pending")), ("to_correct", _("to correct")), ("accepted", _("accepted"))]


def threats() -> list[tuple[str, str]]:
    """The seven threats of FRM Art 9."""
    return [(code, in_language(text)) for code, text in pipia.THREATS.items()]


def conclusions() -> list[tuple[str, str]]:
    """What an assessment comes to."""
    return [(code, in_language(text)) for code, text in pipia.CONCLUSIONS.items()]

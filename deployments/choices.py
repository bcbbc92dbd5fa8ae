"""What the fields of the register may hold: the lists of the law package, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from portal.law import enums
from portal.law.enums import PRIVATE_SPACES as PRIVATE_SPACES
from portal.law.text import Text
from portal.law.threshold import BELOW_DECISIONS
from portal.tenancy.choices import in_language

# FRM Art 2: the scopes in which the Measures are applied; while nobody decided they are.
APPLIES = ("", "in")
OF_SITE = sorted(enums.OF_SITE)
# What the last inspection found of a sign that counts; empty while nobody looked at it.
VALID_RESULTS = ("", "conspicuous")


def in_order(texts: Mapping[str, Text]) -> list[tuple[str, str]]:
    """Code and words of each entry."""
    return [(code, in_language(text)) for code, text in texts.items()]


class Status:
    """The states of a deployment by name."""

    PLANNED = "planned"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    DISPOSED = "disposed"


def functions() -> list[tuple[str, str]]:
    """Verification 1:1, identification 1:N (FRM Art 19)."""
    return in_order(enums.FUNCTIONS)


def legal_bases() -> list[tuple[str, str]]:
    """The seven grounds of PIPL Art 13."""
    return in_order(enums.LEGAL_BASES)


def storage_modes() -> list[tuple[str, str]]:
    """Where faces are stored (FRM Art 8)."""
    return in_order(enums.STORAGE_MODES)


def place_types() -> list[tuple[str, str]]:
    """Public place, internal area, residential area, undecided (FRM Art 13)."""
    return in_order(enums.PLACE_TYPES)


def statuses() -> list[tuple[str, str]]:
    """The life of a deployment."""
    return in_order(enums.DEPLOYMENT_STATUSES)


def spaces() -> list[tuple[str, str]]:
    """Kinds of space where a device may hang, the private ones among them: they are recorded as found."""
    return in_order(enums.SPACE_TYPES)


def scopes() -> list[tuple[str, str]]:
    """Whether the Measures apply, and why not (FRM Art 2)."""
    return in_order(enums.SCOPES)


def subject_groups() -> list[tuple[str, str]]:
    """Whose faces are processed, minors and persons who need help among them."""
    return in_order(enums.SUBJECT_GROUPS)


def storage_exceptions() -> list[tuple[str, str]]:
    """What allows storage outside the device or transmission (FRM Art 8)."""
    return in_order(enums.STORAGE_EXCEPTIONS)


def cross_border_mechanisms() -> list[tuple[str, str]]:
    """The ways of PIPL Art 38."""
    return in_order(enums.CROSS_BORDER_MECHANISMS)


def notice_exemptions() -> list[tuple[str, str]]:
    """The grounds of PIPL Art 18."""
    return in_order(enums.NOTICE_EXEMPTIONS)


def alternative_kinds() -> list[tuple[str, str]]:
    """Other ways than FR (FRM Art 10)."""
    return in_order(enums.ALTERNATIVE_KINDS)


def conduct_questions() -> list[tuple[str, str]]:
    """The questions of the self-check against coercion (FRM Art 12)."""
    return in_order(enums.CONDUCT_QUESTIONS)


def video_categories() -> list[tuple[str, str]]:
    """What a place is for the Video Regulations (Arts 7, 9)."""
    return in_order(enums.VIDEO_CATEGORIES)


def sign_sizes() -> list[tuple[str, str]]:
    """Sizes of signs."""
    return in_order(enums.SIGN_SIZES)


def sign_results() -> list[tuple[str, str]]:
    """What an inspection finds."""
    return in_order(enums.SIGN_RESULTS)


def notice_channels() -> list[tuple[str, str]]:
    """Where a notice is shown (FRM Art 5)."""
    return in_order(enums.NOTICE_CHANNELS)


def consent_kinds() -> list[tuple[str, str]]:
    """How consent is shown by active cooperation (GB/T 41819)."""
    return in_order(enums.CONSENT_KINDS)


def control_families() -> list[tuple[str, str]]:
    """The five families of protection (FRM Art 14)."""
    return in_order(enums.CONTROL_FAMILIES)


def control_states() -> list[tuple[str, str]]:
    """Whether a protection measure is in place."""
    return in_order(enums.CONTROL_STATES)


def governance_kinds() -> list[tuple[str, str]]:
    """What a PIP proves from time to time."""
    return in_order(enums.GOVERNANCE_KINDS)


def engagement_roles() -> list[tuple[str, str]]:
    """What a vendor is to the PIP (PIPL Arts 20, 21, 23)."""
    return in_order(enums.ENGAGEMENT_ROLES)


def decision_states() -> list[tuple[str, str]]:
    """A decision that something does not apply waits for another person."""
    return [
        ("decided", _("decided")),
        ("proposed", _("to be approved")),
        ("approved", _("approved")),
        ("refused", _("refused")),
        ("withdrawn", _("withdrawn")),
    ]


def notice_states() -> list[tuple[str, str]]:
    """The life of a version of a notice."""
    return [("draft", _("draft")), ("published", _("published")), ("superseded", _("superseded"))]


def below_decisions() -> list[tuple[str, str]]:
    """What counsel may decide of a fall below the threshold."""
    return in_order(BELOW_DECISIONS)

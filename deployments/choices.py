"""What the fields of the register may hold: the lists of the law package, in the reader's language."""

from collections.abc import Mapping

from portal.law import enums
from portal.law.enums import PRIVATE_SPACES
from portal.law.text import Text
from portal.tenancy.choices import in_language

__all__ = [
    "PRIVATE_SPACES",
    "Status",
    "functions",
    "legal_bases",
    "place_types",
    "spaces",
    "statuses",
    "storage_modes",
]


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

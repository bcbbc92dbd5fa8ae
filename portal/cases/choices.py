"""What the fields of cases and incidents may hold: the lists of the law package, in the reader's language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from deployments.choices import in_order
from portal.law import enums

INSPECTION = "inspection"
# A case of these kinds ends with the deletion of face information, which is proved (PIPL Art 47).
DELETES = frozenset({"withdrawal", "deletion"})
UNFOUNDED = "unfounded"


class State(models.TextChoices):
    OPEN = "open", _("being worked on")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class Channel(models.TextChoices):
    PUBLIC = "public", _("public page")
    COUNTER = "counter", _("at the counter")
    LETTER = "letter", _("letter or e-mail")
    PHONE = "phone", _("phone")
    AUTHORITY = "authority", _("through an authority")


class Outcome(models.TextChoices):
    GRANTED = "granted", _("granted, or put right")
    PARTLY = "partly", _("granted in part")
    REFUSED = "refused", _("refused: not founded")
    EXEMPT = "exempt", _("not owed: the law makes an exception")


class Step(models.TextChoices):
    """What an entry of a case's timeline stands for."""

    RECEIVED = "received", _("received")
    NOTE = "note", _("note")
    CHANGED = "changed", _("changed")
    ANSWERED = "answered", _("answered")
    DELETED = "deleted", _("deletion proved")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")


def kinds() -> list[tuple[str, str]]:
    """What people, complainants and authorities come with."""
    return in_order(enums.CASE_KINDS)


def kinds_of_persons() -> list[tuple[str, str]]:
    """The same without what only an authority comes with."""
    return [(code, words) for code, words in kinds() if code != INSPECTION]


def complaints() -> list[tuple[str, str]]:
    """What a complaint is about (FRM Arts 10, 12, 13; PIPL Art 16; NDR Art 22)."""
    return in_order(enums.COMPLAINTS)


def exemptions() -> list[tuple[str, str]]:
    """Why a request may be answered otherwise (PIPL Arts 16, 18, 35, 47)."""
    return in_order(enums.CASE_EXEMPTIONS)


def exceptions() -> list[tuple[str, str]]:
    """The exceptions that the law itself makes."""
    return [(code, words) for code, words in exemptions() if code != UNFOUNDED]


def incident_kinds() -> list[tuple[str, str]]:
    """Leak, tampering, loss (PIPL Art 57)."""
    return in_order(enums.INCIDENT_KINDS)


def incident_states() -> list[tuple[str, str]]:
    """An incident is worked on until everybody is told who must be."""
    return [("open", _("being worked on")), ("closed", _("closed"))]


def badge_of(state: str) -> str:
    """How a state is shown: the badge of portal.ui.states."""
    return "in_hand" if state == State.OPEN else state


def grades() -> list[tuple[str, str]]:
    """Grades of an incident."""
    return in_order(enums.INCIDENT_GRADES)

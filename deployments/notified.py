"""The facts that people were told of or consented to, frozen with the wording and compared with the register later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from deployments.models import Scenario
from portal.law import enums

# What each frozen fact is called where its change is told.
FACTS: dict[str, str | Promise] = {
    "name": _("name of the PIP"),
    "contact": _("contact of the PIP"),
    "purpose": _("purpose"),
    "function": _("function"),
    "retention": _("retention period"),
    "subject_groups": _("groups of persons"),
    "storage_mode": _("where faces are stored"),
    "cross_border": _("stored or accessible outside mainland China"),
}

# The lists behind facts that are codes.
WORDS = {
    "function": enums.FUNCTIONS,
    "subject_groups": enums.SUBJECT_GROUPS,
    "storage_mode": enums.STORAGE_MODES,
}


@dataclass(frozen=True)
class Change:
    """A frozen fact that reads otherwise now: its name, and both readings as people know them."""

    label: str | Promise
    old: Any
    new: Any


def notified_facts(scenario: Scenario) -> dict[str, Any]:
    """What a notice tells (FRM Art 5, items 1 to 3; PIPL Art 17(2): a change must be told)."""
    pip = scenario.pip
    return {
        "name": pip.name,
        "contact": " ".join(part for part in (pip.officer_phone, pip.officer_email) if part),
        "purpose": scenario.purpose,
        "function": scenario.function,
        "retention": scenario.retention,
    }


def consented_facts(scenario: Scenario) -> dict[str, Any]:
    """What a consent is given to: purpose, method and kind of information (PIPL Art 14(2), NDR Art 22(6))."""
    return {
        "purpose": scenario.purpose,
        "function": scenario.function,
        "subject_groups": sorted(scenario.subject_groups),
        "storage_mode": scenario.storage_mode,
        "cross_border": scenario.cross_border,
    }


def assessed_facts(scenario: Scenario) -> dict[str, Any]:
    """What a PIPIA assesses: another purpose or method is assessed again (FRM Art 9)."""
    return {"purpose": scenario.purpose, "function": scenario.function}


def changed_facts(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the frozen facts that read otherwise now."""
    return tuple(name for name, value in frozen.items() if name in now and now[name] != value)


def changes(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """Old and new of each frozen fact that changed, in words."""
    return [
        Change(FACTS[name], _words(name, frozen[name]), _words(name, now[name])) for name in changed_facts(frozen, now)
    ]


def in_words(frozen: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Label and value of each frozen fact."""
    return [(capfirst(FACTS[name]), _words(name, value)) for name, value in frozen.items() if name in FACTS]


def _words(name: str, value: Any) -> Any:
    words = WORDS.get(name, {})
    if isinstance(value, list):
        return [words.get(code, code) for code in value]
    return words.get(value, value)

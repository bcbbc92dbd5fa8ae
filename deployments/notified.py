"""The facts that people were told of or consented to, frozen with the wording and compared with the register later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst

from deployments.models import Scenario
from portal.law import enums
from portal.law.enums import CHANGING_FACTS
from portal.tenancy.choices import in_language

# What each frozen fact is called where its change is told.
FACTS = {name: in_language(text) for name, text in CHANGING_FACTS.items()}

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

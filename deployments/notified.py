"""The facts that people were told of or consented to, frozen with the wording and compared with the register later."""

from collections.abc import Mapping
from typing import Any

from deployments.models import Scenario
from portal.law.enums import CHANGING_FACTS
from portal.tenancy.choices import in_language

# What each frozen fact is called where its change is told.
FACTS = {name: in_language(text) for name, text in CHANGING_FACTS.items()}


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

"""Ask the law: facts and a calendar in, duties out."""

from datetime import date

from portal.law.duties import Claim, Duty
from portal.law.facts import PipFacts
from portal.law.registry import RULES, Rule, rule
from portal.law.rules import TOPICS
from portal.law.workdays import Workdays

__all__ = ["RULES", "STATUTORY", "TOPICS", "Claim", "Duty", "Rule", "duties", "rule", "rule_by_id"]

# Rules that a statute sets; all others are advice, practice or the portal's own.
STATUTORY: tuple[str, ...] = tuple(each.id for each in RULES if each.layer == "law")


def duties(facts: PipFacts, calendar: Workdays, on: date | None = None) -> list[Duty]:
    """All duties of a PIP in the order of the rules; with `on` as the law stood and saw them on that day."""
    if on:
        facts = facts.as_of(on)
    return [
        duty
        for each in RULES
        if on is None or each.in_force_on <= on
        for duty in each.duties(facts, calendar)
        if on is None or duty.arose_on is None or duty.arose_on <= on
    ]


def rule_by_id(id: str) -> Rule:
    """The rule of that name; KeyError if there is none."""
    for each in RULES:
        if each.id == id:
            return each
    raise KeyError(id)

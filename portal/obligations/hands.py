"""Which permission a duty wants of whoever is to meet it."""

from portal.law.engine import RULES, rule_by_id

BY_KIND = {"filing": "prepare_filing", "count": "confirm_count", "assessment": "write_assessment"}
# Counsel reviews a fall below 100,000; nobody prepares a filing for it.
BY_RULE = {"default-below-threshold": "waive_finding"}


def permission_for(rule: str) -> str:
    """The permission on the PIP without which nobody can meet a duty of this rule."""
    return BY_RULE.get(rule) or BY_KIND.get(rule_by_id(rule).kind, "edit_register")


def rules_by_permission() -> dict[str, list[str]]:
    """Permission → the rules whose duties it can meet."""
    found: dict[str, list[str]] = {}
    for rule in RULES:
        found.setdefault(permission_for(rule.id), []).append(rule.id)
    return found

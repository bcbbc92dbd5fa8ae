"""How a row of the register stands on a day, in one word of portal.ui.states."""

from datetime import date, timedelta

from deployments.models import Engagement, GovernanceRecord, ProtectionControl
from portal.law.reckoning import years_after
from portal.law.rules.choice import CHECK_DAYS
from portal.law.rules.governance import REVIEW_YEARS

# Kinds of proof that are renewed even if they name no end (portal default, not law).
RENEWED_YEARLY = frozenset({"internal_rules"})


def next_check_on(last_on: date) -> date:
    """The day by which another way than FR is tried again (portal default)."""
    return last_on + timedelta(days=CHECK_DAYS)


def of_alternative(*, ended_on: date | None, last_on: date | None, was_offered: bool | None, today: date) -> str:
    """Whether another way is offered, as far as the last check knows."""
    if ended_on:
        return "ended"
    if last_on is None:
        return "unchecked"
    if not was_offered:
        return "not_offered"
    return "check_due" if next_check_on(last_on) < today else "offered"


def of_control(control: ProtectionControl | None, today: date) -> str:
    """Whether a family of protection is in place, proved, and looked at when it should be."""
    if control is None or control.state != "in_place":
        return control.state if control else "missing"
    if control.evidence_id is None:
        return "unproved"
    return "review_due" if control.review_on and control.review_on < today else "in_place"


def of_engagement(engagement: Engagement, today: date) -> str:
    """What the contract behind a vendor's part is worth, or after its end what is still owed."""
    if engagement.ended_on:
        is_owed = engagement.role == "entrusted" and engagement.returned_on is None
        return "to_return" if is_owed else "ended"
    if engagement.contract_on is None:
        return "no_contract" if engagement.has_access else "no_access"
    is_over = engagement.contract_ends_on is not None and engagement.contract_ends_on < today
    return "expired" if is_over else "in_force"


def holds_until(record: GovernanceRecord) -> date | None:
    """The last day on which a proof of governance still holds; None if it names no end."""
    if record.valid_until or record.kind not in RENEWED_YEARLY:
        return record.valid_until
    return years_after(record.done_on, REVIEW_YEARS)


def of_proof(record: GovernanceRecord | None, today: date, *, is_asked: bool) -> str:
    """Whether a duty of the PIP itself is proved."""
    if record is None:
        return "missing" if is_asked else "not_required"
    until = holds_until(record)
    return "expired" if until and until < today else "proved"

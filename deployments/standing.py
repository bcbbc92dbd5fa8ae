"""How a row of the register stands on a day, in one word of portal.ui.states."""

from datetime import date, timedelta

from deployments.models import Engagement, GovernanceRecord, ProtectionControl
from portal.law.reckoning import years_after
from portal.law.rules.choice import CHECK_DAYS
from portal.law.rules.governance import AUDIT_PERSONS, AUDIT_YEARS, REPORTED_BY, REVIEW_YEARS


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


def holds_until(record: GovernanceRecord, persons: int | None = None) -> date | None:
    """The last day on which a proof of governance still holds; None if it names no end and the law sets none.

    ``persons`` are all whose personal information the PIP holds: above ten million the law fixes when to audit.
    """
    ends = [record.valid_until] if record.valid_until else []
    if record.kind == "internal_rules" and not ends:
        ends.append(years_after(record.done_on, REVIEW_YEARS))  # portal default, not law
    if record.kind == "minors_audit" and record.year:
        ends.append(date(record.year + 2, *REPORTED_BY))  # the day on which the next year's report is due
    if record.kind == "audit" and (persons or 0) > AUDIT_PERSONS:
        ends.append(years_after(record.done_on, AUDIT_YEARS))
    return min(ends, default=None)


def of_proof(record: GovernanceRecord | None, until: date | None, today: date, *, is_asked: bool) -> str:
    """Whether a duty of the PIP itself is proved; ``until`` is the last day on which the proof holds."""
    if record is None:
        return "missing" if is_asked else "not_required"
    return "expired" if until and until < today else "proved"

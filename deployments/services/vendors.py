"""Vendors, their parts in scenarios, the contracts behind them, supervision, and the end (PIPL Arts 20, 21, 23)."""

from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.models import Engagement, Scenario, Supervision, Vendor
from deployments.services.rows import add, change, hold, require_not_after, require_of_pip
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("vendor.register")
def register_vendor(pip: Pip, **fields: Any) -> Vendor:
    """Add an organisation that supplies, processes for, or receives from a PIP."""
    vendor = add(Vendor(pip=pip, **fields))
    touch(pip.pk)
    return vendor


@service("vendor.edit")
def edit_vendor(vendor: Vendor, **changes: Any) -> list[str]:
    """Change a vendor; the names of what changed."""
    changed = change(vendor, changes)
    if changed:
        touch(vendor.pip_id)
    return changed


@service("engagement.add")
def engage(
    scenario: Scenario,
    *,
    vendor: Vendor,
    by: User | None,
    today: date,
    contract: IO[bytes] | None = None,
    **fields: Any,
) -> Engagement:
    """Record a vendor's part in a scenario and the contract it stands on."""
    require_of_pip(scenario.pip_id, vendor=vendor)
    require_not_after(today, contract_on=fields.get("contract_on"))
    if contract:
        fields["contract"] = keep(contract, pip=scenario.pip, by=by, allowed=PAPERS)
    engagement = add(Engagement(pip_id=scenario.pip_id, scenario=scenario, vendor=vendor, **fields))
    touch(scenario.pip_id)
    return engagement


@service("engagement.edit")
def edit_engagement(
    engagement: Engagement, *, by: User | None, today: date, contract: IO[bytes] | None = None, **changes: Any
) -> list[str]:
    """Change a vendor's part, such as for a renewed contract; a former contract stays kept."""
    require_not_after(today, contract_on=changes.get("contract_on"))
    if contract:
        changes["contract"] = keep(contract, pip=engagement.pip, by=by, allowed=PAPERS)
    changed = change(engagement, changes)
    if changed:
        touch(engagement.pip_id)
    return changed


@service("engagement.end")
def end_engagement(engagement: Engagement, *, ended_on: date, today: date) -> None:
    """Record the end of a vendor's part; what it was entrusted with is returned or deleted then (PIPL Art 21)."""
    ended_before = hold(engagement).ended_on
    if ended_before:
        sentence = _("This part ended on %(day)s already. Reload the page.")
        raise CaseError(sentence % {"day": ended_before.isoformat()})
    require_not_after(today, ended_on=ended_on)
    if engagement.contract_on and ended_on < engagement.contract_on:
        raise ValidationError({"ended_on": _("The end lies before the contract. Correct one of the two days.")})
    change(engagement, {"ended_on": ended_on})
    touch(engagement.pip_id)


@service("engagement.return")
def note_return(engagement: Engagement, *, returned_on: date, proof: IO[bytes], by: User | None, today: date) -> None:
    """Record that face information was returned or deleted, with the proof."""
    stored = hold(engagement)
    if stored.ended_on is None:
        raise CaseError(_("This part still runs. Record its end first."))
    if stored.returned_on:
        raise CaseError(_("The return or deletion is proved already. Reload the page."))
    require_not_after(today, returned_on=returned_on)
    if stored.contract_on and returned_on < stored.contract_on:
        sentence = _("The return lies before the contract. Correct the day.")
        raise ValidationError({"returned_on": sentence})
    kept = keep(proof, pip=engagement.pip, by=by, effective_on=returned_on)
    change(engagement, {"returned_on": returned_on, "return_proof": kept})
    touch(engagement.pip_id)


@service("supervision.record")
def supervise(
    engagement: Engagement, *, by: User | None, today: date, proof: IO[bytes] | None = None, **fields: Any
) -> Supervision:
    """Record that the PIP looked whether a vendor keeps to its contract."""
    require_not_after(today, done_on=fields.get("done_on"))
    if proof:
        fields["evidence"] = keep(proof, pip=engagement.pip, by=by)
    supervision = add(Supervision(pip_id=engagement.pip_id, engagement=engagement, done_by=by, **fields))
    touch(engagement.pip_id)
    return supervision

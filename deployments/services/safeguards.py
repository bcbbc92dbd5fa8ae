"""The five families of protection of a scenario, and the MLPS system behind it (FRM Art 14)."""

from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.models import MlpsSystem, ProtectionControl, Scenario
from deployments.services.rows import add, change, require_not_after, require_of_pip
from portal.accounts.models import User
from portal.evidence.services import keep
from portal.law.reckoning import years_after
from portal.law.rules.security import REVIEW_YEARS
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("control.set")
def set_control(
    scenario: Scenario, family: str, *, by: User | None, today: date, proof: IO[bytes] | None = None, **fields: Any
) -> ProtectionControl:
    """State what is done in a family of protection; without a day of its own the next review is a year later."""
    reviewed_on, review_on = fields.get("reviewed_on"), fields.get("review_on")
    require_not_after(today, reviewed_on=reviewed_on)
    if reviewed_on and review_on and review_on <= reviewed_on:
        raise ValidationError(
            {"review_on": _("The next review lies after the last one. Correct one of the two days.")}
        )
    if reviewed_on and not review_on:
        fields["review_on"] = years_after(reviewed_on, REVIEW_YEARS)
    if proof:
        fields["evidence"] = keep(proof, pip=scenario.pip, by=by)
    # Of two first statements the second finds the first one's row.
    Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    control = ProtectionControl.objects.filter(scenario=scenario, family=family).first()
    if control is None:
        control = add(ProtectionControl(pip_id=scenario.pip_id, scenario=scenario, family=family, **fields))
        touch(scenario.pip_id)
    elif change(control, fields):
        touch(scenario.pip_id)
    return control


@service("control.review")
def review_control(scenario: Scenario, family: str, *, today: date) -> ProtectionControl:
    """Record that a measure was reviewed today; the next review is a year later."""
    control = ProtectionControl.objects.filter(scenario=scenario, family=family).first()
    if control is None or control.state == "missing":
        raise CaseError(_("Nothing is in place here that could be reviewed. State first what is done."))
    if change(control, {"reviewed_on": today, "review_on": years_after(today, REVIEW_YEARS)}):
        touch(scenario.pip_id)
    return control


@service("mlps.link")
def link_mlps(scenario: Scenario, *, mlps: MlpsSystem | None) -> list[str]:
    """Name the system under MLPS in which the scenario runs."""
    require_of_pip(scenario.pip_id, mlps=mlps)
    changed = change(scenario, {"mlps": mlps})
    if changed:
        touch(scenario.pip_id)
    return changed

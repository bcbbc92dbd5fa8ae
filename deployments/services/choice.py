"""Other ways than FR, whether they are really offered, and the self-check against coercion (FRM Arts 10 to 12)."""

from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.models import Alternative, AlternativeCheck, ConductCheck, Deployment, Scenario
from deployments.services.rows import add, change, hold, require_not_after, require_of_pip
from portal.accounts.models import User
from portal.evidence.models import Photo
from portal.evidence.photos import keep_photo
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("alternative.add")
def add_alternative(
    scenario: Scenario, *, by: User | None, photo: IO[bytes] | None = None, **fields: Any
) -> Alternative:
    """Record another way than FR, everywhere or at one deployment of the scenario."""
    _require_of_scenario(scenario, fields.get("deployment"))
    fields["photo"] = _kept(photo, scenario.pip, by)
    alternative = add(Alternative(pip_id=scenario.pip_id, scenario=scenario, **fields))
    touch(scenario.pip_id)
    return alternative


@service("alternative.edit")
def edit_alternative(
    alternative: Alternative, *, by: User | None, photo: IO[bytes] | None = None, **changes: Any
) -> list[str]:
    """Change another way than FR; a new photo stands beside the old one, which stays kept."""
    _require_of_scenario(alternative.scenario, changes.get("deployment"))
    if photo:
        changes["photo"] = _kept(photo, alternative.pip, by)
    changed = change(alternative, changes)
    if changed:
        touch(alternative.pip_id)
    return changed


@service("alternative.end")
def end_alternative(alternative: Alternative, *, ended_on: date, today: date) -> None:
    """Record that a way is no longer offered; the row and its checks stay."""
    _require_offered(alternative)
    require_not_after(today, ended_on=ended_on)
    change(alternative, {"ended_on": ended_on})
    touch(alternative.pip_id)


@service("alternative.check")
def check_alternative(
    alternative: Alternative,
    *,
    by: User | None,
    today: date,
    checked_on: date,
    is_offered: bool,
    note: str = "",
    photo: IO[bytes] | None = None,
) -> AlternativeCheck:
    """Record what somebody found who tried the other way on the spot."""
    _require_offered(alternative)
    require_not_after(today, checked_on=checked_on)
    if not is_offered and not note:
        raise ValidationError({"note": _("Say what was missing, so that it can be mended.")})
    check = add(
        AlternativeCheck(
            pip_id=alternative.pip_id,
            alternative=alternative,
            checked_on=checked_on,
            is_offered=is_offered,
            note=note,
            photo=_kept(photo, alternative.pip, by),
            checked_by=by,
        )
    )
    touch(alternative.pip_id)
    return check


@service("conduct.check")
def check_conduct(
    scenario: Scenario, *, by: User | None, today: date, checked_on: date, findings: Iterable[str], note: str = ""
) -> ConductCheck:
    """Record the self-check against coercion; a question answered with yes is a finding."""
    require_not_after(today, checked_on=checked_on)
    found = list(findings)
    if found and not note:
        raise ValidationError({"note": _("Say what was found and what is done about it.")})
    check = add(
        ConductCheck(
            pip_id=scenario.pip_id,
            scenario=scenario,
            checked_on=checked_on,
            findings=found,
            note=note,
            checked_by=by,
        )
    )
    touch(scenario.pip_id)
    return check


@service("id_service.consider")
def consider_id_service(scenario: Scenario, *, today: date, **changes: Any) -> list[str]:
    """Note whether the national identity service was considered (FRM Art 11: encouraged, not required)."""
    require_not_after(today, id_service_considered_on=changes.get("id_service_considered_on"))
    changed = change(scenario, changes)
    if changed:
        touch(scenario.pip_id)
    return changed


def _kept(photo: IO[bytes] | None, pip: Pip, by: User | None) -> Photo | None:
    return keep_photo(photo, pip=pip, by=by) if photo else None


def _require_offered(alternative: Alternative) -> None:
    ended_on = hold(alternative).ended_on
    if ended_on:
        sentence = _("This way has not been offered since %(day)s. Record it anew if it is offered again.")
        raise CaseError(sentence % {"day": ended_on.isoformat()})


def _require_of_scenario(scenario: Scenario, deployment: Deployment | None) -> None:
    require_of_pip(scenario.pip_id, deployment=deployment)
    if deployment is not None and deployment.scenario_id != scenario.pk:
        raise ValidationError({"deployment": _("This deployment belongs to another scenario.")})

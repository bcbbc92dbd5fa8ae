"""Deployments: register, edit, and the moves of their life."""

from datetime import date
from typing import Any

from django.db import transaction
from django.forms import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.choices import Status
from deployments.gates import read_gates
from deployments.models import Deployment, Scenario, Site
from deployments.services.rows import add, change, require_not_after, require_of_pip
from deployments.workflow import may, move
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict


@service("deployment.register")
def register_deployment(pip: Pip, *, scenario: Scenario, site: Site, **fields: Any) -> Deployment:
    """Add a scenario at a site as planned; it is put into use by a move, when the gates pass."""
    require_of_pip(pip.pk, scenario=scenario, site=site)
    deployment = add(Deployment(pip=pip, scenario=scenario, site=site, status=Status.PLANNED, **fields))
    touch(pip.pk)
    return deployment


@service("deployment.edit")
def edit_deployment(deployment: Deployment, **changes: Any) -> list[str]:
    """Change a deployment; one in use must pass the gates of its new scenario or site."""
    require_of_pip(deployment.pip_id, scenario=changes.get("scenario"), site=changes.get("site"))
    changed = change(lock(deployment), changes)
    if changed:
        deployment.refresh_from_db()
        if deployment.status == Status.ACTIVE and {"scenario", "site"} & set(changed):
            require_gates(deployment)
        touch(deployment.pip_id)
    return changed


@service("deployment.activate")
def activate(deployment: Deployment, *, started_on: date, today: date) -> None:
    """Put a deployment into use, if everything that the law asks before use is there."""
    require_not_after(today, started_on=started_on)
    lock(deployment)
    _require_move(deployment, "activate")
    require_gates(deployment)
    # A deployment taken up again keeps the day on which it was first in use.
    first = min(started_on, deployment.started_on or started_on)
    _move(deployment, "activate", started_on=first)


@service("deployment.suspend")
def suspend(deployment: Deployment) -> None:
    """Stop recognising faces for now."""
    _require_move(deployment, "suspend")
    _move(deployment, "suspend")


@service("deployment.terminate")
def terminate(deployment: Deployment, *, ended_on: date, today: date) -> None:
    """End a deployment; its stored persons count until the disposal is recorded."""
    require_not_after(today, ended_on=ended_on)
    _require_move(deployment, "terminate")
    if deployment.started_on and ended_on < deployment.started_on:
        raise ValidationError({"ended_on": _("The end lies before the start. Correct one of the two days.")})
    _move(deployment, "terminate", ended_on=ended_on)


@service("deployment.revive")
def revive(deployment: Deployment, *, former: str, today: date) -> bool:
    """Take back an end that was noted by mistake; whether it stands as before.

    One that was in use goes through the gates again; it stays suspended while they are closed.
    """
    name = "revive_planned" if former == Status.PLANNED else "revive"
    _require_move(deployment, name)
    _move(deployment, name, ended_on=None)
    if former != Status.ACTIVE:
        return True
    try:
        with transaction.atomic():
            activate(deployment, started_on=deployment.started_on or today, today=today)
    except CaseError:
        deployment.status = Status.SUSPENDED
        return False
    return True


@service("deployment.dispose")
def dispose(deployment: Deployment, *, disposed_on: date, today: date) -> None:
    """Record that the face information of an ended deployment is deleted or made anonymous."""
    require_not_after(today, disposed_on=disposed_on)
    _require_move(deployment, "dispose")
    if deployment.ended_on and disposed_on < deployment.ended_on:
        raise ValidationError({"disposed_on": _("The disposal lies before the end. Correct one of the two days.")})
    _move(deployment, "dispose", disposed_on=disposed_on)


def require_gates(deployment: Deployment) -> None:
    """Refuse *active* while a gate is closed, naming each article and what to do."""
    points = [point.duty for one in read_gates(deployment) for point in one.points if point.is_open]
    if points:
        language = get_language() or "en"
        reasons = [
            _("%(article)s: %(sentence)s")
            % {"article": duty.cites[0].label.in_(language), "sentence": duty.why.in_(language)}
            for duty in points
        ]
        raise CaseError(" ".join([_("%(code)s can't be in use yet.") % {"code": deployment.code}, *reasons]))


def lock(deployment: Deployment) -> Deployment:
    """Hold the row until the transaction ends, so that a device and a move can't pass each other unseen."""
    stored = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    deployment.status, deployment.started_on = stored.status, stored.started_on
    return deployment


def _conflict(deployment: Deployment) -> str:
    sentence = _("%(code)s is %(status)s. From there this step can't be taken. Reload the page.")
    return sentence % {"code": deployment.code, "status": deployment.get_status_display()}


def _require_move(deployment: Deployment, name: str) -> None:
    if not may(deployment, name):
        raise StateConflict(_conflict(deployment))


def _move(deployment: Deployment, name: str, **fields: Any) -> None:
    move(deployment, name, conflict=_conflict(deployment), **fields)
    touch(deployment.pip_id)

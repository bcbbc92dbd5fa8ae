"""Devices and signs of a deployment."""

from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.choices import PRIVATE_SPACES, Status
from deployments.models import CaptureArea, Deployment, Device, Sign
from deployments.services.life import lock
from deployments.services.rows import add, change, require_not_after, require_of_pip
from deployments.sign_wording import CURRENT
from deployments.workflow import move
from portal.accounts.models import User
from portal.evidence.photos import keep_photo
from portal.evidence.scans import keep_proof
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("device.add")
def add_device(deployment: Deployment, *, today: date, **fields: Any) -> Device:
    """Record a device; one in a private space stops its deployment in the same transaction."""
    _require_area_of(deployment, fields.get("capture_area"))
    require_not_after(today, installed_on=fields.get("installed_on"), removed_on=fields.get("removed_on"))
    lock(deployment)
    device = add(Device(pip_id=deployment.pip_id, deployment=deployment, **fields))
    _stop_if_private(device)
    touch(deployment.pip_id)
    return device


@service("device.edit")
def edit_device(device: Device, *, today: date, **changes: Any) -> list[str]:
    """Change a device; moved into a private space, it stops its deployment; out of one it comes with a proof only."""
    place = changes.get("deployment", device.deployment)
    require_of_pip(device.pip_id, deployment=place)
    _require_area_of(place, changes.get("capture_area"))
    days = {name: changes.get(name) for name in ("installed_on", "removed_on", "police_told_on")}
    require_not_after(today, **days)
    lock(place)
    stored = _hold(device)
    is_open = changes.get("space_type", stored.space_type) not in PRIVATE_SPACES
    if stored.waits_for_proof and is_open:
        sentence = _(
            "This device was found in a private space. Prove first that it is gone from there and say where it hangs."
        )
        raise ValidationError({"space_type": sentence})
    changed = change(device, changes)
    if changed:
        _stop_if_private(device)
        touch(device.pip_id)
    return changed


@service("device.remove")
def remove_device(
    device: Device,
    *,
    removed_on: date,
    by: User | None,
    today: date,
    proof: IO[bytes] | None = None,
    police_told_on: date | None = None,
) -> None:
    """Record that a device was taken away; the row stays. From a private space it goes with a proof only."""
    require_not_after(today, removed_on=removed_on, police_told_on=police_told_on)
    stored = _hold(device)
    if stored.removed_on is not None:
        raise CaseError(_("The removal of %(serial)s is recorded already.") % {"serial": stored.serial})
    if stored.is_in_private_space and proof is None:
        sentence = _("It hung in a private space: add a proof that it is gone, such as a dated photo of the place.")
        raise ValidationError({"proof": sentence})
    changes: dict[str, Any] = {"removed_on": removed_on, "police_told_on": police_told_on or stored.police_told_on}
    if proof is None:
        change(device, changes)
    else:
        _prove(device, proof, by, **changes)
    touch(device.pip_id)


@service("device.prove")
def prove_removal(
    device: Device,
    *,
    proof: IO[bytes],
    by: User | None,
    today: date,
    space_type: str = "",
    police_told_on: date | None = None,
) -> None:
    """Prove that a device is gone from a private space; one that hangs elsewhere now gets its new space with it."""
    require_not_after(today, police_told_on=police_told_on)
    stored = _hold(device)
    if not stored.waits_for_proof:
        raise CaseError(_("No proof of removal is missing for %(serial)s.") % {"serial": stored.serial})
    changes: dict[str, Any] = {"police_told_on": police_told_on or stored.police_told_on}
    if stored.removed_on is None:
        if not space_type or space_type in PRIVATE_SPACES:
            sentence = _("Say where the device hangs now. If it was taken away, record its removal instead.")
            raise ValidationError({"space_type": sentence})
        changes["space_type"] = space_type
    _prove(device, proof, by, **changes)
    touch(device.pip_id)


@service("sign.post")
def post_sign(
    deployment: Deployment, *, today: date, by: User | None = None, photo: IO[bytes] | None = None, **fields: Any
) -> Sign:
    """Record a sign that hangs, or without a day one that is printed next: it carries the current wording."""
    _require_area_of(deployment, fields.get("capture_area"))
    require_not_after(today, posted_on=fields.get("posted_on"))
    if fields.get("posted_on") is None:
        fields["wording"] = fields.get("wording") or CURRENT
    if photo:
        fields["photo"] = keep_photo(photo, pip=deployment.pip, by=by)
    sign = add(Sign(pip_id=deployment.pip_id, deployment=deployment, **fields))
    touch(deployment.pip_id)
    return sign


@service("sign.edit")
def edit_sign(
    sign: Sign, *, today: date, by: User | None = None, photo: IO[bytes] | None = None, **changes: Any
) -> list[str]:
    """Change a sign; a new photo takes the place of the one that is shown."""
    _require_area_of(sign.deployment, changes.get("capture_area"))
    require_not_after(today, posted_on=changes.get("posted_on"))
    if photo:
        changes["photo"] = keep_photo(photo, pip=sign.pip, by=by)
    changed = change(sign, changes)
    if changed:
        touch(sign.pip_id)
    return changed


@service("sign.take_down")
def take_down_sign(sign: Sign, *, removed_on: date, today: date) -> None:
    """Record that a sign was taken down."""
    require_not_after(today, removed_on=removed_on)
    change(sign, {"removed_on": removed_on})
    touch(sign.pip_id)


def _hold(device: Device) -> Device:
    """The row as it is stored now, held until the transaction ends."""
    return Device.objects.select_for_update(of=("self",)).get(pk=device.pk)


def _prove(device: Device, proof: IO[bytes], by: User | None, **changes: Any) -> None:
    try:
        kept = keep_proof(proof, pip=device.pip, by=by)
    except ValidationError as refused:
        raise ValidationError({"proof": refused}) from refused
    change(device, {**changes, "removal_proof": kept})


def _require_area_of(deployment: Deployment, area: CaptureArea | None) -> None:
    if area is not None and area.deployment_id != deployment.pk:
        raise ValidationError({"capture_area": _("This capture area belongs to another deployment.")})


def _stop_if_private(device: Device) -> None:
    # FRM Art 13: recorded as found, never in use.
    deployment = device.deployment
    if (
        device.is_in_private_space
        and device.removed_on is None
        and deployment.status in (Status.PLANNED, Status.ACTIVE)
    ):
        move(deployment, "suspend", conflict=_("The deployment was changed meanwhile. Reload the page."))

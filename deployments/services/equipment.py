"""Capture areas, devices and signs of a deployment."""

from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.choices import Status
from deployments.models import CaptureArea, Deployment, Device, Sign
from deployments.services.life import lock
from deployments.services.rows import add, change, require_not_after
from deployments.sign_wording import CURRENT
from deployments.workflow import move
from portal.accounts.models import User
from portal.evidence.photos import keep_photo
from portal.tenancy.models import touch
from portal.tenancy.session import service


@service("area.add")
def add_area(deployment: Deployment, *, name: str) -> CaptureArea:
    """Add a place where a deployment captures faces."""
    return add(CaptureArea(pip_id=deployment.pip_id, deployment=deployment, name=name))


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
    """Change a device; moved into a private space, it stops its deployment."""
    _require_area_of(device.deployment, changes.get("capture_area"))
    require_not_after(today, installed_on=changes.get("installed_on"), removed_on=changes.get("removed_on"))
    lock(device.deployment)
    changed = change(device, changes)
    if changed:
        _stop_if_private(device)
        touch(device.pip_id)
    return changed


@service("device.remove")
def remove_device(device: Device, *, removed_on: date, today: date) -> None:
    """Record that a device was taken away; the row stays as the proof."""
    require_not_after(today, removed_on=removed_on)
    change(device, {"removed_on": removed_on})
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

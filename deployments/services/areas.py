"""Capture areas of a deployment: where they are, their plan, and the outline drawn on it (FRM Art 13)."""

from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.models import CaptureArea, Deployment
from deployments.outline import corners_of, written
from deployments.services.rows import add, change
from portal.accounts.models import User
from portal.evidence.scans import keep_plan
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("area.add")
def add_area(
    deployment: Deployment, *, name: str, by: User | None = None, plan: IO[bytes] | None = None, **fields: Any
) -> CaptureArea:
    """Add a place where a deployment captures faces."""
    area = add(CaptureArea(pip_id=deployment.pip_id, deployment=deployment, name=name, **fields))
    if plan is not None:
        change(area, _kept(area, plan, by))
    touch(deployment.pip_id)
    return area


@service("area.edit")
def edit_area(area: CaptureArea, *, by: User | None, plan: IO[bytes] | None = None, **changes: Any) -> list[str]:
    """Change a capture area; another plan takes the outline away that was drawn on the one before."""
    changed = change(area, changes)
    if plan is not None:
        changed += change(area, {**_kept(area, plan, by), "outline": ""})
    if changed:
        touch(area.pip_id)
    return changed


@service("area.draw")
def draw_outline(area: CaptureArea, *, outline: str) -> list[str]:
    """Fix the outline on the plan; an empty one takes it away."""
    stored = CaptureArea.objects.select_for_update(of=("self",)).get(pk=area.pk)
    if outline.strip() and stored.plan_shown_id is None:
        raise CaseError(_("This capture area has no picture to draw on. Upload its plan as PNG or JPG first."))
    try:
        fixed = written(corners_of(outline)) if outline.strip() else ""
    except ValidationError as refused:
        raise ValidationError({"outline": refused}) from refused
    changed = change(area, {"outline": fixed})
    if changed:
        touch(area.pip_id)
    return changed


def _kept(area: CaptureArea, plan: IO[bytes], by: User | None) -> dict[str, Any]:
    try:
        kept, shown = keep_plan(plan, pip=area.pip, by=by)
    except ValidationError as refused:
        raise ValidationError({"plan": refused}) from refused
    return {"plan": kept, "plan_shown": shown}

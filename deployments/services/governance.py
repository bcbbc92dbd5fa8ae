"""What a PIP proves of itself, and its systems under MLPS (PIPL Arts 51, 52, 54; FRM Art 14)."""

from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.models import GovernanceRecord, MlpsSystem
from deployments.services.rows import add, change, require_not_after
from portal.accounts.models import User
from portal.evidence.services import keep
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service

MLPS_DAYS = ("graded_on", "filed_on", "refiled_on", "tested_on")


@service("governance.record")
def record_proof(
    pip: Pip, *, kind: str, by: User | None, today: date, proof: IO[bytes] | None = None, **fields: Any
) -> GovernanceRecord:
    """Keep a dated proof of a duty of the PIP itself."""
    require_not_after(today, done_on=fields.get("done_on"))
    if kind == "minors_audit" and not fields.get("year"):
        raise ValidationError({"year": _("Say for which year the audit was reported.")})
    if proof:
        fields["evidence"] = keep(proof, pip=pip, by=by)
    record = add(GovernanceRecord(pip=pip, kind=kind, recorded_by=by, **fields))
    touch(pip.pk)
    return record


@service("mlps.register")
def register_mlps(
    pip: Pip, *, by: User | None, today: date, report: IO[bytes] | None = None, **fields: Any
) -> MlpsSystem:
    """Add a system under the multi-level protection scheme."""
    _require_days(today, fields)
    if report:
        fields["evidence"] = keep(report, pip=pip, by=by)
    system = add(MlpsSystem(pip=pip, **fields))
    touch(pip.pk)
    return system


@service("mlps.edit")
def edit_mlps(
    system: MlpsSystem, *, by: User | None, today: date, report: IO[bytes] | None = None, **changes: Any
) -> list[str]:
    """Change a system under MLPS; a former test report stays kept."""
    _require_days(today, changes)
    if report:
        changes["evidence"] = keep(report, pip=system.pip, by=by)
    changed = change(system, changes)
    if changed:
        touch(system.pip_id)
    return changed


def _require_days(today: date, fields: dict[str, Any]) -> None:
    require_not_after(today, **{name: fields.get(name) for name in MLPS_DAYS})

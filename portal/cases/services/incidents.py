"""Incidents: opened at once, each step stamped with its moment, closed when everybody is told who must be."""

from datetime import date, datetime
from typing import IO, Any

from django.forms import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.services.rows import add, change, require_of_pip
from portal.accounts.models import User
from portal.cases.models import Incident
from portal.cases.workflow import INCIDENT
from portal.evidence.services import PAPERS, keep
from portal.tenancy.models import Pip, next_reference, touch
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict, advance

MOMENTS = ("remedied_at", "authority_told_at", "persons_told_at")
MOVED_ON = gettext_lazy("The incident has moved on since this page was opened. Reload it to see where it stands.")


@service("incident.open")
def open_incident(
    pip: Pip, *, discovered_at: datetime, kind: str, by: User | None, today: date, now: datetime, **fields: Any
) -> Incident:
    """Record an incident; the hours run from its discovery. The same one sent twice is one row."""
    _require_past(now, discovered_at=discovered_at)
    require_of_pip(pip.pk, scenario=fields.get("scenario"))
    Pip.objects.select_for_update(of=("self",), no_key=True).get(pk=pip.pk)
    same = {"pip": pip, "discovered_at": discovered_at, "kind": kind, "happened": fields.get("happened", "")}
    fields.setdefault("contact", contact_of(pip))
    former = Incident.objects.filter(tenant_id=pip.tenant_id, **same).select_related("tenant").first()
    if former is not None:
        return former
    incident = Incident(tenant=pip.tenant, opened_by=by, **same | fields)
    incident.reference = next_reference("INC", today.year)
    add(incident)
    touch(pip.pk)
    return incident


@service("incident.edit")
def edit_incident(incident: Incident, *, today: date, now: datetime, **changes: Any) -> list[str]:
    """Correct an open incident: its facts, its moments, and what the notices say."""
    _require_open(_locked(incident))
    require_of_pip(incident.pip_id, scenario=changes.get("scenario"))
    _require_past(now, **{name: changes[name] for name in ("discovered_at", *MOMENTS) if name in changes})
    _require_order(changes.get("discovered_at", incident.discovered_at), changes)
    if changes.get("harm_is_avoided") and not changes.get("harm_reason", incident.harm_reason).strip():
        raise ValidationError({"harm_reason": _("Say how harm is avoided: the authority may ask (PIPL 57).")})
    if (again := changes.get("reassessed_on")) and again > today:
        raise ValidationError({"reassessed_on": _("This day lies in the future. Enter it when it has come.")})
    changed = change(incident, changes)
    if changed:
        touch(incident.pip_id)
    return changed


@service("incident.stamp")
def stamp(incident: Incident, name: str, *, now: datetime) -> bool:
    """Note that a step was taken now; False if its moment stands already, which the second of two presses finds."""
    if name not in MOMENTS:
        raise ValueError(name)
    locked = _locked(incident)
    _require_open(locked)
    if getattr(locked, name) is not None:
        return False
    change(locked, {name: max(now, locked.discovered_at)})
    touch(locked.pip_id)
    return True


@service("incident.keep_receipt")
def keep_receipt(incident: Incident, *, by: User | None, file: IO[bytes], name: str = "") -> Incident:
    """Keep what proves that the authority was told."""
    locked = _locked(incident)
    _require_open(locked)
    try:
        kept = keep(file, name=name, pip=locked.pip, by=by, allowed=PAPERS)
    except ValidationError as refused:
        raise ValidationError({"receipt": refused}) from refused
    change(locked, {"receipt": kept})
    return locked


@service("incident.close")
def close_incident(incident: Incident, *, today: date) -> None:
    """Close an incident that is remedied, when the authority knows and the persons know or are safe."""
    locked = _locked(incident)
    _require_open(locked)
    if locked.missing:
        names = [capfirst(str(Incident._meta.get_field(name).verbose_name)) for name in locked.missing]
        raise CaseError(
            _("The incident can't be closed yet. Missing: %(names)s. Record the moments on its page.")
            % {"names": "; ".join(names)}
        )
    advance(locked, INCIDENT, "close", conflict=str(MOVED_ON), closed_on=today)
    touch(locked.pip_id)


@service("incident.reopen")
def reopen_incident(incident: Incident) -> None:
    """Take up a closed incident again."""
    advance(incident, INCIDENT, "reopen", conflict=str(MOVED_ON), closed_on=None)
    touch(incident.pip_id)


def contact_of(pip: Pip) -> str:
    """Where people may ask: the contact of the PI protection officer, which is public anyway (PIPL Art 52)."""
    return " · ".join(filter(None, (pip.officer_name, pip.officer_phone, pip.officer_email)))[:300]


def _require_past(now: datetime, **moments: datetime | None) -> None:
    late = [name for name, at in moments.items() if at is not None and at > now]
    if late:
        raise ValidationError({name: _("This moment lies in the future.") for name in late})


def _require_order(discovered_at: datetime, changes: dict[str, Any]) -> None:
    early = [name for name in MOMENTS if changes.get(name) and changes[name] < discovered_at]
    if early:
        sentence = _("This lies before the discovery. Correct one of the two moments.")
        raise ValidationError({name: sentence for name in early})


def _require_open(incident: Incident) -> None:
    if incident.state != "open":
        raise StateConflict(str(MOVED_ON))


def _locked(incident: Incident) -> Incident:
    return Incident.objects.select_related("pip", "tenant").select_for_update(of=("self",)).get(pk=incident.pk)

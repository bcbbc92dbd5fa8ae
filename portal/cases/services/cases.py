"""Cases: received once, answered, their deletion proved, closed; each step stands in the timeline."""

import copy
import secrets
from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.services.rows import add, change, require_not_after, require_of_pip
from portal.accounts.models import User
from portal.cases.choices import INSPECTION, UNFOUNDED, Channel, Outcome, State, Step
from portal.cases.codes import code_of, hash_of
from portal.cases.models import Case, CaseNote
from portal.cases.workflow import CASE
from portal.evidence.models import Evidence
from portal.evidence.services import PAPERS, keep
from portal.tenancy.models import Pip, next_reference, touch
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict, advance, may

MOVED_ON = gettext_lazy("The case has moved on since this page was opened. Reload it to see where it stands.")


@service("case.receive")
def receive(
    pip: Pip,
    *,
    kind: str,
    channel: str,
    received_on: date,
    today: date,
    by: User | None,
    sending: str = "",
    letter: IO[bytes] | None = None,
    **fields: Any,
) -> tuple[Case, str]:
    """Take in what somebody came with; the case, and the secret code for its answer.

    ``sending`` is the token of the form that was sent: the same words sent twice are one case. A refusal whose other
    way was used on the spot is answered with that.
    """
    require_not_after(today, received_on=received_on)
    if kind == INSPECTION:
        channel = Channel.AUTHORITY
    require_fitting(kind, channel, fields)
    other_way = fields.pop("other_way", "")
    place_it(pip, fields)
    said = (kind, fields.get("category", ""), fields.get("place", ""), fields.get("asked", ""))
    code = code_of(sending or secrets.token_urlsafe(), *said)
    # Of two sendings of one form the second waits here, and finds the first one's case.
    Pip.objects.select_for_update(of=("self",), no_key=True).get(pk=pip.pk)
    former = Case.objects.filter(tenant_id=pip.tenant_id, code_hash=hash_of(code)).select_related("tenant").first()
    if former is not None:
        return former, code
    case = Case(
        tenant=pip.tenant,
        pip=pip,
        kind=kind,
        channel=channel,
        received_on=received_on,
        received_at=timezone.now(),
        received_by=by,
        code_hash=hash_of(code),
        **fields,
    )
    case.reference = next_reference("CAS", today.year)
    add(case)
    record(case, Step.RECEIVED, by=by, file=_kept(case, "letter", letter, by=by))
    if other_way:
        answer(case, by=by, today=today, answered_on=received_on, outcome=Outcome.GRANTED, other_way=other_way)
    touch(pip.pk)
    return case, code


@service("case.edit")
def edit(case: Case, *, by: User | None, today: date, **changes: Any) -> list[str]:
    """Correct what the case is and where it belongs, as long as nothing is answered."""
    _require_open(_locked(case))
    require_not_after(today, received_on=changes.get("received_on"))
    place_it(case.pip, changes)
    kind = changes.get("kind", case.kind)
    if (kind == INSPECTION) != case.is_inspection:
        raise ValidationError({"kind": _("A person's case can't become an authority's. Add a new case instead.")})
    changes["category"] = changes.get("category", case.category) if kind == "complaint" else ""
    require_fitting(kind, changes.get("channel", case.channel), changes)
    changed = change(case, changes)
    if changed:
        record(case, Step.CHANGED, by=by, text=" ".join(changed))
        touch(case.pip_id)
    return changed


@service("case.note")
def note(
    case: Case, *, by: User | None, text: str = "", is_for_person: bool = False, file: IO[bytes] | None = None
) -> CaseNote:
    """Add to the timeline, for the tenant's own people or for the person too."""
    if not text and file is None:
        raise ValidationError({"text": _("Write the note, or add a file.")})
    kept = _kept(case, "file", file, by=by)
    return record(case, Step.NOTE, by=by, text=text, is_for_person=is_for_person, file=kept)


@service("case.answer")
def answer(
    case: Case,
    *,
    by: User | None,
    today: date,
    answered_on: date,
    outcome: str = "",
    exemption: str = "",
    answer: str = "",
    other_way: str = "",
    deletion_proof: IO[bytes] | None = None,
) -> Case:
    """Answer: what was granted, or why not; a refusal of FR with the other way that was used."""
    locked = _locked(case)
    _require_open(locked)
    require_not_after(today, answered_on=answered_on)
    if answered_on < locked.received_on:
        raise ValidationError({"answered_on": _("The answer lies before the day on which the case came.")})
    values = {
        "answered_on": answered_on,
        "answered_by": by,
        "outcome": "" if locked.is_inspection else outcome,
        "exemption": UNFOUNDED if outcome == Outcome.REFUSED else exemption if outcome == Outcome.EXEMPT else "",
        "answer": answer,
        "other_way": other_way,
    }
    _require_reasons(locked, values)
    if deletion_proof is not None:
        values["deletion_proof"] = _kept(locked, "deletion_proof", deletion_proof, by=by)
    _take(locked, "answer", values)
    record(locked, Step.ANSWERED, by=by, text=answer, is_for_person=True)
    if deletion_proof is not None:
        record(locked, Step.DELETED, by=by, file=values["deletion_proof"])
    touch(locked.pip_id)
    return _brought_up(case, locked)


@service("case.prove_deletion")
def prove_deletion(case: Case, *, by: User | None, proof: IO[bytes]) -> Case:
    """Add the proof that the face information is deleted (PIPL Art 47)."""
    locked = _locked(case)
    if locked.state == State.CLOSED:
        raise StateConflict(str(MOVED_ON))
    if locked.deletion_proof_id is not None:
        raise StateConflict(_("The deletion is proved already. Reload the page to see the proof."))
    kept = _kept(locked, "proof", proof, by=by)
    change(locked, {"deletion_proof": kept})
    record(locked, Step.DELETED, by=by, file=kept)
    touch(locked.pip_id)
    return _brought_up(case, locked)


@service("case.close")
def close(case: Case, *, by: User | None, today: date) -> Case:
    """Close an answered case; where face information was to be deleted, not without the proof."""
    locked = _locked(case)
    if locked.needs_deletion:
        raise CaseError(_("The deletion isn't proved yet. Add the proof on the page of the case, then close it."))
    _take(locked, "close", {"closed_on": today})
    record(locked, Step.CLOSED, by=by)
    touch(locked.pip_id)
    return _brought_up(case, locked)


@service("case.reopen")
def reopen(case: Case, *, by: User | None, reason: str) -> Case:
    """Take up a case again; what was answered stays in its timeline."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the case is taken up again.")})
    locked = _locked(case)
    gone = dict.fromkeys(("answered_on", "answered_by", "deletion_proof", "closed_on"))
    _take(locked, "reopen", gone | {"outcome": "", "exemption": ""})
    record(locked, Step.REOPENED, by=by, text=reason)
    touch(locked.pip_id)
    return _brought_up(case, locked)


def record(
    case: Case,
    step: str,
    *,
    by: User | None,
    text: str = "",
    is_for_person: bool = False,
    file: Evidence | None = None,
) -> CaseNote:
    """One entry of the timeline."""
    return add(
        CaseNote(
            tenant_id=case.tenant_id,
            pip_id=case.pip_id,
            case=case,
            step=step,
            at=timezone.now(),
            by=by,
            text=text,
            is_for_person=is_for_person,
            file=file,
        )
    )


def place_it(pip: Pip, fields: dict[str, Any]) -> None:
    """A deployment says which scenario the case is about; both belong to the PIP."""
    scenario, deployment = fields.get("scenario"), fields.get("deployment")
    require_of_pip(pip.pk, scenario=scenario, deployment=deployment)
    if deployment is None:
        return
    if scenario is not None and deployment.scenario_id != scenario.pk:
        raise ValidationError({"deployment": _("This deployment belongs to another scenario.")})
    fields["scenario"] = deployment.scenario


def require_fitting(kind: str, channel: str, fields: dict[str, Any]) -> None:
    """A complaint says what it is about; only an authority sets a date."""
    if kind == "complaint" and not fields.get("category"):
        raise ValidationError({"category": _("Choose what the complaint is about.")})
    if fields.get("due_on") and channel != Channel.AUTHORITY:
        raise ValidationError(
            {"due_on": _("Only an authority sets a date; the law says promptly and counts no days. Leave it empty.")}
        )


def _require_reasons(case: Case, values: dict[str, Any]) -> None:
    """What the law asks of an answer, each at its field."""
    outcome, missing = values["outcome"], {}
    if not outcome and not case.is_inspection:
        missing["outcome"] = _("Choose what was decided.")
    if outcome not in ("", Outcome.GRANTED) and not values["answer"].strip():
        missing["answer"] = _("Give the reasons: whoever isn't granted in full is told why (PIPL 50).")
    if outcome == Outcome.EXEMPT and values["exemption"] in ("", UNFOUNDED):
        missing["exemption"] = _("Name the exception that the law makes, or choose another outcome.")
    if case.kind == "refusal" and outcome == Outcome.GRANTED and not values["other_way"].strip():
        missing["other_way"] = _("Say which other way was offered and used (FRM Art 10).")
    if missing:
        raise ValidationError(missing)


def _take(case: Case, move: str, values: dict[str, Any]) -> None:
    """One step, checked as the row that it makes."""
    if not may(case, CASE, move):
        raise StateConflict(str(MOVED_ON))
    wanted = copy.copy(case)
    for name, value in values.items():
        setattr(wanted, name, value)
    wanted.state = CASE[move].target
    wanted.full_clean(exclude=["tenant"])
    advance(case, CASE, move, conflict=str(MOVED_ON), **values)


def _require_open(case: Case) -> None:
    if case.state != State.OPEN:
        raise StateConflict(str(MOVED_ON))


def _locked(case: Case) -> Case:
    rows = Case.objects.select_related("pip", "tenant").select_for_update(of=("self",))
    return rows.get(pk=case.pk)


def _brought_up(case: Case, locked: Case) -> Case:
    """The caller's row as it stands now."""
    case.__dict__.update(locked.__dict__)
    return case


def _kept(case: Case, name: str, file: IO[bytes] | None, *, by: User | None) -> Evidence | None:
    """The file of a form, kept as evidence; what is refused stands at its field."""
    if file is None:
        return None
    try:
        return keep(file, pip=case.pip, by=by, allowed=PAPERS)
    except ValidationError as refused:
        raise ValidationError({name: refused}) from refused

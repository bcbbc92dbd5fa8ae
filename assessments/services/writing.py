"""Write in an assessment: answers, risks and measures. Each save names the version it was made from."""

from datetime import date
from typing import IO, Any

from django.db.models import F
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Author, Measure, Risk
from deployments.models import Scenario
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
from portal.tenancy.session import service
from portal.workflow import CaseError


class EditConflict(Exception):
    """Somebody else saved the same thing meanwhile; ``theirs`` is what stands now."""

    def __init__(self, theirs: Any) -> None:
        super().__init__("saved by another person meanwhile")
        self.theirs = theirs


@service("assessment.answer")
def save_answer(
    assessment: Assessment, question: str, *, scenario: Scenario | None, text: str, version: int, by: User
) -> Answer:
    """Save an answer made from a version, 0 for none yet; EditConflict if another version stands.

    The same text again changes nothing. What a person writes loses its source.
    """
    hold(assessment)
    text = text.replace("\r\n", "\n").strip()
    standing = Answer.objects.filter(assessment=assessment, question=question, scenario=scenario).first()
    if standing is not None and standing.text == text:
        return standing
    if (standing.version if standing else 0) != version:
        raise EditConflict(standing)
    sign(assessment, by)
    if standing is None:
        return Answer.objects.create(
            tenant_id=assessment.tenant_id,
            pip_id=assessment.pip_id,
            assessment=assessment,
            question=question,
            scenario=scenario,
            text=text,
            saved_at=timezone.now(),
            saved_by=by,
        )
    _require_written(
        Answer.objects.filter(pk=standing.pk, version=version).update(
            text=text, source="", version=F("version") + 1, saved_at=timezone.now(), saved_by=by
        ),
        standing,
    )
    standing.refresh_from_db()
    return standing


@service("assessment.attach")
def attach(answer: Answer, file: IO[bytes], *, name: str, by: User) -> Answer:
    """Put a file beside an answer, as its evidence."""
    hold(answer.assessment)
    sign(answer.assessment, by)
    answer.evidence = keep(file, name=name, pip=answer.assessment.pip, by=by, allowed=PAPERS)
    answer.save(update_fields=["evidence"])
    return answer


@service("assessment.conclude")
def conclude(assessment: Assessment, *, by: User, **changes: Any) -> None:
    """Set the title, the conclusion and the third party that took part."""
    hold(assessment)
    sign(assessment, by)
    for name, value in changes.items():
        setattr(assessment, name, value)
    assessment.clean_fields(exclude={field.name for field in assessment._meta.fields} - changes.keys())
    assessment.save(update_fields=list(changes))


@service("risk.add")
def add_risk(assessment: Assessment, *, by: User, **fields: Any) -> Risk:
    """Add a risk of one's own to the seven of Article 9."""
    hold(assessment)
    sign(assessment, by)
    risk = Risk(tenant_id=assessment.tenant_id, pip_id=assessment.pip_id, assessment=assessment, **fields)
    risk.full_clean(exclude=["tenant"])
    risk.save()
    return risk


@service("risk.weigh")
def weigh(risk: Risk, *, version: int, by: User, **changes: Any) -> Risk:
    """Change a risk made from a version; EditConflict if another stands."""
    hold(risk.assessment)
    stored = Risk.objects.get(pk=risk.pk)
    changed = {name: value for name, value in changes.items() if getattr(stored, name) != value}
    if not changed:
        return stored
    if stored.version != version:
        raise EditConflict(stored)
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.full_clean(exclude=["tenant"])
    sign(risk.assessment, by)
    rows = Risk.objects.filter(pk=risk.pk, version=version)
    _require_written(rows.update(**changed, version=F("version") + 1), stored)
    stored.refresh_from_db()
    return stored


@service("risk.remove")
def remove_risk(risk: Risk, *, by: User) -> None:
    """Take an own risk out; the seven of Article 9 stay."""
    if risk.threat:
        raise CaseError(_("This risk is one of the seven of Article 9: it is weighed, not removed."))
    hold(risk.assessment)
    sign(risk.assessment, by)
    risk.delete()


@service("measure.add")
def add_measure(risk: Risk, *, by: User, **fields: Any) -> Measure:
    """Add what is done against a risk."""
    hold(risk.assessment)
    sign(risk.assessment, by)
    measure = Measure(
        tenant_id=risk.tenant_id, pip_id=risk.pip_id, assessment_id=risk.assessment_id, risk=risk, **fields
    )
    measure.full_clean(exclude=["tenant"])
    measure.save()
    return measure


@service("measure.edit")
def edit_measure(measure: Measure, *, by: User, today: date, **changes: Any) -> Measure:
    """Change a measure; once the assessment is settled only its owner, its days and its evidence."""
    if not measure.assessment.is_open and changes.get("title", measure.title) != measure.title:
        raise CaseError(_("The assessment is settled: the words of a measure stay. Note who, when and the proof."))
    done_on = changes.get("done_on")
    if done_on and done_on > today:
        raise ValidationError({"done_on": _("This day lies in the future. Enter it when it has come.")})
    if measure.assessment.is_open:
        hold(measure.assessment)
        sign(measure.assessment, by)
    for name, value in changes.items():
        setattr(measure, name, value)
    measure.full_clean(exclude=["tenant"])
    measure.save(update_fields=list(changes))
    return measure


@service("measure.remove")
def remove_measure(measure: Measure, *, by: User) -> None:
    """Take a measure out while the assessment is open."""
    hold(measure.assessment)
    sign(measure.assessment, by)
    measure.delete()


def hold(assessment: Assessment) -> None:
    """Hold the assessment until the transaction ends, open: a save and a submission can't pass each other unseen."""
    stored = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if not stored.is_open:
        raise CaseError(
            _("%(reference)s is %(state)s: nobody changes it. Reload the page.")
            % {"reference": stored.reference, "state": stored.get_state_display()}
        )
    assessment.state = stored.state


def sign(assessment: Assessment, by: User) -> None:
    """Note that this person wrote in the assessment, and so can't approve it."""
    Author.objects.get_or_create(
        tenant_id=assessment.tenant_id, pip_id=assessment.pip_id, assessment=assessment, user=by
    )


def _require_written(rows: int, standing: Any) -> None:
    if rows != 1:
        standing.refresh_from_db()
        raise EditConflict(standing)

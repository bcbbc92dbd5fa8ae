"""Write in an assessment: answers, risks and measures. Each save names the version it was made from."""

from datetime import date
from typing import IO, Any

from django.db.models import F
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.choices import SETTLED
from assessments.models import Answer, Assessment, Author, Measure, OwnQuestion, Risk, SectionReview
from deployments.models import Scenario
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
from portal.law.pipia import template
from portal.tenancy.session import service
from portal.workflow import CaseError

LONGEST = 20_000
# The elements that risks and measures belong to: their sections are looked at again when they change.
OF_RISKS = (3, 4)


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
    if len(text) > LONGEST:
        raise ValidationError(
            {"text": _("The answer is longer than %(n)s characters. Put it into a file.") % {"n": LONGEST}}
        )
    standing = Answer.objects.filter(assessment=assessment, question=question, scenario=scenario).first()
    if standing is not None and standing.text == text:
        return standing
    if (standing.version if standing else 0) != version:
        raise EditConflict(standing)
    sign(assessment, by)
    look_again(assessment, section_of(assessment, question))
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
    look_again(answer.assessment, section_of(answer.assessment, answer.question))
    return answer


@service("assessment.detach")
def detach(answer: Answer, *, by: User) -> None:
    """Take the file beside an answer away; the file itself stays in the vault."""
    hold(answer.assessment)
    sign(answer.assessment, by)
    answer.evidence = None
    answer.save(update_fields=["evidence"])
    look_again(answer.assessment, section_of(answer.assessment, answer.question))


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
    _look_at_risks(assessment)
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
    _look_at_risks(risk.assessment)
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
    _look_at_risks(risk.assessment)


@service("measure.add")
def add_measure(
    risk: Risk, *, by: User, today: date | None = None, proof: IO[bytes] | None = None, **fields: Any
) -> Measure:
    """Add what is done against a risk."""
    hold(risk.assessment)
    sign(risk.assessment, by)
    _require_come(fields.get("done_on"), today)
    measure = Measure(
        tenant_id=risk.tenant_id, pip_id=risk.pip_id, assessment_id=risk.assessment_id, risk=risk, **fields
    )
    if proof is not None:
        measure.evidence = keep(proof, pip=risk.assessment.pip, by=by, allowed=PAPERS)
    measure.full_clean(exclude=["tenant"])
    measure.save()
    _look_at_risks(risk.assessment)
    return measure


@service("measure.edit")
def edit_measure(
    measure: Measure, *, by: User, today: date, proof: IO[bytes] | None = None, **changes: Any
) -> Measure:
    """Change a measure; once the assessment is approved only its owner, its days and its evidence."""
    assessment = measure.assessment
    if assessment.state in SETTLED:
        if changes.get("title", measure.title) != measure.title:
            raise CaseError(_("The assessment is settled: the words of a measure stay. Note who, when and the proof."))
    else:
        hold(assessment)
        sign(assessment, by)
        _look_at_risks(assessment)
    _require_come(changes.get("done_on"), today)
    if proof is not None:
        changes["evidence"] = keep(proof, pip=assessment.pip, by=by, allowed=PAPERS)
    for name, value in changes.items():
        setattr(measure, name, value)
    measure.full_clean(exclude=["tenant"])
    measure.save(update_fields=list(changes))
    return measure


def _require_come(done_on: date | None, today: date | None) -> None:
    if done_on and today and done_on > today:
        raise ValidationError({"done_on": _("This day lies in the future. Enter it when it has come.")})


@service("measure.remove")
def remove_measure(measure: Measure, *, by: User) -> None:
    """Take a measure out while the assessment is open."""
    hold(measure.assessment)
    sign(measure.assessment, by)
    _look_at_risks(measure.assessment)
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


def section_of(assessment: Assessment, question: str) -> str:
    """The code of the section in which a question stands."""
    if question.startswith("own-"):
        return OwnQuestion.objects.values_list("section", flat=True).get(pk=question.removeprefix("own-"))
    return template(assessment.template).section_of(question).code


def _look_at_risks(assessment: Assessment) -> None:
    for section in template(assessment.template).sections:
        if section.element in OF_RISKS:
            look_again(assessment, section.code)


def look_again(assessment: Assessment, section: str) -> None:
    """What a reviewer accepted is not what stands there now."""
    SectionReview.objects.filter(assessment=assessment, section=section, state="accepted").update(
        state="pending", settled_at=None, settled_by=None
    )


def _require_written(rows: int, standing: Any) -> None:
    if rows != 1:
        standing.refresh_from_db()
        raise EditConflict(standing)

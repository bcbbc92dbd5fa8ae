"""Begin an assessment from scenarios: their facts are frozen, and answer what they can."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.choices import UNDER_WAY
from assessments.content import digest
from assessments.frozen import answer_of, freeze_all, newest_event
from assessments.models import Answer, AssessedScenario, Assessment, Author, Measure, Risk, SectionReview
from assessments.services.outside import cover, require_assessable
from assessments.services.writing import hold, look_again, section_of, sign
from deployments.models import Scenario
from deployments.sameness import differences
from portal.accounts.models import User
from portal.law.pipia import CURRENT, THREATS, Template, template
from portal.tenancy.choices import in_language
from portal.tenancy.models import next_reference, touch
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("assessment.start")
def start(scenarios: Sequence[Scenario], *, title: str, by: User, today: date) -> Assessment:
    """Begin an assessment of one or several scenarios with the same purpose, necessity, method and scope."""
    scenarios = _held(scenarios)
    require_same(scenarios)
    _require_none_open(scenarios)
    return _begin(scenarios, title=title, by=by, today=today)


@service("assessment.renew")
def renew(former: Assessment, *, by: User, today: date) -> Assessment:
    """Assess again what an approved assessment covers: today's facts, and the former answers where facts give none."""
    if former.state != "approved":
        raise CaseError(_("Only an approved assessment is renewed. Go on with the one that is open."))
    if Assessment.objects.filter(supersedes=former).exclude(state="superseded").exists():
        raise CaseError(_("A newer assessment has been begun already. Go on with it."))
    scenarios = _held([row.scenario for row in former.covered.select_related("scenario")])
    require_same(scenarios)
    made = _begin(scenarios, title=former.title, by=by, today=today, supersedes=former)
    if not former.is_external:
        _carry_over(former, made)
    return made


def _held(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios as they are stored now, held: no edit falls between the facts frozen and the trail read later."""
    rows = Scenario.objects.select_for_update(of=("self",)).select_related("pip__tenant", "tenant")
    return list(rows.filter(pk__in=[one.pk for one in scenarios]).order_by("pk"))


def _require_none_open(scenarios: Sequence[Scenario]) -> None:
    """Refuse a second draft of the same scenario, also to the second of two clicks, which waited for the first."""
    rows = AssessedScenario.objects.filter(scenario__in=scenarios, assessment__is_external=False)
    standing = rows.filter(assessment__state__in=UNDER_WAY).select_related("assessment", "scenario").first()
    if standing is not None:
        raise CaseError(
            _("%(reference)s assesses %(scenario)s already. Go on with it.")
            % {"reference": standing.assessment.reference, "scenario": standing.scenario.name}
        )


def require_same(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios that one assessment can't cover, naming what differs."""
    if not scenarios:
        raise CaseError(_("Choose at least one scenario."))
    if len({row.pip_id for row in scenarios}) > 1:
        raise CaseError(_("The scenarios belong to different PIPs. Each PIP assesses its own."))
    for row in scenarios:
        require_assessable(row)
    if found := differences(scenarios):
        labels = _(", ").join(str(one.label) for one in found)
        raise CaseError(_("One assessment can't cover these scenarios: they differ in %(facts)s.") % {"facts": labels})


def _begin(
    scenarios: Sequence[Scenario], *, title: str, by: User, today: date, supersedes: Assessment | None = None
) -> Assessment:
    first = scenarios[0]
    owned = {"tenant_id": first.tenant_id, "pip_id": first.pip_id}
    assessment = Assessment.objects.create(
        **owned,
        reference=next_reference("PIA", today.year),
        title=title,
        template=CURRENT,
        supersedes=supersedes,
        written_by=by,
    )
    of = owned | {"assessment": assessment}
    covered = [cover(assessment, row) for row in scenarios]
    AssessedScenario.objects.bulk_create(covered)
    Author.objects.create(**of, user=by)
    structure = template(CURRENT)
    SectionReview.objects.bulk_create(SectionReview(**of, section=section.code) for section in structure.sections)
    Answer.objects.bulk_create(prefilled(assessment, structure, covered))
    Risk.objects.bulk_create(Risk(**of, threat=code, title=str(in_language(text))) for code, text in THREATS.items())
    touch(first.pip_id)
    return assessment


@service("assessment.refresh")
def refresh(assessment: Assessment, *, by: User) -> list[str]:
    """Take today's facts into an open assessment: they fill again what they filled and nobody has touched since.

    Gives back the codes of the questions whose answers changed. What persons wrote stays.
    """
    hold(assessment)
    sign(assessment, by)
    covered = list(assessment.covered.select_related("scenario__pip"))
    facts, event = freeze_all([one.scenario for one in covered]), newest_event(assessment.tenant_id)
    for one in covered:
        one.facts, one.sha256, one.frozen_at_event = facts[one.scenario_id], digest(facts[one.scenario_id]), event
    AssessedScenario.objects.bulk_update(covered, ["facts", "sha256", "frozen_at_event"])
    standing = {(row.question, row.scenario_id): row for row in assessment.answers.select_for_update(of=("self",))}
    fresh = {
        (row.question, row.scenario_id): row for row in prefilled(assessment, template(assessment.template), covered)
    }
    new = [row for place, row in fresh.items() if place not in standing]
    changed = []
    for place, row in standing.items():
        text = fresh[place].text if place in fresh else ""
        if (row.source or not row.text) and text != row.text:
            row.text, row.source = text, fresh[place].source if place in fresh else ""
            row.version, row.saved_at, row.saved_by = row.version + 1, timezone.now(), None
            changed.append(row)
    Answer.objects.bulk_create(new)
    Answer.objects.bulk_update(changed, ["text", "source", "version", "saved_at", "saved_by"])
    codes = [row.question for row in (*new, *changed)]
    for code in dict.fromkeys(codes):
        look_again(assessment, section_of(assessment, code))
    return codes


def prefilled(assessment: Assessment, structure: Template, covered: Sequence[AssessedScenario]) -> list[Answer]:
    """The answers that the frozen facts give, each with its source; several scenarios are named where they differ."""
    found = []
    for question in structure.questions():
        if not question.source:
            continue
        facts = [(one.scenario.code, one.facts) for one in covered]
        if question.each:
            for one, of in zip(covered, facts, strict=True):
                text = answer_of(question.source, [of])
                found.append(_answer(assessment, question.code, one.scenario, text, question.source))
            continue
        text = answer_of(question.source, facts)
        found.append(_answer(assessment, question.code, None, text, question.source))
    return [row for row in found if row.text]


def _answer(assessment: Assessment, question: str, scenario: Scenario | None, text: str, source: str) -> Answer:
    return Answer(
        tenant_id=assessment.tenant_id,
        pip_id=assessment.pip_id,
        assessment=assessment,
        question=question,
        scenario=scenario,
        text=text,
        source=source,
        saved_at=timezone.now(),
    )


def _carry_over(former: Assessment, made: Assessment) -> None:
    """The former answers of persons, where today's facts give none, and the former risks with their open measures."""
    given = {(row.question, row.scenario_id) for row in made.answers.all()}
    Answer.objects.bulk_create(
        _answer(made, row.question, row.scenario, row.text, "")
        for row in former.answers.select_related("scenario")
        if (row.question, row.scenario_id) not in given and row.text
    )
    made.risks.all().delete()
    for row in former.risks.prefetch_related("measures"):
        measures = list(row.measures.all())
        row.pk, row.assessment, row.version = None, made, 1
        row.save(force_insert=True)
        for one in measures:
            one.pk, one.assessment, one.risk = None, made, row
        Measure.objects.bulk_create(measures)

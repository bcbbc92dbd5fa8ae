"""Assessments as the law looks at them."""

from assessments.choices import SETTLED
from assessments.models import INCIDENT, AssessedScenario, Outdating
from portal.cases.models import Incident
from portal.law.facts import AssessmentFacts
from portal.law.rules.assessment import MAJOR
from portal.tenancy.models import Pip


def approved(pip: Pip) -> dict[str, AssessmentFacts]:
    """The newest approved assessment by scenario code, with what changed since; one that says no counts for none."""
    changes: dict[tuple[int, int | None], list[Outdating]] = {}
    for one in Outdating.objects.standing().filter(pip=pip).order_by("id"):
        changes.setdefault((one.assessment_id, one.scenario_id), []).append(one)
    rows = AssessedScenario.objects.filter(pip=pip, assessment__state__in=SETTLED).exclude(
        assessment__conclusion="must_not_proceed"
    )
    major = Incident.objects.filter(pip=pip, grade__in=MAJOR).order_by("id").values_list("reference", flat=True)
    incidents = tuple(major)
    found, first = {}, {}
    for row in rows.select_related("assessment", "scenario").order_by("assessment__approved_on", "assessment_id"):
        assessment = row.assessment
        first.setdefault(row.scenario_id, assessment.approved_on)
        if assessment.state != "approved":
            continue
        since = changes.get((assessment.pk, row.scenario_id), [])
        came = [one.new for one in since if one.fact == INCIDENT]
        since = [one for one in since if one.fact != INCIDENT]
        found[row.scenario.code] = AssessmentFacts(
            approved_on=assessment.approved_on,
            first_approved_on=first[row.scenario_id],
            keep_until=assessment.keep_until,
            outdated_by=tuple(dict.fromkeys(one.fact for one in since)),
            incidents_known=tuple(ref for ref in incidents if ref not in came),
            outdated_on=min((one.changed_on for one in since), default=None),
            third_party=assessment.third_party,
            third_party_is_described=bool(assessment.third_party_part),
        )
    return found

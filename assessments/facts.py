"""Assessments as the law looks at them."""

from assessments.models import Assessment
from deployments.notified import assessed_facts, changed_facts
from portal.law.facts import AssessmentFacts
from portal.tenancy.models import Pip


def approved(pip: Pip) -> dict[str, AssessmentFacts]:
    """The newest approved assessment by scenario code, with what changed in the scenario since."""
    rows = (
        Assessment.objects.filter(pip=pip, state="approved").select_related("scenario").order_by("approved_on", "id")
    )
    return {
        row.scenario.code: AssessmentFacts(
            approved_on=row.approved_on,
            keep_until=row.keep_until,
            outdated_by=changed_facts(row.assessed, assessed_facts(row.scenario)),
            third_party=row.third_party,
            third_party_is_described=bool(row.third_party_part),
        )
        for row in rows
    }

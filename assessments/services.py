"""The verbs of impact assessments: register a report made elsewhere, and have another person approve it."""

from datetime import date
from typing import IO

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.workflow import MOVES
from deployments.models import Scenario
from deployments.notified import assessed_facts
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
from portal.law.reckoning import years_after
from portal.law.rules.assessment import YEARS_KEPT
from portal.tenancy.models import next_reference, touch
from portal.tenancy.session import service
from portal.workflow import CaseError, advance

ELEMENTS = ("has_lawfulness", "has_rights_impact", "has_risks", "has_measures")


@service("assessment.register")
def register(
    scenario: Scenario,
    *,
    report: IO[bytes],
    elements: set[str],
    by: User,
    today: date,
    name: str = "",
    third_party: str = "",
    third_party_part: str = "",
) -> Assessment:
    """Register a report with its four elements; the one who registers it answers for it as its author."""
    if missing := [code for code in ELEMENTS if code not in elements]:
        labels = "; ".join(str(Assessment._meta.get_field(code).verbose_name) for code in missing)
        raise CaseError(
            _("The report lacks elements of Article 9: %(elements)s. Add them first.") % {"elements": labels}
        )
    if not scenario.is_in_scope:
        raise CaseError(_("The Measures do not apply to this scenario, so it needs no assessment."))
    assessment = Assessment(
        tenant_id=scenario.tenant_id,
        pip_id=scenario.pip_id,
        scenario=scenario,
        reference=next_reference("PIA", today.year),
        report=keep(report, name=name, pip=scenario.pip, by=by, allowed=PAPERS),
        written_by=by,
        third_party=third_party,
        third_party_part=third_party_part,
        assessed=assessed_facts(scenario),
        **dict.fromkeys(ELEMENTS, True),
    )
    assessment.save()
    touch(scenario.pip_id)
    return assessment


@service("assessment.approve")
def approve(assessment: Assessment, *, by: User, today: date) -> Assessment:
    """Approve a report that another person registered; from then on it is kept for three years."""
    if by.pk == assessment.written_by_id:
        raise CaseError(
            _("You registered this report, so you can't approve it. Ask another person with the right to.")
        )
    advance(
        assessment,
        MOVES,
        "approve",
        conflict=_("This assessment has been approved already. Reload the page to see by whom."),
        approved_by=by,
        approved_on=today,
        keep_until=years_after(today, YEARS_KEPT),
    )
    touch(assessment.pip_id)
    return assessment

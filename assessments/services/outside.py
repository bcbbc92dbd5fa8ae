"""Register the approved report of an assessment that was made elsewhere; another person approves it here."""

from datetime import date
from typing import IO

from django.utils.translation import gettext as _

from assessments.content import digest
from assessments.frozen import freeze, newest_event
from assessments.models import AssessedScenario, Assessment, Author
from assessments.workflow import MOVES
from deployments.models import Scenario
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
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
    require_assessable(scenario)
    owned = {"tenant_id": scenario.tenant_id, "pip_id": scenario.pip_id}
    assessment = Assessment(
        **owned,
        title=scenario.name,
        is_external=True,
        reference=next_reference("PIA", today.year),
        report=keep(report, name=name, pip=scenario.pip, by=by, allowed=PAPERS),
        written_by=by,
        third_party=third_party,
        third_party_part=third_party_part,
        **dict.fromkeys(ELEMENTS, True),
    )
    assessment.save()
    cover(assessment, scenario).save()
    Author.objects.create(**owned, assessment=assessment, user=by)
    advance(assessment, MOVES, "submit", conflict=_("This report was registered meanwhile. Reload the page."))
    touch(scenario.pip_id)
    return assessment


def cover(assessment: Assessment, scenario: Scenario) -> AssessedScenario:
    """A scenario as it is assessed, with its facts frozen; not yet stored."""
    facts = freeze(scenario)
    return AssessedScenario(
        tenant_id=assessment.tenant_id,
        pip_id=assessment.pip_id,
        assessment=assessment,
        scenario=scenario,
        facts=facts,
        sha256=digest(facts),
        frozen_at_event=newest_event(assessment.tenant_id),
    )


def require_assessable(scenario: Scenario) -> None:
    """Refuse a scenario to which the Measures don't apply."""
    if not scenario.is_in_scope:
        raise CaseError(_("The Measures do not apply to this scenario, so it needs no assessment."))

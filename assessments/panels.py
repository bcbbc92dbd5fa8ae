"""What assessments show on the pages of lower storeys."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.models import Assessment
from deployments.models import Scenario
from portal.cases.models import Case
from portal.ui.panels import Panel


def of_scenario(request: HttpRequest, scenario: Scenario) -> Panel:
    """The assessments of a scenario, the newest first."""
    rows = Assessment.objects.filter(tenant=request.tenant, scenario=scenario).select_related(
        "tenant", "written_by", "approved_by"
    )
    context = {
        "scenario": scenario,
        "assessments": list(rows),
        "may_register": scenario.is_in_scope and request.access.can("write_assessment", scenario.pip_id),
    }
    return Panel(_("Impact assessments"), "assessments/_of_scenario.html", context, order=20)


def of_inspection(request: HttpRequest, case: Case) -> Panel:
    """The approved assessments of the PIP that is inspected, or of the one scenario that it is about."""
    rows = Assessment.objects.filter(tenant=request.tenant, pip_id=case.pip_id, state="approved")
    if case.scenario_id:
        rows = rows.filter(scenario_id=case.scenario_id)
    context = {"assessments": list(rows.select_related("tenant", "scenario"))}
    return Panel(_("Impact assessments"), "assessments/_of_inspection.html", context, order=20)

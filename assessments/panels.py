"""What assessments show on the pages of lower storeys."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.choices import badge_of
from assessments.models import Assessment, Outdating
from deployments.models import Scenario
from portal.ui.panels import Panel


def of_scenario(request: HttpRequest, scenario: Scenario) -> Panel:
    """The assessments of a scenario, the newest first."""
    rows = Assessment.objects.filter(tenant=request.tenant).of_scenario(scenario)
    rows = rows.select_related("tenant", "written_by", "approved_by")
    rows = rows.annotate(has_changes=Exists(Outdating.objects.filter(assessment=OuterRef("pk"))))
    context = {
        "scenario": scenario,
        "assessments": [
            {"row": row, "badge": badge_of(row.state), "is_outdated": row.state == "approved" and row.has_changes}
            for row in rows
        ],
        "may_register": scenario.is_in_scope and request.access.can("write_assessment", scenario.pip_id),
    }
    return Panel(_("Impact assessments"), "assessments/_of_scenario.html", context, order=20)

"""What assessments show on the pages of lower storeys."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.choices import UNDER_WAY, badge_of
from assessments.models import INCIDENT, Assessment, Outdating
from deployments.mending import Mend
from deployments.models import Scenario
from portal.cases.models import Case, Incident
from portal.ui.panels import Panel


def of_scenario(request: HttpRequest, scenario: Scenario) -> Panel:
    """The assessments of a scenario, the newest first."""
    rows = Assessment.objects.filter(tenant=request.tenant).of_scenario(scenario)
    rows = rows.select_related("tenant", "written_by", "approved_by")
    rows = rows.annotate(has_changes=Exists(Outdating.objects.standing().filter(assessment=OuterRef("pk"))))
    context = {
        "scenario": scenario,
        "assessments": [
            {"row": row, "badge": badge_of(row.state), "is_outdated": row.state == "approved" and row.has_changes}
            for row in rows
        ],
        "may_register": scenario.is_in_scope and request.access.can("write_assessment", scenario.pip_id),
    }
    return Panel(_("Impact assessments"), "assessments/_of_scenario.html", context, order=20)


def mend_of(request: HttpRequest, scenario: Scenario) -> Mend | None:
    """What opens the gate of the assessment: the report that waits for another person, else a new one."""
    may_write = request.access.can("write_assessment", scenario.pip_id)
    rows = Assessment.objects.filter(tenant=request.tenant, state__in=UNDER_WAY)
    waiting = rows.of_scenario(scenario).first()
    if waiting is not None:
        waiting.tenant = request.tenant
        if waiting.is_open:
            if not may_write:
                return None
            return Mend(_("Go on with the impact assessment"), waiting.get_absolute_url())
        is_other = waiting.written_by_id != request.user.pk
        if is_other and request.access.can("approve_assessment", scenario.pip_id):
            return Mend(_("Approve the impact assessment"), waiting.get_absolute_url())
        return Mend(_("See the report that waits for approval"), waiting.get_absolute_url())
    if not may_write:
        return None
    if approved := in_force(request, scenario):
        return Mend(_("Assess again"), approved.get_absolute_url())
    return Mend(
        _("Register the impact assessment"), reverse("assessments:new", args=[request.tenant.slug, scenario.pk])
    )


def in_force(request: HttpRequest, scenario: Scenario) -> Assessment | None:
    """The approved assessment of a scenario, the newest if there are several; a draft that renews it is no bar."""
    rows = Assessment.objects.filter(tenant=request.tenant).in_force().of_scenario(scenario)
    return rows.select_related("tenant").first()


def of_incident(request: HttpRequest, incident: Incident) -> Panel | None:
    """The assessments that an incident made outdated, each with the way to assess again; none, no panel."""
    rows = Outdating.objects.standing().filter(tenant=request.tenant, fact=INCIDENT, new=incident.reference)
    found = Assessment.objects.filter(tenant=request.tenant, state="approved", outdatings__in=rows).distinct()
    context = {
        "assessments": list(found.select_related("tenant")),
        "may_write": request.access.can("write_assessment", incident.pip_id),
    }
    if not context["assessments"]:
        return None
    return Panel(_("To be assessed again"), "assessments/_of_incident.html", context, order=20)


def of_inspection(request: HttpRequest, case: Case) -> Panel:
    """The approved assessments of the PIP that is inspected, or of the one scenario that it is about."""
    rows = Assessment.objects.filter(tenant=request.tenant, pip_id=case.pip_id, state="approved")
    if case.scenario_id:
        rows = rows.filter(covered__scenario=case.scenario_id)
    context = {"assessments": list(rows.select_related("tenant"))}
    return Panel(_("Impact assessments"), "assessments/_of_inspection.html", context, order=20)

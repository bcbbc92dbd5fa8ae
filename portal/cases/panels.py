"""What cases show on the pages of lower storeys."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from deployments.models import Scenario
from portal.cases.choices import State
from portal.cases.models import Case
from portal.ui.panels import Panel


def of_scenario(request: HttpRequest, scenario: Scenario) -> Panel:
    """How often people refused, complained, or were asked again after a refusal (NDR Art 22(5)); one query."""
    counts = Case.objects.filter(tenant=request.tenant, scenario=scenario).aggregate(
        refusals=Count("pk", filter=Q(kind="refusal")),
        complaints=Count("pk", filter=Q(kind="complaint")),
        asked_again=Count("pk", filter=Q(category="asked_again")),
        others=Count("pk", filter=~Q(kind__in=["refusal", "complaint"])),
        open=Count("pk", filter=Q(state=State.OPEN)),
    )
    context = {
        "scenario": scenario,
        "counts": counts,
        "may_add": request.access.can("edit_register", scenario.pip_id),
    }
    return Panel(_("Requests and complaints"), "cases/_of_scenario.html", context, order=40)

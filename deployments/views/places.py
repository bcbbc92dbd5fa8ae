"""Scenarios: their records and their forms; what the pages of the register share."""

from typing import Any

from django.db.models import Count, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from deployments import services
from deployments.forms import ScenarioForm
from deployments.models import Deployment, PersonCount, Scenario
from deployments.views.duties import duties_of, first_open
from deployments.views.editing import FormPage, edit, for_writing, same_code, saved
from portal.accounts.pages import page
from portal.law import enums
from portal.tenancy.models import Pip

# How many of a record's deployments and counts it shows itself; the list has the rest.
SHOWN = 20


def place_url(request: HttpRequest, name: str, *args: Any) -> str:
    return reverse(f"deployments:{name}", args=[request.tenant.slug, *args])


def choose_pip(request: HttpRequest, title: str) -> Pip | HttpResponse:
    """The PIP that a new row belongs to: the one in the address, the only one there is, else a page to choose."""
    if request.GET.get("pip"):
        return request.access.get(Pip, "edit_register", uscc=request.GET["pip"])
    pips = request.access.pips("edit_register")
    if len(pips) == 1:
        return pips[0]
    return render(request, "deployments/choose_pip.html", {"title": title, "pips": pips})


def crumbs(request: HttpRequest, name: str, title: str, row: Model | None, last: str = "") -> list[tuple[str, str]]:
    """The list, the row if there is one, and the page under it."""
    steps = [(title, place_url(request, name))]
    if row is not None:
        steps.append((str(row), place_url(request, name.removesuffix("s"), row.pk) if last else ""))
    return steps + ([(last, "")] if last else [])


@page("view_pip")
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a use of FR."""
    row = request.access.get(Scenario.objects.select_related("pip"), "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    places = Deployment.objects.filter(tenant=request.tenant, scenario=row)
    by_status = dict(places.order_by().values_list("status").annotate(Count("pk")))
    duties = duties_of(request, row.pip_id, f"scenario:{row.code}")
    counts = PersonCount.objects.filter(tenant=request.tenant, scenario=row, deployment__isnull=True)
    context = {
        "scenario": row,
        "facts": scenario_facts(row),
        "duties": duties,
        "next": first_open(duties),
        "statuses": [(code, by_status[code]) for code in enums.DEPLOYMENT_STATUSES if code in by_status],
        "places_number": sum(by_status.values()),
        "counts": counts.select_related("entered_by", "corrects")[:SHOWN],
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/scenario.html", context)


def scenario_facts(row: Scenario) -> list[tuple[str, Any]]:
    """Label and value of what the assessment and the filing take from a scenario."""
    words = {
        "function": enums.FUNCTIONS,
        "legal_basis": enums.LEGAL_BASES,
        "storage_mode": enums.STORAGE_MODES,
    }
    names = [
        "function",
        "purpose",
        "necessity",
        "subjects",
        "legal_basis",
        "alternative",
        "storage_mode",
        "retention",
        "deletion_method",
        "protection",
        "supplier",
    ]
    facts: list[tuple[str, Any]] = []
    for name in names:
        value = getattr(row, name)
        facts.append((capfirst(row._meta.get_field(name).verbose_name), words.get(name, {}).get(value, value)))
    return facts


@page("edit_register", writes=True)
def scenario_new(request: HttpRequest) -> HttpResponse:
    """Add a use of FR."""
    pip = choose_pip(request, _("Add a scenario"))
    if isinstance(pip, HttpResponse):
        return pip
    return edit(
        request,
        FormPage(
            _("Add a scenario"),
            _("Add the scenario"),
            place_url(request, "scenarios"),
            [*crumbs(request, "scenarios", _("Scenarios"), None), (_("Add a scenario"), "")],
            note=pip.name,
        ),
        ScenarioForm(request.POST or None, instance=Scenario(tenant=request.tenant, pip=pip), request=request),
        lambda values: services.register_scenario(pip, **values),
        to=lambda row: place_url(request, "scenario", row.pk),
        said=_("The scenario was added."),
        twin=same_code(Scenario, tenant=request.tenant, pip=pip),
    )


@page("edit_register", writes=True)
def scenario_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a use of FR."""
    row = request.access.get(for_writing(request, Scenario.objects.all()), "edit_register", pk=pk)
    back = place_url(request, "scenario", pk)
    steps = crumbs(request, "scenarios", _("Scenarios"), row, _("Edit"))
    return edit(
        request,
        FormPage(_("Edit the scenario"), _("Save the scenario"), back, steps),
        ScenarioForm(request.POST or None, instance=row, request=request),
        lambda values: services.edit_scenario(row, **values),
        to=back,
        said=saved,
        twin=same_code(Scenario, tenant=request.tenant, pip=row.pip_id),
    )

"""What the tabs of a scenario share: the record around them, the way back, and what is found wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from deployments.choices import Status
from deployments.models import Deployment, Scenario
from deployments.views.editing import FormPage
from deployments.views.places import place_url
from deployments.views.tabs import OF_SCENARIO, tabs_of
from portal.law.duties import Layer
from portal.law.sources import Cite

LABELS = dict(OF_SCENARIO)


@dataclass(frozen=True)
class Finding:
    """What isn't right on a tab: the sentence, the law or default behind it, and the page that mends it."""

    title: str
    text: str
    cites: tuple[Cite, ...]
    layer: Layer = "law"
    # Red is for what is unlawful or overdue only.
    tone: str = "bad"
    act: str = ""
    url: str = ""


def with_life(scenarios: QuerySet) -> QuerySet:
    """Scenarios that know whether they recognise faces now, and whether in a residential area."""
    places = Deployment.objects.filter(scenario=OuterRef("pk"))
    return scenarios.annotate(
        is_live=Exists(places.filter(status=Status.ACTIVE)),
        is_residential=Exists(places.filter(site__place_type="residential")),
    )


def scenario_of(request: HttpRequest, pk: int, permission: str = "view_pip", rows: QuerySet | None = None) -> Any:
    """The scenario of a tab's address."""
    found = Scenario.objects.all() if rows is None else rows
    row = request.access.get(found.select_related("pip"), permission, pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    return row


def show_tab(
    request: HttpRequest, row: Scenario, name: str, findings: Iterable[Finding] = (), **context: Any
) -> HttpResponse:
    """A tab of a scenario; the first finding that can be mended is the next step."""
    found = list(findings)
    may_edit = request.access.can("edit_register", row.pip_id)
    context |= {
        "scenario": row,
        "tabs": tabs_of(request, OF_SCENARIO, row.pk, name),
        "tab": LABELS[name],
        "findings": found,
        "next": next((one for one in found if one.act), None),
        "may_edit": may_edit,
    }
    return render(request, f"deployments/{name}.html", context)


def under_tab(
    request: HttpRequest, row: Scenario, tab: str, title: str | Promise, submit: str, *, back: str = "", **more: Any
) -> FormPage:
    """A form page under a tab of a scenario; it leads back to the tab, or to a record under it."""
    tab_url = place_url(request, tab, row.pk)
    steps = [
        (_("Scenarios"), place_url(request, "scenarios")),
        (str(row), place_url(request, "scenario", row.pk)),
        (str(LABELS[tab]), tab_url),
        (str(title), ""),
    ]
    return FormPage(str(title), submit, back or tab_url, steps, **more)

"""The lists of cases and of incidents: filtered, sorted, paged; the newest first."""

from typing import Any

from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from deployments.lists import Listing, listing
from deployments.views.lists import pip_names
from portal.accounts.pages import page
from portal.calendars.clock import civil_today, working_days_left
from portal.cases.choices import badge_of
from portal.cases.filters import CaseFilter, IncidentFilter, open_duties
from portal.cases.models import Case, Incident
from portal.law import enums
from portal.obligations.models import Firmness

ORDERS = {
    "cases": {
        "received": ("received_on", "pk"),
        "reference": ("reference", "pk"),
        "kind": ("kind", "received_on", "pk"),
        "state": ("state", "received_on", "pk"),
    },
    "incidents": {
        "discovered": ("discovered_at", "pk"),
        "reference": ("reference", "pk"),
        "grade": ("grade", "discovered_at", "pk"),
        "state": ("state", "discovered_at", "pk"),
    },
}


def newest_first(request: HttpRequest, name: str) -> dict[str, str]:
    """The query of the page; without an order of the reader's, the newest first."""
    first = next(iter(ORDERS[name]))
    return {"sort": f"-{first}"} | {key: value for key, value in request.GET.items() if value or key != "sort"}


@page("view_pip")
def cases(request: HttpRequest) -> HttpResponse:
    """Requests, refusals, complaints and inspections."""
    filters = CaseFilter(request.GET or None, queryset=request.access.rows(Case), request=request)
    dated = open_duties("case").filter(due_on__isnull=False).order_by("due_on", "pk")
    found = listing(
        filters.found,
        newest_first(request, "cases"),
        ORDERS["cases"],
        ("pk", "pip_id", "reference", "kind", "category", "channel", "scenario__code", "received_on", "answered_on")
        + ("state", "outcome"),
        {"answer_by": Subquery(dated.values("due_on")[:1]), "firmness": Subquery(dated.values("firmness")[:1])},
    )
    today = civil_today()
    for row in found.rows:
        row["badge"] = badge_of(row["state"])
        row["title"] = enums.CASE_KINDS[row["kind"]]
        row["about"] = enums.COMPLAINTS.get(row["category"], "")
        row["is_provisional"] = row["firmness"] == Firmness.PROVISIONAL
        row["left"] = working_days_left(today, row["answer_by"]) if row["answer_by"] else None
    return answer(request, "cases", filters, found)


@page("view_pip")
def incidents(request: HttpRequest) -> HttpResponse:
    """Leaks, tampering and losses."""
    filters = IncidentFilter(request.GET or None, queryset=request.access.rows(Incident), request=request)
    timed = open_duties("incident").filter(due_at__isnull=False).order_by("due_at", "pk")
    found = listing(
        filters.found,
        newest_first(request, "incidents"),
        ORDERS["incidents"],
        ("pk", "pip_id", "reference", "kind", "is_suspected", "grade", "persons", "discovered_at", "state")
        + ("authority_told_at",),
        {"due_at": Subquery(timed.values("due_at")[:1])},
    )
    for row in found.rows:
        row["badge"] = badge_of(row["state"])
        row["title"] = enums.INCIDENT_KINDS[row["kind"]]
        row["grade"] = enums.INCIDENT_GRADES[row["grade"]]
    return answer(request, "incidents", filters, found)


def answer(request: HttpRequest, name: str, filters: Any, found: Listing) -> HttpResponse:
    """The page of a list."""
    context = {
        "filters": filters,
        "list": found,
        "rows": found.rows,
        "sort": found.sort,
        "base": reverse(f"cases:{name}", args=[request.tenant.slug]),
        "pip_names": pip_names(request),
        "may_edit": request.access.can("edit_register"),
    }
    return render(request, f"cases/{name}.html", context)

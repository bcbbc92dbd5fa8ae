"""The lists of the register: filtered, sorted, paged, and the same rows as a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from deployments.choices import PRIVATE_SPACES, Status
from deployments.export import export
from deployments.filters import DeploymentFilter, PipFilter, RegisterFilter, ScenarioFilter, SiteFilter
from deployments.lists import chosen_order, listing
from deployments.models import Deployment, Device, Scenario, Sign, Site, ThresholdCrossing
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law import enums
from portal.law.text import Text
from portal.obligations.models import Obligation, State
from portal.tenancy.models import Pip

Orders = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Register:
    """A list: its filters, its orders (the first is the default), its columns, and its columns as a file."""

    name: str
    filters: type[RegisterFilter]
    orders: Orders
    file_columns: dict[str, str]

    def rows(self, request: HttpRequest, rows: QuerySet) -> RegisterFilter:
        return self.filters(request.GET or None, queryset=rows, request=request)

    def as_file(self, request: HttpRequest, found: QuerySet, form: str) -> HttpResponse:
        """Exactly the rows of the filter, in its order."""
        _sort, keys, descending = chosen_order(request.GET, self.orders)
        order = [F(key).desc() if descending else F(key).asc() for key in keys]
        rows = found.order_by(*order).values_list(*self.file_columns.values()).iterator(chunk_size=5000)
        return export(self.name, form, list(self.file_columns), rows, on=civil_today())

    def answer(
        self,
        request: HttpRequest,
        rows: QuerySet,
        columns: tuple[str, ...],
        extra: dict[str, Any],
        dress: Callable[[list[dict[str, Any]]], None] = lambda rows: None,
        **context: Any,
    ) -> HttpResponse:
        """The page of the list, or the file that was asked for."""
        filters = self.rows(request, rows)
        form = request.GET.get("format")
        if form in ("csv", "xlsx"):
            return self.as_file(request, filters.found, form)
        found = listing(filters.found, request.GET, self.orders, columns, extra)
        dress(found.rows)
        context |= {
            "filters": filters,
            "list": found,
            "rows": found.rows,
            "sort": found.sort,
            "base": reverse(f"deployments:{self.name}", args=[request.tenant.slug]),
            "files": file_links(request),
            "pip_names": pip_names(request),
            "may_edit": request.access.can("edit_register"),
        }
        return render(request, f"deployments/{self.name}.html", context)


def file_links(request: HttpRequest) -> dict[str, str]:
    """The query of the page, asking for a file."""
    query = request.GET.copy()
    links = {}
    for name in ("after", "before"):
        query.pop(name, None)
    for form in ("csv", "xlsx"):
        query["format"] = form
        links[form] = f"?{query.urlencode()}"
    return links


def pip_names(request: HttpRequest) -> dict[int, str]:
    """Names of the PIPs that the reader sees; empty when there is one only, which needs no column."""
    pips = request.access.pips("view_pip")
    return {pip.pk: pip.name for pip in pips} if len(pips) > 1 else {}


def has_any(rows: QuerySet) -> Subquery:
    """Whether there are such rows, looked up for each row shown: for EXISTS the planner would read the whole table."""
    return Subquery(rows.order_by().values("pk")[:1])


def in_words(lists: Mapping[str, Mapping[str, Text]]) -> Callable[[list[dict[str, Any]]], None]:
    """Replaces the codes of the named columns by the words of the law package."""

    def dress(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            for name, texts in lists.items():
                row[name] = texts.get(row[name], row[name])

    return dress


PROVINCE_NAMES = {code: province.short for code, province in enums.PROVINCES.items()}
PIP_WORDS = {"province": PROVINCE_NAMES}
SCENARIO_WORDS = {"function": enums.FUNCTIONS, "storage_mode": enums.STORAGE_MODES}
SITE_WORDS = {"province": PROVINCE_NAMES, "place_type": enums.PLACE_TYPES}
DEPLOYMENT_WORDS = {"site__province": PROVINCE_NAMES, "site__place_type": enums.PLACE_TYPES}

PIPS = Register(
    "pips",
    PipFilter,
    {"name": ("name", "pk"), "code": ("uscc", "pk"), "province": ("province", "name", "pk")},
    {"pip_uscc": "uscc", "name": "name", "province": "province", "organisation_type": "organisation_type"},
)
SCENARIOS = Register(
    "scenarios",
    ScenarioFilter,
    {"pip": ("pip_id", "code"), "code": ("code", "pk"), "name": ("name", "pk")},
    {
        "pip_uscc": "pip__uscc",
        "scenario_code": "code",
        "name": "name",
        "function": "function",
        "scope": "scope",
        "purpose": "purpose",
        "legal_basis": "legal_basis",
        "storage_mode": "storage_mode",
        "retention": "retention",
        "supplier": "supplier",
    },
)
SITES = Register(
    "sites",
    SiteFilter,
    {
        "pip": ("pip_id", "code"),
        "code": ("code", "pk"),
        "name": ("name", "pk"),
        "province": ("province", "name", "pk"),
    },
    {
        "pip_uscc": "pip__uscc",
        "site_code": "code",
        "site_name": "name",
        "province": "province",
        "city": "city",
        "address": "address",
        "place_type": "place_type",
    },
)
# The headers of the vendor file, in its order: what goes out can come back.
DEPLOYMENTS = Register(
    "deployments",
    DeploymentFilter,
    {
        "pip": ("pip_id", "code"),
        "code": ("code", "pk"),
        "site": ("site__name", "code", "pk"),
        "status": ("status", "code", "pk"),
        "started": ("first_day", "code", "pk"),
    },
    {
        "deployment_code": "code",
        "pip_uscc": "pip__uscc",
        "scenario_code": "scenario__code",
        "site_code": "site__code",
        "site_name": "site__name",
        "province": "site__province",
        "city": "site__city",
        "address": "site__address",
        "place_type": "site__place_type",
        "status": "status",
        "started_on": "started_on",
        "ended_on": "ended_on",
        "note": "note",
    },
)


@page("view_pip")
def pips(request: HttpRequest) -> HttpResponse:
    """The legal entities, each with its next date."""
    rows = Pip.objects.filter(tenant=request.tenant, pk__in=request.access.pip_ids("view_pip"))
    due = Obligation.objects.filter(pip=OuterRef("pk"), state=State.OPEN)
    crossings = ThresholdCrossing.objects.filter(pip=OuterRef("pk"))
    dated = due.filter(safe_on__isnull=False).order_by("safe_on", "pk")
    extra = {
        "next_on": Subquery(dated.values("due_on")[:1]),
        "next_safe_on": Subquery(dated.values("safe_on")[:1]),
        "next_firmness": Subquery(dated.values("firmness")[:1]),
        "is_unlawful": has_any(due.filter(is_critical=True)),
        "crossed_on": Subquery(crossings.values("crossed_on")[:1]),
    }
    may_add = request.access.can("manage_pips")
    return PIPS.answer(request, rows, ("uscc", "name", "province"), extra, in_words(PIP_WORDS), may_add=may_add)


@page("view_pip")
def scenarios(request: HttpRequest) -> HttpResponse:
    """The uses of FR."""
    in_use = Deployment.objects.filter(scenario=OuterRef("pk"), status=Status.ACTIVE)
    columns = ("pk", "pip_id", "code", "name", "function", "scope", "storage_mode")
    rows = request.access.rows(Scenario)
    return SCENARIOS.answer(request, rows, columns, {"is_in_use": has_any(in_use)}, in_words(SCENARIO_WORDS))


@page("view_pip")
def sites(request: HttpRequest) -> HttpResponse:
    """The places."""
    here = Deployment.objects.filter(site=OuterRef("pk")).order_by().values("site").annotate(n=Count("pk")).values("n")
    columns = ("pk", "pip_id", "code", "name", "province", "city", "place_type")
    extra = {"here": Coalesce(Subquery(here), Value(0))}
    return SITES.answer(request, request.access.rows(Site), columns, extra, in_words(SITE_WORDS))


@page("view_pip")
def deployments(request: HttpRequest) -> HttpResponse:
    """The scenarios at their sites."""
    rows = request.access.rows(Deployment)
    if request.GET.get("sort", "").endswith("started"):
        # A deployment without a first day stands before all others.
        rows = rows.annotate(first_day=Coalesce("started_on", Value(date(1, 1, 1))))
    hanging = Device.objects.filter(deployment=OuterRef("pk")).in_use()
    devices = hanging.order_by().values("deployment").annotate(n=Count("pk")).values("n")
    columns = (
        "pk",
        "pip_id",
        "code",
        "status",
        "started_on",
        "site__name",
        "site__province",
        "site__place_type",
        "scenario__code",
    )
    extra = {
        "devices_in_use": Coalesce(Subquery(devices), Value(0)),
        "is_private": has_any(hanging.filter(space_type__in=PRIVATE_SPACES)),
        "has_sign": has_any(Sign.objects.filter(deployment=OuterRef("pk")).valid()),
        "has_gap": has_any(hanging.without_sign()),
    }
    return DEPLOYMENTS.answer(request, rows, columns, extra, dress_deployments)


def dress_deployments(rows: list[dict[str, Any]]) -> None:
    """Mark where a device in use lacks its sign (FRM Art 13), and put codes into words."""
    for row in rows:
        is_public_use = row["site__place_type"] == "public" and row["status"] == Status.ACTIVE
        row["lacks_sign"] = is_public_use and row["has_gap"] is not None
    in_words(DEPLOYMENT_WORDS)(rows)

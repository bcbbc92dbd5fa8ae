"""Counts of a PIP with their forecast, the group's together, and the steps at which the tenant is warned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deployments import services
from deployments.forms_counting import GroupOverlapForm, SiteToAddForm, StepsForm
from deployments.lists import PAGE, Listing, listing
from deployments.models import GroupOverlap, PersonCount, Scenario, WarningStep
from deployments.views.editing import FormPage, edit, for_writing, show
from deployments.views.group import group_of
from deployments.views.meters import Meter, meter_of, metered, steps_of
from deployments.views.pips import crumbs_of, reckoned
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.facts import Count, ScenarioFacts
from portal.law.forecast import Forecast
from portal.law.meter import Total, counts_on, latest
from portal.law.reckoning import Reckoning
from portal.law.rules.officer import MILLION
from portal.law.sources import DEFAULT, PIPL, Cite
from portal.law.threshold import THRESHOLD, WARNING_STEPS
from portal.law.workdays import CalendarError
from portal.tenancy.models import Pip

LOG_ORDERS = {"entered": ("pk",)}
LOG_COLUMNS = (
    "pk",
    "counted_on",
    "persons",
    "dedup_method",
    "source",
    "source_sha256",
    "entered_at",
    "entered_by__name",
    "scenario_id",
    "scenario__code",
    "deployment_id",
    "deployment__code",
    "corrects__persons",
)
# As many scenarios as the page names one by one.
SHOWN = 50
# As many of the newest counts stand below the number.
NEWEST = 10


@dataclass(frozen=True)
class Share:
    """What one scenario adds to the number: its newest count, or those of its deployments."""

    scenario: Scenario
    persons: int
    places: int
    newest_on: date | None


@dataclass(frozen=True)
class Added:
    """The number and the forecast if a site is added."""

    on: date
    persons: int
    total: Total
    forecast: Forecast | None
    is_reached: bool
    reckoning: Reckoning | None


@page("view_pip")
def counts(request: HttpRequest, uscc: str) -> HttpResponse:
    """How many persons a PIP stores, from which counts, and when 100,000 will likely be reached."""
    row = request.access.get(metered(), "view_pip", uscc=uscc)
    scenarios = list(Scenario.objects.filter(tenant=request.tenant, pip=row))
    meter = meter_of(row, scenarios)
    form = SiteToAddForm(request.GET if "persons" in request.GET else None, initial={"on": civil_today()})
    context = {
        "pip": row,
        "today": meter.today.on,
        "meter": meter,
        "likely_due": due_of_day(meter.forecast.likely) if meter.forecast else None,
        "shares": shares_of(meter, scenarios)[:SHOWN],
        "form": form,
        "added": added(meter, form.cleaned_data) if form.is_valid() else None,
        "log": log_of(request, row, {}, size=NEWEST),
        "steps": steps_of(row),
        "million": MILLION,
        "forecast_cites": (DEFAULT("forecast"),),
        "million_cites": (PIPL(52), Cite("AUDIT", "12"), Cite("CAC-2025-07-18")),
        "crumbs": crumbs_of(request, row, _("Counts and forecast")),
        "may_edit": request.access.can("edit_register", row),
        "may_confirm": request.access.can("confirm_count", row),
        "may_manage": request.access.can("manage_pips"),
    }
    return render(request, "deployments/counts.html", context)


def log_of(request: HttpRequest, row: Pip, query: Mapping[str, str], *, size: int = PAGE) -> Listing:
    """The counts in the order of their entry, the newest first, and whether another corrects each."""
    later = PersonCount.objects.filter(tenant=request.tenant, corrects=OuterRef("pk"))
    counted = PersonCount.objects.filter(tenant=request.tenant, pip=row)
    query = {name: query[name] for name in ("after", "before") if name in query} | {"sort": "-entered"}
    return listing(counted, query, LOG_ORDERS, LOG_COLUMNS, {"is_corrected": Exists(later)}, size)


@page("view_pip")
def count_log(request: HttpRequest, uscc: str) -> HttpResponse:
    """Every count of a PIP with its source and method; append-only, so corrected ones stay."""
    row = request.access.get(Pip, "view_pip", uscc=uscc)
    of_counts = reverse("deployments:counts", args=[request.tenant.slug, uscc])
    context = {
        "pip": row,
        "log": log_of(request, row, request.GET),
        "today": civil_today(),
        "crumbs": [*crumbs_of(request, row), (_("Counts and forecast"), of_counts), (_("Every count"), "")],
    }
    return render(request, "deployments/count_log.html", context)


def shares_of(meter: Meter, scenarios: list[Scenario]) -> list[Share]:
    """The scenarios with what each adds today, the largest first; those out of scope add nothing."""
    found: dict[str, list[Count]] = {}
    for count in counts_on(meter.facts, meter.today.on):
        found.setdefault(count.scenario, []).append(count)
    shares = []
    for row in scenarios:
        counted = found.get(row.code, [])
        places = sum(count.deployment is not None for count in counted)
        newest_on = max((count.on for count in counted), default=None)
        shares.append(Share(row, sum(count.persons for count in counted), places, newest_on))
    return sorted(shares, key=lambda share: (-share.persons, share.scenario.code))


def added(meter: Meter, values: dict[str, Any]) -> Added:
    """The number on the day on which a site is added, the others as they are today, and the forecast with it."""
    on, persons = values["on"], values["persons"]
    new = "+"  # no code of a scenario looks like this
    facts = replace(
        meter.facts,
        scenarios=(*meter.facts.scenarios, ScenarioFacts(new)),
        counts=(*meter.facts.counts, Count(on, new, None, persons)),
    )
    total = latest(facts, on)
    forecast = meter.foretell(((on, persons),))
    is_reached = total.high >= THRESHOLD
    reached_on = on if is_reached else forecast and forecast.likely
    return Added(on, persons, total, forecast, is_reached, due_of_day(reached_on))


def due_of_day(day: date | None) -> Reckoning | None:
    """Until when to file if the number is reached on a day; None beyond the calendars."""
    try:
        return reckoned(day) if day else None
    except CalendarError:
        return None


@page("view_pip")
def group(request: HttpRequest) -> HttpResponse:
    """The PIPs of the workspace together, and each against its own line."""
    estimate = GroupOverlap.objects.filter(tenant=request.tenant).first()
    found = group_of(request.access.pips("view_pip"), request.tenant, estimate, today=civil_today())
    context = {
        "group": found,
        "lines": found.lines[:SHOWN],
        "more": max(len(found.lines) - SHOWN, 0),
        "estimate": estimate,
        "steps": tuple(WarningStep.objects.filter(tenant=request.tenant).values_list("percent", flat=True))
        or WARNING_STEPS,
        "sees_all": request.access.sees_all_pips,
        "may_manage": request.access.can("manage_pips"),
    }
    return render(request, "deployments/group.html", context)


def group_crumbs(request: HttpRequest, last: str = "") -> list[tuple[str, str]]:
    """PIPs, the group, and the page under it."""
    listed = reverse("deployments:pips", args=[request.tenant.slug])
    of_group = reverse("deployments:group", args=[request.tenant.slug])
    return [(_("PIPs"), listed), (_("Group"), of_group), (last, "")]


@page("manage_pips", writes=True)
def group_overlap(request: HttpRequest) -> HttpResponse:
    """State how many persons stand with several PIPs."""
    stored = for_writing(request, GroupOverlap.objects.filter(tenant=request.tenant)).first()
    back = reverse("deployments:group", args=[request.tenant.slug])
    form_page = FormPage(
        _("Overlap between PIPs"),
        _("Save the estimate"),
        back,
        group_crumbs(request, _("Overlap between PIPs")),
        note=_("No duty follows from the group's number: each PIP reaches 100,000 for itself."),
    )
    instance = stored or GroupOverlap(tenant=request.tenant)
    return edit(
        request,
        form_page,
        GroupOverlapForm(request.POST or None, instance=instance, request=request),
        lambda values: services.set_group_overlap(**values),
        to=back,
        said=_("The estimate was saved."),
    )


@page("manage_pips", writes=True)
def warning_steps(request: HttpRequest) -> HttpResponse:
    """Set at which shares of 100,000 the PIPs are warned."""
    back = reverse("deployments:group", args=[request.tenant.slug])
    stored = WarningStep.objects.filter(tenant=request.tenant).values_list("percent", flat=True)
    form = StepsForm(request.POST or None, initial={"steps": ", ".join(map(str, stored or WARNING_STEPS))})
    form_page = FormPage(
        _("Steps of the early warning"),
        _("Save the steps"),
        back,
        group_crumbs(request, _("Steps of the early warning")),
        note=_("A portal default, not law: owner and officer are told once at each step."),
        template="deployments/steps.html",
    )
    if request.method != "POST":
        return show(request, form_page, form)
    if not form.is_valid():
        return show(request, form_page, form, status=422)
    steps = services.set_warning_steps(form.cleaned_data["steps"])
    said = _("From now on it warns at %(steps)s percent.") % {"steps": ", ".join(map(str, steps))}
    messages.success(request, said)
    return redirect(back)

"""Legal entities: their record with the meter of stored persons, the crossing to confirm, and their facts."""

from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments import services
from deployments.choices import Status
from deployments.facts import register_facts
from deployments.forms import CrossingForm, OverlapForm, PipForm
from deployments.models import CrossingNote, Deployment, OverlapEstimate, Scenario, Site, ThresholdCrossing
from deployments.services.rows import constraints_as_words
from deployments.views.duties import duties_of, first_open
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.meters import meter_of, metered, steps_of
from portal.accounts.pages import page
from portal.accounts.services import register_pip
from portal.calendars.clock import calendar, civil_today
from portal.law import enums
from portal.law.meter import counts_on, latest, reading, thinned
from portal.law.reckoning import Reckoning
from portal.law.threshold import FILING_WORKING_DAYS
from portal.tenancy.choices import in_language
from portal.tenancy.models import Pip
from portal.workflow import CaseError

# What the basic form of a filing takes from the PIP (LAW.md 2.4).
FORM_FACTS = (
    "registered_address",
    "office_address",
    "legal_representative",
    "legal_representative_title",
    "agent_name",
    "agent_mobile",
    "agent_email",
    "officer_name",
    "officer_phone",
    "officer_email",
    "industry",
    "employees",
    "business_summary",
)


def pip_url(request: HttpRequest, pip: Pip) -> str:
    return reverse("deployments:pip", args=[request.tenant.slug, pip.uscc])


def reckoned(on: Any) -> Reckoning:
    """The days from a crossing to the end of the filing period (FRM Art 15)."""
    return calendar().add(on, FILING_WORKING_DAYS)


@page("view_pip")
def pip(request: HttpRequest, uscc: str) -> HttpResponse:
    """The record of a legal entity."""
    sites = Site.objects.filter(pip=OuterRef("pk")).order_by().values("pip").annotate(n=Count("pk")).values("n")
    places = Deployment.objects.filter(pip=OuterRef("pk")).order_by().values("pip")
    active = places.filter(status=Status.ACTIVE)
    notes = CrossingNote.objects.filter(pip=OuterRef("pk")).order_by("-id")[:1]
    rows = metered().annotate(
        crossed_on=F("crossings__crossed_on"),
        crossed_persons=F("crossings__persons"),
        crossed_method=F("crossings__method"),
        crossed_reason=F("crossings__reason"),
        crossed_confirmed_on=F("crossings__confirmed_on"),
        crossed_by=F("crossings__confirmed_by__name"),
        noted_on=Subquery(notes.values("noted_on")),
        noted_day=Subquery(notes.values("crossed_on")),
        noted_persons=Subquery(notes.values("persons")),
        sites_number=Coalesce(Subquery(sites), 0),
        places_number=Coalesce(Subquery(places.annotate(n=Count("pk")).values("n")), 0),
        active_number=Coalesce(Subquery(active.annotate(n=Count("pk")).values("n")), 0),
    )
    row = request.access.get(rows, "view_pip", uscc=uscc)
    scenarios = list(
        Scenario.objects.filter(tenant=request.tenant, pip=row).annotate(
            in_use=Count("deployments", filter=Q(deployments__status=Status.ACTIVE))
        )
    )
    meter = meter_of(row, scenarios)
    duties = duties_of(request, row.pk, f"pip:{row.uscc}")
    proposed = meter.proposed if row.crossed_on is None else None
    asked = {duty.obligation.rule for duty in duties if not duty.is_done}
    missing = sum(not getattr(row, name) for name in FORM_FACTS)
    context = {
        "pip": row,
        "authority": in_language(enums.PROVINCES[row.province].authority),
        "facts": form_facts(row),
        "missing": missing,
        "missing_note": ngettext("%(n)d missing", "%(n)d missing", missing) % {"n": missing} if missing else "",
        "scenarios": scenarios,
        "functions": enums.FUNCTIONS,
        "meter": meter,
        "points": meter.points,
        "steps": steps_of(row),
        "duties": duties,
        "has_moved": row.crossed_on is not None and "frm-15-confirm-count" in asked,
        "is_below": "default-below-threshold" in asked,
        "may_review": request.access.can("waive_finding", row),
        "next": first_open(duties),
        "proposed": proposed,
        "reckoning": reckoned(proposed.on) if proposed and not proposed.before else None,
        "may_edit": request.access.can("edit_register", row),
        "may_confirm": request.access.can("confirm_count", row),
        "may_manage": request.access.can("manage_pips"),
    }
    return render(request, "deployments/pip.html", context)


def form_facts(row: Pip) -> list[tuple[str, Any]]:
    """Label and value of what goes into the basic form."""
    facts: list[tuple[str, Any]] = [
        (capfirst(_("unified social credit code")), row.uscc),
        (capfirst(_("registered province")), enums.PROVINCES[row.province].name),
        (capfirst(_("type of organisation")), row.get_organisation_type_display()),
    ]
    return facts + [(capfirst(row._meta.get_field(name).verbose_name), getattr(row, name)) for name in FORM_FACTS]


@page("manage_pips", writes=True)
def pip_new(request: HttpRequest) -> HttpResponse:
    """Add a legal entity."""
    listed = reverse("deployments:pips", args=[request.tenant.slug])
    form_page = FormPage(_("Add a PIP"), _("Add the PIP"), listed, [(_("PIPs"), listed), (_("Add a PIP"), "")])
    form = PipForm(request.POST or None, instance=Pip(tenant=request.tenant), request=request)
    return edit(
        request,
        form_page,
        form,
        lambda values: added(request, values),
        to=lambda row: pip_url(request, row),
        said=_("The PIP was added."),
        twin=lambda values: Pip.objects.filter(tenant=request.tenant, uscc=values.get("uscc", "")).first(),
    )


def added(request: HttpRequest, values: dict[str, Any]) -> Pip:
    """Register the PIP; of two clicks the second is told in words."""
    with constraints_as_words(Pip):
        return register_pip(Pip(tenant=request.tenant, **values))


def crumbs_of(request: HttpRequest, row: Pip, last: str = "") -> list[tuple[str, str]]:
    """PIPs, this PIP, and the page under it."""
    listed = reverse("deployments:pips", args=[request.tenant.slug])
    return [(_("PIPs"), listed), (row.name, pip_url(request, row)), *([(last, "")] if last else [])]


@page("edit_register", writes=True)
def pip_edit(request: HttpRequest, uscc: str) -> HttpResponse:
    """Change the facts of a legal entity. Its code and its name are its identity: only who manages PIPs may."""
    row = request.access.get(for_writing(request, Pip.objects.all()), "edit_register", uscc=uscc)
    form = PipForm(request.POST or None, instance=row, request=request)
    if not request.access.can("manage_pips"):
        for name in ("uscc", "name"):
            del form.fields[name]
    address = reverse("deployments:pip", args=[request.tenant.slug, uscc])
    form_page = FormPage(_("Edit the PIP"), _("Save the PIP"), address, crumbs_of(request, row, _("Edit the PIP")))
    return edit(
        request,
        form_page,
        form,
        lambda values: services.edit_pip(row, **values),
        to=lambda _changed: pip_url(request, row),
        said=saved,
    )


@page("confirm_count", writes=True)
def overlap(request: HttpRequest, uscc: str) -> HttpResponse:
    """State how many persons stand in several numbers."""
    row = request.access.get(Pip, "confirm_count", uscc=uscc)
    estimates = for_writing(request, OverlapEstimate.objects.filter(tenant=request.tenant, pip=row))
    estimate = estimates.first() or OverlapEstimate(tenant=request.tenant, pip=row)
    form_page = FormPage(
        _("Overlap between counts"),
        _("Save the estimate"),
        pip_url(request, row),
        crumbs_of(request, row, _("Overlap between counts")),
        note=_("The duty to file follows from the sum without any deduction; the estimate shows the range below it."),
    )
    return edit(
        request,
        form_page,
        OverlapForm(request.POST or None, instance=estimate, request=request),
        lambda values: services.set_overlap(row, **values),
        to=pip_url(request, row),
        said=_("The estimate was saved."),
    )


@page("confirm_count", writes=True)
def crossing_confirm(request: HttpRequest, uscc: str) -> HttpResponse:
    """Confirm the day on which 100,000 was reached, seeing the counts behind it and the dates that follow."""
    row = request.access.get(Pip, "confirm_count", uscc=uscc)
    if ThresholdCrossing.objects.filter(tenant=request.tenant, pip=row).exists():
        if request.method == "POST":
            raise CaseError(_("The crossing of this PIP is confirmed already. Its day is frozen."))
        return redirect("deployments:crossing_story", request.tenant.slug, row.uscc)
    today = civil_today()
    facts = register_facts(row, {}).as_of(today)
    proposed = reading(facts).crossing
    if proposed is None:
        raise CaseError(_("The counts of this PIP don't reach 100,000. There is nothing to confirm."))
    form_page = FormPage(
        _("Confirm the crossing of 100,000"),
        _("Confirm and freeze this day"),
        pip_url(request, row),
        crumbs_of(request, row, _("Confirm the crossing")),
        template="deployments/crossing.html",
        context={
            "pip": row,
            "proposed": proposed,
            "counts": counts_on(facts, proposed.on),
            "total": latest(facts, proposed.on),
            "facts_overlap": facts,
            "reckoning": None if proposed.before else reckoned(proposed.on),
            "points": thinned(reading(facts).totals, proposed.on),
        },
    )
    methods = sorted({count.method for count in proposed.counts if count.method})
    form = CrossingForm(
        request.POST or None,
        instance=ThresholdCrossing(tenant=request.tenant, pip=row),
        initial={"crossed_on": proposed.on, "method": "; ".join(methods)[:300]},
        request=request,
    )
    return edit(
        request,
        form_page,
        form,
        lambda values: services.confirm_crossing(row, by=request.user, today=today, **values),
        to=pip_url(request, row),
        said=lambda made: _("The crossing on %(day)s is confirmed and frozen.") % {"day": made.crossed_on.isoformat()},
    )

"""The tab of vendors: who takes part, on what contract, and what is owed at the end (PIPL Arts 20, 21, 23)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from deployments import services, standing
from deployments.forms_vendors import EndEngagementForm, EngagementForm, ReturnForm, SupervisionForm
from deployments.models import Engagement, Scenario, Supervision
from deployments.views.editing import edit, for_writing, saved
from deployments.views.places import place_url
from deployments.views.scenario_tab import Finding, scenario_of, show_tab, under_tab, with_life
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.enums import OUTSIDE_PIPL
from portal.law.sources import NDR, PIPL

# How many entries of the log of supervision a page shows; the trail has the rest.
SHOWN = 20


@dataclass(frozen=True)
class Part:
    """A vendor's part with how its contract stands today."""

    row: Any
    state: str

    @property
    def has_access(self) -> bool:
        return self.row.has_access and self.state not in ("ended", "to_return")


def parts(rows: QuerySet) -> list[Part]:
    """Parts of vendors with their last supervision beside them, those that run first."""
    newest = Supervision.objects.filter(engagement=OuterRef("pk")).order_by("-done_on", "-id")
    rows = rows.annotate(
        supervised_on=Subquery(newest.values("done_on")[:1]), was_in_order=Subquery(newest.values("is_in_order")[:1])
    )
    today = civil_today()
    found = [Part(row, standing.of_engagement(row, today)) for row in rows]
    return sorted(found, key=lambda part: part.row.ended_on is not None)


@page("view_pip")
def partners(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes part in a scenario."""
    row = scenario_of(request, pk, rows=with_life(Scenario.objects.all()))
    of_scenario = Engagement.objects.filter(tenant=request.tenant, scenario=row).select_related("vendor", "contract")
    found = parts(of_scenario)
    return show_tab(
        request,
        row,
        "partners",
        partner_findings(request, row, found),
        parts=found,
        supplier="" if any(one.row.role == "supplier" and not one.row.ended_on for one in found) else row.supplier,
        cross_border=[
            (_("Stored or accessible abroad"), row.cross_border),
            *(
                [
                    (_("Recipient abroad"), row.cross_border_recipient),
                    (_("Mechanism"), row.get_cross_border_mechanism_display()),
                    (_("Number"), row.cross_border_number),
                ]
                if row.cross_border
                else []
            ),
        ],
        cites={"contracts": [PIPL(20), PIPL(21), PIPL(23), NDR(12)], "cross_border": [PIPL(38), PIPL(39)]},
    )


def partner_findings(request: HttpRequest, row: Any, found: list[Part]) -> Iterator[Finding]:
    """Contracts that aren't there or have run out, returns that aren't proved, supervision, and transfer abroad."""
    if row.scope in OUTSIDE_PIPL:
        return
    texts = {
        "no_contract": (
            _("No contract: %(vendor)s"),
            _("Purpose, period, method, kinds of information and protection are agreed before anything goes over."),
            _("Enter the contract"),
            "engagement_edit",
        ),
        "expired": (
            _("The contract has run out: %(vendor)s"),
            _("Renew it and enter the new one, or end the part and have face information returned or deleted."),
            _("Enter the new contract"),
            "engagement_edit",
        ),
        "to_return": (
            _("Return or deletion is not proved: %(vendor)s"),
            _("At the end an entrusted processor returns or deletes what it was entrusted with and keeps nothing."),
            _("Record the proof"),
            "engagement_return",
        ),
    }
    for part in found:
        if part.state in texts:
            title, text, act, name = texts[part.state]
            yield Finding(
                title % {"vendor": part.row.vendor.name},
                text,
                (PIPL(21),),
                tone="bad" if row.is_live or part.state != "no_contract" else "warn",
                act=act,
                url=place_url(request, name, part.row.pk),
            )
    yield from _abroad(request, row, [part for part in found if part.has_access and part.row.vendor.is_overseas])
    for part in found:
        if part.has_access and part.row.role == "entrusted" and part.row.supervised_on is None:
            yield Finding(
                _("Never supervised: %(vendor)s") % {"vendor": part.row.vendor.name},
                _("The PIP supervises how an entrusted processor processes. Look, and write down what you found."),
                (PIPL(21),),
                tone="bad" if row.is_live else "warn",
                act=_("Record a supervision"),
                url=place_url(request, "supervision_new", part.row.pk),
            )


def _abroad(request: HttpRequest, row: Scenario, abroad: list[Part]) -> Iterator[Finding]:
    fields = place_url(request, "scenario_edit", row.pk) + "#id_cross_border"
    if abroad and not row.cross_border:
        names = "; ".join(part.row.vendor.name for part in abroad)
        yield Finding(
            _("Outside mainland China: %(vendors)s") % {"vendors": names},
            _("What such a vendor stores or can access is provided abroad: fill in the fields on transfer abroad."),
            (PIPL(38), PIPL(39)),
            tone="warn",
            act=_("Fill in the transfer abroad"),
            url=fields,
        )
    elif row.cross_border and not row.cross_border_mechanism:
        yield Finding(
            _("Transfer abroad without a mechanism"),
            _("A security assessment, a filed standard contract or a certificate comes before the transfer."),
            (PIPL(38), PIPL(39)),
            act=_("Name the mechanism"),
            url=fields,
        )


def of_engagement(request: HttpRequest, pk: int, permission: str, *, writes: bool = False) -> Any:
    """A part and its scenario."""
    rows = Engagement.objects.select_related("vendor", "contract", "return_proof")
    row = request.access.get(for_writing(request, rows) if writes else rows, permission, pk=pk)
    row.scenario = scenario_of(request, row.scenario_id)
    row.pip = row.scenario.pip
    return row


@page("view_pip")
def engagement(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a vendor's part: contract, supervision, end."""
    row = of_engagement(request, pk, "view_pip")
    log = Supervision.objects.filter(tenant=request.tenant, engagement=row).select_related("evidence", "done_by")
    context = {
        "engagement": row,
        "scenario": row.scenario,
        "state": standing.of_engagement(row, civil_today()),
        "log": log[:SHOWN],
        "facts": [
            (_("Role"), row.get_role_display()),
            (_("Purpose and method"), row.purpose),
            (_("Contract number"), row.contract_number),
            (_("Signed on"), row.contract_on),
            *([(_("Runs until"), row.contract_ends_on)] if row.contract_ends_on else [(_("Runs until"), _("no end"))]),
        ],
        "steps": under_tab(request, row.scenario, "partners", row.vendor.name, "").crumbs,
        "cites": [PIPL(21), NDR(12)],
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/engagement.html", context)


@page("edit_register", writes=True)
def engagement_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a vendor's part in a scenario."""
    row = scenario_of(request, pk, "edit_register", for_writing(request, Scenario.objects.all()))
    form_page = under_tab(
        request,
        row,
        "partners",
        _("Add a vendor's part"),
        _("Add the part"),
        template="deployments/engagement_form.html",
        context={"pip": row.pip, "scenario": row},
    )
    form = EngagementForm(
        request.POST or None,
        request.FILES or None,
        instance=Engagement(tenant=request.tenant, pip_id=row.pip_id, scenario=row),
        initial={"vendor": request.GET.get("vendor", "")},
        request=request,
    )
    return edit(
        request,
        form_page,
        form,
        lambda values: services.engage(row, by=request.user, today=civil_today(), **values),
        to=form_page.cancel,
        said=_("The part was added."),
        twin=lambda values: running_part(row, values),
    )


def running_part(scenario: Scenario, values: dict[str, Any]) -> Engagement | None:
    """The part that a vendor has in this role already."""
    of = {"scenario": scenario, "vendor": values.get("vendor"), "role": values.get("role", "")}
    found = Engagement.objects.filter(tenant=scenario.tenant_id, ended_on__isnull=True, **of)
    return found.select_related("tenant").first()


@page("edit_register", writes=True)
def engagement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a vendor's part, or enter its renewed contract."""
    row = of_engagement(request, pk, "edit_register", writes=True)
    back = place_url(request, "engagement", pk)
    form_page = under_tab(
        request, row.scenario, "partners", _("Edit the part"), _("Save the part"), back=back, note=row.vendor.name
    )
    return edit(
        request,
        form_page,
        EngagementForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.edit_engagement(row, by=request.user, today=civil_today(), **values),
        to=back,
        said=saved,
    )


@page("edit_register", writes=True)
def engagement_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a vendor's part ended."""
    row = of_engagement(request, pk, "edit_register", writes=True)
    back = place_url(request, "engagement", pk)
    note = ""
    if row.role == "entrusted":
        note = _("Afterwards the portal asks for the proof that face information was returned or deleted.")
    title = _("End the part of %(vendor)s") % {"vendor": row.vendor.name}
    form_page = under_tab(request, row.scenario, "partners", title, _("Record the end"), back=back, note=note)
    return edit(
        request,
        form_page,
        EndEngagementForm(request.POST or None, instance=row, initial={"ended_on": civil_today()}, request=request),
        lambda values: services.end_engagement(row, today=civil_today(), **values),
        to=back,
        said=_("The end is recorded."),
    )


@page("edit_register", writes=True)
def engagement_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that face information was returned or deleted, with the proof."""
    row = of_engagement(request, pk, "edit_register", writes=True)
    back = place_url(request, "engagement", pk)
    title = _("Return or deletion: %(vendor)s") % {"vendor": row.vendor.name}
    form_page = under_tab(request, row.scenario, "partners", title, _("Record the proof"), back=back)
    form = ReturnForm(
        request.POST or None,
        request.FILES or None,
        instance=row,
        initial={"returned_on": civil_today()},
        request=request,
    )
    return edit(
        request,
        form_page,
        form,
        lambda values: services.note_return(row, by=request.user, today=civil_today(), **values),
        to=back,
        said=_("The return or deletion is recorded."),
    )


@page("edit_register", writes=True)
def supervision_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the PIP looked at and found."""
    row = of_engagement(request, pk, "edit_register", writes=True)
    back = place_url(request, "engagement", pk)
    form_page = under_tab(
        request,
        row.scenario,
        "partners",
        _("Record a supervision"),
        _("Record the supervision"),
        back=back,
        note=row.vendor.name,
    )
    return edit(
        request,
        form_page,
        SupervisionForm(
            request.POST or None,
            request.FILES or None,
            instance=Supervision(tenant=request.tenant, pip_id=row.pip_id, engagement=row),
            initial={"done_on": civil_today()},
            request=request,
        ),
        lambda values: services.supervise(row, by=request.user, today=civil_today(), **values),
        to=back + "#log",
        said=_("The supervision is recorded."),
    )

"""Incidents: the record with its clocks, one button for each moment, and its forms."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deployments.views.duties import duties_of
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.places import choose_pip
from portal.accounts.pages import page
from portal.calendars.clock import civil_now, civil_today
from portal.cases import services
from portal.cases.choices import badge_of
from portal.cases.incident_forms import IncidentForm, NewIncidentForm, ReceiptForm
from portal.cases.models import Incident
from portal.cases.steps import first_missing, next_of_incident
from portal.cases.views.cases import own_tenant
from portal.law import enums
from portal.obligations.models import Obligation

TEMPLATE = "cases/form.html"
AT_LEAST_LARGE = 1_000_000
# In the order of the page: the step, the words of its button, and what to do where it isn't done.
STEPS = {
    "remedied_at": (gettext_lazy("Remedial measures"), gettext_lazy("Remedied now"), "wrench"),
    "authority_told_at": (gettext_lazy("Supervising authority"), gettext_lazy("Told the authority now"), "landmark"),
    "persons_told_at": (gettext_lazy("Persons affected"), gettext_lazy("Told the persons now"), "users"),
}


def list_url(request: HttpRequest) -> str:
    return reverse("cases:incidents", args=[request.tenant.slug])


def get(request: HttpRequest, reference: str) -> Incident:
    """The incident, if the reader may edit the register of its PIP."""
    rows = Incident.objects.select_related("pip", "tenant")
    return request.access.get(for_writing(request, rows), "edit_register", reference=reference)


def page_of(request: HttpRequest, row: Incident, title: str, submit: str) -> FormPage:
    """A form page under an incident."""
    steps = [(_("Incidents"), list_url(request)), (row.reference, row.get_absolute_url()), (title, "")]
    note = f"{row.get_kind_display()} · {row.pip.name}"
    return FormPage(title, submit, row.get_absolute_url(), steps, note=note, template=TEMPLATE)


@page("view_pip")
def incident(request: HttpRequest, reference: str) -> HttpResponse:
    """The record: the clocks first, then what is known and what the notices say."""
    rows = Incident.objects.select_related("pip", "tenant", "scenario", "receipt", "opened_by")
    row = request.access.get(rows, "view_pip", reference=reference)
    own_tenant(request, row.scenario, row.receipt)
    duties = duties_of(request, row.pip_id, f"incident:{row.reference}")
    obligations = [duty.obligation for duty in duties]
    may_edit = request.access.can("edit_register", row.pip_id)
    timed = next((duty for duty in obligations if duty.due_at), None)
    context = {
        "incident": row,
        "badge": badge_of(row.state),
        "facts": facts_of(row),
        "steps": step_lines(request, row, timed, may_edit),
        "contents": [
            (words.in_(get_language() or "en"), getattr(row, name)) for name, words in enums.INCIDENT_NOTICE.items()
        ],
        "lacks": sum(not getattr(row, name) for name in enums.INCIDENT_NOTICE),
        "duties": duties,
        "next": next_of_incident(request, row, obligations),
        "may_edit": may_edit and row.state == "open",
        "may_reopen": may_edit and row.state != "open",
    }
    return render(request, "cases/incident.html", context)


def facts_of(row: Incident) -> list[tuple]:
    """What is known."""
    facts = [
        (_("What happened"), enums.INCIDENT_KINDS[row.kind], _("not certain yet") if row.is_suspected else ""),
        (_("Grade"), enums.INCIDENT_GRADES[row.grade], doubt_of_grade(row)),
        (_("Discovered at"), row.discovered_at),
        (_("Number of persons affected"), row.persons),
        (_("Scenario"), row.scenario.name if row.scenario else "", row.scenario.code if row.scenario else ""),
        (_("Recorded by"), str(row.opened_by or "")),
    ]
    # FRM Art 9: only a serious incident makes the assessment due again.
    if row.grade in enums.REPORTED_GRADES or row.reassessed_on:
        facts.append((_("Impact assessed again on"), row.reassessed_on))
    return facts


def doubt_of_grade(row: Incident) -> str:
    """A leak of so many persons is hardly general; the annex of the Measures decides, not the portal."""
    if (row.persons or 0) < AT_LEAST_LARGE or row.grade != "general":
        return ""
    return _("1,000,000 persons or more: at least relatively large (portal default). Check the grade.")


def step_lines(request: HttpRequest, row: Incident, timed: Obligation | None, may_edit: bool) -> list[dict[str, Any]]:
    """The steps of PIPL 57; the button of the one that comes next stands out."""
    lines = [step_line(request, row, name, timed, may_edit) for name in STEPS]
    first = first_missing(row, is_timed=timed is not None)
    for name, line in zip(STEPS, lines, strict=True):
        line["css"] = "primary" if name == first else ""
    return lines


def step_line(
    request: HttpRequest, row: Incident, name: str, timed: Obligation | None, may_edit: bool
) -> dict[str, Any]:
    """A step of PIPL 57: its moment, or its clock and its button."""
    label, button, icon = STEPS[name]
    at = getattr(row, name)
    is_report = name == "authority_told_at"
    is_hours = is_report and timed is not None
    may_write = may_edit and row.state == "open"
    of_row = [request.tenant.slug, row.reference]
    return {
        "label": label,
        "button": button,
        "icon": icon,
        "at": at,
        "duty": timed if is_hours else None,
        "is_late": bool(is_hours and at and at > timed.due_at),
        "is_spared": name == "persons_told_at" and row.harm_is_avoided and at is None,
        "reason": row.harm_reason if name == "persons_told_at" else "",
        "url": reverse("cases:incident_stamp", args=[*of_row, name]) if may_write and at is None else "",
        "receipt": row.receipt if is_report else None,
        "receipt_url": reverse("cases:incident_receipt", args=of_row) if may_write and at and is_report else "",
    }


@page("edit_register", writes=True)
def incident_new(request: HttpRequest) -> HttpResponse:
    """Record an incident with what is known in the first minutes."""
    title = _("Record an incident")
    pip = choose_pip(request, title)
    if isinstance(pip, HttpResponse):
        return pip
    pip.tenant = request.tenant
    return edit(
        request,
        FormPage(
            title,
            _("Record the incident"),
            list_url(request),
            [(_("Incidents"), list_url(request)), (title, "")],
            note=pip.name,
            template=TEMPLATE,
        ),
        NewIncidentForm(
            request.POST or None,
            instance=Incident(tenant=request.tenant, pip=pip),
            initial={"discovered_at": to_the_minute(civil_now())},
            request=request,
        ),
        lambda values: services.open_incident(pip, by=request.user, today=civil_today(), now=civil_now(), **values),
        to=Incident.get_absolute_url,
        said=_("The incident is recorded. Tell the authority first while its hours run."),
    )


@page("edit_register", writes=True)
def incident_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct an incident: its facts, its moments, and what the notices say."""
    row = get(request, reference)
    return edit(
        request,
        page_of(request, row, _("Edit the incident"), _("Save the incident")),
        IncidentForm(request.POST or None, instance=row, request=request),
        lambda values: services.edit_incident(row, today=civil_today(), now=civil_now(), **values),
        to=row.get_absolute_url(),
        said=saved,
    )


@page("edit_register", writes=True)
def incident_stamp(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Note that a step was taken now; a GET leads to the record."""
    if name not in STEPS:
        raise Http404
    row = get(request, reference)
    if request.method == "POST":
        if services.stamp(row, name, now=to_the_minute(civil_now())):
            messages.success(request, _("The moment is recorded. Correct it by editing the incident."))
        else:
            messages.warning(request, _("This moment was recorded before; nothing was changed."))
    return redirect(row.get_absolute_url() + "#steps")


@page("edit_register", writes=True)
def incident_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the receipt of the report to the authority."""
    row = get(request, reference)
    return edit(
        request,
        page_of(request, row, _("Keep the receipt"), _("Keep the receipt")),
        ReceiptForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.keep_receipt(row, by=request.user, file=values["receipt"]),
        to=row.get_absolute_url() + "#steps",
        said=_("The receipt is kept."),
    )


@page("edit_register", writes=True)
def incident_close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close an incident; a GET leads to the record."""
    row = get(request, reference)
    if request.method == "POST":
        services.close_incident(row, today=civil_today())
        messages.success(request, _("The incident is closed."))
    return redirect(row)


@page("edit_register", writes=True)
def incident_reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Take up a closed incident again; a GET leads to the record."""
    row = get(request, reference)
    if request.method == "POST":
        services.reopen_incident(row)
        messages.success(request, _("The incident is open again."))
    return redirect(row)


def to_the_minute(at: datetime) -> datetime:
    """Forms show moments to the minute; a finer one would look changed at the next save."""
    return at.replace(second=0, microsecond=0)

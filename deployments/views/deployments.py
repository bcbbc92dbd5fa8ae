"""Deployments: the record with devices, signs, counts and duties, its forms, and its moves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments import services
from deployments.choices import Status
from deployments.facts.days import day
from deployments.facts.places import facts_from, with_equipment
from deployments.forms import DayForm, DeploymentForm, ReasonForm
from deployments.gates import KEPT, deployment_gates, subjects_of
from deployments.models import Deployment, PersonCount
from deployments.views.conditions import Conditions, conditions
from deployments.views.duties import DutyRow, duty_rows, first_open
from deployments.views.editing import FormPage, add_errors, edit, for_writing, same_code, saved, show
from deployments.views.places import choose_pip, crumbs, place_url
from deployments.views.scenarios import waivers_of
from deployments.views.tabs import OF_DEPLOYMENT, tabs_of
from deployments.workflow import may
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law import enums
from portal.obligations.models import Obligation, State
from portal.tenancy.session import giving_reason

# How many of each a record shows; a deployment has tens of devices and signs, rarely hundreds.
SHOWN = 200
COUNTS_SHOWN = 24


@dataclass(frozen=True)
class MovePage:
    """A move as people see it: the button, what follows from it, the day it asks for, and the service."""

    label: str | Promise
    title: str | Promise
    follows: tuple[str | Promise, ...]
    icon: str
    done: str | Promise
    act: Callable[..., None]
    day: str = ""
    day_label: str | Promise = ""


MOVE_PAGES = {
    "activate": MovePage(
        gettext_lazy("Put into use"),
        gettext_lazy("Put the deployment into use"),
        (
            gettext_lazy("Refused while the law's conditions for use are not met."),
            gettext_lazy("From this day the duties of use apply, and its counts belong to the total."),
        ),
        "circle-play",
        gettext_lazy("The deployment is in use."),
        services.activate,
        "started_on",
        gettext_lazy("in use since"),
    ),
    "suspend": MovePage(
        gettext_lazy("Suspend"),
        gettext_lazy("Suspend the deployment"),
        (
            gettext_lazy("No face is recognised here until it is put into use again."),
            gettext_lazy("The stored persons still count toward 100,000."),
        ),
        "circle-pause",
        gettext_lazy("The deployment is suspended."),
        services.suspend,
    ),
    "terminate": MovePage(
        gettext_lazy("Terminate"),
        gettext_lazy("Terminate the deployment"),
        (
            gettext_lazy("The face information must be deleted or made anonymous; until then it counts."),
            gettext_lazy("If the application was filed and ends altogether, the filing is cancelled with the CAC."),
            gettext_lazy("Take the signs down once no device recognises faces here."),
        ),
        "circle-x",
        gettext_lazy("The deployment is terminated."),
        services.terminate,
        "ended_on",
        gettext_lazy("ended on"),
    ),
    "dispose": MovePage(
        gettext_lazy("Record the disposal"),
        gettext_lazy("Record that the face information was disposed of"),
        (
            gettext_lazy("From this day the persons stored here no longer count toward 100,000."),
            gettext_lazy("Keep the proof of deletion; an authority may ask for it."),
        ),
        "archive",
        gettext_lazy("The disposal is recorded."),
        services.dispose,
        "disposed_on",
        gettext_lazy("face information disposed of on"),
    ),
}


@page("view_pip")
def deployment(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a scenario at a site."""
    rows = with_equipment(Deployment.objects.select_related("pip", "scenario", "site"))
    row = request.access.get(rows, "view_pip", pk=pk)
    for owned in (row, row.pip, row.scenario, row.site):
        owned.tenant = request.tenant
    duties = read_duties(row)
    subject = f"deployment:{row.code}"
    own = [duty for duty in duties if duty.obligation.subject == subject]
    may_edit = request.access.can("edit_register", row.pip_id)
    devices = devices_of(row)
    law = facts_from(row)
    context = {
        "deployment": row,
        "tabs": tabs_of(request, OF_DEPLOYMENT, row.pk, "deployment"),
        "facts": deployment_facts(row),
        "devices": devices[:SHOWN],
        "devices_number": len(devices),
        "devices_in_use": law.devices_in_use,
        "spaces": enums.SPACE_TYPES,
        "signs": law.signs[:SHOWN],
        "results": enums.SIGN_RESULTS,
        "uncovered": law.uncovered,
        "areas": law.areas,
        "counts": counts_of({"tenant": request.tenant, "deployment": row}),
        "duties": [duty for duty in own if duty.obligation.state != State.NOT_REQUIRED],
        "next": first_open(own),
        "gates": gates_of(request, row, [duty.obligation for duty in duties]),
        "moves": move_links(request, row) if may_edit else [],
        "may_edit": may_edit,
    }
    return render(request, "deployments/deployment.html", context)


def gates_of(request: HttpRequest, row: Deployment, kept: Iterable[Obligation]) -> Conditions | None:
    """The conditions of use of a deployment that isn't over."""
    if row.status in (Status.TERMINATED, Status.DISPOSED):
        return None
    waivers = waivers_of(request, row.pip_id, *subjects_of(row))
    found = deployment_gates(row, kept=kept, waived=waivers.keys(), today=civil_today())
    return conditions(request, found, row.scenario, row, waivers)


def read_duties(row: Deployment) -> list[DutyRow]:
    """The duties of a deployment and those of its scenario that its gates go by, in one query."""
    own, of_scenario = subjects_of(row)
    found = Obligation.objects.filter(tenant=row.tenant_id, pip=row.pip_id).filter(
        Q(subject=own) | Q(subject=of_scenario, rule__in=KEPT)
    )
    return sorted(duty_rows(found.worst_first(), civil_today()), key=lambda duty: duty.is_done)


@dataclass(frozen=True)
class DeviceRow:
    """A device as the record shows it."""

    pk: int
    serial: str
    made: str
    area: str
    space_type: str
    stores_on_device: bool | None
    installed_on: date | None
    removed_on: date | None
    removal_is_proved: bool

    @property
    def is_private(self) -> bool:
        """In a private space, and not proved to be gone (FRM Art 13)."""
        return self.space_type in enums.PRIVATE_SPACES and not (self.removed_on and self.removal_is_proved)


def devices_of(row: Any) -> list[DeviceRow]:
    """The devices of a deployment that was read ``with_equipment``: those in a private space first, gone ones last."""
    found = [
        DeviceRow(
            pk=one["id"],
            serial=one["serial"],
            made=f"{one['maker']} {one['model']}".strip(),
            area=one["capture_area__name"] or "",
            space_type=one["space_type"],
            stores_on_device=one["stores_on_device"],
            installed_on=day(one["installed_on"]),
            removed_on=day(one["removed_on"]),
            removal_is_proved=one["removal_proof_id"] is not None,
        )
        for one in row.gear
    ]
    return sorted(found, key=lambda device: (not device.is_private, device.removed_on is not None, device.serial))


def deployment_facts(row: Deployment) -> list[tuple[Any, Any]]:
    """Label and value of a deployment's own facts; days that have no meaning yet are left out."""
    facts: list[tuple[Any, Any]] = [
        (_("Place"), ", ".join(part for part in (row.site.name, row.site.city, row.site.address) if part)),
        (_("Province"), enums.PROVINCES[row.site.province].name),
        (_("Kind of place"), enums.PLACE_TYPES[row.site.place_type]),
        (_("Function"), enums.FUNCTIONS.get(row.scenario.function, row.scenario.function)),
    ]
    named = ("started_on", "ended_on", "disposed_on", "security_necessity", "note")
    given = [name for name in named if getattr(row, name)]
    return facts + [(capfirst(row._meta.get_field(name).verbose_name), getattr(row, name)) for name in given]


def counts_of(of_row: dict[str, Any]) -> list[PersonCount]:
    """The newest counts, each with what it corrects and whether a later one corrects it."""
    rows = PersonCount.objects.filter(**of_row).select_related("corrects", "entered_by")
    # The correction of a day is a later row of that day: the newest row of each day stands.
    newest = Window(RowNumber(), partition_by=[F("counted_on")], order_by=F("id").desc())
    return list(rows.annotate(rank=newest)[:COUNTS_SHOWN])


def move_links(request: HttpRequest, row: Deployment) -> list[dict[str, Any]]:
    """The moves that the state allows, each with the address of its page; an end is taken back with its stop only."""
    address = place_url(request, "deployment_move", row.pk)
    return [
        {"name": name, "label": one.label, "icon": one.icon, "url": f"{address}?move={name}"}
        for name, one in MOVE_PAGES.items()
        if may(row, name)
    ]


@page("edit_register", writes=True)
def deployment_new(request: HttpRequest) -> HttpResponse:
    """Add a scenario at a site."""
    pip = choose_pip(request, _("Add a deployment"))
    if isinstance(pip, HttpResponse):
        return pip
    initial = {name: request.GET[name] for name in ("scenario", "site") if request.GET.get(name, "").isdecimal()}
    form = DeploymentForm(
        request.POST or None,
        instance=Deployment(tenant=request.tenant, pip=pip),
        initial={name: int(value) for name, value in initial.items()},
        request=request,
    )
    listed = crumbs(request, "deployments", _("Deployments"), None)
    return edit(
        request,
        FormPage(
            _("Add a deployment"),
            _("Add the deployment"),
            place_url(request, "deployments"),
            [*listed, (_("Add a deployment"), "")],
            note=pip.name,
            template="deployments/deployment_form.html",
            context={"pip": pip},
        ),
        form,
        lambda values: services.register_deployment(pip, **values),
        to=lambda row: place_url(request, "deployment", row.pk),
        said=_("The deployment was added as planned."),
        twin=same_code(Deployment, tenant=request.tenant, pip=pip),
    )


@page("edit_register", writes=True)
def deployment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a deployment; its state changes by a move only."""
    row = request.access.get(for_writing(request, Deployment.objects.all()), "edit_register", pk=pk)
    back = place_url(request, "deployment", pk)
    steps = crumbs(request, "deployments", _("Deployments"), row, _("Edit"))
    return edit(
        request,
        FormPage(_("Edit the deployment"), _("Save the deployment"), back, steps),
        DeploymentForm(request.POST or None, instance=row, request=request),
        lambda values: services.edit_deployment(row, **values),
        to=back,
        said=saved,
        twin=same_code(Deployment, tenant=request.tenant, pip=row.pip_id),
    )


@page("edit_register", writes=True)
def deployment_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a deployment's life: what follows from it, the day, the reason."""
    row = request.access.get(Deployment.objects.select_related("scenario", "site"), "edit_register", pk=pk)
    name = request.POST.get("move") or request.GET.get("move", "")
    if name not in MOVE_PAGES:
        raise Http404
    step = MOVE_PAGES[name]
    today = civil_today()
    if step.day:
        form = DayForm(request.POST or None, label=step.day_label, initial={"on": today})
    else:
        form = ReasonForm(request.POST or None)
    back = place_url(request, "deployment", pk)
    form_page = FormPage(
        str(step.title),
        str(step.label),
        back,
        crumbs(request, "deployments", _("Deployments"), row, str(step.label)),
        template="deployments/move.html",
        context={"deployment": row, "step": step, "move": name, "gates": activation_gates(request, row, name)},
    )
    if request.method != "POST":
        return show(request, form_page, form)
    if form.is_valid():
        try:
            with giving_reason(form.cleaned_data["reason"]):
                take(step, row, form.cleaned_data.get("on"), today)
        except ValidationError as error:
            add_errors(form, error, called={step.day: "on"})
        else:
            messages.success(request, step.done)
            return redirect(back)
    return show(request, form_page, form, status=422)


def activation_gates(request: HttpRequest, row: Deployment, name: str) -> Conditions | None:
    """The conditions of use, for the page that asks to put a deployment into use."""
    if name != "activate":
        return None
    whole = with_equipment(Deployment.objects.select_related("pip", "scenario", "site")).get(pk=row.pk)
    kept = Obligation.objects.filter(pip=row.pip_id, subject=f"scenario:{row.scenario.code}", rule__in=KEPT)
    return gates_of(request, whole, kept)


def take(step: MovePage, row: Deployment, on: date | None, today: date) -> None:
    """Call the move's service with the day that it needs."""
    if step.day:
        step.act(row, today=today, **{step.day: on})
    else:
        step.act(row)

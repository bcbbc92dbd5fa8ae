"""Systems under the multi-level protection scheme 等级保护: their facts, and their forms under the PIP."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments import services
from deployments.forms_governance import MlpsForm
from deployments.models import MlpsSystem, Scenario
from deployments.services.safeguards import link_mlps
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.pips import crumbs_of
from deployments.views.places import place_url
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.identifiers import mlps_number_warning
from portal.tenancy.models import Pip


def mlps_facts(system: MlpsSystem) -> list[tuple[str, Any]]:
    """Label and value of a system."""
    return [
        (_("System"), system.name),
        (_("Level"), system.level),
        (_("Graded on"), system.graded_on),
        (_("Record number"), system.record_number),
        (_("Accepting police organ"), system.organ),
        (_("Filed on"), system.filed_on),
        (_("Filed again on the 2025 form on"), system.refiled_on),
        (_("Last tested on"), system.tested_on),
        *([(_("Score"), f"{system.score.normalize():f}")] if system.score is not None else []),
    ]


def number_hint(system: MlpsSystem) -> str:
    """What is unusual about the record number; it is kept all the same."""
    warning = mlps_number_warning(system.record_number)
    return warning.in_(get_language() or "en") if warning else ""


def said_of(request: HttpRequest, number: str, said: str) -> str:
    """What to say after saving: a hint where the record number looks unusual."""
    hint = number_hint(MlpsSystem(record_number=number))
    if hint:
        messages.warning(request, hint)
    return said


@page("edit_register", writes=True)
def mlps_new(request: HttpRequest, uscc: str) -> HttpResponse:
    """Add a system of a PIP; coming from a scenario, it is the one that the scenario runs in."""
    row = request.access.get(Pip, "edit_register", uscc=uscc)
    asking = None
    if request.GET.get("scenario", "").isdecimal():
        of_pip = Scenario.objects.filter(pip=row)
        asking = request.access.get(of_pip, "edit_register", pk=int(request.GET["scenario"]))
    listed = place_url(request, "governance", uscc)
    back = place_url(request, "safeguards", asking.pk) + "#mlps" if asking else listed + "#mlps"

    def act(values: dict[str, Any]) -> MlpsSystem:
        made = services.register_mlps(row, by=request.user, today=civil_today(), **values)
        if asking:
            link_mlps(asking, mlps=made)
        return made

    return edit(
        request,
        FormPage(
            _("Add an MLPS system"),
            _("Add the system"),
            back,
            [*crumbs_of(request, row), (_("Governance"), listed), (_("Add an MLPS system"), "")],
            note=str(asking or row),
        ),
        MlpsForm(
            request.POST or None,
            request.FILES or None,
            instance=MlpsSystem(tenant=request.tenant, pip=row),
            request=request,
        ),
        act,
        to=back,
        said=lambda made: said_of(request, made.record_number, _("The system was added.")),
    )


@page("edit_register", writes=True)
def mlps_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a system of a PIP."""
    system = request.access.get(for_writing(request, MlpsSystem.objects.select_related("pip")), "edit_register", pk=pk)
    listed = place_url(request, "governance", system.pip.uscc)
    return edit(
        request,
        FormPage(
            _("Edit the MLPS system"),
            _("Save the system"),
            listed + "#mlps",
            [*crumbs_of(request, system.pip), (_("Governance"), listed), (_("Edit the MLPS system"), "")],
            note=system.name,
        ),
        MlpsForm(request.POST or None, request.FILES or None, instance=system, request=request),
        lambda values: services.edit_mlps(system, by=request.user, today=civil_today(), **values),
        to=listed + "#mlps",
        said=lambda changed: said_of(request, system.record_number, saved(changed)),
    )

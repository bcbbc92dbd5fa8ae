"""Devices and counts: the forms under a deployment or a scenario."""

from typing import Any

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from deployments import services
from deployments.forms import CountForm, DayForm, DeviceForm
from deployments.models import Deployment, Device, PersonCount, Scenario
from deployments.views.editing import FormPage, add_errors, edit, for_writing, same_code, saved, show
from deployments.views.places import crumbs, place_url
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.tenancy.session import giving_reason


def page_under(request: HttpRequest, row: Deployment, title: str, submit: str, **more: Any) -> FormPage:
    """A form page under a deployment's record."""
    back = place_url(request, "deployment", row.pk)
    return FormPage(title, submit, back, crumbs(request, "deployments", _("Deployments"), row, title), **more)


def after_device(request: HttpRequest, row: Deployment, was: str, said: str) -> str:
    """What to say of a device: that it stopped its deployment, if it did."""
    if row.status != was:
        messages.warning(
            request,
            _(
                "The device hangs in a private space, so %(code)s was suspended. "
                "Remove the device; no consent allows it there."
            )
            % {"code": row.code},
        )
    return said


@page("edit_register", writes=True)
def device_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a device to a deployment."""
    row = request.access.get(Deployment, "edit_register", pk=pk)
    was = row.status
    return edit(
        request,
        page_under(request, row, _("Add a device"), _("Add the device")),
        DeviceForm(
            request.POST or None,
            instance=Device(tenant=request.tenant, pip_id=row.pip_id, deployment=row),
            initial={"installed_on": civil_today()},
            request=request,
        ),
        lambda values: services.add_device(row, today=civil_today(), **values),
        to=place_url(request, "deployment", pk) + "#devices",
        said=lambda _made: after_device(request, row, was, _("The device was added.")),
        twin=same_code(Device, tenant=request.tenant, pip=row.pip_id),
    )


@page("edit_register", writes=True)
def device_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a device."""
    device = request.access.get(for_writing(request, Device.objects.all()), "edit_register", pk=pk)
    row = device.deployment
    was = row.status
    return edit(
        request,
        page_under(request, row, _("Edit the device"), _("Save the device")),
        DeviceForm(request.POST or None, instance=device, request=request),
        lambda values: services.edit_device(device, today=civil_today(), **values),
        to=place_url(request, "deployment", row.pk) + "#devices",
        said=lambda changed: after_device(request, row, was, saved(changed)),
        twin=same_code(Device, tenant=request.tenant, pip=row.pip_id),
    )


def end(request: HttpRequest, form_page: FormPage, label: str, act: Any, said: str) -> HttpResponse:
    """A page that asks for the day on which something was taken away."""
    form = DayForm(request.POST or None, label=label, initial={"on": civil_today()})
    if request.method != "POST":
        return show(request, form_page, form)
    if form.is_valid():
        try:
            with giving_reason(form.cleaned_data["reason"]):
                act(form.cleaned_data["on"])
        except ValidationError as error:
            add_errors(form, error, called={"removed_on": "on"})
        else:
            messages.success(request, said)
            return redirect(form_page.cancel)
    return show(request, form_page, form, status=422)


@page("edit_register", writes=True)
def count_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter persons stored on a day, of a whole scenario or of one of its deployments."""
    scenario = request.access.get(Scenario, "edit_register", pk=pk)
    place = None
    if request.GET.get("deployment", "").isdecimal():
        of_scenario = Deployment.objects.filter(scenario=scenario)
        place = request.access.get(of_scenario, "edit_register", pk=int(request.GET["deployment"]))
    back = place_url(request, "deployment", place.pk) if place else place_url(request, "scenario", pk)
    steps = crumbs(request, "scenarios", _("Scenarios"), scenario, _("Enter a count"))
    count = PersonCount(tenant=request.tenant, pip_id=scenario.pip_id, scenario=scenario, deployment=place)
    return edit(
        request,
        FormPage(_("Enter a count"), _("Enter the count"), back, steps, note=str(scenario)),
        CountForm(request.POST or None, instance=count, initial={"counted_on": civil_today()}, request=request),
        lambda values: services.enter_count(scenario, by=request.user, today=civil_today(), **values),
        to=back + "#counts",
        said=said_of_count,
    )


def said_of_count(count: PersonCount) -> str:
    """Whether the number is new or corrects another."""
    if count.corrects_id is None:
        return _("The count is entered.")
    return _("The count is entered; it corrects the number before, which stays readable.")

"""What becomes of a device: its removal, and the proof that it is gone from a private space."""

from typing import Any

from django.contrib import messages
from django.forms import Form, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from deployments import services
from deployments.device_forms import ProofForm, RemovalForm
from deployments.models import Device
from deployments.views.editing import FormPage, add_errors, for_writing, show
from deployments.views.places import crumbs, place_url
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.tenancy.session import giving_reason
from portal.workflow import CaseError


def page_of(request: HttpRequest, device: Device, title: str, submit: str) -> FormPage:
    """A form page under the deployment of a device."""
    row = device.deployment
    return FormPage(
        title,
        submit,
        place_url(request, "deployment", row.pk) + "#devices",
        crumbs(request, "deployments", _("Deployments"), row, title),
        note=f"{device.serial} · {device.get_space_type_display() or _('no space recorded')}",
        template="deployments/end.html",
    )


def record(request: HttpRequest, form_page: FormPage, form: Form, act: Any, said: str) -> HttpResponse:
    """Show the form, or do what it says with its reason."""
    if request.method != "POST":
        return show(request, form_page, form)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            with giving_reason(values.pop("reason")):
                act(values)
        except ValidationError as error:
            add_errors(form, error, called={"removed_on": "on"})
        else:
            messages.success(request, said)
            return redirect(form_page.cancel)
    return show(request, form_page, form, status=422)


@page("edit_register", writes=True)
def device_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a device was taken away, with the proof where it hung in a private space."""
    device = request.access.get(for_writing(request, Device.objects.all()), "edit_register", pk=pk)
    if device.removed_on is not None:
        raise CaseError(_("The removal of %(serial)s is recorded already.") % {"serial": device.serial})
    return record(
        request,
        page_of(request, device, _("Remove the device"), _("Record the removal")),
        RemovalForm(request.POST or None, request.FILES or None, device=device, today=civil_today()),
        lambda values: services.remove_device(
            device, removed_on=values.pop("on"), by=request.user, today=civil_today(), **values
        ),
        _("The removal is recorded."),
    )


@page("edit_register", writes=True)
def device_prove(request: HttpRequest, pk: int) -> HttpResponse:
    """Prove that a device is gone from a private space."""
    device = request.access.get(for_writing(request, Device.objects.all()), "edit_register", pk=pk)
    if not device.waits_for_proof:
        raise CaseError(_("No proof of removal is missing for %(serial)s.") % {"serial": device.serial})
    return record(
        request,
        page_of(request, device, _("Prove that the device is gone"), _("Record the proof")),
        ProofForm(request.POST or None, request.FILES or None, device=device),
        lambda values: services.prove_removal(device, by=request.user, today=civil_today(), **values),
        _("The proof is recorded."),
    )

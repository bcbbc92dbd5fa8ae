"""Waivers: a named reviewer lets a finding stand for now, with a reason; or takes that back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deployments.form_base import DateInput
from deployments.models import Deployment, Scenario
from deployments.views.editing import FormPage, add_errors, show
from deployments.views.places import crumbs, place_url
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.engine import rule_by_id
from portal.law.gates import GATE_OF, OF_PLACE, is_waivable
from portal.obligations import services
from portal.obligations.models import Obligation, Waiver


class WaiverForm(forms.Form):
    """Why a finding may stand for now, and until when."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stands with your name on the record, in the trail, and in what an auditor reads."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Holds until"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("From the day after it is open again. Empty: until somebody withdraws it."),
    )


@page("waive_finding", writes=True)
def scenario_waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Waive a finding on a scenario, wherever it is used."""
    row = request.access.get(Scenario, "waive_finding", pk=pk)
    return waive(request, row, "scenario", _("Scenarios"))


@page("waive_finding", writes=True)
def deployment_waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Waive a finding on one deployment."""
    row = request.access.get(Deployment.objects.select_related("site"), "waive_finding", pk=pk)
    return waive(request, row, "deployment", _("Deployments"))


def waive(request: HttpRequest, row: Any, kind: str, listed: str) -> HttpResponse:
    """The form of a waiver, with what the law asks and what follows."""
    rule_id = request.POST.get("rule") or request.GET.get("rule", "")
    if not is_waivable(rule_id) or (GATE_OF[rule_id].number in OF_PLACE) != (kind == "deployment"):
        raise Http404
    law, subject = rule_by_id(rule_id), f"{kind}:{row.code}"
    title = _("Waive: %(what)s") % {"what": law.title.in_(get_language() or "en")}
    back = place_url(request, kind, row.pk)
    form = WaiverForm(request.POST or None)
    form_page = FormPage(
        title,
        _("Waive under my name"),
        f"{back}#gates",
        crumbs(request, f"{kind}s", listed, row, _("Waive")),
        template="deployments/waive.html",
        context={
            "rule": rule_id,
            "cites": law.cites,
            "row": row,
            "is_of_scenario": kind == "scenario",
            "duty": Obligation.objects.filter(
                tenant=request.tenant, pip=row.pip_id, rule=rule_id, subject=subject
            ).first(),
        },
    )
    if request.method != "POST":
        return show(request, form_page, form)
    if form.is_valid():
        try:
            services.waive(rule_id, subject, about=row, by=request.user, today=civil_today(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The finding is waived. It stays in sight with your reason."))
            return redirect(f"{back}#gates")
    return show(request, form_page, form, status=422)


@page("waive_finding", writes=True)
def waiver_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiver back; a GET asks."""
    waiver = request.access.get(Waiver.objects.select_related("waived_by"), "waive_finding", pk=pk)
    about = subject_of(request, waiver)
    if about is None:
        raise Http404
    if request.method == "POST":
        services.withdraw_waiver(waiver, today=civil_today())
        messages.success(request, _("The waiver is withdrawn. The finding is open again."))
        return redirect(f"{about.get_absolute_url()}#gates")
    return render(request, "deployments/waiver_withdraw.html", {"waiver": waiver, "about": about})


def subject_of(request: HttpRequest, waiver: Waiver) -> Model | None:
    """The scenario or the deployment that a waiver is about."""
    kind, _colon, code = waiver.subject.partition(":")
    model = {"scenario": Scenario, "deployment": Deployment}.get(kind)
    if model is None:
        return None
    row = model.objects.filter(tenant=request.tenant, pip=waiver.pip_id, code=code).first()
    if row is not None:
        row.tenant = request.tenant
    return row

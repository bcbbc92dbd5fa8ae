"""The erasure of an assessment whose years are over: asked for by one person, confirmed by another, or withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from assessments import services
from assessments.forms import ConfirmErasureForm, ErasureForm
from assessments.models import Assessment, Erasure
from assessments.services.erasing import require_over
from assessments.views.common import WITH_PEOPLE
from assessments.views.settling import form_page
from deployments.views.editing import show
from portal.accounts.pages import page
from portal.accounts.signin import password_problem
from portal.calendars.clock import civil_today
from portal.workflow import CaseError


@page("write_assessment", writes=True)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask that the content be erased, with the reason."""
    row = request.access.get(Assessment.objects.select_related(*WITH_PEOPLE), "write_assessment", reference=reference)
    require_over(row, civil_today())
    form = ErasureForm(request.POST or None)
    note = _("Another person must confirm it. Its row, who approved it and the hashes of what was there stay.")
    words = form_page(request, row, _("Ask for the erasure"), _("Ask for the erasure"), note=note)
    if request.method == "POST" and form.is_valid():
        services.ask_erasure(row, by=request.user, today=civil_today(), reason=form.cleaned_data["reason"])
        messages.success(request, _("The erasure is asked for. Another person must confirm it."))
        return redirect(row)
    return show(request, words, form, status=422 if request.method == "POST" else 200)


@page("approve_assessment", writes=True)
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """Erase what another person asked for, with the password again: it can't be taken back."""
    row = request.access.get(
        Assessment.objects.select_related(*WITH_PEOPLE), "approve_assessment", reference=reference
    )
    asked = waiting(row)
    if asked.asked_by_id == request.user.pk:
        raise CaseError(
            _("You asked for this erasure, so you can't confirm it. Ask another person with the right to.")
        )
    form = ConfirmErasureForm(request.POST or None)
    note = _("Its answers, risks, versions and reports are erased for good. The audit trail keeps what it recorded.")
    words = form_page(request, row, _("Confirm the erasure"), _("Erase it"), note=note)
    if request.method == "POST" and form.is_valid():
        if problem := password_problem(request, form.cleaned_data["password"]):
            form.add_error("password", problem)
        else:
            services.confirm_erasure(asked, by=request.user, today=civil_today())
            messages.success(request, _("The content is erased. What it was is proved by its hashes."))
            return redirect(row)
    return show(request, words, form, status=422 if request.method == "POST" else 200)


@page("write_assessment", writes=True)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back an erasure that was asked for; a GET leads to the record."""
    row = request.access.get(Assessment.objects.select_related(*WITH_PEOPLE), "write_assessment", reference=reference)
    if request.method == "POST":
        services.withdraw_erasure(waiting(row), by=request.user, today=civil_today())
        messages.success(request, _("The erasure is withdrawn. The assessment stays as it is."))
    return redirect(row)


def waiting(row: Assessment) -> Erasure:
    """The erasure that waits for another person."""
    found = row.erasures.filter(withdrawn_on__isnull=True, confirmed_on__isnull=True).select_related("assessment")
    asked = found.first()
    if asked is None:
        raise CaseError(_("No erasure waits for a decision. Reload the page."))
    return asked

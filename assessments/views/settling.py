"""The way to approval: conclude, hand in, return, approve with the password again, add the signed scan."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments import services
from assessments.choices import badge_of
from assessments.forms import ApproveForm, ConclusionForm, ReturnForm, ScanForm
from assessments.models import Assessment
from assessments.services.approval import require_alone, require_other_person
from assessments.views.common import WITH_PEOPLE, crumbs, rights_of
from assessments.views.risks import writable
from assessments.workflow import MOVES
from deployments.views.editing import FormPage, edit, show
from portal.accounts.pages import page
from portal.accounts.signin import password_problem
from portal.calendars.clock import civil_today
from portal.workflow import CaseError, may


def form_page(request: HttpRequest, row: Assessment, title: str, submit: str, note: str = "", **context) -> FormPage:
    """A form page under the record."""
    back = row.get_absolute_url()
    steps = crumbs(request, row, title)
    return FormPage(title, submit, back, steps, note=note, template="assessments/form.html", context=context)


@page("write_assessment", writes=True)
def conclusion(request: HttpRequest, reference: str) -> HttpResponse:
    """The title, what the assessment comes to, and a third party that took part."""
    row = writable(request, reference)
    return edit(
        request,
        form_page(request, row, _("Conclusion and third party"), _("Save")),
        ConclusionForm(request.POST or None, instance=row, request=request),
        lambda values: services.conclude(row, by=request.user, **values),
        to=row.get_absolute_url(),
        said=_("Saved."),
    )


@page("write_assessment", writes=True)
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand the content in as it stands; a GET leads to the record."""
    row = writable(request, reference)
    if request.method == "POST":
        version = services.submit(row, by=request.user)
        messages.success(request, _("Version %(n)s is handed in for approval.") % {"n": version.number})
    return redirect(row)


@page("approve_assessment", writes=True)
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Return a submitted assessment with what is to be corrected."""
    rows = Assessment.objects.select_related(*WITH_PEOPLE)
    row = request.access.get(rows, "approve_assessment", reference=reference, is_external=False)
    require_waiting(row)
    require_other_person(row, request.user)
    form = ReturnForm(request.POST or None)
    words = form_page(request, row, _("Return to the authors"), _("Return the assessment"))
    if request.method == "POST" and form.is_valid():
        services.send_back(row, by=request.user, comment=form.cleaned_data["comment"])
        messages.success(request, _("The assessment is returned to its authors."))
        return redirect(row)
    return show(request, words, form, status=422 if request.method == "POST" else 200)


@page("approve_assessment", writes=True)
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Approve what was handed in, with the password again; an author only where nobody else may."""
    rows = Assessment.objects.select_related(*WITH_PEOPLE)
    row = request.access.get(rows, "approve_assessment", reference=reference)
    require_waiting(row)
    is_alone = rights_of(request, row).is_author
    if is_alone:
        require_alone(row, request.user)
    form = ApproveForm(request.POST or None, is_alone=is_alone)
    if request.method == "POST" and form.is_valid():
        if problem := password_problem(request, form.cleaned_data["password"]):
            form.add_error("password", problem)
        else:
            because = form.cleaned_data.get("alone_because", "")
            services.approve(row, by=request.user, today=civil_today(), alone_because=because)
            messages.success(request, _("The assessment is approved."))
            return redirect(row)
    context = {
        "assessment": row,
        "badge": badge_of(row.state),
        "form": form,
        "is_alone": is_alone,
        "version": row.versions.first(),
        "crumbs": crumbs(request, row, _("Approve")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/approve.html", context, status=status)


def require_waiting(row: Assessment) -> None:
    """Refuse to decide on what doesn't wait for it, saying how it stands."""
    if not may(row, MOVES, "approve"):
        raise CaseError(
            _("%(reference)s is %(state)s: there is nothing to decide. Reload the page.")
            % {"reference": row.reference, "state": row.get_state_display()}
        )


@page("write_assessment", writes=True)
def scan(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the scan of the signed report to an approved assessment."""
    rows = Assessment.objects.select_related(*WITH_PEOPLE)
    row = request.access.get(rows, "write_assessment", reference=reference, is_external=False)
    form = ScanForm(request.POST or None, request.FILES or None)
    words = form_page(request, row, _("Add the signed report"), _("Add the scan"))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["scan"]
        services.attach_signed(row, upload, name=upload.name, by=request.user)
        messages.success(request, _("The signed report is added."))
        return redirect(row)
    return show(request, words, form, status=422 if request.method == "POST" else 200)

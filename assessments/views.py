"""Pages of impact assessments."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from assessments import services
from assessments.forms import RegisterForm
from assessments.models import AssessedScenario, Assessment
from assessments.workflow import MOVES
from deployments.models import Scenario
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.sources import FRM, PIPL
from portal.workflow import may

WITH_PEOPLE = ("tenant", "pip", "report", "written_by", "approved_by")


@page("write_assessment", writes=True)
def new(request: HttpRequest, scenario: int) -> HttpResponse:
    """Register a report made elsewhere for a scenario."""
    of = request.access.get(Scenario.objects.select_related("pip", "tenant"), "write_assessment", pk=scenario)
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = services.register(
            of,
            report=form.cleaned_data["report"],
            elements=form.elements,
            by=request.user,
            today=civil_today(),
            third_party=form.cleaned_data["third_party"],
            third_party_part=form.cleaned_data["third_party_part"],
        )
        messages.success(request, _("The report is registered. Another person must approve it."))
        return redirect(made)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/new.html", {"form": form, "scenario": of, "cites": [FRM(9)]}, status=status)


@page("view_pip")
def assessment(request: HttpRequest, reference: str) -> HttpResponse:
    """The record of an assessment, with the button of approval for another person."""
    row = request.access.get(Assessment.objects.select_related(*WITH_PEOPLE), "view_pip", reference=reference)
    covered = list(row.covered.select_related("scenario__tenant"))
    is_author = row.written_by_id == request.user.pk
    may_approve = may(row, MOVES, "approve") and request.access.can("approve_assessment", row.pip_id)
    context = {
        "assessment": row,
        "rows": report_rows(row, covered),
        "scenario": covered[0].scenario if covered else None,
        "cites": [FRM(9), PIPL(55)],
        "elements": [Assessment._meta.get_field(code).verbose_name for code in services.ELEMENTS],
        "is_author": is_author,
        "may_approve": may_approve and not is_author,
    }
    return render(request, "assessments/assessment.html", context)


@page("approve_assessment", writes=True)
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Approve; a GET leads to the record."""
    row = request.access.get(Assessment.objects.select_related("tenant"), "approve_assessment", reference=reference)
    if request.method == "POST":
        services.approve(row, by=request.user, today=civil_today())
        messages.success(request, _("The assessment is approved."))
    return redirect(row)


def report_rows(row: Assessment, covered: list[AssessedScenario]) -> list[tuple]:
    """The record's facts as label and value."""
    return [
        *((_("Scenario"), one.scenario.name, one.scenario.code) for one in covered),
        (_("Report"), row.report.name, filesizeformat(row.report.size)),
        (_("SHA-256"), row.report.sha256),
        *([(_("Third party"), row.third_party, row.third_party_part)] if row.third_party else []),
        (_("Author"), row.written_by),
        (_("Approved by"), row.approved_by),
        (_("Approved on"), row.approved_on),
        (_("Keep until"), row.keep_until),
    ]

"""A workspace's own questions, by PIP: what is asked beside the statutory ones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments import services
from assessments.forms import QuestionForm
from assessments.models import OwnQuestion
from assessments.views.common import address, crumbs
from deployments.views.editing import FormPage, edit
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.pipia import template
from portal.tenancy.models import Pip


@page("view_pip")
def questions(request: HttpRequest) -> HttpResponse:
    """The own questions, those that are asked first."""
    sections = {one.code: one for one in template().sections}
    rows = list(request.access.rows(OwnQuestion).select_related("pip").order_by("ended_on", "pip__name", "id"))
    order = list(sections)
    asked = sorted((row for row in rows if row.ended_on is None), key=lambda row: order.index(row.section))
    context = {
        "asked": [(row, sections[row.section]) for row in asked],
        "ended": [(row, sections[row.section]) for row in rows if row.ended_on is not None],
        "pips": request.access.pips("write_assessment"),
        "writable": set(request.access.pip_ids("write_assessment")),
        "crumbs": crumbs(request, None, _("Own questions")),
    }
    return render(request, "assessments/questions.html", context)


@page("write_assessment", writes=True)
def add(request: HttpRequest, pip: int) -> HttpResponse:
    """Add a question to a section, for a PIP."""
    of = request.access.get(Pip, "write_assessment", pk=pip)
    back = address(request, "questions")
    steps = [*crumbs(request, None), (_("Own questions"), back), (_("Add a question"), "")]
    words = FormPage(
        _("Add a question"), _("Add the question"), back, steps, note=of.name, template="assessments/form.html"
    )
    return edit(
        request,
        words,
        QuestionForm(request.POST or None, instance=OwnQuestion(tenant=request.tenant, pip=of), request=request),
        lambda values: services.add_question(of, by=request.user, **values),
        to=back,
        said=_("The question is asked from now on, in open assessments too."),
    )


@page("write_assessment", writes=True)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a question no longer; a GET leads to the list."""
    row = request.access.get(OwnQuestion, "write_assessment", pk=pk)
    if request.method == "POST":
        services.end_question(row, by=request.user, today=civil_today())
        messages.success(request, _("The question is not asked any more. Its answers stay."))
    return redirect(address(request, "questions"))

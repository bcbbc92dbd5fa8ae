"""The list of filings, with how they stand and how long the authorities take."""

from datetime import date

from django.db.models import DateField, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.lists import listing
from filings.dossier import period_of
from filings.forms import FilterForm
from filings.funnel import Times, answer_times, funnel
from filings.models import Filing, Receipt
from filings.views.filing import badge_of
from portal.accounts.pages import page
from portal.calendars.clock import civil_today, working_days_left
from portal.law.checklists import REVIEW_CITES

# Filings without a date to aim at stand last.
NEVER = Value(date.max, output_field=DateField())
ORDERS = {
    "reference": ("reference", "pk"),
    "pip": ("pip__name", "pk"),
    "kind": ("kind", "pk"),
    "state": ("state", "pk"),
    "due": ("aim", "pk"),
}


@page("view_pip")
def filings(request: HttpRequest) -> HttpResponse:
    """The filings of the PIPs that the reader sees."""
    form = FilterForm(request.GET, pips=request.access.pips("view_pip"))
    rows = request.access.rows(Filing).select_related("pip", "tenant", "obligation", "crossing")
    rows = rows.prefetch_related("crossing__notes").annotate(aim=Coalesce("obligation__safe_on", NEVER))
    answers = request.access.rows(Receipt)
    counted = rows
    if form.is_valid():
        if uscc := form.cleaned_data["pip"]:
            rows, answers = rows.filter(pip__uscc=uscc), answers.filter(pip__uscc=uscc)
        if kind := form.cleaned_data["kind"]:
            rows, answers = rows.filter(kind=kind), answers.filter(filing__kind=kind)
        counted = rows
        if state := form.cleaned_data["state"]:
            rows = rows.filter(state=state)
    page_of = listing(rows, {"sort": "-reference"} | request.GET.dict(), ORDERS, is_counted=False)
    steps = funnel(counted)
    context = {
        "lines": [line_of(row) for row in page_of.rows],
        "list": page_of,
        "form": form,
        "sort": page_of.sort,
        "steps": [(badge_of(state), state, number) for state, number in steps],
        "total": sum(number for _state, number in steps),
        "times": list(map(shown, names(), answer_times(answers).values())),
        "cites": REVIEW_CITES,
    }
    return render(request, "filings/filings.html", context)


def names() -> list[str]:
    """What the medians are of, in the order of filings.funnel."""
    return [_("Any answer"), _("Correction asked"), _("Rejected"), _("Accepted")]


def shown(name: str, times: Times) -> tuple:
    """A median with the number of rounds behind it."""
    note = ngettext("%(count)d round", "%(count)d rounds", times.answers) % {"count": times.answers}
    return name, "–" if times.days is None else number_format(times.days), note


def line_of(row: Filing) -> dict:
    """A row of the list with its own due date."""
    period = period_of(row)
    return {
        "filing": row,
        "badge": badge_of(row.state),
        "due": period.due,
        "safe": period.safe,
        "is_provisional": period.provisional,
        "left": working_days_left(civil_today(), period.due),
        "done": row.submitted_on is not None or row.state == "withdrawn",
    }

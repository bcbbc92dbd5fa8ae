"""Pages of the authority's answers: correction, rejection, a new round, acceptance."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from filings import services
from filings.dates import OwnDate, correct_by
from filings.forms import AcceptForm, CorrectionForm, RejectForm
from filings.models import Filing, Kind, Receipt
from filings.views.steps import get, step
from portal.accounts.pages import page
from portal.calendars.clock import calendar, civil_today, working_days_left
from portal.law.checklists import AFFECTED, REASONS, TARGET_WORKING_DAYS
from portal.law.reckoning import Reckoning


@dataclass(frozen=True)
class Asked:
    """What the authority named last: it comes first while the dossier is put right."""

    receipt: Receipt
    reasons: list[str]
    fields: list[tuple[str, str]]
    by: OwnDate | None
    left: int | None


def asked_for(filing: Filing) -> Asked | None:
    """The newest answer that asks for something, while nothing was sent since."""
    receipt = filing.receipts.order_by("id").last()
    if receipt is None or receipt.kind == "accepted":
        return None
    language = services.language()
    by = correct_by(receipt.received_on, receipt.answer_by) if receipt.kind == "correction" else None
    return Asked(
        receipt=receipt,
        reasons=[REASONS[code].in_(language) for code in receipt.reasons],
        fields=[(AFFECTED[code].in_(language), place_of(code)) for code in receipt.fields],
        by=by,
        left=working_days_left(civil_today(), by.due) if by else None,
    )


def place_of(code: str) -> str:
    """Where on the page a named field or paper is put right."""
    return "#checks" if code.startswith("field:") else f"#paper-{code}"


def target_of(reckoning: Reckoning) -> date:
    """The own target of the submission: ten working days before the last day, to leave time for a correction.

    portal default, not law (LAW.md 2.7).
    """
    day, left = reckoning.due, TARGET_WORKING_DAYS
    while left:
        day -= timedelta(days=1)
        left -= calendar().is_working(day)
    return day


@page("prepare_filing", writes=True)
def correction(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that the authority asks for a correction."""
    filing = get(request, "prepare_filing", reference)
    today = civil_today()
    initial = {"received_on": today, "answer_by": correct_by(today).due}
    return step(
        request,
        filing,
        "ask_correction",
        CorrectionForm(request.POST or None, request.FILES or None, initial=initial, kind=filing.kind),
        lambda data: services.ask_correction(filing, by=request.user, today=today, **data),
        day="received_on",
        done=_("The dossier is open for correction."),
        heading=_("Correction asked"),
        notes=[
            _("The papers can be edited again. What was submitted stays as it was."),
            _("No law names a time for corrections: the portal expects ten working days. Set your own date."),
        ],
        button=_("Note the correction"),
        icon="undo-2",
        is_upload=True,
    )


@page("prepare_filing", writes=True)
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that the authority rejected the filing."""
    filing = get(request, "prepare_filing", reference)
    today = civil_today()
    return step(
        request,
        filing,
        "reject",
        RejectForm(request.POST or None, request.FILES or None, initial={"received_on": today}, kind=filing.kind),
        lambda data: services.reject(filing, by=request.user, today=today, **data),
        day="received_on",
        done=_("The rejection is noted. The duty is open again."),
        heading=_("Filing rejected"),
        notes=[_("What was sent meets no duty any more: its last day stays as it was. Then begin a new round.")],
        button=_("Note the rejection"),
        icon="circle-x",
        is_upload=True,
    )


@page("prepare_filing", writes=True)
def begin_round(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a new round after a rejection; a GET leads to the record."""
    filing = get(request, "prepare_filing", reference)
    if request.method == "POST":
        services.begin_round(filing, by=request.user)
        messages.success(request, _("The dossier is open again. What was rejected stays as it was."))
    return redirect(filing)


@page("prepare_filing", writes=True)
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Note the acceptance with its number."""
    filing = get(request, "prepare_filing", reference)
    today = civil_today()
    initial = {"received_on": today, "number": filing.follows.number if filing.follows else ""}
    is_end = filing.kind == Kind.TERMINATION
    return step(
        request,
        filing,
        "accept",
        AcceptForm(request.POST or None, request.FILES or None, initial=initial),
        lambda data: services.accept(filing, by=request.user, today=today, **data),
        day="received_on",
        done=_("The cancellation is accepted. Nothing stands on file any more.")
        if is_end
        else _("The filing is accepted. Its number stands on every deployment it covers."),
        heading=_("Cancellation accepted") if is_end else _("Filing accepted"),
        notes=[
            _("The line of filings ends here. All versions and receipts are kept.")
            if is_end
            else _("The number is shown on every deployment of the covered scenarios.")
        ],
        button=_("Note the acceptance"),
        icon="badge-check",
        is_upload=True,
    )

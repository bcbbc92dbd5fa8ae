"""Pages that move a filing on: each is one step, with one form, and one service behind it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from filings import services
from filings.dossier import covered_sheets, items_of
from filings.forms import DocumentForm, FreezeForm, SubmitForm
from filings.models import DossierDocument, Filing
from filings.workflow import MOVES
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.enums import PROVINCES
from portal.obligations.models import Obligation
from portal.workflow import CaseError, may

WITH = ("pip", "tenant", "crossing", "obligation", "follows")


def get(request: HttpRequest, permission: str, reference: str) -> Filing:
    """The filing, if the reader may do this for its PIP."""
    return request.access.get(Filing.objects.select_related(*WITH), permission, reference=reference)


def step(
    request: HttpRequest,
    filing: Filing,
    move: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    day: str = "",
    done: str,
    **words: Any,
) -> HttpResponse:
    """Show the form of a step, or take the step; what the service refuses of the input stands at its field."""
    if not may(filing, MOVES, move):
        if request.method == "POST":
            raise CaseError(str(services.MOVED_ON))
        messages.warning(request, services.MOVED_ON)
        return redirect(filing)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as refused:
            form.add_error(day or None, refused)
        else:
            messages.success(request, done)
            return redirect(filing)
    context = {"filing": filing, "form": form, **words}
    return render(request, "filings/step.html", context, status=422 if request.method == "POST" else 200)


@page("prepare_filing", writes=True)
def open_dossier(request: HttpRequest, obligation: int) -> HttpResponse:
    """Open the dossier of a duty; a GET leads back to the duty."""
    row = request.access.get(Obligation.objects.select_related("tenant"), "prepare_filing", pk=obligation)
    if request.method != "POST":
        return redirect(row)
    filing = services.open_dossier(row, by=request.user, today=civil_today())
    messages.success(request, _("The dossier %(reference)s is open.") % {"reference": filing.reference})
    return redirect(filing)


@page("prepare_filing", writes=True)
def document(request: HttpRequest, reference: str, document: int) -> HttpResponse:
    """Upload the file of a material."""
    filing = get(request, "prepare_filing", reference)
    row = request.access.get(
        DossierDocument.objects.select_related("filing", "evidence"), "prepare_filing", pk=document, filing=filing
    )
    covered = covered_sheets(filing, civil_today())
    item = next(one for one in items_of(filing, covered) if one.document.pk == row.pk)
    form = DocumentForm(request.POST or None, request.FILES or None, code=row.material)
    notes = [text.in_(services.language()) for text in (item.material.form, item.material.seal) if text]
    if item.material.is_sensitive:
        notes.append(_("Kept encrypted; only those with the right to may open it, and each opening is logged."))
    return step(
        request,
        filing,
        "freeze",  # papers change where the dossier may still be frozen
        form,
        lambda data: services.attach(row, data["file"], by=request.user),
        done=_("The file is kept."),
        heading=services.title_of(item, services.language()),
        notes=notes,
        button=_("Upload the file"),
        icon="upload",
        is_upload=True,
    )


@page("prepare_filing", writes=True)
def generate(request: HttpRequest, reference: str, material: str) -> HttpResponse:
    """Fill a form or letter from the register; a GET leads to the record."""
    filing = get(request, "prepare_filing", reference)
    if request.method == "POST":
        services.generate(filing, material, by=request.user, today=civil_today())
        messages.success(request, _("The paper is filled from the register."))
    return redirect(filing)


@page("prepare_filing", writes=True)
def freeze(request: HttpRequest, reference: str) -> HttpResponse:
    """Freeze the facts and pack the dossier; one of many papers is given to a worker."""
    filing = get(request, "prepare_filing", reference)
    is_large = services.is_large(filing)
    act = services.order_freeze if is_large else services.freeze
    notes = [
        _("The forms are filled once more from the register, and all papers are packed into one file."),
        _("The facts of this moment are kept. Until it is submitted, the dossier can be reopened."),
    ]
    if is_large:
        notes[1] = _(
            "The facts of the moment of packing are kept. Until it is submitted, the dossier can be reopened."
        )
        notes.append(_("It has many papers: they are printed in the background. Until then none can be changed."))
    return step(
        request,
        filing,
        "freeze",
        FreezeForm(request.POST or None),
        lambda _data: act(filing, by=request.user, today=civil_today()),
        done=_("The dossier is being frozen. You may leave the page.")
        if is_large
        else _("The dossier is frozen. Download it and submit it in the filing system."),
        heading=_("Freeze the dossier"),
        notes=notes,
        button=_("Freeze the dossier"),
        icon="lock",
    )


@page("prepare_filing", writes=True)
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Reopen a frozen dossier; a GET leads to the record."""
    filing = get(request, "prepare_filing", reference)
    if request.method == "POST":
        services.reopen(filing, by=request.user)
        messages.success(request, _("The dossier is open again. The frozen version is kept."))
    return redirect(filing)


@page("submit_filing", writes=True)
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Note the submission with its proof."""
    filing = get(request, "submit_filing", reference)
    today = civil_today()
    authority = PROVINCES[filing.province].authority.in_(services.language())
    return step(
        request,
        filing,
        "submit",
        SubmitForm(request.POST or None, request.FILES or None, initial={"submitted_on": today}),
        lambda data: services.submit(
            filing,
            by=request.user,
            on=data["submitted_on"],
            today=today,
            proof=data["proof"],
            receipt_number=data["receipt_number"],
        ),
        day="submitted_on",
        done=_("The submission is noted; the duty is met."),
        heading=_("Submitted to %(authority)s") % {"authority": authority},
        notes=[_("Submission is online only, in the filing system of the CAC. Note it here with its proof.")],
        button=_("Note the submission"),
        icon="send",
        is_upload=True,
    )

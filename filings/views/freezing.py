"""How far the freezing of a large dossier is, and how it is stopped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from filings import services
from filings.models import Filing, Freezing, State
from filings.workflow import EDITABLE
from portal.accounts.pages import page


def freezing_of(filing: Filing) -> Freezing | None:
    """The order that is being carried out, or the last one if it was refused and the dossier is open still."""
    if filing.state not in EDITABLE | {State.FREEZING}:
        return None
    newest = filing.freezings.select_related("ordered_by").last()
    is_shown = newest is not None and (newest.is_running or newest.refusal_en)
    return newest if is_shown else None


@page("view_pip")
def progress(request: HttpRequest, reference: str) -> HttpResponse:
    """How far the printing is; once it ended, the whole page is loaded anew."""
    filing = request.access.get(Filing.objects.select_related("tenant"), "view_pip", reference=reference)
    freezing = freezing_of(filing)
    is_busy = freezing is not None and freezing.is_running
    context = {"filing": filing, "freezing": freezing, "is_busy": is_busy}
    response = render(request, "filings/_freezing.html", context) if freezing else HttpResponse()
    if not is_busy:
        response["HX-Refresh"] = "true"
    return response


@page("prepare_filing", writes=True)
def stop(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the order back; a GET leads to the record."""
    filing = request.access.get(Filing.objects.select_related("tenant"), "prepare_filing", reference=reference)
    if request.method == "POST":
        services.stop_freeze(filing)
        messages.success(request, _("Nothing was frozen. The papers can be changed again."))
    return redirect(filing)

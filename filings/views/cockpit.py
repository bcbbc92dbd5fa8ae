"""The copy-out cockpit: the order of the filing system's forms, a copy button and a tick for each field."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from filings import services
from filings.copyout import FILES, CopyOut, Line, Part, copy_out
from filings.dossier import Item
from filings.models import DossierDocument, Filing
from filings.views.steps import get
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.evidence.responses import download
from portal.evidence.services import note_opening
from portal.law.checklists import FORMS_CITES


@page("view_pip")
def cockpit(request: HttpRequest, reference: str) -> HttpResponse:
    """One form of the filing at a time, field by field."""
    filing = get(request, "view_pip", reference)
    copied = copy_out(filing, civil_today())
    context = shown(request, filing, copied, part_of(copied, request.GET.get("part", "")))
    context |= {"cites": FORMS_CITES, "may_word": request.access.can("manage_pips")}
    return render(request, "filings/cockpit.html", context)


def shown(request: HttpRequest, filing: Filing, copied: CopyOut, part: Part) -> dict:
    """What the page and the line that is swapped in both need."""
    lines = copied.lines
    return {
        "filing": filing,
        "copied": copied,
        "part": part,
        "tabs": [
            {
                "label": f"{one.title.in_(services.language())} {one.done}/{len(one.lines)}",
                "url": url_of(request, filing, one),
                "current": one is part,
            }
            for one in copied.parts
        ],
        "done": sum(line.is_done for line in lines),
        "total": len(lines),
        "may_tick": request.access.can("submit_filing", filing.pip_id),
        "may_open": request.access.can("open_sensitive", filing.pip_id),
    }


def part_of(copied: CopyOut, code: str) -> Part:
    """The part that is asked for, by default the first."""
    return next((part for part in copied.parts if part.code == code), copied.parts[0])


def url_of(request: HttpRequest, filing: Filing, part: Part) -> str:
    return reverse("filings:copy", args=[request.tenant.slug, filing.reference], query={"part": part.code})


@page("submit_filing", writes=True)
def tick(request: HttpRequest, reference: str) -> HttpResponse:
    """Tick a field as carried over, or take the tick back; a GET leads to the cockpit."""
    filing = get(request, "submit_filing", reference)
    if request.method != "POST":
        return redirect("filings:copy", request.tenant.slug, filing.reference)
    today = civil_today()
    copied = copy_out(filing, today)
    line = copied.line(request.POST.get("tick", ""))
    if line is None:
        raise Http404
    if line.is_done:
        services.untick(filing, line.key)
    else:
        services.tick(filing, line.key, digest=line.digest, by=request.user)
    if request.htmx:
        copied = copy_out(filing, today)
        line = copied.line(line.key)
        context = shown(request, filing, copied, _part_with(copied, line)) | {"line": line, "is_swapped": True}
        return render(request, "filings/_copy_line.html", context)
    return redirect(f"{url_of(request, filing, _part_with(copied, line))}#line-{line.key}")


def _part_with(copied: CopyOut, line: Line) -> Part:
    return next(part for part in copied.parts if line in part.lines)


@page("view_pip", writes=True)
def attachment(request: HttpRequest, reference: str, document: int) -> HttpResponse:
    """A file of the dossier under the name that it is handed in with; a sensitive one after a press that is logged."""
    filing = get(request, "view_pip", reference)
    row = request.access.get(DossierDocument, "view_pip", pk=document, filing=filing)
    line = next((line for line in _files_of(filing) if line.item.document.pk == row.pk), None)
    if line is None:
        raise Http404
    item: Item = line.item
    if item.is_sensitive:
        request.access.require("open_sensitive", filing.pip_id)
        if request.method != "POST":
            return redirect(item.document.evidence)
        note_opening(item.document.evidence, by=request.user)
    return download(item.document.evidence, name=item.file_name)


def _files_of(filing: Filing) -> list[Line]:
    copied = copy_out(filing, civil_today())
    return next(part for part in copied.parts if part.code == FILES).lines

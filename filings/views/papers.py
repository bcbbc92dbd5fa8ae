"""Papers in the browser: read a scan, take papers to the seal and back, the slip, and a form as a spreadsheet."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from filings import services, xray
from filings.dossier import LETTERS, covered_sheets, items_of, sheet_of
from filings.forms_papers import BackForm, ReadForm, SealForm
from filings.layout import FIELDS
from filings.models import DossierDocument, Filing, PaperFacts, Sealing
from filings.papers import READ_FROM
from filings.sheets import Paper, workbook
from filings.slips import slip
from filings.views.steps import get, step
from filings.workflow import EDITABLE
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.documents.pdf import render_pdf
from portal.evidence.responses import made
from portal.law.checklists import material


@page("view_pip")
def examined(request: HttpRequest, reference: str) -> HttpResponse:
    """The X-ray: every check with what it found, by group, and what each stands on."""
    row = get(request, "view_pip", reference)
    today = civil_today()
    covered = covered_sheets(row, today)
    made = xray.outcomes(row, covered, items_of(row, covered), today) if row.state in EDITABLE else []
    context = {
        "filing": row,
        "findings": xray.findings(row, made, request.access),
        "groups": list(_groups(made)),
        "counts": {level: sum(len(one.found) for one in made if one.check.level == level) for level in xray.LEVELS},
        "readiness": xray.readiness(made) if made else None,
        "number": len(made),
        "passed": sum(not one.found for one in made),
    }
    return render(request, "filings/xray.html", context)


def _groups(made: list[xray.Outcome]) -> Iterator[dict]:
    """The checks by group, with how many of them found nothing."""
    for code, title in xray.GROUPS.items():
        lines = [one for one in made if one.check.group == code]
        words = {"group": title.in_(services.language()), "passed": sum(not one.found for one in lines)}
        if lines:
            words["number"] = len(lines)
            yield {"label": _("%(group)s: %(passed)s of %(number)s found nothing") % words, "lines": lines}


@page("prepare_filing", writes=True)
def read(request: HttpRequest, reference: str, document: int) -> HttpResponse:
    """Type what stands on a scan."""
    filing = get(request, "prepare_filing", reference)
    row = request.access.get(
        DossierDocument.objects.select_related("filing", "evidence__tenant"),
        "prepare_filing",
        pk=document,
        filing=filing,
    )
    if row.material not in READ_FROM or row.evidence is None:
        raise Http404
    former = PaperFacts.objects.filter(document=row, evidence=row.evidence).first()
    form = ReadForm(request.POST or None, instance=former, request=request, code=row.material)
    notes = [
        _("Type what stands on the paper, not what the register says: the X-ray compares the two."),
        format_html('<a href="{}">{}</a>', row.evidence.get_absolute_url(), _("Open the scan")),
    ]
    return step(
        request,
        filing,
        "freeze",
        form,
        lambda data: services.read_paper(row, by=request.user, **data),
        done=_("The scan is read."),
        heading=_("Read: %(paper)s") % {"paper": material(row.material).title.in_(services.language())},
        notes=notes,
        button=_("Keep what was read"),
        icon="scan-text",
    )


@page("view_pip", writes=True)
def seal(request: HttpRequest, reference: str) -> HttpResponse:
    """Who took which papers to the seal, and the form that takes more of them."""
    filing = get(request, "view_pip", reference)
    may_take = filing.state in EDITABLE and request.access.can("prepare_filing", filing.pip_id)
    waiting = list(filing.documents.filter(state="draft", material__in=LETTERS, evidence__isnull=False))
    form = SealForm(request.POST or None, waiting=waiting, initial={"taken_on": civil_today()})
    if request.method == "POST":
        request.access.require("prepare_filing", filing.pip_id)
        if form.is_valid():
            chosen = [row for row in waiting if str(row.pk) in form.cleaned_data["papers"]]
            try:
                services.take_to_seal(
                    filing,
                    chosen,
                    by=request.user,
                    taken_by=form.cleaned_data["taken_by"],
                    on=form.cleaned_data["taken_on"],
                    copies=form.cleaned_data["copies"],
                    today=civil_today(),
                )
            except ValidationError as refused:
                form.add_error("taken_on", refused)
            else:
                messages.success(request, _("The papers are at the seal. Print the slip that goes with them."))
                return redirect("filings:seal", request.tenant.slug, filing.reference)
    context = {
        "filing": filing,
        "form": form if may_take and waiting else None,
        "may_take": may_take,
        "sealings": _sealings(filing),
    }
    return render(request, "filings/seal.html", context, status=422 if form.errors else 200)


def _sealings(filing: Filing) -> list[dict]:
    rows = filing.sealings.select_related("asked_by", "received_by").prefetch_related("papers__document")
    language = services.language()
    return [
        {
            "sealing": row,
            "papers": [material(one.document.material).title.in_(language) for one in row.papers.all()],
            "state": "to_seal" if row.back_on is None else "proved" if row.was_sealed else "returned",
        }
        for row in rows
    ]


@page("prepare_filing", writes=True)
def seal_back(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Note that papers came back from the seal."""
    filing = get(request, "prepare_filing", reference)
    sealing = request.access.get(
        Sealing.objects.select_related("filing"), "prepare_filing", filing=filing, number=number
    )
    today = civil_today()
    return step(
        request,
        filing,
        "freeze",
        BackForm(request.POST or None, initial={"back_on": today, "was_sealed": "yes"}),
        lambda data: services.bring_back(
            sealing, by=request.user, on=data["back_on"], was_sealed=data["was_sealed"] == "yes", today=today
        ),
        day="back_on",
        done=_("The papers are back. Scan and upload those that are sealed."),
        heading=_("Back from the seal"),
        notes=[_("Sealed papers wait for their scan; unsealed ones are drafts again.")],
        button=_("Note the return"),
        icon="stamp",
    )


@page("view_pip")
def seal_slip(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """用印申请单 as PDF."""
    filing = get(request, "view_pip", reference)
    sealing = request.access.get(Sealing, "view_pip", filing=filing, number=number)
    language = "en" if request.GET.get("language") == "en" else "zh"
    paper = Paper(filing.pip, filing.reference, sealing.taken_on, language)
    sheet = slip(paper, sealing)
    return made(render_pdf(sheet), f"{sheet.reference}-{sheet.title}.pdf")


@page("view_pip")
def fields(request: HttpRequest, reference: str, material: str) -> HttpResponse:
    """A form as a spreadsheet, as the register fills it now."""
    filing = get(request, "view_pip", reference)
    if material not in FIELDS:
        raise Http404
    today, of = civil_today(), None
    if material == "application":
        code = request.GET.get("scenario", "")
        of = next((one for one in covered_sheets(filing, today) if one.scenario.code == code or not code), None)
        if of is None:
            raise Http404
    language = "en" if request.GET.get("language") == "en" else "zh"
    paper = Paper(filing.pip, filing.reference, today, language)
    sheet = sheet_of(filing, material, of, paper)
    return made(workbook(paper, sheet), f"{filing.reference}-{sheet.title}.xlsx", as_attachment=True)


def read_lines(request: HttpRequest, filing: Filing) -> list[dict]:
    """Each paper that is read, with how its reading stands."""
    may_read = filing.state in EDITABLE and request.access.can("prepare_filing", filing.pip_id)
    rows = filing.documents.filter(material__in=READ_FROM).annotate(
        of_file=F("facts__evidence_id"), read_at=F("facts__read_at"), read_by=F("facts__read_by__name")
    )
    lines = []
    for row in rows:
        is_there = row.state in ("scanned", "accepted")
        lines.append(
            {
                "document": row,
                "title": material(row.material).title.in_(services.language()),
                "is_there": is_there,
                "is_read": is_there and row.of_file is not None and row.of_file == row.evidence_id,
                "url": reverse("filings:read", args=[request.tenant.slug, filing.reference, row.pk])
                if may_read and row.state == "scanned"
                else "",
            }
        )
    return lines

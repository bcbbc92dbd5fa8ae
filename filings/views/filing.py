"""Pages that show filings: the list, the record with its four columns, previews and the dossier's download."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from filings.checks import Finding, findings
from filings.dossier import FORMS, LETTERS, Item, covered_sheets, items_of, reckoning_of, sheet_of
from filings.forms import FilterForm
from filings.models import Filing, Snapshot, State
from filings.services import language, missing_items, paper_of, title_of
from filings.workflow import EDITABLE
from portal.accounts.pages import page
from portal.calendars.clock import civil_today, working_days_left
from portal.documents.docx import render_docx
from portal.documents.pdf import render_pdf
from portal.evidence.responses import download
from portal.evidence.services import note_opening
from portal.evidence.sniff import media_type
from portal.law.checklists import MATERIALS_CITES
from portal.law.enums import PROVINCES

PER_PAGE = 50
WITH = ("pip", "tenant", "crossing", "obligation", "opened_by")
SORTS = {"reference": "reference", "pip": "pip__name", "state": "state", "due": "obligation__safe_on"}
# How a state is shown: the badge of portal.ui.states.
BADGES = {State.CORRECTING: "correction"}


def badge_of(state: str) -> str:
    return BADGES.get(state, state)


@dataclass(frozen=True)
class PaperLine:
    """One line of the papers: its document, what may be done with it, and where."""

    item: Item
    title: str
    form: str
    seal: str
    state: str
    upload_url: str = ""
    fill_url: str = ""
    fill_label: str = ""
    previews: tuple[tuple[str, str], ...] = ()
    file_url: str = ""


@page("view_pip")
def filings(request: HttpRequest) -> HttpResponse:
    """The filings of the PIPs that the reader sees."""
    form = FilterForm(request.GET, pips=request.access.pips("view_pip"))
    rows = request.access.rows(Filing).select_related("pip", "tenant", "obligation")
    if form.is_valid():
        if state := form.cleaned_data["state"]:
            rows = rows.filter(state=state)
        if uscc := form.cleaned_data["pip"]:
            rows = rows.filter(pip__uscc=uscc)
    sort = request.GET.get("sort", "-reference")
    column = SORTS.get(sort.removeprefix("-"), "reference")
    rows = rows.order_by(f"-{column}" if sort.startswith("-") else column, "id")[: PER_PAGE + 1]
    today = civil_today()
    lines = [
        {
            "filing": row,
            "badge": badge_of(row.state),
            "left": working_days_left(today, row.obligation.due_on) if row.obligation.due_on else None,
            "done": row.submitted_on is not None,
        }
        for row in rows[:PER_PAGE]
    ]
    context = {"lines": lines, "form": form, "sort": sort, "is_cut": len(rows) > PER_PAGE, "per_page": PER_PAGE}
    return render(request, "filings/filings.html", context)


@page("view_pip")
def filing(request: HttpRequest, reference: str) -> HttpResponse:
    """The record: Facts, Papers, Checks, Clock, and what comes next."""
    row = request.access.get(Filing.objects.select_related(*WITH), "view_pip", reference=reference)
    today = civil_today()
    covered = covered_sheets(row, today)
    items = items_of(row, covered)
    is_open = row.state in EDITABLE
    may_edit = request.access.can("edit_register", row.pip_id)
    found = findings(row, covered, items, today, may_edit=may_edit) if is_open else []
    required = [item for item in items if item.material.required]
    snapshots = list(row.snapshots.select_related("dossier", "pack", "frozen_by").defer("facts"))
    context = {
        "filing": row,
        "badge": badge_of(row.state),
        "today": today,
        "facts": fact_rows(row),
        "scenarios": covered,
        "papers": [paper_line(request, row, item, is_open) for item in items],
        "findings": found,
        "counts": {level: sum(one.level == level for one in found) for level in ("error", "warning", "hint")},
        "done": len(required) - len(missing_items(items)),
        "required": len(required),
        "reckoning": reckoning_of(row.crossing),
        "left": working_days_left(today, row.obligation.due_on) if row.obligation.due_on else None,
        "snapshots": [{"snapshot": one, "sha256": shown_pack(request, one).sha256} for one in snapshots],
        "has_whole": request.access.can("open_sensitive", row.pip_id),
        "submissions": row.submissions.select_related("proof__tenant", "submitted_by", "snapshot"),
        "receipts": row.receipts.select_related("evidence__tenant", "entered_by"),
        "cites": MATERIALS_CITES,
        "step": next_step(request, row, items, found),
    }
    return render(request, "filings/filing.html", context)


@page("view_pip")
def preview(request: HttpRequest, reference: str, material: str) -> HttpResponse:
    """A paper as the register fills it now, as PDF or DOCX, in Chinese as filed or in English."""
    row = request.access.get(Filing.objects.select_related(*WITH), "view_pip", reference=reference)
    if material not in (*FORMS, *LETTERS, "deadline"):
        raise Http404
    today = civil_today()
    of = None
    if material == "application":
        covered = covered_sheets(row, today)
        of = next(
            (one for one in covered if one.scenario.code == request.GET.get("scenario", one.scenario.code)), None
        )
        if of is None:
            raise Http404
    lang = "en" if request.GET.get("language") == "en" else "zh"
    sheet = sheet_of(row, material, of, paper_of(row, today=today, language=lang))
    is_docx = request.GET.get("format") == "docx"
    name = f"{row.reference}-{sheet.title}.{'docx' if is_docx else 'pdf'}"
    response = HttpResponse(render_docx(sheet) if is_docx else render_pdf(sheet), content_type=media_type(name))
    response["Content-Disposition"] = content_disposition_header(is_docx, name)
    response["Cache-Control"] = "private, no-store"
    return response


@page("view_pip", writes=True, open_to_readers=True)
def dossier(request: HttpRequest, reference: str, round: int | None = None) -> HttpResponse:
    """The ZIP of a frozen version, by default the newest; the download is logged.

    It is whole for those who may open sensitive files; others get the pack.
    """
    row = request.access.get(Filing.objects.select_related("tenant"), "view_pip", reference=reference)
    if request.method != "POST":
        return redirect(row)
    versions = row.snapshots.select_related("dossier", "pack").order_by("round")
    snapshot = versions.last() if round is None else versions.filter(round=round).first()
    if snapshot is None:
        raise Http404
    evidence = shown_pack(request, snapshot)
    note_opening(evidence, by=request.user)
    return download(evidence)


def shown_pack(request: HttpRequest, snapshot: Snapshot) -> Any:
    """The ZIP that this reader gets."""
    return snapshot.dossier if request.access.can("open_sensitive", snapshot.pip_id) else snapshot.pack


def fact_rows(row: Filing) -> list[tuple]:
    """What the filing stands on."""
    province = PROVINCES[row.pip.province]
    return [
        (_("PIP"), row.pip.name),
        (_("Unified social credit code"), row.pip.uscc),
        (_("Authority"), province.authority),
        (_("100,000 reached on"), row.crossing.standing.crossed_on),
        (_("Persons on that day"), row.crossing.standing.persons, row.crossing.standing.method),
        (_("Opened"), row.opened_at, row.opened_by or ""),
        (_("Filing number"), row.number) if row.number else (_("Submitted on"), row.submitted_on or "–"),
    ]


def paper_line(request: HttpRequest, row: Filing, item: Item, is_open: bool) -> PaperLine:
    """A document with what this reader may do with it."""
    code, slug, reference = item.material.code, request.tenant.slug, row.reference
    may_edit = is_open and request.access.can("prepare_filing", row.pip_id)
    evidence = item.document.evidence
    may_read = evidence and (not evidence.is_sensitive or request.access.can("open_sensitive", row.pip_id))
    upload = fill = ""
    previews: tuple[tuple[str, str], ...] = ()
    if may_edit and code != "pipia-report":
        upload = reverse("filings:document", args=[slug, reference, item.document.pk])
    if may_edit and code == "pipia-report" and item.scenario:
        upload = reverse("deployments:scenario", args=[slug, item.scenario.scenario.pk])
    if code in (*FORMS, *LETTERS):
        fill = reverse("filings:generate", args=[slug, reference, code]) if may_edit else ""
        base = reverse("filings:preview", args=[slug, reference, code])
        of = f"scenario={item.scenario.scenario.code}&" if item.scenario else ""
        previews = (
            (_("Chinese"), f"{base}?{of}language=zh"),
            (_("English"), f"{base}?{of}language=en"),
            ("DOCX", f"{base}?{of}language=zh&format=docx"),
        )
    return PaperLine(
        item=item,
        title=title_of(item, language()),
        form=item.material.form.in_(language()),
        seal=item.material.seal.in_(language()) if item.material.seal else "",
        state="generated" if item.document.state == "draft" else item.document.state,
        upload_url=upload,
        fill_url=fill,
        fill_label=_("Fill") if item.document.state == "missing" else _("Fill again"),
        previews=previews,
        file_url=reverse("evidence:open", args=[slug, evidence.code]) if may_read else "",
    )


@dataclass(frozen=True)
class Step:
    """What comes next, for this reader: the sentence, and the page or post that does it."""

    what: str
    url: str = ""
    label: str = ""
    icon: str = ""
    others: tuple[tuple[str, str], ...] = ()
    is_waiting: bool = False


def next_step(request: HttpRequest, row: Filing, items: list[Item], found: list[Finding]) -> Step:
    """The line under the title."""
    access, slug = request.access, request.tenant.slug

    def url(name: str) -> str:
        return reverse(f"filings:{name}", args=[slug, row.reference])

    prepares, submits = access.can("prepare_filing", row.pip_id), access.can("submit_filing", row.pip_id)
    if row.state in EDITABLE:
        if not prepares:
            return Step(_("The compliance officer completes the papers and freezes the dossier."), is_waiting=True)
        if missing := missing_items(items):
            return Step(
                _("Add: %(name)s") % {"name": title_of(missing[0], language())},
                "#papers",
                _("Open the papers"),
                "list-checks",
            )
        if any(one.level == "error" for one in found):
            return Step(_("Settle what the checks found."), "#checks", _("Open the checks"), "list-checks")
        return Step(_("Everything is there: freeze the dossier."), url("freeze"), _("Freeze the dossier"), "lock")
    if row.state == State.FROZEN:
        others = ((url("reopen"), _("Reopen")),) if prepares else ()
        if not submits:
            return Step(_("A person with the right to submit sends the dossier."), others=others, is_waiting=True)
        return Step(
            _("Submit the frozen version in the filing system, then note it here."),
            url("submit"),
            _("I have submitted"),
            "send",
            others,
        )
    if row.state == State.SUBMITTED:
        if not prepares:
            return Step(_("The authority checks the dossier."), is_waiting=True)
        others = ((url("correction"), _("Correction asked")),)
        return Step(
            _("The authority checks the dossier. Enter its answer."),
            url("accept"),
            _("Accepted"),
            "badge-check",
            others,
        )
    return Step(_("Nothing to do: the filing is accepted."))

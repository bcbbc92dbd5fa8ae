"""Pages that show a filing: the record with its four columns, previews and the dossier's download."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from filings import xray
from filings.changed import changed_items
from filings.dates import answer_expected
from filings.dossier import Item, covered_sheets, is_made, items_of, period_of, sheet_of
from filings.layout import FIELDS
from filings.models import ChangeCase, Filing, Kind, Snapshot, State, entry_of
from filings.services import language, missing_items, paper_of, title_of
from filings.sheets_kinds import ending_of
from filings.views.chain import Authority, Link, links_of
from filings.views.freezing import freezing_of
from filings.views.rounds import asked_for, target_of
from filings.workflow import EDITABLE, MOVES
from portal.accounts.pages import page
from portal.calendars.clock import civil_today, working_days_left
from portal.documents.docx import render_docx
from portal.documents.pdf import render_pdf
from portal.evidence.responses import download
from portal.evidence.responses import made as paper_made
from portal.evidence.services import note_opening
from portal.law.checklists import KIND_CITES
from portal.workflow import may

WITH = ("pip", "tenant", "crossing", "obligation", "opened_by", "follows")
# How a state is shown: the badge of portal.ui.states.
BADGES = {State.CORRECTING: "correction"}
KINDS = {
    Kind.INITIAL: gettext_lazy("Initial filing with the provincial cyberspace authority"),
    Kind.CHANGE: gettext_lazy("Change filing with the provincial cyberspace authority"),
    Kind.TERMINATION: gettext_lazy("Cancellation of the filing with the provincial cyberspace authority"),
}
GROUNDS = {
    Kind.CHANGE: gettext_lazy("the day on which the earliest change took effect"),
    Kind.TERMINATION: gettext_lazy("the day on which the use ended"),
}


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
def filing(request: HttpRequest, reference: str) -> HttpResponse:
    """The record: Facts, Papers, Checks, Clock, and what comes next."""
    row = request.access.get(Filing.objects.select_related(*WITH), "view_pip", reference=reference)
    today = civil_today()
    covered = covered_sheets(row, today)
    items = items_of(row, covered)
    is_open = row.state in EDITABLE
    made = xray.outcomes(row, covered, items, today) if is_open else []
    found = xray.findings(row, made, request.access)
    required = [item for item in items if item.material.required]
    reckoning, chain = period_of(row), links_of(row)
    sent = list(row.submissions.select_related("proof__tenant", "submitted_by", "snapshot"))
    ending = ending_of(row) if row.kind == Kind.TERMINATION else None
    snapshots = list(row.snapshots.select_related("dossier", "pack", "frozen_by").defer("facts"))
    context = {
        "filing": row,
        "badge": badge_of(row.state),
        "today": today,
        "kind_name": KINDS[row.kind],
        "facts": fact_rows(row),
        "authority": Authority(row.province),
        "contact": entry_of(row.province),
        "freezing": freezing_of(row),
        "changes": changed_items(row) if row.kind == Kind.CHANGE else [],
        "ending": ending,
        "chain": chain,
        "asked": asked_for(row) if is_open else None,
        "scenarios": covered,
        "papers": [paper_line(request, row, item, is_open) for item in items],
        "findings": found,
        "readiness": xray.readiness(made) if made else None,
        "counts": {level: sum(one.level == level for one in found) for level in ("error", "warning", "hint")},
        "done": len(required) - len(missing_items(items)),
        "required": len(required),
        "reckoning": reckoning,
        "target": target_of(reckoning),
        "left": working_days_left(today, reckoning.due),
        "snapshots": [{"snapshot": one, "sha256": shown_pack(request, one).sha256} for one in snapshots],
        "has_whole": request.access.can("open_sensitive", row.pip_id),
        "submissions": sent,
        "expected": answer_expected(sent[-1]) if sent else None,
        "receipts": row.receipts.select_related("evidence__tenant", "entered_by"),
        "cites": KIND_CITES[row.kind],
        "is_default": row.kind != Kind.INITIAL,
        "step": next_step(request, row, items, found),
        "acts": acts_of(request, row, chain),
    }
    return render(request, "filings/filing.html", context)


@page("view_pip")
def preview(request: HttpRequest, reference: str, material: str) -> HttpResponse:
    """A paper as the register fills it now, as PDF or DOCX, in Chinese as filed or in English."""
    row = request.access.get(Filing.objects.select_related(*WITH), "view_pip", reference=reference)
    if not is_made(row, material):
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
    return paper_made(render_docx(sheet) if is_docx else render_pdf(sheet), name, as_attachment=is_docx)


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
    rows: list[tuple] = [(_("PIP"), row.pip.name), (_("Unified social credit code"), row.pip.uscc)]
    if row.kind == Kind.INITIAL:
        crossing = row.crossing.standing
        rows += [
            (_("100,000 reached on"), crossing.crossed_on),
            (_("Persons on that day"), crossing.persons, crossing.method),
        ]
    else:
        rows.append((_("Period runs from"), row.arose_on, GROUNDS[row.kind]))
    if row.way_reason:
        rows.append((_("Why this way"), row.way_reason))
    rows.append((_("Opened"), row.opened_at, row.opened_by or ""))
    rows.append((_("Filing number"), row.number) if row.number else (_("Submitted on"), row.submitted_on or "–"))
    return rows


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
    if item.material.generated:
        fill = reverse("filings:generate", args=[slug, reference, code]) if may_edit else ""
        base = reverse("filings:preview", args=[slug, reference, code])
        of = f"scenario={item.scenario.scenario.code}&" if item.scenario else ""
        previews = (
            (_("Chinese"), f"{base}?{of}language=zh"),
            (_("English"), f"{base}?{of}language=en"),
            ("DOCX", f"{base}?{of}language=zh&format=docx"),
        )
    if code in FIELDS:
        previews = (*previews, ("XLSX", f"{reverse('filings:fields', args=[slug, reference, code])}?{of}language=zh"))
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


@dataclass(frozen=True)
class Act:
    """Something else that may be done from here."""

    url: str
    label: str
    icon: str
    posts: bool = False


def acts_of(request: HttpRequest, row: Filing, chain: list[Link]) -> list[Act]:
    """What may follow a filing, or take it back."""
    if not request.access.can("prepare_filing", row.pip_id):
        return []
    slug, found = request.tenant.slug, []
    if any(link.is_here and link.is_standing for link in chain):
        found.append(Act(reverse("filings:open_change", args=[slug, row.pip.uscc]), _("Change filing"), "git-compare"))
        if request.access.can("edit_register", row.pip_id):
            found.append(Act(reverse("filings:ending_new", args=[slug, row.pip.uscc]), _("End the use"), "circle-x"))
    if row.kind != Kind.INITIAL and may(row, MOVES, "withdraw"):
        url = reverse("filings:withdraw", args=[slug, row.reference])
        found.append(Act(url, _("Take the filing back"), "undo-2", posts=True))
    is_last = chain[0].is_here
    if row.kind == Kind.TERMINATION and row.state == State.ACCEPTED and is_last and row.province != row.pip.province:
        url = reverse("filings:anew", args=[slug, row.reference])
        found.append(Act(url, _("File anew with the new authority"), "folder-plus", posts=True))
    return found


def next_step(request: HttpRequest, row: Filing, items: list[Item], found: list[xray.Finding]) -> Step:
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
    if row.state == State.FREEZING:
        others = ((url("stop_freezing"), _("Stop")),) if prepares else ()
        return Step(_("The papers are being printed and packed."), others=others, is_waiting=True)
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
        others = ((url("correction"), _("Correction asked")), (url("reject"), _("Rejected")))
        return Step(
            _("The authority checks the dossier. Enter its answer."),
            url("accept"),
            _("Accepted"),
            "badge-check",
            others,
        )
    if row.state == State.REJECTED and prepares:
        return Step(
            _("The authority rejected the filing: what was sent meets no duty. Begin a new round."),
            url("round"),
            _("Begin a new round"),
            "rotate-ccw",
        )
    if row.state == State.REJECTED:
        return Step(_("The compliance officer begins a new round."), is_waiting=True)
    if row.state == State.WITHDRAWN:
        return Step(_("Nothing to do: the filing was taken back before the authority decided."))
    if waiting := ChangeCase.objects.filter(tenant=request.tenant, against__filing=row).waiting().count():
        text = ngettext(
            "%(n)s change since it was filed waits: decide on it or file it.",
            "%(n)s changes since it was filed wait: decide on them or file them.",
            waiting,
        )
        return Step(text % {"n": waiting})
    return Step(_("Nothing to do: the filing is accepted."))

"""The verbs of a filing: open, fill, freeze, submit, and what the authority answers."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from deployments.models import ThresholdCrossing
from filings import dossier, sheets, sheets_kinds, xray
from filings.dossier import FILLED, FORMS, PER_SCENARIO, Item
from filings.joint import touch_all
from filings.models import CoveredScenario, DossierDocument, Filing, Kind, Snapshot, Submission
from filings.press import Press
from filings.register import ScenarioSheet, counted_scenarios, going_on
from filings.workflow import EDITABLE, MOVES
from portal.accounts.models import User
from portal.evidence.services import ANY, PAPERS, SCANS, keep, keep_bytes
from portal.law.checklists import material, materials_of
from portal.law.threshold import FIRST_FILING
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, next_reference
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict, advance, may

MOVED_ON = gettext_lazy("The filing has moved on since this page was opened. Reload it to see where it stands.")


def language() -> str:
    return get_language() or "en"


@service("filing.open")
def open_dossier(obligation: Obligation, *, by: User | None, today: date) -> Filing:
    """Open the dossier of the initial filing, with its materials from the law's list and its scenarios."""
    if obligation.rule not in FIRST_FILING:
        raise CaseError(_("This duty needs no dossier. Open one from the duty to file with the provincial CAC."))
    pip = Pip.objects.select_related("tenant").select_for_update(of=("self",)).get(pk=obligation.pip_id)
    crossing = ThresholdCrossing.objects.filter(tenant_id=pip.tenant_id, pip=pip).first()
    if crossing is None:
        raise CaseError(_("First confirm the day on which 100,000 persons were reached; then open the dossier."))
    former = Filing.objects.filter(tenant_id=pip.tenant_id, pip=pip, kind=Kind.INITIAL).first()
    if former is not None:
        raise CaseError(
            _("This PIP has an initial filing already: %(reference)s. Open that one.") % {"reference": former}
        )
    filing = begin(pip, obligation, Kind.INITIAL, by=by, today=today, crossing=crossing)
    return prepare(filing, by=by, today=today)


def begin(pip: Pip, obligation: Obligation, kind: str, *, by: User | None, today: date, **fields: Any) -> Filing:
    """Make the row of a filing with the materials of its kind."""
    filing = Filing.objects.create(
        tenant=pip.tenant,
        pip=pip,
        kind=kind,
        reference=next_reference("FIL", today.year),
        obligation=obligation,
        opened_at=timezone.now(),
        opened_by=by,
        **{"authority": pip.province} | fields,
    )
    DossierDocument.objects.bulk_create(
        DossierDocument(
            tenant=pip.tenant, pip=pip, filing=filing, material=one.code, position=one.number * 100, state="missing"
        )
        for one in materials_of(kind)
    )
    return filing


def prepare(filing: Filing, *, by: User | None, today: date) -> Filing:
    """Cover the scenarios and fill every paper that the portal can fill."""
    covered = follow_register(filing, today)
    if not covered and filing.kind == Kind.INITIAL:
        raise CaseError(_("No scenario under the Measures has a count. Enter the counts; then open the dossier."))
    fill(filing, covered, FILLED, by=by, today=today)
    return filing


@service("filing.generate")
def generate(filing: Filing, code: str, *, by: User | None, today: date) -> list[DossierDocument]:
    """Fill a form or a letter from the register and keep it as a draft, one for each scenario where it is due so."""
    filing = editable(filing)
    if code == "deadline" or not dossier.is_made(filing, code):
        raise CaseError(_("This paper isn't filled by the portal. Upload it on the dossier page."))
    covered = follow_register(filing, today)
    return fill(filing, covered, (code,), by=by, today=today, replaces_scans=True)


@service("filing.attach")
def attach(document: DossierDocument, upload: IO[bytes], *, by: User | None, name: str = "") -> DossierDocument:
    """Put an uploaded paper into its place; scans of identity documents are kept as sensitive."""
    filing = editable(document.filing)
    # Read again under the lock: of two uploads the second sees the first one's file.
    document = DossierDocument.objects.get(pk=document.pk)
    found = material(document.material, filing.kind)
    if found.code == "pipia-report":
        raise CaseError(_("Register the report on the scenario's page, so that another person approves it."))
    if found.is_sensitive:
        name = dossier.scan_name(found, name or getattr(upload, "name", ""))
    evidence = keep(
        upload, name=name, pip=filing.pip, by=by, is_sensitive=found.is_sensitive, allowed=allowed_kinds(found.code)
    )
    if found.code == "other" and document.evidence_id:
        # Other materials may be many: a further one gets its own row.
        last = DossierDocument.objects.filter(filing=filing, material="other").order_by("position").last()
        document = DossierDocument(
            tenant_id=filing.tenant_id, pip=filing.pip, filing=filing, material="other", position=last.position + 1
        )
    document.evidence = evidence
    document.state = "scanned"
    document.save()
    touch_all(filing)
    return document


def allowed_kinds(code: str) -> frozenset[str]:
    """Which kinds of files a material takes: scans are pictures or PDF."""
    if code == "other":
        return ANY
    return PAPERS if code in FORMS else SCANS


@service("filing.freeze")
def freeze(filing: Filing, *, by: User | None, today: date) -> Snapshot:
    """Freeze the facts and pack the papers; what is submitted afterwards can be shown to the byte."""
    return freeze_held(editable(filing), "freeze", by=by, today=today, press=Press())


def freeze_held(filing: Filing, move: str, *, by: User | None, today: date, press: Press) -> Snapshot:
    """Freeze a filing that is locked; what the press has printed ahead of these very facts isn't printed again."""
    require_disposed(filing)
    covered = follow_register(filing, today)
    fill(filing, covered, FORMS, by=by, today=today, press=press)
    items = dossier.items_of(filing, covered)
    require_complete(items)
    xray.require_no_error(filing, covered, items, today)
    advance(filing, MOVES, move, conflict=str(MOVED_ON))
    facts = dossier.frozen_facts(filing, covered, items, today)
    paper = paper_as_filed(filing, today, dossier.digest_of_facts(facts))
    made = dossier.made_papers(filing, items, covered, paper, press)
    round = filing.snapshots.count() + 1
    whole, pack = dossier.pack(filing, items, facts, made, round=round, by=by)
    snapshot = Snapshot.objects.create(
        tenant_id=filing.tenant_id,
        pip_id=filing.pip_id,
        filing=filing,
        round=round,
        facts=facts,
        law_version=facts["law_version"],
        dossier=whole,
        pack=pack,
        frozen_at=timezone.now(),
        frozen_by=by,
    )
    touch_all(filing)
    return snapshot


@service("filing.reopen")
def reopen(filing: Filing, *, by: User | None) -> Filing:
    """Go back to preparing a dossier that was frozen and not submitted; the frozen version is kept."""
    # After a rejection the new round is a first one again: what was sent before counts for nothing.
    move = "reopen_correction" if filing.submitted_on else "reopen"
    advance(filing, MOVES, move, conflict=str(MOVED_ON))
    touch_all(filing)
    return filing


@service("filing.submit")
def submit(
    filing: Filing,
    *,
    by: User | None,
    on: date,
    today: date,
    proof: IO[bytes],
    receipt_number: str = "",
    name: str = "",
) -> Submission:
    """Note that the frozen dossier was sent to the authority, with the proof of it."""
    filing = locked(filing)
    if not may(filing, MOVES, "submit"):
        raise StateConflict(_("Only a frozen dossier can be submitted, and only once. Reload the page."))
    snapshot = filing.snapshots.order_by("round").last()
    frozen_on = date.fromisoformat(snapshot.facts["frozen_on"])
    require_day(on, earliest=frozen_on, today=today, earliest_name=_("the dossier was frozen"))
    # The duty was met by the first submission; sending a corrected dossier doesn't move that day.
    advance(filing, MOVES, "submit", conflict=str(MOVED_ON), submitted_on=filing.submitted_on or on)
    submission = Submission.objects.create(
        tenant_id=filing.tenant_id,
        pip_id=filing.pip_id,
        filing=filing,
        snapshot=snapshot,
        submitted_on=on,
        submitted_by=by,
        proof=keep(proof, name=name, pip=filing.pip, by=by, effective_on=on, allowed=PAPERS),
        receipt_number=receipt_number,
    )
    touch_all(filing)
    return submission


def missing_items(items: list[Item]) -> list[Item]:
    """The required materials that aren't there yet; the two forms are made when the dossier is frozen."""
    final = ("scanned", "accepted")
    return [
        item
        for item in items
        if item.material.required and item.material.code not in FORMS and item.document.state not in final
    ]


def require_disposed(filing: Filing) -> None:
    """FRM Art 15: with the cancellation the face information is handled as the law says; the proof comes first."""
    ending = sheets_kinds.ending_of(filing) if filing.kind == Kind.TERMINATION else None
    if ending and ending.tasks.filter(code="deletion", evidence__isnull=True).exists():
        raise CaseError(
            _("The proof of disposal is missing. Finish the task to delete the face information on %(reference)s.")
            % {"reference": ending.reference}
        )


def require_complete(items: list[Item]) -> None:
    """CaseError that names every missing material."""
    missing = missing_items(items)
    if not missing:
        return
    names = "; ".join(title_of(item, language()) for item in missing)
    text = ngettext(
        "%(count)d material is missing: %(names)s. Add it on the dossier page.",
        "%(count)d materials are missing: %(names)s. Add them on the dossier page.",
        len(missing),
    )
    raise CaseError(text % {"count": len(missing), "names": names})


def title_of(item: Item, language: str) -> str:
    """The material's title, with the scenario where it is one of several."""
    title = item.material.title.in_(language)
    return f"{title} · {item.scenario.scenario.name}" if item.scenario else title


def paper_of(filing: Filing, *, today: date, language: sheets.Language) -> sheets.Paper:
    """What the papers of a dossier share, for a preview."""
    return sheets.Paper(filing.pip, filing.reference, today, language, province=filing.province)


def paper_as_filed(filing: Filing, today: date, digest: str) -> sheets.Paper:
    return replace(paper_of(filing, today=today, language="zh"), digest=digest)


def locked(filing: Filing) -> Filing:
    rows = Filing.objects.select_related("pip", "tenant", "crossing", "follows").select_for_update(of=("self",))
    return rows.get(pk=filing.pk)


def editable(filing: Filing) -> Filing:
    held = locked(filing)
    if held.state not in EDITABLE:
        raise StateConflict(_("The dossier is frozen or sent, so its papers can't be changed. Reopen it first."))
    return held


def follow_register(filing: Filing, today: date) -> list[ScenarioSheet]:
    """Cover scenarios that came under the filing, give each its papers, and take the approved reports.

    A change covers what goes on; a cancellation what was filed.
    """
    known = set(filing.covered.values_list("scenario_id", flat=True))
    counted = [] if filing.kind == Kind.TERMINATION else counted_scenarios(filing.pip, today)
    if filing.kind == Kind.CHANGE:
        counted = going_on(counted)
    for scenario in counted:
        if scenario.pk not in known:
            CoveredScenario.objects.create(
                tenant_id=filing.tenant_id, pip_id=filing.pip_id, filing=filing, scenario=scenario
            )
    covered = dossier.covered_sheets(filing, today)
    documents = {(row.material, row.position): row for row in filing.documents.all()}
    for one in materials_of(filing.kind):
        if one.code not in PER_SCENARIO:
            continue
        code, number = one.code, one.number * 100
        for place, of in enumerate(covered):
            document = documents.get((code, number + place)) or DossierDocument(
                tenant_id=filing.tenant_id, pip_id=filing.pip_id, filing=filing, material=code, position=number + place
            )
            report = of.assessment.report if of.assessment and code == "pipia-report" else None
            if document.pk is None or (report and document.evidence_id != report.pk):
                document.evidence, document.state = report, "scanned" if report else "missing"
                document.save()
    return covered


def fill(
    filing: Filing,
    covered: list[ScenarioSheet],
    codes: tuple[str, ...],
    *,
    by: User | None,
    today: date,
    replaces_scans: bool = False,
    press: Press | None = None,
) -> list[DossierDocument]:
    """Keep the papers that the portal fills as drafts; one that says the same already stays."""
    filled, press = [], press or Press()
    facts = dossier.frozen_facts(filing, covered, [], today)
    paper = paper_as_filed(filing, today, dossier.digest_of_facts(facts))
    for item in dossier.items_of(filing, covered):
        document = item.document
        if item.material.code not in codes or not (item.is_filled or replaces_scans):
            continue
        sheet = dossier.draft_of(filing, item, paper)
        content = press.pdf(sheet)
        name = draft_name(item, sheets.digest_of_sheet(sheet))
        if document.state != "draft" or document.evidence.sha256 != sha256(content).hexdigest():
            document.evidence = keep_bytes(content, name=name, pip=filing.pip, by=by)
            document.state = "draft"
            document.save(update_fields=["evidence", "state"])
        filled.append(document)
    touch_all(filing)
    return filled


def draft_name(item: Item, digest: str) -> str:
    """The name of a filled paper: it changes with what the paper says, so that a stale draft is seen."""
    return f"{item.stem}-{digest}.pdf"


def require_day(on: date, *, earliest: date, today: date, earliest_name: str) -> None:
    if on > today:
        raise ValidationError(_("The day lies in the future. Give the day on which it happened."))
    if on < earliest:
        text = _("The day lies before %(day)s, when %(event)s. Correct it.")
        raise ValidationError(text % {"day": earliest.isoformat(), "event": earliest_name})

"""The papers of a change and of a cancellation: what changed, what ended, and what became of the face information."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from filings import sheets, wording, wording_kinds
from filings.changed import changed_items
from filings.models import EndedDeployment, EndingTask, Filing, Kind, Termination
from filings.sheets import Paper
from portal.documents.sheet import Row, Section, Sheet, Table
from portal.law import enums
from portal.law.checklists import material
from portal.law.reckoning import Reckoning
from portal.law.rules.wording import day_text
from portal.law.text import Text


def ending_of(filing: Filing) -> Termination | None:
    """The termination that a filing answers; none where a PIP merely moved to another province."""
    return Termination.objects.filter(tenant_id=filing.tenant_id, answer=filing).first()


def deadline(paper: Paper, filing: Filing, reckoning: Reckoning) -> Sheet:
    """备案期限推算说明 of any filing."""
    if filing.arose_on is None:
        return sheets.deadline(paper, filing.crossing.standing, reckoning)
    is_change = filing.kind == Kind.CHANGE
    of = filing.follows
    rows = (
        Row(paper.say(wording_kinds.ROWS["follows" if is_change else "cancels"]), f"{of.reference} {of.number}"),
        Row(paper.say(wording_kinds.ROWS["earliest" if is_change else "ended"]), paper.day(filing.arose_on)),
    )
    method = wording_kinds.METHOD_CHANGE if is_change else wording_kinds.METHOD_CANCELLATION
    return sheets.explained(paper, rows, reckoning, method=method, second=wording_kinds.SECOND)


def commitment(paper: Paper, *, filing: Filing) -> Sheet:
    """承诺书, as the kind of filing asks for it."""
    if filing.kind == Kind.INITIAL:
        return sheets.commitment(paper)
    if filing.kind == Kind.CHANGE:
        texts = (*wording_kinds.COMMITMENT_CHANGE, *wording.COMMITMENT[1:])
    else:
        texts = wording_kinds.COMMITMENT_CANCELLATION
        if ending_of(filing) is None:
            texts = (*texts[:2], wording_kinds.COMMITMENT_MOVED, *texts[3:])
    paragraphs = tuple(paper.say(text, name=paper.pip.name, uscc=paper.pip.uscc) for text in texts)
    return _letter(paper, filing, "commitment", (Section(paragraphs=paragraphs),))


def change_table(paper: Paper, *, filing: Filing) -> Sheet:
    """备案变更事项对照表: each changed item as it was filed and as it is now."""
    of = filing.follows
    intro = paper.say(
        wording_kinds.CHANGE_INTRO, number=of.number, reference=of.reference, accepted=day_text(of.accepted_on)
    )
    header = tuple(map(paper.say, wording_kinds.CHANGE_HEADER))
    rows = tuple(
        (paper.say(one.label), paper.say(one.old), paper.say(one.new), one.effective_on.isoformat())
        for one in changed_items(filing)
    )
    told = [paper.say(wording_kinds.CHANGE_CLOCK, day=day_text(filing.arose_on)), paper.say(wording_kinds.CHANGE_REST)]
    if filing.way_reason:
        moved = {
            "old": enums.PROVINCES[filing.province].name,
            "new": enums.PROVINCES[paper.pip.province].name,
            "reason": filing.way_reason,
        }
        told.append(paper.say(wording_kinds.MOVED_HERE, **moved))
    sections = (
        Section(paragraphs=(intro,)),
        Section(table=Table(header, rows, (2, 3, 3, 1.4))),
        Section(paragraphs=tuple(told)),
    )
    return _sheet(paper, filing, "change-table", sections)


def cancellation_application(paper: Paper, *, filing: Filing) -> Sheet:
    """注销备案申请书: what ended, on which day and why."""
    ending, of = ending_of(filing), filing.follows
    values: dict[str, str] = {"number": of.number, "accepted": paper.day(of.accepted_on)}
    if ending is None:
        new = enums.PROVINCES[paper.pip.province].name
        text = paper.say(wording_kinds.APPLICATION_MOVED, number=of.number, new=new, day=day_text(filing.arose_on))
        values |= {"moved": paper.day(filing.arose_on), "reason": filing.way_reason}
    else:
        what = wording_kinds.WHAT_ENDED[ending.extent]
        text = paper.say(wording_kinds.APPLICATION_WORDS, number=of.number, what=what, day=day_text(ending.ended_on))
        values |= {
            "ended": paper.day(ending.ended_on),
            "reason": ending.reason,
            "way": ending.way_reason,
            "scenarios": "；".join(_scenarios(ending)),
            "places": paper.say(wording_kinds.PLACES_NUMBER, number=f"{ending.ended.count():,}"),
        }
    sections = (Section(paragraphs=(text,)), Section(rows=_rows(paper, values)))
    return _letter(paper, filing, "cancellation-application", sections)


def disposal_statement(paper: Paper, *, filing: Filing) -> Sheet:
    """人脸信息处置情况说明: how, when, with which proof, and what is kept because the law says so."""
    ending = ending_of(filing)
    if ending is None:
        sections = (Section(paragraphs=(paper.say(wording_kinds.STATEMENT_MOVED),)),)
        return _letter(paper, filing, "disposal-statement", sections)
    tasks = list(ending.tasks.select_related("evidence", "engagement__vendor"))
    deletion = next(task for task in tasks if task.code == "deletion")
    proof = deletion.evidence
    values = {
        "ended": paper.day(ending.ended_on),
        "scenarios": "；".join(_scenarios(ending)),
        "method": "；".join(sorted(_methods(ending))),
        "disposed": paper.day(deletion.done_on),
        "done": deletion.note,
        "proof": f"{proof.name} · SHA-256 {proof.sha256}" if proof else paper.say(wording_kinds.NOT_PROVED),
    }
    sections = [Section(paragraphs=(paper.say(wording_kinds.STATEMENT),)), Section(rows=_rows(paper, values))]
    if vendors := [_vendor_row(paper, task) for task in tasks if task.code == "vendor"]:
        header = tuple(map(paper.say, wording_kinds.VENDORS_HEADER))
        table = Table(header, tuple(vendors), (2, 1.4, 3))
        sections.append(Section(paper.say(wording_kinds.VENDORS), table=table))
    sections.append(Section(paragraphs=(paper.say(wording_kinds.KEPT),)))
    return _letter(paper, filing, "disposal-statement", tuple(sections))


def frozen_kind(filing: Filing) -> dict[str, Any]:
    """What a change or a cancellation freezes besides the register: the changed items, or what ended."""
    if filing.kind == Kind.CHANGE:
        return {"changes": [one.frozen() for one in changed_items(filing)], "way_reason": filing.way_reason}
    ending = ending_of(filing) if filing.kind == Kind.TERMINATION else None
    if ending is None:
        return {}
    tasks = ending.tasks.select_related("evidence", "engagement__vendor")
    return {
        "ending": {
            "reference": ending.reference,
            "extent": ending.extent,
            "ended_on": ending.ended_on,
            "reason": ending.reason,
            "way_reason": ending.way_reason,
            "deployments": list(ending.ended.order_by("deployment__code").values_list("deployment__code", flat=True)),
            "tasks": [
                {
                    "code": task.code,
                    "vendor": task.engagement and task.engagement.vendor.name,
                    "done_on": task.done_on,
                    "proof": task.evidence and task.evidence.sha256,
                }
                for task in tasks
            ],
        }
    }


def _scenarios(ending: Termination) -> list[str]:
    rows = EndedDeployment.objects.filter(termination=ending).order_by("deployment__scenario__code")
    return list(dict.fromkeys(rows.values_list("deployment__scenario__name", flat=True)))


def _methods(ending: Termination) -> set[str]:
    rows = EndedDeployment.objects.filter(termination=ending)
    return set(rows.values_list("deployment__scenario__deletion_method", flat=True)) - {""}


def _vendor_row(paper: Paper, task: EndingTask) -> tuple[str, ...]:
    vendor = task.engagement.vendor.name if task.engagement else ""
    proof = task.evidence.sha256 if task.evidence else paper.say(wording_kinds.NOT_PROVED)
    return vendor, task.done_on.isoformat() if task.done_on else "–", proof


def _rows(paper: Paper, values: dict[str, str]) -> tuple[Row, ...]:
    missing = paper.say(wording_kinds.NOT_PROVED)
    return tuple(
        Row(paper.say(wording_kinds.ROWS[code]), value, is_missing=value == missing)
        for code, value in values.items()
        if value
    )


def _letter(paper: Paper, filing: Filing, code: str, sections: Iterable[Section]) -> Sheet:
    """A letter to the authority, the portal's draft for signature and seal."""
    to = Section(paragraphs=(paper.say(wording.TO, authority=paper.authority),))
    sheet = _sheet(paper, filing, code, (to, *sections), wording.DRAFT_OF_PORTAL)
    return replace(sheet, signature=tuple(map(paper.say, wording.SIGNATURE)))


def _sheet(
    paper: Paper, filing: Filing, code: str, sections: tuple[Section, ...], notice: Text = sheets.WORKING_SHEET
) -> Sheet:
    return Sheet(
        # What stands behind the colon tells the reader of the list more than the reader of the paper.
        title=re.split("[:：]", paper.say(material(code, filing.kind).title))[0],
        subtitle=paper.pip.name,
        language=paper.language,
        reference=paper.reference,
        sections=sections,
        notice=paper.say(notice),
        as_of=paper.as_of,
        digest_line=paper.say(wording.DIGEST, digest=paper.digest) if paper.digest else "",
    )

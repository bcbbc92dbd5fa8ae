"""What goes into the dossier's ZIP, under which names, and the auditor's pack beside it."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from deployments.models import ThresholdCrossing
from filings import frozen, sheets, sheets_joint, sheets_kinds, wording
from filings.areas import areas_file, areas_sheet
from filings.filed import beside
from filings.models import DossierDocument, Filing
from filings.press import Press
from filings.register import ScenarioSheet, scenario_sheets
from portal.accounts.models import User
from portal.calendars.clock import calendar
from portal.documents.pack import Member, write_zip
from portal.documents.sheet import Sheet
from portal.evidence.models import Evidence
from portal.evidence.services import keep_made, reader
from portal.evidence.sniff import ending_of, safe_name
from portal.law.checklists import MATERIALS_OF, Material, material, materials_of
from portal.law.reckoning import Reckoning
from portal.law.threshold import FILING_WORKING_DAYS, IN_FORCE_ON, TRANSITION_DUE_ON
from portal.law.version import rules_version

PER_SCENARIO = frozenset({"application", "pipia-report"})
# The electronic forms are made from the register when the dossier is frozen; the letters wait for their seal.
FORMS = ("basic-information", "application", "change-table")
LETTERS = ("power-of-attorney", "commitment")
# Of a change and of a cancellation the portal fills further papers: portal.law.checklists says which.
FILLED = tuple(sorted({one.code for materials in MATERIALS_OF.values() for one in materials if one.generated}))
EDITABLE_FOLDER = "可编辑稿"
IN_MEMORY = 32 * 1024 * 1024


@dataclass(frozen=True)
class Item:
    """A document of the dossier with the material it fulfils and, for papers of a scenario, which one."""

    document: DossierDocument
    material: Material
    scenario: ScenarioSheet | None = None

    @property
    def stem(self) -> str:
        """The file's name without ending, numbered as the provincial lists number the materials."""
        name = f"{self.material.number:02d}-{self.material.title.zh.split('：')[0]}"
        if self.scenario:
            return f"{name}-{safe_name(self.scenario.scenario.code)}"
        extra = self.document.position % 100
        return f"{name}-{extra + 1}" if extra else name

    @property
    def file_name(self) -> str:
        """The name under which its file is handed in; empty without one."""
        evidence = self.document.evidence
        return f"{self.stem}.{ending_of(evidence.name)}" if evidence else ""

    @property
    def is_filled(self) -> bool:
        """Whether its file is the portal's own draft, which follows the register, or still to be made."""
        return self.document.state in ("missing", "draft")

    @property
    def is_sensitive(self) -> bool:
        return self.material.is_sensitive or bool(self.document.evidence and self.document.evidence.is_sensitive)


def scan_name(found: Material, given: str) -> str:
    """The name under which a scan of an identity document is kept: the given one often holds a person's number."""
    return f"{found.number:02d}-{found.title.zh}.{ending_of(given)}"


def reckoning_of(crossing: ThresholdCrossing) -> Reckoning:
    """The due date of the crossing that stands: 30 working days, or the announcement's date before the Measures."""
    crossed_on = crossing.standing.crossed_on
    if crossed_on < IN_FORCE_ON:
        return calendar().fixed(TRANSITION_DUE_ON)
    return calendar().add(crossed_on, FILING_WORKING_DAYS)


def period_of(filing: Filing) -> Reckoning:
    """The due date of any filing: of a first one from the crossing, else 30 working days from the day it arose."""
    if filing.arose_on is not None:
        return calendar().add(filing.arose_on, FILING_WORKING_DAYS)
    return reckoning_of(filing.crossing)


def covered_sheets(filing: Filing, on: date) -> list[ScenarioSheet]:
    """The covered scenarios in the order in which they came in, as the register has them."""
    rows = filing.covered.select_related("scenario__tenant", "scenario__pip").order_by("id")
    return scenario_sheets(filing.pip, [row.scenario for row in rows], on)


def items_of(filing: Filing, covered: list[ScenarioSheet]) -> list[Item]:
    """The documents in the order of the list; the n-th paper of a scenario belongs to the n-th covered one."""
    items = []
    for document in filing.documents.select_related("evidence__tenant"):
        found = material(document.material, filing.kind)
        place = document.position % 100
        of = covered[place] if found.code in PER_SCENARIO and place < len(covered) else None
        items.append(Item(document, found, of))
    return items


def sheet_of(filing: Filing, item_code: str, of: ScenarioSheet | None, paper: sheets.Paper) -> Sheet:
    """The paper that the portal itself fills in for a material, or the page on the due date."""
    if item_code == "deadline":
        return sheets_kinds.deadline(paper, filing, period_of(filing))
    if item_code == "application" and of is not None:
        return sheets.application(paper, of)
    makers: dict[str, Callable[[sheets.Paper], Sheet]] = {
        "basic-information": sheets.basic_information,
        "commitment": partial(sheets_kinds.commitment, filing=filing),
        "power-of-attorney": sheets.power_of_attorney,
        "change-table": partial(sheets_kinds.change_table, filing=filing),
        "cancellation-application": partial(sheets_kinds.cancellation_application, filing=filing),
        "disposal-statement": partial(sheets_kinds.disposal_statement, filing=filing),
    }
    return makers[item_code](paper)


def draft_of(filing: Filing, item: Item, paper: sheets.Paper) -> Sheet:
    """The paper as its draft is printed: what is sealed may be so long before the facts are frozen, and names none."""
    own = replace(paper, digest="") if item.material.needs_seal else paper
    return sheet_of(filing, item.material.code, item.scenario, own)


def is_made(filing: Filing, code: str) -> bool:
    """Whether the portal fills this paper for this kind of filing, as it does the page on the due date."""
    made = {one.code for one in materials_of(filing.kind) if one.generated}
    return code in made | {"deadline"}


def frozen_facts(filing: Filing, covered: list[ScenarioSheet], items: list[Item], today: date) -> dict[str, Any]:
    """The facts behind the dossier as plain JSON: later edits of the register are compared with them."""
    pip, crossing = filing.pip, filing.crossing and filing.crossing.standing
    reckoning = period_of(filing)
    facts = {
        "reference": filing.reference,
        "kind": filing.kind,
        "follows": filing.follows and {"reference": filing.follows.reference, "number": filing.follows.number},
        "authority": filing.province,
        "frozen_on": today,
        "law_version": law_version(),
        "pip": frozen.pip_facts(pip),
        "crossing": crossing
        and {
            "crossed_on": crossing.crossed_on,
            "persons": crossing.persons,
            "method": crossing.method,
            "reason": crossing.reason,
        },
        "arose_on": reckoning.trigger,
        **sheets_kinds.frozen_kind(filing),
        "deadline": {
            "due": reckoning.due,
            "safe": reckoning.safe,
            "status": reckoning.status,
        },
        "scenarios": [frozen.scenario_facts(one) for one in covered],
        **beside(pip, [one.scenario for one in covered], today),
        **frozen.members_facts(filing, today),
        "forms": sheets.filled_forms(pip, covered),
        "documents": [_document_facts(item) for item in items if item.document.evidence],
    }
    return json.loads(json.dumps(facts, cls=DjangoJSONEncoder))


def _document_facts(item: Item) -> dict[str, Any]:
    evidence = item.document.evidence
    return {
        "material": item.material.code,
        "scenario": item.scenario.scenario.code if item.scenario else None,
        "name": evidence.name,
        "size": evidence.size,
        "sha256": evidence.sha256,
    }


def digest_of_facts(facts: dict[str, Any]) -> str:
    """The hash that stands on the papers: of everything but the papers themselves."""
    counted = {name: value for name, value in facts.items() if name != "documents"}
    return hashlib.sha256(json.dumps(counted, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def pack(
    filing: Filing,
    items: list[Item],
    facts: dict[str, Any],
    made: dict[str, bytes],
    *,
    round: int,
    by: User | None,
) -> tuple[Evidence, Evidence]:
    """Write and keep both ZIPs: the dossier as filed, and the pack in which identity documents are left out."""
    extra = {
        "reference": filing.reference,
        "version": round,
        "pip": filing.pip.name,
        "uscc": filing.pip.uscc,
        "frozen_on": facts["frozen_on"],
        "law_version": facts["law_version"],
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
    common = [Member("00-备案事实.json", text.encode()), *(Member(name, content) for name, content in made.items())]
    kept = []
    for kind, is_whole in (("dossier", True), ("audit-pack", False)):
        papers = [_member(item, is_whole) for item in items if item.document.evidence]
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as stream:
            write_zip(stream, [*common, *papers], {**extra, "kind": kind})
            kept.append(
                keep_made(
                    stream,
                    name=f"{filing.reference}-v{round}-{kind}.zip",
                    media_type="application/zip",
                    pip=filing.pip,
                    by=by,
                    is_sensitive=is_whole,
                )
            )
    return kept[0], kept[1]


def _member(item: Item, is_whole: bool) -> Member:
    evidence = item.document.evidence
    if item.is_sensitive and not is_whole:
        values = {"title": item.material.title, "name": evidence.name, "size": evidence.size}
        text = wording.LEFT_OUT.fmt(**values, sha256=evidence.sha256)
        return Member(f"{item.stem}-未收入.txt", f"{text.zh}\n{text.en}".encode())
    return Member(item.file_name, _opener(evidence))


def _opener(evidence: Evidence) -> Callable[[], IO[bytes]]:
    return lambda: reader(evidence)


def made_papers(
    filing: Filing, items: list[Item], covered: list[ScenarioSheet], paper: sheets.Paper, press: Press
) -> dict[str, bytes]:
    """What the dossier holds beside the materials: why the due date, editable forms, places, capture areas."""
    found = {}
    for prints in printings(filing, items, covered, paper):
        found |= prints(press)
    return found


Printing = Callable[[Press], dict[str, bytes]]


def printings(filing: Filing, items: list[Item], covered: list[ScenarioSheet], paper: sheets.Paper) -> list[Printing]:
    """Each paper that is printed, as a step of its own: what lies beside the materials comes out of it, by name."""
    return [
        lambda press: {"00-备案期限推算说明.pdf": press.pdf(sheet_of(filing, "deadline", None, paper))},
        *(partial(_print_form, filing, item, paper) for item in items if item.material.code in FORMS),
        *(partial(_print_annexes, of, paper) for of in covered),
        *([partial(_print_members, filing, paper)] if filing.joint_uses.exists() else []),
    ]


def number_of_papers(filing: Filing) -> int:
    """How many printings there are: the page on the due date, each form, the annexes of each scenario, the members."""
    forms = filing.documents.filter(material__in=FORMS).count()
    return 1 + forms + filing.covered.count() + filing.joint_uses.exists()


def _print_form(filing: Filing, item: Item, paper: sheets.Paper, press: Press) -> dict[str, bytes]:
    sheet = sheet_of(filing, item.material.code, item.scenario, paper)
    if item.is_filled:
        press.pdf(draft_of(filing, item, paper))
    return {
        f"{EDITABLE_FOLDER}/{item.stem}.docx": press.docx(sheet),
        f"{EDITABLE_FOLDER}/{item.stem}.xlsx": press.workbook(paper, sheet),
    }


def _print_annexes(of: ScenarioSheet, paper: sheets.Paper, press: Press) -> dict[str, bytes]:
    found = {}
    if of.number:
        found[sheets.places_file(of)] = press.places(paper, of)
    areas = areas_sheet(paper, of)
    if areas is not None:
        found[areas_file(of)] = press.pdf(areas)
    return found


def _print_members(filing: Filing, paper: sheets.Paper, press: Press) -> dict[str, bytes]:
    sheet = sheets_joint.members(paper, filing)
    return {
        f"{sheets_joint.FILE}.pdf": press.pdf(sheet),
        f"{EDITABLE_FOLDER}/{sheets_joint.FILE}.xlsx": press.table(sheet),
    }


def law_version() -> str:
    """The rules and the calendar that judged the facts: a hash of the law package, and the calendar's own version."""
    return f"rules {rules_version()}, calendar {calendar().version}"

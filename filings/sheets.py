"""The forms and letters of a dossier: rows of the register as printed papers, in Chinese as filed or in English."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from deployments.models import ThresholdCrossing
from filings import answers, wording
from filings.layout import Layout, laid_out, layout_in_force
from filings.register import Place, ScenarioSheet
from portal.documents.sheet import Day, DayStrip, Language, Row, Section, Sheet, Table, plain
from portal.documents.workbook import render_xlsx
from portal.law import enums
from portal.law.checklists import FORMS_CITES, WORKING_SHEET, FormField, material
from portal.law.reckoning import Reckoning, StripDay
from portal.law.rules.wording import day_text
from portal.law.text import Text
from portal.tenancy.models import Pip


@dataclass(frozen=True)
class Filled:
    """A field of a form and what the register says; `is_kept` is False where the register has no place for it."""

    field: FormField
    value: str | Text
    is_kept: bool = True
    note: str | Text = ""

    @property
    def is_missing(self) -> bool:
        return not self.value

    @property
    def words(self) -> str:
        """The value in Chinese, as filed."""
        return self.value.zh if isinstance(self.value, Text) else self.value


@dataclass(frozen=True)
class Paper:
    """What all papers of one dossier share."""

    pip: Pip
    reference: str
    as_of: date
    language: Language = "zh"
    digest: str = ""
    layout: Layout = field(default_factory=layout_in_force)
    # Where the filing goes, if that isn't the authority of the place of registration any more.
    province: str = ""

    def say(self, text: str | Text, **values: Any) -> str:
        """A text in the paper's language with its places filled."""
        if isinstance(text, str):
            return text
        return (text.fmt(**values) if values else text).in_(self.language)

    def day(self, day: date | None) -> str:
        return self.say(day_text(day)) if day else ""

    @property
    def authority(self) -> Text:
        """The provincial cyberspace authority of the place of registration (FRM Art 15)."""
        return enums.PROVINCES[self.province or self.pip.province].authority


BASIC_VALUES: dict[str, Callable[[Pip], Any]] = {
    "name": lambda pip: pip.name,
    "uscc": lambda pip: pip.uscc,
    "organisation_type": lambda pip: wording.ORGANISATION_TYPES[pip.organisation_type],
    "registered_address": lambda pip: pip.registered_address,
    "office_address": lambda pip: pip.office_address,
    "province": lambda pip: enums.PROVINCES[pip.province].name,
    "representative_name": lambda pip: pip.legal_representative,
    "representative_title": lambda pip: pip.legal_representative_title,
    "agent_name": lambda pip: pip.agent_name,
    "agent_department": lambda pip: pip.agent_department,
    "agent_mobile": lambda pip: pip.agent_mobile,
    "agent_email": lambda pip: pip.agent_email,
    "officer_name": lambda pip: pip.officer_name,
    "officer_phone": lambda pip: pip.officer_phone,
    "officer_email": lambda pip: pip.officer_email,
    "industry": lambda pip: pip.industry,
    "employees": lambda pip: "" if pip.employees is None else f"{pip.employees:,}",
    "business": lambda pip: pip.business_summary,
    "total_pi_persons": lambda pip: "" if pip.total_pi_persons is None else f"{pip.total_pi_persons:,}",
    "mlps_status": answers.mlps_status,
}

APPLICATION_VALUES: dict[str, Callable[[ScenarioSheet], Any]] = {
    "scenario_name": lambda sheet: f"{sheet.scenario.name}（{sheet.scenario.code}）",
    "places": lambda sheet: places_summary(sheet),
    "function": lambda sheet: enums.FUNCTIONS.get(sheet.scenario.function, ""),
    # Ten characters, as a field for a date takes them.
    "started_on": lambda sheet: sheet.started_on.isoformat() if sheet.started_on else "",
    "purpose": lambda sheet: sheet.scenario.purpose,
    "necessity": lambda sheet: sheet.scenario.necessity,
    "legal_basis": lambda sheet: enums.LEGAL_BASES.get(sheet.scenario.legal_basis, ""),
    "subjects": lambda sheet: sheet.scenario.subjects,
    "consent": answers.consent,
    "alternatives": answers.alternatives,
    "collection": lambda sheet: devices_summary(sheet),
    "algorithm_supplier": answers.supplier,
    "persons_stored": lambda sheet: f"{sheet.persons:,}" if sheet.counted_on else "",
    "persons_stored_on": lambda sheet: sheet.counted_on.isoformat() if sheet.counted_on else "",
    "storage": lambda sheet: enums.STORAGE_MODES.get(sheet.scenario.storage_mode, ""),
    "retention": lambda sheet: "；".join(filter(None, (sheet.scenario.retention, sheet.scenario.deletion_method))),
    "internet_transmission": answers.internet,
    "entrusted": answers.entrusted,
    "recipients": answers.recipients,
    "cross_border": answers.cross_border,
    "automated_decision": answers.automated_decision,
    "protection": answers.protection,
    **{code: partial(answers.family, code=code) for code in enums.CONTROL_FAMILIES},
    "mlps_record": answers.mlps,
}
# What the sheet asks of other organisations, and their roles in the register.
PARTIES = {"entrusted": ("entrusted",), "recipients": ("recipient", "joint")}


def basic_fields(pip: Pip, layout: Layout) -> list[Filled]:
    """The fields of the basic information form with what the register has."""
    return [
        Filled(field, BASIC_VALUES[code](pip)) if code in BASIC_VALUES else Filled(field, "", is_kept=False)
        for code, field in layout.fields("basic-information").items()
    ]


def application_fields(sheet: ScenarioSheet, layout: Layout) -> list[Filled]:
    """The fields of a scenario's application sheet with what the register has."""
    notes: dict[str, str | Text] = {}
    if sheet.dedup_methods:
        notes["persons_stored"] = wording.COUNT_NOTE.fmt(methods="；".join(sheet.dedup_methods))
    for code, roles in PARTIES.items():
        if not sheet.parts.engaged(*roles):
            notes[code] = wording.NOT_IN_REGISTER
    return [
        Filled(field, APPLICATION_VALUES[code](sheet), note=notes.get(code, ""))
        if code in APPLICATION_VALUES
        else Filled(field, "", is_kept=False)
        for code, field in layout.fields("application").items()
    ]


def filled_forms(pip: Pip, covered: list[ScenarioSheet]) -> list[dict[str, str]]:
    """Every value of both forms in Chinese, as filed: what a frozen dossier is copied out from."""
    layout, found = laid_out(), []
    parts = [("basic-information", "", basic_fields(pip, layout))]
    parts += [("application", one.scenario.code, application_fields(one, layout)) for one in covered]
    for form, scenario, fields in parts:
        found += [
            {"form": form, "scenario": scenario, "field": filled.field.code, "value": filled.words}
            for filled in fields
            if filled.is_kept
        ]
    return found


def places_summary(sheet: ScenarioSheet) -> Text | str:
    """How many places in which provinces, and how many of them public."""
    if not sheet.number:
        return ""
    named = [
        wording.REGION.fmt(region=enums.PROVINCES[code].short, number=f"{number:,}")
        for code, number in sheet.regions.most_common()
    ]
    listed = Text(", ".join(text.en for text in named), "、".join(text.zh for text in named))
    return wording.PLACES_SUMMARY.fmt(total=f"{sheet.number:,}", public=f"{sheet.public:,}", regions=listed)


def devices_summary(sheet: ScenarioSheet) -> Text | str:
    """How many devices of how many models are in use."""
    if not sheet.devices:
        return ""
    number = sum(kind.number for kind in sheet.devices)
    return wording.DEVICES_SUMMARY.fmt(number=number, kinds=len(sheet.devices))


def basic_information(paper: Paper) -> Sheet:
    """个人信息处理者基本情况表."""
    sections = _form_sections(paper, "basic-information", basic_fields(paper.pip, paper.layout))
    return _sheet(paper, "basic-information", (*sections, _basis(paper)), notice=WORKING_SHEET)


def application(paper: Paper, of: ScenarioSheet) -> Sheet:
    """人脸识别技术应用情况备案表, one for each scenario."""
    sections = _form_sections(paper, "application", application_fields(of, paper.layout))
    annexes = [_places(paper, of)] if of.number else []
    if of.devices:
        rows = tuple((kind.maker or "–", kind.model or "–", f"{kind.number:,}") for kind in of.devices)
        header = tuple(map(paper.say, wording.DEVICES_HEADER))
        annexes.append(Section(paper.say(wording.DEVICES), table=Table(header, rows, (2, 2, 1), (2,))))
    sheet = _sheet(paper, "application", (*sections, *annexes, _basis(paper)), notice=WORKING_SHEET)
    return replace(sheet, subtitle=f"{paper.pip.name} · {of.scenario.name}")


def commitment(paper: Paper) -> Sheet:
    """承诺书, the portal's draft for signature and seal."""
    paragraphs = tuple(paper.say(text, name=paper.pip.name, uscc=paper.pip.uscc) for text in wording.COMMITMENT)
    sections = (
        Section(paragraphs=(paper.say(wording.TO, authority=paper.authority),)),
        Section(paragraphs=paragraphs),
    )
    sheet = _sheet(paper, "commitment", sections, notice=wording.DRAFT_OF_PORTAL)
    return replace(sheet, signature=tuple(map(paper.say, wording.SIGNATURE)))


def power_of_attorney(paper: Paper) -> Sheet:
    """经办人授权委托书, the portal's draft for signature and seal."""
    values = {"name": paper.pip.name, "uscc": paper.pip.uscc, "authority": paper.authority}
    texts = [paper.say(text, **values) for text in wording.ATTORNEY]
    rows = [
        Row(paper.say(label), getattr(paper.pip, name), not getattr(paper.pip, name))
        for name, label in wording.AGENT_ROWS
    ]
    # The number of an identity document is never stored: it is written on the signed paper.
    rows.append(Row(paper.say(wording.AGENT_DOCUMENT), "_" * 30))
    sections = (Section(paragraphs=(texts[0],)), Section(rows=tuple(rows)), Section(paragraphs=tuple(texts[1:])))
    sheet = _sheet(paper, "power-of-attorney", sections, notice=wording.DRAFT_OF_PORTAL)
    return replace(sheet, signature=tuple(map(paper.say, wording.SIGNATURE)))


def deadline(paper: Paper, crossing: ThresholdCrossing, reckoning: Reckoning) -> Sheet:
    """备案期限推算说明: the due date with every day behind it, and the second reading."""
    ground = {
        "crossed": paper.day(crossing.crossed_on),
        "persons": f"{crossing.persons:,}",
        "method": crossing.method,
    }
    rows = tuple(Row(paper.say(wording.DEADLINE_ROWS[code]), value) for code, value in ground.items() if value)
    return explained(paper, rows, reckoning)


def explained(
    paper: Paper,
    ground: tuple[Row, ...],
    reckoning: Reckoning,
    *,
    method: Text = wording.METHOD_WORKING,
    second: Text = wording.SECOND,
) -> Sheet:
    """The page on a due date: on what ground it runs, and every day behind it."""
    labels = {code: paper.say(text) for code, text in wording.DEADLINE_ROWS.items()}
    is_fixed = reckoning.unit == "fixed"
    values = {
        "due": paper.day(reckoning.due),
        "safe": paper.day(reckoning.safe),
        "second": "" if is_fixed else paper.say(second, day=day_text(reckoning.strict)),
        "status": paper.say(wording.PROVISIONAL if reckoning.provisional else wording.FIRM),
        "calendar": reckoning.calendar_version,
    }
    rows = (
        Row(labels["authority"], paper.say(paper.authority)),
        *ground,
        *(Row(labels[code], value) for code, value in values.items() if value),
    )
    told = paper.say(wording.METHOD_FIXED if is_fixed else method)
    sections = [
        Section(paper.say(wording.RESULT), rows=rows),
        Section(paper.say(wording.COUNTING), paragraphs=(told,)),
    ]
    if not is_fixed:
        caption = paper.say(wording.STRIP_CAPTION, start=day_text(reckoning.trigger), end=day_text(reckoning.due))
        days = tuple(Day(day.date, _kind(day), str(day.number or "")) for day in reckoning.strip)
        skipped = tuple(
            (day.date.isoformat(), paper.say(day.why)) for day in reckoning.skipped if day.kind == "day_off"
        )
        sections[1] = replace(sections[1], strip=DayStrip(days, caption))
        header = tuple(map(paper.say, wording.SKIPPED_HEADER))
        if skipped:
            sections.append(Section(paper.say(wording.SKIPPED), table=Table(header, skipped, (1, 4))))
    sheet = _sheet(paper, None, (*sections, _basis(paper)))
    return replace(sheet, title=paper.say(wording.DEADLINE_TITLE))


def workbook(paper: Paper, sheet: Sheet) -> bytes:
    """A form as a spreadsheet: one line a field, with what is left to fill in."""
    header = [paper.say(text) for text in wording.WORKBOOK_HEADER]
    rows = [
        (section.heading, row.label, row.value, row.note or (paper.say(wording.TO_FILL) if row.is_missing else ""))
        for section in sheet.sections
        for row in section.rows
    ]
    return render_xlsx(sheet.title, header, [*rows, ("", paper.say(WORKING_SHEET), "", "")])


def digest_of_sheet(sheet: Sheet) -> str:
    """Eight hex digits that change when anything on the paper changes but the day of its facts."""
    text = json.dumps(plain(replace(sheet, as_of=None, digest_line="")), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _sheet(paper: Paper, code: str | None, sections: tuple[Section, ...], notice: Text | None = None) -> Sheet:
    return Sheet(
        title=paper.say(material(code).title) if code else "",
        subtitle=paper.pip.name,
        language=paper.language,
        reference=paper.reference,
        sections=sections,
        notice=paper.say(notice) if notice else "",
        as_of=paper.as_of,
        digest_line=paper.say(wording.DIGEST, digest=paper.digest) if paper.digest else "",
    )


def _form_sections(paper: Paper, form: str, fields: list[Filled]) -> list[Section]:
    by_code = {filled.field.code: filled for filled in fields}
    return [
        Section(paper.say(section.heading), rows=tuple(_row(paper, by_code[one.code]) for one in section.fields))
        for section in paper.layout.forms[form]
    ]


def _row(paper: Paper, filled: Filled) -> Row:
    note = filled.note if filled.is_kept else wording.BY_HAND
    return Row(paper.say(filled.field.label), paper.say(filled.value), filled.is_missing, paper.say(note))


def _places(paper: Paper, of: ScenarioSheet) -> Section:
    heading = paper.say(wording.PLACES)
    if not of.places:
        text = paper.say(wording.PLACES_ELSEWHERE, number=f"{of.number:,}", file=places_file(of))
        return Section(heading, paragraphs=(text,))
    header = tuple(map(paper.say, wording.PLACES_HEADER))
    rows = tuple(place_cells(paper, place) for place in of.places)
    return Section(heading, table=Table(header, rows, (2, 3.4, 1.4, 1.6, 1.8)))


def places_file(of: ScenarioSheet) -> str:
    """The name of the annex that lists all places of a scenario."""
    return f"02-附件-应用场所清单-{of.scenario.code}.xlsx"


def place_cells(paper: Paper, place: Place) -> tuple[str, ...]:
    """A place as cells of text."""
    return (
        place.code,
        place.name,
        paper.say(enums.PROVINCES[place.province].short),
        paper.say(enums.PLACE_TYPES[place.place_type]),
        place.started_on.isoformat() if place.started_on else "–",
    )


def _basis(paper: Paper) -> Section:
    labels = [cite.label for cite in FORMS_CITES if cite.instrument != "DEFAULT"]
    joined = Text("; ".join(text.en for text in labels), "；".join(text.zh for text in labels))
    return Section(paragraphs=(paper.say(wording.BASIS, cites=joined),))


def _kind(day: StripDay) -> Any:
    if day.is_trigger:
        return "start"
    if day.is_due:
        return "due"
    return {"working": "counted"}.get(day.kind, day.kind)

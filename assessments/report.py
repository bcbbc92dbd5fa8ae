"""The report of an assessment: its frozen content as printed papers, in both languages, made once and kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import override

from assessments.frozen import SOURCES, answer_of
from assessments.models import Assessment, Report, Version
from assessments.tongues import part
from portal.accounts.models import User
from portal.documents.docx import render_docx
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Language, Row, Section, Sheet, Table
from portal.evidence.services import keep_bytes
from portal.law.pipia import CONCLUSIONS, LIKELIHOOD, SEVERITY, THREATS, Question, Template, level, template
from portal.law.rules.wording import day_text
from portal.law.text import Text

LANGUAGES: tuple[Language, ...] = ("zh", "en")
RENDERERS = {"pdf": render_pdf, "docx": render_docx}
YES_NO = {"yes": Text("Yes", "是"), "no": Text("No", "否")}
LEVELS = {
    "low": Text("low", "低"),
    "medium": Text("medium", "中"),
    "high": Text("high", "高"),
    "very_high": Text("very high", "极高"),
}
WORDS = {
    "pip": Text("Personal information processor", "个人信息处理者"),
    "scenarios": Text("Scenarios assessed", "评估的应用场景"),
    "reference": Text("Reference", "编号"),
    "title": Text("Title", "名称"),
    "version": Text("Version", "版本"),
    "third_party": Text("Third party", "第三方机构"),
    "part": Text("Its part, sealed by it where required", "参与情况（需要时由其盖章）"),
    "approved_by": Text("Approved by", "批准人"),
    "approved_on": Text("Approved on", "批准日期"),
    "alone": Text(
        "The author approved this report: no other person in the workspace may approve.",
        "本报告由编制人批准：该单位没有其他有权批准的人员。",
    ),
    "overview": Text("Overview", "概况"),
    "risks": Text("Risks before and after the measures", "风险评定（措施前、措施后）"),
    "matrix": Text("Risk matrix: risks by number, → after the measures", "风险矩阵：数字为风险序号，→表示措施后"),
    "measures": Text("Measures", "整改措施"),
    "conclusion": Text("Conclusion and approval", "结论与批准"),
    "result": Text("Result", "评估结果"),
    "evidence": Text("Evidence: {names}", "附件：{names}"),
    "source": Text("From the register", "取自台账"),
    "default": Text(
        "Steps 1 to 4 and the levels are the portal's default, not law.",
        "1至4级及风险等级为系统默认做法，并非法律规定。",
    ),
    "unapproved": Text("Not approved yet. ", "尚未批准。"),
    "signature": Text("Seal:", "（盖章）"),
    "signed_on": Text("Date:", "日期："),
}
RISK_HEADER = (
    Text("No.", "序号"),
    Text("Risk", "风险"),
    Text("Harm", "危害"),
    Text("Before", "措施前"),
    Text("After", "措施后"),
)
MEASURE_HEADER = (
    *(Text("Risk", "风险"), Text("Measure", "措施")),
    *(Text("Responsible", "责任人"), Text("Due", "时限"), Text("Done", "完成")),
)


def make_reports(
    assessment: Assessment, version: Version, *, approved_by: User, approved_on: date, alone_because: str = ""
) -> list[Report]:
    """Render and keep the report in each language and format; the Chinese PDF, which is filed, comes first."""
    made = []
    for language in LANGUAGES:
        sheet = report_sheet(
            assessment,
            version,
            language,
            approved_by=approved_by,
            approved_on=approved_on,
            alone_because=alone_because,
        )
        for form, render in RENDERERS.items():
            evidence = keep_bytes(
                render(sheet), name=f"{assessment.reference}-{language}.{form}", pip=assessment.pip, by=approved_by
            )
            report = Report(
                tenant_id=assessment.tenant_id,
                pip_id=assessment.pip_id,
                assessment=assessment,
                language=language,
                format=form,
                evidence=evidence,
            )
            report.save(force_insert=True)
            made.append(report)
    return made


def report_sheet(
    assessment: Assessment,
    version: Version,
    language: Language,
    *,
    approved_by: User | None = None,
    approved_on: date | None = None,
    alone_because: str = "",
) -> Sheet:
    """The frozen content as one paper; without an approver it is a draft to read."""
    content = version.content
    structure = template(content["template"])
    sections = [overview(assessment, version, language)]
    for section in structure.sections:
        given = next(one for one in content["sections"] if one["code"] == section.code)
        heading = f"{section.number} {section.title.in_(language)}"
        rows = tuple(answer_row(structure, one, language, content["scenarios"]) for one in given["answers"])
        sections.append(Section(heading=heading, rows=rows))
        if section.element == 3:
            sections += risk_sections(content["risks"], language)
    sections.append(approval(content, language, approved_by, approved_on, alone_because))
    return Sheet(
        title=structure.title.in_(language),
        subtitle=part(content["title"], language),
        language=language,
        reference=assessment.reference,
        # What the structure follows is for those who write it, not for the authority that gets the paper.
        notice="" if approved_by else f"{WORDS['unapproved'].in_(language)}{structure.note.in_(language)}",
        sections=tuple(sections),
        signature=(assessment.pip.name, WORDS["signature"].in_(language), WORDS["signed_on"].in_(language)),
        as_of=approved_on,
        digest_line=f"{assessment.reference} v{version.number} · SHA-256 {version.sha256}",
    )


def overview(assessment: Assessment, version: Version, language: Language) -> Section:
    """Who assessed what."""
    content = version.content
    named = "\n".join(f"{one['name']} ({one['code']})" for one in content["scenarios"])
    rows = [
        Row(WORDS["pip"].in_(language), f"{assessment.pip.name}\n{assessment.pip.uscc}"),
        Row(WORDS["scenarios"].in_(language), named),
        Row(WORDS["reference"].in_(language), assessment.reference),
        Row(WORDS["version"].in_(language), str(version.number)),
    ]
    if content["third_party"]:
        rows += [
            Row(WORDS["third_party"].in_(language), part(content["third_party"], language)),
            Row(WORDS["part"].in_(language), part(content["third_party_part"], language)),
        ]
    return Section(heading=WORDS["overview"].in_(language), rows=tuple(rows))


def answer_row(
    structure: Template, given: Mapping[str, Any], language: Language, scenarios: list[Mapping[str, Any]]
) -> Row:
    """One question with its answer, its articles and its evidence."""
    question = find(structure, given["question"])
    label = given[f"text_{language}"]
    if given["scenario"] and len(scenarios) > 1:
        label = f"{label} [{given['scenario']}]"
    notes = [cite.label.in_(language) for cite in question.cites] if question else []
    if given["source"]:
        notes.append(WORDS["source"].in_(language))
    if given["evidence_name"]:
        notes.append(WORDS["evidence"].fmt(names=given["evidence_name"]).in_(language))
    value = from_register(given, scenarios, language) or part(said(question, given["answer"], language), language)
    is_missing = not value and question is not None and question.is_required
    return Row(label, value or ("" if is_missing else "–"), is_missing=is_missing, note=" · ".join(notes))


def from_register(given: Mapping[str, Any], scenarios: list[Mapping[str, Any]], language: Language) -> str:
    """What the frozen facts answer, in the paper's language, whatever the language of who began the assessment."""
    of = [(one["code"], one["facts"]) for one in scenarios if given["scenario"] in ("", one["code"])]
    if not given["source"] or given["source"] not in SOURCES:
        return ""
    with override("zh-hans" if language == "zh" else "en"):
        return answer_of(given["source"], of)


def find(structure: Template, code: str) -> Question | None:
    """A statutory question by its code; None for one of the workspace's own."""
    return next((question for question in structure.questions() if question.code == code), None)


def said(question: Question | None, answer: str, language: Language) -> str:
    """An answer in words: the label of a choice, yes and no."""
    if question is None or question.kind == "text":
        return answer
    words = YES_NO if question.kind == "yesno" else (question.choices or {})
    parts = [words[part].in_(language) if part in words else part for part in answer.split(",")]
    return ("、" if language == "zh" else ", ").join(parts)


def risk_sections(risks: list[Mapping[str, Any]], language: Language) -> list[Section]:
    """The risks in a table, in a matrix, and what is done against them."""
    table = Table(
        header=tuple(text.in_(language) for text in RISK_HEADER),
        rows=tuple(risk_row(number, one, language) for number, one in enumerate(risks, start=1)),
        widths=(0.6, 1.5, 2.8, 2.1, 2.1),
    )
    found = [
        Section(heading=WORDS["risks"].in_(language), table=table, paragraphs=(WORDS["default"].in_(language),)),
        Section(heading=WORDS["matrix"].in_(language), table=matrix(risks, language)),
    ]
    done = [
        (
            title_of(one, language),
            part(each["title"], language),
            part(each["owner"], language) or "–",
            each["due_on"] or "–",
            each["done_on"] or "–",
        )
        for one in risks
        for each in one["measures"]
    ]
    if done:
        header = tuple(text.in_(language) for text in MEASURE_HEADER)
        widths = (1.2, 3, 1.2, 1.2, 1.2)
        found.append(Section(heading=WORDS["measures"].in_(language), table=Table(header, tuple(done), widths=widths)))
    return found


def title_of(risk: Mapping[str, Any], language: Language) -> str:
    """What a risk is called: a threat of Article 9 in the paper's language, an own one as it was typed."""
    return THREATS[risk["threat"]].in_(language) if risk["threat"] else part(risk["title"], language)


def risk_row(number: int, risk: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    before = weighed(risk["likelihood"], risk["severity"], language)
    after = weighed(risk["likelihood_after"], risk["severity_after"], language)
    return (str(number), title_of(risk, language), part(risk["harm"], language) or "–", before, after)


def weighed(likelihood: int | None, severity: int | None, language: Language) -> str:
    """The level with its two steps, then the steps in words: medium (2 × 3), possible × serious."""
    if likelihood is None or severity is None:
        return "–"
    words = (
        f"{LEVELS[level(likelihood, severity)].in_(language)} ({likelihood} × {severity})",
        f"{LIKELIHOOD[likelihood].in_(language)} × {SEVERITY[severity].in_(language)}",
    )
    return "\n".join(words)


def matrix(risks: list[Mapping[str, Any]], language: Language) -> Table:
    """Severity down, likelihood across; in each cell the numbers of the risks before, and after an arrow."""
    cells: dict[tuple[int, int], list[str]] = {}
    for number, risk in enumerate(risks, start=1):
        for mark, suffix in (("", ""), ("→", "_after")):
            place = (risk[f"severity{suffix}"], risk[f"likelihood{suffix}"])
            if None not in place:
                cells.setdefault(place, []).append(f"{mark}{number}")
    corner = Text("Severity \\ likelihood", "严重程度 \\ 可能性").in_(language)
    header = (corner, *(f"{step} {text.in_(language)}" for step, text in LIKELIHOOD.items()))
    rows = tuple(
        (f"{severity} {SEVERITY[severity].in_(language)}",)
        + tuple(" ".join(cells.get((severity, likelihood), [])) for likelihood in LIKELIHOOD)
        for severity in sorted(SEVERITY, reverse=True)
    )
    return Table(header, rows)


def approval(
    content: Mapping[str, Any],
    language: Language,
    approved_by: User | None,
    approved_on: date | None,
    alone_because: str,
) -> Section:
    """What the assessment comes to, and who approved it when."""
    conclusion = CONCLUSIONS[content["conclusion"]].in_(language) if content["conclusion"] else ""
    rows = [Row(WORDS["result"].in_(language), conclusion, is_missing=not conclusion)]
    if approved_by and approved_on:
        rows += [
            Row(WORDS["approved_by"].in_(language), str(approved_by), note=alone_because),
            Row(WORDS["approved_on"].in_(language), day_text(approved_on).in_(language)),
        ]
    paragraphs = (WORDS["alone"].in_(language),) if alone_because else ()
    return Section(heading=WORDS["conclusion"].in_(language), rows=tuple(rows), paragraphs=paragraphs)

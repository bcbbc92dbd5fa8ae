"""The report that is kept: whole, in both languages, with its fonts; and the command that writes it to a file."""

import io
from pathlib import Path

import docx
import pypdf
import pytest
from django.core.management import CommandError, call_command

from assessments.compare import words
from assessments.models import Assessment, Report, Version
from assessments.report import from_register, report_sheet
from assessments.services import add_question, add_risk, approve, save_answer, submit, weigh
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Row, Section, Sheet
from portal.evidence.services import reader
from portal.law.pipia import THREATS, template
from tests.assessments.story import TODAY, answered, begun, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def made(house) -> Assessment:
    """An approved assessment of two scenarios with an own question, an own risk and Chinese answers."""
    officer = house.people["officer"]
    own = add_question(
        house.pip, section="rights", text_zh="员工代表意见如何？", text_en="What do staff say?", by=officer
    )
    row = begun(house, "GATE", "LANE")
    save_answer(row, own.code, scenario=None, text="已征求意见，无异议", version=0, by=officer)
    save_answer(row, "lead", scenario=None, text="合规部牵头，信息技术部、法务部参加", version=0, by=officer)
    risk = add_risk(row, by=officer, title="排队拥堵")
    weigh(risk, version=1, by=officer, likelihood=4, severity=1, likelihood_after=2, severity_after=1)
    answered(house, row)
    submit(row, by=officer)
    approve(row, by=house.people["reviewer"], today=TODAY)
    return row


def content_of(made: Assessment, language: str, form: str) -> bytes:
    return reader(Report.objects.get(assessment=made, language=language, format=form).evidence).read()


def squeezed(text: str) -> str:
    """Text without the breaks that the look of a paper puts into it."""
    return "".join(text.split())


def said(made: Assessment, language: str) -> list[str]:
    """Everything that the report must say: each section's title, each answer, each risk."""
    content = Version.objects.get(assessment=made).content
    titles = [one.title.in_(language) for one in template().sections]
    answers = [
        from_register(one, content["scenarios"], language) or one["answer"]
        for section in content["sections"]
        for one in section["answers"]
    ]
    texts = [answer for answer in answers if answer.lower() not in ("yes", "no", "")]
    return [*titles, *texts, *(text.in_(language) for text in THREATS.values()), "排队拥堵", "已征求意见，无异议"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pdf_says_everything_with_its_fonts_inside(made, language):
    pdf = pypdf.PdfReader(io.BytesIO(content_of(made, language, "pdf")))
    text = squeezed("".join(page.extract_text() for page in pdf.pages))
    assert [one for one in said(made, language) if squeezed(one) not in text] == []
    assert "�" not in text and "\0" not in text
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            assert any(name.startswith("/FontFile") for name in inner["/FontDescriptor"]), font["/BaseFont"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_docx_says_everything(made, language):
    paper = docx.Document(io.BytesIO(content_of(made, language, "docx")))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    text = squeezed("".join([*(one.text for one in paper.paragraphs), *cells]))
    assert [one for one in said(made, language) if squeezed(one) not in text] == []


def test_what_the_register_answered_is_said_in_the_language_of_the_paper(made):
    texts = {language: squeezed(text_of(content_of(made, language, "pdf"))) for language in ("zh", "en")}
    for zh, en in (
        ("取得个人同意", "Consent"),
        ("统一社会信用代码：91110000101623741K", "Unified social credit code:"),
    ):
        assert squeezed(zh) in texts["zh"] and squeezed(zh) not in texts["en"]
        assert squeezed(en) in texts["en"] and squeezed(en) not in texts["zh"]


def test_answer_longer_than_a_page_goes_on_over_the_next_ones():
    value = "\n".join(f"Airport {number}" for number in range(200))
    sheet = Sheet(title="PIPIA", language="en", reference="PIA-1", sections=(Section(rows=(Row("Places", value),)),))
    pages = pypdf.PdfReader(io.BytesIO(render_pdf(sheet))).pages
    heights: list[float] = []
    text = "".join(page.extract_text(visitor_text=lambda _t, _cm, tm, _d, _s: heights.append(tm[5])) for page in pages)
    assert len(pages) > 3 and "Airport 199" in text
    assert all(0 <= height <= float(pages[0].mediabox.height) for height in heights)


def test_paper_for_the_authority_says_nothing_of_how_the_portal_came_to_its_structure(made):
    note = template().note.zh
    approved = squeezed(text_of(content_of(made, "zh", "pdf")))
    draft = squeezed(text_of(render_pdf(report_sheet(made, Version.objects.get(assessment=made), "zh"))))
    assert squeezed(note) not in approved and squeezed(note) in draft


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_hidden_answer_is_not_exported(house):
    row = begun(house)
    officer = house.people["officer"]
    save_answer(row, "minors", scenario=None, text="yes", version=0, by=officer)
    save_answer(row, "minors_how", scenario=None, text="SECRET", version=0, by=officer)
    save_answer(row, "minors", scenario=None, text="no", version=1, by=officer)
    submit(answered(house, row), by=officer)
    assert "SECRET" not in str(Version.objects.get(assessment=row).content)


def test_command_writes_the_stored_bytes(made, tmp_path, capsys):
    for language, form in (("zh", "pdf"), ("en", "docx")):
        out = tmp_path / f"report.{form}"
        call_command("pipia", made.reference, tenant="acme", lang=language, out=out)
        assert out.read_bytes() == content_of(made, language, form)
    assert "report.docx" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("reference", "tenant", "out", "sentence"),
    [
        ("PIA-2026-0009", "acme", "r.pdf", "no assessment PIA-2026-0009"),
        ("PIA-2026-0001", "nobody", "r.pdf", "no tenant with the address nobody"),
        ("PIA-2026-0001", "acme", "r.txt", "end in .pdf or .docx"),
        ("PIA-2026-0001", "acme", "nowhere/r.pdf", "There is no folder"),
        ("PIA-2026-0001", "acme", "r.pdf", "not approved"),
    ],
)
def test_command_says_in_one_line_what_is_wrong(house, tmp_path, reference, tenant, out, sentence):
    submitted(house)
    with pytest.raises(CommandError, match=sentence) as error:
        call_command("pipia", reference, tenant=tenant, lang="zh", out=Path(tmp_path / out))
    assert error.value.returncode == 2 and "\n" not in str(error.value)
    assert not (tmp_path / out).exists()


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("The officer led it.", "The owner led it.", "The [-officer-][+owner+] led it."),
        ("保存三十天。到期删除。", "保存七天。到期删除。", "保存[-三十-][+七+]天。到期删除。"),
        ("", "New", "[+New+]"),
        ("Gone.", "", "[-Gone.-]"),
    ],
)
def test_two_texts_are_compared_word_by_word_in_both_languages(old, new, marked):
    signs = {"": "{}", "old": "[-{}-]", "new": "[+{}+]"}
    assert "".join(signs[piece.kind].format(piece.text) for piece in words(old, new)) == marked

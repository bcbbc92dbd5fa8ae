import re
import zipfile
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from portal.documents.docx import render_docx
from portal.documents.sheet import Row, Section
from tests.documents.sheets import HOSTILE, chinese, english

ORDER = {
    "w:tblPr": ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"],
    "w:tcPr": ["tcW", "shd"],
    "w:pPr": ["pStyle", "keepNext", "keepLines", "pBdr", "tabs", "spacing", "ind", "contextualSpacing", "jc", "rPr"],
    "w:rPr": ["rFonts", "b", "bCs", "color", "spacing", "kern", "sz", "szCs", "u", "lang"],
}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_same_sheet_gives_the_same_bytes() -> None:
    assert render_docx(chinese()) == render_docx(chinese())


def test_all_dates_in_the_file_are_fixed() -> None:
    content = render_docx(chinese())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"2026-10-12T00:00:00Z" in parts(content)["docProps/core.xml"]
    assert not [name for name in parts(content) if "thumbnail" in name]


def test_words_of_the_sheet_stand_in_the_document() -> None:
    document = Document(BytesIO(render_docx(chinese())))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for expected in ("人脸识别技术应用情况备案表", "工作底稿，非官方表格", "一、基本情况", "单位名称（盖章）："):
        assert expected in text
    assert [len(table.rows) for table in document.tables] == [3, 81, 9]
    assert document.tables[0].rows[2].cells[1].text == "未填写"


def test_missing_value_is_red() -> None:
    document = Document(BytesIO(render_docx(chinese())))
    run = document.tables[0].rows[2].cells[1].paragraphs[0].runs[0]
    assert str(run.font.color.rgb) == "B3261E"


def test_east_asian_font_and_language_are_set_and_no_theme_font_wins() -> None:
    for sheet, tongue in ((chinese(), "zh-CN"), (english(), "en-GB")):
        document = Document(BytesIO(render_docx(sheet)))
        for name in ("Normal", "Title", "Heading 1", "Footer"):
            properties = document.styles[name].element.rPr
            (fonts,) = properties.findall(qn("w:rFonts"))
            assert fonts.get(qn("w:eastAsia")) in {"宋体", "黑体"}
            assert not [key for key in fonts.attrib if "Theme" in key]
            assert properties.find(qn("w:lang")).get(qn("w:val")) == tongue
            assert properties.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"


def test_first_row_of_every_table_repeats_and_rows_are_not_torn() -> None:
    for table in Document(BytesIO(render_docx(chinese()))).tables:
        rows = [row._tr.trPr for row in table.rows]
        assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(qn("w:cantSplit")) is not None for row in rows)


def test_widths_stand_in_the_grid_and_in_every_cell() -> None:
    for table in Document(BytesIO(render_docx(chinese()))).tables:
        grid = [column.w for column in table._tbl.tblGrid.gridCol_lst]
        assert all([cell.width for cell in row.cells] == grid for row in table.rows)


def test_footer_has_page_and_number_of_pages_as_fields_and_the_hash() -> None:
    footer = parts(render_docx(chinese()))["word/footer1.xml"].decode()
    assert re.findall(r"<w:instrText[^>]*> (\w+) <", footer) == ["PAGE", "NUMPAGES"]
    kinds = re.findall(r'fldCharType="(\w+)"', footer)
    assert kinds == ["begin", "separate", "end"] * 2
    assert "9f86d081" * 8 in footer


def test_children_stand_in_the_order_of_the_schema() -> None:
    document = Document(BytesIO(render_docx(chinese())))
    section = document.sections[0]
    for root in (document.element, section.header._element, section.footer._element):
        for name, order in ORDER.items():
            for element in root.iter(qn(name)):
                places = [order.index(child.tag.split("}")[1]) for child in element]
                assert places == sorted(places), (name, [child.tag for child in element])


def test_control_characters_and_markup_do_no_harm() -> None:
    sheet = english(sections=(Section(rows=(Row("A\x00\x0b", HOSTILE + " <w:p/> &amp; \ufffe\ud800"),)),))
    document = Document(BytesIO(render_docx(sheet)))
    assert document.tables[0].rows[1].cells[0].text == "A"
    assert document.tables[0].rows[1].cells[1].text == HOSTILE + " <w:p/> &amp; "


def test_strip_says_why_a_day_is_not_counted() -> None:
    cells = [cell.text for row in Document(BytesIO(render_docx(chinese()))).tables[2].rows for cell in row.cells]
    assert "2026-10-01\n国庆节" in cells
    assert "2026-09-20\n班 11" in cells
    assert "2026-10-22\n截止日 30" in cells

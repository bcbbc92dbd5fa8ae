import re
from datetime import date
from io import BytesIO

import pypdf
import pytest

from portal.documents.fonts import fonts, spelled
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Day, DayStrip, Row, Section, Table, weeks
from tests.documents.sheets import HOSTILE, chinese, english


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(content))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_chinese_text_is_readable_in_the_pdf() -> None:
    text = squeezed(words(render_pdf(chinese())))
    for expected in (
        "人脸识别技术应用情况备案表",
        "滨海机场集团有限公司",
        "工作底稿，非官方表格",
        "单位名称（盖章）：",
        "国庆节",
    ):
        assert expected in text


def test_every_font_is_embedded_and_from_the_package() -> None:
    names = set()
    for page in read(render_pdf(chinese())).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            names.add(descriptor["/FontName"].split("+")[1])
    assert len(names) == 2
    assert all("Noto" in name and "SC" in name for name in names)


def test_fonts_of_the_machine_are_not_looked_at() -> None:
    assert sorted(fonts().families()) == ["Noto Sans SC", "Noto Serif SC"]


def test_same_sheet_gives_the_same_bytes() -> None:
    assert render_pdf(chinese()) == render_pdf(chinese())
    assert render_pdf(english()) == render_pdf(english())


def test_another_value_gives_other_bytes() -> None:
    assert render_pdf(english()) != render_pdf(english(reference="FIL-2026-0002"))


def test_markup_in_a_value_prints_literally() -> None:
    assert squeezed(HOSTILE) in squeezed(words(render_pdf(english())))


@pytest.mark.parametrize("field", ["title", "subtitle", "reference", "notice", "digest_line", "printed_by"])
def test_markup_prints_literally_everywhere(field: str) -> None:
    assert squeezed(HOSTILE) in squeezed(words(render_pdf(english(**{field: HOSTILE}))))


def test_missing_values_are_marked_in_red_words() -> None:
    content = render_pdf(english())
    assert "Not filled in" in words(content)
    red = re.compile(rb"0\.70196\d* 0\.14901\d* 0\.1176\d* (?:rg|scn)")
    assert any(red.search(page.get_contents().get_data()) for page in read(content).pages)


def test_pages_are_numbered_and_carry_reference_and_hash() -> None:
    pages = read(render_pdf(chinese())).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        text = squeezed(page.extract_text())
        assert f"第{number}页，共{len(pages)}页" in text
        assert "FIL-2026-0001" in text
        assert "9f86d081" * 8 in text


def test_pages_after_the_first_still_say_what_the_paper_is_not() -> None:
    second = squeezed(read(render_pdf(chinese())).pages[1].extract_text())
    assert "人脸识别技术应用情况备案表" in second and "工作底稿，非官方表格" in second


def test_list_header_repeats_on_the_next_page() -> None:
    pages = [page.extract_text() for page in read(render_pdf(chinese())).pages]
    with_devices = [text for text in pages if "DEV-0" in text]
    assert len(with_devices) > 1
    assert all("编号" in text and "位置" in text for text in with_devices)


def test_pdf_is_tagged_and_names_its_language() -> None:
    root = read(render_pdf(chinese())).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_pdf_carries_the_day_of_its_facts_not_of_printing() -> None:
    assert read(render_pdf(chinese())).metadata["/CreationDate"].startswith("D:20261012")


def test_strip_prints_every_day_with_its_number_or_reason() -> None:
    text = words(render_pdf(chinese()))
    for day in ("09-04", "09-20", "10-07", "10-22"):
        assert day in text
    lines = [line.split() for line in text.splitlines()]
    for number in range(1, 31):
        assert any(str(number) in line for line in lines)
    assert "起算日" in text and "截止日" in text and "调休上班日（计入）" in text


def test_strip_starts_a_row_each_monday() -> None:
    rows = weeks(chinese().sections[2].strip)
    assert len(rows) == 8
    assert [day is None for day in rows[0]] == [True] * 4 + [False] * 3
    assert all(day is None or day.on.weekday() == place for row in rows for place, day in enumerate(row))


def test_a_reckoning_is_not_torn_in_two() -> None:
    pages = [page.extract_text() for page in read(render_pdf(chinese())).pages]
    assert len([text for text in pages if "周一" in text]) == 1


def test_character_without_a_glyph_is_spelled_not_dropped() -> None:
    sheet = english(sections=(Section(rows=(Row("Name", "𠮷野\U0001f600 \x00\u202eabc"),)),))
    text = squeezed(words(render_pdf(sheet)))
    assert "〔U+20BB7〕野〔U+1F600〕abc" in text
    assert spelled("滨海 ABC") == "滨海 ABC"


def test_long_run_without_spaces_stays_on_the_paper() -> None:
    run = "a1b2c3d4" * 40
    sheet = english(sections=(Section(rows=(Row("Hash", run),), table=Table(("A", "B"), ((run, "x"),))),))
    content = render_pdf(sheet)
    assert squeezed(words(content)).count(run) == 2
    # At 10.5 pt a value's line holds some 55 letters; unbroken, the 320 would be one line.
    assert max(len(line) for line in words(content).splitlines()) < 80


def test_empty_strip_and_empty_section_print() -> None:
    sheet = english(sections=(Section(), Section("Head", strip=DayStrip(())), Section(table=Table(("A",), ()))))
    assert "Head" in words(render_pdf(sheet))


def test_days_of_two_years_name_both() -> None:
    strip = DayStrip((Day(date(2026, 12, 31), "start"), Day(date(2027, 1, 4), "due", "1")))
    text = words(render_pdf(english(sections=(Section(strip=strip),))))
    assert "2026" in text and "2027" in text


def test_row_of_another_length_than_the_header_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2"):
        Table(("A", "B"), (("1", "2"), ("1",)))


def test_sheet_lists_its_missing_fields() -> None:
    assert chinese().missing() == ("法定代表人",)

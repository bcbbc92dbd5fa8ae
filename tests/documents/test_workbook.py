import csv
import io
import itertools
from datetime import UTC, date, datetime

import openpyxl
import pytest

from portal.documents.workbook import csv_lines, guard, render_xlsx


def cells(content: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.mark.parametrize("text", ["=1+1", "+86 21", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1", "＠a"])
def test_text_that_reads_as_a_formula_is_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"
    line = b"".join(csv_lines(["A"], [[text]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(line, newline="")))[1] == [f"'{text}"]
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx("A", ["A"], [[text]])))
    assert book.active["A2"].data_type == "s"
    assert not str(book.active["A2"].value).startswith(tuple("=+-@＝＋－＠"))


def test_ordinary_text_is_left_alone() -> None:
    assert guard("T2 航站楼 - A") == "T2 航站楼 - A"
    assert guard("") == ""


def test_hidden_character_before_a_formula_does_not_hide_it_from_the_guard() -> None:
    assert cells(render_xlsx("A", ["A"], [["\u200b=1+1"]]))[1] == ["'=1+1"]


def test_header_cells_are_guarded_too() -> None:
    assert cells(render_xlsx("A", ["=A"], []))[0] == ["'=A"]
    assert b"'=A" in b"".join(csv_lines(["=A"], []))


def test_numbers_and_dates_stay_what_they_are() -> None:
    moment = datetime(2026, 10, 12, 8, tzinfo=UTC)
    content = render_xlsx("设备", ["数", "日", "时", "空", "否"], [[-3, date(2026, 10, 12), moment, None, False]])
    number, day, at, empty, no = cells(content)[1]
    assert (number, day.date(), at, empty, no) == (-3, date(2026, 10, 12), "2026-10-12T08:00:00+00:00", None, False)


def test_error_words_and_control_characters_are_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx("A", ["A"], [["#N/A"], ["a\x00b\x0b"], ["x" * 40_000]])))
    assert book.active["A2"].data_type == "s"
    assert book.active["A3"].value == "ab"
    assert len(book.active["A4"].value) == 32_767


def test_header_is_frozen_and_filtered() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(render_xlsx("设备", ["A", "B"], [["1", "2"]] * 3))).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B4"


@pytest.mark.parametrize("name", ["a/b:c*?[]", "", "'", "很" * 60])
def test_any_name_makes_a_sheet(name: str) -> None:
    assert cells(render_xlsx(name, ["A"], [])) == [["A"]]


def test_same_rows_give_the_same_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx("A", ["A"], [["x"]])))
    assert book.properties.modified == datetime(2025, 6, 1)
    assert render_xlsx("A", ["A"], [["x"]]) == render_xlsx("A", ["A"], [["x"]])


def test_csv_begins_with_the_mark_and_reads_back() -> None:
    lines = list(csv_lines(["名称", "数"], [['滨海 "T1", 二楼\n', 3], ["", None]]))
    assert len(lines) == 3
    assert lines[0].startswith(b"\xef\xbb\xbf") and lines[0].endswith(b"\r\n")
    text = b"".join(lines).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [['滨海 "T1", 二楼\n', "3"], ["", ""]]


def test_csv_is_written_line_by_line() -> None:
    endless = csv_lines(["A"], ([number] for number in itertools.count()))
    assert [next(endless) for _ in range(3)][2] == b"1\r\n"

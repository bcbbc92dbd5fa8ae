"""XLSX: cells become what a person would have typed, at the row the spreadsheet shows."""

import datetime
import io

import openpyxl
import pytest

from portal.imports.reading.phrases import Refused
from portal.imports.reading.sheet import read
from tests.imports.files import COUNT, sheet, workbook

pytestmark = pytest.mark.usefixtures("in_english")

HEADER = ["pip_uscc", "scenario_code", "deployment_code", "counted_on", "persons"]
ROW = list(COUNT.values())


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def counts(*cells, start=1, column=1):
    """A workbook of counts whose day and number are given as Excel values."""
    book = openpyxl.Workbook()
    grid = [HEADER, *([*ROW[:3], *pair] for pair in cells)]
    for number, row in enumerate(grid, start):
        for place, value in enumerate(row, column):
            book.active.cell(number, place, value)
    return saved(book)


def test_excel_dates_and_numbers_are_read():
    data = counts(
        (datetime.date(2026, 3, 1), 12345),
        (datetime.datetime(2026, 3, 2), 1000.0),
        ("2026年3月3日", "1.2万"),
    )
    rows = list(read(data, "x").rows())
    assert [row.values["counted_on"].day for row in rows] == [1, 2, 3]
    assert [row.values["persons"] for row in rows] == [12345, 1000, 12000]
    assert rows[0].raw["counted_on"] == "2026-03-01"
    assert rows[0].raw["persons"] == "12345"


def test_number_with_a_fraction_is_no_number_of_persons():
    (row,) = read(counts((datetime.date(2026, 3, 1), 12.5)), "x").rows()
    assert [(problem.column, problem.value) for problem in row.problems] == [("persons", "12.5")]


def test_rows_and_columns_keep_their_place_when_the_table_starts_elsewhere():
    reading = read(counts((datetime.date(2026, 3, 1), 1), start=5, column=3), "x")
    assert reading.header_row == 5
    assert [row.row_number for row in reading.rows()] == [6]


def test_failed_formula_is_an_error_not_an_empty_cell():
    cells = "".join(
        f'<c r="{chr(65 + n)}2" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(ROW[:4])
    )
    body = sheet(HEADER).replace(
        b"</sheetData>", f'<row r="2">{cells}<c r="E2" t="e"><v>#DIV/0!</v></c></row></sheetData>'.encode()
    )
    (row,) = read(workbook(body), "x").rows()
    assert "shows an error" in str(row.problems[0])


def test_first_filled_sheet_is_read_or_the_chosen_one():
    book = openpyxl.Workbook()
    for name, number in (("七月", 1), ("八月", 2)):
        page = book.create_sheet(name)
        page.append(HEADER)
        page.append([*ROW[:4], number])
    reading = read(saved(book), "x")
    assert (reading.sheet, reading.sheets) == ("七月", ("Sheet", "七月", "八月"))
    assert next(read(saved(book), "x", sheet="八月").rows()).values["persons"] == 2
    with pytest.raises(Refused) as refused:
        read(saved(book), "x", sheet="九月")
    assert "七月" in str(refused.value)


def test_identity_number_on_another_sheet_refuses_the_workbook():
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(ROW)
    book.create_sheet("people").append(["x", "990101199001010019"])
    with pytest.raises(Refused) as refused:
        read(saved(book), "x")
    assert refused.value.reason == "personal"
    assert "990101199001010019" not in str(refused.value)


def test_text_that_looks_like_a_number_keeps_its_zeros():
    data = workbook(sheet(HEADER, [*ROW[:2], "007", *ROW[3:]]))
    assert next(read(data, "x").rows()).values["deployment_code"] == "007"

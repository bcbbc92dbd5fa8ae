"""Rows with errors go back with their reasons, and come in again as they are."""

import csv
import io

import openpyxl
import pytest

from portal.imports.reading.mended import PROBLEM_HEADER, broken, mended_csv, mended_xlsx
from portal.imports.reading.sheet import read
from tests.imports.files import DEPLOYMENT, SAMPLES, rows_of, table

pytestmark = pytest.mark.usefixtures("in_english")

ROWS = rows_of(
    {**DEPLOYMENT, "note": "", "颜色": "=1+1"},
    {},
    {"deployment_code": "FR-2", "site_code": "S2", "province": "火星省", "note": "=HYPERLINK(1)"},
    {"deployment_code": "FR-3", "site_code": "S3", "started_on": "2025-13-05", "note": "a, b\nc"},
)


def both(reading):
    """The rows with errors as CSV and as a workbook."""
    yield b"".join(mended_csv(reading.headers, broken(reading.rows())))
    yield mended_xlsx(reading.headers, broken(reading.rows()))


def test_only_rows_with_errors_are_written_with_all_columns_and_reasons():
    reading = read(table(*ROWS).encode("gb18030"), "x")
    data = b"".join(mended_csv(reading.headers, broken(reading.rows())))
    assert data.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header[: len(reading.headers)] == list(reading.headers)
    assert header[len(reading.headers)] == PROBLEM_HEADER
    assert [line[0] for line in lines] == ["FR-2", "FR-3"]
    assert lines[1][-1] == "started_on: There is no month 13. Write the date like 2025-06-05."


def test_what_a_spreadsheet_would_run_is_guarded_and_read_back_as_typed():
    reading = read(table(*ROWS).encode(), "x")
    for data in both(reading):
        again = read(data, "y")
        assert next(again.rows()).raw["note"] == "'=HYPERLINK(1)"
        assert next(again.rows()).values["note"] == "=HYPERLINK(1)"


def test_file_that_was_sent_back_is_read_again_with_no_other_change():
    reading = read(SAMPLES / "airports-deployments-november.csv", "x")
    for data in both(reading):
        again = read(data, "y")
        assert again.row_count == 2
        assert again.unknown_columns == ()
        expected = [
            (row.values, [problem.message for problem in row.problems]) for row in reading.rows() if row.problems
        ]
        assert [(row.values, [problem.message for problem in row.problems]) for row in again.rows()] == expected
        twice = read(b"".join(mended_csv(again.headers, broken(again.rows()))), "z")
        assert twice.headers == again.headers


def test_mended_workbook_is_accepted_without_problems():
    reading = read(table(*ROWS).encode(), "x")
    book = openpyxl.load_workbook(io.BytesIO(mended_xlsx(reading.headers, broken(reading.rows()))))
    page = book.active
    places = {cell.value: cell.column for cell in page[1]}
    page.cell(2, places["province"], "北京")
    page.cell(3, places["started_on"], "2025-06-05")
    stream = io.BytesIO()
    book.save(stream)
    again = read(stream.getvalue(), "y")
    assert [row.problems for row in again.rows()] == [(), ()]

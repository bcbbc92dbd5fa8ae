"""The sample files of the project, row for row."""

import datetime

import pytest

from portal.imports.reading.sheet import read
from tests.imports.files import SAMPLES

pytestmark = pytest.mark.usefixtures("in_english")

FILES = [
    ("airports-deployments.csv", "deployments", "gb18030", 256),
    ("airports-deployments-november.csv", "deployments", "gb18030", 260),
    ("airports-devices.csv", "devices", "utf-8-sig", 640),
    ("airports-signs.csv", "signs", "utf-8", 227),
    ("airports-counts.xlsx", "counts", "xlsx", 1200),
]


@pytest.mark.parametrize(("name", "kind", "encoding", "rows"), FILES)
def test_sample_is_recognised_with_all_its_rows(name, kind, encoding, rows):
    reading = read(SAMPLES / name, name)
    assert (reading.kind, reading.encoding, reading.row_count) == (kind, encoding, rows)
    assert len(list(reading.rows())) == rows
    assert reading.header_row == 1
    assert reading.unknown_columns == ()


@pytest.mark.parametrize("name", [file[0] for file in FILES if "november" not in file[0]])
def test_sample_has_no_problem(name):
    assert [row for row in read(SAMPLES / name, name).rows() if row.problems] == []


def test_cells_of_a_sample_are_typed():
    first = next(read(SAMPLES / "airports-deployments.csv", "x").rows())
    assert first.row_number == 2
    assert first.values["province"] == "11"
    assert first.values["status"] == "planned"
    assert first.values["started_on"] is None
    assert first.values["note"] == ""
    assert first.raw["省份"] == "北京市"


def test_counts_of_the_workbook_are_numbers_and_days():
    first = next(read(SAMPLES / "airports-counts.xlsx", "x").rows())
    assert first.values["counted_on"] == datetime.date(2026, 7, 2)
    assert first.values["persons"] == 307


def test_november_names_row_column_value_and_remedy_of_both_broken_rows():
    broken = [row for row in read(SAMPLES / "airports-deployments-november.csv", "x").rows() if row.problems]
    assert [row.row_number for row in broken] == [260, 261]
    first, second = ({problem.column: problem for problem in row.problems} for row in broken)
    assert first["统一社会信用代码"].value == "91110105MA01FRA19Z"
    assert "Character 18" in str(first["统一社会信用代码"].message)
    assert first["启用日期"].value == "2025-13-05"
    assert str(first["启用日期"]) == "There is no month 13. Write the date like 2025-06-05."
    assert second["省份"].value == "火星省"
    assert "北京" in str(second["省份"].remedy)
    assert second["终止日期"].value == "2025-06-01"
    assert "2025-06-05" in str(second["终止日期"])

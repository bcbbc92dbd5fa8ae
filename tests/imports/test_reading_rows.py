"""Rules within a row and between the rows of a file: all errors of all rows, each with its place."""

import pytest

from portal.imports.reading.sheet import read
from tests.imports.files import COUNT, DEPLOYMENT, DEVICE, SIGN, SOUTH, rows_of, table

pytestmark = pytest.mark.usefixtures("in_english")


def problems(*rows):
    """Row number → columns with problems."""
    judged = read(table(*rows).encode(), "x").rows()
    return {row.row_number: [problem.column for problem in row.problems] for row in judged if row.problems}


def test_all_seeded_errors_of_a_large_file_are_reported():
    bad = {number: {"province": "火星省"} for number in range(7, 1000, 27)}
    rows = rows_of(
        {**DEPLOYMENT, "province": "11"},
        *({"deployment_code": f"FR-{n}", "site_code": f"S{n}", **bad.get(n, {})} for n in range(1000)),
    )
    assert len(bad) == 37
    assert problems(*rows) == {number + 2: ["province"] for number in bad}


@pytest.mark.parametrize(
    ("base", "start", "end"),
    [
        (DEPLOYMENT, "started_on", "ended_on"),
        (DEVICE, "installed_on", "removed_on"),
        (SIGN, "posted_on", "removed_on"),
    ],
)
def test_end_before_start_is_an_error(base, start, end):
    assert problems({**base, start: "2026-03-02", end: "2026-03-01"}) == {2: [end]}
    assert problems({**base, start: "2026-03-02", end: "2026-03-02"}) == {}


def test_terminated_deployment_needs_its_day():
    assert problems({**DEPLOYMENT, "status": "已终止", "ended_on": ""}) == {2: ["ended_on"]}
    # Without the column the day may stand in the register already.
    assert problems({**DEPLOYMENT, "status": "已终止"}) == {}


def test_key_that_stands_twice_is_an_error_on_each_row_and_names_the_others():
    rows = rows_of(DEVICE, {}, {"device_serial": "SN2"}, {"device_serial": " sn1"}, {"device_serial": "ＳＮ１"})
    judged = {row.row_number: row for row in read(table(*rows).encode(), "x").rows()}
    assert [bool(judged[number].problems) for number in (2, 3, 4, 5)] == [True, False, True, True]
    assert "row 4, 5 too" in str(judged[2].problems[0])
    assert "row 2, 4 too" in str(judged[5].problems[0])


def test_same_code_of_another_pip_is_another_key():
    assert problems(*rows_of(DEVICE, {}, {"pip_uscc": SOUTH})) == {}


def test_counts_are_keyed_by_day_and_deployment():
    assert problems(*rows_of(COUNT, {}, {"counted_on": "2026-07-02"}, {"deployment_code": ""})) == {}
    assert list(problems(*rows_of(COUNT, {}, {"counted_on": "2026/7/1", "persons": "5"}))) == [2, 3]


def test_rows_that_disagree_on_a_site_are_errors_on_both():
    base = {**DEPLOYMENT, "city": "Beijing"}
    rows = rows_of(
        base,
        {},
        {"deployment_code": "FR-2", "site_name": "另一个名称"},
        {"deployment_code": "FR-3", "site_code": "S2"},
        {"deployment_code": "FR-4", "site_code": "S3", "province": "北京"},
        {"deployment_code": "FR-5", "site_code": "S3", "province": "11"},
        {"deployment_code": "FR-6", "city": ""},
    )
    assert problems(*rows) == {2: ["site_name", "city"], 3: ["site_name", "city"], 7: ["site_name", "city"]}


def test_rows_that_say_nothing_of_the_name_do_not_disagree():
    assert problems(*rows_of(DEPLOYMENT, {}, {"deployment_code": "FR-2", "site_name": "", "province": ""})) == {}


def test_surplus_cells_are_an_error():
    text = table(DEPLOYMENT).rstrip() + ",,x\r\n"
    (row,) = read(text.encode(), "x").rows()
    assert [problem.column for problem in row.problems] == [""]
    assert not next(read((table(DEPLOYMENT).rstrip() + ",,\r\n").encode(), "x").rows()).problems


def test_other_spelling_of_a_code_is_shown():
    (row,) = read(table({**DEVICE, "device_serial": "ｓｎ１", "maker": " 大华 "}).encode(), "x").rows()
    assert row.respelled == ("device_serial", "maker")
    assert row.values["device_serial"] == "SN1"
    assert row.raw["device_serial"] == "ｓｎ１"


def test_rows_can_be_read_again():
    reading = read(table(*rows_of(DEVICE, {}, {"device_serial": "SN2"})).encode(), "x")
    assert list(reading.rows()) == list(reading.rows())
    assert reading.key_of(next(reading.rows())) == (DEVICE["pip_uscc"], "SN1")

"""Header rows are recognised in both languages, wherever they stand; what is missing or doubled is named."""

import pytest

from portal.imports.reading.columns import KINDS
from portal.imports.reading.phrases import Refused
from portal.imports.reading.sheet import read
from tests.imports.files import COUNT, DEPLOYMENT, DEVICE, SIGN, rows_of, table

pytestmark = pytest.mark.usefixtures("in_english")

EXAMPLES = {"deployments": DEPLOYMENT, "devices": DEVICE, "signs": SIGN, "counts": COUNT}


def renamed(row, names):
    """The row under other headers."""
    return {names.get(name, name): value for name, value in row.items()}


def chinese(kind):
    return {column.name: column.zh for column in KINDS[kind].columns}


def refused(data, **kwargs):
    with pytest.raises(Refused) as refusal:
        read(data, "x", **kwargs)
    return refusal.value


@pytest.mark.parametrize("kind", EXAMPLES)
def test_kind_is_recognised_in_either_language_mixed_and_in_any_order(kind):
    row = EXAMPLES[kind]
    expected = next(read(table(row).encode(), "x").rows()).values
    mixed = dict(list(chinese(kind).items())[::2])
    spaced = {name: f" {name.replace('_', ' ').title()} *" for name in row}
    both = {name: f"{chinese(kind)[name]} {name}" for name in row}
    for names in (chinese(kind), mixed, spaced, both):
        turned = dict(reversed(renamed(row, names).items()))
        reading = read(table(turned).encode(), "x")
        assert reading.kind == kind
        assert next(reading.rows()).values == expected


def test_headers_and_aliases_of_a_kind_never_mean_two_columns():
    for kind in KINDS.values():
        words = [word for column in kind.columns for word in (column.name, column.zh, *column.aliases)]
        assert len(words) == len(set(words))
        assert {name for name in kind.key} <= {column.name for column in kind.columns}


def test_titles_above_and_remarks_below_are_not_rows():
    head = [["人脸识别设备部署登记表"], ["填报单位：示例机场", "", "2026-03-01"], []]
    foot = [[], ["合计", "2"], ["注：以上数据由供应商提供。"]]
    rows = rows_of(DEPLOYMENT, {}, {"deployment_code": "FR-2"})
    reading = read(table(*rows, head=head, foot=foot).encode(), "x")
    assert (reading.header_row, reading.row_count, reading.remarks) == (4, 2, (8, 9))
    assert [row.row_number for row in reading.rows()] == [5, 6]
    assert not any(row.problems for row in reading.rows())


def test_incomplete_row_at_the_end_is_an_error_not_a_remark():
    reading = read(table(DEPLOYMENT, foot=[["FR-9"]]).encode(), "x")
    assert [len(row.problems) > 0 for row in reading.rows()] == [False, True]


def test_remark_between_the_rows_is_an_error():
    rows = table(*rows_of(DEPLOYMENT, {}, {"deployment_code": "FR-2"}), newline="\n").splitlines()
    text = "\n".join([*rows[:2], "小计：一行", rows[2]])
    assert [bool(row.problems) for row in read(text.encode(), "x").rows()] == [False, True, False]


def test_second_header_row_in_the_other_language_is_skipped():
    text = table(DEPLOYMENT, head=[[chinese("deployments")[name] for name in DEPLOYMENT]])
    reading = read(text.encode(), "x")
    assert [row.row_number for row in reading.rows()] == [3]


def test_unknown_columns_are_listed_and_ignored():
    reading = read(table({**DEVICE, "颜色": "红", "": "x"}).encode(), "x")
    assert reading.unknown_columns == ("颜色", "(9)") or reading.unknown_columns == ("颜色",)
    (row,) = reading.rows()
    assert row.raw["颜色"] == "红"
    assert "颜色" not in row.values


@pytest.mark.parametrize("kind", EXAMPLES)
def test_missing_required_column_is_named(kind):
    for column in KINDS[kind].columns:
        if not column.required:
            continue
        row = {name: value for name, value in EXAMPLES[kind].items() if name != column.name}
        refusal = refused(table(row).encode())
        assert refusal.reason == "missing_column"
        assert column.zh in str(refusal)


def test_two_columns_with_one_meaning_refuse_the_file():
    refusal = refused(table({**COUNT, "存储人数": "5"}).encode())
    assert refusal.reason == "duplicate_column"
    assert "persons" in str(refusal)
    assert "存储人数" in str(refusal)


def test_mapping_overrules_the_headers():
    row = renamed(COUNT, {"persons": "库内总量"})
    assert refused(table(row).encode()).reason == "missing_column"
    reading = read(table(row).encode(), "x", mapping={"库内总量": "persons"})
    assert next(reading.rows()).values["persons"] == 12345
    assert reading.mapping["库内总量"] == "persons"
    both = read(table({**COUNT, "存储人数": "5"}).encode(), "x", mapping={"persons": None})
    assert next(both.rows()).values["persons"] == 5


def test_all_headers_may_be_mapped():
    row = {f"列{number}": value for number, value in enumerate(COUNT.values())}
    mapping = dict(zip(row, COUNT, strict=True))
    assert read(table(row, delimiter=";").encode(), "x", mapping=mapping).kind == "counts"


def test_kind_can_be_chosen():
    assert refused(table(COUNT).encode(), kind="signs").reason == "missing_column"
    assert refused(table(COUNT).encode(), kind="persons").reason == "unknown_kind"


def test_absent_column_is_left_alone_and_empty_cell_clears():
    (row,) = read(table({**DEPLOYMENT, "city": ""}).encode(), "x").rows()
    assert row.values["city"] == ""
    assert "address" not in row.values
    assert "ended_on" not in row.values

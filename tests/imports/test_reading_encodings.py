"""Encodings, delimiters and line ends are found by rule, and the same table gives the same rows in all of them."""

import codecs

import pytest

from portal.imports.reading.phrases import Refused
from portal.imports.reading.sheet import read
from tests.imports.files import COUNT, DEPLOYMENT, DEVICE, SIGN, rows_of, table

pytestmark = pytest.mark.usefixtures("in_english")

CHINESE = rows_of(DEPLOYMENT, {}, {"deployment_code": "FR-2", "site_code": "S2", "site_name": "镕喆堃機場"})
ENGLISH = rows_of(SIGN, {}, {"sign_code": "SG2"})
MIXED = rows_of(DEVICE, {}, {"device_serial": "SN2", "capture_area": "Gate café"})
COUNTS = rows_of(COUNT, {}, {"counted_on": "2026年8月1日", "persons": "1.2万"})


def corpus():
    """Name, bytes and the encoding that must be found, for 28 files."""
    for label, rows in (("chinese", CHINESE), ("english", ENGLISH), ("mixed", MIXED), ("counts", COUNTS)):
        text = table(*rows)
        has_chinese = not text.isascii()
        yield f"{label} utf-8", text.encode(), "utf-8"
        yield f"{label} bom", text.encode("utf-8-sig"), "utf-8-sig"
        yield f"{label} utf-16 le", codecs.BOM_UTF16_LE + text.encode("utf-16-le"), "utf-16"
        yield f"{label} utf-16 be", codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "utf-16"
        yield f"{label} gb18030", text.encode("gb18030"), "gb18030" if has_chinese else "utf-8"
        if "é" not in text and "機" not in text:
            yield f"{label} gbk", text.encode("gbk"), "gb18030" if has_chinese else "utf-8"
    four_bytes = table(*rows_of(DEPLOYMENT, {"site_name": "𠮷野家"}))
    yield "four-byte gb18030", four_bytes.encode("gb18030"), "gb18030"
    yield "astral utf-8", four_bytes.encode(), "utf-8"
    one_word = table(*rows_of(SIGN, {"location": "呜"}))
    yield "one word that is valid UTF-8 too", one_word.encode("gbk"), "gb18030"
    yield "long utf-8 past one piece", (table(*CHINESE) + "注：" + "说" * 700_000).encode(), "utf-8"
    yield "long gb18030 past one piece", (table(*CHINESE) + "注：" + "说" * 700_000).encode("gb18030"), "gb18030"
    yield "latin letters", table(*rows_of(SIGN, {"location": "Münchner Straße"})).encode(), "utf-8"


CORPUS = list(corpus())


@pytest.mark.parametrize(("data", "encoding"), [case[1:] for case in CORPUS], ids=[case[0] for case in CORPUS])
def test_encoding_is_found(data, encoding):
    assert len(CORPUS) >= 20
    reading = read(data, "x")
    assert reading.encoding == encoding
    assert all("�" not in cell for row in reading.rows() for cell in row.raw.values())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_same_table_gives_same_rows_whatever_carries_it(encoding, delimiter, newline):
    expected = [(row.row_number, row.values) for row in read(table(*CHINESE).encode(), "x").rows()]
    reading = read(table(*CHINESE, delimiter=delimiter, newline=newline).encode(encoding), "x")
    assert reading.delimiter == delimiter
    assert [(row.row_number, row.values) for row in reading.rows()] == expected


def test_mixed_line_ends_and_blank_lines_keep_spreadsheet_row_numbers():
    head, first, second = table(*CHINESE, newline="\n").splitlines()
    reading = read(f"{head}\r\n{first}\r\r{second}\n".encode(), "x")
    assert [row.row_number for row in reading.rows()] == [2, 4]


def test_line_end_inside_quotes_is_one_row():
    rows = rows_of({**DEPLOYMENT, "note": "first\nsecond\r\nthird"}, {}, {"deployment_code": "FR-2"})
    assert [row.row_number for row in read(table(*rows).encode(), "x").rows()] == [2, 3]


def test_separator_line_of_excel_is_not_a_row():
    reading = read(("sep=;\r\n" + table(*CHINESE, delimiter=";")).encode(), "x")
    assert (reading.delimiter, reading.header_row) == (";", 1)


def test_encoding_can_be_overruled():
    data = table(*rows_of(SIGN, {"location": "Münchner Straße"})).encode()
    assert next(read(data, "x", encoding="gbk").rows()).values["location"].startswith("M眉nchner")


def test_unclosed_quote_names_the_row():
    text = table(*CHINESE) + 'FR-3,"open\r\nFR-4,x\r\n'
    with pytest.raises(Refused) as refused:
        read(text.encode(), "x")
    assert refused.value.reason == "unclosed_quote"
    assert "opened in row 4 is never closed" in str(refused.value)


def test_undecodable_bytes_name_line_and_offset():
    data = table(*CHINESE).encode() + b"FR-3,\xff\xff"
    with pytest.raises(Refused) as refused:
        read(data, "x")
    assert refused.value.reason == "undecodable"
    assert refused.value.place == {"line": 4, "offset": len(data) - 2}


def test_undecodable_byte_past_the_first_piece_has_its_true_offset():
    data = (table(*CHINESE, newline="\n") + "汉" * 1_000_000).encode() + b"\xff,"
    with pytest.raises(Refused) as refused:
        read(data, "x", encoding="utf-8")
    assert refused.value.place == {"line": 4, "offset": len(data) - 2}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_nul_refuses_the_file_with_its_line(encoding):
    text = table(*rows_of(DEPLOYMENT, {}, {"site_name": "a\0b"}))
    with pytest.raises(Refused) as refused:
        read(text.encode(encoding), "x")
    assert (refused.value.reason, refused.value.place["line"]) == ("nul", 3)

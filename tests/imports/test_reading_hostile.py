"""Files made to hurt: each is refused with a reason, fast and in little memory, and the process goes on."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports.reading import limits, xlsx
from portal.imports.reading.phrases import Refused
from portal.imports.reading.sheet import read
from tests.imports.files import COUNT, DEPLOYMENT, SAMPLES, raw_sheet, rows_of, sheet, table, workbook

pytestmark = pytest.mark.usefixtures("in_english")

MB = 2**20


def refusal(data, **kwargs):
    """The refusal of a file."""
    with pytest.raises(Refused) as refused:
        read(data, "x", **kwargs)
    assert str(refused.value)
    return refused.value


def far_cell(quote='"'):
    return raw_sheet(f"<sheetData><row r={quote}1{quote}><c r={quote}XFD300000{quote}><v>1</v></c></row></sheetData>")


def many_rows():
    row = "<row><c><v>1</v></c></row>"
    return raw_sheet("<sheetData>" + row * 3_000_000 + "</sheetData>")


def huge_cell():
    """A cell of 400 MB in half a megabyte, written piece by piece so that the tests themselves stay small."""
    return grown(
        "xl/worksheets/sheet1.xml", '<row r="1"><c r="A1" t="inlineStr"><is><t>', (b"a" * MB for _ in range(400))
    )


def thick_string():
    """A shared string of 150 MB that shrinks to a hundredth only, as honest tables may."""
    pieces = (hashlib.sha256(b"%d" % n).hexdigest().encode() + b"a" * 2500 for n in range(60_000))
    return grown("xl/sharedStrings.xml", "<si><t>", pieces)


def grown(part, start, pieces):
    stream = io.BytesIO(workbook(sheet(["a"])) if "shared" in part else b"")
    if "shared" in part:
        archive = zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED)
    else:
        with zipfile.ZipFile(io.BytesIO(workbook(b""))) as empty:
            archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
            for name in empty.namelist():
                if name != part:
                    archive.writestr(name, empty.read(name))
    with archive, archive.open(part, "w") as out:
        out.write(f'<x xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{start}'.encode())
        for piece in pieces:
            out.write(piece)
    return stream.getvalue()


def laughs():
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = raw_sheet('<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData>')
    return body.replace(b"?>", f'?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'.encode(), 1)


def declared(area):
    return raw_sheet(f'<dimension ref="{area}"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')


BOMBS = [
    ("cell far out", lambda: workbook(far_cell()), "too_many_columns"),
    ("cell far out, other quotes", lambda: workbook(far_cell("'")), "too_many_columns"),
    ("cell far down", lambda: workbook(far_cell().replace(b"XFD300000", b"A1048576")), "too_many_rows"),
    ("far cell under another spelling", lambda: workbook(far_cell().replace(b"XFD", b"&#88;FD")), "damaged"),
    ("three million rows", lambda: workbook(many_rows()), "inflated"),
    ("a cell of 400 MB", huge_cell, "inflated"),
    ("a string that shrinks little", thick_string, "inflated"),
    ("billion laughs", lambda: workbook(laughs()), "entities"),
    ("declares all columns", lambda: workbook(declared("A1:XFD10")), "too_many_columns"),
    ("declares all rows", lambda: workbook(declared("A1:B1048576")), "too_many_rows"),
    ("zeros for a part", lambda: workbook(b"<x/>", {"xl/sharedStrings.xml": b"\0" * 1000}), "damaged"),
    ("no sheet data", lambda: workbook(raw_sheet("<sheetData/>")), "empty"),
    ("not XML", lambda: workbook(b"<<<<"), "damaged"),
    ("macros", lambda: workbook(sheet(["a"]), {"xl/vbaProject.bin": b"x"}), "macros"),
    ("pictures", lambda: workbook(sheet(["a"]), {"xl/media/image1.png": b"x"}), "images"),
    ("too many entries", lambda: workbook(sheet(["a"]), {f"x/{n}": b"" for n in range(2500)}), "damaged"),
]


# Runs in a small process of its own: a child's peak memory counts from the size of its parent.
DRIVER = """
import json, resource, sys, time
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from portal.imports.reading.phrases import Refused
from portal.imports.reading.sheet import read
for path in sorted(Path(sys.argv[1]).iterdir()):
    started = time.monotonic()
    try:
        outcome = read(path, path.name).row_count
    except Refused as refused:
        outcome = refused.reason
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    own = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024
    print(json.dumps([path.stem, outcome, child, own, round(time.monotonic() - started, 2)]))
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What one process that reads all bombs says of each: reason, peak of children and of itself in MB so far."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, build, _reason in BOMBS:
        (folder / f"{name}.xlsx").write_bytes(build())
    (folder / "zz sample.xlsx").write_bytes((SAMPLES / "airports-counts.xlsx").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(folder)], cwd=SAMPLES.parent, capture_output=True, text=True, check=True
    )
    return {line[0]: line[1:] for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize(("name", "reason"), [bomb[::2] for bomb in BOMBS], ids=[bomb[0] for bomb in BOMBS])
def test_bomb_is_refused_in_little_memory(outcomes, name, reason):
    outcome, child_peak, own_peak, _seconds = outcomes[name]
    assert outcome == reason
    assert child_peak < 256
    assert own_peak < 256


def test_process_that_met_all_bombs_still_reads(outcomes):
    assert outcomes["zz sample"][0] == 1200


def test_three_million_rows_that_shrink_little_are_refused_by_their_number(monkeypatch):
    row = "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 100003}</v></c></row>' for n in range(1, 600_001))
    assert refusal(workbook(raw_sheet(f"<sheetData>{row}</sheetData>"))).reason == "too_many_rows"


def test_part_that_lies_about_its_size_is_refused():
    data = bytearray(workbook(sheet(*[["x" * 50] * 5] * 2000)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    assert int.from_bytes(data[place + 24 : place + 28], "little") == entry.file_size
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    assert refusal(bytes(data)).reason == "damaged"


def test_child_that_takes_too_long_is_ended():
    with pytest.raises(Refused) as refused:
        xlsx.spool((SAMPLES / "airports-counts.xlsx").read_bytes(), seconds=0.001)
    assert refused.value.reason == "too_slow"


def test_truncated_workbook_is_refused():
    data = (SAMPLES / "airports-counts.xlsx").read_bytes()
    for end in (10, 1000, len(data) // 2, len(data) - 3):
        assert refusal(data[:end]).reason in ("damaged", "not_a_sheet")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"%PDF-1.7 x", "not_a_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n", "not_a_sheet"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "not_a_sheet"),
        (b"a,b\r\n1,2\r\n", "no_known_header"),
        (table(DEPLOYMENT).splitlines()[0].encode(), "header_only"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data, reason):
    assert refusal(data).reason == reason


def test_archive_without_a_workbook_is_not_a_sheet():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(stream.getvalue()).reason == "not_a_sheet"


def test_file_past_the_size_limit_is_refused(monkeypatch, tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    assert refusal(path).reason == "too_large"


def test_row_past_the_limit_refuses_the_file(monkeypatch):
    monkeypatch.setattr("portal.imports.reading.judge.MAX_ROWS", 3)
    rows = rows_of(COUNT, *[{"counted_on": f"2026-07-0{day}"} for day in range(1, 5)])
    assert refusal(table(*rows).encode()).reason == "too_many_rows"
    assert read(table(*rows[:3]).encode(), "x").row_count == 3


def test_more_columns_than_the_limit_refuse_the_file():
    wide = {**COUNT, **{f"c{n}": "1" for n in range(limits.MAX_COLUMNS)}}
    assert refusal(table(wide).encode()).reason == "too_many_columns"


def test_long_cell_is_an_error_of_its_row_only():
    rows = rows_of(DEPLOYMENT, {"note": "x" * 200_000}, {"deployment_code": "FR-2"})
    first, second = read(table({**rows[0]}, {**rows[1], "note": "ok"}).encode(), "x").rows()
    assert [str(problem) for problem in first.problems] == [
        "The cell has 200,000 characters. Write at most 10,000 characters."
    ]
    assert len(first.problems[0].value) <= 60
    assert not second.problems


def test_cell_without_end_refuses_the_file():
    text = table(DEPLOYMENT) + "x" * 2_000_000
    assert refusal(text.encode()).reason == "cell_too_long"
    swallowed = table(DEPLOYMENT) + '"' + "x\r\n" * 700_000
    assert refusal(swallowed.encode()).reason == "unclosed_quote"


def test_blank_rows_to_the_end_of_the_sheet_are_no_rows():
    reading = read((table(COUNT) + ",,,,\r\n" * 600_000).encode(), "x")
    assert reading.row_count == 1


def read_or_refuse(data):
    """What every file must come to: rows, or a refusal with a sentence; never another exception."""
    try:
        reading = read(data, "x")
    except Refused as refused:
        assert str(refused)
        return
    rows = list(reading.rows())
    assert len(rows) == reading.row_count
    for row in rows:
        assert all(str(problem.message) and str(problem.remedy) for problem in row.problems)


PIECES = [b'"', b",", b"\r", b"\n", b"\0", b"\xff", b"'", b"\xe5", b";", b"=", b"\xe2\x80\x8b"]
CHANGES = st.lists(
    st.tuples(st.integers(0, 3000), st.sampled_from(PIECES) | st.binary(max_size=4)), min_size=1, max_size=5
)


def changed(data, changes):
    for place, piece in changes:
        place %= len(data)
        data = data[:place] + piece + data[place + len(piece) // 2 :]
    return data


@settings(max_examples=80, deadline=None, database=None)
@given(CHANGES)
def test_damaged_table_is_read_or_refused(changes):
    lines = (SAMPLES / "airports-deployments.csv").read_bytes().splitlines(keepends=True)[:20]
    read_or_refuse(changed(b"".join(lines), changes))


@settings(max_examples=20, deadline=None, database=None)
@given(CHANGES)
def test_damaged_workbook_is_read_or_refused(changes):
    read_or_refuse(changed(workbook(sheet(list(COUNT), [*COUNT.values()])), changes))


@settings(max_examples=60, deadline=None, database=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    read_or_refuse(data)

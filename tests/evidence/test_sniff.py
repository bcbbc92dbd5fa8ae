import io
import struct
import zipfile
import zlib
from functools import partial

import openpyxl
import pytest
from django.conf import settings
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.docx import render_docx
from portal.documents.pack import require_safe
from portal.documents.pdf import render_pdf
from portal.documents.workbook import csv_lines, render_xlsx
from portal.evidence.sniff import HEAD, PIECE, Problem, media_type, problem, safe_name
from tests.documents.sheets import chinese


def judged(name: str, content: bytes) -> Problem | None:
    return problem(name, content[:HEAD], partial(io.BytesIO, content))


def png(extra: bytes = b"", after: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    text = chunk(b"tEXt", b"Comment\0" + extra) if extra else b""
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + pixels + chunk(b"IEND", b"") + after


def jpeg(comment: bytes = b"", after: bytes = b"") -> bytes:
    note = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + note
        + b"\xff\xda"
        + b"\0" * 50
        + b"\xff\xd9"
        + after
    )


def pdf(body: bytes = b"", after: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog " + body + b">> endobj\ntrailer <<>>\n%%EOF\n" + after


def docx() -> bytes:
    stream, document = io.BytesIO(), Document()
    document.add_paragraph("承诺书")
    document.save(stream)
    return stream.getvalue()


def xlsx() -> bytes:
    stream, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["设备", 1])
    book.save(stream)
    return stream.getvalue()


def with_entry(archive: bytes, name: str, content: bytes, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive again with one entry more, or with another content for one it has."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w", kind) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, content)
    return stream.getvalue()


GOOD = {
    "a.pdf": pdf(),
    "扫描 件.PDF": pdf(),
    "a.png": png(),
    "a.jpg": jpeg(),
    "a.jpeg": jpeg(comment=b"<?xpacket begin='' ?><x:xmpmeta>"),
    "motion.jpg": jpeg(after=b"\0\0\0\x18ftypmp42" + b"\0" * 90),
    "a.docx": docx(),
    "a.xlsx": xlsx(),
    "a.csv": "名称,数\n滨海机场,3\n".encode(),
    "bom.csv": "\ufeff名称,数\n".encode(),
    "gb.csv": "名称,数\n滨海机场,3\n".encode("gb18030"),
    "a.txt": b"a < b and c > d\n",
}


@pytest.mark.parametrize("name", GOOD)
def test_honest_file_is_taken(name: str) -> None:
    assert judged(name, GOOD[name]) is None


@pytest.mark.parametrize("name", [name for name in GOOD if name != "a.jpeg" and name != "motion.jpg"])
@pytest.mark.parametrize("ending", ["pdf", "png", "jpg", "docx", "xlsx", "csv"])
def test_ending_that_disagrees_with_the_content_is_refused(name: str, ending: str) -> None:
    own = name.lower().rsplit(".", 1)[1]
    if {own, ending} <= {"csv", "txt"} or own == ending:
        assert judged(f"x.{ending}", GOOD[name]) is None
    else:
        assert judged(f"x.{ending}", GOOD[name]) in {Problem.MISMATCH, Problem.NOT_TEXT}


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.exe", "a.zip", "a.docm", "a.js", "pdf", "a", "a.pdf.exe", ".pdf"]
)
def test_other_endings_are_refused(name: str) -> None:
    assert judged(name, pdf()) == Problem.ENDING


def test_empty_file_is_refused() -> None:
    assert judged("a.pdf", b"") == Problem.EMPTY


PAGE = b"<html><body>x</body></html>"
SCRIPT = b"<ScRiPt>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">'
REFUSED = {
    "html as png": ("a.png", PAGE, Problem.MISMATCH),
    "html before pdf": ("a.pdf", PAGE + pdf(), Problem.MISMATCH),
    "html in pdf's head": ("a.pdf", b"%PDF-1.7\n" + SCRIPT + pdf(), Problem.WEB_PAGE),
    "html after pdf": ("a.pdf", pdf(after=PAGE), Problem.WEB_PAGE),
    "script in png": ("a.png", png(extra=SCRIPT), Problem.WEB_PAGE),
    "script after png": ("a.png", png(after=SCRIPT), Problem.WEB_PAGE),
    "bytes after png": ("a.png", png(after=b"x"), Problem.BROKEN),
    "script in jpeg": ("a.jpg", jpeg(comment=SCRIPT), Problem.WEB_PAGE),
    "svg after jpeg": ("a.jpg", jpeg(after=SVG), Problem.WEB_PAGE),
    "php after jpeg": ("a.jpg", jpeg(after=b"<?php system(1);"), Problem.WEB_PAGE),
    "script over the seam of two pieces in jpeg": (
        "a.jpg",
        jpeg(after=b"\0" * (PIECE - 4 - len(jpeg())) + SCRIPT),
        Problem.WEB_PAGE,
    ),
    "zip after jpeg": ("a.jpg", jpeg(after=docx()), Problem.HIDDEN),
    "zip after pdf": ("a.pdf", pdf(after=docx()), Problem.HIDDEN),
    "pdf after docx": ("a.docx", docx() + pdf(), Problem.HIDDEN),
    "html as csv": ("a.csv", b"name\n" + PAGE, Problem.WEB_PAGE),
    "svg as txt": ("a.txt", SVG, Problem.WEB_PAGE),
    "script over the seam of two pieces in csv": ("a.csv", b"a,b\n" * (PIECE // 4 - 1) + SCRIPT, Problem.WEB_PAGE),
    "shell script": ("a.txt", b"#!/bin/sh\nrm\n", Problem.MISMATCH),
    "program as txt": ("a.txt", b"MZ\x90\0\3", Problem.MISMATCH),
    "no text": ("a.txt", b"abc\0def", Problem.NOT_TEXT),
    "utf-16": ("a.csv", "名称".encode("utf-16"), Problem.NOT_TEXT),
    "script in pdf": ("a.pdf", pdf(b"/OpenAction <</S /JavaScript /JS (x)>>"), Problem.ACTION),
    "launch in pdf": ("a.pdf", pdf(b"/S /Launch"), Problem.ACTION),
    "cut pdf": ("a.pdf", pdf()[:40], Problem.BROKEN),
    "cut png": ("a.png", png()[:-5], Problem.BROKEN),
    "cut jpeg": ("a.jpg", jpeg()[:-2], Problem.BROKEN),
    "cut docx": ("a.docx", docx()[:-30], Problem.BROKEN),
    "old office": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Problem.OLD_OFFICE),
    "macro": ("a.docx", with_entry(docx(), "word/vbaProject.bin", b"x"), Problem.MACRO),
    "macro in capitals": ("a.xlsx", with_entry(xlsx(), "xl/VBAPROJECT.BIN", b"x"), Problem.MACRO),
    "macro sheet": ("a.xlsx", with_entry(xlsx(), "xl/macrosheets/sheet1.xml", b"x"), Problem.MACRO),
    "embedded object": ("a.docx", with_entry(docx(), "word/embeddings/oleObject1.bin", b"x"), Problem.MACRO),
    "macro type": (
        "a.docx",
        with_entry(docx(), "[Content_Types].xml", b"ms-word.document.macroEnabled"),
        Problem.MACRO,
    ),
    "remote template": (
        "a.docx",
        with_entry(docx(), "word/_rels/settings.xml.rels", b'<R Type="x/attachedTemplate" TargetMode="External"/>'),
        Problem.MACRO,
    ),
    "bomb": ("a.docx", with_entry(docx(), "word/media/a.bin", bytes(50_000_000)), Problem.BOMB),
    "bomb of rels": ("a.docx", with_entry(docx(), "word/_rels/a.rels", b"1234567 " * 700_000), Problem.BOMB),
    "many entries": ("a.xlsx", b"", Problem.BOMB),
    "leaves its folder": ("a.docx", with_entry(docx(), "../evil", b"x"), Problem.BROKEN),
    "comment": ("a.docx", b"", Problem.HIDDEN),
    "password": ("a.docx", b"", Problem.LOCKED),
    "shared bytes": ("a.docx", b"", Problem.BOMB),
}


def many() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(6_000):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


def commented() -> bytes:
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = PAGE
    return stream.getvalue()


def locked() -> bytes:
    raw = bytearray(docx())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def shared() -> bytes:
    """The second entry of the directory points at the bytes of the first."""
    raw = bytearray(docx())
    first = raw.index(b"PK\x01\x02")
    second = raw.index(b"PK\x01\x02", first + 4)
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    return bytes(raw)


MADE = {"many entries": many, "comment": commented, "password": locked, "shared bytes": shared}


@pytest.mark.parametrize("case", REFUSED)
def test_file_that_is_not_what_it_seems_is_refused(case: str) -> None:
    name, content, expected = REFUSED[case]
    assert judged(name, MADE[case]() if case in MADE else content) == expected


def test_own_papers_pass_the_check() -> None:
    assert judged("a.pdf", render_pdf(chinese())) is None
    assert judged("a.docx", render_docx(chinese())) is None
    assert judged("a.xlsx", render_xlsx("设备", ["编号"], [["=1"]] * 5_000)) is None
    assert judged("a.csv", b"".join(csv_lines(["编号"], [["=1"]]))) is None


def test_every_problem_says_what_to_do() -> None:
    if not settings.configured:
        pytest.skip("sentences are translated, which needs settings")
    assert all(len(str(choice.label)) > 20 and "!" not in choice.label for choice in Problem)


def test_media_type_follows_the_ending() -> None:
    assert media_type("A.PDF") == "application/pdf"
    assert media_type("a.html") == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("C:\\Users\\li\\证照.pdf", "证照.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202e\u200b.pdf", "ab.pdf"),
        ('a:*?"<>|b.pdf', "a_______b.pdf"),
        ("  . -rf.pdf", "rf.pdf"),
        ("nul.tar.pdf", "_nul.tar.pdf"),
        ("", "file"),
        ("...", "file"),
        (".pdf", "pdf"),
        ("a \t\n b.pdf", "a b.pdf"),
    ],
)
def test_safe_name(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_long_name_keeps_its_ending() -> None:
    name = safe_name("很" * 300 + ".docx")
    assert name.endswith("很.docx") and len(name.encode()) <= 200


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_a_pack_takes(name: str) -> None:
    require_safe(safe_name(name))
    assert safe_name(safe_name(name)) == safe_name(name)

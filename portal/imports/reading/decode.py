"""From bytes to text by rule: byte-order mark, else strict UTF-8, else strict GB18030; and the signs of non-text."""

import codecs
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from portal.imports.reading.phrases import Phrase, Refused

CHUNK = 1 << 20
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
# What people choose or write for an encoding, and the codec that reads it.
NAMES = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# In UTF-8 every Chinese character has a lead byte from E3 on. A file whose bytes are valid UTF-8 but hold only
# two-byte letters outside the Latin range (lead CA-DF) is GB18030 whose few characters look like Greek or Arabic.
HIGH_LEAD = re.compile(rb"[\xe0-\xff]")
FOREIGN_LEAD = re.compile(rb"[\xca-\xdf]")

SIGNATURES = (
    (b"%PDF", _("This is a PDF document, not a table. Export the table as XLSX or CSV.")),
    (
        b"\xd0\xcf\x11\xe0",
        _("This is an old Excel file (.xls) or one with a password. Save it as XLSX without a password."),
    ),
    (b"\x89PNG", _("This is a picture, not a table. Export the table as XLSX or CSV.")),
    (b"\xff\xd8\xff", _("This is a picture, not a table. Export the table as XLSX or CSV.")),
    (b"GIF8", _("This is a picture, not a table. Export the table as XLSX or CSV.")),
    (b"RIFF", _("This is a picture or a recording, not a table. Export the table as XLSX or CSV.")),
    (b"Rar!", _("This is an archive. Unpack it and upload the table inside.")),
    (b"7z\xbc\xaf", _("This is an archive. Unpack it and upload the table inside.")),
    (b"\x1f\x8b", _("This is an archive. Unpack it and upload the table inside.")),
    (b"\x7fELF", _("This is a program, not a table.")),
    (b"MZ\x90", _("This is a program, not a table.")),
)
MARKUP = re.compile(rb"\s*(?:<\?xml|<!doctype|<html|<table|<svg|\{\\rtf)", re.IGNORECASE)


def refuse_other_formats(data: bytes) -> None:
    """Refuse by content what is plainly not a table, whatever its name ends with."""
    for signature, sentence in SIGNATURES:
        if data.startswith(signature):
            raise Refused("not_a_sheet", Phrase(sentence))
    if MARKUP.match(data[:200].removeprefix(codecs.BOM_UTF8)):
        message = _("This is a web page or a document, not a table. Open it in a spreadsheet and save it as XLSX.")
        raise Refused("not_a_sheet", Phrase(message))


def detect(data: bytes) -> str:
    """The codec for these bytes, by rule; refuses bytes that no accepted encoding has, with line and offset."""
    for mark, codec in MARKS:
        if data.startswith(mark):
            _require(data, codec)
            return codec
    nul = data.find(b"\0")
    if nul >= 0:
        raise _nul(data, nul)
    error = _first_error(data, "utf-8")
    if error is None:
        if HIGH_LEAD.search(data) is None and FOREIGN_LEAD.search(data) and _first_error(data, "gb18030") is None:
            return "gb18030"
        return "utf-8"
    gb_error = _first_error(data, "gb18030")
    if gb_error is None:
        return "gb18030"
    raise _undecodable(data, max(error, gb_error), "UTF-8 / GB18030")


def chosen(data: bytes, encoding: str) -> str:
    """The codec a person chose instead; still strict."""
    codec = NAMES.get(encoding.strip().lower().replace("_", "-"))
    if codec is None:
        message = _("The encoding {encoding} is not known here. Choose UTF-8, GB18030 or UTF-16.")
        raise Refused("unknown_encoding", Phrase(message, encoding=encoding[:40]))
    if codec == "utf-8" and data.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    if codec == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-16-le"
    _require(data, codec)
    return codec


def chunks(data: bytes, codec: str) -> Iterator[str]:
    """The text in pieces of about a million characters, so that a large file never stands in memory as text."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    view = memoryview(data)
    for start in range(0, len(data), CHUNK):
        yield decoder.decode(view[start : start + CHUNK], start + CHUNK >= len(data))


def lines(data: bytes, codec: str) -> io.TextIOWrapper:
    """The text as a stream of lines with their ends as they are: CRLF, LF or CR, mixed too."""
    return io.TextIOWrapper(io.BytesIO(data), encoding=codec, errors="strict", newline="")


def _first_error(data: bytes, codec: str) -> int | None:
    """Offset of the first byte that the codec can't read."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    view = memoryview(data)
    for start in range(0, len(data), CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(view[start : start + CHUNK], start + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _require(data: bytes, codec: str) -> None:
    error = _first_error(data, codec)
    if error is not None:
        raise _undecodable(data, error, codec.removesuffix("-sig").upper())
    if codec.startswith("utf-16"):
        line = 1
        for chunk in chunks(data, codec):
            if "\0" in chunk:
                line += chunk[: chunk.index("\0")].count("\n")
                raise Refused("nul", Phrase(NUL, line=line), line=line)
            line += chunk.count("\n")
    else:
        nul = data.find(b"\0")
        if nul >= 0:
            raise _nul(data, nul)


NUL = _(
    "Line {line} holds an empty byte (NUL), which no table has. "
    "Save the file again as CSV (UTF-8) or XLSX and upload that."
)


def _nul(data: bytes, offset: int) -> Refused:
    line = _line(data, offset)
    return Refused("nul", Phrase(NUL, line=line), line=line, offset=offset)


def _undecodable(data: bytes, offset: int, encoding: str) -> Refused:
    line = _line(data, offset)
    message = _(
        "Line {line} (byte {offset}) is not {encoding}. "
        "Save the file again as CSV (UTF-8) or XLSX, or choose the encoding yourself."
    )
    return Refused(
        "undecodable", Phrase(message, line=line, offset=offset, encoding=encoding), line=line, offset=offset
    )


def _line(data: bytes, offset: int) -> int:
    """The number of the line that holds the byte; a lone CR ends a line too."""
    before = data[:offset]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")

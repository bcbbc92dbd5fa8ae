"""The one door: bytes in, a Reading out, or a refusal that says why."""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext_noop as _

from portal.imports.reading import decode, personal, xlsx
from portal.imports.reading.columns import Heading, recognise
from portal.imports.reading.judge import Judge, Survey
from portal.imports.reading.limits import HEADER_SEARCH, MAX_BYTES, MAX_COLUMNS
from portal.imports.reading.phrases import Judged, Phrase, Refused
from portal.imports.reading.table import DELIMITERS, declared_delimiter, delimiter_of, records

SAMPLE = 1 << 16
ENCODING_LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "gb18030": "GB18030",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "xlsx": "XLSX",
}


@dataclass(slots=True)
class Source:
    """The text of a file, readable as often as needed."""

    encoding: str
    delimiter: str
    open_lines: Callable[[], TextIO]
    chunks: Callable[[], Iterator[str]]
    skip_first: bool = False
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Every record with its row number as a spreadsheet shows it."""
        return records(self.open_lines, self.delimiter, skip_first=self.skip_first)


@dataclass(slots=True)
class Reading:
    """A file that was read: what was recognised, and its rows, judged."""

    name: str
    sha256: str
    size: int
    source: Source = field(repr=False)
    heading: Heading = field(repr=False)
    judge: Judge = field(repr=False)
    survey: Survey = field(repr=False)

    @property
    def kind(self) -> str:
        """deployments, devices, signs or counts."""
        return self.heading.kind.name

    @property
    def encoding(self) -> str:
        """utf-8, utf-8-sig, gb18030, utf-16 or xlsx; ENCODING_LABELS has the names for people."""
        return self.source.encoding

    @property
    def delimiter(self) -> str:
        """What separates the cells of a CSV; empty for an XLSX."""
        return "" if self.source.encoding == "xlsx" else self.source.delimiter

    @property
    def sheet(self) -> str:
        """The sheet that was read; empty for a CSV."""
        return self.source.sheet

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets to choose from."""
        return self.source.sheets

    @property
    def header_row(self) -> int:
        """The row of the headers as the spreadsheet numbers it."""
        return self.heading.position + 1

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers as the file writes them, in its order."""
        return self.heading.headers

    @property
    def mapping(self) -> dict[str, str]:
        """File header → column name, for the columns that are read."""
        return self.heading.mapping

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Headers whose columns are ignored."""
        return self.heading.unknown

    @property
    def row_count(self) -> int:
        """Rows that are judged: without header, titles, blank rows and remarks."""
        return self.survey.row_count

    @property
    def remarks(self) -> tuple[int, ...]:
        """Rows below the table that were taken for remarks and not read."""
        return self.survey.remarks

    def rows(self) -> Iterator[Judged]:
        """Every row, judged anew on each call; memory does not grow with the file."""
        return self.judge.rows(self.source.records(), self.survey)

    def key_of(self, judged: Judged) -> tuple[Any, ...]:
        """The key of a row by which the register knows it; cells that could not be read are None."""
        return tuple(judged.values.get(name) for name in self.heading.kind.key)


def read(
    file: Path | str | bytes,
    name: str,
    *,
    kind: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    mapping: Mapping[str, str | None] | None = None,
    delimiter: str | None = None,
) -> Reading:
    """Read a vendor's file whole: decode, refuse what may not be read, recognise, survey; raises Refused.

    The keyword arguments overrule what would be recognised. Nothing of the file is stored.
    """
    data = _bytes(file)
    source = _source(data, encoding, sheet, delimiter, frozenset(mapping or ()))
    suspicious = personal.is_suspicious(source.chunks())
    head = _head(source)
    try:
        heading = recognise([cells for _number, cells in head], kind=kind, mapping=mapping)
    except Refused:
        if suspicious:
            personal.refuse_values(source.records(), (), ())
        personal.refuse_unrecognised(head)
        raise
    personal.refuse_headers(head[heading.position][1], heading.columns, heading.position + 1)
    if suspicious:
        personal.refuse_values(source.records(), heading.headers, heading.columns)
    if len(heading.headers) > MAX_COLUMNS:
        message = _("The header has {found} columns; at most {limit} are read.")
        raise Refused("too_many_columns", Phrase(message, found=len(heading.headers), limit=MAX_COLUMNS))
    judge = Judge(heading)
    survey = judge.survey(source.records())
    if not survey.row_count:
        raise Refused("header_only", Phrase(_("The file has headers and no rows below them. Add the rows.")))
    if survey.disputes:
        judge.settle(source.records(), survey)
    return Reading(name, hashlib.sha256(data).hexdigest(), len(data), source, heading, judge, survey)


def _bytes(file: Path | str | bytes) -> bytes:
    if isinstance(file, bytes):
        size, data = len(file), file
    else:
        path = Path(file)
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    if size > MAX_BYTES:
        message = _("The file has {size} MB; at most {limit} MB are read. Split it into several files.")
        raise Refused("too_large", Phrase(message, size=-(-size // 2**20), limit=MAX_BYTES // 2**20), size=size)
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise Refused("empty", Phrase(_("The file is empty.")))
    return data


def _source(
    data: bytes, encoding: str | None, sheet: str | None, delimiter: str | None, mapped: frozenset[str]
) -> Source:
    if xlsx.is_zip(data):
        spool = xlsx.spool(data, sheet)
        personal.refuse_marks(spool.marks)
        lines = spool.file.lines
        return Source("xlsx", ",", lines, lambda: _pieces(lines), sheet=spool.sheet, sheets=tuple(spool.sheets))
    if delimiter is not None and delimiter not in DELIMITERS:
        raise Refused("unknown_delimiter", Phrase(_("Choose comma, semicolon or tab as the separator.")))
    decode.refuse_other_formats(data)
    codec = decode.chosen(data, encoding) if encoding else decode.detect(data)
    open_lines = partial(decode.lines, data, codec)
    with open_lines() as stream:
        sample = stream.read(SAMPLE)
    declared = declared_delimiter(sample)
    return Source(
        codec,
        delimiter or declared or delimiter_of(sample, mapped),
        open_lines,
        lambda: decode.chunks(data, codec),
        skip_first=declared is not None,
    )


def _pieces(open_lines: Callable[[], io.TextIOBase]) -> Iterator[str]:
    with open_lines() as stream:
        while piece := stream.read(1 << 20):
            yield piece


def _head(source: Source) -> list[tuple[int, list[str]]]:
    """The first records, blank ones too, so that positions are row numbers less one."""
    head = []
    filled = 0
    for record in source.records():
        head.append(record)
        filled += any(cell.strip() for cell in record[1])
        # A sheet may begin far down: what counts is rows with something in them.
        if filled >= HEADER_SEARCH + 1 or len(head) >= 2000:
            break
    return head

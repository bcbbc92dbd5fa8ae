"""Records of a CSV with the row numbers of a spreadsheet, from bytes or from the spool of an XLSX."""

import csv
import io
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import TextIO

from django.utils.translation import gettext_noop as _

from portal.imports.reading.columns import score
from portal.imports.reading.limits import HEADER_SEARCH, MAX_COLUMNS, MAX_FIELD, MAX_ROWS
from portal.imports.reading.phrases import Phrase, Refused

DELIMITERS = (",", ";", "\t")
# Rows of any content: spreadsheets save formatted but empty rows, up to their last one.
MAX_RECORDS = 1_100_000

TOO_MANY_ROWS = _("The file has more than {limit} rows. Split it into several files.")
TOO_MANY_COLUMNS = _("Row {row} has {found} columns; at most {limit} are read.")
UNCLOSED = _("The quotation mark opened in row {row} is never closed. Close it, or delete it, and upload again.")
FIELD_TOO_LONG = _(
    "A cell in row {row} is longer than {limit} characters, so the rows can't be told apart. Shorten it."
)

# The module's own limit is 131,072 and it is one for the process: cells up to ours are a row's error, not the file's.
csv.field_size_limit(MAX_FIELD)


class SpoolFile:
    """A nameless temporary file that lives as long as somebody reads it."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            self.descriptor = os.dup(file.fileno())
        self.close = weakref.finalize(self, os.close, self.descriptor)

    def lines(self) -> TextIO:
        """The text from its start as a stream of lines."""
        return io.TextIOWrapper(io.BufferedReader(SpoolView(self), 1 << 18), encoding="utf-8", newline="")


class SpoolView(io.RawIOBase):
    """Reads a spool from its start without moving its offset, so that two passes never meet."""

    def __init__(self, spool: SpoolFile) -> None:
        super().__init__()
        self.spool = spool
        self.offset = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = os.preadv(self.spool.descriptor, [buffer], self.offset)
        self.offset += count
        return count


def delimiter_of(text: str, mapped: frozenset[str] = frozenset()) -> str:
    """The delimiter under which some row of the start looks most like headers; a comma when none does."""
    best, chosen = (0, 0), ","
    for delimiter in DELIMITERS:
        for cells in _head(text, delimiter):
            known = sum(1 for cell in cells if cell.strip() in mapped)
            rank = (score(cells) + known, len(cells))
            if rank > best:
                best, chosen = rank, delimiter
    return chosen


def _head(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if number >= HEADER_SEARCH:
                return
            yield cells[: MAX_COLUMNS + 1]
    except csv.Error:
        return


def declared_delimiter(text: str) -> str | None:
    """The delimiter of Excel's own first line ``sep=;``, which it does not count as a row."""
    line = text[:10].lstrip("\ufeff")
    if line[:4].lower() == "sep=" and line[4:5] in DELIMITERS and line[5:6] in ("\r", "\n"):
        return line[4]
    return None


def records(open_lines: Callable[[], TextIO], delimiter: str, *, skip_first: bool = False) -> Iterator:
    """Every record with its row number, blank ones too; refuses an unclosed quote and what is past the limits."""
    with open_lines() as stream:
        if skip_first:
            stream.readline()
        ended = False

        def feed() -> Iterator[str]:
            nonlocal ended
            yield from stream
            ended = True

        reader = csv.reader(feed(), delimiter=delimiter)
        number = 0
        line = 0
        try:
            for number, cells in enumerate(reader, 1):
                # A record that asks for lines past the last one has a quote open.
                if ended:
                    raise Refused("unclosed_quote", Phrase(UNCLOSED, row=number), row=number)
                if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                    phrase = Phrase(TOO_MANY_COLUMNS, row=number, found=len(cells), limit=MAX_COLUMNS)
                    raise Refused("too_many_columns", phrase, row=number)
                line = reader.line_num
                yield number, cells
                if number > MAX_RECORDS:
                    raise Refused("too_many_rows", Phrase(TOO_MANY_ROWS, limit=f"{MAX_ROWS:,}"))
        except csv.Error as error:
            row = number + 1
            if reader.line_num - line > 1:
                raise Refused("unclosed_quote", Phrase(UNCLOSED, row=row), row=row) from error
            phrase = Phrase(FIELD_TOO_LONG, row=row, limit=f"{MAX_FIELD:,}")
            raise Refused("cell_too_long", phrase, row=row) from error

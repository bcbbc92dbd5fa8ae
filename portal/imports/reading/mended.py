"""The rows with errors as a file to mend and send again: all columns as they came, the reasons beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from portal.documents.workbook import csv_lines, render_xlsx
from portal.imports.reading.columns import is_own
from portal.imports.reading.phrases import Judged

# Both languages at once: the file leaves the portal, and whoever mends it may read either.
PROBLEM_HEADER = "problem / 问题"

# The cells of a row by header, and what is wrong with it.
Broken = tuple[Mapping[str, str], Sequence[str]]


def broken(rows: Iterable[Judged]) -> Iterator[Broken]:
    """The rows that have problems, with their reasons in the language that is active."""
    for judged in rows:
        if judged.problems:
            yield judged.raw, [f"{p.column}: {p}" if p.column else str(p) for p in judged.problems]


def mended_csv(headers: Sequence[str], rows: Iterable[Broken]) -> Iterator[bytes]:
    """Rows and their reasons as CSV with a byte-order mark, a line at a time."""
    return csv_lines(*_table(headers, rows))


def mended_xlsx(headers: Sequence[str], rows: Iterable[Broken]) -> bytes:
    """The same as a workbook."""
    return render_xlsx("rows", *_table(headers, rows))


def _table(headers: Sequence[str], rows: Iterable[Broken]) -> tuple[list[str], Iterator[list[str]]]:
    # A file that was sent back once already has our column: it is written anew.
    kept = [header for header in headers if not is_own(header)]
    lines = ([*(cells.get(header, "") for header in kept), "\n".join(reasons)] for cells, reasons in rows)
    return [*kept, PROBLEM_HEADER], lines

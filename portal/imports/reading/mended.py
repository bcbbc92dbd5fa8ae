"""The rows with errors as a file to mend and send again: all columns as they came, the reasons beside them."""

from collections.abc import Iterable, Iterator, Sequence

from portal.documents.workbook import csv_lines, render_xlsx
from portal.imports.reading.columns import is_own
from portal.imports.reading.phrases import Judged, Problem

# Both languages at once: the file leaves the portal, and whoever mends it may read either.
PROBLEM_HEADER = "problem / 问题"
REMEDY_HEADER = "remedy / 如何修改"


def mended_csv(headers: Sequence[str], rows: Iterable[Judged]) -> Iterator[bytes]:
    """The rows that have problems as CSV with a byte-order mark, a line at a time, in the language that is active."""
    return csv_lines(*_table(headers, rows))


def mended_xlsx(headers: Sequence[str], rows: Iterable[Judged]) -> bytes:
    """The same as a workbook."""
    return render_xlsx("rows", *_table(headers, rows))


def _table(headers: Sequence[str], rows: Iterable[Judged]) -> tuple[list[str], Iterator[list[str]]]:
    # A file that was sent back once already has our columns: they are written anew.
    kept = [header for header in headers if not is_own(header)]
    return [*kept, PROBLEM_HEADER, REMEDY_HEADER], (
        [*(judged.raw.get(header, "") for header in kept), *_reasons(judged.problems)]
        for judged in rows
        if judged.problems
    )


def _reasons(problems: Sequence[Problem]) -> tuple[str, str]:
    said = (f"{problem.column}: {problem.message}" if problem.column else str(problem.message) for problem in problems)
    remedies = dict.fromkeys(str(problem.remedy) for problem in problems)
    return "\n".join(said), "\n".join(remedies)

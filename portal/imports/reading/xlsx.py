"""An XLSX as a stream of CSV, read in a child process that may die without us."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

from portal.imports.reading.limits import CHILD_SECONDS, MAX_COLUMNS, MAX_ROWS
from portal.imports.reading.phrases import Phrase, Refused
from portal.imports.reading.table import SpoolFile

CHILD = Path(__file__).with_name("xlsx_child.py")

SENTENCES = {
    "damaged": _("The workbook is damaged and can't be read. Open it in a spreadsheet, save it as XLSX, try again."),
    "macros": _("The workbook contains macros. Save it as XLSX without macros and upload that."),
    "images": _(
        "The workbook contains pictures or embedded files. Pictures may show people, "
        "so such files are refused and nothing of them is kept. Remove them and upload the table alone."
    ),
    "entities": _("The workbook contains definitions (DTD) that a table never needs. Save it again as XLSX."),
    "inflated": _(
        "The workbook takes far more room when unpacked than a table of the allowed size. "
        "Copy the rows into a new workbook, or save the sheet as CSV."
    ),
    "too_many_rows": _("The sheet has more than {limit} rows. Split it into several files."),
    "too_many_columns": _(
        "The sheet reaches to column {found}; at most {limit} are read. "
        "Delete the columns to the right of the table, also the empty ones that carry a format."
    ),
    "not_a_sheet": _("This archive is not an XLSX workbook. Save the table as XLSX or CSV."),
    "password": _("The workbook has a password. Save it without one."),
    "no_such_sheet": _("The workbook has no sheet named {sheet}. Its sheets: {sheets}."),
    "empty": _("The workbook is empty: none of its sheets has a filled cell."),
    "too_slow": _("Reading the workbook took longer than {seconds} seconds. Split it, or save the sheet as CSV."),
}


class Spool(NamedTuple):
    """The sheet as CSV in a nameless temporary file, and what was learnt on the way."""

    file: SpoolFile
    sheet: str
    sheets: list[str]
    # Long numbers on the other sheets: sheet, row, column, text. Judged at once and dropped.
    marks: list[list[Any]]


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as an archive does."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def spool(data: bytes, sheet: str | None = None, *, seconds: float = CHILD_SECONDS) -> Spool:
    """Read the chosen or first filled sheet; refuses whatever the child refuses or dies of."""
    out = SpoolFile()
    command = [sys.executable, "-I", str(CHILD), str(MAX_ROWS), str(MAX_COLUMNS)]
    command += [sheet] if sheet is not None else []
    with tempfile.TemporaryFile() as book:
        book.write(data)
        book.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=book,
                stdout=out.descriptor,
                stderr=subprocess.PIPE,
                timeout=seconds,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as slow:
            out.close()
            raise Refused("too_slow", Phrase(SENTENCES["too_slow"], seconds=int(seconds))) from slow
    answer = _answer(done.stderr) if done.returncode == 0 else {"refused": _cause(done)}
    if "refused" in answer:
        out.close()
        raise _refusal(answer, sheet)
    return Spool(out, answer["sheet"], answer["sheets"], answer["marks"])


def _answer(stderr: bytes) -> dict[str, Any]:
    """The child's last line; anything else it wrote is noise of libraries."""
    try:
        answer = json.loads(stderr.strip().rsplit(b"\n", 1)[-1])
    except ValueError:
        return {"refused": "damaged"}
    return answer if isinstance(answer, dict) else {"refused": "damaged"}


def _cause(done: subprocess.CompletedProcess[bytes]) -> str:
    """Why the child died: a signal means that it hit a ceiling, an exit code that the file made no sense."""
    return "inflated" if done.returncode < 0 or b"emory" in done.stderr else "damaged"


def _refusal(answer: dict[str, Any], sheet: str | None) -> Refused:
    reason = answer["refused"]
    params = {
        "too_many_rows": {"limit": f"{MAX_ROWS:,}"},
        "too_many_columns": {"limit": MAX_COLUMNS, "found": answer.get("found")},
        "no_such_sheet": {"sheet": sheet, "sheets": ", ".join(answer.get("sheets", ()))},
    }.get(reason, {})
    return Refused(reason, Phrase(SENTENCES[reason], **params))

"""Lists as files: exactly the rows of the filter, with the headers of the vendor files, so that they can come back."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from portal.documents.workbook import csv_lines, render_xlsx
from portal.workflow import CaseError

# A sheet of more rows takes the server too long; CSV has no limit.
MOST_SHEET_ROWS = 50_000
IN_MEMORY = 4 * 1024 * 1024
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(name: str, form: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, on: date) -> HttpResponse:
    """The list as CSV or XLSX. Written while the request's scope is open; only then is it sent, piece by piece."""
    if form == "xlsx":
        taken = []
        for row in rows:
            taken.append(row)
            if len(taken) > MOST_SHEET_ROWS:
                sentence = _("A sheet holds up to %(most)s rows here. Narrow the list, or take it as CSV.")
                raise CaseError(sentence % {"most": f"{MOST_SHEET_ROWS:,}"})
        response = HttpResponse(render_xlsx(name, header, taken), content_type=SHEET)
        response["Content-Disposition"] = f'attachment; filename="{name}-{on}.xlsx"'
        return response
    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    for line in csv_lines(header, rows):
        spool.write(line)
    spool.seek(0)
    return FileResponse(spool, as_attachment=True, filename=f"{name}-{on}.csv", content_type="text/csv; charset=utf-8")

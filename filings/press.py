"""Prints the papers of a dossier, each once: what was printed ahead is found again by all that stands on it.

Facts that changed since give another paper, which is then printed anew. So a dossier may be printed over minutes and
still be packed in one moment, of the facts of that moment.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from filings import sheets, wording
from filings.register import ScenarioSheet, places_of
from portal.documents.docx import render_docx
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Sheet, plain
from portal.documents.workbook import render_xlsx


class Press:
    """What was printed so far."""

    def __init__(self) -> None:
        self._prints: dict[tuple[str, str], bytes] = {}

    def pdf(self, sheet: Sheet) -> bytes:
        return self._once("pdf", sheet, lambda: render_pdf(sheet))

    def docx(self, sheet: Sheet) -> bytes:
        return self._once("docx", sheet, lambda: render_docx(sheet))

    def workbook(self, paper: sheets.Paper, sheet: Sheet) -> bytes:
        """A form as a spreadsheet."""
        return self._once("xlsx", sheet, lambda: sheets.workbook(paper, sheet))

    def table(self, sheet: Sheet) -> bytes:
        """The table of a paper as a spreadsheet."""
        table = next(section.table for section in sheet.sections if section.table)
        return self._once("table", sheet, lambda: render_xlsx(sheet.title, list(table.header), table.rows))

    def places(self, paper: sheets.Paper, of: ScenarioSheet) -> bytes:
        """All places of a scenario as a spreadsheet; however many there are, they pass row by row."""
        header = [paper.say(text) for text in wording.PLACES_HEADER]

        def rows() -> Iterator[tuple[str, ...]]:
            return (sheets.place_cells(paper, place) for _scenario, place in places_of([of.scenario]))

        asked = Hashed(rows())
        for _row in asked:
            pass
        if found := self._prints.get(("places", asked.digest)):
            return found
        # The rows may have changed between the two looks: it is kept under what really stands in it.
        printed = Hashed(rows())
        content = render_xlsx(paper.say(wording.PLACES_HEADER[1]), header, printed)
        self._prints["places", printed.digest] = content
        return content

    def _once(self, form: str, sheet: Sheet, printed: Callable[[], bytes]) -> bytes:
        text = json.dumps(plain(sheet), ensure_ascii=False, sort_keys=True)
        key = form, hashlib.sha256(text.encode()).hexdigest()
        if key not in self._prints:
            self._prints[key] = printed()
        return self._prints[key]


class Hashed:
    """Rows that are hashed as they pass."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows, self._hash = rows, hashlib.sha256()

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self._hash.update(repr(row).encode())
            yield row

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

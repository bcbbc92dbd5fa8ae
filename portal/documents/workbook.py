"""Lists as XLSX and CSV, with cells that no spreadsheet takes for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from portal.documents.pack import with_fixed_dates
from portal.documents.sheet import printable

# Excel and WPS also take the full-width signs of a Chinese keyboard.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
ILLEGAL_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
LONGEST_CELL = 32_767
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">2025-06-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2025-06-01T00:00:00Z</dcterms:modified></cp:coreProperties>'
)


def guard(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would read it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def render_xlsx(sheet_name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a frozen, filtered header; numbers and dates stay what they are, text is guarded."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(ILLEGAL_IN_SHEET_NAME.sub(" ", printable(sheet_name)).strip(" '")[:31] or "Sheet")
    sheet.freeze_panes = "A2"
    for number, words in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(12, 2.2 * len(words)), 40)
    sheet.append([_head_cell(sheet, words) for words in header])
    last = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        last += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(header)))}{last}"
    stream = io.BytesIO()
    book.save(stream)
    return with_fixed_dates(stream.getvalue(), {"docProps/core.xml": CORE.encode()})


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The list as CSV, a line at a time: UTF-8 with the mark that Excel needs to see Chinese right."""
    yield b"\xef\xbb\xbf" + _line(header)
    for row in rows:
        yield _line(row)


def _line(values: Sequence[Any]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerow([_plain(value) for value in values])
    return stream.getvalue().encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return value
    return value.isoformat() if isinstance(value, date) else guard(str(value).replace("\x00", ""))


def _head_cell(sheet: Any, words: str) -> WriteOnlyCell:
    cell = _cell(sheet, words)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F4F4F2")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, datetime) and value.tzinfo:
        value = value.isoformat()  # a spreadsheet has no time zones
    if isinstance(value, date):
        return value
    cell = WriteOnlyCell(sheet, guard(printable(str(value)))[:LONGEST_CELL])
    cell.data_type = "s"  # openpyxl would read '#N/A' as an error
    return cell

"""Counts of consents as a table: pasted, or out of a CSV or XLSX file. Numbers, days and versions, and nothing else.

What can't be read is named by its row and column and never repeated: it may be what this portal must not keep.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

MOST_ROWS = 5_000
MOST_BYTES = 2_000_000
MOST_SHOWN = 20
MOST_PERSONS = 1_500_000_000  # an identity number is longer than any number of persons
HEADINGS: dict[str, tuple[str, ...]] = {
    "version": ("version", "wording", "wording version", "版本", "文本版本", "同意文本版本"),
    "counted_on": ("day", "date", "counted on", "日期", "统计日期"),
    "given": ("consents", "given", "同意", "同意人数"),
    "by_guardian": ("by guardian", "by guardians", "监护人同意", "其中监护人同意", "监护人同意人数"),
    "refused": ("refusals", "refused", "拒绝", "拒绝人数"),
    "withdrawn": ("withdrawals", "withdrawn", "撤回", "撤回人数"),
}
COLUMNS = {heading: name for name, headings in HEADINGS.items() for heading in headings}
REQUIRED = ("version", "counted_on", "given")
VERSION = re.compile(r"(?:v|版本|第)?\s*(\d{1,4})\s*版?", re.I)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0{1,2}:00(?::00)?)?")
NUMBER = re.compile(r"\d{1,10}")


@dataclass(frozen=True)
class CountRow:
    """One row of the table, with its number as a spreadsheet shows it."""

    row: int
    version: int
    counted_on: date
    given: int
    by_guardian: int = 0
    refused: int = 0
    withdrawn: int = 0


def from_text(text: str) -> list[CountRow]:
    """The rows of a pasted table or of a CSV file."""
    first = text.lstrip("\ufeff\r\n ").split("\n", 1)[0]
    delimiter = next((sign for sign in ("\t", ";", ",") if sign in first), ",")
    try:
        return read(list(csv.reader(StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)))
    except csv.Error:
        raise ValidationError(_("The text is no table. Copy the cells again, or save the sheet as XLSX.")) from None


def from_file(file: IO[bytes], name: str) -> list[CountRow]:
    """The rows of an uploaded CSV or XLSX file."""
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is too large for a table of counts. Leave only the counts in it."))
    if name.lower().endswith(".xlsx"):
        file.seek(0)
        try:
            sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
            return read(sheet.to_python(skip_empty_area=False))
        except (CalamineError, IndexError):
            raise ValidationError(_("The file can't be read. Save it as XLSX or CSV again.")) from None
    return from_text(_decoded(content))


def read(table: Sequence[Sequence[Any]]) -> list[CountRow]:
    """The rows below the headings; ValidationError with each place that can't be taken, or nothing is."""
    lines = [(number, [_cell(cell) for cell in row]) for number, row in enumerate(table, 1)]
    filled = [(number, row) for number, row in lines if any(row)]
    if not filled:
        raise ValidationError(_("The table is empty. The first row names the columns, each further row is a count."))
    names = _names(filled[0][1])
    if len(filled) - 1 > MOST_ROWS:
        raise ValidationError(_("The table has more than %(n)s rows. Import it in parts.") % {"n": f"{MOST_ROWS:,}"})
    if len(filled) == 1:
        raise ValidationError(_("The table has no row below its headings."))
    rows, errors = [], []
    for number, row in filled[1:]:
        try:
            rows.append(_row(number, names, row))
        except ValidationError as error:
            errors += error.messages
    refuse(errors)
    return rows


def refuse(errors: Sequence[str]) -> None:
    """ValidationError with the first of the errors and how many more there are."""
    if not errors:
        return
    shown = list(errors[:MOST_SHOWN])
    if len(errors) > MOST_SHOWN:
        shown.append(_("… and %(n)s more. Nothing was taken.") % {"n": len(errors) - MOST_SHOWN})
    raise ValidationError(shown)


def _names(headings: Sequence[str]) -> list[str]:
    """The field of each column. Any other column is refused: it might carry persons."""
    names = [COLUMNS.get(re.sub(r"[\s_]+", " ", heading).strip().lower(), "") for heading in headings]
    while names and not names[-1] and not headings[len(names) - 1]:
        names.pop()
    unknown = [str(number) for number, name in enumerate(names, 1) if not name]
    known = ", ".join(_heading(name) for name in HEADINGS)
    if unknown:
        sentence = _("Column %(columns)s is none of these: %(known)s. Counts are numbers only; leave persons out.")
        raise ValidationError(sentence % {"columns": ", ".join(unknown), "known": known})
    twice = [_heading(name) for name in HEADINGS if names.count(name) > 1]
    if twice:
        raise ValidationError(_("The column %(name)s stands there twice.") % {"name": ", ".join(twice)})
    lacking = [_heading(name) for name in REQUIRED if name not in names]
    if lacking:
        raise ValidationError(
            _("The first row must name the columns. Missing: %(names)s.") % {"names": ", ".join(lacking)}
        )
    return names


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> CountRow:
    values: dict[str, Any] = {}
    errors = []
    if any(cells[len(names) :]):
        errors.append(_("Row %(row)s has more cells than there are columns.") % {"row": number})
    for name, cell in zip(names, [*cells, *[""] * len(names)], strict=False):
        value = _value(name, cell)
        if value is None:
            errors.append(_problem(name) % {"row": number, "column": _heading(name)})
        values[name] = value
    if errors:
        raise ValidationError(errors)
    return CountRow(row=number, **values)


def _value(name: str, cell: str) -> int | date | None:
    if name == "version":
        found = VERSION.fullmatch(cell)
        return int(found.group(1)) if found else None
    if name == "counted_on":
        found = DAY.fullmatch(cell)
        try:
            return date(*map(int, found.groups())) if found else None
        except ValueError:
            return None
    if not cell:
        return None if name in REQUIRED else 0
    plain = re.sub(r"[,，\s]", "", cell)
    return int(plain) if NUMBER.fullmatch(plain) and int(plain) <= MOST_PERSONS else None


def _problem(name: str) -> str:
    return {
        "version": _("Row %(row)s, %(column)s: this is no version number, such as 1 or v1."),
        "counted_on": _("Row %(row)s, %(column)s: this is no day, such as 2026-10-12."),
    }.get(name) or _("Row %(row)s, %(column)s: this is no number of persons.")


def _heading(name: str) -> str:
    """A column as the reader's language calls it."""
    return {
        "version": _("version"),
        "counted_on": _("day"),
        "given": _("consents"),
        "by_guardian": _("by guardian"),
        "refused": _("refusals"),
        "withdrawn": _("withdrawals"),
    }[name]


def _cell(value: Any) -> str:
    """A cell as text: whole numbers without a decimal point, days as days."""
    if isinstance(value, bool):
        return "?"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else "?"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The text can't be read. Save it as UTF-8 or GB 18030."))


def template() -> Iterator[tuple[str, ...]]:
    """The headings and a row, as an example for people."""
    yield tuple(_heading(name) for name in HEADINGS)
    yield ("1", "2026-10-12", "1200", "35", "48", "6")

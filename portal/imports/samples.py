"""Empty files for vendors: every heading in both languages, drop-downs, and examples of what is accepted."""

import io
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from portal.documents.workbook import csv_lines
from portal.imports.reading.columns import KINDS, Column, Kind

LAST_ROW = 5000
REQUIRED, OPTIONAL = PatternFill("solid", fgColor="DCE6F2"), PatternFill("solid", fgColor="F4F4F2")
EXAMPLES = {
    "site_name": "示例机场",
    "province": "北京市",
    "city": "北京",
    "address": "示例路 1 号",
    "place_type": "公共场所",
    "status": "使用中",
    "started_on": "2026-03-01",
    "maker": "示例厂商",
    "model": "FT-100",
    "capture_area": "安检通道 1",
    "space_type": "闸机",
    "stores_on_device": "是",
    "installed_on": "2026-03-01",
    "location": "安检通道左侧",
    "languages": "zh,en",
    "posted_on": "2026-03-01",
    "persons": "12345",
    "dedup_method": "按证件号去重",
}


def heading(column: Column) -> str:
    """Both headers of a column in one cell; the reader knows either, and the star is no part of it."""
    return f"{column.zh} {column.name}{' *' if column.required else ''}"


def example(column: Column) -> str:
    """A cell as it may be written."""
    return EXAMPLES.get(column.name) or column.widget.example if column.name not in ("ended_on", "removed_on") else ""


def sample_csv(kind_name: str) -> Iterator[bytes]:
    """Headings and one example row; its PIP exists nowhere, so that it can't come in by mistake."""
    kind = KINDS[kind_name]
    return csv_lines([heading(column) for column in kind.columns], [[example(column) for column in kind.columns]])


def sample_xlsx(kind_name: str) -> bytes:
    """A workbook: the sheet to fill in, the examples on a second one, the lists of words on a third."""
    kind = KINDS[kind_name]
    book = Workbook()
    sheet = book.active
    sheet.title = kind.label.zh
    write_headings(sheet, kind)
    sheet.freeze_panes = "A2"
    words = book.create_sheet("选项 lists")
    for number, column in enumerate(kind.columns, 1):
        letter = get_column_letter(number)
        if choices := words_for(column):
            for row, word in enumerate(choices, 1):
                words.cell(row=row, column=number, value=word)
            listed = DataValidation(
                type="list", formula1=f"'{words.title}'!${letter}$1:${letter}${len(choices)}", allow_blank=True
            )
            sheet.add_data_validation(listed)
            listed.add(f"{letter}2:{letter}{LAST_ROW}")
    shown = book.create_sheet("示例 example", 1)
    write_headings(shown, kind)
    for number, column in enumerate(kind.columns, 1):
        shown.cell(row=2, column=number, value=example(column)).number_format = "@"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_headings(sheet: Worksheet, kind: Kind) -> None:
    """The headings, the required ones darker; cells below are text, so that no code loses its zeros."""
    for number, column in enumerate(kind.columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 22
        sheet.column_dimensions[letter].number_format = "@"
        cell = sheet.cell(row=1, column=number, value=heading(column))
        cell.font, cell.fill = Font(bold=True), REQUIRED if column.required else OPTIONAL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        if column.required:
            cell.comment = Comment("必填 required", "")


def words_for(column: Column) -> list[str]:
    """The words that a cell may hold, where they are few."""
    if column.name == "stores_on_device":
        return ["是", "否"]
    return [choice.zh for choice in getattr(column.widget, "choices", ())]

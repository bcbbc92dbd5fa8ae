"""Reads one XLSX under hard limits of memory, time and output, and writes it as CSV; run as a process of its own.

Started by path, in isolated mode, and imports nothing of the portal: whatever a file does, only this process dies.
Standard input is the workbook (seekable), standard output the CSV, standard error one line of JSON.
"""

import csv
import datetime
import json
import math
import re
import resource
import sys
import zipfile
from typing import Any

MB = 1024 * 1024
# Ceilings of address space: the start, and per counted cell and byte of text what calamine needs for honest files.
BASE_MEMORY = 230 * MB
PER_CELL = 150
PER_TEXT_BYTE = 2
MOST_MEMORY = 1400 * MB
CPU_SECONDS = 100
OUTPUT_BYTES = 600 * MB

MAX_ENTRIES = 2000
MAX_INFLATED = 500 * MB
# Repetitive tables shrink to a fortieth; a bomb to a thousandth. Small parts may shrink as they like.
MAX_RATIO = 150
RATIO_FROM = 5 * MB
CHUNK = 1 * MB
OVERLAP = 256

FAR_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d+)["']""")
# Begins with plain text, which makes the search four times faster; other spellings are looked for on their own.
SUSPECT = re.compile(rb""" r="(?:[A-Z]{3}|(?:G[S-Z]|[H-Z][A-Z])\d|[A-Z]{1,2}(?:[5-9]\d{5}|\d{7}))""")
DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s[^>]*?ref\s*=\s*["']([A-Z]+\d+)(?::([A-Z]+)(\d+))?["']""")
ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s(?=[^>]*\bt\s*=\s*["']e["'])[^>]*\br\s*=\s*["']([A-Z]+)(\d+)["']""")
LONG_NUMBER = re.compile(r"\d[\d \-]{13,20}[\dXx]")
ERROR_TEXT = "#N/A"


class Refuse(Exception):
    """A reason key and the values its sentence needs."""

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


def main(max_rows: int, max_columns: int, sheet: str | None) -> dict[str, Any]:
    """Check the archive, then the parts, then read the sheet."""
    with zipfile.ZipFile(sys.stdin.buffer) as archive:
        check_directory(archive)
        cells, text, errors = check_parts(archive, max_rows, max_columns)
    raise_memory(cells, text)
    return write_sheet(max_rows, max_columns, sheet, errors)


def check_directory(archive: zipfile.ZipFile) -> None:
    """What the archive says of itself, before a byte is inflated."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_ENTRIES or len(set(names)) != len(names):
        raise Refuse("damaged")
    lowered = {name.lower() for name in names}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in lowered):
        raise Refuse("macros")
    if any(name.startswith(("xl/media/", "xl/embeddings/", "media/")) for name in lowered):
        raise Refuse("images")
    if "xl/workbook.xml" not in lowered:
        raise Refuse("not_a_sheet")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refuse("password")
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise Refuse("inflated")
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refuse("inflated")


def check_parts(archive: zipfile.ZipFile, max_rows: int, max_columns: int) -> tuple[int, int, dict[str, set]]:
    """Inflate every XML part once, piece by piece, and look for what must not be in it; count cells and text."""
    cells = text = 0
    errors: dict[str, set] = {}
    for entry in archive.infolist():
        name = entry.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        rows = 0
        is_plain = True
        tail = b""
        with archive.open(entry) as part:
            first = True
            while piece := part.read(CHUNK):
                if first and (piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in piece[:200]):
                    raise Refuse("damaged")
                window = tail + piece
                if b"<!" in window and (b"<!DOCTYPE" in window or b"<!ENTITY" in window):
                    raise Refuse("entities")
                if is_sheet:
                    if first:
                        check_dimension(window, max_rows, max_columns)
                        is_plain = b"<worksheet" in window
                    is_odd = b"='" in window
                    rows += piece.count(b"<row" if is_plain else b":row")
                    if rows > max_rows:
                        raise Refuse("too_many_rows")
                    cells += piece.count(b"<c " if is_plain else b":c ")
                    if is_odd or SUSPECT.search(window):
                        check_far_cells(window, max_rows, max_columns)
                    if b't="e"' in window or (is_odd and b"t='e'" in window):
                        note_errors(window, errors.setdefault(entry.filename, set()))
                text += len(piece)
                tail = window[-OVERLAP:]
                first = False
    return cells, text, errors


def check_dimension(start: bytes, max_rows: int, max_columns: int) -> None:
    """The size that the sheet declares; a lie is caught by the cells themselves."""
    found = DIMENSION.search(start)
    if found and found[2]:
        if column_number(found[2]) > max_columns:
            raise Refuse("too_many_columns", found=column_number(found[2]))
        if int(found[3]) > max_rows + 1000:
            raise Refuse("too_many_rows")


def check_far_cells(window: bytes, max_rows: int, max_columns: int) -> None:
    """Cells that stand far out: one of them makes a dense grid of thousands of millions."""
    for found in FAR_CELL.finditer(window):
        if column_number(found[1]) > max_columns:
            raise Refuse("too_many_columns", found=column_number(found[1]))
        if int(found[2]) > max_rows + 1000:
            raise Refuse("too_many_rows")


def note_errors(window: bytes, places: set) -> None:
    """Remember where a formula failed: the parser gives such cells as empty, and empty means "clear" to us."""
    for found in ERROR_CELL.finditer(window):
        if len(places) < 100_000:
            places.add((int(found[2]), column_number(found[1])))


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def raise_memory(cells: int, text: int) -> None:
    """The ceiling for what was counted: bombs count few cells, so theirs stays low."""
    ceiling = BASE_MEMORY + PER_CELL * cells + PER_TEXT_BYTE * min(text, 100 * cells)
    resource.setrlimit(resource.RLIMIT_AS, (min(ceiling, MOST_MEMORY), MOST_MEMORY))


def write_sheet(max_rows: int, max_columns: int, wanted: str | None, errors: dict[str, set]) -> dict[str, Any]:
    """The first sheet that is not empty, or the one asked for, as CSV: record n is row n of the spreadsheet."""
    import python_calamine

    sys.stdin.buffer.seek(0)
    try:
        book = python_calamine.load_workbook(sys.stdin.buffer)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refuse("damaged") from error
    names = book.sheet_names
    if wanted is not None and wanted not in names:
        raise Refuse("no_such_sheet", sheets=names[:50])
    chosen: str | None = None
    marks: list[list[Any]] = []
    for position, name in enumerate(names):
        try:
            sheet = book.get_sheet_by_name(name)
        except python_calamine.WorksheetNotFound:
            continue
        except (python_calamine.CalamineError, ValueError) as error:
            raise Refuse("damaged") from error
        if sheet.start is None:
            continue
        if sheet.total_width > max_columns:
            raise Refuse("too_many_columns", found=sheet.total_width)
        if sheet.total_height > max_rows + 1000:
            raise Refuse("too_many_rows")
        if chosen is None and (wanted is None or wanted == name):
            # Parts are numbered in the order of the sheets by every writer we know; a wrong guess only
            # leaves a failed formula unnamed.
            chosen = name
            write_rows(sheet, errors.get(f"xl/worksheets/sheet{position + 1}.xml", set()))
        else:
            find_numbers(sheet, name, marks)
    if chosen is None:
        raise Refuse("empty")
    return {"sheet": chosen, "sheets": names[:200], "marks": marks}


def write_rows(sheet: Any, errors: set) -> None:
    """Every row, blank ones too, so that row numbers stay those of the spreadsheet."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    pad = [""] * sheet.start[1]
    failed: dict[int, list[int]] = {}
    for row, column in errors:
        failed.setdefault(row, []).append(column)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = pad + [value if type(value) is str else spelled(value) for value in row]
        for column in failed.get(number, ()):
            if column <= len(cells) and not cells[column - 1]:
                cells[column - 1] = ERROR_TEXT
        if not any(cells):
            cells = []
        writer.writerow(cells)


def find_numbers(sheet: Any, name: str, marks: list[list[Any]]) -> None:
    """Long numbers on the sheets that are not read: the caller judges whether one is a person's."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        for column, value in enumerate(row, sheet.start[1] + 1):
            if type(value) is str and len(value) > 14 and len(marks) < 5000:
                marks += ([name, number, column, found] for found in LONG_NUMBER.findall(value))


def spelled(value: Any) -> str:
    """A number, date or truth as a person would type it."""
    if type(value) is float or type(value) is int:
        if not math.isfinite(value):
            return ERROR_TEXT
        return str(int(value)) if value == int(value) else format(value, ".15g")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds") if value.time() != datetime.time() else value.date().isoformat()
    return str(value)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (BASE_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]
    try:
        answer = main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
        sys.stdout.flush()
    except Refuse as refusal:
        answer = {"refused": refusal.reason, **refusal.params}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zipfile.zlib.error, UnicodeDecodeError):  # type: ignore[attr-defined]
        answer = {"refused": "damaged"}
    except MemoryError:
        answer = {"refused": "inflated"}
    sys.stderr.write("\n" + json.dumps(answer) + "\n")

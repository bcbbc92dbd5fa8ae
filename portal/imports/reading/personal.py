"""Signs that a file carries data about persons; such a file is refused whole and no value is ever quoted."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from portal.imports.reading.columns import COUNTS, KINDS, column_for, header_key
from portal.imports.reading.phrases import Phrase, Refused
from portal.law.identifiers import normalise_uscc, resident_ids, uscc_problem

IMAGE_MARKS = ("data:image/", "iVBORw0KGgo", "/9j/4", "R0lGOD", "UklGR")
IMAGE = re.compile(r"data:image/|(?:iVBORw0KGgo|/9j/4|R0lGOD[dl]|UklGR)[A-Za-z0-9+/]{60,}")
OVERLAP = 160

ID_HEADER = re.compile(
    r"身份证|公民身份|身份号码|证件号|护照号|通行证号|\bid ?card|\bid ?(?:number|no)\b"
    r"|identity ?(?:card|number|no)|passport ?(?:number|no)"
)
NAME_HEADER = re.compile(
    r"(?:人员|员工|职工|学生|旅客|乘客|客户|用户|居民|业主|会员|访客|患者|被采集人|个人)?(?:真实)?姓名"
    r"|(?:person|full|employee|student|passenger|customer|visitor|resident|member)s? ?name"
)
FACE_HEADER = re.compile(
    r"人脸(?:照片|图片|图像|图|特征|模板|数据)|照片|头像|特征值|特征向量"
    r"|face ?(?:image|photo|picture|template|feature|embedding|vector)|\bphotos?\b|portrait"
)
PERSONAL_HEADER = _(
    "The column {column} holds data about persons. The portal takes counts and technical facts only, "
    "so the file is refused and nothing of it is kept. Delete the column and upload again."
)
PERSONAL_VALUE = _(
    "Row {row}, column {column}, holds a resident identity number. The portal takes counts and technical facts only, "
    "so the file is refused and nothing of it is kept. Delete such numbers and upload again."
)
PERSONAL_IMAGE = _(
    "Row {row}, column {column}, holds a picture. Pictures may show people, so the file is refused "
    "and nothing of it is kept. Delete the pictures and upload again."
)
PERSONAL_SHEET = _(
    "The sheet {sheet} holds a resident identity number in row {row}. "
    "The portal takes counts and technical facts only, "
    "so the file is refused and nothing of it is kept. Delete such numbers and upload again."
)


def is_suspicious(chunks: Iterable[str]) -> bool:
    """Whether a text may hold an identity number or a picture: a quick look that lets clean files pass."""
    tail = ""
    for chunk in chunks:
        window = tail + chunk
        if any(mark in window for mark in IMAGE_MARKS) and IMAGE.search(window):
            return True
        if any(True for _number in resident_ids(window)):
            return True
        tail = window[-OVERLAP:]
    return False


def refuse_values(
    records: Iterable[tuple[int, Sequence[str]]], headers: Sequence[str], columns: Sequence[str | None]
) -> None:
    """Refuse at the first cell with an identity number or a picture, naming its place and never its content."""
    uscc_columns = {
        position
        for position, header in enumerate(headers)
        if any(column_for(header, kind) == "pip_uscc" for kind in KINDS.values()) or "信用代码" in header
    }
    free = {position for position, name in enumerate(columns) if name == "dedup_method"}
    uscc_columns |= {position for position, name in enumerate(columns) if name == "pip_uscc"}
    for row, cells in records:
        for position, cell in enumerate(cells):
            if len(cell) < 11:
                continue
            place = {"row": row, "column": _column(headers, position)}
            if IMAGE.search(cell):
                raise Refused("images", Phrase(PERSONAL_IMAGE, **place), **place)
            if position in free or (position in uscc_columns and uscc_problem(normalise_uscc(cell)) is None):
                continue
            if any(True for _number in resident_ids(cell)):
                raise Refused("personal", Phrase(PERSONAL_VALUE, **place), **place)


def refuse_headers(cells: Sequence[str], columns: Sequence[str | None], row: int) -> None:
    """Refuse a header row with a column of names, identity numbers or faces."""
    for cell, name in zip(cells, columns, strict=True):
        if name is None and is_personal_header(cell):
            raise Refused("personal", Phrase(PERSONAL_HEADER, column=cell.strip()[:60]), row=row, column=cell.strip())


def refuse_unrecognised(records: Iterable[tuple[int, Sequence[str]]]) -> None:
    """The same for a file without a known header row: a list of persons is named as that, not as an unknown table."""
    for row, cells in records:
        short = [cell for cell in cells if cell.strip() and len(cell) <= 20]
        if len(short) > 1:
            refuse_headers(short, [None] * len(short), row)


def refuse_marks(marks: Iterable[Sequence[Any]]) -> None:
    """Refuse for identity numbers on the other sheets of a workbook."""
    for sheet, row, _column_number, text in marks:
        for number in resident_ids(text):
            if uscc_problem(number) is not None:
                place = {"sheet": sheet, "row": row}
                raise Refused("personal", Phrase(PERSONAL_SHEET, **place), **place)


def is_personal_header(header: str) -> bool:
    """Whether a header announces names, identity numbers or faces."""
    text = re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", header[:200])).strip().casefold()
    if not text or column_for(text, COUNTS) == "dedup_method":
        return False
    bare = header_key(header)
    return bool(
        ID_HEADER.search(text)
        or NAME_HEADER.fullmatch(text)
        or NAME_HEADER.fullmatch(bare)
        or FACE_HEADER.search(text)
    )


def _column(headers: Sequence[str], position: int) -> str:
    if position < len(headers):
        return headers[position]
    letters, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

"""A printed paper as plain values: what stands on it, in which order, in which language; no look, no database."""

import hashlib
import unicodedata
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal

Language = Literal["zh", "en"]
DayKind = Literal["start", "counted", "makeup", "weekend", "day_off", "skipped", "due"]


@dataclass(frozen=True)
class Row:
    """One field of a form: its label, its value in words, and where the value comes from."""

    label: str
    value: str = ""
    is_missing: bool = False
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A list with a header that repeats on every page; widths are relative, `numeric` columns are set right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    numeric: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        wrong = [number for number, row in enumerate(self.rows, start=1) if len(row) != len(self.header)]
        if wrong:
            raise ValueError(f"table row {wrong[0]} has not as many cells as the header")
        if self.widths and len(self.widths) != len(self.header):
            raise ValueError("table widths must be as many as the header's cells")


@dataclass(frozen=True)
class Day:
    """One civil day behind a deadline: counted (its number is the label), left out (the reason), start or due."""

    on: date
    kind: DayKind
    label: str = ""


@dataclass(frozen=True)
class DayStrip:
    """The days from the start to the due day in order, printed week by week, so that a date explains itself."""

    days: tuple[Day, ...]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A JPEG as wide as the paper allows; `description` is for those who can't see it."""

    content: bytes
    description: str
    caption: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a paper, printed in this order: heading, paragraphs, rows, table, strip of days, picture."""

    heading: str = ""
    rows: tuple[Row, ...] = ()
    table: Table | None = None
    paragraphs: tuple[str, ...] = ()
    strip: DayStrip | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Sheet:
    """One paper of the dossier; `notice` says what it is not, `digest_line` names version and hash of its facts."""

    title: str
    language: Language
    reference: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    notice: str = ""
    signature: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: str = ""
    as_of: date | None = None
    digest_line: str = ""

    def missing(self) -> tuple[str, ...]:
        """Labels of the fields that nobody has filled in, in printed order."""
        return tuple(row.label for section in self.sections for row in section.rows if row.is_missing)


WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "missing": "未填写",
        "page": "第 {page} 页，共 {pages} 页",
        "as_of": "数据截至 {on}",
        "printed_by": "打印人：{by}",
        "printed_on": "打印日期：{on}",
        "label": "项目",
        "value": "内容",
        "start": "起算日",
        "counted": "计入的工作日",
        "makeup": "调休上班日（计入）",
        "makeup_short": "班",
        "weekend": "周末",
        "day_off": "放假",
        "skipped": "不计入",
        "due": "截止日",
    },
    "en": {
        "missing": "Not filled in",
        "page": "Page {page} of {pages}",
        "as_of": "Facts as of {on}",
        "printed_by": "Printed by {by}",
        "printed_on": "Printed on {on}",
        "label": "Field",
        "value": "Entry",
        "start": "Start",
        "counted": "Working day, counted",
        "makeup": "Make-up working day, counted",
        "makeup_short": "make-up",
        "weekend": "Weekend",
        "day_off": "Day off",
        "skipped": "Not counted",
        "due": "Due",
    },
}
WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


UNPRINTABLE = frozenset({"Cc", "Cf", "Cs"})
NONCHARACTERS = frozenset({"\ufffe", "\uffff"})


def printable(text: str) -> str:
    """The text without characters that have no place on paper: controls, surrogates, marks that turn its direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(char for char in text if char == "\n" or _is_printed(char))


def _is_printed(char: str) -> bool:
    return unicodedata.category(char) not in UNPRINTABLE and char not in NONCHARACTERS


def plain(value: Any) -> Any:
    """Dataclasses as dicts and lists that JSON can carry; dates as ISO, texts made printable, bytes by SHA-256."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


def weeks(strip: DayStrip) -> list[list[Day | None]]:
    """The days as calendar weeks from Monday to Sunday; a place without a day is None."""
    rows: list[list[Day | None]] = []
    current: tuple[int, int] | None = None
    for day in sorted(strip.days, key=lambda day: day.on):
        year, week, weekday = day.on.isocalendar()
        if current != (year, week):
            current = (year, week)
            rows.append([None] * 7)
        rows[-1][weekday - 1] = day
    return rows


def kinds(strip: DayStrip) -> list[DayKind]:
    """The kinds that occur in the strip, in the order of the legend."""
    order: tuple[DayKind, ...] = ("start", "counted", "makeup", "weekend", "day_off", "skipped", "due")
    present = {day.kind for day in strip.days}
    return [kind for kind in order if kind in present]


def footing(sheet: Sheet) -> list[str]:
    """The small print at the foot of every page: state of the facts, who printed it and when."""
    words = WORDS[sheet.language]
    parts = []
    if sheet.as_of:
        parts.append(words["as_of"].format(on=sheet.as_of.isoformat()))
    if sheet.printed_by:
        parts.append(words["printed_by"].format(by=sheet.printed_by))
    if sheet.printed_on:
        parts.append(words["printed_on"].format(on=sheet.printed_on))
    return parts

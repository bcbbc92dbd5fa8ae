"""Rows judged: every cell by the rule of its column, every row by the rules within it, the file by its keys."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import getitem, itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

from portal.imports.reading.columns import Column, Heading
from portal.imports.reading.limits import MAX_ROWS
from portal.imports.reading.phrases import CellError, Judged, Phrase, Problem, Refused, shortened
from portal.imports.reading.table import TOO_MANY_ROWS

MEMO_SIZE = 20_000
NAMED_ROWS = 5
REMARK = re.compile(
    r"\s*(?:注[:：释意\s]|备注|说明|附注|合计|总计|小计|共计|填表|制表|审核|填报|联系|以上|以下为|数据来源|来源|\*|※"
    r"|notes?\b|remarks?\b|total\b|sum\b|source\b|prepared by|end of)",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[，。：；！？、]|\s\S+\s\S+\s")

Records = Iterable[tuple[int, list[str]]]


class Fault(NamedTuple):
    """A cell's error as the memo keeps it."""

    message: Phrase
    remedy: Phrase


class Cells(dict):
    """What the cells of one column mean, each distinct text judged once; forgets when it grows too large."""

    def __init__(self, column: Column, respelled: set[str]) -> None:
        super().__init__()
        self.take = column.widget.clean
        self.shows_respelling = column.widget.shows_respelling
        # Shared by the columns of a file: a look at it tells whether a row needs a second one.
        self.respelled = respelled

    def __missing__(self, text: str) -> Any:
        if len(self) >= MEMO_SIZE:
            self.clear()
        try:
            value = self.take(text)
        except CellError as error:
            value = Fault(error.message, error.remedy)
        else:
            if self.shows_respelling and value != text and value:
                self.respelled.add(text)
        self[text] = value
        return value


class Survey(NamedTuple):
    """What the first pass over a file found."""

    row_count: int
    # Row → all rows with the same key, the row itself among them.
    twins: dict[int, tuple[int, ...]]
    # Site → column → rows by what they say; only where they disagree.
    disputes: dict[tuple[str, str], dict[str, dict[Any, list[int]]]]
    # Rows that are remarks below the table; with the rows above the header they are not read.
    remarks: tuple[int, ...]


class Judge:
    """Judges the rows under one heading."""

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        self.kind = heading.kind
        self.width = len(heading.headers)
        positions = [position for position, name in enumerate(heading.columns) if name]
        self.names = [heading.columns[position] for position in positions]
        self.header_of = {
            name: heading.headers[position] for name, position in zip(self.names, positions, strict=True)
        }
        self.position_of = dict(zip(self.names, positions, strict=True))
        self.columns = [self.kind.column(name) for name in self.names]
        self.respelled: set[str] = set()
        self.cells = [Cells(column, self.respelled) for column in self.columns]
        self.cells_of = dict(zip(self.names, self.cells, strict=True))
        self.pick: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*positions)
        self.required = [self.position_of[column.name] for column in self.columns if column.required]

    def survey(self, records: Records) -> Survey:
        """First pass: count, find keys that stand twice, sites on which rows disagree, remarks at the end."""
        key_names = [name for name in self.kind.key if name in self.position_of]
        key_cells = [(self.position_of[name], self.cells_of[name]) for name in key_names]
        site = self._site_reader()
        # Half a million keys are held here, so they are plain strings and what a site is said to be is a hash.
        first_row: dict[str, int] = {}
        twins: dict[str, list[int]] = {}
        sites: dict[str, int] = {}
        disputed: set[tuple[str, str]] = set()
        remarks: list[int] = []
        count = 0
        for number, row in self._filled(records):
            if self._is_remark(row):
                remarks.append(number)
                continue
            if remarks:
                # Text between the rows is not a remark below the table: it is judged as a row.
                count += len(remarks)
                remarks.clear()
            count += 1
            if count > MAX_ROWS:
                raise Refused("too_many_rows", Phrase(TOO_MANY_ROWS, limit=f"{MAX_ROWS:,}"))
            parts = [cells[row[position]] for position, cells in key_cells]
            if Fault in map(type, parts):
                continue
            key = "\n".join(map(str, parts))
            earlier = first_row.setdefault(key, number)
            if earlier != number:
                twins.setdefault(key, [earlier]).append(number)
            if site:
                place, said = site(row)
                if place and sites.setdefault("\n".join(place), said) != said:
                    disputed.add(place)
        by_row = {row: tuple(rows) for rows in twins.values() for row in rows}
        return Survey(count, by_row, {place: {} for place in disputed}, tuple(remarks))

    def settle(self, records: Records, survey: Survey) -> None:
        """Look again at the sites whose rows are not spelled alike: only different meanings are a dispute."""
        said: dict[tuple[str, str], dict[str, dict[Any, list[int]]]] = {place: {} for place in survey.disputes}
        columns = [column.name for column in self.columns if column.of_site]
        for number, row in self._filled(records):
            place = self._place(row)
            if place not in said:
                continue
            for name in columns:
                value = self.cells_of[name][row[self.position_of[name]]]
                if type(value) is not Fault and (value or name in CLEARABLE):
                    said[place].setdefault(name, {}).setdefault(value, []).append(number)
        survey.disputes.clear()
        for place, by_column in said.items():
            open_columns = {name: rows for name, rows in by_column.items() if len(rows) > 1}
            if open_columns:
                survey.disputes[place] = open_columns

    def rows(self, records: Records, survey: Survey) -> Iterator[Judged]:
        """Second pass: every row with its values and all that is wrong in it."""
        remarks = frozenset(survey.remarks)
        headers, names, cells, pick = self.heading.headers, self.names, self.cells, self.pick
        cross = CROSS_CHECKS[self.kind.name]
        for number, row in self._filled(records):
            if number in remarks:
                continue
            texts = pick(row)
            found = list(map(getitem, cells, texts))
            values = dict(zip(names, found, strict=True))
            problems: list[Problem] = []
            if Fault in map(type, found):
                self._faults(values, texts, problems)
            cross(self, values, problems)
            if len(row) > self.width:
                self._surplus(row, problems)
            if number in survey.twins:
                self._twins(number, row, survey.twins[number], problems)
            if survey.disputes:
                self._dispute(number, row, survey, problems)
            respelled = self._respelled(values, texts) if self.respelled else ()
            yield Judged(number, dict(zip(headers, row, strict=False)), values, tuple(problems), respelled)

    def _filled(self, records: Records) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header that have any cell filled, none shorter than the header."""
        first = self.heading.position + self.heading.depth
        width = self.width
        for position, (number, row) in enumerate(records):
            if position < first or not row:
                continue
            if (not row[0] or row[0].isspace()) and not any(cell.strip() for cell in row):
                continue
            if len(row) < width:
                row += [""] * (width - len(row))
            yield number, row

    def _is_remark(self, row: Sequence[str]) -> bool:
        """Whether a row reads like text below a table: nearly no required cell filled, and words, not a code."""
        if all(row[position] for position in self.required):
            return False
        texts = [cell for cell in row if cell.strip()]
        if len(texts) > 2:
            return False
        if REMARK.match(texts[0]):
            return True
        filled = sum(1 for position in self.required if row[position].strip())
        return filled <= 1 and bool(SENTENCE.search(texts[0].strip()) or len(texts[0]) > 64)

    def _site_reader(self) -> Callable[[Sequence[str]], tuple] | None:
        positions = [self.position_of[column.name] for column in self.columns if column.of_site]
        if not positions or "site_code" not in self.position_of:
            return None
        return lambda row: (self._place(row), hash(tuple([row[position] for position in positions])))

    def _place(self, row: Sequence[str]) -> tuple[str, str] | None:
        """The site of a row, or nothing when its cells can't be read."""
        if "site_code" not in self.position_of:
            return None
        pip = self.cells_of["pip_uscc"][row[self.position_of["pip_uscc"]]]
        code = self.cells_of["site_code"][row[self.position_of["site_code"]]]
        return None if type(pip) is Fault or type(code) is Fault else (pip, code)

    def _respelled(self, values: dict[str, Any], texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            name
            for name, cells, text in zip(self.names, self.cells, texts, strict=True)
            if cells.shows_respelling and text in self.respelled and values.get(name) != text
        )

    def _faults(self, values: dict[str, Any], texts: Sequence[str], problems: list[Problem]) -> None:
        for name, text in zip(self.names, texts, strict=True):
            fault = values[name]
            if type(fault) is Fault:
                del values[name]
                problems.append(Problem(self.header_of[name], shortened(text), fault.message, fault.remedy))

    def _surplus(self, row: Sequence[str], problems: list[Problem]) -> None:
        extra = [cell for cell in row[self.width :] if cell.strip()]
        if extra:
            message = Phrase(_("The row has {found} cells, the header {width}."), found=len(row), width=self.width)
            remedy = Phrase(_("Put a text that contains the separator between quotation marks."))
            problems.append(Problem("", shortened(extra[0]), message, remedy))

    def _twins(self, number: int, row: Sequence[str], rows: Sequence[int], problems: list[Problem]) -> None:
        name = self.kind.key[-1] if self.kind.key[-1] in self.position_of else self.kind.key[0]
        message = Phrase(_("The same key stands in row {rows} too."), rows=_others(rows, number))
        remedy = Phrase(_("Keep the row that is right and delete the others."))
        problems.append(Problem(self.header_of[name], shortened(row[self.position_of[name]]), message, remedy))

    def _dispute(self, number: int, row: Sequence[str], survey: Survey, problems: list[Problem]) -> None:
        for name, said in survey.disputes.get(self._place(row), {}).items():  # type: ignore[arg-type]
            others = [other for rows in said.values() if number not in rows for other in rows]
            if len(others) == sum(map(len, said.values())):
                continue
            message = Phrase(_("Row {rows} says something else about the same site."), rows=_others(others, number))
            remedy = Phrase(_("Write the same in all rows of the site."))
            problems.append(Problem(self.header_of[name], shortened(row[self.position_of[name]]), message, remedy))


# An empty cell clears these; an empty name, province or type of a site says nothing.
CLEARABLE = frozenset(("city", "address"))


def _others(rows: Iterable[int], number: int) -> str:
    """Rows as a message names them: a few, then how many more."""
    others = sorted({row for row in rows if row != number})
    text = ", ".join(map(str, others[:NAMED_ROWS]))
    return text if len(others) <= NAMED_ROWS else f"{text} … (+{len(others) - NAMED_ROWS})"


def _in_order(judge: Judge, values: dict[str, Any], problems: list[Problem], start: str, end: str) -> None:
    first, last = values.get(start), values.get(end)
    if first and last and last < first:
        message = Phrase(
            _("The date is before {column} ({date})."), column=judge.header_of[start], date=first.isoformat()
        )
        remedy = Phrase(_("Write {date} or a later day, or mend the first date."), date=first.isoformat())
        problems.append(Problem(judge.header_of[end], _shown(last), message, remedy))


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value or "")


def _deployment(judge: Judge, values: dict[str, Any], problems: list[Problem]) -> None:
    _in_order(judge, values, problems, "started_on", "ended_on")
    if values.get("status") == "terminated" and "ended_on" in values and values["ended_on"] is None:
        message = Phrase(_("The deployment is terminated, but the day on which it ended is missing."))
        remedy = Phrase(_("Write the day like 2025-06-05, or mend the status."))
        problems.append(Problem(judge.header_of["ended_on"], "", message, remedy))


def _device(judge: Judge, values: dict[str, Any], problems: list[Problem]) -> None:
    _in_order(judge, values, problems, "installed_on", "removed_on")


def _sign(judge: Judge, values: dict[str, Any], problems: list[Problem]) -> None:
    _in_order(judge, values, problems, "posted_on", "removed_on")


def _count(judge: Judge, values: dict[str, Any], problems: list[Problem]) -> None:
    """A count stands alone; what it says against earlier counts is judged with the register."""


CROSS_CHECKS: dict[str, Callable[[Judge, dict[str, Any], list[Problem]], None]] = {
    "deployments": _deployment,
    "devices": _device,
    "signs": _sign,
    "counts": _count,
}

"""The rows of a batch as people read them: headings of their file, words instead of codes, old beside new."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.imports.models import ImportBatch, ImportRow
from portal.imports.reading.columns import KINDS
from portal.imports.reading.phrases import Problem
from portal.law.enums import DEPLOYMENT_STATUSES

# The part of the key that a person looks for; the PIP stands below it.
KEYS = {
    "deployments": ("deployment_code",),
    "devices": ("device_serial",),
    "signs": ("sign_code",),
    "counts": ("deployment_code", "scenario_code", "counted_on"),
}


@dataclass(frozen=True)
class Line:
    """One row: its number in the file, what it is about, and what would change or is wrong."""

    row: int
    key: str
    pip: str
    said: list[tuple[str, Any]]
    changes: list[tuple[str, Any, Any]]
    problems: list[Problem]


class Words:
    """Headings and values of one batch in the reader's language."""

    def __init__(self, batch: ImportBatch) -> None:
        self.kind = KINDS.get(batch.kind)
        self.headers = {column: header for header, column in batch.mapping.items()}
        self.language = "zh" if (get_language() or "").startswith("zh") else "en"

    def heading(self, column: str) -> str:
        """What the file calls the column."""
        if column == "deployment_status":
            return _("status of the deployment")
        return self.headers.get(column) or column

    def value(self, column: str, value: Any) -> Any:
        """A stored value as words."""
        if column == "deployment_status":
            text = DEPLOYMENT_STATUSES.get(value)
            return text.in_(self.language) if text else value
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int):
            return f"{value:,}"
        for choice in getattr(self.kind.column(column).widget, "choices", ()):
            if choice.code == value:
                return choice.zh if self.language == "zh" else choice.en
        return value

    def in_order(self, by_column: dict[str, Any]) -> list[tuple[str, Any]]:
        """The entries in the order of the kind's columns, which the database doesn't keep."""
        order = {column.name: place for place, column in enumerate(self.kind.columns)}
        return sorted(by_column.items(), key=lambda entry: order.get(entry[0], len(order)))

    def line(self, row: ImportRow) -> Line:
        """One row."""
        if row.result == "error":
            return self.broken(row)
        values = row.values
        keys = KEYS[self.kind.name]
        key = " · ".join(str(values[name]) for name in keys if values.get(name))
        rest = [
            (self.heading(name), self.value(name, value))
            for name, value in self.in_order(values)
            if name not in (*keys, "pip_uscc") and value not in (None, "")
        ]
        return Line(
            row.row,
            key,
            values.get("pip_uscc", ""),
            rest if row.result == "new" else [],
            [
                (self.heading(name), self.value(name, old), self.value(name, new))
                for name, (old, new) in self.in_order(row.differences)
            ],
            [],
        )

    def broken(self, row: ImportRow) -> Line:
        """A row with errors, named by its cells as they stand in the file."""
        keys = KEYS[self.kind.name]
        cells = [row.cells.get(self.headers.get(name, ""), "") for name in keys]
        return Line(
            row.row,
            " · ".join(cell for cell in cells if cell)[:120],
            row.cells.get(self.headers.get("pip_uscc", ""), "")[:40],
            [],
            [],
            [Problem.from_json(stored) for stored in row.problems],
        )

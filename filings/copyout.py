"""The copy-out of a filing: every field of the forms in their order, and every file, each with its tick.

A frozen dossier is copied out from its frozen facts; before that from the register as it is now.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from filings import sheets
from filings.dossier import Item, covered_sheets, items_of
from filings.layout import Layout, layout_in_force
from filings.models import CopiedField, Filing, State
from filings.workflow import EDITABLE
from portal.law.checklists import FormField
from portal.law.text import Text

FILES = "files"
BASIC = "basic"


@dataclass(frozen=True)
class Line:
    """A field, or a file, with its value and its tick."""

    key: str
    label: Text
    value: str = ""
    is_kept: bool = True
    most: int | None = None
    item: Item | None = None
    tick: CopiedField | None = None

    @property
    def digest(self) -> str:
        """Of the value: a tick stands for the very value that was copied."""
        value = self.item.document.evidence.sha256 if self.item else self.value
        return hashlib.sha256(value.encode()).hexdigest()[:16]

    @property
    def is_done(self) -> bool:
        return self.tick is not None and self.tick.digest == self.digest

    @property
    def has_moved(self) -> bool:
        """Whether the value is another since it was ticked."""
        return self.tick is not None and self.tick.digest != self.digest

    @property
    def length(self) -> int:
        return len(self.value)

    @property
    def is_too_long(self) -> bool:
        return self.most is not None and self.length > self.most


@dataclass(frozen=True)
class Part:
    """A form of the filing system, or its attachments: headings with their lines."""

    code: str
    title: Text
    sections: tuple[tuple[Text, tuple[Line, ...]], ...]

    @property
    def lines(self) -> list[Line]:
        return [line for _heading, lines in self.sections for line in lines]

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)


@dataclass(frozen=True)
class CopyOut:
    """Everything that is carried over, and where its values come from."""

    parts: tuple[Part, ...]
    is_frozen: bool
    # A dossier frozen before its fields were kept: the values are the register's.
    is_of_register: bool

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)


def copy_out(filing: Filing, today: date) -> CopyOut:
    """The forms of the filing in order, with what was ticked so far."""
    covered = covered_sheets(filing, today)
    items = items_of(filing, covered)
    ticks = {row.field: row for row in filing.copied.select_related("ticked_by")}
    layout = layout_in_force()
    is_frozen = filing.state not in EDITABLE | {State.FREEZING}
    snapshot = filing.snapshots.order_by("-round").first() if is_frozen else None
    kept = (snapshot.facts.get("forms") if snapshot else None) or []
    filled = kept or sheets.filled_forms(filing.pip, covered)
    values = {(one["form"], one["scenario"], one["field"]): one["value"] for one in filled}
    names = {one.scenario.code: one.scenario.name for one in covered}
    if snapshot and kept:
        names = {one["code"]: one["name"] for one in snapshot.facts["scenarios"]}
    # A cancellation has no application sheets: only the forms that the dossier has are copied out.
    had = {item.material.code for item in items}
    forms = [(BASIC, Text("Basic information", "基本情况表"), "basic-information", "")]
    forms += [(code, Text(name, name), "application", code) for code, name in names.items()]
    parts = [_form(*form, layout, values, ticks) for form in forms if form[2] in had]
    parts.append(_files(items, ticks))
    return CopyOut(tuple(parts), is_frozen, is_frozen and not kept)


def _form(
    code: str,
    title: Text,
    form: str,
    scenario: str,
    layout: Layout,
    values: dict[tuple[str, str, str], str],
    ticks: dict[str, CopiedField],
) -> Part:
    def line(field: FormField) -> Line:
        key = ":".join(filter(None, (form, scenario, field.code)))
        value = values.get((form, scenario, field.code))
        return Line(key, field.label, value or "", value is not None, field.max_length, tick=ticks.get(key))

    sections = tuple(
        (section.heading, tuple(line(field) for field in section.fields)) for section in layout.forms[form]
    )
    return Part(code, title, sections)


def _files(items: list[Item], ticks: dict[str, CopiedField]) -> Part:
    lines = []
    for item in items:
        if item.document.evidence:
            key = f"file:{item.document.pk}"
            lines.append(Line(key, item.material.title, item.file_name, item=item, tick=ticks.get(key)))
    heading = Text("Attachments under the names that they are handed in with", "附件（按提交名称）")
    return Part(FILES, Text("Attachments", "附件"), ((heading, tuple(lines)),))

"""The two forms as data: which fields stand in which section, in which order, under which label, how long.

The portal's own data are the default (LAW.md 2.5: the official forms were not available); an owner words them as the
filing system does now, without a release.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from filings import wording
from filings.models import FieldWording
from portal.law.checklists import APPLICATION, BASIC_INFORMATION, FormField
from portal.law.text import Text

STEP = 10  # between two fields, so that one can be put between them
FIELDS: dict[str, dict[str, FormField]] = {
    "basic-information": {field.code: field for field in BASIC_INFORMATION},
    "application": {field.code: field for field in APPLICATION}
    | {"protection": FormField("protection", wording.PROTECTION, 4000, "scenario.protection")},
}
SECTIONS = {"basic-information": wording.BASIC_SECTIONS, "application": wording.APPLICATION_SECTIONS}


@dataclass(frozen=True)
class Placed:
    """A field where the form has it."""

    field: FormField
    position: int
    is_changed: bool = False


@dataclass(frozen=True)
class FormSection:
    """A part of a form with its fields in order."""

    heading: Text
    placed: tuple[Placed, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        return tuple(one.field for one in self.placed)


@dataclass(frozen=True)
class Layout:
    """Both forms as they are worded now."""

    forms: dict[str, tuple[FormSection, ...]]

    def fields(self, form: str) -> dict[str, FormField]:
        """The fields of a form by their code, in the order of the form."""
        return {field.code: field for section in self.forms[form] for field in section.fields}


def laid_out(wordings: Iterable[FieldWording] = ()) -> Layout:
    """The portal's forms with the changed wordings in their place."""
    changed = {(one.form, one.field): one for one in wordings}
    return Layout(
        {
            form: tuple(
                FormSection(heading, tuple(_placed(form, codes, changed))) for heading, codes in SECTIONS[form]
            )
            for form in FIELDS
        }
    )


def layout_in_force() -> Layout:
    """The forms as the workspace in scope words them."""
    return laid_out(FieldWording.objects.all())


def _placed(form: str, codes: tuple[str, ...], changed: dict[tuple[str, str], FieldWording]) -> list[Placed]:
    found = []
    for number, code in enumerate(codes, start=1):
        field, own = FIELDS[form][code], changed.get((form, code))
        if own is None:
            found.append(Placed(field, number * STEP))
            continue
        label = Text(own.label_en or field.label.en, own.label_zh or field.label.zh)
        field = replace(field, label=label, max_length=own.max_length or field.max_length)
        found.append(Placed(field, own.position or number * STEP, is_changed=True))
    # Of two with the same position the one that the portal has first comes first.
    return sorted(found, key=lambda one: one.position)


def position_of(form: str, code: str) -> int:
    """Where the portal's own form has a field within its section."""
    codes = next(codes for _heading, codes in SECTIONS[form] if code in codes)
    return (codes.index(code) + 1) * STEP

"""How typed text becomes comparable text: width, spaces, case, and the characters nobody sees."""

import re
import unicodedata

from django.utils.translation import gettext_noop as _

from portal.imports.reading.limits import MAX_CELL
from portal.imports.reading.phrases import CellError, Phrase

SPACES = " \u3000\u00a0"
DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]*").fullmatch
# A cell that a spreadsheet would run is written with ' in front; reading our own file back takes it off again.
GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]").match
SHEET_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"))


def as_text(value: object) -> str:
    """The cell as text; refuses what is too long or a spreadsheet's own error mark."""
    text = value if type(value) is str else "" if value is None else str(value)
    if len(text) > MAX_CELL:
        raise CellError(
            Phrase(_("The cell has {count} characters."), count=f"{len(text):,}"),
            Phrase(_("Write at most {limit} characters."), limit=f"{MAX_CELL:,}"),
        )
    if text.startswith("'") and GUARDED(text):
        text = text[1:]
    if text in SHEET_ERRORS:
        raise CellError(
            Phrase(_("The spreadsheet shows an error here instead of a value.")),
            Phrase(_("Mend the formula, or write the value itself.")),
        )
    return text


def typed(text: str) -> str:
    """Free text as typed, without the spaces around it; a tab or line feed in front stays (IMPORT.md)."""
    return text.rstrip().lstrip(SPACES)


def folded(text: str) -> str:
    """Full-width letters and digits made narrow, spaces of any kind single and none at the ends, dashes plain."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text).translate(DASHES).split())


def refuse_unseen(text: str) -> None:
    """A format or control character in a key makes a second object that looks like the first: name it."""
    if text.isascii() and text.isprintable():
        return
    for character in text:
        category = unicodedata.category(character)
        if category in ("Cf", "Cc", "Co", "Cn", "Cs") or 0xFE00 <= ord(character) <= 0xFE0F:
            code = f"U+{ord(character):04X}"
            name = unicodedata.name(character, "")
            raise CellError(
                Phrase(_("The cell holds an invisible character: {character}."), character=f"{code} {name}".strip()),
                Phrase(_("Type the value again by hand instead of pasting it.")),
            )

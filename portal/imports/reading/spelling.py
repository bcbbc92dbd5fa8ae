"""How typed text becomes comparable text: width, spaces, case, and the characters nobody sees."""

import re
import unicodedata

from django.utils.translation import gettext_noop as _

from portal.imports.reading.limits import MAX_CELL
from portal.imports.reading.phrases import CellError, Phrase

SPACES = " \u3000\u00a0"
DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", **DASHES}
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]*").fullmatch
# A cell that a spreadsheet would run is written with ' in front; reading our own file back takes it off again.
GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]").match
SHEET_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"))


# Letters, digits, signs and Chinese that need no second look; everything else is looked up character by character.
SEEN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u024f\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]*").fullmatch


def as_text(value: object) -> str:
    """The cell as text; refuses what is too long or a spreadsheet's own error mark."""
    text = value if type(value) is str else "" if value is None else str(value)
    if len(text) <= MAX_CELL and not text.startswith(("'", "#")):
        return text
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


def narrowed(text: str) -> str:
    """The same for numbers and dates, by width alone: ² and ① are other signs than 2 and 1, and an error there."""
    return " ".join(text.translate(WIDTH).split())


def refuse_unseen(text: str) -> None:
    """A format or control character in a key makes a second object that looks like the first: name it."""
    if SEEN(text):
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

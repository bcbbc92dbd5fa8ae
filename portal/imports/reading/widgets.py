"""The rules for every column, as import-export widgets: one rule set for files, resources and exports."""

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from import_export.widgets import Widget

from portal.imports.reading.choices import LANGUAGES, NO, PROVINCES, YES, Choice
from portal.imports.reading.phrases import CellError, Phrase
from portal.imports.reading.spelling import PLAIN, as_text, folded, narrowed, refuse_unseen, typed
from portal.law.identifiers import normalise_uscc, uscc_problem

MOST_PERSONS = 2_000_000_000  # more than live in China; also what an integer column holds
# What a cell of nothing but spaces may begin with; spares the look at all others.
BLANK = frozenset(" \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(code) for code in range(0x2000, 0x200B)
}
FIRST_YEAR, LAST_YEAR = 1990, 2099


class CellWidget(Widget):
    """Blank cells, length and failed formulas; ``take`` has the rule of the column."""

    empty: Any = None
    # Whether the value is read in another spelling than typed often enough to show it.
    shows_respelling = False

    def __init__(self, *, required: bool = False, example: str = "") -> None:
        super().__init__()
        self.required = required
        self.example = example

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The typed value of a cell, ``empty`` for a blank one; raises CellError with the remedy."""
        text = as_text(value)
        if not text or (text[0] in BLANK and text.isspace()):
            if self.required:
                raise CellError(Phrase(_("This cell must be filled.")), self.remedy())
            return self.empty
        return self.take(text)

    def take(self, text: str) -> Any:
        """The value of a cell that is not blank."""
        raise NotImplementedError

    def remedy(self) -> Phrase:
        """What to write instead, with an example."""
        return Phrase(_("Write for example {example}."), example=self.example)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The value as an export writes it; what ``clean`` reads back as the same value."""
        return "" if value is None else str(value)


class TextWidget(CellWidget):
    """Free text as typed."""

    empty = ""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_length = max_length

    def take(self, text: str) -> str:
        return self.fit(typed(text))

    def fit(self, text: str) -> str:
        """The text, if it is not longer than its column."""
        if len(text) > self.max_length:
            raise CellError(
                Phrase(_("The text has {count} characters."), count=len(text)),
                Phrase(_("Write at most {limit} characters."), limit=self.max_length),
            )
        return text


class LineWidget(TextWidget):
    """A name by which something is found again: one line, single spaces, nothing unseen, letters kept as typed."""

    shows_respelling = True

    def take(self, text: str) -> str:
        line = " ".join(text.split())
        refuse_unseen(line)
        return self.fit(line)


class CodeWidget(CellWidget):
    """A key: narrow upper-case letters and digits; spaces, width and case are no difference."""

    empty = ""
    shows_respelling = True

    def __init__(self, *, max_length: int = 60, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_length = max_length

    def take(self, text: str) -> str:
        if not PLAIN(text):
            refuse_unseen(text.strip())
            text = folded(text)
        if len(text) > self.max_length:
            raise CellError(
                Phrase(_("The code has {count} characters."), count=len(text)),
                Phrase(_("Write at most {limit} characters."), limit=self.max_length),
            )
        return text.upper()


class UsccWidget(CodeWidget):
    """A unified social credit code, its check character verified (GB 32100-2015)."""

    def take(self, text: str) -> str:
        refuse_unseen(text.strip())
        code = normalise_uscc(folded(text))
        problem = uscc_problem(code)
        if problem is not None:
            raise CellError(
                Phrase("{problem}", problem=problem),
                Phrase(_("Copy the 18 characters of the unified social credit code from the business licence.")),
            )
        return code


class ChoiceWidget(CellWidget):
    """One of a few codes, written as the code or by its English or Chinese name."""

    empty = ""

    def __init__(self, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices
        self.codes: dict[str, str] = {}
        for choice in choices:
            for word in (choice.code, choice.en, choice.zh, *choice.also):
                self.codes.setdefault(_word(word), choice.code)

    def take(self, text: str) -> str:
        code = self.codes.get(_word(text))
        if code is None:
            refuse_unseen(text.strip())
            raise CellError(self.unknown(), self.remedy())
        return code

    def unknown(self) -> Phrase:
        """What to say of a word that is none of the choices."""
        return Phrase(_("This is not one of the words for this column."))

    def remedy(self) -> Phrase:
        words = ", ".join(f"{choice.zh} ({choice.code})" for choice in self.choices)
        return Phrase(_("Write one of: {words}."), words=words)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        chinese = (get_language() or "").startswith("zh")
        for choice in self.choices:
            if choice.code == value:
                return choice.zh if chinese else choice.code
        return "" if value is None else str(value)


class ProvinceWidget(ChoiceWidget):
    """A province by its GB/T 2260 code or its name, long or short; the value is the two-digit code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PROVINCES, **kwargs)

    def unknown(self) -> Phrase:
        return Phrase(_("This is not a province of the mainland."))

    def remedy(self) -> Phrase:
        return Phrase(_("Write the name or the two-digit code of the province, for example 北京市, 北京 or 11."))


class BoolWidget(CellWidget):
    """Yes or no in either language; blank is unknown."""

    def take(self, text: str) -> bool:
        word = _word(text)
        if word in YES:
            return True
        if word in NO:
            return False
        raise CellError(
            Phrase(_("This is neither yes nor no.")), Phrase(_("Write yes or no, 是 or 否, or leave the cell empty."))
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        if (get_language() or "").startswith("zh"):
            return "是" if value else "否"
        return "yes" if value else "no"


class LanguagesWidget(CellWidget):
    """Languages of a sign, as codes separated by commas, in the order written, each once."""

    empty = ""
    SEPARATORS = re.compile(r"[\s,;/、，；+&]+")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = {
            _word(word): choice.code
            for choice in LANGUAGES
            for word in (choice.code, choice.en, choice.zh, *choice.also)
        }

    def take(self, text: str) -> str:
        words = [word for word in self.SEPARATORS.split(folded(text)) if word]
        unknown = [word for word in words if _word(word) not in self.codes]
        if unknown:
            raise CellError(
                Phrase(_("{word} is not a language known here."), word=unknown[0][:40]),
                Phrase(_("Write language codes separated by commas, for example zh,en, or 中文,英文.")),
            )
        return ",".join(dict.fromkeys(self.codes[_word(word)] for word in words))


class CountWidget(CellWidget):
    """Stored persons: digits, with thousands separators or 万; never a rounded or estimated form."""

    PLAIN_NUMBER = re.compile(r"\d+|\d{1,3}(?:,\d{3})+", re.ASCII)
    TEN_THOUSANDS = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))? ?万", re.ASCII)

    def take(self, text: str) -> int:
        number = narrowed(text)
        if self.PLAIN_NUMBER.fullmatch(number):
            digits = number.replace(",", "").lstrip("0") or "0"
            persons = int(digits) if len(digits) < 15 else MOST_PERSONS + 1
        elif match := self.TEN_THOUSANDS.fullmatch(number):
            fraction = (match[2] or "").rstrip("0")
            if len(fraction) > 4:
                raise self._error(_("This is not a whole number of persons."))
            whole = match[1].replace(",", "").lstrip("0") or "0"
            persons = int(whole + fraction.ljust(4, "0")) if len(whole) < 11 else MOST_PERSONS + 1
        else:
            refuse_unseen(text.strip())
            raise self._error(self._what(number))
        if persons > MOST_PERSONS:
            raise self._error(_("This is more persons than can be."))
        return persons

    def _what(self, number: str) -> str:
        if re.fullmatch(r"-\d+([.,]\d+)*", number, re.ASCII):
            return _("A number of persons can't be below zero.")
        if re.fullmatch(r"[\d,]+\.\d+", number, re.ASCII):
            return _("This is not a whole number of persons.")
        if re.fullmatch(r"[\d.]+[eE][+-]?\d+", number, re.ASCII):
            return _("The number is written in scientific notation, which may have lost digits.")
        if re.fullmatch(r"[\d,]+", number, re.ASCII):
            return _("The commas do not separate groups of three digits.")
        return _("This is not a number of persons.")

    def _error(self, message: str) -> CellError:
        return CellError(Phrase(message), self.remedy())

    def remedy(self) -> Phrase:
        return Phrase(_("Write digits only, for example 12345, 12,345 or 1.2万."))


class DateWidget(CellWidget):
    """A day in any of the accepted forms; the value is a date without time."""

    FORMS = re.compile(
        r"(?P<y>\d{4})(?:"
        r"(?P<sep>[-/.])(?P<m1>\d{1,2})(?P=sep)(?P<d1>\d{1,2})"
        r"|\s?年\s?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?[日号]"
        r"|(?P<m3>\d{2})(?P<d3>\d{2})"
        r")(?P<time>[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?",
        re.ASCII,
    )
    MIDNIGHT = re.compile(r"[ T]0?0:00(?::00(?:\.0+)?)?", re.ASCII)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """As for other cells; a date object (of an XLSX read elsewhere) is taken as it is."""
        if isinstance(value, datetime.datetime):
            value = value.date() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
        return super().clean(value.isoformat() if isinstance(value, datetime.date) else value, row, **kwargs)

    def take(self, text: str) -> datetime.date:
        found = self.FORMS.fullmatch(text) or self.FORMS.fullmatch(narrowed(text))
        if found is None:
            refuse_unseen(text.strip())
            raise self._error(Phrase(_("This is not a date in one of the accepted forms.")))
        if found["time"] and not self.MIDNIGHT.fullmatch(found["time"]):
            raise self._error(Phrase(_("The date has a time of day; only the day is wanted.")))
        year = int(found["y"])
        month = int(found["m1"] or found["m2"] or found["m3"])
        day = int(found["d1"] or found["d2"] or found["d3"])
        return self._day(year, month, day)

    def _day(self, year: int, month: int, day: int) -> datetime.date:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self._error(Phrase(_("The year {year} can't be right."), year=year))
        if not 1 <= month <= 12:
            raise self._error(Phrase(_("There is no month {month}."), month=month))
        try:
            return datetime.date(year, month, day)
        except ValueError:
            message = Phrase(_("There is no day {day} in month {month} of {year}."), day=day, month=month, year=year)
            raise self._error(message) from None

    def _error(self, message: Phrase) -> CellError:
        return CellError(message, self.remedy())

    def remedy(self) -> Phrase:
        return Phrase(_("Write the date like {example}."), example=self.example or "2025-06-05")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else value.isoformat()


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    """A word as it is compared: narrow, without case, spaces and joining marks."""
    return re.sub(r"[\s_\-]", "", folded(text)).casefold()

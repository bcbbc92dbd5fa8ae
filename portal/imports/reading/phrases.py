"""What a reader of a file says about it: sentences that are translated when they are shown, not when they arise."""

from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext, override

from portal.law.text import Text

SHOWN_LENGTH = 60


class Phrase:
    """A msgid (marked with ``gettext_noop``) and the values of its places.

    A check runs in a worker and is read later by people of either language: so the sentence travels untranslated.
    """

    __slots__ = ("msgid", "params")

    def __init__(self, msgid: str, **params: Any) -> None:
        self.msgid = msgid
        self.params = params

    def __str__(self) -> str:
        language = get_language() or "en"
        params = {key: value.in_(language) if isinstance(value, Text) else value for key, value in self.params.items()}
        text = gettext(self.msgid) if self.msgid else ""
        return text.format(**params) if params else text

    def in_(self, language: str) -> str:
        """The sentence in one language, whatever language is active."""
        with override(language):
            return str(self)

    def __repr__(self) -> str:
        return f"Phrase({self.msgid!r}, {self.params!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.msgid, self.params) == (other.msgid, other.params)

    def __hash__(self) -> int:
        return hash((self.msgid, str(self.params)))

    def as_json(self) -> dict[str, Any]:
        """The phrase as JSON stores it; ``from_json`` makes it speak again."""
        params = {
            key: {"en": value.en, "zh": value.zh}
            if isinstance(value, Text)
            else str(value)
            if isinstance(value, Phrase)
            else value
            for key, value in self.params.items()
        }
        return {"msgid": self.msgid, "params": params}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Phrase":
        """The phrase that ``as_json`` wrote."""
        params = {
            key: Text(value["en"], value["zh"]) if isinstance(value, dict) else value
            for key, value in stored["params"].items()
        }
        return cls(stored["msgid"], **params)


class CellError(ValueError):
    """A cell that can't be taken: what is wrong, and what to write instead."""

    def __init__(self, message: Phrase, remedy: Phrase) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


class Refused(Exception):
    """A file refused whole: a stable key, a sentence for people, and where; never a value of the file."""

    def __init__(self, reason: str, message: Phrase, **place: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return str(self.message)


class Problem(NamedTuple):
    """One thing wrong in one row; the column is the header as the file writes it, empty for the row as a whole."""

    column: str
    value: str
    message: Phrase
    remedy: Phrase

    def as_json(self) -> dict[str, Any]:
        """The problem as JSON stores it."""
        return {
            "column": self.column,
            "value": self.value,
            "message": self.message.as_json(),
            "remedy": self.remedy.as_json(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Problem":
        """The problem that ``as_json`` wrote."""
        return cls(
            stored["column"], stored["value"], Phrase.from_json(stored["message"]), Phrase.from_json(stored["remedy"])
        )

    def in_both(self) -> dict[str, str]:
        """The problem in the words of both languages, as a stored row keeps it."""
        english, chinese = ("en", " "), ("zh-hans", "")
        words = {
            f"message_{language[:2]}": f"{self.message.in_(language)}{space}{self.remedy.in_(language)}"
            for language, space in (english, chinese)
        }
        return {"column": self.column, "value": self.value, **words}

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


class Judged(NamedTuple):
    """One row of the file: its number as the spreadsheet shows it, the cells as written, the values they mean.

    A column that the file does not have is missing from ``values`` (leave alone); an empty cell is ``None`` or ``""``
    (clear). ``respelled`` names the columns whose code or number was read in another spelling than written.
    """

    row_number: int
    raw: dict[str, str]
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    respelled: tuple[str, ...] = ()


def shortened(value: str) -> str:
    """A value as a message may quote it: on one line and short."""
    text = " ".join(value[: 4 * SHOWN_LENGTH].split()) if len(value) > SHOWN_LENGTH or "\n" in value else value
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"

"""A sentence for people, in both languages of the portal."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """One text in English and in Chinese; the law package has no gettext."""

    en: str
    zh: str

    def in_(self, language: str) -> str:
        """The text for a language code: zh, zh-hans, zh-cn give Chinese, everything else English."""
        return self.zh if language.lower().startswith("zh") else self.en

    def fmt(self, **values: Any) -> "Text":
        """Both texts with their places filled; a value that is itself a Text gives each language its own words."""
        en = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
        zh = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
        return Text(self.en.format(**en), self.zh.format(**zh))

    def __add__(self, other: "Text") -> "Text":
        """This sentence and the next one, spaced as each language does it."""
        return Text(f"{self.en} {other.en}".strip(), self.zh + other.zh)

    def __str__(self) -> str:
        return self.en

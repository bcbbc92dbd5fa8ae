"""Choices that come from the law package, in the reader's language."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from portal.law.enums import PROVINCES
from portal.law.text import Text


def _text(text: Text) -> str:
    return text.in_(get_language() or "en")


in_language = lazy(_text, str)


def province_choices() -> list[tuple[str, str]]:
    """GB/T 2260 codes with the names of the provinces."""
    return [(code, in_language(province.name)) for code, province in PROVINCES.items()]

"""One answer in two languages: what stands after the mark is its English, for the report to headquarters."""

from portal.documents.sheet import Language

MARK = "[EN]"


def part(text: str, language: Language | str) -> str:
    """The part of a text in a language; a text without a mark is for both."""
    chinese, mark, english = text.partition(MARK)
    if not mark:
        return text
    return (chinese if language.startswith("zh") else english).strip() or text.replace(MARK, "").strip()

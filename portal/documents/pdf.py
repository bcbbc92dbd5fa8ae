"""A sheet as PDF: A4, tagged, both fonts embedded, the same bytes for the same sheet."""

import json
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from portal.documents.fonts import fonts, spelled
from portal.documents.sheet import WEEKDAYS, WORDS, Sheet, footing, kinds, plain, weeks

LOOK = (Path(__file__).parent / "sheet.typ").read_bytes()
# A paper carries the civil day of its facts, never the moment of printing: two prints are the same bytes.
UNDATED = datetime(2025, 6, 1, tzinfo=UTC)


def render_pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF/UA-1; every text goes to typst as JSON, so that none of it is read as markup."""
    content = json.dumps(shown(_content(sheet)), ensure_ascii=False, sort_keys=True)
    moment = datetime.combine(sheet.as_of, time(), UTC) if sheet.as_of else UNDATED
    # typst reads pictures from a folder, by the names that the sheet's JSON has for them.
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        for section in sheet.sections:
            if section.picture:
                Path(folder, f"{plain(section.picture.content)}.jpg").write_bytes(section.picture.content)
        return typst.compile(
            LOOK,
            root=folder,
            font_paths=fonts(),
            sys_inputs={"sheet": content},
            pdf_standards=["ua-1"],
            timestamp=moment,
        )


def _content(sheet: Sheet) -> dict[str, Any]:
    content = plain(sheet)
    content["words"] = WORDS[sheet.language]
    content["weekdays"] = WEEKDAYS[sheet.language]
    content["footing"] = plain(footing(sheet))
    for section, printed in zip(sheet.sections, content["sections"], strict=True):
        if section.strip:
            printed["strip"]["weeks"] = plain(weeks(section.strip))
            printed["strip"]["kinds"] = kinds(section.strip)
    return content


def shown(value: Any) -> Any:
    """The content with every character that no font has spelled out."""
    if isinstance(value, str):
        return spelled(value)
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [shown(part) for part in value]
    return value

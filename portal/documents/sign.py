"""The sign that hangs before an FR device, as PDF: one page, read from afar, its codes read by a phone."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Literal

import segno
import typst

from portal.documents.fonts import fonts
from portal.documents.pdf import shown
from portal.documents.sheet import Language, plain

LOOK = Path(__file__).with_name("sign.typ").read_bytes()
OVERLAP = 0.03  # of a module: rows that only touch show hairlines between them in some viewers


@dataclass(frozen=True)
class SignFace:
    """What a sign says in one language; rows without a text in this language have an empty one."""

    language: Language
    headline: tuple[str, str]
    doing: str
    rows: tuple[tuple[str, str], ...]
    scan: str
    staff: str
    small_print: tuple[str, ...]


@dataclass(frozen=True)
class SignSheet:
    """A printable sign in one language or in both, the first one large; and where its two codes lead."""

    paper: Literal["A4", "A3"]
    title: str
    faces: tuple[SignFace, ...]
    notice_url: str
    inspect_url: str
    dated: date


def render_sign(sheet: SignSheet) -> bytes:
    """The sign as PDF/UA-1; the same sheet gives the same bytes."""
    codes = {"notice_code": qr_svg(sheet.notice_url), "inspect_code": qr_svg(sheet.inspect_url)}
    content = shown(plain(sheet)) | codes
    return typst.compile(
        LOOK,
        font_paths=fonts(),
        sys_inputs={"sign": json.dumps(content, ensure_ascii=False, sort_keys=True)},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(sheet.dated, time(), UTC),
    )


def qr_svg(address: str) -> str:
    """A QR code as one filled path without its quiet zone; a quarter of it may be scratched or covered."""
    code = segno.make(address, error="q", micro=False)
    size = code.symbol_size(border=0)[0]
    runs = "".join(_runs(code.matrix))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{runs}"/></svg>'


def _runs(rows: Iterable[Iterable[int]]) -> Iterator[str]:
    """The dark modules of each row, neighbours as one bar."""
    for y, row in enumerate(rows):
        x = 0
        for is_dark, modules in groupby(row):
            length = len(list(modules))
            if is_dark:
                yield f"M{x} {y}h{length}v{1 + OVERLAP}h-{length}z"
            x += length

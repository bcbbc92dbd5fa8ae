"""The two Chinese fonts of the papers, and which characters they can show."""

import struct
from functools import lru_cache
from pathlib import Path

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Only the fonts of the package: a paper looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(sans_path().parent)])


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Code points that both fonts have, so that a text may stand in either."""
    return code_points(sans_path()) & code_points(serif_path())


def code_points(path: Path) -> frozenset[int]:
    """The code points of an OpenType font, read from the format 12 table of its `cmap`."""
    font = path.read_bytes()
    tables = struct.unpack_from(">H", font, 4)[0]
    for number in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            return frozenset(_mapped(font, offset))
    raise ValueError(f"{path.name} has no cmap table")


def _mapped(font: bytes, cmap: int) -> set[int]:
    points: set[int] = set()
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        offset = cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)[2]
        if struct.unpack_from(">H", font, offset)[0] != 12:
            continue
        for group in range(struct.unpack_from(">I", font, offset + 12)[0]):
            first, last, _ = struct.unpack_from(">III", font, offset + 16 + 12 * group)
            points.update(range(first, last + 1))
    return points


def spelled(text: str) -> str:
    """The text with characters that no font here can show written as 〔U+20BB7〕: an empty box would hide a name."""
    return "".join(_spelled(char) for char in text)


def _spelled(char: str) -> str:
    if char == "\n" or ord(char) in covered():
        return char
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return ""  # a variation selector asks for another drawing of the character before it, which stays readable
    return f"〔U+{ord(char):04X}〕"

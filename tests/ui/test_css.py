"""The style sheets: contrast in both themes, size, and nothing fetched from elsewhere."""

import re

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "static" / "css"
SHEETS = sorted(FOLDER.glob("*.css"))
TOKENS = dict(
    (name, (light, dark))
    for name, light, dark in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (FOLDER / "foundation.css").read_text()
    )
)
SURFACES = ("bg", "surface", "sunken")
# Text on its grounds, as the components use them.
TEXT_PAIRS = [
    *((word, ground) for word in ("text", "muted", "accent", "accent-strong") for ground in (*SURFACES, "raised")),
    *((tone, ground) for tone in ("good", "warn", "bad", "info", "quiet") for ground in ("surface", f"{tone}-soft")),
    *(("text", f"{tone}-soft") for tone in ("good", "warn", "bad", "info", "accent")),
    *(("accent", f"{tone}-soft") for tone in ("good", "warn", "bad", "info")),
    ("accent-strong", "accent-soft"),
    ("warn", "bg"),
    ("bad", "bg"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
# Borders of controls, focus rings and lines of charts (WCAG 1.4.11).
SHAPE_PAIRS = [("control", "surface"), ("control", "bg"), ("accent", "bg"), ("accent", "sunken"), ("warn", "surface")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), TEXT_PAIRS)
def test_text_can_be_read(word, ground, theme):
    assert contrast(TOKENS[word][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_can_be_told_apart(shape, ground, theme):
    assert contrast(TOKENS[shape][theme], TOKENS[ground][theme]) >= 3


@pytest.mark.parametrize(
    ("sheets", "most"),
    [
        (("foundation", "components", "print"), 40_000),
        (("public", "request"), 8_000),
        (("plan", "pipia", "phone", "screening"), 8_000),
        (("year",), 2_500),
        (("month",), 3_000),
    ],
)
def test_style_sheets_of_a_page_stay_small(sheets, most):
    assert sum((FOLDER / f"{name}.css").stat().st_size for name in sheets) < most


def test_style_sheets_fetch_nothing():
    for sheet in SHEETS:
        assert not re.search(r"@import|url\(|https?:", sheet.read_text())

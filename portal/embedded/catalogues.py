"""Compiles the message catalogues with polib, so that no system package is needed."""

from pathlib import Path

import polib

from portal.embedded.places import ROOT


def compile_all(root: Path = ROOT) -> list[Path]:
    """Every django.po whose compiled twin is missing or older; returns what was compiled."""
    compiled = []
    for source in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        part = source.with_suffix(".mo.part")
        polib.pofile(str(source)).save_as_mofile(str(part))
        part.replace(target)
        compiled.append(target)
    return compiled

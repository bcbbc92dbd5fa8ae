"""What differs between two texts, word by word: for people who compare two versions."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]
# Words before, words after, and whether they are the same.
Change = tuple[list[str], list[str], bool]
# A word, a number with its unit's dot or dash, a run of spaces; every other sign, and each Chinese character, alone.
WORDS = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:[.,:-]\d+)*|\s+|.", re.S)
SENTENCES = re.compile(r"[^。；！？;!?\n]*(?:[。；！？;!?\n]|$)")
# Pairs of equal words to weigh: an ordinary text of 2,000 characters has half as many; the same word a thousand times
# over would take minutes.
MOST_PAIRS = 100_000
# One word that stayed between two that changed only makes a comparison hard to read.
SHORTEST_SAME = 2


@dataclass(frozen=True)
class Piece:
    """A run of a text that stayed, is gone, or is new."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """Both texts in one, in reading order: what is gone stands before what came in its place."""
    for parts in (WORDS, SENTENCES):
        before, after = list(filter(None, parts.findall(old))), list(filter(None, parts.findall(new)))
        times = Counter(after)
        if sum(times[word] for word in before if not word.isspace()) <= MOST_PAIRS:
            matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
            changes = [(before[a:b], after[c:d], tag == "equal") for tag, a, b, c, d in matcher.get_opcodes()]
            return list(_pieces(_readable(changes)))
    return list(_pieces([([old], [new], old == new)]))


def _readable(changes: list[Change]) -> Iterator[Change]:
    """The changes with those on both sides of a crumb that stayed drawn together."""
    gone: list[str] = []
    new: list[str] = []
    for number, (before, after, is_same) in enumerate(changes):
        is_inside = 0 < number < len(changes) - 1
        if is_same and not (is_inside and len(before) < SHORTEST_SAME and not before[0].isspace()):
            yield gone, new, False
            yield before, after, True
            gone, new = [], []
        else:
            gone += before
            new += after
    yield gone, new, False


def _pieces(changes: Iterable[Change]) -> Iterator[Piece]:
    for before, after, is_same in changes:
        texts = (("same", before),) if is_same else (("gone", before), ("new", after))
        yield from (Piece(kind, "".join(words)) for kind, words in texts if any(words))

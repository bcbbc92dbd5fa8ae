"""Which uses of FR could be filed together: equal in purpose, necessity, method and scope, or nearly so.

Practice (law firms' reading of the filing guides): affiliates whose purpose, necessity, method and scope are the same
may file together. What the portal reads each of the four by is its own default (OF_WORD). What isn't stated is never
the same as anything.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

# portal default, not law: the facts of a use that each of the four words is compared by.
OF_WORD: dict[str, tuple[str, ...]] = {
    "purpose": ("purpose",),
    "necessity": ("necessity",),
    "method": ("function", "storage_mode"),
    "scope": ("scope", "subject_groups"),
}
FACTS = tuple(fact for facts in OF_WORD.values() for fact in facts)
# portal default, not law: groups that differ in more of the four words aren't nearly the same.
MOST_APART = 2
# Spaces and punctuation, full-width signs made narrow; signs that say something (%, <, ≥) are none.
IGNORED = re.compile(r"""[\s,.;:!?()\[\]"'_\-、。【】《》〈〉「」“”‘’·—]+""")


@dataclass(frozen=True, slots=True)
class Use:
    """A scenario as it is compared; an empty fact is one that nobody stated."""

    pk: int
    pip: int
    purpose: str = ""
    necessity: str = ""
    function: str = ""
    storage_mode: str = ""
    scope: str = ""
    subject_groups: tuple[str, ...] = ()
    # What it is called isn't compared.
    code: str = ""
    name: str = ""

    def word(self, word: str) -> Hashable:
        """What it says of one of the four, as it is compared; its own mark where a fact of it isn't stated."""
        values = tuple(normal(getattr(self, fact)) for fact in OF_WORD[word])
        return values if all(values) else self.pk


@dataclass(frozen=True, slots=True)
class Group:
    """Uses that are equal in all four words, the oldest first; often just one."""

    uses: tuple[Use, ...]

    @property
    def pips(self) -> frozenset[int]:
        return frozenset(use.pip for use in self.uses)

    @property
    def is_joint(self) -> bool:
        """Whether it is of several PIPs, so that they could file together."""
        return len(self.pips) > 1

    @property
    def first(self) -> Use:
        """The use that speaks for all: they say the same."""
        return self.uses[0]

    @property
    def key(self) -> tuple[Hashable, ...]:
        return tuple(self.first.word(word) for word in OF_WORD)


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest other group that another PIP is in, and the facts in which the two differ."""

    group: Group
    other: Group

    @property
    def to_change(self) -> "Near":
        """The pair with the group first that is changed: that of one PIP, which states less or else is younger."""
        if self.other.is_joint or (unstated(self.group), self.group.first.pk) > (
            unstated(self.other),
            self.other.first.pk,
        ):
            return self
        return Near(self.other, self.group)

    @property
    def words(self) -> tuple[str, ...]:
        """Which of the four differ."""
        pairs = zip(OF_WORD, self.group.key, self.other.key, strict=True)
        return tuple(word for word, own, others in pairs if own != others)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts to align: those that differ, and those that either doesn't state."""
        one, other = self.group.first, self.other.first
        return tuple(fact for fact in FACTS if not same(getattr(one, fact), getattr(other, fact)))


def normal(value: str | tuple[str, ...]) -> Hashable:
    """A fact without what is no difference: width and case of letters, spaces, punctuation, the order of a list."""
    if isinstance(value, tuple):
        return frozenset(value)
    return IGNORED.sub(" ", unicodedata.normalize("NFKC", value).casefold()).strip()


def same(one: str | tuple[str, ...], other: str | tuple[str, ...]) -> bool:
    """Whether both state a fact, and the same one."""
    return bool(normal(one)) and normal(one) == normal(other)


def unstated(group: Group) -> int:
    """How many facts nobody stated."""
    return sum(not normal(getattr(group.first, fact)) for fact in FACTS)


def grouped(uses: Iterable[Use]) -> list[Group]:
    """The groups of equal uses: those of the most PIPs first, then of the most uses, then the oldest."""
    found: dict[tuple[Hashable, ...], list[Use]] = defaultdict(list)
    for use in sorted(uses, key=lambda use: use.pk):
        found[tuple(use.word(word) for word in OF_WORD)].append(use)
    groups = [Group(tuple(members)) for members in found.values()]
    return sorted(groups, key=lambda one: (-len(one.pips), -len(one.uses), one.first.pk))


def nearest(groups: Sequence[Group]) -> list[Near | None]:
    """For each group the one that differs in the fewest words, and of several the first; None if all are far.

    Groups that share the other words meet in one heap, so that no pair of groups is compared.
    """
    keys = [group.key for group in groups]
    # Two groups of one and the same PIP have nothing to file together.
    owners = [number if group.is_joint else -min(group.pips) for number, group in enumerate(groups, start=1)]
    found: list[int | None] = [None] * len(groups)
    for apart in range(1, MOST_APART + 1):
        heaps = [_Heap(keys, owners, shared) for shared in combinations(range(len(OF_WORD)), len(OF_WORD) - apart)]
        for number in range(len(groups)):
            if found[number] is None:
                others = [other for heap in heaps if (other := heap.other(number)) is not None]
                found[number] = min(others, default=None)
    return [None if other is None else Near(group, groups[other]) for group, other in zip(groups, found, strict=True)]


class _Heap:
    """By the words that are shared: the first group, and the first of another owner than that one's."""

    def __init__(self, keys: Sequence[tuple[Hashable, ...]], owners: Sequence[int], shared: Sequence[int]) -> None:
        self.keys, self.owners, self.shared = keys, owners, shared
        self.tops: dict[tuple[Hashable, ...], list[int]] = {}
        for number in range(len(keys)):
            top = self.tops.setdefault(self._part(number), [number])
            if len(top) == 1 and owners[top[0]] != owners[number]:
                top.append(number)

    def other(self, number: int) -> int | None:
        """The first group of another owner that shares the words."""
        top = self.tops[self._part(number)]
        return next((one for one in top if self.owners[one] != self.owners[number]), None)

    def _part(self, number: int) -> tuple[Hashable, ...]:
        return tuple(self.keys[number][place] for place in self.shared)


def to_align(nears: Iterable[Near | None]) -> Iterator[Near]:
    """The groups of one PIP with what keeps them from the nearest: each pair once, the nearest pairs first."""
    seen: set[frozenset[int]] = set()
    alone = (near for near in nears if near and not near.group.is_joint)
    for near in sorted(alone, key=lambda near: len(near.words)):
        pair = frozenset((near.group.first.pk, near.other.first.pk))
        if pair not in seen:
            seen.add(pair)
            yield near.to_change

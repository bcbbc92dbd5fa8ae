"""The groups of uses that could be filed together, against the rule computed pair by pair."""

import sys
from itertools import product
from random import Random

import pytest

from filings.matching import FACTS, MOST_APART, OF_WORD, Group, Use, grouped, nearest, to_align

WHOLE = {
    "purpose": "entry of members",
    "necessity": "queues at peak hours",
    "function": "verify",
    "storage_mode": "device",
    "scope": "in",
    "subject_groups": ("customers", "employees"),
}
VALUES = {
    "purpose": ("entry of members", "Entry of members.", "attendance", ""),
    "necessity": ("queues at peak hours", "cards are lent", ""),
    "function": ("verify", "identify"),
    "storage_mode": ("device", "lan_server", ""),
    "scope": ("in", ""),
    "subject_groups": (("customers", "employees"), ("employees", "customers"), ("students",), ()),
}


def use(pk: int, pip: int = 1, **facts) -> Use:
    return Use(pk, pip, **WHOLE | facts)


def synthetic(number: int, seed: int = 7, pips: int = 200) -> list[Use]:
    """Uses of so many entities with facts from a few values, so that many are equal or nearly so."""
    pick = Random(seed)
    return [
        Use(pk, pick.randrange(1, pips + 1), **{fact: pick.choice(VALUES[fact]) for fact in FACTS})
        for pk in range(1, number + 1)
    ]


def said(one: Use, fact: str):
    """The rule in its plainest words: how a fact reads."""
    value = getattr(one, fact)
    return sorted(value) if isinstance(value, tuple) else value.lower().rstrip(".")


def apart(one: Use, other: Use) -> set[str]:
    """In which of the four words two uses differ; what one doesn't state is never the same."""
    return {
        word
        for word, facts in OF_WORD.items()
        if any(not said(one, fact) or said(one, fact) != said(other, fact) for fact in facts)
    }


def together(uses: list[Use]) -> set[frozenset[int]]:
    """The sets of equal uses, each compared with each."""
    return {frozenset({one.pk, *(other.pk for other in uses if not apart(one, other))}) for one in uses}


def pks(groups: list[Group]) -> set[frozenset[int]]:
    return {frozenset(use.pk for use in group.uses) for group in groups}


@pytest.mark.parametrize("seed", range(3))
def test_groups_of_200_entities_equal_the_rule_pair_by_pair(seed):
    uses = synthetic(250, seed)
    groups = grouped(uses)
    assert pks(groups) == together(uses)
    assert sum(group.is_joint for group in groups) > 3


@pytest.mark.parametrize(("seed", "pips"), list(product(range(2), (2, 200))))
def test_nearest_group_of_200_entities_equals_the_rule_pair_by_pair(seed, pips):
    groups = grouped(synthetic(200, seed, pips))
    for group, near in zip(groups, nearest(groups), strict=True):
        distances = [
            (len(apart(group.first, other.first)), place, other)
            for place, other in enumerate(groups)
            if other is not group and len(group.pips | other.pips) > 1
        ]
        least = min(distances)
        if least[0] > MOST_APART:
            assert near is None
        else:
            assert near.other is least[2]
            assert set(near.words) == apart(group.first, near.other.first)


def test_width_case_spaces_punctuation_and_order_are_no_difference():
    one = use(1, 1, purpose="核验会员身份（1:N）")
    other = use(2, 2, purpose=" 核验会员身份(1:n)。", subject_groups=("employees", "customers"))
    assert pks(grouped([one, other])) == {frozenset({1, 2})}


@pytest.mark.parametrize(("one", "other"), [("≥100人", "<100人"), ("5%", "5"), ("不上传", "上传"), ("1:N", "1:1")])
def test_signs_and_words_that_say_something_are_a_difference(one, other):
    assert len(grouped([use(1, 1, necessity=one), use(2, 2, necessity=other)])) == 2


@pytest.mark.parametrize("fact", FACTS)
def test_one_fact_that_differs_parts_two_uses_and_is_named(fact):
    groups = grouped([use(1, 1), use(2, 2, **{fact: ("visitors",) if fact == "subject_groups" else "else"})])
    assert len(groups) == 2
    near = nearest(groups)[0]
    assert near.facts == (fact,)
    assert [fact in OF_WORD[word] for word in near.words] == [True]


@pytest.mark.parametrize("fact", FACTS)
def test_what_neither_states_is_not_the_same(fact):
    empty = {fact: () if fact == "subject_groups" else ""}
    groups = grouped([use(1, 1, **empty), use(2, 2, **empty)])
    assert len(groups) == 2
    assert nearest(groups)[0].facts == (fact,)


def test_equal_uses_of_one_pip_are_no_joint_filing_and_nothing_to_align():
    groups = grouped([use(1), use(2), use(3, purpose="attendance")])
    assert [group.is_joint for group in groups] == [False, False]
    assert nearest(groups) == [None, None]


def test_uses_that_differ_in_three_words_are_not_near():
    groups = grouped([use(1, 1), use(2, 2, purpose="attendance", necessity="cards are lent", function="identify")])
    assert nearest(groups) == [None, None]


def test_pair_to_align_stands_once_and_the_nearest_first():
    far = use(3, 3, purpose="attendance", necessity="cards are lent", storage_mode="vendor")
    uses = [use(1, 1), use(2, 2, function="identify"), far, use(4, 4, purpose=far.purpose, storage_mode="vendor")]
    shown = [(near.group.first.pk, near.other.first.pk) for near in to_align(nearest(grouped(uses)))]
    assert shown == [(2, 1), (4, 3)]


def test_use_that_states_less_is_the_one_to_change_and_never_a_group_of_several():
    groups = grouped([use(1, 1, storage_mode=""), use(2, 2)])
    assert [near.group.first.pk for near in to_align(nearest(groups))] == [1]
    groups = grouped([use(1, 1, necessity=""), use(2, 2, necessity="else"), use(3, 3), use(4, 4)])
    found = [(near.group.first.pk, near.other.first.pk) for near in to_align(nearest(groups))]
    assert found == [(1, 3), (2, 3)]


def steps(number: int) -> int:
    """How many calls it takes to match so many uses that share two words, so that each is near to all others."""
    uses = [use(pk, pk, purpose=f"purpose {pk}", necessity=f"necessity {pk}") for pk in range(number)]
    calls = []
    sys.setprofile(lambda _frame, event, _argument: calls.append(event) if event == "call" else None)
    try:
        found = nearest(grouped(uses))
    finally:
        sys.setprofile(None)
    assert all(near is not None for near in found)
    return len(calls)


def test_no_pair_of_groups_is_compared_so_the_work_grows_with_the_uses_only():
    assert steps(400) < 4.1 * steps(100)

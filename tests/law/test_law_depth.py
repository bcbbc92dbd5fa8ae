"""How deep an assessment goes: short only where nothing makes the impact larger and everything is known."""

from dataclasses import replace

import pytest

from portal.law.depth import ASKING, Use, depth_of
from portal.law.screening import Answers, screen
from tests.law.tables import CALENDAR

SHORT = Use(
    function="verify",
    place_types=frozenset({"internal"}),
    storage_mode="device",
    sends_over_internet=False,
    persons=50,
)
FULL = {
    "1:N": {"function": "identify"},
    "both": {"function": "both"},
    "minors": {"groups": frozenset({"aged_14_17"})},
    "public": {"place_types": frozenset({"internal", "public"})},
    "a place nobody decided on": {"place_types": frozenset({"undecided"})},
    "no place known": {"place_types": frozenset()},
    "cloud": {"storage_mode": "public_cloud"},
    "internet": {"sends_over_internet": True},
    "no storage known": {"storage_mode": ""},
    "abroad": {"cross_border": True},
    "automated": {"automated_decision": True},
    "many": {"persons": 80_000},
}


def test_use_that_nothing_makes_larger_is_assessed_in_short():
    assert not depth_of(SHORT).is_full


@pytest.mark.parametrize("case", FULL)
def test_each_of_these_asks_for_a_full_assessment_and_says_why(case):
    found = depth_of(replace(SHORT, **FULL[case]))
    assert found.is_full and len(found.reasons) == 1


def test_every_reason_is_tried():
    assert len({depth_of(replace(SHORT, **use)).reasons for use in FULL.values()}) == len(ASKING)


def test_screening_says_the_depth_as_the_portals_default():
    given = {"mainland": "yes", "activity": "production", "function": "verify", "place_type": "internal"}
    given |= {"private_space": "no", "ages": "adults", "storage": "device", "count_band": "below"}
    for changes, word in (({}, "Short."), ({"function": "identify"}, "Full, because of: 1:N")):
        found = screen(Answers.read(given | changes), CALENDAR)
        line = next(one for one in found.lines if one.topic.en == "Depth of the assessment")
        assert line.text.en.startswith(word) and line.layer == "default"

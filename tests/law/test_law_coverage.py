"""Coverage by signs: a table, and a brute-force count on generated deployments."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law.coverage import uncovered
from portal.law.enums import SIGN_RESULTS, SPOILT_SIGNS

LANE, HALL, WHOLE = "lane", "hall", None
TWO = [("SN1", LANE), ("SN2", HALL)]


@pytest.mark.parametrize(
    ("case", "devices", "signs", "gap"),
    [
        ("no device, no sign", [], [], ()),
        ("no sign", TWO, [], ("SN1", "SN2")),
        ("a sign for the whole deployment", TWO, [(WHOLE, "")], ()),
        ("a sign for one area", TWO, [(LANE, "")], ("SN2",)),
        ("a sign for each area", TWO, [(LANE, ""), (HALL, "conspicuous")], ()),
        ("a device without an area isn't covered by a sign for an area", [("SN1", WHOLE)], [(LANE, "")], ("SN1",)),
        ("a device without an area, a sign for the whole", [("SN1", WHOLE)], [(WHOLE, "")], ()),
        ("obscured", TWO, [(WHOLE, "obscured")], ("SN1", "SN2")),
        ("damaged", TWO, [(LANE, "damaged")], ("SN1", "SN2")),
        ("missing, with another that hangs", TWO, [(WHOLE, "missing"), (LANE, "conspicuous")], ("SN2",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_sign_covers(case, devices, signs, gap):
    assert uncovered(devices, signs) == gap


areas = st.one_of(st.none(), st.integers(0, 5))
signs = st.lists(st.tuples(areas, st.sampled_from(["", *SIGN_RESULTS])), max_size=12)


@given(st.lists(areas, max_size=40), signs)
def test_coverage_equals_a_count_by_hand(places, hanging):
    devices = [(f"SN{number}", place) for number, place in enumerate(places)]
    gap = []
    for serial, place in devices:
        is_covered = False
        for area, result in hanging:
            if result not in SPOILT_SIGNS and (area is None or area == place):
                is_covered = True
        if not is_covered:
            gap.append(serial)
    assert uncovered(iter(devices), iter(hanging)) == tuple(gap)


def test_200_000_devices_are_covered_in_one_pass():
    devices = [(f"SN{number}", number % 40_000) for number in range(200_000)]
    begun = time.perf_counter()
    assert len(uncovered(devices, [(number, "") for number in range(39_999)])) == 5
    assert time.perf_counter() - begun < 2

"""FRM Art 14: the five families of protection, and their yearly review."""

from dataclasses import replace

from portal.law.enums import CONTROL_FAMILIES
from portal.law.facts import ControlFacts
from tests.law.tables import ENDED, LIVE, REVIEW, asked, day, scenario, table, told

PROTECTION, REVIEWED = "frm-14-protection", "default-protection-review"
OUT = {"in_scope": False, "scope": "out_rnd"}
ALL = tuple(ControlFacts(family, "in_place", True, day("2026-02-01")) for family in CONTROL_FAMILIES)


def controls(*made, first=None):
    """The controls given, or all five in place with something different about the first, encryption."""
    return {"controls": made or (replace(ALL[0], **(first or {})), *ALL[1:])}


@table(
    ("out of scope", OUT | controls(), None),
    ("nothing", {}, "open", {"is_critical": False, "says": "Data encryption (not in place), Security audit (not"}),
    ("nothing, live", LIVE, "open", {"is_critical": False, "arose_on": "2026-03-01", "due": None}),
    (
        "one in part",
        controls(first={"state": "partial"}),
        "open",
        {"says": "Not yet: Data encryption (partly in place)."},
    ),
    ("one without proof", controls(first={"has_evidence": False}), "open", {"says": "Data encryption (no proof)."}),
    ("four of five", controls(*ALL[1:]), "open", {"says": "Not yet: Data encryption (not in place)."}),
    ("all five", controls() | LIVE, "met"),
    ("ended", ENDED, "not_required", REVIEW),
)
def test_five_families(facts, expected):
    assert told(asked(scenario(**facts), PROTECTION), expected) == expected


@table(
    ("nothing in place", {}, None),
    ("out of scope", OUT | controls(), None),
    ("a year after the last review", controls(), "open", {"due": "2027-02-01", "arose_on": "2026-02-01"}),
    (
        "on the day set",
        controls(first={"review_on": day("2026-09-01")}),
        "open",
        {"due": "2026-09-01", "says": "encryption"},
    ),
    (
        "never reviewed",
        controls(first={"reviewed_on": None}),
        "open",
        {"due": None, "says": "Never reviewed: Data enc"},
    ),
    ("reviewed again", controls(first={"reviewed_on": day("2026-09-02")}), "open", {"says": "Security audit"}),
    ("ended", controls() | ENDED, None),
)
def test_protection_is_reviewed(facts, expected):
    duty = asked(scenario(**facts), REVIEWED)
    assert told(duty, expected) == expected
    assert duty is None or duty.layer == "default"


def test_a_missed_review_is_overdue():
    facts = scenario(**controls(first={"review_on": day("2026-09-01")}))
    assert asked(facts, REVIEWED, day("2026-10-12")).due < day("2026-10-12")

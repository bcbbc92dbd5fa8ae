"""FRM Art 2: whether the Measures apply, and the yearly look at a decision that they don't."""

import pytest

from portal.law.enums import SCOPES
from tests.law.tables import CALM, ENDED, LIVE, REVIEW, asked, day, scenario, table, told

SCOPE, RECHECK = "frm-02-scope", "default-scope-recheck"
OUT = {"scope": "out_rnd", "in_scope": False, "scope_decided_on": day("2026-03-02")}


@table(
    ("nobody decided, planned", {}, "open", {"is_critical": False, "due": None, "arose_on": None}),
    ("nobody decided, live", LIVE, "open", {"is_critical": False, "arose_on": "2026-03-01", "says": "since 1 March"}),
    ("marked as outside, nobody decided", {"in_scope": False}, "open", CALM),
    ("nobody decided, ended", ENDED, "not_required", REVIEW),
    ("it applies", {"scope": "in", "scope_decided_on": day("2026-02-02")}, "met", {"met_on": "2026-02-02"}),
    ("it applies, the day isn't known", {"scope": "in"}, "met", {"met_on": None, "says": "The Measures apply"}),
    ("R&D only", OUT, "met", {"says": "The duties of the PIPL stay."}),
    ("household", {"scope": "out_household", "in_scope": False}, "met", {"says": "family affairs."}),
)
def test_scope_is_decided(facts, expected):
    assert told(asked(scenario(**facts), SCOPE), expected) == expected


@table(
    ("nobody decided", {}, None),
    ("the Measures apply", {"scope": "in", "scope_decided_on": day("2026-03-02")}, None),
    ("out of scope: a year later", OUT, "open", {"due": "2027-03-02", "arose_on": "2026-03-02"}),
    ("on the day set", OUT | {"scope_recheck_on": day("2026-12-01")}, "open", {"due": "2026-12-01"}),
    ("decided anew", OUT | {"scope_decided_on": day("2026-09-01")}, "open", {"due": "2027-09-01"}),
    ("decided on 29 February", OUT | {"scope_decided_on": day("2024-02-29")}, "open", {"due": "2025-06-01"}),
    ("the day isn't known", {"scope": "out_rnd", "in_scope": False}, "open", {"due": None, "says": "isn't recorded"}),
    ("ended", OUT | ENDED, None),
)
def test_out_of_scope_is_checked_every_year(facts, expected):
    duty = asked(scenario(**facts), RECHECK)
    assert told(duty, expected) == expected
    assert duty is None or (duty.layer, duty.is_critical) == ("default", False)


def test_a_missed_recheck_is_overdue_and_never_dated_before_the_measures():
    early = scenario(scope="out_not_fr", in_scope=False, scope_decided_on=day("2022-01-10"))
    assert asked(early, RECHECK, day("2026-10-12")).due == day("2025-06-01")


def test_a_decision_made_later_was_open_before_and_everything_was_asked():
    facts = scenario(**OUT)
    assert asked(facts, SCOPE, day("2026-03-01")).state == "open"
    assert asked(facts, "frm-05-notice", day("2026-03-01")).state == "open"
    assert asked(facts, SCOPE, day("2026-03-02")).state == "met"
    assert asked(facts, "frm-05-notice", day("2026-03-02")) is None


FRM_RULES = ("frm-04-purpose", "frm-05-notice", "frm-08-storage", "frm-09-pipia-before-use", "frm-14-protection")
ASKED_OUTSIDE = {
    "in": (True, True),
    "out_rnd": (False, True),
    "out_not_fr": (False, True),
    "out_not_china": (False, False),
    "out_household": (False, False),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_asked_in_each_scope(scope):
    measures, pipl = ASKED_OUTSIDE[scope]
    facts = scenario(scope=scope, in_scope=scope == "in")
    assert {asked(facts, rule) is not None for rule in FRM_RULES} == {measures}
    assert (asked(facts, "pipl-13-legal-basis") is not None) == pipl

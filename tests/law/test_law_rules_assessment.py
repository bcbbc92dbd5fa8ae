"""FRM Art 9: the PIPIA before use, again, kept for three years, and with a third party."""

from datetime import UTC, datetime

from portal.law.facts import AssessmentFacts, IncidentFacts
from tests.law.tables import CALM, ENDED, LIVE, REVIEW, asked, day, scenario, table, told

PIPIA, AGAIN, REASSESS = "frm-09-pipia-before-use", "frm-09-pipia-again", "default-incident-reassess"
KEEP, THIRD_PARTY = "frm-09-keep-pipia", "cac-qa-third-party"
OUT = {"in_scope": False, "scope": "out_rnd"}


def approved(on="2026-02-01", **more):
    return {"assessment_approved_on": day(on), "assessment": AssessmentFacts(day(on), **more)}


@table(
    ("out of scope", OUT | LIVE, None),
    ("planned, not assessed", {}, "open", {"is_critical": False, "arose_on": None}),
    ("live, not assessed", LIVE, "open", {"is_critical": True, "arose_on": "2026-03-01", "due": None}),
    ("live, the start isn't known", {"is_live": True}, "open", {"is_critical": True, "says": "processed already"}),
    ("planned, assessed", approved(), "met", {"met_on": "2026-02-01"}),
    ("assessed in time", LIVE | approved(), "met", {"says": "The PIPIA was approved on 1 February 2026."}),
    ("assessed after it went live", LIVE | approved("2026-03-13"), "met", {"says": "12 days after processing began"}),
    ("ended, never assessed", ENDED, "not_required", REVIEW | CALM),
)
def test_pipia_before_use(facts, expected):
    duty = asked(scenario(**facts), PIPIA)
    assert told(duty, expected) == expected
    assert duty is None or duty.subject == "scenario:GATE"


def test_the_pipia_cites_the_measures_and_the_pipl():
    assert [cite.key for cite in asked(scenario(), PIPIA).cites] == ["FRM-9", "PIPL-55"]


def test_a_pipia_approved_later_was_missing_before():
    facts = scenario(**LIVE, **approved("2026-03-13"))
    assert asked(facts, PIPIA, day("2026-03-12")).is_critical
    assert asked(facts, PIPIA, day("2026-03-13")).state == "met"
    assert not asked(facts, PIPIA, day("2026-02-01")).is_critical


def incidents(*made):
    """Facts of the PIP: incidents by grade, with whatever else is different about them."""
    found = [
        IncidentFacts(f"INC-{number}", datetime(2026, 9, 7, 18, tzinfo=UTC), **{"grade": grade} | more)
        for number, (grade, more) in enumerate(made, 1)
    ]
    return {"pip": {"incidents": tuple(found)}}


MAJOR, LARGE = incidents(("major", {})), incidents(("large", {}))
ANSWERED = incidents(("major", {"reassessed_on": day("2026-09-15")}))
ELSEWHERE = incidents(("especially_major", {"scenario": "LOBBY"}))
HERE = incidents(("especially_major", {"scenario": "GATE"}))
KNOWN = {"incidents_known": ("INC-1",)}
CHANGED = {"outdated_by": ("purpose", "function"), "outdated_on": day("2026-08-01")}


@table(
    ("out of scope", OUT | approved(**CHANGED), None),
    ("never assessed: the first one is asked for", LIVE | MAJOR, None),
    ("nothing happened", LIVE | approved(), "met", {"met_on": "2026-02-01", "says": "Nothing asks for a new one."}),
    (
        "purpose and method changed",
        LIVE | approved(**CHANGED),
        "open",
        {"arose_on": "2026-08-01", "says": "purpose, method"},
    ),
    ("changed before it went live", approved(**CHANGED), "open", CALM),
    ("assessed again", LIVE | approved("2026-08-09"), "met", {"met_on": "2026-08-09"}),
    ("a major incident", LIVE | approved() | MAJOR, "open", {"arose_on": "2026-09-08", "says": "INC-1"}),
    ("a major incident here", LIVE | approved() | HERE, "open"),
    ("a major incident elsewhere", LIVE | approved() | ELSEWHERE, "met"),
    ("an incident that isn't major", LIVE | approved() | LARGE, "met"),
    ("a major incident, assessed again", LIVE | approved() | ANSWERED, "met"),
    ("a major incident, known when it was assessed again", LIVE | approved("2026-09-16", **KNOWN) | MAJOR, "met"),
    ("a major incident, found in an older assessment's time", LIVE | approved("2026-09-07", **KNOWN) | MAJOR, "open"),
    ("ended", ENDED | approved(**CHANGED), "not_required", REVIEW),
)
def test_pipia_again(facts, expected):
    assert told(asked(scenario(**facts), AGAIN), expected) == expected


def test_before_the_change_the_pipia_held():
    facts = scenario(**LIVE, **approved(**CHANGED))
    assert asked(facts, AGAIN, day("2026-07-31")).state == "met"
    assert asked(facts, AGAIN, day("2026-08-01")).state == "open"


# Discovered at 18:00 UTC on 7 September, which is 8 September in China; the tenth working day is 21 September,
# because Sunday 20 September is worked.
@table(
    ("no incident", LIVE | approved(), None),
    ("an incident that isn't major", LIVE | approved() | LARGE, None),
    ("a major incident", LIVE | approved() | MAJOR, "open", {"arose_on": "2026-09-08", "due": "2026-09-21"}),
    ("never assessed", LIVE | MAJOR, None),
    ("out of scope", OUT | approved() | MAJOR, None),
    ("a major incident elsewhere", LIVE | approved() | ELSEWHERE, None),
    ("assessed again", LIVE | approved() | ANSWERED, "met", {"met_on": "2026-09-15", "due": "2026-09-21"}),
    (
        "known when it was assessed again",
        LIVE | approved("2026-09-16", **KNOWN) | MAJOR,
        "met",
        {"met_on": "2026-09-16", "says": "It was assessed again on 16 September 2026."},
    ),
    (
        "two of them: the one without an answer governs",
        LIVE | approved() | incidents(("major", {"reassessed_on": day("2026-09-15")}), ("major", {})),
        "open",
        {"says": "INC-2"},
    ),
    ("ended", ENDED | approved() | MAJOR, None),
)
def test_reassess_after_an_incident(facts, expected):
    duty = asked(scenario(**facts), REASSESS)
    assert told(duty, expected) == expected
    assert duty is None or duty.layer == "default"


def test_an_answer_of_tomorrow_answers_nothing_today():
    facts = scenario(**LIVE, **approved(), **ANSWERED)
    assert asked(facts, REASSESS, day("2026-09-14")).state == "open"
    assert asked(facts, REASSESS, day("2026-09-15")).state == "met"


@table(
    ("never assessed", LIVE, None),
    ("out of scope", OUT | approved(keep_until=day("2029-02-01")), None),
    ("kept for three years", approved(keep_until=day("2029-02-01")), "met", {"says": "until 1 February 2029."}),
    ("kept a day less", approved(keep_until=day("2029-01-31")), "open", {"says": "1 February 2029 at least"}),
    ("no day set", approved(), "open", {"says": "No day is set.", "is_critical": False}),
    ("approved on 29 February", approved("2024-02-29", keep_until=day("2027-02-28")), "met"),
    (
        "ended: the portal keeps it longer than the law",
        ENDED | approved(keep_until=day("2029-02-01")),
        "met",
        {"says": "Portal default: keep it until 30 June 2029"},
    ),
)
def test_report_and_record_are_kept(facts, expected):
    assert told(asked(scenario(**facts), KEEP), expected) == expected


@table(
    ("nobody helped", approved(), None),
    ("never assessed", LIVE, None),
    ("out of scope", OUT | approved(third_party="Sample Labs"), None),
    ("a third party, not described", approved(third_party="Sample Labs"), "open", {"says": "Sample Labs"}),
    ("described", approved(third_party="Sample Labs", third_party_is_described=True), "met", {"layer": "practice"}),
    ("ended", ENDED | approved(third_party="Sample Labs"), "not_required", REVIEW),
)
def test_a_third_party_is_described(facts, expected):
    assert told(asked(scenario(**facts), THIRD_PARTY), expected) == expected

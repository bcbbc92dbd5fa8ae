"""FRM Arts 10, 11, 12: another way, its quarterly check, the national service, no coercion."""

from portal.law.facts import AlternativeFacts
from tests.law.tables import CALM, ENDED, LIVE, REVIEW, asked, day, deployment, scenario, table, told

WAY, CHECK, SERVICE, COERCION = (
    "frm-10-alternative",
    "default-alternative-check",
    "frm-11-id-service",
    "frm-12-no-coercion",
)
OUT = {"in_scope": False, "scope": "out_rnd"}
GATE = {"function": "identify"}
RULE = {"state_rule": "Civil Aviation Security Rules Art 35"}


def ways(*kinds, on=None, offered=None):
    made = [AlternativeFacts(kind, day(on) if on else None, offered) for kind in kinds]
    return {"alternatives": tuple(made)}


@table(
    ("out of scope", OUT | GATE, None),
    ("FR verifies nobody", {"function": "other"}, None),
    ("the function isn't said", {}, "open"),
    ("no other way", GATE, "open", {"is_critical": False, "needs_review": False, "says": "No other way is recorded."}),
    ("no other way, live", GATE | LIVE, "open", {"arose_on": "2026-03-01", "due": None}),
    ("a card", GATE | LIVE | ways("card"), "met", {"says": "Card or badge"}),
    (
        "a fingerprint alone",
        GATE | LIVE | ways("fingerprint"),
        "open",
        {"needs_review": True, "says": "portal default"},
    ),
    ("a fingerprint and a card", GATE | ways("fingerprint", "card"), "met", {"says": "Fingerprint, Card or badge"}),
    (
        "a card that isn't offered",
        GATE | ways("card", on="2026-05-01", offered=False),
        "open",
        {"says": "Not offered"},
    ),
    ("a State rule", GATE | LIVE | RULE, "not_required", {"says": "Civil Aviation Security Rules Art 35"}),
    ("a State rule, and a lane all the same", GATE | RULE | ways("lane"), "met"),
    ("ended", GATE | ENDED, "not_required", REVIEW),
)
def test_another_way(facts, expected):
    assert told(asked(scenario(**facts), WAY), expected) == expected


@table(
    ("a residential gate", {"function": "identify"}, "open", {"says": "SPC Provisions Art 10"}),
    ("whatever FR does there", {"function": "other"}, "open", {"says": "portal default"}),
    ("a card", {"function": "identify"} | ways("card"), "met"),
)
def test_residents_may_ask_for_another_way(facts, expected):
    assert told(asked(deployment(of=facts, place_type="residential"), WAY), expected) == expected


@table(
    ("no other way", GATE | LIVE, None),
    ("planned", GATE | ways("card"), None),
    ("out of scope", OUT | LIVE | ways("card"), None),
    ("a State rule alone", LIVE | RULE, None),
    ("never checked", LIVE | ways("card"), "open", {"due": None, "says": "Never checked: Card or badge."}),
    (
        "checked",
        LIVE | ways("card", on="2026-07-01", offered=True),
        "open",
        {"due": "2026-09-29", "arose_on": "2026-07-01"},
    ),
    ("checked again", LIVE | ways("card", on="2026-09-28", offered=True), "open", {"due": "2026-12-27"}),
    (
        "two ways: the one looked at longest ago",
        LIVE
        | {
            "alternatives": ways("card", on="2026-09-28")["alternatives"]
            + ways("staff", on="2026-07-01")["alternatives"]
        },
        "open",
        {"due": "2026-09-29", "says": "Member of staff"},
    ),
    ("not offered", LIVE | ways("card", on="2026-07-01", offered=False), "open", {"due": None, "says": "Not offered"}),
    ("ended", ENDED | ways("card", on="2026-07-01"), None),
)
def test_the_other_way_is_checked_every_quarter(facts, expected):
    duty = asked(scenario(**facts), CHECK)
    assert told(duty, expected) == expected
    assert duty is None or (duty.layer, duty.is_critical) == ("default", False)


def test_a_check_of_tomorrow_is_none_today():
    facts = scenario(**LIVE, **ways("card", on="2026-07-01", offered=True))
    assert asked(facts, CHECK, day("2026-06-30")).due is None
    assert asked(facts, CHECK, day("2026-10-12")).due < day("2026-10-12")


CONSIDERED = {"id_service_considered_on": day("2026-02-03")}


@table(
    ("identification only", {"function": "identify"}, None),
    ("out of scope", OUT | {"function": "verify"}, None),
    ("verification, nothing noted", {"function": "verify"}, "open", {"layer": "standard", "says": "no breach"}),
    ("live, nothing noted", {"function": "both"} | LIVE, "open", CALM),
    ("considered", {"function": "verify"} | CONSIDERED, "met", {"met_on": "2026-02-03"}),
    ("ended", {"function": "verify"} | ENDED, None),
)
def test_the_national_service_is_a_recommendation(facts, expected):
    assert told(asked(scenario(**facts), SERVICE), expected) == expected


CHECKED = {"coercion_checked_on": day("2026-02-04")}


@table(
    ("out of scope", OUT, None),
    ("no self-check", LIVE, "open", {"is_critical": False, "says": "hasn't been made"}),
    ("nothing found", LIVE | CHECKED, "met", {"met_on": "2026-02-04"}),
    (
        "something found",
        LIVE | CHECKED | {"coercion_findings": ("preticked", "asked_again")},
        "open",
        {"arose_on": "2026-02-04", "says": "bundled with other terms, People are asked again"},
    ),
    ("ended", ENDED, "not_required", REVIEW),
)
def test_no_coercion(facts, expected):
    assert told(asked(scenario(**facts), COERCION), expected) == expected

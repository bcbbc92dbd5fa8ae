"""FRM Art 13: the conspicuous sign by the devices it covers, and its inspection."""

from portal.law.facts import SignFacts
from tests.law.tables import asked, day, deployment, table, told

SIGN, INSPECTION = "frm-13-sign", "default-sign-inspection"
IN_USE = {"status": "active", "place_type": "public", "devices_in_use": 2, "started_on": day("2026-03-01")}
POSTED = {"sign_posted_on": day("2026-02-28")}

NOT_ASKED = (
    ("internal place", {"place_type": "internal"}, None),
    ("residential area", {"place_type": "residential"}, None),
    ("place undecided", {"place_type": "undecided"}, None),
    ("only planned", {"status": "planned"}, None),
    ("switched off", {"status": "suspended"}, None),
    ("ended", {"status": "terminated"}, None),
    ("out of scope", {"of": {"in_scope": False}}, None),
)


@table(
    *NOT_ASKED,
    ("no device in use", {"devices_in_use": 0}, None),
    ("in use without a sign", {}, "open", {"is_critical": True, "arose_on": "2026-03-01", "due": None}),
    ("how many devices", {}, "open", {"says": "FR devices in use in this public place: 2. No sign is recorded."}),
    ("in use with a sign", POSTED, "met", {"met_on": "2026-02-28", "subject": "deployment:D1"}),
    ("posted late", {"sign_posted_on": day("2026-03-02")}, "met", {"says": "1 day after use began on 1 March 2026."}),
    (
        "a device without a sign",
        POSTED | {"uncovered": ("SN2",)},
        "open",
        {"is_critical": True, "says": "hangs: SN2."},
    ),
    ("no sign at all", {"uncovered": ("SN1", "SN2")}, "open", {"says": "No sign is recorded."}),
)
def test_sign_in_a_public_place(facts, expected):
    assert told(asked(deployment(**IN_USE | facts), SIGN), expected) == expected


def test_of_many_devices_without_a_sign_ten_are_named():
    serials = tuple(f"SN{number}" for number in range(1, 13))
    duty = asked(deployment(**IN_USE, **POSTED, uncovered=serials), SIGN)
    assert "SN9, SN10 and 2 more." in duty.why.en and "SN11" not in duty.why.en
    assert "SN10等12台" in duty.why.zh


def test_a_sign_posted_later_was_missing_before():
    facts = deployment(**IN_USE, sign_posted_on=day("2026-03-02"))
    assert asked(facts, SIGN, day("2026-03-01")).state == "open"
    assert asked(facts, SIGN, day("2026-02-27")) is None


def signs(*made):
    return {"signs": made}


def sign(code="SG1", posted="2026-03-02", inspected=None, result="", **more):
    return SignFacts(code, day(posted), day(inspected) if inspected else None, result, **more)


@table(
    *((case, facts | signs(sign()), state) for case, facts, state in NOT_ASKED),
    ("no sign", {}, None),
    (
        "never inspected",
        signs(sign()),
        "open",
        {"due": "2026-05-31", "arose_on": "2026-03-02", "says": "has hung since"},
    ),
    ("inspected", signs(sign(inspected="2026-06-01", result="conspicuous")), "open", {"due": "2026-08-30"}),
    (
        "its own interval",
        signs(sign(interval_days=30)),
        "open",
        {"due": "2026-04-01", "says": "its interval is 30 days"},
    ),
    ("the first of two", signs(sign(), sign("SG2", "2026-02-20")), "open", {"due": "2026-05-21", "says": "Sign SG2"}),
    (
        "obscured",
        signs(sign(), sign("SG2", inspected="2026-04-02", result="obscured")),
        "open",
        {"due": None, "arose_on": "2026-04-02", "says": "Found at the last inspection: SG2 (Obscured)."},
    ),
    ("damaged", signs(sign(inspected="2026-04-02", result="damaged")), "open", {"due": None}),
    ("missing", signs(sign(inspected="2026-04-02", result="missing")), "open", {"due": None}),
    ("posted before any calendar", signs(sign(posted="2019-01-01")), "open", {"due": "2025-06-01"}),
)
def test_signs_are_inspected(facts, expected):
    duty = asked(deployment(**IN_USE | facts), INSPECTION)
    assert told(duty, expected) == expected
    assert duty is None or (duty.layer, duty.is_critical) == ("default", False)


def test_an_inspection_that_was_missed_is_overdue():
    assert asked(deployment(**IN_USE, **signs(sign())), INSPECTION, day("2026-10-12")).due < day("2026-10-12")

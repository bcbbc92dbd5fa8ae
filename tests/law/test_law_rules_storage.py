"""FRM Art 8: storage in the device, off the internet, for the shortest time necessary."""

import pytest

from portal.law.enums import OVER_THE_INTERNET
from portal.law.facts import ConsentFacts
from tests.law.tables import ENDED, LIVE, REVIEW, asked, day, scenario, table, told

STORAGE, RETENTION = "frm-08-storage", "frm-08-retention"
OUT = {"in_scope": False, "scope": "out_rnd"}
DEVICE = {"storage_mode": "device", "sends_over_internet": False}
LAN = {"storage_mode": "lan_server", "sends_over_internet": False}
CLOUD = {"storage_mode": "public_cloud", "sends_over_internet": True}
BY_LAW = {"storage_exception": "law", "storage_exception_basis": "Counter-Terrorism Law Art 21"}
BY_CONSENT = {"storage_exception": "consent"}
AGREED = {"consent": ConsentFacts(is_separate=True, covers_storage=True)}


@table(
    ("out of scope", OUT | CLOUD, None),
    ("nobody said", {}, "open", {"is_critical": False, "says": "It isn't said"}),
    ("nobody said, live", LIVE, "open", {"is_critical": False, "needs_review": False}),
    ("in the device, internet not answered", {"storage_mode": "device"}, "open", {"is_critical": False}),
    ("in the device", DEVICE | LIVE, "met"),
    ("in the device, but sent out", DEVICE | LIVE | {"sends_over_internet": True}, "open", {"is_critical": True}),
    ("in the cloud, planned", CLOUD, "open", {"is_critical": False}),
    ("in the cloud, live", CLOUD | LIVE, "open", {"is_critical": True, "says": "No exception allows it."}),
    ("a law is said to allow it", CLOUD | LIVE | {"storage_exception": "law"}, "open", {"says": "isn't proved"}),
    ("a law that is cited", CLOUD | LIVE | BY_LAW, "not_required", {"says": "Counter-Terrorism Law Art 21"}),
    ("consent is said to allow it", CLOUD | LIVE | BY_CONSENT, "open", {"is_critical": True, "says": "isn't proved"}),
    ("separate consent to just this", CLOUD | LIVE | BY_CONSENT | AGREED, "not_required", {"needs_review": False}),
    ("consent that isn't separate", CLOUD | BY_CONSENT | {"consent": ConsentFacts(covers_storage=True)}, "open"),
    (
        "a server on the premises",
        LAN | LIVE,
        "open",
        {"is_critical": False, "needs_review": True, "is_waivable": True, "says": "the portal's reading"},
    ),
    ("a server on the premises, with consent", LAN | LIVE | BY_CONSENT | AGREED, "not_required"),
    (
        "a server on the premises that sends out",
        LAN | LIVE | {"sends_over_internet": True},
        "open",
        {"is_critical": True},
    ),
    ("ended", CLOUD | ENDED, "not_required", REVIEW),
)
def test_storage(facts, expected):
    assert told(asked(scenario(**facts), STORAGE), expected) == expected


@pytest.mark.parametrize("mode", sorted(OVER_THE_INTERNET))
def test_what_is_stored_in_a_cloud_or_at_a_vendor_left_the_device(mode):
    duty = asked(scenario(storage_mode=mode, sends_over_internet=False, **LIVE), STORAGE)
    assert (duty.state, duty.is_critical) == ("open", True)


SET = {"retention": "until the member leaves", "deletion_method": "by the device, with a log"}
UNTIL = SET | {"retention_ends_on": day("2026-08-31")}
LAW = {"retention_law": "Regulations on X Art 5"}
DELETED = {"deleted_on": day("2026-09-03")}


@table(
    ("out of scope", OUT, None),
    ("nothing set", {}, "open", {"is_critical": False}),
    ("no way of deleting", LIVE | {"retention": "30 days"}, "open", {"due": None}),
    ("set", LIVE | SET, "met", {"says": "until the member leaves", "due": None}),
    ("set, with an end that hasn't come", LIVE | UNTIL | {"retention_ends_on": day("2026-10-12")}, "met"),
    (
        "the period is over",
        LIVE | UNTIL,
        "open",
        {"arose_on": "2026-08-31", "due": "2026-08-31", "says": "ended on 31 August 2026; no deletion is proved"},
    ),
    ("the period is over, deleted", LIVE | UNTIL | DELETED, "met", {"met_on": "2026-09-03"}),
    ("a law sets the period", LIVE | LAW, "not_required", {"says": "Regulations on X Art 5"}),
    ("a law set the period, which is over", LIVE | LAW | UNTIL, "open", {"due": "2026-08-31"}),
    ("ended, not deleted", SET | ENDED, "open", {"arose_on": "2026-06-30", "due": None, "says": "use of FR ended"}),
    ("ended, deleted", SET | ENDED | DELETED, "met", {"met_on": "2026-09-03"}),
    ("ended, nothing was ever set", ENDED, "open", {"arose_on": "2026-06-30"}),
    ("ended, a law keeps it", ENDED | LAW, "not_required", {"says": "store and protect only"}),
    ("ended, the law's period is over", ENDED | LAW | UNTIL, "open", {"arose_on": "2026-08-31"}),
)
def test_retention(facts, expected):
    assert told(asked(scenario(**facts), RETENTION, day("2026-10-12")), expected) == expected


def test_on_the_last_day_of_the_period_nothing_is_late():
    facts = scenario(**LIVE, **UNTIL)
    assert asked(facts, RETENTION, day("2026-08-31")).state == "met"
    assert asked(facts, RETENTION, day("2026-09-01")).state == "open"


def test_a_period_that_ended_before_any_calendar_still_opens_the_duty():
    old = asked(scenario(**LIVE, **SET, retention_ends_on=day("2019-12-31")), RETENTION, day("2026-10-12"))
    assert (old.state, old.arose_on, old.due) == ("open", day("2019-12-31"), day("2025-06-01"))

"""FRM Art 13 and PIPL 26: necessity, capture area, the ban on private spaces, and the lock on other uses."""

import pytest

from portal.law.enums import PRIVATE_SPACES
from portal.law.facts import AreaFacts, DeviceFacts
from tests.law.tables import CALM, asked, day, deployment, table, told

NECESSITY, AREA, BAN, LOCK = "frm-13-necessity", "frm-13-capture-area", "frm-13-private-space", "pipl-26-purpose-lock"
OUT = {"of": {"in_scope": False, "scope": "out_rnd"}}
ABROAD = {"of": {"in_scope": False, "scope": "out_not_china"}}
PUBLIC = {"place_type": "public"}
IN_USE = PUBLIC | {"status": "active", "started_on": day("2026-03-01")}
NEEDED = {"security_necessity": "lost children are found at the gates"}

NOT_ASKED = (
    ("out of scope", IN_USE | OUT, None),
    ("internal place", IN_USE | {"place_type": "internal"}, None),
    ("residential area", IN_USE | {"place_type": "residential"}, None),
    ("place undecided", IN_USE | {"place_type": "undecided"}, None),
    ("ended", PUBLIC | {"status": "terminated", "ended_on": day("2026-06-30")}, None),
    ("disposed", PUBLIC | {"status": "disposed"}, None),
)


@table(
    *NOT_ASKED,
    ("planned", PUBLIC, "open", {"is_critical": False, "arose_on": None, "due": None}),
    ("in use", IN_USE, "open", {"is_critical": False, "arose_on": "2026-03-01", "subject": "deployment:D1"}),
    ("suspended", IN_USE | {"status": "suspended"}, "open"),
    ("recorded", IN_USE | NEEDED, "met"),
    ("consent to another use is no necessity", IN_USE | {"of": {"other_use_consent": True}}, "open"),
)
def test_necessary_for_public_security(facts, expected):
    assert told(asked(deployment(**facts), NECESSITY), expected) == expected


def areas(*made):
    return {"areas": tuple(AreaFacts(name, **{how: True} if how else {}) for name, how in made)}


@table(
    *NOT_ASKED,
    ("planned, none recorded", PUBLIC, "open", {"is_critical": False, "says": "No capture area is recorded."}),
    ("in use, none recorded", IN_USE, "open", {"arose_on": "2026-03-01", "due": None}),
    ("a name alone", IN_USE | areas(("Lane 1", "")), "open", {"says": "Without plan and description: Lane 1."}),
    ("one of two", IN_USE | areas(("Lane 1", "has_plan"), ("Lane 2", "")), "open", {"says": "description: Lane 2."}),
    ("with a plan", IN_USE | areas(("Lane 1", "has_plan")), "met"),
    (
        "described",
        IN_USE | areas(("Lane 1", "has_plan"), ("Lane 2", "is_described")),
        "met",
        {"says": "Lane 1, Lane 2"},
    ),
)
def test_capture_area_is_fixed(facts, expected):
    assert told(asked(deployment(**facts), AREA), expected) == expected


def device(serial, space="toilet", *, is_private=True, **more):
    return DeviceFacts(serial, space, is_private_space=is_private, **more)


def private(*devices):
    return {"private_devices": devices}


GONE = {"removed_on": day("2026-05-01")}
PROVED = GONE | {"removal_is_proved": True}
BANNED = {"is_critical": True, "is_waivable": False}


@pytest.mark.parametrize("space", PRIVATE_SPACES)
def test_every_private_space_is_banned_and_no_one_can_waive_it(space):
    duty = asked(deployment(**private(device("SN1", space, installed_on=day("2026-04-01")))), BAN)
    assert (duty.state, duty.is_critical, duty.is_waivable) == ("open", True, False)
    assert PRIVATE_SPACES[space].zh in duty.why.zh


@table(
    ("no device there", {}, None),
    ("a device in an open space", private(device("SN1", "lobby", is_private=False)), None),
    ("planned", private(device("SN1")), "open", BANNED | {"remedy_says": "report the find to the police at once"}),
    ("even out of scope", OUT | private(device("SN1")), "open", BANNED),
    ("even abroad", ABROAD | private(device("SN1")), "open", BANNED),
    ("even while suspended", private(device("SN1")) | {"status": "suspended"}, "open", BANNED),
    ("even in an internal place", private(device("SN1")) | {"place_type": "internal"}, "open", BANNED),
    ("even after the end", private(device("SN1")) | {"status": "terminated"}, "open", BANNED),
    ("said to be removed", private(device("SN1", **GONE)), "open", BANNED | {"remedy_says": "Prove the removal"}),
    ("removed with proof", private(device("SN1", **PROVED)), "met", {"met_on": "2026-05-01", "is_waivable": False}),
    (
        "one of two removed",
        private(device("SN1", **PROVED), device("SN2")),
        "open",
        {"says": "space: SN2 (Public toilet)."},
    ),
    (
        "one of two proved",
        private(device("SN1", **PROVED), device("SN2", **GONE)),
        "open",
        {"says": "kept: SN2 (Public toilet)."},
    ),
)
def test_private_spaces(facts, expected):
    assert told(asked(deployment(**facts), BAN), expected) == expected


def test_the_ban_stands_since_the_first_device_still_there():
    devices = (device("SN1", **PROVED), device("SN2", installed_on=day("2026-04-02")))
    duty = asked(deployment(private_devices=devices), BAN)
    assert "SN1" not in duty.why.en
    assert duty.arose_on == day("2026-04-02")
    assert [cite.key for cite in duty.cites] == ["FRM-13", "VIDEO-8"]


def test_the_ban_is_met_on_the_day_the_last_device_is_removed():
    later = device("SN2", removed_on=day("2026-05-09"), removal_is_proved=True)
    facts = deployment(**private(device("SN1", **PROVED), later))
    assert asked(facts, BAN).met_on == day("2026-05-09")
    assert asked(facts, BAN, day("2026-05-08")).state == "open"


def test_a_device_not_yet_installed_breaks_no_ban():
    facts = deployment(**private(device("SN1", installed_on=day("2026-04-01"))))
    assert asked(facts, BAN, day("2026-03-31")) is None
    assert asked(facts, BAN, day("2026-04-01")).state == "open"


def used(**scenario):
    return IN_USE | {"of": scenario}


@table(
    ("internal place", used(other_use="marketing") | {"place_type": "internal"}, None),
    ("no other use", IN_USE, "met", {"subject": "scenario:GATE"}),
    ("another use", used(other_use="marketing"), "open", {"is_critical": False, "says": "Other use: marketing."}),
    ("another use, live", used(other_use="marketing", is_live=True), "open", CALM),
    ("another use with separate consent", used(other_use="marketing", other_use_consent=True), "not_required"),
    ("R&D: the PIPL stays", used(other_use="marketing", in_scope=False, scope="out_rnd"), "open"),
    ("abroad: no PIPL", used(other_use="marketing", in_scope=False, scope="out_not_china"), None),
    ("ended", used(other_use="marketing") | {"status": "terminated"}, None),
)
def test_public_places_serve_public_security_only(facts, expected):
    assert told(asked(deployment(**facts), LOCK), expected) == expected

"""PIPIA before use, signs in public places, and the ban on private spaces: tables a lawyer can read."""

from datetime import date

import pytest

from portal.law.enums import PRIVATE_SPACES
from portal.law.facts import DeviceFacts
from tests.law.tables import asked, scenario
from tests.law.tables import deployment as placed

PIPIA, SIGN, BAN = "frm-09-pipia-before-use", "frm-13-sign", "frm-13-private-space"
IN_USE = {
    "status": "active",
    "place_type": "public",
    "devices_in_use": 2,
    "started_on": date(2026, 3, 1),
}


def deployment(in_scope=True, **facts):
    return placed(of={"in_scope": in_scope}, **facts)


@pytest.mark.parametrize(
    ("case", "facts", "state", "is_critical"),
    [
        ("out of scope", {"in_scope": False, "is_live": True}, None, None),
        ("planned, not assessed", {}, "open", False),
        ("live, not assessed", {"is_live": True, "started_on": date(2026, 3, 1)}, "open", True),
        ("live, the start isn't known", {"is_live": True}, "open", True),
        ("planned, assessed", {"assessment_approved_on": date(2026, 2, 1)}, "met", False),
        (
            "assessed after it went live",
            {"is_live": True, "started_on": date(2026, 3, 1), "assessment_approved_on": date(2026, 3, 13)},
            "met",
            False,
        ),
        (
            "ended, never assessed",
            {"started_on": date(2026, 1, 1), "ended_on": date(2026, 2, 1)},
            "not_required",
            False,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_pipia_before_use(case, facts, state, is_critical):
    duty = asked(scenario(**facts), PIPIA)
    assert (duty and duty.state, duty and duty.is_critical) == (state, is_critical)
    assert duty is None or (duty.subject, duty.due) == ("scenario:GATE", None)


def test_a_late_pipia_says_how_late():
    duty = asked(scenario(started_on=date(2026, 3, 1), assessment_approved_on=date(2026, 3, 13)), PIPIA)
    assert duty.met_on == date(2026, 3, 13)
    assert "12 days after processing began" in duty.why.en
    assert [cite.key for cite in duty.cites] == ["FRM-9", "PIPL-55"]


def test_a_pipia_approved_later_was_missing_before():
    facts = scenario(is_live=True, started_on=date(2026, 3, 1), assessment_approved_on=date(2026, 3, 13))
    assert asked(facts, PIPIA, date(2026, 3, 12)).is_critical
    assert asked(facts, PIPIA, date(2026, 3, 13)).state == "met"
    assert not asked(facts, PIPIA, date(2026, 2, 1)).is_critical


@pytest.mark.parametrize(
    ("case", "change", "state"),
    [
        ("in use without a sign", {}, "open"),
        ("in use with a sign", {"sign_posted_on": date(2026, 2, 28)}, "met"),
        ("internal place", {"place_type": "internal"}, None),
        ("residential area", {"place_type": "residential"}, None),
        ("place undecided", {"place_type": "undecided"}, None),
        ("no device in use", {"devices_in_use": 0}, None),
        ("only planned", {"status": "planned"}, None),
        ("switched off", {"status": "suspended"}, None),
        ("ended", {"status": "terminated"}, None),
        ("out of scope", {"in_scope": False}, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_sign_in_a_public_place(case, change, state):
    duty = asked(deployment(**{**IN_USE, **change}), SIGN)
    assert (duty and duty.state) == state
    if duty:
        assert (duty.subject, duty.arose_on, duty.due) == ("deployment:D1", date(2026, 3, 1), None)


def test_a_sign_posted_late_says_how_late_and_was_missing_before():
    facts = deployment(**IN_USE, sign_posted_on=date(2026, 3, 2))
    assert "1 day after use began" in asked(facts, SIGN).why.en
    assert asked(facts, SIGN, date(2026, 3, 1)).state == "open"
    assert asked(facts, SIGN, date(2026, 2, 27)) is None


def device(serial, space="toilet", is_private=True, **dates):
    return DeviceFacts(serial, space, is_private_space=is_private, **dates)


@pytest.mark.parametrize("space", PRIVATE_SPACES)
def test_every_private_space_is_banned_and_no_one_can_waive_it(space):
    duty = asked(deployment(private_devices=(device("SN1", space, installed_on=date(2026, 4, 1)),)), BAN)
    assert (duty.state, duty.is_critical, duty.is_waivable) == ("open", True, False)
    assert PRIVATE_SPACES[space].zh in duty.why.zh
    assert duty.remedy.en.startswith("Remove the devices at once")


@pytest.mark.parametrize(
    ("case", "facts", "state"),
    [
        ("no device there", {}, None),
        ("a device in an open space", {"private_devices": (device("SN1", "lobby", is_private=False),)}, None),
        ("even where the scenario is out of scope", {"in_scope": False, "private_devices": (device("SN1"),)}, "open"),
        ("even while suspended", {"status": "suspended", "private_devices": (device("SN1"),)}, "open"),
        ("removed", {"private_devices": (device("SN1", removed_on=date(2026, 5, 1)),)}, "met"),
        (
            "one of two removed",
            {"private_devices": (device("SN1", removed_on=date(2026, 5, 1)), device("SN2"))},
            "open",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_private_spaces(case, facts, state):
    duty = asked(deployment(**facts), BAN)
    assert (duty and duty.state) == state


def test_the_ban_names_the_devices_still_there():
    devices = (device("SN1", removed_on=date(2026, 5, 1)), device("SN2", installed_on=date(2026, 4, 2)))
    duty = asked(deployment(private_devices=devices), BAN)
    assert "SN2" in duty.why.en and "SN1" not in duty.why.en
    assert duty.arose_on == date(2026, 4, 2)


def test_the_ban_is_met_on_the_day_the_last_device_is_removed():
    devices = (device("SN1", removed_on=date(2026, 5, 1)), device("SN2", removed_on=date(2026, 5, 9)))
    facts = deployment(private_devices=devices)
    assert asked(facts, BAN).met_on == date(2026, 5, 9)
    assert asked(facts, BAN, date(2026, 5, 8)).state == "open"


def test_a_device_not_yet_installed_breaks_no_ban():
    facts = deployment(private_devices=(device("SN1", installed_on=date(2026, 4, 1)),))
    assert asked(facts, BAN, date(2026, 3, 31)) is None
    assert asked(facts, BAN, date(2026, 4, 1)).state == "open"


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2026, 1, 31), "planned"),
        (date(2026, 2, 1), "active"),
        (date(2026, 6, 1), "terminated"),
        (date(2026, 7, 1), "disposed"),
    ],
)
def test_a_deployments_status_is_that_of_the_day(on, status):
    facts = deployment(
        status="disposed", started_on=date(2026, 2, 1), ended_on=date(2026, 6, 1), disposed_on=date(2026, 7, 1)
    )
    assert facts.as_of(on).deployments[0].status == status

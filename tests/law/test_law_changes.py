"""What a change of a filed fact weighs: a default of this portal, by item and direction (LAW.md 2.9)."""

import pytest

from portal.law.change_words import differences, in_words
from portal.law.changes import BY_CODE, CITES, ITEMS, LAYER, has_changed, weight_of
from portal.law.engine import RULES
from portal.law.spans import days_of
from portal.law.text import Text

DEVICE = {"storage_mode": "device", "sends_over_internet": False}
SERVER = {"storage_mode": "lan_server", "sends_over_internet": False}
CLOUD = {"storage_mode": "public_cloud", "sends_over_internet": True}
KEEPER = {"name": "A", "role": "entrusted", "is_overseas": False, "purpose": "operation"}
FULL = {"encryption": {"state": "in_place", "measure": "SM4"}}
HALF = {"encryption": {"state": "partial", "measure": "SM4"}}
TESTED = {"name": "S", "level": 3, "tested_on": "2026-03-01"}


def kept(text, ends_on=None):
    return {"retention": text, "retention_ends_on": ends_on}


def parts(*vendors, supplier=""):
    return {"vendors": list(vendors), "supplier": supplier}


def guarded(controls, mlps=None, words=""):
    return {"controls": controls, "mlps": mlps, "protection": words}


@pytest.mark.parametrize(
    ("item", "old", "new", "weight"),
    [
        ("storage", DEVICE, SERVER, "substantial"),
        ("storage", DEVICE, CLOUD, "substantial"),
        ("storage", SERVER, CLOUD, "substantial"),
        ("storage", DEVICE, DEVICE | {"sends_over_internet": True}, "substantial"),
        ("storage", CLOUD, DEVICE, "ask"),
        ("storage", {"storage_mode": ""}, {"storage_mode": "device"}, "ask"),
        ("retention", kept("24 hours"), kept("30 days"), "substantial"),
        ("retention", kept("六个月"), kept("三个月"), "minor"),
        ("retention", kept("30日"), kept("一年"), "substantial"),
        ("retention", kept("until the contract ends"), kept("30 days"), "ask"),
        ("retention", kept("30 days", "2027-01-01"), kept("30 days", "2028-01-01"), "substantial"),
        ("retention", kept("30 days", "2027-01-01"), kept("30 days"), "substantial"),
        ("retention", kept("30 days", "2027-01-01"), kept("20 days", "2028-01-01"), "substantial"),
        ("vendors", parts(KEEPER), parts(KEEPER, KEEPER | {"name": "B"}), "substantial"),
        ("vendors", parts(KEEPER), parts(KEEPER | {"is_overseas": True}), "substantial"),
        ("vendors", parts(KEEPER), parts(KEEPER | {"purpose": "analysis"}), "ask"),
        ("vendors", parts(KEEPER), parts(), "ask"),
        ("vendors", parts(supplier="A"), parts(supplier="B"), "substantial"),
        ("vendors", parts(supplier="A"), parts(supplier=""), "ask"),
        ("overseas", {"cross_border": False}, {"cross_border": True}, "substantial"),
        ("overseas", {"cross_border": True}, {"cross_border": False}, "ask"),
        ("protection", guarded(FULL), guarded(HALF), "substantial"),
        ("protection", guarded(FULL), guarded({}), "substantial"),
        ("protection", guarded(HALF), guarded(FULL), "minor"),
        ("protection", guarded(FULL, TESTED), guarded(FULL, TESTED | {"tested_on": "2026-09-01"}), "minor"),
        ("protection", guarded(FULL, TESTED), guarded(FULL, TESTED | {"level": 2}), "substantial"),
        ("protection", guarded(FULL, TESTED), guarded(FULL), "substantial"),
        ("protection", guarded(FULL), guarded({"encryption": {"state": "in_place", "measure": "AES"}}), "ask"),
        ("protection", guarded(HALF), guarded(FULL, words="otherwise"), "ask"),
        ("purpose", {"purpose": "a"}, {"purpose": "b"}, "substantial"),
        ("officer", {"officer_name": "a"}, {"officer_name": "b"}, "ask"),
        ("contact", {"agent_name": "a"}, {"agent_name": "b"}, "minor"),
    ],
)
def test_weight(item, old, new, weight):
    assert weight_of(item, old, new) == weight


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (100_000, 119_999, False),
        (100_000, 120_000, True),
        (100_000, 80_000, True),
        (100_000, 80_001, False),
        (499_999, 500_000, True),
        (1_000_000, 999_999, True),
        (900_000, 950_000, False),
        (0, 0, False),
        (0, 1, True),
    ],
)
def test_persons_change_from_a_fifth_on_and_past_the_marks(old, new, changed):
    assert has_changed("persons", {"persons": old}, {"persons": new}) is changed


def test_fact_that_the_old_value_lacks_is_not_compared():
    assert not has_changed("protection", {"protection": ""}, guarded(FULL))
    assert not has_changed("persons", {}, {"persons": 5})


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("24 hours", 1),
        ("72小时", 3),
        ("30日", 30),
        ("三十天", 30),
        ("十五日", 15),
        ("六个月", 180),
        ("半年", 182.5),
        ("2 weeks", 14),
        ("离职后两年", 730),
        ("one month", None),
        ("30 days, then 6 months", None),
        ("当日", None),
        ("", None),
    ],
)
def test_period_in_words(text, days):
    assert days_of(text) == days


def test_only_what_differs_is_put_into_words_in_both_languages():
    found = differences("storage", DEVICE | {"storage_exception": ""}, CLOUD | {"storage_exception": ""})
    assert [one.label.en for one in found] == ["Mode of storage", "Transmission over the internet"]
    assert (found[0].old.zh, found[0].new.zh) == ("存储于人脸识别设备内", "公有云")
    assert (found[1].old, found[1].new) == (Text("no", "否"), Text("yes", "是"))


@pytest.mark.parametrize(
    ("item", "value", "words"),
    [
        ("persons", {"persons": 125_000}, "125,000"),
        (
            "vendors",
            parts(KEEPER | {"is_overseas": True}),
            "A (Entrusted processor, outside mainland China): operation",
        ),
        ("protection", {"controls": HALF}, "Data encryption: Partly in place: SM4"),
        ("protection", {"mlps": TESTED}, "S, level 3, tested on 1 March 2026"),
        ("places", {"places": [["11", "public"]]}, "Beijing (Public place)"),
        ("retention", kept("30 days"), "Retention period: 30 days; End of retention: –"),
    ],
)
def test_value_in_words(item, value, words):
    assert words in in_words(item, value).en


def test_every_item_is_a_default_and_names_rules_that_there_are():
    rules = {rule.id for rule in RULES}
    assert LAYER == "default"
    assert [cite.key for cite in CITES][0] == "FRM-15"
    assert {one.rule for item in ITEMS for one in item.also if one.rule} <= rules
    assert len(BY_CODE) == len(ITEMS)

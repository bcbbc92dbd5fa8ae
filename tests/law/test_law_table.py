"""The table of obligations against the rules: each is carried or reasoned, each rule says in words what it does."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from portal.law.duties import LAYERS
from portal.law.engine import RULES
from portal.law.not_carried import NOT_CARRIED
from portal.law.sources import CSL, FRM, RENUMBERED

OBLIGATIONS = json.loads((Path(__file__).parent / "data" / "obligations.json").read_text(encoding="utf-8"))
IDS = {row["id"] for row in OBLIGATIONS}
WORDS = ("title", "trigger", "due", "exemption", "evidence")


def test_the_table_has_its_58_obligations():
    assert len(OBLIGATIONS) == len(IDS) == 58


def test_every_obligation_is_carried_by_a_rule_or_reasoned():
    # A default of the portal never carries a duty alone.
    carried = {id for rule in RULES if rule.layer != "default" for id in rule.obligation}
    reasoned = {one.obligation for one in NOT_CARRIED}
    assert IDS - carried - reasoned == set()
    assert carried & reasoned == set()


def test_rules_name_obligations_of_the_table_only():
    assert {id for rule in RULES for id in rule.obligation} - IDS == set()
    assert {one.obligation for one in NOT_CARRIED} - IDS == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_does_in_both_languages(rule):
    for name in WORDS:
        text = getattr(rule, name)
        assert text.en and text.zh, f"{rule.id} says nothing of its {name}"
        assert text.en[0].isupper() or text.en[0].isdigit(), text.en
    assert rule.obligation and rule.cites and rule.layer in LAYERS
    assert all(one.name.en and one.name.zh and one.value.en and one.value.zh for one in rule.parameters)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_first_citation_of_a_rule_stands_for_its_layer(rule):
    layer_of = {"DEFAULT": "default", "PRACTICE": "practice", "CAC-2026-01-QA": "practice"}
    first = rule.cites[0].instrument
    expected = "standard" if first.startswith("GBT-") else layer_of.get(first, "law")
    # FRM Art 11 encourages; what it encourages is advice, as a standard is.
    assert rule.layer == ("standard" if rule.id == "frm-11-id-service" else expected)


def test_ids_are_unique_and_begin_with_where_they_come_from():
    assert [id for id, times in Counter(rule.id for rule in RULES).items() if times > 1] == []
    for rule in RULES:
        assert (rule.layer == "default") == (rule.id.startswith("default-") or rule.id in EARLIER_DEFAULTS), rule.id


# Named before the layers had their prefix; others build on the names.
EARLIER_DEFAULTS = {"frm-15-confirm-count", "frm-15-warning"}


@pytest.mark.parametrize(
    ("on", "en", "zh"),
    [
        ("2025-12-31", "Cybersecurity Law Art 21", "第二十一条"),
        ("2026-01-01", "Cybersecurity Law Art 23", "第二十三条"),
        ("2027-05-01", "Cybersecurity Law Art 23", "第二十三条"),
    ],
)
def test_a_renumbered_article_has_the_number_of_the_day(on, en, zh):
    label = CSL(23).label_on(date.fromisoformat(on))
    assert (label.en, label.zh) == (en, f"《网络安全法》{zh}")


def test_without_a_day_a_renumbered_article_names_both_numbers():
    assert CSL(23).label.en == "Cybersecurity Law Art 23 (Art 21 before 2026-01-01)"
    assert CSL(27).label.zh == "《网络安全法》第二十七条（2026年1月1日前为第二十五条）"
    assert FRM(15).label == FRM(15).label_on(date(2025, 6, 1))
    assert set(RENUMBERED) == {("CSL", "23"), ("CSL", "27")}

"""What every rule says of itself, for the lawyer who reads the list of them."""

import re
from dataclasses import replace

import pytest

from portal.law.duties import LAYERS
from portal.law.engine import RULES, TOPICS, duties
from portal.law.facts import AlternativeFacts, ConsentFacts, EngagementFacts, PipFacts, ScenarioFacts
from portal.law.rules import filing
from tests.law.tables import CALENDAR, LIVE
from tests.law.test_law_table import EARLIER_DEFAULTS

SAYING = [rule for rule in RULES if rule.check.__module__ != filing.__name__]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("rule", SAYING, ids=lambda rule: rule.id)
def test_a_rule_says_trigger_due_exemption_and_evidence_in_both_languages(rule):
    for text in (rule.title, rule.trigger, rule.due, rule.exemption, rule.evidence):
        assert text.en and not CHINESE.search(text.en)
        assert CHINESE.search(text.zh)
    assert all(text.en.endswith(".") for text in (rule.trigger, rule.due, rule.exemption, rule.evidence))
    assert all(text.zh.endswith("。") for text in (rule.trigger, rule.due, rule.exemption, rule.evidence))
    assert all(number.layer in LAYERS and number.name.zh and number.value.zh for number in rule.parameters)


@pytest.mark.parametrize("rule", SAYING, ids=lambda rule: rule.id)
def test_a_default_is_called_one_and_cites_its_note_first(rule):
    assert (rule.layer == "default") == (rule.cites[0].instrument == "DEFAULT")
    if rule.id not in EARLIER_DEFAULTS:
        assert rule.id.startswith("default-") == (rule.layer == "default")
    assert rule.cites and rule.obligation


def test_the_rules_stand_in_the_order_of_their_topics():
    order = {topic.__name__: place for place, topic in enumerate(TOPICS)}
    places = [order[rule.check.__module__] for rule in RULES]
    assert places == sorted(places)


def test_what_people_write_may_hold_braces():
    odd = "{x} {0} }{"
    written = ScenarioFacts(
        "GATE",
        **LIVE,
        purpose=odd,
        state_rule=odd,
        retention=odd,
        deletion_method=odd,
        other_use=odd,
        storage_exception="law",
        storage_exception_basis=odd,
        storage_mode="vendor",
        coercion_findings=(odd,),
        legal_basis="consent",
        consent=ConsentFacts(invalidated_by=(odd,), kinds=frozenset({odd})),
        engagements=(EngagementFacts(odd, "entrusted"),),
    )
    one = PipFacts("U", scenarios=(written, replace(written, code="TWO", alternatives=(AlternativeFacts(odd),))))
    found = [duty.why.zh for duty in duties(one, CALENDAR)]
    assert sum(odd in why for why in found) > 5

"""The fifteen gates of LAW.md 7.2: which rules each stands on, which can't be waived, and what comes next."""

from dataclasses import replace

import pytest

from portal.law.engine import RULES, duties
from portal.law.enums import CONTROL_FAMILIES
from portal.law.facts import (
    AlternativeFacts,
    AreaFacts,
    AssessmentFacts,
    ConsentFacts,
    ControlFacts,
    DeploymentFacts,
    DeviceFacts,
    NoticeFacts,
    PipFacts,
    ScenarioFacts,
)
from portal.law.gates import GATES, OF_PLACE, STEPS, examine, first_open, is_waivable
from portal.law.workdays import Workdays
from tests.law.tables import day

DAY = day("2026-03-01")
# A use with everything there: children among the persons, consent, a public place, a vendor, a transfer abroad.
READY = ScenarioFacts(
    "GATE",
    scope="in",
    scope_decided_on=DAY,
    function="identify",
    purpose="entry of members",
    necessity="queues at peak hours",
    rejected_ways="cards are lent",
    legal_basis="consent",
    legal_basis_reason="members ask for it",
    subjects=frozenset({"under_14"}),
    assessment_approved_on=DAY,
    assessment=AssessmentFacts(DAY),
    notice=NoticeFacts(DAY, DAY, shown_on=DAY),
    consent=ConsentFacts(
        kinds=frozenset({"look"}),
        is_separate=True,
        has_withdrawal=True,
        wording_on=DAY,
        has_guardian=True,
        covers_cross_border=True,
    ),
    children_rules_on=DAY,
    alternatives=(AlternativeFacts("card"),),
    storage_mode="device",
    sends_over_internet=False,
    retention="until the membership ends",
    deletion_method="overwritten",
    controls=tuple(ControlFacts(family, "in_place", has_evidence=True) for family in CONTROL_FAMILIES),
    cross_border=True,
    cross_border_mechanism="contract",
    cross_border_number="SC-2026-1",
)
PLACE = DeploymentFacts(
    "D1",
    "GATE",
    status="active",
    place_type="public",
    security_necessity="thefts in the lockers",
    areas=(AreaFacts("Lane 1", has_plan=True),),
    devices_in_use=1,
    sign_posted_on=DAY,
)
NEW = ScenarioFacts("GATE")
TOILET = DeviceFacts("SN1", "toilet", is_private_space=True)


def examined(scenario=READY, place=PLACE, others=(), waived=()):
    facts = PipFacts("U", scenarios=(scenario,), deployments=(place, *others))
    return examine(duties(facts, Workdays.official()), waived)


def closed(found):
    return [one.gate.number for one in found if not one.passes]


def test_there_are_fifteen_gates_on_rules_that_exist():
    assert [gate.number for gate in GATES] == list(range(1, 16))
    known = {rule.id for rule in RULES}
    asked = [rule for gate in GATES for rule, _ in gate.asks]
    assert set(asked) <= known and len(asked) == len(set(asked))
    assert sorted(STEPS) == list(range(1, 16)) and {11, 12} == OF_PLACE


def test_gates_with_a_star_cannot_be_waived():
    assert [gate.number for gate in GATES if not gate.is_waivable] == [7, 11]
    assert is_waivable("frm-04-purpose")
    assert not any(is_waivable(rule) for rule in ("frm-13-private-space", "frm-07-guardian-consent", "frm-15-initial"))


def test_nothing_is_closed_where_everything_is_there():
    assert closed(examined()) == []
    assert first_open(examined()) is None


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (1, {"scope": ""}),
        (2, {"legal_basis_reason": ""}),
        (3, {"rejected_ways": ""}),
        (4, {"assessment_approved_on": None, "assessment": None}),
        (4, {"assessment": AssessmentFacts(DAY, outdated_by=("purpose",))}),
        (5, {"notice": None}),
        (5, {"notice": NoticeFacts(DAY, DAY, missing=("rights",))}),
        (5, {"notice": NoticeFacts(DAY, DAY, outdated=("purpose",))}),
        (6, {"consent": replace(READY.consent, is_separate=False)}),
        (6, {"consent": replace(READY.consent, has_withdrawal=False)}),
        (6, {"consent": replace(READY.consent, needs_written=True)}),
        (6, {"consent": replace(READY.consent, invalidated_by=("purpose",))}),
        (7, {"consent": replace(READY.consent, has_guardian=False)}),
        (7, {"children_rules_on": None}),
        (8, {"alternatives": ()}),
        (8, {"alternatives": (AlternativeFacts("card", DAY, is_offered=False),)}),
        (9, {"storage_mode": "public_cloud"}),
        (9, {"sends_over_internet": None}),
        (10, {"deletion_method": ""}),
        (13, {"controls": READY.controls[1:]}),
        (15, {"cross_border_number": ""}),
    ],
)
def test_what_a_scenario_lacks_closes_its_gate(number, changes):
    assert closed(examined(replace(READY, **changes))) == [number]


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (11, {"private_devices": (TOILET,)}),
        (11, {"private_devices": (replace(TOILET, removed_on=DAY),)}),
        (12, {"security_necessity": ""}),
        (12, {"areas": ()}),
        (12, {"uncovered": ("SN1",), "sign_posted_on": None}),
    ],
)
def test_what_a_place_lacks_closes_its_gate(number, changes):
    assert closed(examined(place=replace(PLACE, **changes))) == [number]


def test_another_deployments_private_device_closes_the_gate_of_the_whole_site():
    other = DeploymentFacts("D2", "", private_devices=(TOILET,))
    found = examined(others=(other,))
    assert closed(found) == [11]
    assert first_open(found).duty.subject == "deployment:D2"


def test_a_state_rule_opens_the_gate_of_other_ways():
    assert closed(examined(replace(READY, alternatives=(), state_rule="a rule of the State"))) == []


def test_gates_that_ask_nothing_here_are_told_apart():
    found = {one.gate.number: one.state for one in examined(place=replace(PLACE, place_type="internal"))}
    assert (found[12], found[14], found[1]) == ("not_asked", "not_asked", "met")


def test_a_waiver_opens_a_gate_but_not_one_with_a_star():
    bare = replace(READY, retention="", children_rules_on=None)
    waived = {("frm-08-retention", "scenario:GATE"), ("frm-07-children-rules", "scenario:GATE")}
    found = examined(bare, waived=waived)
    assert closed(found) == [7]
    assert {one.gate.number: one.state for one in found}[10] == "waived"
    assert closed(examined(bare, waived={("frm-08-retention", "scenario:OTHER")})) == [7, 10]


def test_the_next_step_is_what_is_unlawful_then_the_screening_and_the_assessment_late():
    def next_of(scenario=NEW, place=PLACE):
        return first_open(examined(scenario, place)).mend

    assert next_of(place=replace(PLACE, private_devices=(TOILET,))) == "devices"
    assert next_of() == "scope"
    assert next_of(ScenarioFacts("GATE", scope="in")) == "necessity"
    assert next_of(replace(READY, assessment_approved_on=None, legal_basis="")) == "legal_basis"
    assert next_of(replace(READY, assessment_approved_on=None), replace(PLACE, areas=())) == "assessment"


@pytest.mark.parametrize("gate", GATES, ids=[str(gate.number) for gate in GATES])
def test_a_gate_has_its_words_and_its_articles(gate):
    assert gate.title.en and gate.title.zh and gate.cites

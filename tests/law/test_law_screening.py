"""The screening: eight questions, the scope they give, and a result that says what the law says."""

from dataclasses import replace

import pytest

from portal.law.engine import RULES
from portal.law.questions import QUESTIONS, STORED
from portal.law.screening import Answers, Known, screen
from portal.law.workdays import Workdays

CALENDAR = Workdays.official()
SHOP = Answers("yes", "production", "identify", "public", "no", "adults", "device", "below")


def screened(**changes):
    return screen(replace(SHOP, **changes), CALENDAR)


def tones(screening):
    """Topic and tone of each line."""
    return {(line.topic.en, line.tone) for line in screening.lines}


def test_there_are_eight_questions_and_each_has_its_answer():
    assert len(QUESTIONS) == 8
    assert [question.key for question in QUESTIONS] == list(Answers().as_dict())
    for question in QUESTIONS:
        assert question.text.en and question.text.zh and question.cites and len(question.choices) >= 2


@pytest.mark.parametrize(
    ("changes", "scope"),
    [
        ({}, "in"),
        ({"mainland": "no"}, "out_not_china"),
        ({"activity": "rnd"}, "out_rnd"),
        ({"activity": "household"}, "out_household"),
        ({"function": "other"}, "out_not_fr"),
        ({"function": ""}, ""),
        ({"function": "", "mainland": "no"}, "out_not_china"),
    ],
)
def test_scope(changes, scope):
    assert screened(**changes).scope == scope


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, ("The Measures", "info")),
        ({"mainland": "no"}, ("The Measures", "quiet")),
        ({"function": "other"}, ("PIPL", "warn")),
        ({"activity": "household"}, ("PIPL", "quiet")),
        ({}, ("Public place", "warn")),
        ({}, ("Purpose lock", "warn")),
        ({"place_type": "residential"}, ("Residential area", "warn")),
        ({"place_type": "internal"}, ("Internal area", "quiet")),
        ({"private_space": "yes"}, ("Private space", "bad")),
        ({"private_space": "yes", "activity": "rnd"}, ("Private space", "bad")),
        ({"ages": "under_14"}, ("Under 14", "warn")),
        ({"ages": "under_14"}, ("Minors", "info")),
        ({"ages": "aged_14_17"}, ("Minors", "info")),
        ({}, ("Storage", "good")),
        ({"storage": "lan_server"}, ("Storage", "warn")),
        ({"storage": "device_internet"}, ("Storage", "warn")),
        ({}, ("Filing", "quiet")),
        ({"count_band": "near"}, ("Filing", "warn")),
        ({"count_band": "reached"}, ("Filing", "warn")),
    ],
)
def test_an_answer_has_its_line(changes, line):
    assert line in tones(screened(**changes))


def test_only_a_private_space_is_red():
    for question in QUESTIONS:
        for answer in question.choices:
            red = {topic for topic, tone in tones(screened(**{question.key: answer})) if tone == "bad"}
            assert red == ({"Private space"} if (question.key, answer) == ("private_space", "yes") else set())


@pytest.mark.parametrize(
    ("changes", "asked", "not_asked"),
    [
        ({}, "frm-13-sign", "frm-07-children-rules"),
        ({"place_type": "internal"}, "frm-04-purpose", "frm-13-sign"),
        ({"place_type": "online"}, "frm-08-storage", "frm-13-necessity"),
        ({"private_space": "yes"}, "frm-13-private-space", "frm-15-initial"),
        ({"private_space": "yes", "function": "other"}, "frm-13-private-space", "frm-13-sign"),
        ({"ages": "both"}, "frm-07-children-rules", "frm-07-guardian-consent"),
        ({"function": "verify"}, "frm-11-id-service", "frm-15-warning"),
        ({"count_band": "near"}, "frm-15-warning", "frm-15-initial"),
        ({"count_band": "reached"}, "frm-15-initial", "frm-15-warning"),
        ({"activity": "rnd"}, "default-scope-recheck", "frm-09-pipia-before-use"),
        ({"activity": "rnd"}, "pipl-13-legal-basis", "frm-05-notice"),
        ({"mainland": "no"}, "frm-02-scope", "pipl-13-legal-basis"),
        ({"activity": "rnd", "count_band": "reached"}, "frm-02-scope", "frm-15-initial"),
    ],
)
def test_duties_are_those_of_the_law(changes, asked, not_asked):
    found = screened(**changes).duties
    assert asked in found and not_asked not in found
    assert set(found) <= {rule.id for rule in RULES}


def test_consent_is_asked_once_it_is_the_basis():
    assert "frm-06-separate-consent" not in screen(SHOP, CALENDAR).duties
    assert "frm-06-separate-consent" in screen(SHOP, CALENDAR, Known("consent")).duties
    children = replace(SHOP, ages="under_14")
    assert "frm-07-guardian-consent" in screen(children, CALENDAR, Known("consent")).duties


def test_unanswered_questions_are_named_and_have_no_line():
    nothing = screen(Answers(), CALENDAR)
    assert (nothing.scope, nothing.lines, nothing.is_complete) == ("", (), False)
    assert len(nothing.unanswered) == 8
    assert screen(replace(SHOP, ages=""), CALENDAR).unanswered == ("ages",)


def test_answers_are_read_back_and_nonsense_counts_as_none():
    assert Answers.read(SHOP.as_dict()) == SHOP
    assert Answers.read({"mainland": "maybe", "ages": "", "function": "verify", "x": "y"}) == Answers(
        function="verify"
    )


def test_storage_answers_are_the_registers_two_fields():
    assert {(STORED[code]) for code in STORED if code.endswith("cloud") or code == "vendor"} == {
        ("private_cloud", True),
        ("public_cloud", True),
        ("vendor", True),
    }
    assert (replace(SHOP, storage="device_internet").storage_mode, SHOP.sends_over_internet) == ("device", False)

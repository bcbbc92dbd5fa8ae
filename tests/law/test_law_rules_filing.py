"""When a PIP must file with the provincial CAC: LAW.md 7.4 as tables."""

from dataclasses import replace
from datetime import date

import pytest

from portal.law.engine import RULES, duties, rule, rule_by_id
from portal.law.facts import Count, Crossing, FilingFacts, PipFacts, ScenarioFacts
from portal.law.notices import notice_from_dict
from portal.law.text import Text
from portal.law.workdays import Workdays

CALENDAR = Workdays.official()
USCC = "91110105MA01FRA15K"
FILING_RULES = ("frm-15-initial", "frm-15-transition")


def day(text):
    return date.fromisoformat(text)


def pip(*counts, in_scope=True, **more):
    """A PIP with one scenario; each count is a day and the persons stored on it."""
    return PipFacts(
        uscc=USCC,
        scenarios=(ScenarioFacts("GATE", in_scope=in_scope, assessment_approved_on=day("2025-01-02")),),
        counts=tuple(Count(day(on), "GATE", None, persons) for on, persons in counts),
        **more,
    )


def asked(facts, on=None, calendar=CALENDAR):
    """The filing and counting duties by rule."""
    return {duty.rule: duty for duty in duties(facts, calendar, on) if duty.rule.startswith("frm-15")}


@pytest.mark.parametrize(
    ("case", "facts", "expected"),
    [
        ("nothing stored", pip(), {}),
        ("out of scope", pip(("2026-07-01", 500_000), in_scope=False), {}),
        ("below 80 percent", pip(("2026-07-01", 79_999)), {}),
        ("80 percent", pip(("2026-07-01", 80_000)), {"frm-15-warning": None}),
        ("one person short", pip(("2026-07-01", 99_999)), {"frm-15-warning": None}),
        (
            "reached, count unconfirmed",
            pip(("2026-09-04", 100_000)),
            {"frm-15-initial": "2026-10-22", "frm-15-confirm-count": None},
        ),
        (
            "reached on the day the Measures came into force",
            pip(("2025-06-01", 100_000)),
            {"frm-15-initial": "2025-07-14", "frm-15-confirm-count": None},
        ),
        (
            "reached the day before",
            pip(("2025-05-31", 100_000)),
            {"frm-15-transition": "2025-07-14", "frm-15-confirm-count": None},
        ),
        (
            "reached long before and still stored",
            pip(("2023-02-01", 400_000)),
            {"frm-15-transition": "2025-07-14", "frm-15-confirm-count": None},
        ),
        (
            "reached once, fewer now",
            pip(("2026-07-01", 100_000), ("2026-07-20", 3)),
            {"frm-15-initial": "2026-08-12", "frm-15-confirm-count": None},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_which_duties_stand_and_when_they_are_due(case, facts, expected):
    found = asked(facts)
    assert {id: duty.due and duty.due.isoformat() for id, duty in found.items()} == expected
    assert all(duty.state == "open" and duty.subject == f"pip:{USCC}" for duty in found.values())


def test_an_unconfirmed_duty_says_so():
    duty = asked(pip(("2026-09-04", 101_259)))["frm-15-initial"]
    assert not duty.is_confirmed
    assert "101,259 persons stored on 4 September 2026" in duty.why.en
    assert "Count unconfirmed" in duty.why.en
    assert "人数尚未确认" in duty.why.zh
    assert [cite.key for cite in duty.cites] == ["FRM-15", "CAC-2025-05-28", "CIVIL-201"]
    assert duty.layer == "law"


def test_confirming_another_day_moves_the_duty():
    facts = pip(("2026-09-04", 101_259), confirmed_crossing=Crossing(day("2026-09-11"), 100_400, "by ID number"))
    found = asked(facts)
    duty = found["frm-15-initial"]
    assert (duty.arose_on, duty.due, duty.is_confirmed) == (day("2026-09-11"), day("2026-10-29"), True)
    assert "Counted by: by ID number" in duty.why.en
    assert found["frm-15-confirm-count"].state == "met"


def test_a_crossing_confirmed_before_the_measures_is_transitional():
    found = asked(pip(confirmed_crossing=Crossing(day("2025-03-01"), 130_000)))
    assert found["frm-15-transition"].due == day("2025-07-14")
    assert found["frm-15-transition"].arose_on == day("2025-06-01")
    assert "frm-15-initial" not in found


@pytest.mark.parametrize(
    ("case", "filing", "state", "met_on"),
    [
        ("a draft meets nothing", FilingFacts("F1"), "open", None),
        ("submitted", FilingFacts("F1", state="submitted", submitted_on=day("2026-10-20")), "met", "2026-10-20"),
        (
            "sent back for a supplement, it was submitted all the same",
            FilingFacts("F1", state="correction", submitted_on=day("2026-10-20")),
            "met",
            "2026-10-20",
        ),
        (
            "accepted",
            FilingFacts("F1", "initial", "accepted", day("2026-10-20"), day("2026-11-02"), "京备001"),
            "met",
            "2026-10-20",
        ),
        ("rejected", FilingFacts("F1", state="rejected", submitted_on=day("2026-10-20")), "open", None),
        ("withdrawn", FilingFacts("F1", state="withdrawn", submitted_on=day("2026-10-20")), "open", None),
        (
            "a change filing isn't the initial one",
            FilingFacts("F1", "change", "submitted", day("2026-10-20")),
            "open",
            None,
        ),
        ("decided not to be required", FilingFacts("F1", state="not_required"), "not_required", None),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
@pytest.mark.parametrize("reached_on", ["2026-09-04", "2025-03-01"])
def test_what_meets_the_filing_duty(case, filing, state, met_on, reached_on):
    found = asked(pip((reached_on, 120_000), filings=(filing,)))
    duty = next(found[id] for id in FILING_RULES if id in found)
    assert (duty.state, duty.met_on) == (state, met_on and day(met_on))


def test_an_accepted_filing_is_named_with_its_number():
    filing = FilingFacts("FIL-2026-0001", "initial", "accepted", day("2026-10-20"), day("2026-11-02"), "京备001")
    why = asked(pip(("2026-09-04", 120_000), filings=(filing,)))["frm-15-initial"].why
    assert why.en.endswith(
        "FIL-2026-0001 was submitted on 20 October 2026. Accepted on 2 November 2026. Filing number 京备001."
    )
    assert "备案编号京备001" in why.zh


def test_a_drop_below_the_threshold_never_ends_the_duty():
    duty = asked(pip(("2026-07-01", 100_000), ("2026-07-20", 61_000)))["frm-15-initial"]
    assert duty.state == "open"
    assert duty.needs_review
    assert "61,000 persons are stored now" in duty.why.en
    assert "counsel must review" in duty.why.en


def test_a_late_count_with_an_earlier_date_moves_the_due_date_back():
    facts = pip(("2026-09-04", 101_259))
    late = replace(facts, counts=(*facts.counts, Count(day("2026-08-10"), "GATE", None, 100_001)))
    assert asked(facts)["frm-15-initial"].due == day("2026-10-22")
    assert asked(late)["frm-15-initial"].due == day("2026-09-20")


@pytest.mark.parametrize(
    ("persons", "step"), [(80_000, 80), (89_999, 80), (90_000, 90), (94_999, 90), (95_000, 95), (99_999, 95)]
)
def test_one_warning_of_the_highest_step(persons, step):
    found = asked(pip(("2026-07-01", 1_000), ("2026-08-01", persons)))
    warning = found["frm-15-warning"]
    assert (warning.step, warning.arose_on, warning.due) == (step, day("2026-08-01"), None)
    assert warning.layer == "default"
    assert f"{persons:,} persons" in warning.why.en


def test_a_warning_arose_on_the_day_its_step_was_reached():
    facts = pip(("2026-05-01", 85_000), ("2026-06-01", 10), ("2026-07-01", 83_000), ("2026-08-01", 84_000))
    assert asked(facts)["frm-15-warning"].arose_on == day("2026-07-01")


def test_a_warning_goes_when_the_number_falls_below_the_first_step():
    assert asked(pip(("2026-07-01", 85_000), ("2026-08-01", 70_000))) == {}


class TestSeenOnADay:
    """The duties as the law saw them at the end of a day."""

    facts = pip(
        ("2026-08-01", 82_000),
        ("2026-09-04", 101_259),
        confirmed_crossing=Crossing(day("2026-09-04"), 101_259, "by ID number", confirmed_on=day("2026-09-10")),
        filings=(FilingFacts("F1", "initial", "accepted", day("2026-10-20"), day("2026-11-02"), "N1"),),
    )

    @pytest.mark.parametrize(
        ("on", "rules"),
        [
            ("2026-07-31", set()),
            ("2026-08-01", {"frm-15-warning"}),
            ("2026-09-03", {"frm-15-warning"}),
            ("2026-09-04", {"frm-15-initial", "frm-15-confirm-count"}),
        ],
    )
    def test_duties_arise_with_their_facts(self, on, rules):
        assert set(asked(self.facts, day(on))) == rules

    @pytest.mark.parametrize(
        ("on", "is_confirmed", "state"),
        [
            ("2026-09-09", False, "open"),
            ("2026-09-10", True, "open"),
            ("2026-10-19", True, "open"),
            ("2026-10-20", True, "met"),
        ],
    )
    def test_the_filing_duty_goes_through_its_life(self, on, is_confirmed, state):
        duty = asked(self.facts, day(on))["frm-15-initial"]
        assert (duty.is_confirmed, duty.state, duty.due) == (is_confirmed, state, day("2026-10-22"))

    def test_acceptance_and_number_come_with_their_day(self):
        assert "N1" not in asked(self.facts, day("2026-11-01"))["frm-15-initial"].why.en
        assert "N1" in asked(self.facts, day("2026-11-02"))["frm-15-initial"].why.en

    def test_before_the_measures_were_in_force_nothing_is_due(self):
        early = pip(("2025-03-01", 120_000))
        assert "frm-15-transition" not in asked(early, day("2025-05-31"))
        assert asked(early, day("2025-06-01"))["frm-15-transition"].due == day("2025-07-14")


def test_a_date_in_an_unannounced_year_is_provisional_until_its_notice_is_loaded():
    facts = pip(("2026-12-21", 100_000))
    duty = asked(facts)["frm-15-initial"]
    assert (duty.due, duty.safe, duty.provisional) == (day("2027-02-02"), day("2027-01-29"), True)
    notice = notice_from_dict(
        {"year": 2027, "title": "x", "days_off": ["2027-01-01"], "makeup_workdays": ["2027-01-31"]}
    )
    firm = asked(facts, calendar=CALENDAR.with_notice(notice))["frm-15-initial"]
    assert (firm.due, firm.provisional) == (day("2027-02-01"), False)


def test_asking_twice_gives_the_same_duties_in_the_order_of_the_rules():
    facts = pip(("2026-09-04", 101_259))
    assert duties(facts, CALENDAR) == duties(facts, CALENDAR)
    order = [each.id for each in RULES]
    found = [order.index(duty.rule) for duty in duties(facts, CALENDAR)]
    assert found == sorted(found)


def test_a_rule_is_found_by_its_id_and_no_two_share_one():
    assert rule_by_id("frm-15-initial").obligation == ("FR-15a",)
    with pytest.raises(KeyError):
        rule_by_id("frm-99")
    with pytest.raises(ValueError, match="frm-15-initial"):
        rule("frm-15-initial", cites=[], layer="law", title=Text("", ""), kind="filing")(
            lambda facts, calendar: iter(())
        )

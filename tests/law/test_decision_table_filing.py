"""LAW.md 7.4, the decision table of the filing duty: every row, and what moves a case from one row to another."""

from dataclasses import replace
from datetime import date

import pytest

from portal.law.engine import duties
from portal.law.facts import BelowReview, Count, Crossing, FilingFacts, PipFacts, ScenarioFacts
from portal.law.text import Text
from portal.law.workdays import Workdays

CALENDAR = Workdays.official()
INITIAL, TRANSITION, CONFIRM = "frm-15-initial", "frm-15-transition", "frm-15-confirm-count"
WARNING, BELOW, CANCEL = "frm-15-warning", "default-below-threshold", "frm-15-cancel"
TABLE = {INITIAL, TRANSITION, CONFIRM, WARNING, BELOW, CANCEL}


def day(text):
    return date.fromisoformat(text)


def pip(*counts, ended_on=None, in_scope=True, **more):
    """A PIP with one scenario; each count is a day and the persons stored on it."""
    gate = ScenarioFacts("GATE", in_scope=in_scope, started_on=day("2025-01-10"), ended_on=ended_on and day(ended_on))
    numbers = tuple(Count(day(on), "GATE", None, persons) for on, persons in counts)
    return PipFacts(uscc="91110105MA01FRA15K", scenarios=(gate,), counts=numbers, **more)


def filed(on="2026-08-10", state="accepted"):
    return (FilingFacts("FIL-1", "initial", state, day(on), day("2026-09-01"), "N1"),)


def reviewed(decision, decided_on="2026-07-25", below_on="2026-07-20"):
    return (BelowReview(day(below_on), day(decided_on), decision),)


def confirmed(on, proposed_on=None, confirmed_on="2026-09-10", supersedes=None):
    return Crossing(day(on), 101_000, "by member id", day(confirmed_on), proposed_on and day(proposed_on), supersedes)


def status(facts, on=None):
    """State and due day of each duty of the table."""
    found = {duty.rule: duty for duty in duties(facts, CALENDAR, on) if duty.rule in TABLE}
    return {rule: (duty.state, duty.due and duty.due.isoformat()) for rule, duty in found.items()}


def duty_of(facts, rule, on=None):
    return next(duty for duty in duties(facts, CALENDAR, on) if duty.rule == rule)


REACHED = ("2026-07-01", 100_000)
FALLEN = ("2026-07-20", 61_000)


@pytest.mark.parametrize(
    ("row", "facts", "expected"),
    [
        ("1 not in scope, any number: not required", pip(("2026-07-01", 900_000), in_scope=False), {}),
        ("2 in scope, below 80,000: monitoring", pip(("2026-07-01", 79_999)), {}),
        ("3 in scope, from 80,000: warning", pip(("2026-07-01", 80_000)), {WARNING: ("open", None)}),
        ("3 in scope, up to 99,999: warning", pip(("2026-07-01", 99_999)), {WARNING: ("open", None)}),
        (
            "4 reached before 1 June 2025: due on 14 July 2025",
            pip(("2025-05-31", 100_000)),
            {TRANSITION: ("open", "2025-07-14"), CONFIRM: ("open", None)},
        ),
        (
            "5 reached on 1 June 2025: 30 working days",
            pip(("2025-06-01", 100_000)),
            {INITIAL: ("open", "2025-07-14"), CONFIRM: ("open", None)},
        ),
        (
            "5 reached later: 30 working days",
            pip(REACHED),
            {INITIAL: ("open", "2026-08-12"), CONFIRM: ("open", None)},
        ),
        (
            "6 fewer now, not filed: the duty stays open, counsel reviews",
            pip(REACHED, FALLEN),
            {INITIAL: ("open", "2026-08-12"), CONFIRM: ("open", None), BELOW: ("open", None)},
        ),
        (
            "6 the same under the transitional rule",
            pip(("2025-03-01", 100_000), ("2025-09-01", 5)),
            {TRANSITION: ("open", "2025-07-14"), CONFIRM: ("open", None), BELOW: ("open", None)},
        ),
        (
            "7 fewer now, filed: ask whether a change is filed",
            pip(REACHED, FALLEN, filings=filed()),
            {INITIAL: ("met", "2026-08-12"), CONFIRM: ("open", None), BELOW: ("open", None)},
        ),
        (
            "8 ended and filed: cancelled within 30 working days of the end",
            pip(REACHED, ended_on="2026-09-04", filings=filed()),
            {INITIAL: ("met", "2026-08-12"), CONFIRM: ("open", None), CANCEL: ("open", "2026-10-22")},
        ),
        (
            "8 ended and filed, fewer stored: both",
            pip(REACHED, FALLEN, ended_on="2026-09-04", filings=filed()),
            {
                INITIAL: ("met", "2026-08-12"),
                CONFIRM: ("open", None),
                BELOW: ("open", None),
                CANCEL: ("open", "2026-10-22"),
            },
        ),
        (
            "ended, never filed: the end meets nothing",
            pip(REACHED, ended_on="2026-09-04"),
            {INITIAL: ("open", "2026-08-12"), CONFIRM: ("open", None)},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_row_of_the_table(row, facts, expected):
    assert status(facts) == expected


class TestTransition:
    def test_reached_before_and_fallen_before_the_measures_is_nothing(self):
        assert status(pip(("2025-02-01", 120_000), ("2025-05-31", 70_000))) == {}

    def test_reached_before_fallen_before_and_reached_again_counts_from_the_second_day(self):
        facts = pip(("2025-02-01", 120_000), ("2025-05-01", 70_000), ("2026-07-01", 100_000))
        assert status(facts)[INITIAL] == ("open", "2026-08-12")
        assert TRANSITION not in status(facts)

    def test_count_entered_late_can_turn_the_duty_into_a_transitional_one(self):
        facts = pip(("2025-05-20", 100_100), REACHED)
        assert status(facts)[TRANSITION] == ("open", "2025-07-14")
        assert INITIAL not in status(facts)


class TestLateCountsAndCorrections:
    """Counts that come after the confirmation: the frozen crossing holds, what they say is shown and not lost."""

    frozen = confirmed("2026-09-04", proposed_on="2026-09-04")

    def test_nothing_new_leaves_the_confirmation_alone(self):
        facts = pip(("2026-09-04", 101_000), confirmed_crossing=self.frozen)
        assert status(facts) == {INITIAL: ("open", "2026-10-22"), CONFIRM: ("met", None)}

    def test_earlier_late_count_runs_the_period_from_the_earlier_day(self):
        facts = pip(("2026-08-10", 100_001), ("2026-09-04", 101_000), confirmed_crossing=self.frozen)
        assert status(facts) == {INITIAL: ("open", "2026-09-20"), CONFIRM: ("open", None)}
        duty = duty_of(facts, INITIAL)
        assert (duty.is_confirmed, duty.needs_review) == (False, True)
        assert "4 September 2026 was confirmed; counts entered since say 10 August 2026" in duty.why.en
        assert "已确认2026年9月4日达到；此后登记的人数显示为2026年8月10日" in duty.why.zh

    def test_filing_that_the_earlier_day_makes_late_is_called_late(self):
        facts = pip(("2026-09-04", 101_000), confirmed_crossing=self.frozen, filings=filed("2026-10-09"))
        assert "after the last day" not in duty_of(facts, INITIAL).why.en
        late = replace(facts, counts=(*facts.counts, Count(day("2026-08-10"), "GATE", None, 100_001)))
        assert status(late)[INITIAL] == ("met", "2026-09-20")
        assert duty_of(late, INITIAL).why.en.endswith("That was after the last day, 20 September 2026.")

    def test_correction_to_a_later_day_releases_nothing_by_itself(self):
        facts = pip(("2026-09-04", 99_000), ("2026-09-20", 101_000), confirmed_crossing=self.frozen)
        assert status(facts) == {INITIAL: ("open", "2026-10-22"), CONFIRM: ("open", None)}
        duty = duty_of(facts, INITIAL)
        assert duty.is_confirmed and duty.needs_review
        assert "The period stays with the confirmed day" in duty.why.en

    def test_correction_below_the_number_on_every_day_releases_nothing_by_itself(self):
        facts = pip(("2026-09-04", 99_000), confirmed_crossing=self.frozen)
        assert status(facts) == {INITIAL: ("open", "2026-10-22"), CONFIRM: ("open", None), BELOW: ("open", None)}
        assert "no longer reach 100,000 on any day" in duty_of(facts, CONFIRM).why.en

    def test_scenario_put_out_of_scope_after_the_confirmation_is_seen(self):
        facts = pip(("2026-09-04", 101_000), in_scope=False, confirmed_crossing=self.frozen)
        assert status(facts)[INITIAL] == ("open", "2026-10-22")
        assert status(facts)[CONFIRM] == ("open", None)

    @pytest.mark.parametrize(
        ("case", "noted", "due"),
        [
            ("the earlier day holds", "2026-08-10", "2026-09-20"),
            ("the confirmed day holds", "2026-09-04", "2026-10-22"),
        ],
    )
    def test_note_settles_which_day_holds(self, case, noted, due):
        note = confirmed(noted, "2026-08-10", confirmed_on="2026-09-30", supersedes=self.frozen)
        facts = pip(("2026-08-10", 100_001), ("2026-09-04", 101_000), confirmed_crossing=note)
        assert status(facts) == {INITIAL: ("open", due), CONFIRM: ("met", None)}
        assert duty_of(facts, INITIAL).is_confirmed

    def test_before_the_note_the_law_sees_what_was_confirmed_then(self):
        note = confirmed("2026-08-10", "2026-08-10", confirmed_on="2026-09-30", supersedes=self.frozen)
        facts = pip(("2026-09-04", 101_000), confirmed_crossing=note)
        assert duty_of(facts, INITIAL, day("2026-09-29")).arose_on == day("2026-09-04")
        assert duty_of(facts, INITIAL, day("2026-09-30")).arose_on == day("2026-08-10")
        assert not duty_of(facts, INITIAL, day("2026-09-09")).is_confirmed

    def test_later_day_confirmed_with_its_reason_is_not_news(self):
        later = confirmed("2026-09-11", proposed_on="2026-09-04")
        facts = pip(("2026-09-04", 101_000), confirmed_crossing=later)
        assert status(facts) == {INITIAL: ("open", "2026-10-29"), CONFIRM: ("met", None)}


class TestDrops:
    """A fall below the number is decided by counsel, never by the number."""

    def test_undecided_fall_needs_review_on_both_duties(self):
        facts = pip(REACHED, FALLEN)
        assert duty_of(facts, INITIAL).needs_review and duty_of(facts, BELOW).needs_review
        assert duty_of(facts, BELOW).arose_on == day("2026-07-20")
        assert not duty_of(facts, BELOW).is_waivable
        assert duty_of(facts, BELOW).layer == "default"

    def test_counsel_who_lets_the_duty_stay_ends_the_review_only(self):
        facts = pip(REACHED, FALLEN, below_reviews=reviewed("stays"))
        assert status(facts)[INITIAL] == ("open", "2026-08-12")
        assert status(facts)[BELOW] == ("met", None)
        assert not duty_of(facts, INITIAL).needs_review
        assert "Counsel decided on 25 July 2026: the duty stays." in duty_of(facts, INITIAL).why.en

    def test_counsel_who_holds_it_ended_makes_it_not_required_by_name_and_day(self):
        facts = pip(REACHED, FALLEN, below_reviews=reviewed("ended"))
        assert status(facts) == {INITIAL: ("not_required", "2026-08-12"), BELOW: ("met", None)}
        assert "义务已因人数回落而终止" in duty_of(facts, INITIAL).why.zh

    def test_before_the_decision_the_duty_was_open(self):
        facts = pip(REACHED, FALLEN, below_reviews=reviewed("ended"))
        assert status(facts, day("2026-07-24"))[INITIAL] == ("open", "2026-08-12")

    def test_filed_all_the_same_stays_filed(self):
        facts = pip(REACHED, FALLEN, filings=filed(), below_reviews=reviewed("change"))
        assert status(facts)[INITIAL] == ("met", "2026-08-12")
        assert status(facts)[BELOW] == ("met", None)

    def test_question_after_filing_is_about_a_change(self):
        assert "substantial change" in duty_of(pip(REACHED, FALLEN, filings=filed()), BELOW).why.en

    def test_decision_on_one_fall_says_nothing_of_the_next(self):
        facts = pip(REACHED, FALLEN, ("2026-08-01", 104_000), ("2026-09-01", 70_000), below_reviews=reviewed("stays"))
        assert status(facts)[BELOW] == ("open", None)
        assert duty_of(facts, BELOW).arose_on == day("2026-09-01")

    def test_number_that_comes_back_takes_the_question_away(self):
        facts = pip(REACHED, FALLEN, ("2026-08-01", 104_000))
        assert BELOW not in status(facts)
        assert status(facts)[INITIAL] == ("open", "2026-08-12")

    def test_warning_comes_again_once_the_duty_is_held_to_be_ended(self):
        facts = pip(REACHED, ("2026-07-20", 85_000), below_reviews=reviewed("ended"))
        assert status(facts)[WARNING] == ("open", None)


class TestSeveralCrossings:
    twice = (REACHED, FALLEN, ("2026-09-04", 103_000))

    def test_first_day_governs_while_counsel_has_not_spoken(self):
        assert status(pip(*self.twice))[INITIAL] == ("open", "2026-08-12")

    def test_first_day_governs_when_counsel_let_the_duty_stay(self):
        assert status(pip(*self.twice, below_reviews=reviewed("stays")))[INITIAL] == ("open", "2026-08-12")

    def test_crossing_after_an_ended_duty_begins_a_new_period(self):
        facts = pip(*self.twice, below_reviews=reviewed("ended"))
        assert status(facts) == {INITIAL: ("open", "2026-10-22"), CONFIRM: ("open", None)}
        assert not duty_of(facts, INITIAL).is_confirmed

    def test_new_period_is_confirmed_by_a_note(self):
        first = confirmed("2026-07-01", "2026-07-01", confirmed_on="2026-07-02")
        note = confirmed("2026-09-04", "2026-09-04", confirmed_on="2026-09-05", supersedes=first)
        facts = pip(*self.twice, below_reviews=reviewed("ended"), confirmed_crossing=note)
        assert status(facts) == {INITIAL: ("open", "2026-10-22"), CONFIRM: ("met", None)}
        assert status(facts, day("2026-08-30"))[INITIAL] == ("not_required", "2026-08-12")


def test_steps_that_a_tenant_sets_replace_the_portals():
    facts = pip(("2026-07-01", 71_000))
    assert status(facts) == {}
    mine = replace(facts, warning_steps=(70, 99))
    assert status(mine) == {WARNING: ("open", None)}
    assert duty_of(mine, WARNING).step == 70
    assert status(replace(pip(("2026-07-01", 85_000)), warning_steps=(99,))) == {}


def test_every_row_cites_its_article_and_says_what_is_not_law():
    by_rule = {
        duty.rule: duty
        for facts in (pip(REACHED, FALLEN), pip(("2026-07-01", 80_000)), pip(("2025-05-31", 100_000)))
        for duty in duties(facts, CALENDAR)
    }
    for rule in (INITIAL, TRANSITION, CONFIRM, WARNING, BELOW):
        assert "FRM-15" in [cite.key for cite in by_rule[rule].cites]
    assert {by_rule[rule].layer for rule in (CONFIRM, WARNING, BELOW)} == {"default"}
    assert {by_rule[rule].layer for rule in (INITIAL, TRANSITION)} == {"law"}
    assert isinstance(by_rule[BELOW].remedy, Text)

"""How many persons are stored on each day, and the crossing that the counts propose."""

import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.law.facts import Count, DeploymentFacts, PipFacts, ScenarioFacts
from portal.law.meter import Total, crossing, fell_on, latest, readings, series, share, thinned, together
from portal.law.threshold import THRESHOLD

SAMPLE = Path(__file__).parents[2] / "samples" / "airports-counts.xlsx"
GROUP, SOUTH, WEST = "91110105MA01FRA15K", "91440101MA5CFRB29Q", "91510107MA6CFRC35A"


def day(text):
    return date.fromisoformat(text)


def count(on, deployment, persons, scenario="GATE"):
    return Count(on=day(on), scenario=scenario, deployment=deployment, persons=persons)


def pip(*counts, deployments=(), scenarios=("GATE", "SHOP"), **more):
    return PipFacts(
        uscc=GROUP,
        scenarios=tuple(ScenarioFacts(code) for code in scenarios),
        deployments=tuple(deployments),
        counts=counts,
        **more,
    )


def highs(facts):
    return [(total.on.isoformat(), total.high) for total in series(facts)]


@pytest.fixture(scope="module")
def sample_pips():
    """The facts of the three PIPs as the sample file has them."""
    book = openpyxl.load_workbook(SAMPLE)
    rows = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    counts = defaultdict(list)
    for uscc, scenario, deployment, on, persons, method in rows:
        counted_on = date(*map(int, str(on).split("/")))
        counts[uscc].append(Count(counted_on, scenario, deployment, int(str(persons).replace(",", "")), method=method))
    return {
        uscc: PipFacts(uscc=uscc, scenarios=(ScenarioFacts("BOARDING"),), counts=tuple(found))
        for uscc, found in counts.items()
    }


class TestSampleFile:
    def test_the_group_reaches_the_threshold_in_september(self, sample_pips):
        found = crossing(sample_pips[GROUP])
        assert (found.on, found.persons, found.before) == (day("2026-09-04"), 101_259, False)
        assert sum(each.persons for each in found.counts) == 101_259

    def test_the_western_company_reaches_it_in_october(self, sample_pips):
        found = crossing(sample_pips[WEST])
        assert (found.on, found.persons) == (day("2026-10-04"), 100_718)

    def test_the_southern_company_stays_below(self, sample_pips):
        assert crossing(sample_pips[SOUTH]) is None
        assert series(sample_pips[SOUTH])[-1].high == 49_112


def test_the_newest_number_of_each_deployment_counts():
    facts = pip(count("2026-07-01", "A", 10), count("2026-07-01", "B", 5), count("2026-08-01", "A", 30))
    assert highs(facts) == [("2026-07-01", 15), ("2026-08-01", 35)]


def test_the_whole_scenarios_number_replaces_the_sum_of_its_deployments():
    facts = pip(
        count("2026-07-01", "A", 10),
        count("2026-07-02", "B", 5),
        count("2026-07-03", None, 12),
        count("2026-07-04", "A", 900),
    )
    assert highs(facts)[-2:] == [("2026-07-03", 12), ("2026-07-04", 12)]


def test_scenarios_are_summed():
    assert highs(pip(count("2026-07-01", "A", 10), count("2026-07-02", None, 7, "SHOP")))[-1] == ("2026-07-02", 17)


def test_a_scenario_out_of_scope_does_not_count():
    facts = PipFacts(
        uscc=GROUP,
        scenarios=(ScenarioFacts("GATE"), ScenarioFacts("LAB", in_scope=False)),
        counts=(count("2026-07-01", "A", 10), count("2026-07-02", None, 500_000, "LAB")),
    )
    assert highs(facts) == [("2026-07-01", 10)]
    assert crossing(facts) is None


def test_an_ended_deployment_counts_until_its_disposal_is_proved():
    ended = DeploymentFacts("A", "GATE", status="disposed", ended_on=day("2026-07-10"), disposed_on=day("2026-08-01"))
    facts = pip(count("2026-07-01", "A", 10), count("2026-07-01", "B", 5), deployments=[ended])
    assert latest(facts, day("2026-07-31")).high == 15
    assert latest(facts, day("2026-08-01")).high == 5


def test_overlap_lowers_low_and_best_but_never_high():
    facts = pip(
        count("2026-07-01", "A", 60),
        count("2026-07-01", "B", 41),
        overlap_best_percent=10,
        overlap_most_percent=30,
    )
    total = series(facts)[-1]
    assert (total.low, total.best, total.high) == (71, 91, 101)


def test_overlap_never_takes_the_total_below_the_largest_single_number():
    facts = pip(count("2026-07-01", "A", 95), count("2026-07-01", "B", 5), overlap_most_percent=50)
    assert series(facts)[-1].low == 95
    fallen = pip(
        count("2026-07-01", "A", 95),
        count("2026-07-01", "B", 5),
        count("2026-08-01", "A", 5),
        overlap_most_percent=50,
    )
    assert series(fallen)[-1].low == 5


@pytest.mark.parametrize(
    ("persons", "is_reached"), [(99_999, False), (100_000, True), (100_001, True)], ids=["below", "exactly", "above"]
)
def test_the_number_itself_reaches_the_threshold(persons, is_reached):
    assert (crossing(pip(count("2026-07-01", None, persons))) is not None) == is_reached


def test_the_crossing_is_the_first_day_even_if_the_total_falls_later():
    facts = pip(count("2026-07-01", None, 100_000), count("2026-08-01", None, 3), count("2026-09-01", None, 200_000))
    assert crossing(facts).on == day("2026-07-01")


def test_a_late_count_with_an_earlier_date_moves_the_crossing_back():
    later = count("2026-08-01", None, 100_000)
    assert crossing(pip(later)).on == day("2026-08-01")
    assert crossing(pip(later, count("2026-07-01", None, 100_000))).on == day("2026-07-01")


def test_a_total_that_stood_when_the_measures_came_into_force_is_transitional():
    found = crossing(pip(count("2025-03-01", None, 120_000)))
    assert (found.on, found.before) == (day("2025-03-01"), True)
    assert not crossing(pip(count("2025-06-01", None, 120_000))).before


def test_a_total_that_fell_before_the_measures_came_into_force_is_passed_over():
    facts = pip(count("2024-03-01", None, 120_000), count("2025-05-31", None, 50), count("2026-01-05", None, 130_000))
    found = crossing(facts)
    assert (found.on, found.before) == (day("2026-01-05"), False)


def test_another_threshold_may_be_asked_for():
    assert crossing(pip(count("2026-07-01", None, 60)), threshold=50).persons == 60


def test_crossing_after_a_day_is_the_next_one():
    facts = pip(count("2026-07-01", None, 100_000), count("2026-08-01", None, 3), count("2026-09-01", None, 200_000))
    assert crossing(facts, after=day("2026-08-01")).on == day("2026-09-01")
    assert crossing(facts, after=day("2026-09-01")) is None


@pytest.mark.parametrize(
    ("counts", "since"),
    [
        ([], None),
        ([("2026-07-01", 100_000)], None),
        ([("2026-07-01", 5)], "2026-07-01"),
        ([("2026-07-01", 100_000), ("2026-07-20", 99_999), ("2026-08-01", 3)], "2026-07-20"),
        ([("2026-07-01", 5), ("2026-07-20", 100_000), ("2026-08-01", 3)], "2026-08-01"),
        ([("2026-07-01", 5), ("2026-07-20", 100_000)], None),
    ],
)
def test_the_day_since_which_the_total_is_below(counts, since):
    assert fell_on(pip(*(count(on, None, persons) for on, persons in counts))) == (since and day(since))


def test_a_month_of_counting_is_one_reading_whatever_the_days_of_its_places():
    days = [(month, place) for month in range(1, 7) for place in (1, 3, 6)]
    facts = pip(*(count(f"2026-0{month}-0{place}", f"D{place}", 100 * month) for month, place in days))
    assert readings(facts) == tuple((day(f"2026-0{month}-06"), 300 * month) for month in range(1, 7))


def test_weekly_counts_are_read_by_the_week_and_two_years_of_them_at_most():
    weeks = [day("2023-01-02") + timedelta(days=7 * week) for week in range(150)]
    found = readings(pip(*(Count(on, "GATE", None, 10 + week) for week, on in enumerate(weeks))))
    assert len(found) == 104 and found[-1] == (weeks[-1], 159)


def test_many_totals_are_thinned_to_months_without_losing_the_crossing():
    totals = [Total(day("2024-01-01") + timedelta(days=number), number, number, number) for number in range(400)]
    found = thinned(totals, keep=day("2024-03-07"))
    assert len(found) == 15 and totals[-1] in found
    assert day("2024-03-07") in [total.on for total in found]
    assert thinned(totals[:60]) == tuple(totals[:60])


def test_pips_together_are_summed_day_by_day():
    one = [Total(day("2026-07-01"), 50, 60, 70), Total(day("2026-08-01"), 80, 90, 100)]
    other = [Total(day("2026-07-15"), 10, 10, 10)]
    assert together([one, other]) == (
        Total(day("2026-07-01"), 50, 60, 70),
        Total(day("2026-07-15"), 60, 70, 80),
        Total(day("2026-08-01"), 90, 100, 110),
    )


def test_pips_together_never_hold_fewer_than_the_largest_of_them():
    one, other = [Total(day("2026-07-01"), 80, 90, 100)], [Total(day("2026-07-01"), 10, 20, 30)]
    assert together([one, other], 5, 20) == (Total(day("2026-07-01"), 80, 105, 130),)
    assert together([one, other], 90, 95) == (Total(day("2026-07-01"), 80, 90, 130),)
    assert together([]) == ()


def test_before_the_first_count_nothing_is_stored():
    assert latest(pip(count("2026-07-01", None, 60)), day("2026-06-30")).high == 0
    assert series(pip()) == ()


def test_the_share_never_rounds_up_to_the_threshold():
    below = series(pip(count("2026-07-01", None, 99_999)))[-1]
    assert share(below) == 99.9
    assert share(series(pip(count("2026-07-01", None, 100_000)))[-1]) == 100.0


STEPS = st.lists(
    st.tuples(
        st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        st.sampled_from(["GATE", "SHOP"]),
        st.sampled_from([None, "A", "B", "C"]),
        st.integers(0, 90_000),
    ),
    unique_by=lambda step: step[:3],
    max_size=25,
)


@given(STEPS, st.integers(0, 40), st.integers(0, 40))
@settings(database=None, deadline=None, max_examples=150)
def test_the_walk_agrees_with_adding_up_each_day_anew(steps, best, most):
    counts = [Count(*step) for step in steps]
    facts = PipFacts(
        "U",
        scenarios=(ScenarioFacts("GATE"), ScenarioFacts("SHOP")),
        counts=tuple(counts),
        overlap_best_percent=best,
        overlap_most_percent=most,
    )
    for total in series(facts):
        newest = {}
        for each in sorted(counts, key=lambda found: found.on):
            if each.on <= total.on:
                newest[each.scenario, each.deployment] = each.persons
        whole = {scenario for scenario, deployment in newest if deployment is None}
        used = [persons for (code, deployment), persons in newest.items() if code not in whole or deployment is None]
        assert total.high == sum(used)
        assert total.low <= total.best <= total.high
        if best or most:
            assert total.low >= max(used)


def test_a_hundred_thousand_counts_end_at_the_sum_of_the_newest():
    draw = random.Random(7)
    counts = tuple(
        Count(date.fromordinal(739_400 + draw.randrange(400)), "GATE", f"D{n % 2_000}", draw.randrange(120))
        for n in range(100_000)
    )
    facts = PipFacts("U", scenarios=(ScenarioFacts("GATE"),), counts=counts, overlap_most_percent=10)
    newest = {each.deployment: each.persons for each in sorted(counts, key=lambda found: found.on)}
    assert series(facts)[-1].high == sum(newest.values())
    assert crossing(facts).persons >= THRESHOLD > series(facts)[0].high

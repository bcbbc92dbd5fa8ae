"""Counts, corrections, overlap, and the crossing that a person confirms."""

from datetime import date

import pytest
from django.db import Error, connection, transaction
from django.forms import ValidationError

from deployments import services
from deployments.facts import register_facts
from deployments.models import PersonCount, ThresholdCrossing
from portal.law.meter import counts_on, latest
from portal.workflow import CaseError
from tests import build

SEPTEMBER = date(2026, 9, 1)
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def scenario(house):
    return build.scenario(house.pip)


def enter(house, scenario, persons, on=SEPTEMBER, **fields):
    return services.enter_count(
        scenario, counted_on=on, persons=persons, by=house.people["officer"], today=date(2026, 10, 12), **fields
    )


def confirm(house, on, today=date(2026, 10, 12)):
    return services.confirm_crossing(
        house.pip, crossed_on=on, method="by ID hash", reason="counts agree", by=house.people["officer"], today=today
    )


def test_second_number_of_a_day_corrects_the_first(house, scenario):
    first = enter(house, scenario, 1000)
    second = enter(house, scenario, 900)
    third = enter(house, scenario, 950)
    assert (second.corrects, third.corrects) == (first, second)
    assert PersonCount.objects.current().get() == third


def test_same_number_twice_is_one_row(house, scenario):
    assert enter(house, scenario, 1000) == enter(house, scenario, 1000)
    assert PersonCount.objects.count() == 1


def test_numbers_of_scenario_and_deployment_do_not_correct_each_other(house, scenario):
    place = build.deployment(house.pip, scenario=scenario)
    enter(house, scenario, 1000)
    assert enter(house, scenario, 700, deployment=place).corrects is None


def test_count_of_a_coming_day_is_refused(house, scenario):
    with pytest.raises(ValidationError, match="future"):
        enter(house, scenario, 1000, on=date(2026, 10, 13))


def test_deployment_of_another_scenario_is_refused(house, scenario):
    place = build.deployment(house.pip, scenario=build.scenario(house.pip, "LOUNGE"))
    with pytest.raises(ValidationError, match="another scenario"):
        enter(house, scenario, 1000, deployment=place)


def test_counts_can_be_neither_changed_nor_deleted(house, scenario):
    count = enter(house, scenario, 1000)
    for statement in ("UPDATE deployments_personcount SET persons = 1", "DELETE FROM deployments_personcount"):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert PersonCount.objects.get().persons == count.persons


def test_overlap_is_one_row_that_changes(house):
    services.set_overlap(house.pip, best_percent=5, most_percent=20, reasoning="members of two clubs")
    services.set_overlap(house.pip, best_percent=6, most_percent=20, reasoning="members of two clubs")
    assert house.pip.overlap_estimates.get().best_percent == 6


def test_likely_overlap_above_the_largest_is_refused(house):
    with pytest.raises(ValidationError, match="can't exceed"):
        services.set_overlap(house.pip, best_percent=30, most_percent=20, reasoning="x")


def test_crossing_freezes_the_counts_behind_it(house, scenario):
    count = enter(house, scenario, 100_000, dedup_method="member id")
    crossing = confirm(house, SEPTEMBER)
    assert (crossing.persons, crossing.proposed_on, crossing.confirmed_on) == (
        100_000,
        SEPTEMBER,
        date(2026, 10, 12),
    )
    frozen = crossing.snapshot
    assert frozen["total"] == {"low": 100_000, "best": 100_000, "high": 100_000}
    assert [(row["id"], row["persons"], row["method"]) for row in frozen["counts"]] == [
        (count.pk, 100_000, "member id")
    ]
    assert frozen["calendar"] and frozen["law"]["article"] == "15"


def test_one_person_short_of_100000_is_nothing_to_confirm(house, scenario):
    enter(house, scenario, 99_999)
    with pytest.raises(CaseError, match="nothing to confirm"):
        confirm(house, SEPTEMBER)


def test_day_below_100000_cannot_be_confirmed(house, scenario):
    enter(house, scenario, 60_000)
    enter(house, scenario, 100_500, on=OCTOBER)
    with pytest.raises(ValidationError, match="60,000 persons were stored.*2026-10-01"):
        confirm(house, date(2026, 9, 30))
    assert not ThresholdCrossing.objects.exists()


def test_day_to_come_cannot_be_confirmed(house, scenario):
    enter(house, scenario, 100_500)
    with pytest.raises(ValidationError, match="future"):
        confirm(house, date(2026, 10, 13))


def test_crossing_is_confirmed_once(house, scenario):
    enter(house, scenario, 100_500)
    confirm(house, SEPTEMBER)
    with pytest.raises(CaseError, match="already"):
        confirm(house, OCTOBER)


def test_later_day_freezes_the_counts_of_that_day(house, scenario):
    enter(house, scenario, 100_500)
    enter(house, scenario, 120_000, on=OCTOBER)
    assert [row["persons"] for row in confirm(house, OCTOBER).snapshot["counts"]] == [120_000]


def test_counts_behind_a_total_add_up_on_every_day(house):
    gate, lounge = build.scenario(house.pip), build.scenario(house.pip, "LOUNGE")
    idle = build.scenario(house.pip, "IDLE", scope="out_rnd", scope_reason="training")
    places = [build.deployment(house.pip, f"D{n}", scenario=gate) for n in range(3)]
    ended = build.deployment(
        house.pip, "D9", scenario=gate, status="disposed", ended_on=date(2026, 8, 1), disposed_on=date(2026, 9, 5)
    )
    for n, place in enumerate([*places, ended]):
        build.count(place, 1000 + n, on=date(2026, 9, 1 + n))
        build.count(place, 2000 + n, on=date(2026, 9, 20 - n))
    build.count(lounge, 500, on=date(2026, 9, 3))
    build.count(idle, 9000, on=date(2026, 9, 3))
    build.count(build.deployment(house.pip, "L1", scenario=lounge), 77, on=date(2026, 9, 2))
    facts = register_facts(house.pip, {})
    for day in range(1, 31):
        on = date(2026, 9, day)
        assert sum(count.persons for count in counts_on(facts, on)) == latest(facts, on).high

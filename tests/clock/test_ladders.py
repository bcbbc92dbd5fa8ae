"""A workspace's own ladder: bounded, sorted, at once for what is open, and never a second time on a day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.clock.handing import hand_on
from portal.clock.ladders import set_ladder
from portal.clock.models import Ladder
from portal.clock.reminders import ladder_days
from portal.clock.rungs import ladder
from portal.obligations.models import Reminder
from tests.clock.conftest import LAW, PRACTICE, duty

AIM = date(2026, 11, 20)


def planned(row) -> dict[str, date]:
    return dict(row.reminders.filter(state="planned").values_list("rung", "send_on"))


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ([5, 0, 20, 5], [20, 5, 0]),
        ([0], [0]),
        ([60], [60]),
        ([3, 2, 1], [3, 2, 1]),
        (range(3), [2, 1, 0]),
    ],
)
def test_ladder_is_sorted_and_each_day_counted_once(house, today, days, kept):
    assert set_ladder(days, escalate_after=2, today=today) == kept
    assert ladder_days() == kept


@pytest.mark.parametrize("days", [[], [61], [-1], range(11)])
def test_ladder_is_bounded(house, today, days):
    with pytest.raises(ValidationError):
        set_ladder(days, escalate_after=2, today=today)
    assert not Ladder.objects.exists()


@pytest.mark.parametrize("after", [0, 11])
def test_days_of_escalation_are_bounded(house, today, after):
    with pytest.raises(ValidationError):
        set_ladder([5], escalate_after=after, today=today)


def test_the_portals_own_ladder_is_no_row(house, today):
    set_ladder([7], escalate_after=3, today=today)
    set_ladder([20, 10, 5, 3, 1, 0], escalate_after=2, today=today)
    assert not Ladder.objects.exists()
    assert ladder_days() == [20, 10, 5, 3, 1, 0]


@pytest.mark.parametrize(
    ("safe_on", "sends"),
    [
        (date(2026, 10, 16), {"1": "2026-10-15", "0": "2026-10-16"}),  # Friday
        (date(2026, 10, 17), {"1": "2026-10-16", "0": "2026-10-16"}),  # Saturday
        (date(2026, 10, 10), {"1": "2026-10-09", "0": "2026-10-10"}),  # a Saturday of make-up work
        (date(2026, 10, 5), {"1": "2026-09-30", "0": "2026-09-30"}),  # in the National Day
    ],
)
def test_rungs_fall_on_working_days_and_never_after_the_date(safe_on, sends):
    found = dict(ladder(safe_on, date(2026, 9, 1), [1, 0]))
    assert {rung: str(found[rung]) for rung in sends} == sends


def test_open_duties_get_the_new_rungs_and_lose_the_old_ones_with_the_reason(house, today):
    law, practice = duty(house, LAW, AIM, today=today), duty(house, PRACTICE, AIM, today=today)
    set_ladder([15, 5, 2], escalate_after=2, today=today)
    assert planned(law).keys() == {"opened", "15", "5", "2", "0"}
    assert planned(practice).keys() == {"opened", "15", "5", "2"}
    gone = law.reminders.filter(state="cancelled")
    assert set(gone.values_list("rung", "settled_why")) == {(rung, "ladder") for rung in ("20", "10", "3", "1")}
    set_ladder([20, 10, 5, 3, 1, 0], escalate_after=2, today=today)
    assert planned(law).keys() == planned(practice).keys() == {"opened", "20", "10", "5", "3", "1", "0"}


def test_new_duties_get_the_ladder_of_their_workspace(house, today):
    set_ladder([7], escalate_after=2, today=today)
    assert planned(duty(house, LAW, AIM, today=today)).keys() == {"opened", "7", "0"}
    assert planned(duty(house, PRACTICE, AIM, today=today)).keys() == {"opened", "7"}


def test_day_that_has_passed_is_not_made_up_and_none_is_told_twice(house, today):
    row = duty(house, LAW, date(2026, 10, 26), today=date(2026, 9, 1))
    assert row.reminders.get(rung="10").send_on == today
    assert hand_on(house.tenant, today=today) == 1
    set_ladder([11, 10, 9, 0], escalate_after=2, today=today)
    assert planned(row).keys() == {"9", "0"}
    assert hand_on(house.tenant, today=today) == 0
    set_ladder([10, 0], escalate_after=2, today=today)
    assert hand_on(house.tenant, today=today) == 0


def test_rung_that_went_out_is_not_planned_again_by_a_ladder_that_has_it_back(house, today):
    row = duty(house, LAW, date(2026, 10, 26), today=date(2026, 9, 1))
    hand_on(house.tenant, today=today)
    set_ladder([5], escalate_after=2, today=today)
    set_ladder([20, 10, 5, 3, 1, 0], escalate_after=2, today=today)
    assert planned(row).keys() == {"5", "3", "1", "0"}


def test_replanning_costs_the_same_for_three_duties_and_for_eight(house, today):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            set_ladder([len(Reminder.objects.all()) % 50 + 1], escalate_after=2, today=today)
        return len(queries)

    for number in range(3):
        duty(house, LAW, AIM, today=today, number=number)
    set_ladder([2], escalate_after=2, today=today)
    three = cost()
    for number in range(3, 8):
        duty(house, LAW, AIM, today=today, number=number)
    assert cost() == three


def test_other_workspaces_keep_their_ladder(house, stranger, today):
    with stranger.acting("officer"):
        other = duty(stranger, LAW, AIM, today=today)
    set_ladder([7], escalate_after=2, today=today)
    with stranger.acting("officer"):
        assert planned(other).keys() == {"opened", "20", "10", "5", "3", "1", "0"}

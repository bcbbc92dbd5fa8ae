"""The month calendar."""

from datetime import date

import pytest

from portal.calendars.clock import calendar
from portal.law.engine import RULES
from portal.obligations.models import Obligation
from tests.desk.test_work import duty, ending


def month(house, query="", role="officer"):
    answer = house.client(role).get(house.url(f"calendar/{query}"))
    assert answer.status_code == 200
    return answer


def day(answer, on):
    return next(one for week in answer.context["weeks"] for one in week if one.on == on)


def shown(answer, on):
    return [(one.label, one.is_due, one.number) for one in day(answer, on).entries]


def test_days_off_and_make_up_days_are_named_with_their_notice(house):
    answer = month(house, "?month=2026-10")
    national, makeup, plain = (day(answer, date(2026, 10, number)) for number in (1, 10, 12))
    assert (national.kind, makeup.kind, plain.kind) == ("day_off", "makeup", "working")
    assert "National Day" in national.why and "State Council notice for 2026" in makeup.why
    assert "is not published yet" not in answer.content.decode()


def test_duty_stands_on_its_safe_date_and_on_its_last_day(house):
    duty(house, 1, safe_on=date(2026, 11, 5), due_on=date(2026, 11, 6))
    answer = month(house, "?month=2026-11")
    title = Obligation.objects.get().title
    assert shown(answer, date(2026, 11, 5)) == [(title, False, 1)]
    assert shown(answer, date(2026, 11, 6)) == [(title, True, 1)]


def test_duties_of_one_rule_on_one_day_are_one_line(house):
    for number in range(9):
        duty(house, number, safe_on=date(2026, 11, 6), due_on=date(2026, 11, 6))
    assert [number for _, _, number in shown(month(house, "?month=2026-11"), date(2026, 11, 6))] == [9]


@pytest.mark.parametrize(("whose", "last", "safe"), [("mine", 3, 5), ("all", 4, 7)])
def test_line_of_many_leads_to_exactly_these(house, whose, last, safe):
    on, later = date(2026, 11, 6), date(2026, 11, 8)
    for number in range(3):
        duty(house, f"last{number}", safe_on=on, due_on=on)
        duty(house, f"safe{number}", safe_on=on, due_on=later)
        duty(house, f"other{number}", safe_on=later, due_on=later)
    for number in range(2):
        duty(house, f"far{number}", safe_on=on, due_on=date(2026, 11, 9))
        duty(house, f"theirs{number}", safe_on=on, due_on=later, assignee=house.people["operator"])
    duty(house, "his", safe_on=on, due_on=on, assignee=house.people["operator"])
    entries = day(month(house, f"?month=2026-11&whose={whose}"), on).entries
    assert [(one.is_due, one.number) for one in entries] == [(True, last), (False, safe)]
    for entry in entries:
        page = house.client("officer").get(entry.url)
        assert page.context["count"] == entry.number


def test_mine_leaves_out_what_is_somebody_elses_and_all_shows_it(house):
    duty(house, 1, safe_on=date(2026, 11, 6), due_on=date(2026, 11, 6), assignee=house.people["owner"])
    assert shown(month(house, "?month=2026-11"), date(2026, 11, 6)) == []
    assert len(shown(month(house, "?month=2026-11&whose=all"), date(2026, 11, 6))) == 1


def test_task_of_an_end_of_use_stands_on_its_day_and_a_missed_one_is_late(house):
    ending(house, owner=house.people["officer"], due_on=date(2026, 10, 9))
    (entry,) = day(month(house), date(2026, 10, 9)).entries
    assert entry.is_late and "END-2026-0001" in entry.label


def test_unannounced_year_says_so(house):
    text = month(house, "?month=2027-02").content.decode()
    assert "The State Council notice for 2027 is not published yet" in text


def test_provisional_date_says_so_on_both_days(house):
    duty(house, 1, safe_on=date(2027, 1, 5), due_on=date(2027, 1, 7), firmness="provisional")
    answer = month(house, "?month=2027-01")
    assert all(day(answer, date(2027, 1, number)).entries[0].is_provisional for number in (5, 7))


@pytest.mark.parametrize("text", ["", "?month=", "?month=x", "?month=2026-13", "?month=0001-01", "?month=9999-12"])
def test_month_that_is_none_shows_this_one(house, text):
    assert month(house, text).context["first"] == date(2026, 10, 1)


def test_months_lead_to_each_other_over_new_year(house):
    answer = month(house, "?month=2026-12&whose=all")
    assert answer.context["following"] == "?month=2027-01&whose=all"
    back = month(house, answer.context["following"])
    assert back.context["previous"] == "?month=2026-12&whose=all"


def test_first_month_of_the_calendar_is_shown(house):
    first = calendar().notices[0].year
    assert month(house, f"?month={first}-01").context["first"] == date(first, 1, 1)


def test_calendar_costs_the_same_at_three_and_at_eight(house, cost):
    client, costs = house.client("officer"), []
    client.get(house.url("calendar/"))  # reads the holiday notices, once a process
    for numbers in (range(3), range(3, 8)):
        for number in numbers:
            duty(house, number, safe_on=date(2026, 10, 13 + number), due_on=date(2026, 10, 14 + number))
        costs.append(cost(client, house.url("calendar/")))
    assert costs[0] == costs[1]


def test_vendor_has_no_calendar(house):
    assert house.client("vendor").get(house.url("calendar/")).status_code == 403


def test_day_with_very_much_unfolds_some_and_leads_to_the_list(house):
    for number, rule in enumerate(RULES[:20]):
        duty(house, number, rule=rule.id, safe_on=date(2026, 11, 6), due_on=date(2026, 11, 6))
    answer = month(house, "?month=2026-11&whose=all")
    found = day(answer, date(2026, 11, 6))
    assert (len(found.first), len(found.more), found.number_more, found.number_hidden) == (4, 12, 16, 4)
    assert "4 more: to the list of duties" in answer.content.decode()

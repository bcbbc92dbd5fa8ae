"""Dates of working days that are no duties of law: provisional without a notice, right after one is loaded."""

from datetime import date

import pytest

from filings import services
from filings.dates import answer_expected, correct_by, date_of_task
from filings.models import EndingTask, Submission
from filings.work import ending_tasks, filings_back
from portal.accounts.access import Access
from portal.accounts.models import Membership
from portal.clock.sweep import sweep
from portal.obligations.work import Hands
from tests import build
from tests.calendars.notices import Wall, confirmed_2027
from tests.filings import endings, story

STOPPED = date(2026, 12, 21)


@pytest.fixture
def now(settings) -> date:
    settings.PORTAL_TODAY = STOPPED.isoformat()
    return STOPPED


def work(house: build.House, source) -> list:
    officer = house.people["officer"]
    return source(Hands(Access(officer, house.tenant, Membership.objects.get(user=officer)), STOPPED, (officer.pk,)))


def page(house: build.House, address: str) -> str:
    return house.client("officer").get(address).content.decode()


def test_expected_answer_and_own_day_of_a_correction_follow_the_notice(house, now):
    sent = Submission(submitted_on=date(2026, 12, 14))
    for with_2027 in (False, True):
        wall = Wall(with_2027=with_2027)
        for found, start, days in ((answer_expected(sent), sent.submitted_on, 15), (correct_by(STOPPED), STOPPED, 10)):
            assert found.due == wall.step(start, days) and found.due.year == 2027
            assert found.provisional is not with_2027
            assert found.safe == (found.due if with_2027 else wall.step(found.due, 2, -1))
        if not with_2027:
            confirmed_2027()
    assert correct_by(STOPPED, date(2027, 1, 8)).provisional is False


def test_correction_without_a_day_of_its_own_is_shown_provisional_and_moves_with_the_notice(house, now):
    filing = story.submitted(house)
    assert filing.submissions.get()
    services.ask_correction(filing, by=None, received_on=STOPPED, today=STOPPED, reason="补正", reasons=["other"])
    before, after = (Wall(with_2027=known).step(STOPPED, 10) for known in (False, True))
    assert before != after
    shown = page(house, filing.get_absolute_url())
    assert f"{before:%Y-%m-%d}" in shown and "Provisional, aim at" in shown
    (line,) = work(house, filings_back)
    assert (line.due_on, line.is_provisional) == (before, True) and line.safe_on < before
    confirmed_2027()
    assert f"{after:%Y-%m-%d}" in page(house, filing.get_absolute_url())
    (line,) = work(house, filings_back)
    assert (line.due_on, line.safe_on, line.is_provisional) == (after, after, False)


def test_day_that_somebody_chose_for_a_correction_stays(house, now):
    filing = story.submitted(house)
    chosen = date(2027, 1, 20)
    services.ask_correction(filing, by=None, received_on=STOPPED, today=STOPPED, reason="补正", answer_by=chosen)
    confirmed_2027()
    (line,) = work(house, filings_back)
    assert (line.due_on, line.is_provisional) == (chosen, False)


def test_tasks_of_an_end_of_use_follow_the_notice_unless_somebody_chose_their_day(house, now):
    story.accepted(house)
    ending = endings.stopped(house, STOPPED)
    chosen = ending.tasks.get(code="people")
    services.assign_task(chosen, owner=house.people["officer"], due_on=date(2027, 1, 11))
    passed_on = ending.tasks.get(code="deletion")
    services.assign_task(passed_on, owner=house.people["officer"], due_on=passed_on.due_on)
    before, after = (Wall(with_2027=known).step(STOPPED, 20) for known in (False, True))
    assert before != after
    shown = page(house, ending.get_absolute_url())
    assert f"{before:%Y-%m-%d}" in shown and "Provisional, aim at" in shown
    lines = {line.what: line for line in work(house, ending_tasks)}
    assert {line.is_provisional for line in lines.values() if line.due_on == before} == {True}
    confirmed_2027()
    # What is shown is right at once; the sums of the team follow with the next round.
    assert {date_of_task(task).due for task in ending.tasks.filter(is_own_date=False, due_on=before)} == {after}
    sweep(today=now)
    days = dict(EndingTask.objects.filter(termination=ending).values_list("code", "due_on"))
    assert days["people"] == date(2027, 1, 11) and days["deletion"] == days["retention"] == after

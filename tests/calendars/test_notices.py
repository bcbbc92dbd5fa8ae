"""Holiday notices: two persons, one state, never edited, and no process that reckons with an old calendar."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.calendars.clock import calendar, noticed, refresh
from portal.calendars.models import HolidayNotice
from portal.clock.announcements import Wanted, confirm_notice, load_notice, reach_of, refuse_notice, shifts, wanted
from portal.clock.reconcile import reconcile
from portal.law.notices import NoticeError
from portal.law.workdays import Workdays
from portal.obligations.models import Obligation
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.calendars.notices import OFF_2027, confirmed_2027, platform, waiting_2027

NEW_YEAR_SUNDAY = date(2027, 1, 3)


def test_waiting_notice_moves_nothing_and_a_confirmed_one_counts_at_once(db):
    one, two = platform("one"), platform("two")
    notice = waiting_2027(one)
    assert not calendar().is_official(2027)
    confirm_notice(notice, by=two, now=timezone.now())
    assert calendar().is_official(2027) and calendar().is_working(NEW_YEAR_SUNDAY)
    assert calendar().announced_until == date(2027, 12, 31)


def test_who_loaded_a_notice_cannot_confirm_it(db):
    one = platform("one")
    notice = waiting_2027(one)
    with pytest.raises(CaseError, match="another platform account"):
        confirm_notice(notice, by=one, now=timezone.now())
    with pytest.raises(IntegrityError, match="holiday_notice_confirmed_by_another"), transaction.atomic():
        HolidayNotice.objects.update(state="confirmed", confirmed_by=one, confirmed_at=timezone.now())


def test_notice_is_decided_once(db):
    notice = confirmed_2027()
    with pytest.raises(StateConflict):
        refuse_notice(notice, by=platform("three"), now=timezone.now(), reason="late")
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        HolidayNotice.objects.update(state="waiting", confirmed_by=None, confirmed_at=None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE calendars_holidaynotice SET days_off = '[]'",
        "UPDATE calendars_holidaynotice SET digest = ''",
        "UPDATE calendars_holidaynotice SET loaded_by_id = loaded_by_id",
        "DELETE FROM calendars_holidaynotice",
        "TRUNCATE calendars_holidaynotice",
    ],
)
def test_what_a_notice_says_is_never_edited_and_nothing_is_deleted(db, statement):
    waiting_2027(platform("one"))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_refused_notice_keeps_its_reason_and_makes_room_for_the_next_version(db):
    one, two = platform("one"), platform("two")
    refuse_notice(waiting_2027(one), by=two, now=timezone.now(), reason="a draft that circulates")
    again = waiting_2027(one)
    assert (again.version, again.state) == (2, "waiting")
    assert HolidayNotice.objects.get(version=1).refusal == "a draft that circulates"
    with pytest.raises(CaseError, match="waits for confirmation"):
        waiting_2027(two)


def test_year_that_is_loaded_is_replaced_on_purpose_only(db):
    one, two = platform("one"), platform("two")
    given = {"year": 2026, "title": "correction", "days_off": ["2026-01-01", "2026-10-08"]}
    how = {"way": "json", "raw": "{}", "source": "test", "by": one, "today": date(2026, 11, 25)}
    with pytest.raises(CaseError, match="loaded already"):
        load_notice(given, **how)
    notice = load_notice(given, **how, replaces=True)
    with pytest.raises(CaseError, match="Tick that this one replaces it"):
        confirm_notice(notice, by=two, now=timezone.now())
    confirm_notice(notice, by=two, now=timezone.now(), replaces=True)
    assert not calendar().is_working(date(2026, 10, 8)) and calendar().is_working(date(2026, 10, 1))


def test_later_version_of_a_year_counts(db):
    confirmed_2027()
    second = load_notice(
        {"year": 2027, "title": "second", "days_off": [*OFF_2027, "2027-12-31"]},
        **{"way": "json", "raw": "{}", "source": "test", "by": platform("three"), "today": date(2026, 11, 25)},
        replaces=True,
    )
    confirm_notice(second, by=platform("four"), now=timezone.now(), replaces=True)
    assert not calendar().is_working(date(2027, 12, 31)) and not calendar().is_working(NEW_YEAR_SUNDAY)


def test_same_days_again_are_refused(db):
    confirmed_2027()
    with pytest.raises(CaseError, match="the same days"):
        waiting_2027(platform("three"))


@pytest.mark.parametrize("given", [{}, {"year": 2027}, {"year": 2027, "days_off": []}])
def test_empty_year_never_means_no_holidays(db, given):
    with pytest.raises(NoticeError):
        load_notice(given, way="json", raw="", source="", by=platform("one"), today=date(2026, 11, 25))
    assert not HolidayNotice.objects.exists()


def test_year_after_the_next_is_refused(db):
    with pytest.raises(CaseError, match="No notice for 2028 can be published yet"):
        waiting_2027(platform("one"), year=2028, days_off=["2028-01-01"], makeup_workdays=[])


def test_every_transaction_is_told_of_the_calendar_without_a_statement_of_its_own(house):
    def cost() -> int:
        # Another thread or process has only heard of the calendar as it was.
        noticed("")
        with CaptureQueriesContext(connection) as queries, house.acting("officer"):
            calendar()
        return len(queries)

    before = cost()
    confirmed_2027()
    # A process that meets this calendar for the first time reads its rows, once.
    assert cost() <= before + 1
    assert cost() == before
    assert calendar().is_official(2027)


def test_calendar_goes_back_with_the_transaction_that_confirmed(house):
    with pytest.raises(RuntimeError), transaction.atomic():
        confirmed_2027()
        raise RuntimeError
    with house.acting("officer"):
        assert calendar() is Workdays.official()


@pytest.mark.committed
def test_many_threads_that_ask_at_once_get_one_answer(committed, django_db_blocker):
    def ask(number: int) -> tuple[str, date]:
        with django_db_blocker.unblock():
            try:
                refresh()
                return calendar().version, calendar().add(date(2026, 11, 23), 30).due
            finally:
                connection.close()

    with django_db_blocker.unblock():
        confirmed_2027()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(40)))) == 1


def test_preview_names_exactly_the_days_that_change(db):
    notice = waiting_2027(platform("one"))
    changed = shifts(calendar(), calendar().with_notice(notice.notice), *notice.span)
    rest = {row.day.isoformat() for row in changed if not row.works}
    work = {row.day.isoformat() for row in changed if row.works}
    assert work == {*notice_days(notice.makeup_workdays)}
    assert rest == {"2027-02-11", "2027-02-12", "2027-05-05", "2027-10-06", "2027-10-07"}


def notice_days(entries: list[dict[str, str]]) -> list[str]:
    return [one["date"] for one in entries]


def test_preview_counts_dates_of_all_workspaces_and_names_none(house, stranger, settings):
    settings.PORTAL_TODAY = "2026-11-23"
    for each in (house, stranger):
        with each.acting("officer"):
            build.count(build.scenario(each.pip), 100_214, date(2026, 11, 20))
            reconcile(each.pip, today=date(2026, 11, 23))
    notice = waiting_2027(platform("one"))
    found = reach_of(notice.notice)
    assert (found.tenants, found.earlier, found.later) == (2, 2, 0)
    assert found.firm == found.duties >= 2


def test_operator_is_asked_for_a_notice_from_the_day_a_date_reaches_its_year(house):
    def run(due_on: date, firmness: str, arose_on: date) -> Obligation:
        fields = {"rule": "frm-15-initial", "subject": f"pip:{due_on}", "why_en": "x", "why_zh": "x"}
        dates = {"arose_on": arose_on, "due_on": due_on, "safe_on": due_on, "firmness": firmness}
        return Obligation.objects.create(tenant=house.tenant, pip=house.pip, **fields, **dates)

    run(date(2026, 12, 31), "firm", date(2026, 11, 19))
    assert wanted() is None
    run(date(2027, 1, 5), "provisional", date(2026, 11, 23))
    met = run(date(2027, 1, 4), "provisional", date(2026, 11, 20))
    assert wanted() == Wanted(2027, tenants=1, duties=2, since=date(2026, 11, 20))
    Obligation.objects.filter(pk=met.pk).update(state="met")
    assert wanted() == Wanted(2027, tenants=1, duties=1, since=date(2026, 11, 23))
    confirmed_2027()
    assert wanted() is None

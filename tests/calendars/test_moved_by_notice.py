"""On 2026-11-23 no notice for 2027 is published: dates there are provisional; loading one moves the right ones.

The expectation is counted by hand's way (tests/calendars/notices.py), not by the portal's calendar.
"""

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from filings.sheets import Paper, explained
from portal.accounts.services import register_pip
from portal.calendars.clock import calendar
from portal.clock.announcements import recompute
from portal.clock.dispatch import dispatch
from portal.clock.moves import move_of
from portal.clock.reconcile import reconcile
from portal.clock.sweep import sweep
from portal.law.engine import rule_by_id
from portal.law.identifiers import uscc_check_character
from portal.obligations.models import DateMove, Delivery, Obligation, Reminder
from portal.tenancy.models import Pip, PipMark
from portal.tenancy.session import acting
from tests import build
from tests.calendars.notices import Wall, confirmed_2027

NOW = date(2026, 11, 23)
# Crossings whose periods end before New Year, on its edge, and in the year without a notice.
CROSSED = [date(2026, 11, 16), date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)]
DATES = ("due_on", "safe_on", "firmness")


@pytest.fixture
def now(settings) -> date:
    settings.PORTAL_TODAY = NOW.isoformat()
    return NOW


@pytest.fixture
def filled(house, stranger, now) -> list[build.House]:
    """Two workspaces, each with PIPs that crossed the threshold on different days, and devices with their signs."""
    for number, each in enumerate((house, stranger)):
        with each.acting("officer"):
            for place, crossed_on in enumerate(CROSSED):
                body = f"91110108MA01{number}{place}000"
                pip = register_pip(Pip(uscc=body + uscc_check_character(body), name=f"Entity {place}", province="11"))
                # Of minors a report is due on 31 January, with a safe date that stays as it is.
                of = build.scenario(pip, scope="in", subject_groups=["under_14"])
                place = build.deployment(pip, code=f"D{pip.pk}", scenario=of)
                build.sign(place, posted_on=date(2026, 11, 20))
                build.count(place.scenario, 100_214, crossed_on)
    sweep(today=now)
    return [house, stranger]


def rows(houses: list[build.House]) -> dict[int, Obligation]:
    """Every dated open duty of the workspaces."""
    found = {}
    for each in houses:
        with each.acting("officer"):
            found |= {row.pk: row for row in Obligation.objects.open().filter(due_on__isnull=False)}
    return found


def dates(row: Obligation) -> tuple:
    return tuple(getattr(row, name) for name in DATES)


def moves(houses: list[build.House]) -> dict[int, DateMove]:
    found = {}
    for each in houses:
        with each.acting("officer"):
            for move in DateMove.objects.select_related("obligation"):
                assert move.obligation_id not in found
                found[move.obligation_id] = move
    return found


def test_loading_the_notice_moves_exactly_the_right_dates_and_logs_each(filled, now):
    before, wall = rows(filled), Wall(with_2027=False)
    counted = {pk: (row.reckoned_from, row.reckoned_days, row.reckoned_unit) for pk, row in before.items()}
    assert {pk: dates(row) for pk, row in before.items()} == {pk: wall.count(*one) for pk, one in counted.items()}
    assert sum(row.is_provisional for row in before.values()) >= 4
    confirmed_2027()
    sweep(today=now)
    after, wall = rows(filled), Wall(with_2027=True)
    assert {pk: dates(row) for pk, row in after.items()} == {pk: wall.count(*one) for pk, one in counted.items()}
    changed = {pk for pk in before if dates(before[pk]) != dates(after[pk])}
    logged = moves(filled)
    assert logged.keys() == changed
    for pk, move in logged.items():
        assert (move.old_due_on, move.old_safe_on, move.old_firmness) == dates(before[pk])
        assert (move.new_due_on, move.new_safe_on, move.new_firmness) == dates(after[pk])
        assert (move.notice_year, move.old_calendar) == (2027, before[pk].calendar_version)
    filings = [move for pk, move in logged.items() if before[pk].rule == "frm-15-initial"]
    assert {(move.old_due_on, move.new_due_on) for move in filings} == {
        (date(2027, 1, 4), date(2027, 1, 3)),
        (date(2027, 1, 5), date(2027, 1, 4)),
    }
    # What the notice doesn't reach is not written at all.
    same = before.keys() - changed
    assert {before[pk].calendar_version for pk in same} == {after[pk].calendar_version for pk in same}


def test_second_round_moves_nothing_more(filled, now):
    confirmed_2027()
    sweep(today=now)
    logged = moves(filled)
    assert recompute() == 0
    with acting(filled[0].tenant, actor="system:test"):
        reconcile(Pip.objects.exclude(pk=filled[0].pip.pk).first(), today=now)
    sweep(today=now)
    assert moves(filled).keys() == logged.keys()


def test_only_pips_with_a_date_that_the_notice_reaches_are_touched(filled, now):
    confirmed_2027()
    reached = {row.pip_id for row in rows(filled).values() if row.due_on >= date(2027, 1, 1)}
    assert recompute() == len(reached)
    touched = set()
    for each in filled:
        with each.acting("officer"):
            marks = PipMark.objects.filter(touched_at__gt=timezone.now() - timezone.timedelta(minutes=5))
            touched |= {mark.pip_id for mark in marks if mark.touched_at > mark.reconciled_at}
    assert touched == reached


def test_each_owner_is_told_once_from_what_to_what_and_why(filled, now):
    dispatch(today=now)
    mail.outbox.clear()
    last = 0
    for each in filled:
        with each.acting("officer"):
            last = max(last, *Delivery.objects.values_list("pk", flat=True))
    confirmed_2027()
    sweep(today=now)
    dispatch(today=now)
    told = [message.to[0] for message in mail.outbox]
    assert sorted(told) == sorted(each.people[role].email for each in filled for role in ("owner", "officer"))
    for message in mail.outbox:
        html = message.alternatives[0][0]
        for text in (message.body, html):
            assert "moved from 2027-01-05 to 2027-01-04, now firm: the notice for 2027 was loaded" in text
            assert "provisional" not in text
    # Each moved date is told of once to each of them; a date of the portal's own that only became firm is no news.
    news = {pk: move for pk, move in moves(filled).items() if is_news(move)}
    assert any(move.old_safe_on == move.new_safe_on for move in news.values())
    for each in filled:
        with each.acting("officer"):
            inbox = Delivery.objects.filter(channel="inbox", pk__gt=last).select_related("reminder")
            told = Counter((row.reminder.obligation_id, row.user_id) for row in inbox)
            people = {each.people[role].pk for role in ("owner", "officer")}
            mine = {pk for pk, move in news.items() if move.tenant_id == each.tenant.pk}
            assert told == Counter((pk, person) for pk in mine for person in people)
    mail.outbox.clear()
    sweep(today=now)
    dispatch(today=now)
    assert mail.outbox == []


def is_news(move: DateMove) -> bool:
    return move.old_due_on != move.new_due_on or rule_by_id(move.obligation.rule).layer != "default"


def test_rungs_of_the_former_date_are_cancelled(filled, now):
    confirmed_2027()
    sweep(today=now)
    for each in filled:
        with each.acting("officer"):
            for move in DateMove.objects.all():
                planned = Reminder.objects.filter(obligation=move.obligation, state="planned")
                assert {rung.aims_at for rung in planned} <= {move.new_safe_on}


def test_worker_that_dies_between_two_workspaces_goes_on(filled, now):
    confirmed_2027()
    first = filled[0]
    # It touched the first workspace, reconciled half of it, and was gone before it could note that it was through.
    with acting(first.tenant, actor="system:sweep"):
        half = rows([first])
        pip = Pip.objects.get(pk=next(row.pip_id for row in half.values() if row.due_on.year == 2027))
        reconcile(pip, today=now)
    assert moves(filled)
    sweep(today=now)
    wall = Wall(with_2027=True)
    assert all(
        dates(row) == wall.count(row.reckoned_from, row.reckoned_days, row.reckoned_unit)
        for row in rows(filled).values()
    )


def duty_of(house: build.House, due_on: date) -> Obligation:
    return Obligation.objects.get(rule="frm-15-initial", due_on=due_on, tenant=house.tenant)


def test_provisional_date_and_its_safe_date_stand_on_every_page(filled, now):
    house = filled[0]
    client = house.client("officer")
    with house.acting("officer"):
        duty = duty_of(house, date(2027, 1, 5))
    paths = (f"duties/{duty.pk}/", "duties/?view=each&rule=frm-15-initial", "")
    pages = {path: client.get(house.url(path)).content.decode() for path in paths}
    for path, page in pages.items():
        assert "2027-01-05" in page and "2026-12-31" in page and "rovisional" in page, path


def test_provisional_date_stands_in_mail_text_and_html(filled, now):
    dispatch(today=now)
    message = next(message for message in mail.outbox if message.to == ["officer@acme.example"])
    for text in (message.body, message.alternatives[0][0]):
        assert "2027-01-05 (provisional)" in text and "aim at 2026-12-31" in text


def test_export_says_provisional_with_the_safe_date(filled, now):
    out = StringIO()
    call_command("duties", tenant=filled[0].tenant.slug, json=True, stdout=out)
    found = [row for row in json.loads(out.getvalue()) if row["due_on"] == "2027-01-05"]
    assert {(row["status"], row["safe_on"]) for row in found} == {("provisional", "2026-12-31")}
    out = StringIO()
    call_command("duties", tenant=filled[0].tenant.slug, stdout=out)
    assert "due 2027-01-05 (provisional, aim at 2026-12-31)" in out.getvalue()


def test_paper_of_the_dossier_says_provisional_with_the_safe_date(filled, now):
    house = filled[0]
    with house.acting("officer"):
        paper = Paper(house.pip, "FIL-2026-0001", now, language="en")
        sheet = explained(paper, (), calendar().add(NOW, 30))
    told = json.dumps([[row.value for row in section.rows] for section in sheet.sections])
    assert "5 January 2027" in told and "31 December 2026" in told
    assert "Provisional: the holiday notice of a year it touches isn't published" in told


def test_move_stands_in_the_timeline_of_the_duty(filled, now):
    house = filled[0]
    with house.acting("officer"):
        duty = duty_of(house, date(2027, 1, 5))
    confirmed_2027()
    sweep(today=now)
    page = house.client("officer").get(house.url(f"duties/{duty.pk}/")).content.decode()
    assert "Moved from 2027-01-05 to 2027-01-04, now firm: the notice for 2027 was loaded" in page
    assert page.count("The date was reckoned again") == 1 and "The facts changed" not in page
    assert "国务院办公厅关于2027年部分节假日安排的通知" in page


@pytest.mark.parametrize("change", [{"state": "met"}, {"reckoned_from": date(2026, 11, 20)}, {"due_on": None}])
def test_what_the_facts_change_is_no_move_of_the_calendar(filled, change):
    with filled[0].acting("officer"):
        duty = duty_of(filled[0], date(2027, 1, 5))
        names = ("state", "reckoned_from", "reckoned_days", "reckoned_unit", "calendar_version", *DATES)
        found = {name: getattr(duty, name) for name in names} | {"calendar_version": "x", "safe_on": NOW}
        assert move_of(duty, found) is not None
        assert move_of(duty, found | change) is None


def test_rungs_of_a_date_that_stays_go_on_the_working_days_of_the_new_notice(filled, now):
    before = rows(filled)
    confirmed_2027()
    sweep(today=now)
    wall, checked = Wall(with_2027=True), Counter()
    for each in filled:
        with each.acting("officer"):
            planned = Reminder.objects.filter(state="planned", rung__regex=r"^\d+$").select_related("obligation")
            for rung in planned:
                assert rung.aims_at == rung.obligation.safe_on
                day = rung.aims_at
                if rung.rung != "0" or not wall.works(day):
                    day = wall.step(day, max(int(rung.rung), 1), -1)
                assert rung.send_on == max(day, now), (rung.obligation.rule, rung.rung, rung.aims_at)
                checked[before[rung.obligation_id].safe_on == rung.aims_at] += 1
    assert checked[True] and checked[False]

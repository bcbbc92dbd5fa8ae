"""I am on it, put off, and what neither ever keeps away; what nobody answers goes to the owners."""

from datetime import date

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.forms import ValidationError

from portal.accounts.absences import note_absence
from portal.accounts.models import Absence, Membership
from portal.clock.answering import acknowledge, snooze
from portal.clock.dispatch import dispatch
from portal.clock.handing import hand_on
from portal.clock.ladders import set_ladder
from portal.clock.models import Acknowledgement
from portal.clock.reminders import plan, plan_overdue
from portal.obligations.models import Delivery, Obligation, Reminder
from portal.workflow import CaseError
from tests.clock.conftest import LAW, OWN, PRACTICE, duty

STANDARD = "gbt-45574-officer"
AIM = date(2026, 11, 20)
NAGS = ("20", "10", "3")
LAST = ("5", "1", "0", "late-2026-10-12")
NEWS = ("opened", "again-2026-10-12")


def told(house) -> set[tuple[str, str]]:
    """(person, rung) of what was handed on."""
    rows = Delivery.objects.filter(channel="inbox").values_list("user__email", "reminder__rung")
    return {(email.split("@")[0], rung) for email, rung in rows}


def on_day(house, rule: str, rung: str, kind: str, today: date) -> Reminder:
    """A rung of this day, of a duty that somebody answered on the day before."""
    row = duty(house, rule, AIM, today=today)
    row.reminders.all().delete()
    one = Reminder.objects.create(
        tenant=house.tenant, pip=house.pip, obligation=row, rung=rung, aims_at=AIM, send_on=today
    )
    if kind == "snooze":
        snooze(row, days=3, reason="waits for the seal", by=house.people["officer"], today=date(2026, 10, 9))
    else:
        acknowledge(row, by=house.people["officer"], today=date(2026, 10, 9))
    hand_on(house.tenant, today=today)
    one.refresh_from_db()
    return one


@pytest.mark.parametrize(
    ("rung", "rule", "kind"),
    [
        (rung, rule, kind)
        for rung in (*NAGS, *LAST, *NEWS)
        for rule in (LAW, STANDARD, PRACTICE, OWN)
        for kind in ("on_it", "snooze")
        # Until the next date that law sets: that has a test of its own, with the ladder that it looks at.
        if not (rule == LAW and kind == "on_it" and rung in NAGS)
    ],
)
def test_what_an_answer_keeps_away(house, today, rung, rule, kind):
    one = on_day(house, rule, rung, kind, today)
    is_silenced = rung in NAGS if rule == LAW else rung not in NEWS
    assert one.state == ("silenced" if is_silenced else "sent")
    assert one.settled_why == ({"on_it": "acknowledged", "snooze": "snoozed"}[kind] if is_silenced else "")


def test_on_it_rests_until_the_next_date_that_law_sets(house, today):
    row = duty(house, LAW, AIM, today=date(2026, 9, 1))
    sends = dict(row.reminders.values_list("rung", "send_on"))
    answer = acknowledge(row, by=house.people["officer"], today=today)
    assert sends["10"] < answer.until < sends["5"]
    for rung in ("10", "5", "3", "1", "0"):
        hand_on(house.tenant, today=sends[rung])
    states = dict(row.reminders.values_list("rung", "state"))
    assert [states[rung] for rung in ("10", "5", "3", "1", "0")] == ["silenced", "sent", "sent", "sent", "sent"]


def test_answer_about_another_date_keeps_nothing_away(house, today):
    row = duty(house, PRACTICE, AIM, today=today)
    acknowledge(row, by=house.people["officer"], today=today)
    row.safe_on = row.due_on = date(2026, 10, 19)
    row.save()
    plan(row.pip, [row], today=today)
    hand_on(house.tenant, today=today)
    assert row.reminders.filter(state="silenced").count() == 0


@pytest.mark.parametrize(("days", "reason"), [(0, "x"), (6, "x"), (2, ""), (2, "  ")])
def test_putting_off_wants_one_to_five_days_and_a_reason(house, today, days, reason):
    row = duty(house, LAW, AIM, today=today)
    with pytest.raises(ValidationError):
        snooze(row, days=days, reason=reason, by=house.people["officer"], today=today)


def test_snooze_counts_working_days(house, today):
    row = duty(house, LAW, AIM, today=today)
    answer = snooze(row, days=5, reason="waits", by=house.people["officer"], today=date(2026, 9, 29))
    assert answer.until == date(2026, 10, 12)  # past the National Day and a Saturday of make-up work


def test_second_click_gets_what_the_first_made(house, today):
    row = duty(house, LAW, AIM, today=today)
    first = acknowledge(row, by=house.people["officer"], today=today)
    assert acknowledge(row, by=house.people["officer"], today=today) == first
    assert Acknowledgement.objects.count() == 1


def test_what_is_met_or_has_no_date_can_not_be_answered(house, today):
    row = duty(house, LAW, AIM, today=today)
    for columns in ({"state": "met"}, {"state": "open", "safe_on": None, "due_on": None}):
        Obligation.objects.filter(pk=row.pk).update(**columns)
        row.refresh_from_db()
        with pytest.raises(CaseError):
            acknowledge(row, by=house.people["officer"], today=today)


def test_answers_are_never_changed(house, today):
    row = duty(house, LAW, AIM, today=today)
    acknowledge(row, by=house.people["officer"], today=today)
    with pytest.raises(DatabaseError), transaction.atomic():
        Acknowledgement.objects.update(until=AIM)


def escalations(row) -> list[tuple[str, str, str]]:
    rows = row.reminders.filter(rung__startswith="up-").order_by("send_on")
    return list(rows.values_list("rung", "state", "settled_why"))


@pytest.fixture
def asked(house, today):
    """A date of law whose rung of the fifth day goes out today, Monday."""
    row = duty(house, LAW, date(2026, 10, 19), today=date(2026, 9, 1))
    assert row.reminders.get(rung="5").send_on == today
    hand_on(house.tenant, today=today)
    return row


def test_owners_are_told_after_two_working_days_and_then_each_day_until_somebody_answers(house, asked):
    assert escalations(asked) == [("up-2026-10-14", "planned", "")]
    hand_on(house.tenant, today=date(2026, 10, 13))
    hand_on(house.tenant, today=date(2026, 10, 14))
    assert {person for person, rung in told(house) if rung.startswith("up-")} == {"owner"}
    hand_on(house.tenant, today=date(2026, 10, 15))
    acknowledge(asked, by=house.people["officer"], today=date(2026, 10, 15))
    states = dict((rung, (state, why)) for rung, state, why in escalations(asked))
    assert states["up-2026-10-14"] == states["up-2026-10-15"] == ("sent", "")
    assert states["up-2026-10-16"] == ("cancelled", "acknowledged")
    hand_on(house.tenant, today=date(2026, 10, 16))
    # The day before the date asks anew.
    assert escalations(asked)[-1] == ("up-2026-10-20", "planned", "")


def test_days_of_escalation_do_not_run_while_it_is_put_off(house, asked):
    snooze(asked, days=4, reason="waits for the seal", by=house.people["officer"], today=date(2026, 10, 12))
    assert escalations(asked) == [("up-2026-10-14", "cancelled", "snoozed")]
    hand_on(house.tenant, today=date(2026, 10, 14))
    hand_on(house.tenant, today=date(2026, 10, 16))
    assert asked.reminders.get(rung="1").state == "sent"
    assert escalations(asked)[-1] == ("up-2026-10-20", "planned", "")


def test_workspace_sets_after_how_many_days(house, today):
    set_ladder([5, 0], escalate_after=4, today=today)
    row = duty(house, LAW, date(2026, 10, 19), today=today)
    hand_on(house.tenant, today=today)
    hand_on(house.tenant, today=date(2026, 10, 19))
    assert escalations(row)[-1][0] == "up-2026-10-23"


def test_nothing_is_escalated_of_what_law_does_not_date(house, today):
    row = duty(house, PRACTICE, date(2026, 10, 9), today=today)
    plan_overdue(today=today)
    hand_on(house.tenant, today=today)
    assert row.reminders.filter(state="sent").exists() and escalations(row) == []


def test_met_duty_is_escalated_no_more(house, asked):
    asked.state = "met"
    asked.save()
    plan(asked.pip, [asked], today=date(2026, 10, 13))
    assert escalations(asked) == [("up-2026-10-14", "cancelled", "ended")]


def test_escalation_stands_first_in_the_digest_and_says_who_was_told(house, asked, today):
    duty(house, PRACTICE, AIM, today=today, number=1)
    Delivery.objects.update(state="sent")
    dispatch(today=date(2026, 10, 14))
    (letter,) = [message for message in mail.outbox if message.to == ["owner@acme.example"]]
    place = letter.body.index("Escalated: nobody has said that he is on it")
    assert place < letter.body.index("portal, not law")
    assert "Officer (since 2026-10-12)" in letter.body and "Owner (since 2026-10-12)" in letter.body
    assert "Escalated" in letter.alternatives[0].content


@pytest.mark.parametrize(
    ("rule", "rung", "people"),
    [
        (LAW, "10", {"operator"}),
        (LAW, "5", {"operator", "officer", "owner"}),
        (LAW, "late-2026-10-12", {"operator", "officer", "owner"}),
        (LAW, "opened", {"operator", "officer", "owner"}),
        (PRACTICE, "5", {"operator"}),
        (OWN, "late-2026-10-12", {"operator"}),
    ],
)
def test_whose_the_duty_is_is_told_and_of_the_last_days_everybody(house, today, rule, rung, people):
    row = duty(house, rule, AIM, today=today, assignee=house.people["operator"])
    row.reminders.all().delete()
    Reminder.objects.create(tenant=house.tenant, pip=house.pip, obligation=row, rung=rung, aims_at=AIM, send_on=today)
    hand_on(house.tenant, today=today)
    assert {person for person, _rung in told(house)} == people


def test_stand_in_of_an_absent_person_is_told_too(house, today):
    members = {role: Membership.objects.get(user=house.people[role]) for role in ("officer", "reviewer")}
    absence = Absence(membership=members["officer"], stand_in=members["reviewer"], starts_on=today, ends_on=today)
    note_absence(absence, today=today)
    duty(house, PRACTICE, AIM, today=today, assignee=house.people["officer"])
    hand_on(house.tenant, today=today)
    assert {person for person, _rung in told(house)} == {"officer", "reviewer"}


def test_assignee_whose_access_ended_leaves_the_duty_to_the_others(house, today):
    Membership.objects.filter(user=house.people["operator"]).update(ends_on=date(2026, 10, 9))
    duty(house, PRACTICE, AIM, today=today, assignee=house.people["operator"])
    hand_on(house.tenant, today=today)
    assert {person for person, _rung in told(house)} == {"officer", "owner"}

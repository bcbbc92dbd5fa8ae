"""Absences: who does whose work today."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.accounts.absences import end_absence, note_absence, stand_ins, stood_in_by
from portal.accounts.models import Absence, Membership
from portal.accounts.services import end_membership
from portal.workflow import CaseError

DAY = date(2026, 10, 12)


def member(house, role):
    return Membership.objects.get(user=house.people[role])


def away(house, who, stand_in, *, starts_on=DAY, ends_on=DAY):
    row = Absence(
        membership=member(house, who), stand_in=member(house, stand_in), starts_on=starts_on, ends_on=ends_on
    )
    return note_absence(row, today=DAY)


def ids(house, *roles):
    return tuple(house.people[role].pk for role in roles)


def test_both_the_first_and_the_last_day_count(house):
    away(house, "officer", "owner", starts_on=DAY, ends_on=DAY + timedelta(days=2))
    officer, owner = ids(house, "officer", "owner")
    assert stand_ins(DAY) == stand_ins(DAY + timedelta(days=2)) == {officer: owner}
    assert stand_ins(DAY - timedelta(days=1)) == stand_ins(DAY + timedelta(days=3)) == {}
    assert stood_in_by(house.people["owner"], DAY) == [officer]


def test_stand_in_who_is_away_passes_it_on(house):
    away(house, "officer", "reviewer")
    away(house, "reviewer", "owner")
    officer, reviewer, owner = ids(house, "officer", "reviewer", "owner")
    assert stand_ins(DAY) == {officer: owner, reviewer: owner}


def test_circle_of_absent_people_leaves_the_work_where_it_is(house):
    away(house, "officer", "reviewer")
    away(house, "reviewer", "officer")
    away(house, "operator", "officer")
    assert stand_ins(DAY) == {}


def test_stand_in_whose_access_ended_is_left_out(house):
    away(house, "officer", "reviewer", ends_on=DAY + timedelta(days=9))
    away(house, "operator", "officer", ends_on=DAY + timedelta(days=9))
    end_membership(member(house, "reviewer"), on=DAY)
    operator, officer = ids(house, "operator", "officer")
    assert stand_ins(DAY + timedelta(days=1)) == {operator: officer}


def test_two_absences_of_one_person_do_not_overlap(house):
    away(house, "officer", "owner", ends_on=DAY + timedelta(days=3))
    with pytest.raises(ValidationError, match="already"):
        away(house, "officer", "reviewer", starts_on=DAY + timedelta(days=3), ends_on=DAY + timedelta(days=5))
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(
            membership=member(house, "officer"), stand_in=member(house, "reviewer"), starts_on=DAY, ends_on=DAY
        )
    away(house, "officer", "reviewer", starts_on=DAY + timedelta(days=4), ends_on=DAY + timedelta(days=5))


@pytest.mark.parametrize(
    "stand_in, days, error",
    [("officer", 0, ValidationError), ("owner", -1, ValidationError), ("reviewer", 0, CaseError)],
    ids=["oneself", "end before start", "access ended"],
)
def test_absence_that_cannot_be_is_refused(house, stand_in, days, error):
    end_membership(member(house, "reviewer"), on=DAY - timedelta(days=1))
    with pytest.raises(error):
        away(house, "officer", stand_in, ends_on=DAY + timedelta(days=days))


def test_absence_that_has_passed_is_refused(house):
    with pytest.raises(CaseError):
        away(house, "officer", "owner", starts_on=DAY - timedelta(days=3), ends_on=DAY - timedelta(days=1))


def test_ended_absence_gives_the_work_back(house):
    row = away(house, "officer", "owner")
    end_absence(row)
    assert stand_ins(DAY) == {}
    with pytest.raises(CaseError):
        end_absence(row)


def test_another_workspace_has_its_own_absences(house, stranger):
    away(house, "officer", "owner")
    with stranger.acting("owner"):
        assert stand_ins(DAY) == {}

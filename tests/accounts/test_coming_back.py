"""Who comes back gets what the new invitation gives and nothing of before; an auditor's access keeps its end."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from portal.accounts.access import Access
from portal.accounts.models import Membership, Team, TeamMember, User
from portal.accounts.people import end_now, invite
from portal.accounts.services import add_member
from portal.workflow import CaseError


def ask(house, user: User, team: str, today: date, **fields):
    with house.acting("owner"):
        of = Team.objects.select_related("tenant").get(name=team)
        return invite(
            user.email, name=user.name, language="en", team=of, by=house.people["owner"], today=today, **fields
        )


def roles(house, user: User) -> set[str]:
    with house.acting("owner"):
        rows = TeamMember.objects.filter(membership__user=user)
        return set(rows.values_list("team__role", flat=True))


def test_officer_who_left_and_comes_back_as_vendor_is_a_vendor(house, today):
    officer = house.people["officer"]
    with house.acting("owner"):
        end_now(Membership.objects.get(user=officer), today=today)
    membership = ask(house, officer, "vendor team", today, ends_on=None)
    assert roles(house, officer) == {"vendor"}
    with house.acting("owner"):
        access = Access(User.objects.get(pk=officer.pk), house.tenant, membership)
        assert not access.can("view_pip")
        assert access.can("upload_import")


def test_auditor_in_a_second_team_keeps_an_end(house, today):
    auditor = house.people["auditor"]
    with pytest.raises(ValidationError):
        ask(house, auditor, "operator team", today, ends_on=None)
    with house.acting("owner"):
        assert Membership.objects.get(user=auditor).ends_on is not None


def test_auditor_team_does_not_end_the_access_of_the_last_owner(house, today):
    owner = house.people["owner"]
    with pytest.raises(CaseError):
        ask(house, owner, "auditor team", today, ends_on=date(2026, 12, 31))
    with house.acting("owner"):
        assert Membership.objects.get(user=owner).ends_on is None


def test_member_with_an_end_is_not_put_into_a_team_past_it(house, today):
    auditor = house.people["auditor"]
    with house.acting("owner"):
        team = Team.objects.get(name="auditor team")
        Membership.objects.filter(user=auditor).update(ends_on=None)
        with pytest.raises(ValidationError):
            add_member(auditor, team)

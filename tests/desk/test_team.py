"""The work of the team, hand-over, and absences on their pages."""

from datetime import timedelta

import pytest

from portal.accounts.models import Absence, Membership
from portal.obligations.models import Obligation
from tests.desk.test_work import DAY, ending


@pytest.fixture
def given(passed):
    """The officer has the filing, the operator two duties about the place and a task; the rest is nobody's."""
    officer, operator = passed.people["officer"], passed.people["operator"]
    Obligation.objects.filter(rule="frm-15-initial").update(assignee=officer)
    Obligation.objects.filter(rule__in=["frm-13-sign", "frm-13-capture-area"]).update(assignee=operator)
    ending(passed, owner=operator)
    return passed


def member(house, role):
    return Membership.objects.get(user=house.people[role])


def line_of(house, role):
    lines = house.client("owner").get(house.url("work/team/")).context["lines"]
    return next(line for line in lines if line.membership.user == house.people[role])


def hand_over(house, role, **data):
    return house.client("officer").post(house.url(f"work/team/{member(house, role).pk}/hand-over/"), data)


def test_team_sees_who_has_how_much_and_what_is_nobodys(given):
    assert (line_of(given, "operator").open, line_of(given, "officer").open, line_of(given, "owner").open) == (3, 1, 0)
    assert line_of(given, "officer").next_on == Obligation.objects.get(rule="frm-15-initial").safe_on
    context = given.client("owner").get(given.url("work/team/")).context
    assert context["free"].open == Obligation.objects.open().filter(assignee=None).count()
    shown = {line.membership.user.name for line in context["lines"]}
    assert shown == {"Owner", "Officer", "Reviewer", "Operator"}


@pytest.mark.parametrize("role", ["reviewer", "operator", "vendor", "auditor"])
def test_only_owners_and_officers_see_the_team(given, role):
    assert given.client(role).get(given.url("work/team/")).status_code == 403
    url = given.url(f"work/team/{member(given, 'operator').pk}/hand-over/")
    assert given.client(role).post(url).status_code == 403


def test_all_of_a_persons_work_goes_over_in_one_step_and_comes_back(given):
    answer = hand_over(given, "operator", what="all", person=given.people["owner"].pk)
    assert (line_of(given, "operator").open, line_of(given, "owner").open) == (0, 3)
    page = given.client("officer").get(answer.headers["Location"])
    given.client("officer").post(given.url(f"duties/assigned/{page.context['handed'].pk}/undo/"))
    assert (line_of(given, "operator").open, line_of(given, "owner").open) == (3, 0)


def test_only_what_is_ticked_goes_over(given):
    sign = Obligation.objects.get(rule="frm-13-sign")
    filing = Obligation.objects.get(rule="frm-15-initial")
    hand_over(given, "operator", what="chosen", duty=[sign.pk, filing.pk], person=given.people["owner"].pk)
    assert (line_of(given, "operator").open, line_of(given, "owner").open, line_of(given, "officer").open) == (2, 1, 1)


def test_what_the_new_person_may_not_do_stays_and_is_said(given):
    Obligation.objects.filter(rule="frm-13-sign").update(assignee=given.people["officer"])
    answer = given.client("officer").post(
        given.url(f"work/team/{member(given, 'officer').pk}/hand-over/"),
        {"what": "all", "person": given.people["operator"].pk},
        follow=True,
    )
    assert "1 thing stayed: Operator may not act there." in answer.content.decode()
    assert line_of(given, "officer").open == 1


def test_timeline_of_each_duty_tells_of_the_hand_over(given):
    hand_over(given, "operator", what="all", person=given.people["owner"].pk)
    sign = Obligation.objects.get(rule="frm-13-sign")
    story = given.client("officer").get(sign.get_absolute_url()).context["story"]
    assert (story[0].what, story[0].who) == ("Passed on to another person", "Officer")


def test_team_costs_the_same_whatever_the_number_of_duties(given, cost):
    client, url = given.client("owner"), given.url("work/team/")
    before = cost(client, url)
    Obligation.objects.bulk_create(
        Obligation(
            tenant=given.tenant,
            pip=given.pip,
            rule="frm-13-sign",
            subject=f"deployment:X{number}",
            assignee=given.people["operator"],
            why_en="w",
            why_zh="w",
        )
        for number in range(8)
    )
    assert cost(client, url) == before


def away(house, role, **data):
    fields = {"starts_on": "2026-10-12", "ends_on": "2026-10-20", "stand_in": member(house, "owner").pk}
    return house.client(role).post(house.url("people/away/"), fields | data)


def test_member_notes_the_own_absence_and_the_team_sees_it(given):
    assert away(given, "officer").status_code == 302
    assert (line_of(given, "officer").stand_in, line_of(given, "owner").stands_in_for) == (
        given.people["owner"],
        [given.people["officer"]],
    )
    row = Absence.objects.get()
    assert given.client("officer").post(given.url(f"people/away/{row.pk}/end/")).status_code == 302
    assert line_of(given, "officer").away is None


@pytest.mark.parametrize(
    "data",
    [
        {"ends_on": "2026-10-11"},
        {"starts_on": "2026-10-01", "ends_on": "2026-10-02"},
        {"stand_in": "0"},
        {"starts_on": "2026-10-20", "ends_on": "2026-10-25"},
    ],
    ids=["end before start", "passed", "stranger", "overlaps"],
)
def test_absence_that_cannot_be_is_refused_on_the_page(given, data):
    away(given, "officer")
    assert away(given, "officer", **data).status_code in (409, 422)
    assert Absence.objects.count() == 1


def test_owner_notes_somebody_elses_absence_and_others_do_not(given):
    url = given.url(f"people/{member(given, 'officer').pk}/away/")
    fields = {"starts_on": "2026-10-12", "ends_on": "2026-10-20", "stand_in": member(given, "owner").pk}
    assert given.client("officer").post(url, fields).status_code == 403
    assert given.client("owner").post(url, fields).status_code == 302
    row = Absence.objects.get()
    assert given.client("operator").post(given.url(f"people/away/{row.pk}/end/")).status_code == 404
    given.client("owner").post(given.url(f"people/away/{row.pk}/end/"))
    assert not Absence.objects.exists()


def test_gap_is_said_when_the_stand_in_is_away_too(given):
    away(given, "officer")
    text = given.client("officer").get(given.url("people/away/")).content.decode()
    assert "Nobody stands in today" not in text
    Absence.objects.create(
        membership=member(given, "owner"), stand_in=member(given, "officer"), starts_on=DAY, ends_on=DAY + timedelta(1)
    )
    text = given.client("officer").get(given.url("people/away/")).content.decode()
    assert "Nobody stands in today" in text

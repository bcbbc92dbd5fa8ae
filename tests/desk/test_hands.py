"""Whose a duty is, and what people say about it."""

from datetime import date

import pytest

from portal.accounts.models import Absence, Membership
from portal.clock.reconcile import reconcile
from portal.desk.models import HandOver
from portal.obligations.models import Mention, Obligation, Remark
from portal.obligations.remarks import named_in
from portal.obligations.services import waive
from tests import build


@pytest.fixture
def duty(passed):
    return Obligation.objects.get(rule="frm-15-initial")


def whose(duty):
    duty.refresh_from_db()
    return duty.assignee and duty.assignee.email.split("@")[0]


def give(house, role, to, *duties, **more):
    person = house.people[to].pk if to else ""
    return house.client(role).post(
        house.url("duties/assign/"), {"duty": [one.pk for one in duties], "person": person} | more
    )


def test_one_click_takes_a_duty_and_the_list_shows_whose_it_is(passed, duty):
    answer = give(passed, "officer", "officer", duty)
    assert answer.status_code == 302 and whose(duty) == "officer"
    client = passed.client("owner")
    assert [row.pk for row in client.get(passed.url(f"duties/?whose={duty.assignee_id}")).context["rows"]] == [duty.pk]
    assert duty.pk not in {row.pk for row in client.get(passed.url("duties/?whose=nobody")).context["rows"]}
    assert not client.get(passed.url("duties/?whose=me")).context["rows"]
    assert passed.client("officer").get(passed.url("duties/?whose=me")).context["rows"] == [duty]


def test_many_are_given_in_one_post_and_taken_back_on_the_same_day(passed, duty):
    signs = list(Obligation.objects.open().filter(rule__in=["frm-13-sign", "frm-13-capture-area"]))
    give(passed, "officer", "operator", signs[0])
    answer = give(passed, "owner", "officer", duty, *signs, next=passed.url("duties/?kind=filing"))
    assert answer.headers["Location"].startswith(passed.url("duties/?kind=filing&handed="))
    assert {whose(one) for one in (duty, *signs)} == {"officer"}
    page = passed.client("owner").get(answer.headers["Location"])
    step = page.context["handed"]
    assert f"duties/assigned/{step.pk}/undo/" in page.content.decode()
    passed.client("owner").post(passed.url(f"duties/assigned/{step.pk}/undo/"))
    assert (whose(duty), whose(signs[0]), whose(signs[1])) == (None, "operator", None)
    assert passed.client("owner").post(passed.url(f"duties/assigned/{step.pk}/undo/")).status_code == 409


def test_undo_leaves_what_went_on_since_with_its_new_holder(passed, duty):
    give(passed, "officer", "officer", duty)
    give(passed, "officer", "owner", duty)
    first = HandOver.objects.earliest("pk")
    passed.client("officer").post(passed.url(f"duties/assigned/{first.pk}/undo/"))
    assert whose(duty) == "owner"


def test_hand_over_is_undone_by_who_made_it_and_on_its_day_only(passed, duty, settings):
    give(passed, "officer", "officer", duty)
    url = passed.url(f"duties/assigned/{HandOver.objects.get().pk}/undo/")
    assert passed.client("owner").post(url).status_code == 404
    settings.PORTAL_TODAY = "2026-10-13"
    assert passed.client("officer").post(url).status_code == 409
    assert whose(duty) == "officer"


def test_duty_is_not_given_to_somebody_who_may_not_meet_it(passed, duty):
    sign = Obligation.objects.open().get(rule="frm-13-sign")
    assert give(passed, "owner", "operator", duty).status_code == 409
    give(passed, "owner", "operator", duty, sign)
    assert (whose(duty), whose(sign)) == (None, "operator")
    assert give(passed, "owner", "auditor", sign).status_code == 404


def test_who_may_not_meet_a_duty_may_not_give_it(passed, duty):
    for role in ("operator", "reviewer"):
        assert give(passed, role, "officer", duty).status_code == 409
    assert give(passed, "auditor", "officer", duty).status_code == 403
    assert whose(duty) is None


def test_list_offers_a_box_only_for_what_the_reader_may_give(passed, duty):
    text = passed.client("officer").get(passed.url("duties/")).content.decode()
    assert f'name="duty" value="{duty.pk}"' in text
    text = passed.client("operator").get(passed.url("duties/")).content.decode()
    assert f'name="duty" value="{duty.pk}"' not in text and 'name="duty"' in text
    assert 'name="duty"' not in passed.client("auditor").get(passed.url("duties/")).content.decode()


def test_timeline_says_who_gave_the_duty_to_whom(passed, duty):
    give(passed, "officer", "owner", duty)
    give(passed, "owner", "officer", duty)
    give(passed, "officer", None, duty)
    story = passed.client("officer").get(duty.get_absolute_url()).context["story"]
    assert [(one.what, one.who) for one in story[:3]] == [
        ("Given back: nobody in particular has it", "Officer"),
        ("Passed on to another person", "Owner"),
        ("Given to a person", "Officer"),
    ]
    assert story[1].changes == [("assigned to", "Owner", "Officer")]


def test_reconcile_leaves_the_assignee_alone(passed, duty):
    give(passed, "officer", "officer", duty)
    build.count(duty.pip.scenarios.get(), 100_900, on=date(2026, 10, 5))
    reconcile(passed.pip, today=date(2026, 10, 12))
    assert whose(duty) == "officer"


def test_duty_page_says_who_stands_in(passed, duty, today):
    give(passed, "officer", "officer", duty)
    officer, owner = (Membership.objects.get(user=passed.people[role]) for role in ("officer", "owner"))
    Absence.objects.create(membership=officer, stand_in=owner, starts_on=today, ends_on=today)
    assert "Owner stands in" in passed.client("reviewer").get(duty.get_absolute_url()).content.decode()


def say(house, role, duty, text, *people):
    chosen = [house.people[one].pk for one in people]
    return house.client(role).post(f"{duty.get_absolute_url()}remark/", {"text": text, "people": chosen})


def waits_for(house, role):
    return Mention.objects.filter(user=house.people[role], read_at__isnull=True).count()


def test_remark_reaches_those_it_names_and_those_ticked(passed, duty):
    assert say(passed, "officer", duty, "@owner please look, cc @officer", "reviewer").status_code == 302
    assert [waits_for(passed, role) for role in ("owner", "reviewer", "officer", "operator")] == [1, 1, 0, 0]
    client = passed.client("owner")
    assert "A remark here is for you" in client.get(duty.get_absolute_url()).content.decode()
    client.post(f"{duty.get_absolute_url()}remarks/read/")
    assert waits_for(passed, "owner") == 0 and waits_for(passed, "reviewer") == 1


def test_answer_reads_what_was_said_before(passed, duty):
    say(passed, "officer", duty, "Seen?", "owner")
    say(passed, "owner", duty, "Yes.", "officer")
    assert (waits_for(passed, "owner"), waits_for(passed, "officer")) == (0, 1)


def test_remark_that_is_sent_twice_stands_once(passed, duty):
    for _click in range(2):
        assert say(passed, "officer", duty, "Ask the vendor.", "owner").status_code == 302
    assert (Remark.objects.count(), waits_for(passed, "owner")) == (1, 1)
    say(passed, "owner", duty, "Done.")
    say(passed, "officer", duty, "Ask the vendor.", "owner")
    assert (Remark.objects.count(), waits_for(passed, "owner")) == (3, 1)


def test_settled_remark_is_folded_and_waits_for_nobody(passed, duty):
    say(passed, "officer", duty, "Which scan?", "owner")
    url = passed.url(f"duties/remarks/{Remark.objects.get().pk}/settle/")
    passed.client("reviewer").post(url)
    page = passed.client("officer").get(duty.get_absolute_url())
    assert page.context["remarks"] == [] and [row.text for row in page.context["settled"]] == ["Which scan?"]
    assert waits_for(passed, "owner") == 0
    assert passed.client("reviewer").post(url).status_code == 409
    passed.client("officer").post(url, {"open": 1})
    assert [row.text for row in passed.client("officer").get(duty.get_absolute_url()).context["remarks"]]


def test_empty_remark_is_refused_on_the_page(passed, duty):
    answer = say(passed, "officer", duty, "   ")
    assert answer.status_code == 422 and not Remark.objects.exists()


def test_auditor_reads_remarks_and_writes_none(passed, duty):
    say(passed, "officer", duty, "Counted twice in March.")
    text = passed.client("auditor").get(duty.get_absolute_url()).content.decode()
    assert "Counted twice in March." in text and "Add the remark" not in text
    assert say(passed, "auditor", duty, "Me too").status_code == 403


def test_stranger_and_who_does_not_see_the_pip_are_not_mentioned(passed, duty, stranger):
    say(passed, "officer", duty, "@vendor @stranger", "vendor")
    assert not Mention.objects.exists()


def test_longest_name_after_the_sign_is_meant(passed):
    people = [passed.people["owner"], passed.people["officer"]]
    people[0].name, people[1].name = "王芳", "王芳芳"
    assert named_in("请@王芳芳确认", people) == [people[1]]
    assert named_in("请@王芳确认，@owner", people) == [people[0]]
    assert named_in("mail me at owner@acme", people) == []


def test_page_says_why_a_duty_cannot_be_waived(passed, duty):
    client = passed.client("owner")
    assert "its ground falls away" in client.get(duty.get_absolute_url()).content.decode()
    sign = Obligation.objects.open().get(rule="frm-13-sign")
    assert "Waive…" in client.get(sign.get_absolute_url()).content.decode()
    assert "A reviewer or an owner may let this stand" in (
        passed.client("officer").get(sign.get_absolute_url()).content.decode()
    )


def test_waiver_stands_in_the_timeline_of_the_duty(passed):
    sign = Obligation.objects.open().get(rule="frm-13-sign")
    place = passed.pip.deployments.get()
    waive(
        sign.rule,
        sign.subject,
        about=place,
        reason="moves in May",
        by=passed.people["reviewer"],
        today=date(2026, 10, 12),
    )
    story = passed.client("owner").get(sign.get_absolute_url()).context["story"]
    assert "Finding waived" in [one.what for one in story]


def test_duty_page_costs_the_same_with_three_remarks_and_with_eight(passed, duty, cost):
    client, costs = passed.client("officer"), []
    for number in (3, 5):
        for _ in range(number):
            say(passed, "officer", duty, "again", "owner", "reviewer")
        costs.append(cost(client, duty.get_absolute_url()))
    assert costs[0] == costs[1]

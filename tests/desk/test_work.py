"""My work: everything that waits for a person, in one list."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment
from filings.models import EndingTask, Termination
from portal.accounts.access import Access
from portal.accounts.grants import sync_all
from portal.accounts.models import Absence, Membership, TeamMember
from portal.accounts.services import end_membership, register_pip
from portal.clock.reconcile import reconcile
from portal.desk.team import team_of
from portal.desk.work import Wanted, my_work
from portal.obligations.models import Obligation
from portal.obligations.work import Hands
from portal.tenancy.models import Pip
from tests import build

DAY = date(2026, 10, 12)


def access_of(house, role):
    user = house.people[role]
    return Access(user, house.tenant, Membership.objects.get(user=user))


def parts_of(house, role, **wanted):
    access = access_of(house, role)
    return {part.urgency: part for part in my_work(Hands(access, DAY, (access.user.pk,)), Wanted(**wanted))}


def rules(house, role, **wanted):
    return {line.rule for part in parts_of(house, role, **wanted).values() for line in part.lines}


def page(house, role, query=""):
    answer = house.client(role).get(house.url(f"work/{query}"))
    assert answer.status_code == 200
    return answer


def lines(answer):
    return [line for part in answer.context["parts"] for line in part.lines]


def duty(house, number, **fields):
    defaults = {"rule": "frm-13-sign", "subject": f"deployment:X{number}", "why_en": "w", "why_zh": "w"}
    return Obligation.objects.create(tenant=house.tenant, **{"pip": house.pip} | defaults | fields)


def ending(house, **fields):
    row = Termination.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        reference="END-2026-0001",
        extent="whole",
        ended_on=DAY,
        reason="closed",
        way="nothing",
        started_at=timezone.now(),
    )
    return task_of(row, 1, **fields)


def task_of(row, position, **fields):
    of = {"tenant": row.tenant, "pip": row.pip, "termination": row, "position": position}
    return EndingTask.objects.create(**of | {"code": "signs", "due_on": DAY} | fields)


def test_list_is_parted_by_urgency_and_the_worst_comes_first(house):
    for number, fields in enumerate(
        [
            {"is_critical": True},
            {"due_on": DAY - timedelta(days=1), "safe_on": DAY - timedelta(days=1)},
            {"due_on": DAY + timedelta(days=6), "safe_on": DAY + timedelta(days=6)},
            {"due_on": DAY + timedelta(days=7), "safe_on": DAY + timedelta(days=7)},
            {},
        ]
    ):
        duty(house, number, **fields)
    found = parts_of(house, "officer")
    assert {name: [line.about for line in part.lines] for name, part in found.items()} == {
        "overdue": ["X0", "X1"],
        "week": ["X2"],
        "later": ["X3"],
        "undated": ["X4"],
    }


def test_aim_that_passed_without_the_last_day_belongs_to_this_week(house):
    duty(house, 1, due_on=DAY, safe_on=DAY - timedelta(days=2))
    assert [part for part, found in parts_of(house, "officer").items() if found.lines] == ["week"]


def test_role_sees_what_it_can_act_on_and_what_was_given_to_it(passed):
    assert "frm-15-initial" in rules(passed, "officer") and "frm-13-sign" in rules(passed, "officer")
    assert "frm-15-initial" not in rules(passed, "operator") and "frm-13-sign" in rules(passed, "operator")
    assert rules(passed, "reviewer") == set() == rules(passed, "auditor")
    Obligation.objects.filter(rule="frm-13-sign").update(assignee=passed.people["officer"])
    assert "frm-13-sign" not in rules(passed, "operator") and "frm-13-sign" in rules(passed, "officer")
    assert rules(passed, "officer", whose="mine") == {"frm-13-sign"}
    assert "frm-13-sign" not in rules(passed, "officer", whose="free")


def test_stand_in_finds_the_absent_persons_work_marked_as_such(passed, today):
    Obligation.objects.filter(rule="frm-15-initial").update(assignee=passed.people["officer"])
    assert "frm-15-initial" not in {line.rule for line in lines(page(passed, "owner"))}
    officer, owner = (Membership.objects.get(user=passed.people[role]) for role in ("officer", "owner"))
    Absence.objects.create(membership=officer, stand_in=owner, starts_on=today, ends_on=today)
    answer = page(passed, "owner")
    assert "frm-15-initial" in {line.rule for line in lines(answer)}
    assert "for Officer" in answer.content.decode() and "Officer is away: you stand in" in answer.content.decode()


def test_stand_in_sees_no_more_pips_than_before(passed, today):
    officer, vendor = (Membership.objects.get(user=passed.people[role]) for role in ("officer", "vendor"))
    Obligation.objects.filter(rule="frm-15-initial").update(assignee=passed.people["officer"])
    Absence.objects.create(membership=officer, stand_in=vendor, starts_on=today, ends_on=today)
    assert passed.client("vendor").get(passed.url("work/")).status_code == 403


def test_task_of_an_end_of_use_waits_for_its_owner(house):
    task = ending(house, owner=house.people["operator"])
    assert [line.kind for line in lines(page(house, "operator"))] == ["ending"]
    assert lines(page(house, "officer")) == []
    EndingTask.objects.filter(pk=task.pk).update(owner=None)
    assert [line.kind for line in lines(page(house, "officer"))] == ["ending"]
    EndingTask.objects.filter(pk=task.pk).update(done_on=DAY)
    assert lines(page(house, "officer")) == []


def assessment(house, **fields):
    of = {"tenant": house.tenant, "pip": house.pip, "title": "Gate", "template": "frm-1"}
    whole = dict.fromkeys(("has_lawfulness", "has_rights_impact", "has_risks", "has_measures"), True)
    return Assessment.objects.create(written_by=house.people["officer"], **of | whole | fields)


def test_assessment_waits_for_another_person_than_its_author_and_goes_back_to_writers(house):
    row = assessment(house, reference="PIA-2026-0001", state="submitted")
    assert [line.code for line in lines(page(house, "reviewer"))] == ["PIA-2026-0001"]
    assert [line.code for line in lines(page(house, "owner"))] == ["PIA-2026-0001"]
    assert lines(page(house, "officer")) == []
    Assessment.objects.filter(pk=row.pk).update(state="returned", written_by=house.people["owner"])
    assert lines(page(house, "reviewer")) == []
    assert [line.badge for line in lines(page(house, "officer"))] == ["returned"]


def test_remark_that_names_a_person_waits_until_he_read_it(passed):
    row = Obligation.objects.get(rule="frm-15-initial")
    passed.client("officer").post(f"{row.get_absolute_url()}remark/", {"text": "@reviewer is the method right?"})
    answer = page(passed, "reviewer")
    (line,) = lines(answer)
    assert (line.kind, line.posts) == ("mention", True) and "is the method right?" in answer.content.decode()
    assert passed.client("reviewer").post(line.url).headers["Location"].endswith("#remarks")
    assert lines(page(passed, "reviewer")) == []


def test_many_of_one_rule_are_three_lines_and_the_way_to_all(house):
    for number in range(8):
        duty(house, number)
    (bundle,) = parts_of(house, "officer")["undated"].bundles
    assert (bundle.total, len(bundle.lines), bundle.more) == (8, 3, 5)
    assert "See all 8: 5 more" in page(house, "officer").content.decode()
    assert len(lines(page(house, "officer", "?due=undated"))) == 8


def to_all(answer):
    return [one["url"] for _part, bundles in answer.context["shown"] for one in bundles if "url" in one]


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 15), ("?whose=mine", 4), ("?whose=free", 11), ("?pip=91330106MA2HTEXTX3", 6)],
)
def test_way_to_all_leads_to_what_the_part_counts_by_the_readers_filter(house, today, query, number):
    other = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="Other", province="33"))
    for at in range(4):
        duty(house, f"late{at}", is_critical=True, assignee=house.people["officer"])
    for at in range(5):
        duty(house, f"free{at}", is_critical=True)
        duty(house, f"undated{at}")
        duty(house, f"others{at}", is_critical=True, assignee=house.people["operator"])
        duty(house, f"week{at}", due_on=today, safe_on=today)
    for at in range(6):
        duty(house, f"other{at}", is_critical=True, pip=other)
    answer = page(house, "officer", query)
    first = to_all(answer)[0]
    assert answer.context["parts"][0].bundles[0].total == number
    shown = house.client("officer").get(first)
    assert shown.context["count"] == number
    assert {row.is_critical for row in shown.context["rows"]} == {True}


def test_way_to_all_of_whom_the_reader_stands_in_for_leads_to_his_too(house, today):
    officer, owner = (Membership.objects.get(user=house.people[role]) for role in ("officer", "owner"))
    Absence.objects.create(membership=officer, stand_in=owner, starts_on=today, ends_on=today)
    for at in range(4):
        duty(house, at, assignee=house.people["officer"])
    (url,) = to_all(page(house, "owner", "?whose=mine"))
    assert house.client("owner").get(url).context["count"] == 4


@pytest.mark.parametrize(("number", "is_open"), [(2, True), (3, False)])
def test_what_can_wait_is_folded_in_a_long_list_only(house, number, is_open):
    for at in range(4):
        duty(house, f"late{at}", is_critical=True)
    for rule in ("frm-13-sign", "frm-13-capture-area", "default-sign-inspection", "frm-13-necessity")[: number + 1]:
        for at in range(4):
            duty(house, f"{rule}{at}", rule=rule)
    answer = page(house, "officer")
    assert ("undated" in answer.context["open_parts"]) == is_open
    assert "overdue" in answer.context["open_parts"]
    assert "undated" in page(house, "officer", "?due=undated").context["open_parts"]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [("kind=ending", {"ending"}), ("kind=sign", {"sign"}), ("due=later", set()), ("whose=mine", {"ending"})],
)
def test_list_is_filtered(house, query, kinds):
    ending(house, owner=house.people["officer"])
    duty(house, 1)
    duty(house, 2, is_critical=True)
    assert {line.kind for line in lines(page(house, "officer", f"?{query}"))} == kinds


def test_list_of_one_pip_leaves_the_others_out(house):
    other = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="Other", province="33"))
    duty(house, 1)
    duty(house, 2, pip=other)
    assert [line.pip for line in lines(page(house, "officer", f"?pip={other.uscc}"))] == ["Other"]


def everything(house, start, stop):
    for number in range(start, stop):
        place = build.deployment(house.pip, f"D{number}")
        build.device(place, f"SN{number}")
        assessment(house, reference=f"PIA-2026-{number:04d}", state="returned")
    reconcile(house.pip, today=DAY)


def test_list_costs_the_same_at_three_and_at_eight(house, cost):
    client, costs = house.client("officer"), []
    client.get(house.url("work/"))  # what is learnt once
    task = ending(house, owner=house.people["officer"])
    for start, stop in ((0, 3), (3, 8)):
        everything(house, start, stop)
        for number in range(start, stop):
            task_of(task.termination, number + 2)
        costs.append(cost(client, house.url("work/")))
    assert costs[0] == costs[1]


def test_all_kinds_of_work_take_twelve_statements_at_most(house):
    everything(house, 0, 3)
    ending(house)
    access = access_of(house, "officer")
    hands = Hands(access, DAY, (access.user.pk,))
    assert hands.pips("view_pip")
    with CaptureQueriesContext(connection) as queries:
        my_work(hands, Wanted())
    assert len(queries) <= 12


def test_list_of_ten_thousand_duties_shows_few_and_counts_all(house):
    of = {"tenant": house.tenant, "pip": house.pip, "rule": "frm-13-sign", "why_en": "w", "why_zh": "w"}
    Obligation.objects.bulk_create(Obligation(subject=f"deployment:X{number}", **of) for number in range(10_000))
    answer = page(house, "officer")
    assert answer.context["total"] == 10_000 and len(lines(answer)) == 3


def test_vendor_has_no_list(house):
    assert house.client("vendor").get(house.url("work/")).status_code == 403


@pytest.mark.parametrize("way", ["left", "sees the PIP no more"])
def test_work_of_somebody_who_is_gone_is_nobodys_again(passed, way):
    operator = passed.people["operator"]
    Obligation.objects.filter(rule="frm-15-initial").update(assignee=operator)
    ending(passed, owner=operator)
    assert "frm-15-initial" not in rules(passed, "officer")
    if way == "left":
        end_membership(Membership.objects.get(user=operator), on=DAY - timedelta(days=1))
    else:
        TeamMember.objects.filter(membership__user=operator).delete()
        sync_all()
    for whose in ("", "free"):
        assert "frm-15-initial" in rules(passed, "officer", whose=whose)
        assert "ending" in {
            line.kind for part in parts_of(passed, "officer", whose=whose).values() for line in part.lines
        }
    assert "frm-15-initial" not in rules(passed, "officer", whose="mine")
    lines, free = team_of(access_of(passed, "owner"), DAY)
    assert sum(line.open for line in lines) == 0
    assert free.open == Obligation.objects.open().count() + 1
    listed = passed.client("owner").get(passed.url("duties/?whose=nobody&rule=frm-15-initial&view=each"))
    assert [row.rule for row in listed.context["rows"]] == ["frm-15-initial"]

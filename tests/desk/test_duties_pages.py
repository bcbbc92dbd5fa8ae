"""The worklist and the page of a duty."""

from datetime import UTC, date, datetime

import pytest

from portal.calendars.clock import calendar
from portal.clock.reconcile import columns, reconcile
from portal.desk.acts import KINDS, days_left, reckoning_of
from portal.law import facts
from portal.law.engine import RULES, duties
from portal.obligations.models import Obligation, Reminder
from tests import build


def filing_duty(house):
    with house.acting("officer"):
        return Obligation.objects.get(rule="frm-15-initial")


def test_worklist_shows_open_duties_worst_first(passed):
    page = passed.client("officer").get(passed.url("duties/"))
    rows = page.context["rows"]
    assert [row.is_critical for row in rows] == sorted((row.is_critical for row in rows), reverse=True)
    assert {row.state for row in rows} == {"open"}
    assert "frm-15-initial" in {row.rule for row in rows}


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("kind=sign", {"frm-13-sign"}),
        ("when=overdue", set()),
        ("when=dated", {"frm-15-initial"}),
        ("firmness=firm", {"frm-15-initial"}),
        ("firmness=provisional", set()),
        ("state=met", {"pipl-26-purpose-lock"}),
        ("q=deployment:D1", {"frm-13-necessity", "frm-13-capture-area", "frm-13-sign"}),
        (f"pip={build.USCC}&kind=filing", {"frm-15-initial"}),
        ("pip=no-such-pip&kind=sign", {"frm-13-sign"}),
    ],
)
def test_worklist_is_filtered(passed, query, rules):
    page = passed.client("officer").get(passed.url(f"duties/?{query}"))
    assert {row.rule for row in page.context["rows"]} == rules


def test_duties_by_rule_put_the_dates_of_a_statute_first_and_lead_to_each(passed):
    client = passed.client("officer")
    page = client.get(passed.url("duties/?view=rules"))
    groups = page.context["groups"]
    assert groups[0].rule == "frm-15-initial" and groups[0].first is not None
    unlawful = [bool(one.critical) for one in groups[1:]]
    assert unlawful == sorted(unlawful, reverse=True) and any(unlawful)
    with passed.acting("officer"):
        assert sum(one.number for one in groups) == Obligation.objects.open().count()
    assert 'href="?rule=frm-15-initial"' in page.content.decode()
    assert {row.rule for row in client.get(passed.url("duties/?rule=frm-15-initial")).context["rows"]} == {
        "frm-15-initial"
    }


def test_duties_of_a_large_workspace_open_by_rule_and_those_of_a_small_one_each(passed):
    client = passed.client("officer")
    assert "rows" in client.get(passed.url("duties/")).context
    with passed.acting("officer"):
        duty = Obligation.objects.first()
        Obligation.objects.bulk_create(
            Obligation(tenant=duty.tenant, pip=duty.pip, rule="frm-13-sign", subject=f"deployment:X{number}")
            for number in range(51)
        )
    assert "groups" in client.get(passed.url("duties/")).context
    assert "rows" in client.get(passed.url("duties/?view=each")).context


def test_pages_of_the_worklist_hold_every_duty_once_and_lead_back(house, today):
    for number in range(30):
        # A running deployment may not hold a camera in a hotel room; a suspended one may still have to answer for it.
        status = "suspended" if number % 9 == 0 else "active"
        place = build.deployment(house.pip, f"D{number:03}", status=status)
        build.device(place, f"SN{number}", space_type="hotel_room" if number % 9 == 0 else "")
    build.count(place, 100_000, on=date(2026, 10, 4))
    reconcile(house.pip, today=today)
    with house.acting("officer"):
        expected = list(Obligation.objects.open().worst_first().values_list("pk", flat=True))
    client, url, seen, pages = house.client("officer"), house.url("duties/?view=each"), [], []
    while True:
        page = client.get(url).context
        pages.append([row.pk for row in page["rows"]])
        seen += pages[-1]
        if not page["leaf"].older:
            break
        url = house.url(f"duties/?{page['leaf'].older}")
    assert seen == expected and len(pages) == 3
    back = client.get(house.url(f"duties/?{page['leaf'].newer}")).context
    assert [row.pk for row in back["rows"]] == pages[1]
    first = client.get(house.url(f"duties/?{back['leaf'].newer}")).context
    assert [row.pk for row in first["rows"]] == pages[0]
    assert first["leaf"].newer == ""


def test_unreadable_cursor_shows_the_top(passed):
    client = passed.client("officer")
    top = [row.pk for row in client.get(passed.url("duties/")).context["rows"]]
    for cursor in ("after=x", "before=1_2_3", "after=1__", "before="):
        assert [row.pk for row in client.get(passed.url(f"duties/?{cursor}")).context["rows"]] == top


def test_worklist_costs_the_same_at_three_and_at_eight(house, today, cost):
    client = house.client("officer")
    costs = []
    for numbers in (range(3), range(3, 8)):
        for number in numbers:
            build.device(build.deployment(house.pip, f"D{number}"), f"SN{number}")
        reconcile(house.pip, today=today)
        costs.append(cost(client, house.url("duties/")))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("role", ["owner", "officer", "reviewer", "operator", "auditor"])
def test_duty_explains_its_date_day_by_day(passed, role):
    duty = filing_duty(passed)
    page = passed.client(role).get(duty.get_absolute_url())
    reckoning = page.context["reckoning"]
    assert (reckoning.trigger, reckoning.due) == (date(2026, 10, 4), duty.due_on)
    # 2026-10-10 is worked as a make-up Saturday, 2026-10-05 is a day off: the notice is named.
    text = page.content.decode()
    assert "Make-up working day" in text and "day off" in text
    assert "FRM Art 15" in text
    assert not page.context["is_moved"]


def test_vendor_sees_no_duty(passed):
    client = passed.client("vendor")
    assert client.get(passed.url("duties/")).status_code == 403
    assert client.get(filing_duty(passed).get_absolute_url()).status_code == 403


def test_duty_of_another_workspace_is_not_found(passed, stranger):
    duty = filing_duty(passed)
    assert stranger.client("officer").get(stranger.url(f"duties/{duty.pk}/")).status_code == 404
    assert stranger.client("officer").get(duty.get_absolute_url()).status_code == 404


def test_duty_shows_rungs_and_who_was_told(passed):
    page = passed.client("officer").get(filing_duty(passed).get_absolute_url())
    with passed.acting("officer"):
        assert len(page.context["rungs"]) == Reminder.objects.filter(obligation__rule="frm-15-initial").count() > 3
    assert {(row.user.name, row.channel) for row in page.context["deliveries"]} == {
        (name, channel) for name in ("Owner", "Officer") for channel in ("inbox", "mail")
    }


def test_operator_does_not_see_the_delivery_log_of_a_duty(passed):
    page = passed.client("operator").get(filing_duty(passed).get_absolute_url())
    assert page.context["deliveries"] == [] and page.context["story"] == []


def test_unconfirmed_filing_leads_to_the_confirmation_and_for_readers_to_nothing(passed):
    duty = filing_duty(passed)
    act = passed.client("officer").get(duty.get_absolute_url()).context["act"]
    assert act.url == passed.url(f"register/pips/{build.USCC}/crossing/")
    assert passed.client("auditor").get(duty.get_absolute_url()).context["act"] is None


def test_confirmed_filing_opens_the_dossier_by_a_post(passed):
    with passed.acting("officer"):
        Obligation.objects.filter(rule="frm-15-initial").update(is_confirmed=True)
    duty = filing_duty(passed)
    act = passed.client("officer").get(duty.get_absolute_url()).context["act"]
    assert act.posts and act.url == passed.url(f"filings/open/{duty.pk}/")


@pytest.mark.parametrize(
    "rule",
    [
        "frm-02-scope",
        "frm-04-purpose",
        "frm-05-notice",
        "frm-08-storage",
        "frm-09-pipia-before-use",
        "frm-10-alternative",
        "frm-13-necessity",
        "frm-13-sign",
        "frm-14-protection",
        "frm-15-confirm-count",
    ],
)
def test_every_kind_of_open_duty_offers_its_act(passed, rule):
    with passed.acting("officer"):
        duty = Obligation.objects.get(rule=rule)
    act = passed.client("officer").get(duty.get_absolute_url()).context["act"]
    assert act is not None and act.url.startswith(passed.url(""))


def test_every_rule_has_a_kind_with_words():
    assert {rule.kind for rule in RULES} <= KINDS.keys()


def test_every_dated_duty_can_be_reckoned_again():
    """A rule with a clock that the desk doesn't know would show a date without its days."""
    done_on = date(2026, 7, 1)
    gate = facts.ScenarioFacts(
        "GATE",
        is_live=True,
        started_on=date(2026, 3, 1),
        assessment_approved_on=date(2026, 2, 1),
        retention_ends_on=done_on,
        alternatives=(facts.AlternativeFacts("card", done_on),),
        controls=(facts.ControlFacts("encryption", "in_place", True, done_on),),
    )
    lab = facts.ScenarioFacts("LAB", in_scope=False, scope="out_rnd", scope_recheck_on=done_on)
    place = facts.DeploymentFacts(
        "D1", "GATE", status="active", place_type="public", signs=(facts.SignFacts("SG1", done_on),)
    )
    found = set()
    for day in (date(2025, 5, 1), date(2026, 9, 4)):
        pip = facts.PipFacts(
            uscc="x",
            scenarios=(gate, lab),
            deployments=(place,),
            counts=(facts.Count(day, "GATE", None, 150_000),),
            incidents=(facts.IncidentFacts("INC-1", datetime(2026, 9, 7, tzinfo=UTC), grade="major"),),
        )
        for duty in duties(pip, calendar(), on=date(2026, 10, 12)):
            if duty.due:
                found.add(duty.rule)
                row = Obligation(rule=duty.rule, **columns(duty))
                assert reckoning_of(row, calendar()) == duty.reckoning
    assert len(found) > 6


@pytest.mark.parametrize(
    ("due_on", "numbers"),
    [(date(2026, 10, 19), [0, 1, 2, 3, 4, None, None, 5]), (date(2026, 10, 9), []), (date(2027, 3, 1), [])],
)
def test_date_that_is_not_counted_shows_the_working_days_that_are_left(house, today, due_on, numbers):
    row = Obligation(due_on=due_on, safe_on=due_on)
    strip = days_left(row, today, calendar())
    assert [day.number for day in strip] == numbers
    assert [day.is_due for day in strip] == [False] * (len(numbers) - 1) + [True] * bool(numbers)


def test_duty_without_an_owner_names_nobody(passed):
    page = passed.client("officer").get(filing_duty(passed).get_absolute_url())
    assert page.context["whose"] == "nobody's yet"
    Obligation.objects.update(assignee=passed.people["operator"])
    page = passed.client("officer").get(filing_duty(passed).get_absolute_url())
    assert str(page.context["whose"]) == "Operator"

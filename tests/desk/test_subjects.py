"""What duties are about: found by a table that apps fill, and the act that each kind of duty offers."""

from datetime import UTC, date, datetime

import pytest

from portal.calendars.clock import calendar
from portal.clock.reconcile import columns, reconcile
from portal.law.duties import Duty
from portal.law.engine import RULES, duties
from portal.law.facts import CaseFacts, ChangeFacts, FilingFacts, IncidentFacts, MlpsFacts, PipFacts, SiteFacts
from portal.obligations import subjects
from portal.obligations.models import Obligation
from tests import build


def stored(house, rule, subject):
    """A row as reconcile would store it."""
    return Obligation.objects.create(
        tenant=house.tenant, pip=house.pip, rule=rule, subject=subject, why_en="Because.", why_zh="因为。"
    )


def test_a_duty_of_a_site_names_it_and_leads_to_it(house):
    place = build.site(house.pip, "S-7", name="East gate")
    duty = stored(house, "video-17-retention", "site:S-7")
    page = house.client("officer").get(duty.get_absolute_url())
    assert page.context["duty"].about == subjects.Subject("East gate", "S-7", place.get_absolute_url())
    assert page.context["act"].url == f"{place.get_absolute_url()}video/"
    assert place.get_absolute_url() in page.content.decode()


def test_a_duty_of_the_pip_itself_leads_to_its_proof(house):
    duty = stored(house, "pipl-51-internal-rules", f"pip:{house.pip.uscc}")
    act = house.client("officer").get(duty.get_absolute_url()).context["act"]
    assert act.url == f"{house.pip.get_absolute_url()}governance/internal_rules/new/"


@pytest.mark.parametrize("subject", ["site:GONE", "planet:X", "filing:FIL-9"])
def test_a_subject_that_is_gone_has_no_page_and_breaks_none(house, subject):
    duty = stored(house, "video-17-retention", subject)
    page = house.client("officer").get(duty.get_absolute_url())
    assert page.status_code == 200 and page.context["act"] is None
    assert page.context["duty"].about == subjects.Subject(subject.split(":")[1], "", "")
    assert house.client("officer").get(house.url("duties/")).status_code == 200


def test_codes_are_looked_up_within_their_own_pip(house, stranger):
    with stranger.acting("officer"):
        build.site(stranger.pip, "S-7", name="Not ours")
    duty = stored(house, "video-17-retention", "site:S-7")
    assert subjects.row_of(duty) is None


def test_a_kind_of_subject_is_registered_once(monkeypatch):
    monkeypatch.setattr(subjects, "KINDS", dict(subjects.KINDS))
    other = subjects.SubjectKind(lambda: Obligation.objects.none(), "pk", str, "Open it")
    subjects.register("moon", other)
    subjects.register("moon", other)
    for taken in ("site", "pip"):
        with pytest.raises(ValueError, match=taken):
            subjects.register(taken, other)


def test_the_subjects_of_the_register_and_of_filings_are_known():
    assert subjects.KINDS.keys() >= {"scenario", "site", "deployment", "filing"}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_may_stand_on_every_page_of_duties(house, rule):
    duty = stored(house, rule, f"pip:{house.pip.uscc}")
    client = house.client("auditor")
    assert client.get(duty.get_absolute_url()).status_code == 200
    rows = client.get(house.url(f"duties/?rule={rule}")).context["rows"]
    assert [row.pk for row in rows] == [duty.pk]


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("frm-17-complaint", "promptly"),
        ("pipl-57-incident", "at once"),
        ("csl-23-logs", "no fixed date"),
        ("frm-09-pipia-before-use", "before use"),
    ],
)
def test_a_duty_without_a_date_says_when_all_the_same(house, rule, word):
    stored(house, rule, f"pip:{house.pip.uscc}")
    row = house.client("officer").get(house.url(f"duties/?rule={rule}")).context["rows"][0]
    assert str(row.undated) == word


def every_dated_duty() -> list[Duty]:
    """Duties of many rules with a day, each reckoned in its own way."""
    day = date(2026, 9, 4)
    pip = PipFacts(
        "U",
        cases=(CaseFacts("C1", "access", day), CaseFacts("C2", "inspection", day, due_on=date(2026, 10, 16))),
        changes=(ChangeFacts("X", day, True),),
        filings=(FilingFacts("F", "initial", "accepted", date(2025, 7, 1), date(2025, 7, 20), "N"),),
        incidents=(IncidentFacts("I", datetime(2026, 9, 4, tzinfo=UTC), grade="large"),),
        sites=(SiteFacts("S", video_category="P7A", video_in_use_on=day),),
        mlps=(MlpsFacts("M", 2, graded_on=day),),
        million_reached_on=date(2024, 1, 1),
    )
    return [duty for duty in duties(pip, calendar()) if duty.due]


@pytest.mark.parametrize("duty", every_dated_duty(), ids=lambda duty: f"{duty.rule} {duty.subject}")
def test_the_page_shows_the_days_as_the_rule_counted_them(house, duty):
    row = Obligation.objects.create(
        tenant=house.tenant, pip=house.pip, rule=duty.rule, subject=duty.subject, **columns(duty)
    )
    page = house.client("officer").get(row.get_absolute_url())
    assert page.context["reckoning"] == duty.reckoning
    assert not page.context["is_moved"]
    assert "Why this date" in page.content.decode()


def test_a_date_in_a_year_without_a_calendar_is_shown_without_its_days(house, today):
    pip = PipFacts("U", cases=(CaseFacts("C", "inspection", today, due_on=today.replace(year=2019)),))
    duty = next(duty for duty in duties(pip, calendar()) if duty.due)
    row = Obligation.objects.create(
        tenant=house.tenant, pip=house.pip, rule=duty.rule, subject=duty.subject, **columns(duty)
    )
    page = house.client("officer").get(row.get_absolute_url())
    assert page.status_code == 200 and page.context["reckoning"] is None
    assert "2019-10-12" in page.content.decode() and page.context["duty"].mark == "overdue"
    listed = house.client("officer").get(house.url("duties/?when=overdue"))
    assert [one.left for one in listed.context["rows"]] == [None] and "overdue" in listed.content.decode()


def test_reconcile_keeps_how_a_date_was_reckoned(house, today):
    place = build.deployment(house.pip)
    build.count(place, 100_718, on=today.replace(day=4))
    reconcile(house.pip, today=today)
    row = Obligation.objects.get(rule="frm-15-initial")
    assert (row.reckoned_from, row.reckoned_days, row.reckoned_unit) == (today.replace(day=4), 30, "working")

"""The other clocks of the same engine: each has its duty, its date and the page on which it is met."""

from datetime import date

import pytest

from deployments import services
from deployments.models import GovernanceRecord, MlpsSystem
from portal.clock.reconcile import reconcile
from portal.law.sources import Cite
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from tests import build


def kept(pip: Pip, kind: str, done_on: date, **fields) -> GovernanceRecord:
    return GovernanceRecord.objects.create(tenant=pip.tenant, pip=pip, kind=kind, done_on=done_on, **fields)


def video(pip: Pip) -> None:
    """A station whose video system was put into use on 1 September."""
    build.site(pip, video_category="P7-2", video_in_use_on=date(2026, 9, 1))


def million(pip: Pip) -> None:
    """A million persons of whom any personal information is held, entered by hand."""
    services.edit_pip(pip, total_pi_persons=1_000_000, million_reached_on=date(2026, 9, 4))


def ten_million(pip: Pip) -> None:
    """More than ten million persons, audited last year."""
    services.edit_pip(pip, total_pi_persons=10_000_001, million_reached_on=date(2025, 9, 4))
    build.deployment(pip)
    kept(pip, "audit", date(2025, 6, 2))


def minors(pip: Pip) -> None:
    """Minors since last year; that year is reported."""
    scenario = build.scenario(pip, subject_groups=["aged_14_17"])
    build.deployment(pip, scenario=scenario, started_on=date(2025, 3, 2))
    kept(pip, "minors_audit", date(2026, 1, 20), year=2025)


def mlps(pip: Pip) -> None:
    """A system of level 3, tested in spring."""
    build.deployment(pip)
    days = {"graded_on": date(2025, 12, 1), "filed_on": date(2025, 12, 20), "refiled_on": date(2025, 12, 20)}
    MlpsSystem.objects.create(tenant=pip.tenant, pip=pip, name="platform", level=3, tested_on=date(2026, 3, 2), **days)


@pytest.mark.parametrize(
    ("arrange", "rule", "due", "unit", "cite", "page"),
    [
        # 30 natural days: the last one, 1 October, is a day of rest, as are those until the 7th.
        (video, "video-14-police-filing", "2026-10-08", "natural", "VIDEO-14", "/video/"),
        (million, "cac-officer-report", "2026-10-22", "working", "CAC-2025-07-18", "/governance/officer_report/new/"),
        (minors, "minors-37-audit", "2027-01-31", "fixed", "MINORS-37", "/governance/minors_audit/new/"),
        (ten_million, "pipl-54-audit", "2027-06-02", "fixed", "PIPL-54", "/governance/audit/new/"),
        (mlps, "csl-mlps", "2027-03-02", "fixed", "CSL-23", "/governance/"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_clock_has_its_duty_its_date_and_its_page(house, today, arrange, rule, due, unit, cite, page):
    arrange(house.pip)
    reconcile(house.pip, today=today)
    duty = Obligation.objects.get(rule=rule)
    assert (duty.state, duty.due_on and duty.due_on.isoformat(), duty.reckoned_unit) == ("open", due, unit)
    assert cite in [one.key for one in duty.law.cites]
    client = house.client("officer")
    act = client.get(duty.get_absolute_url()).context["act"]
    assert page in act.url and client.get(act.url).status_code == 200


def test_million_without_its_day_asks_for_the_day_first(house, today):
    services.edit_pip(house.pip, total_pi_persons=1_000_000)
    reconcile(house.pip, today=today)
    duty = Obligation.objects.get(rule="cac-officer-report")
    act = house.client("officer").get(duty.get_absolute_url()).context["act"]
    assert duty.due_on is None and act.url.endswith("/edit/#id_million_reached_on")


def test_faces_never_make_up_the_million(house, today):
    build.count(build.scenario(house.pip), 3_000_000, date(2026, 9, 4))
    reconcile(house.pip, today=today)
    assert not Obligation.objects.filter(rule="cac-officer-report").exists()


def test_fall_is_reviewed_from_its_duty_by_who_may(house, today):
    scenario = build.scenario(house.pip)
    build.count(scenario, 100_000, date(2026, 9, 4))
    build.count(scenario, 9_000, date(2026, 10, 1))
    reconcile(house.pip, today=today)
    duty = Obligation.objects.get(rule="default-below-threshold")
    acts = {role: house.client(role).get(duty.get_absolute_url()).context["act"] for role in ("reviewer", "operator")}
    assert acts["reviewer"].url.endswith("/below/") and not acts["operator"].url.endswith("/below/")


def test_early_warning_leads_to_the_counts(house, today):
    build.count(build.scenario(house.pip), 85_000, date(2026, 9, 4))
    reconcile(house.pip, today=today)
    act = house.client("auditor").get(Obligation.objects.get(rule="frm-15-warning").get_absolute_url()).context["act"]
    assert act.url.endswith("/counts/")


def test_cites_of_the_clocks_are_known():
    assert Cite("MINORS", "37").label.en and Cite("CAC-2025-07-18").label.zh

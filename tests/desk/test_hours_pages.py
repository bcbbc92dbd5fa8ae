"""Duties in hours on the overview, the worklist, in the inbox and on their own page."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from portal.calendars.clock import civil_now
from portal.clock.handing import hand_on
from portal.clock.reconcile import reconcile
from portal.clock.reminders import plan
from portal.desk.summary import summaries
from portal.obligations.models import Obligation


@pytest.fixture
def report(house, today):
    """The report of an incident, due in three hours and a little."""
    reconcile(house.pip, today=today)
    due_at = civil_now() + timedelta(hours=3, minutes=5)
    row = Obligation.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        rule="incident-04-report",
        subject="incident:INC-1",
        due_at=due_at,
        safe_on=due_at.date(),
        why_en="4 hours to tell the provincial CAC.",
        why_zh="4小时内报告省级网信部门。",
    )
    plan(house.pip, [row], today=today)
    hand_on(house.tenant, today=today)
    return row


def pass_by(row):
    """Its moment has passed."""
    due_at = civil_now() - timedelta(minutes=1)
    Obligation.objects.filter(pk=row.pk).update(due_at=due_at, safe_on=due_at.date())


@pytest.mark.parametrize("path", ["", "duties/", "inbox/", "duties/{pk}/"])
def test_moment_stands_in_shanghai_time_with_the_hours_left(report, house, path):
    page = house.client("officer").get(house.url(path.format(pk=report.pk)))
    text = page.content.decode()
    assert f"{report.due_at:%Y-%m-%d %H:%M}" in text
    assert "3 hours left" in text


@pytest.mark.parametrize("path", ["", "duties/", "inbox/", "duties/{pk}/"])
def test_passed_moment_is_overdue_on_every_page(report, house, path):
    pass_by(report)
    text = house.client("officer").get(house.url(path.format(pk=report.pk))).content.decode()
    assert "overdue" in text and "hours left" not in text


def test_worklist_finds_what_is_overdue_by_the_clock(report, house):
    client, url = house.client("officer"), house.url("duties/?when=overdue")
    assert client.get(url).context["rows"] == []
    pass_by(report)
    assert [row.mark for row in client.get(url).context["rows"]] == ["overdue"]


def test_page_of_the_report_shows_no_strip_of_days(report, house):
    page = house.client("auditor").get(report.get_absolute_url())
    assert page.context["reckoning"] is None
    text = page.content.decode()
    assert "Why this moment" in text and "on days of rest too" in text and "Why this date" not in text


def test_overview_counts_it_and_keeps_the_number_no_longer_than_it_is_right(report, house, today):
    cache.clear()
    found = summaries([house.pip], today=today)[house.pip.pk]
    assert (found.overdue, found.next_at) == (0, report.due_at)
    Obligation.objects.filter(pk=report.pk).update(due_at=civil_now() + timedelta(seconds=1))
    cache.clear()
    assert summaries([house.pip], today=today)[house.pip.pk].overdue == 0
    pass_by(report)
    # Kept for the second that was left, cut to none: the next look reads anew, without any touch.
    assert summaries([house.pip], today=today)[house.pip.pk].overdue == 1

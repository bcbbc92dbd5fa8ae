"""Requests, rounds and dispatches at the same moment: nobody waits for ever, nothing is lost, nothing doubled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from portal.accounts.services import register_pip
from portal.clock.dispatch import dispatch
from portal.clock.reconcile import reconcile_touched
from portal.clock.sweep import sweep
from portal.obligations.models import Delivery, Obligation, Reminder
from portal.tenancy.models import Pip, touch_many
from tests import build

TURNS = 8


@pytest.fixture
def two_pips(committed, settings, tmp_path) -> tuple[build.House, Pip]:
    """Two PIPs that each passed the threshold, in committed rows."""
    settings.PORTAL_TODAY = "2026-10-12"
    settings.EVIDENCE_ROOT = tmp_path
    house = build.house("storm")
    with house.acting("officer"):
        other = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="二号", province="33"))
        for pip in (house.pip, other):
            place = build.deployment(pip, scenario=build.scenario(pip), site=build.site(pip))
            build.count(place.scenario, 100_500, date(2026, 9, 4))
    return house, other


def test_requests_rounds_and_dispatches_at_once_agree(two_pips):
    house, other = two_pips
    today, start = date(2026, 10, 12), Barrier(5, timeout=30)

    def request() -> None:
        with house.acting("officer"):
            touch_many([other.pk, house.pip.pk])
        with house.acting("officer"):
            reconcile_touched(today=today)

    acts = [request, request, lambda: sweep(today=today), *[lambda: dispatch(today=today)] * 2]

    def run(act) -> None:
        try:
            start.wait()
            for _turn in range(TURNS):
                act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))
    dispatch(today=today)
    with house.acting("officer"):
        assert Obligation.objects.filter(rule="frm-15-initial").count() == 2
        assert Reminder.objects.filter(state="sent").count() == 2
        assert Delivery.objects.filter(channel="mail", state="sent", attempts=1).count() == 4
        assert Delivery.objects.count() == 8

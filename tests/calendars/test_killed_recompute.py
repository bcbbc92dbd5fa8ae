"""The recomputing of dates, killed in the middle of its work, goes on where it was: nothing is lost or told twice."""

import os
import subprocess
import sys
import time
from datetime import date

import pytest
from django.db import connection

from portal.accounts.services import register_pip
from portal.calendars.clock import refresh
from portal.calendars.models import HolidayNotice
from portal.clock.sweep import sweep
from portal.embedded import testing
from portal.law.identifiers import uscc_check_character
from portal.obligations.models import DateMove, Obligation
from portal.tenancy.models import Pip
from portal.tenancy.session import acting
from tests import build
from tests.calendars.notices import Wall, confirmed_2027

NOW = date(2026, 11, 23)
PIPS, KILLS = 30, 3


def crossed(house: build.House) -> None:
    """Many PIPs that crossed the threshold today."""
    with house.acting("officer"):
        for number in range(PIPS):
            body = f"911101080000000{number:02d}"
            pip = register_pip(Pip(uscc=body + uscc_check_character(body), name=f"PIP {number}", province="11"))
            build.count(build.scenario(pip, f"S{number}"), 100_214, NOW)


def moved(house: build.House) -> list[DateMove]:
    with acting(house.tenant, actor="system:test"):
        return list(DateMove.objects.select_related("obligation").order_by("id"))


@pytest.mark.slow
@pytest.mark.committed
def test_killed_rounds_move_each_date_once(committed, settings, django_db_blocker):
    settings.PORTAL_TODAY = NOW.isoformat()
    servers = testing.start_test_servers()
    urls = {"DATABASE_URL": servers.database_url("app", committed), "PORTAL_TODAY": NOW.isoformat()}
    command = [sys.executable, "manage.py", "sweep"]
    with django_db_blocker.unblock():
        house = build.house("acme", roles=["owner", "officer"])
        crossed(house)
        sweep(today=NOW)
        confirmed_2027()
        for _kill in range(KILLS):
            before = len(moved(house))
            worker = subprocess.Popen(command, env=os.environ | urls, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
            deadline = time.monotonic() + 120
            while len(moved(house)) == before and worker.poll() is None and time.monotonic() < deadline:
                pass
            worker.kill()
            worker.wait()
        killed_at = len(moved(house))
        refresh()
        sweep(today=NOW)
        found = moved(house)
        with acting(house.tenant, actor="system:test"):
            rows = list(Obligation.objects.open().filter(rule="frm-15-initial"))
        is_through = HolidayNotice.objects.filter(recomputed_at__isnull=False).exists()
        connection.close()
    due, safe, firmness = Wall(with_2027=True).count(NOW, 30, "working")
    assert len(rows) == PIPS and {(row.due_on, row.safe_on, row.firmness) for row in rows} == {(due, safe, firmness)}
    assert 0 < killed_at < len(found)
    assert len({move.obligation_id for move in found}) == len(found)
    assert {row.pk for row in rows} <= {move.obligation_id for move in found}
    assert is_through

"""A freezing killed at any moment leaves the whole dossier or nothing of it, and the next round finishes it."""

import random
import time

import pytest
from django.db import connection

from filings import services
from filings.models import Freezing, Snapshot
from filings.tasks import freeze_dossier, take_waiting
from portal.evidence.services import check
from tests import build
from tests.filings import story
from tests.imports.test_apply_killed import kill_after, start

KILLS = 6


@pytest.mark.slow
def test_killed_freezing_leaves_all_or_nothing_and_is_finished_by_the_next_round(
    committed, today, settings, tmp_path, django_db_blocker
):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    chance = random.Random(20261127)
    seen = {"freezing": 0, "frozen": 0}
    with django_db_blocker.unblock():
        house = build.house("acme", roles=["officer", "reviewer"])
        with house.acting("officer"):
            filing = story.complete(house)
        officer, span = house.people["officer"], 4.0
        for turn in range(1, 3 * KILLS):
            with house.acting("officer"):
                order = services.order_freeze(filing, by=officer, today=today, wakes_worker=False)
            began = time.monotonic()
            was_killed = kill_after(start(freeze_dossier, order), chance.uniform(0, span))
            connection.close()
            if not was_killed:
                span = min(span, (time.monotonic() - began) * 0.9)
            with house.acting("officer"):
                filing.refresh_from_db()
                # Never between: the state, the snapshot and the end of the order come together.
                is_over = not Freezing.objects.get(pk=order.pk).is_running
                assert (filing.state == "frozen") == is_over == (Snapshot.objects.count() == turn)
                seen[filing.state] += was_killed
                Freezing.objects.filter(pk=order.pk, ended_at=None).update(lease_until=None)
            finish()
            with house.acting("officer"):
                filing.refresh_from_db()
                newest = Snapshot.objects.select_related("dossier", "pack").get(round=turn)
                assert filing.state == "frozen" and check(newest.dossier) == newest.dossier.size
                services.reopen(filing, by=officer)
            if sum(seen.values()) >= KILLS:
                break
        connection.close()
    print(seen)
    assert sum(seen.values()) >= KILLS and seen["freezing"] > 0


def finish() -> None:
    """Beat's round; the dead worker's lock goes with its connection, which the server may take a moment to notice."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        take_waiting()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM door_waiting_freezings('infinity')")
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("the order is still waiting")

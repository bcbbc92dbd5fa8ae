"""An import killed at any moment: the register is as before or as after, and a second run finishes it."""

import os
import random
import signal
import time
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection

from deployments.models import Deployment
from portal.audit.models import AuditEvent
from portal.imports.batches import in_name_of
from portal.imports.check import check
from portal.imports.direct import access_of
from portal.imports.models import ImportBatch
from portal.imports.services import order_apply, upload
from portal.imports.tasks import apply_import, check_import, take_waiting
from tests import build
from tests.imports.files import DEPLOYMENT, rows_of, table

ROWS, KILLS = 600, 12


def start(task: Callable[[int, int], None], batch: ImportBatch) -> int:
    """A worker's process that begins now: a fork with everything loaded and no connection of ours."""
    connection.close()
    child = os.fork()
    if child:
        return child
    try:
        task(batch.tenant_id, batch.pk)
    finally:
        os._exit(0)


def kill_after(child: int, seconds: float) -> bool:
    """Whether the process was still at work when it was killed."""
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.slow
def test_killed_apply_leaves_all_or_nothing_and_is_finished_by_the_next_round(
    committed, today, settings, tmp_path, django_db_blocker
):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    chance = random.Random(20261123)
    seen = {"before": 0, "after": 0}
    with django_db_blocker.unblock():
        house = build.house("acme", roles=["officer"])
        with house.acting("officer"):
            build.scenario(house.pip, "BOARDING")
        user = house.people["officer"]
        killed, span = 0, 1.0
        for turn in range(4 * KILLS):
            if killed >= KILLS:
                break
            changes = [{"deployment_code": f"FR-{number}", "note": f"turn {turn}"} for number in range(ROWS)]
            data = table(*rows_of({**DEPLOYMENT, "note": "", "pip_uscc": house.pip.uscc}, *changes))
            batch = checked(house, user, data)
            process = start(apply_import, batch)
            began = time.monotonic()
            if kill_after(process, chance.uniform(0, span)):
                killed += 1
            else:
                span = min(span, (time.monotonic() - began) * 0.9)
            connection.close()
            state, notes = what_is(house, batch)
            # Never between: every deployment has the note of this turn, or none has.
            assert notes <= {f"turn {turn}"} or not notes & {f"turn {turn}"}, notes
            assert (state == "applied") == (notes == {f"turn {turn}"})
            seen["after" if state == "applied" else "before"] += 1
            finish(house, batch)
            state, notes = what_is(house, batch)
            assert (state, notes) == ("applied", {f"turn {turn}"})
            assert events(house, batch) == ROWS + (turn == 0)
        connection.close()
    print(f"{killed} kills: {seen}")
    assert killed >= KILLS
    assert seen["before"] > 0


@pytest.mark.slow
def test_killed_check_is_taken_up_by_the_next_round(committed, today, settings, tmp_path, django_db_blocker):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    with django_db_blocker.unblock():
        house = build.house("acme", roles=["officer"])
        with house.acting("officer"):
            build.scenario(house.pip, "BOARDING")
            changes = [{"deployment_code": f"FR-{number}"} for number in range(8000)]
            data = table(*rows_of({**DEPLOYMENT, "pip_uscc": house.pip.uscc}, *changes)).encode()
            user = house.people["officer"]
            batch = upload(BytesIO(data), "a.csv", by=user, tenant_id=house.tenant.pk, wakes_worker=False)
        assert kill_after(start(check_import, batch), 0.15)
        connection.close()
        finish(house, batch)
        with house.acting("officer"):
            batch.refresh_from_db()
            assert (batch.state, batch.new, batch.import_rows.count()) == ("checked", 8000, 8000)
            assert not Deployment.objects.exists()
        connection.close()


def checked(house: build.House, user, data: str) -> ImportBatch:
    """A batch whose apply was asked for."""
    with in_name_of(house.tenant, user.pk, verb="import.upload"):
        batch = upload(BytesIO(data.encode()), "a.csv", by=user, tenant_id=house.tenant.pk, wakes_worker=False)
    check(house.tenant, batch.pk)
    with house.acting("officer"):
        batch.refresh_from_db()
        access = access_of(house.tenant, user)
        order_apply(batch, by=user, access=access, all_or_nothing=False, wakes_worker=False)
    return batch


def what_is(house: build.House, batch: ImportBatch) -> tuple[str, set[str]]:
    """The batch's state, and the notes that stand in the register."""
    with house.acting("officer"):
        batch.refresh_from_db()
        return batch.state, set(Deployment.objects.values_list("note", flat=True))


def finish(house: build.House, batch: ImportBatch) -> None:
    """Beat's round, once the dead worker's lease has run out."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with house.acting("officer"):
            ImportBatch.objects.filter(state__in=["checking", "applying"]).update(lease_until=None)
        take_waiting()
        with house.acting("officer"):
            batch.refresh_from_db()
        if batch.state not in ("uploaded", "checking", "applying"):
            return
        time.sleep(0.05)
    raise AssertionError(f"still {batch.state}")


def events(house: build.House, batch: ImportBatch) -> int:
    """Changes of the register that the trail notes for this batch."""
    with house.acting("officer"):
        return AuditEvent.objects.filter(
            verb="import.apply", table_name__startswith="deployments_", body__contains=f'"{batch.reference}"'
        ).count()

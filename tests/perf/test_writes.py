"""Rows that nobody changed are not written again: by the second import of a file, reconcile or round."""

import io

from django.db import connection

from bench.data import vendor_file
from portal.audit.models import AuditEvent
from portal.clock.reconcile import reconcile
from portal.clock.reminders import plan_overdue
from portal.imports.direct import access_of, import_now
from tests import build

REGISTER = ("deployments_deployment", "deployments_site", "deployments_scenario")
CLOCK = ("obligations_obligation", "obligations_reminder", "audit_auditevent")


def written(*tables: str) -> dict[str, int]:
    """Rows inserted, updated or deleted in each table since the transaction of the test began."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE relname = ANY (%s)",
            [list(tables)],
        )
        return dict(cursor.fetchall())


def register_events() -> int:
    """Entries of the trail that tell of a change in the register."""
    return AuditEvent.objects.filter(table_name__in=REGISTER).count()


def bring(house: build.House, content: bytes):
    user = house.people["officer"]
    access = access_of(house.tenant, user)
    return import_now(house.tenant, user, io.BytesIO(content), "file.csv", access=access, applies=True)


def test_second_import_of_the_same_file_writes_no_row_of_the_register(house, tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    build.scenario(house.pip)
    content = vendor_file(tmp_path / "file.csv", house.pip.uscc, 300).read_bytes()
    first = bring(house, content)
    assert (first.state, first.new) == ("applied", 300)
    before, events = written(*REGISTER), register_events()
    second = bring(house, content)
    assert (second.state, second.unchanged) == ("checked", 300)
    assert written(*REGISTER) == before
    assert register_events() == events


def test_import_writes_only_the_rows_that_changed(house, tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    build.scenario(house.pip)
    bring(house, vendor_file(tmp_path / "first.csv", house.pip.uscc, 300).read_bytes())
    before, events = written(*REGISTER), register_events()
    changed = vendor_file(
        tmp_path / "second.csv", house.pip.uscc, 300, lambda number: "停用检修" if number % 10 == 0 else "按计划运行"
    )
    batch = bring(house, changed.read_bytes())
    after = written(*REGISTER)
    assert (batch.changed, batch.unchanged) == (30, 270)
    assert after["deployments_deployment"] - before["deployments_deployment"] == 30
    assert after["deployments_site"] == before["deployments_site"]
    assert register_events() - events == 30


def test_second_reconcile_and_second_round_write_no_duty_and_no_rung(house, today):
    place = build.deployment(house.pip, site=build.site(house.pip))
    build.device(place)
    build.count(place.scenario, 120_000)
    reconcile(house.pip, today=today)
    plan_overdue(today=today)
    before = written(*CLOCK)
    assert before["obligations_obligation"] > 0
    outcome = reconcile(house.pip, today=today)
    plan_overdue(today=today)
    assert (outcome.new, outcome.changed, outcome.gone) == (0, 0, 0)
    assert written(*CLOCK) == before

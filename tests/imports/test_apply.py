"""Vendor files against the register: what the check says, what the apply writes, what it leaves alone."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection

from deployments.models import CaptureArea, Deployment, Device, PersonCount, Scenario, Sign, Site
from portal.accounts.services import register_pip
from portal.audit.models import AuditEvent
from portal.imports.direct import access_of, import_now
from portal.imports.models import ImportBatch
from portal.imports.reading.phrases import Problem
from portal.tenancy.models import Pip
from tests import build
from tests.imports.files import DEPLOYMENT, DEVICE, EAST, SAMPLES, SOUTH, rows_of, table

WEST = "91510107MA6CFRC35A"
REGISTER = (
    "deployments_site",
    "deployments_deployment",
    "deployments_capturearea",
    "deployments_device",
    "deployments_sign",
    "deployments_personcount",
)


@pytest.fixture
def uploads(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


@pytest.fixture
def group(db, today, uploads):
    """The three operators of the samples, each with a scenario BOARDING, as the officer."""
    made = build.house("group", uscc=EAST, name="示例机场服务集团有限公司")
    with made.acting("officer"):
        for uscc, province in ((SOUTH, "44"), (WEST, "51")):
            register_pip(Pip(uscc=uscc, name=f"示例 {province}", province=province))
        for pip in Pip.objects.all():
            build.scenario(pip, "BOARDING")
        yield made


def take(house, data, name="file.csv", *, role="officer", applies=True) -> ImportBatch:
    """Import bytes or a sample as a person of the role."""
    if isinstance(data, str):
        data = (SAMPLES / data).read_bytes() if data.startswith("airports") else data.encode()
    user = house.people[role]
    return import_now(house.tenant, user, BytesIO(data), name, access=access_of(house.tenant, user), applies=applies)


def tally(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.new, batch.changed, batch.unchanged, batch.errors


def writes() -> dict[str, int]:
    """Rows written so far in this transaction, by table of the register."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)",
            [list(REGISTER)],
        )
        return dict(cursor.fetchall())


def events() -> int:
    return AuditEvent.objects.filter(table_name__in=REGISTER).count()


def problems(batch: ImportBatch) -> list[tuple[int, str, str, str]]:
    return [
        (row.row, problem.column, problem.value, str(problem))
        for row in batch.import_rows.filter(result="error")
        for problem in map(Problem.from_json, row.problems)
    ]


def test_airports_come_in_once_and_write_nothing_the_second_time(group):
    first = take(group, "airports-deployments.csv")
    assert (first.state, tally(first)) == ("applied", (256, 0, 0, 0))
    assert (Deployment.objects.count(), Site.objects.count()) == (256, 256)
    pek = Deployment.objects.select_related("site", "scenario").get(code="FR-PKX-01")
    assert (pek.status, pek.started_on, pek.site.province) == ("active", date(2025, 2, 2), "11")
    assert AuditEvent.objects.filter(table_name="deployments_deployment", verb="import.apply").count() == 256
    written, told = writes(), events()
    second = take(group, "airports-deployments.csv")
    assert tally(second) == (0, 0, 256, 0)
    assert (writes(), events()) == (written, told)


def test_november_changes_three_adds_two_and_explains_both_broken_rows(group):
    take(group, "airports-deployments.csv")
    batch = take(group, "airports-deployments-november.csv")
    assert tally(batch) == (2, 3, 253, 2)
    told = problems(batch)
    assert {(row, column, value) for row, column, value, _words in told} == {
        (260, "统一社会信用代码", "91110105MA01FRA19Z"),
        (260, "启用日期", "2025-13-05"),
        (261, "应用场景编号", "NO-SUCH"),
        (261, "省份", "火星省"),
        (261, "终止日期", "2025-06-01"),
    }
    stored = [problem for row in batch.import_rows.filter(result="error") for problem in row.problems]
    assert all(str(Problem.from_json(problem).remedy) for problem in stored)
    terminated = Deployment.objects.get(code="FR-RHT-01")
    assert (terminated.status, terminated.ended_on) == ("terminated", date(2026, 11, 10))
    assert Deployment.objects.get(code="FR-CIF-01").note == "换装新闸机"
    assert Site.objects.get(code="ZBDH").city == "Qinhuangdao市"
    rows = {row.row: row.differences for row in batch.import_rows.filter(result="changed")}
    assert rows[5] == {"status": ["active", "terminated"], "ended_on": [None, "2026-11-10"]}
    assert rows[9] == {"city": ["Qinhuangdao", "Qinhuangdao市"]}
    assert AuditEvent.objects.filter(verb="import.apply", table_name="deployments_deployment").count() == 256 + 2 + 2
    assert not Deployment.objects.filter(code__startswith="FR-BAD").exists()


def test_devices_signs_and_counts_of_the_samples_follow_the_deployments(group):
    take(group, "airports-deployments.csv")
    assert tally(take(group, "airports-devices.csv")) == (640, 0, 0, 0)
    assert tally(take(group, "airports-signs.csv")) == (227, 0, 0, 0)
    counted = take(group, "airports-counts.xlsx")
    assert tally(counted) == (1200, 0, 0, 0)
    # Each count names its file and the hash of it, which a crossing freezes.
    assert set(PersonCount.objects.values_list("source", "source_sha256")) == {(counted.reference, counted.sha256)}
    assert len(counted.sha256) == 64
    assert (Device.objects.count(), Sign.objects.count(), PersonCount.objects.count()) == (640, 227, 1200)
    device = Device.objects.select_related("capture_area", "deployment").get(serial="SNZBAD01")
    assert (device.deployment.code, device.capture_area.name, device.stores_on_device) == (
        "FR-PKX-01",
        "安检通道 2",
        True,
    )
    assert Sign.objects.get(code="SG-ZBAD-1").capture_area == CaptureArea.objects.get(
        deployment=device.deployment, name="安检通道 1"
    )
    written, told = writes(), events()
    for name in ("airports-devices.csv", "airports-signs.csv", "airports-counts.xlsx"):
        assert take(group, name).unchanged in (640, 227, 1200)
    assert (writes(), events()) == (written, told)


def test_another_number_for_the_same_day_is_a_correction_that_points_at_the_one_before(group):
    take(group, table(DEPLOYMENT))
    count = {"pip_uscc": EAST, "scenario_code": "BOARDING", "counted_on": "2026-07-01", "persons": "1.2万"}
    take(group, table(count))
    batch = take(group, table({**count, "persons": "12,345"}))
    assert tally(batch) == (0, 1, 0, 0)
    assert batch.import_rows.get().differences == {"persons": [12000, 12345]}
    correction = PersonCount.objects.current().get()
    assert (correction.persons, correction.corrects.persons, correction.source) == (12345, 12000, batch.reference)
    assert tally(take(group, table({**count, "persons": "１２３４５"}))) == (0, 0, 1, 0)


def test_device_in_a_private_space_is_recorded_and_stops_its_deployment(group):
    take(group, table(DEPLOYMENT))
    batch = take(group, table({**DEVICE, "space_type": "fitting_room"}))
    assert batch.import_rows.get().differences == {"deployment_status": ["active", "suspended"]}
    assert Device.objects.get().is_in_private_space
    assert Deployment.objects.get().status == "suspended"
    again = take(group, table(DEPLOYMENT))
    assert tally(again) == (0, 0, 0, 1)
    assert problems(again)[0][:3] == (2, "status", "使用中")
    removed = take(group, table({**DEVICE, "space_type": "fitting_room", "removed_on": "2026-10-01"}))
    assert tally(removed) == (0, 1, 0, 0)
    assert tally(take(group, table(DEPLOYMENT))) == (0, 1, 0, 0)


def test_status_moves_only_forward(group):
    take(group, table(DEPLOYMENT))
    batch = take(group, table({**DEPLOYMENT, "status": "planned"}))
    assert tally(batch) == (0, 0, 0, 1)
    assert "further" in problems(batch)[0][3]
    Deployment.objects.update(status="disposed", ended_on=date(2026, 9, 1), disposed_on=date(2026, 9, 2))
    ended = {**DEPLOYMENT, "status": "terminated", "ended_on": "2026-09-01"}
    assert tally(take(group, table(ended))) == (0, 0, 1, 0)


def test_missing_column_leaves_alone_and_empty_cell_clears(group):
    take(group, table({**DEPLOYMENT, "note": "first", "city": "Beijing"}))
    small = {
        name: DEPLOYMENT[name] for name in ("deployment_code", "pip_uscc", "scenario_code", "site_code", "status")
    }
    assert tally(take(group, table(small))) == (0, 0, 1, 0)
    assert tally(take(group, table({**small, "note": "", "city": ""}))) == (0, 1, 0, 0)
    assert (Deployment.objects.get().note, Site.objects.get().city) == ("", "")
    assert Deployment.objects.get().started_on == date(2026, 3, 1)


def test_new_site_needs_name_and_province(group):
    small = {
        name: DEPLOYMENT[name] for name in ("deployment_code", "pip_uscc", "scenario_code", "site_code", "status")
    }
    batch = take(group, table(small))
    assert [place[:2] for place in problems(batch)] == [(2, "场所名称 (site_name)"), (2, "省份 (province)")]


def test_known_site_named_by_a_new_deployment_is_changed_with_it(group):
    take(group, table(DEPLOYMENT))
    batch = take(group, table({**DEPLOYMENT, "deployment_code": "FR-2", "site_name": "新名"}))
    assert tally(batch) == (1, 0, 0, 0)
    assert batch.import_rows.get().differences == {"site_name": ["示例机场", "新名"]}
    assert Site.objects.get().name == "新名"


def test_row_edited_since_the_check_is_reported_and_not_overwritten(group):
    take(group, table(*rows_of(DEPLOYMENT, {}, {"deployment_code": "FR-2"})))
    changed = table(*rows_of({**DEPLOYMENT, "note": "from file"}, {}, {"deployment_code": "FR-2"}))
    checked = take(group, changed, applies=False)
    Deployment.objects.filter(code="FR-1").update(note="by hand")
    batch = apply(group, checked)
    assert (batch.state, batch.stale) == ("applied", 1)
    assert {row.row: row.result for row in batch.import_rows.all()} == {2: "stale", 3: "changed"}
    assert Deployment.objects.get(code="FR-1").note == "by hand"
    assert Deployment.objects.get(code="FR-2").note == "from file"


def test_new_row_that_somebody_added_meanwhile_is_stale(group):
    checked = take(group, table(DEPLOYMENT), applies=False)
    build.deployment(Pip.objects.get(uscc=EAST), "FR-1")
    assert apply(group, checked).stale == 1


def test_all_or_nothing_applies_nothing_when_a_row_moved(group):
    take(group, table(*rows_of(DEPLOYMENT, {}, {"deployment_code": "FR-2"})))
    changed = table(*rows_of({**DEPLOYMENT, "note": "from file"}, {}, {"deployment_code": "FR-2"}))
    checked = take(group, changed, applies=False)
    Deployment.objects.filter(code="FR-1").update(note="by hand")
    batch = apply(group, checked, all_or_nothing=True)
    assert (batch.state, batch.stale) == ("checked", 1)
    assert Deployment.objects.get(code="FR-2").note == ""


def apply(house, batch, *, all_or_nothing=False) -> ImportBatch:
    from portal.imports.apply import apply_batch
    from portal.imports.services import order_apply

    user = house.people["officer"]
    order_apply(batch, by=user, access=access_of(house.tenant, user), all_or_nothing=all_or_nothing)
    apply_batch(house.tenant, batch.pk)
    batch.refresh_from_db()
    return batch


def test_applying_a_second_time_changes_nothing(group):
    from portal.imports.apply import apply_batch

    batch = take(group, table(DEPLOYMENT))
    written = writes()
    assert apply_batch(group.tenant, batch.pk) is None
    assert writes() == written


def test_key_of_another_tenant_is_as_unknown_as_none_at_all(group, stranger):
    with stranger.acting("officer"):
        build.scenario(stranger.pip, "BOARDING")
    foreign = take(group, table({**DEPLOYMENT, "pip_uscc": stranger.pip.uscc}))
    nobody = take(group, table({**DEPLOYMENT, "pip_uscc": build.USCC}))
    assert tally(foreign) == tally(nobody) == (0, 0, 0, 1)
    assert problems(foreign)[0][3] == problems(nobody)[0][3]
    assert Scenario.objects.filter(code="BOARDING").count() == 3


def test_two_columns_too_many_letters_are_errors_of_their_rows(group):
    batch = take(group, table({**DEPLOYMENT, "deployment_code": "F" * 61, "note": "n" * 1001}))
    assert {place[1] for place in problems(batch)} == {"deployment_code", "note"}


def test_refused_personal_file_leaves_nothing(group, uploads):
    secret = "11010519491231002X"
    batch = take(group, table({**DEPLOYMENT, "note": f"张三 {secret}"}), name=f"张三{secret}.csv")
    assert (batch.state, batch.sha256, batch.upload) == ("refused", "", None)
    assert "resident identity number" in batch.refusal_en
    assert [path for path in uploads.rglob("*") if path.is_file()] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{name}" AS r WHERE r::text LIKE %s', [f"%{secret}%"])
            assert cursor.fetchone()[0] == 0, name


def test_explained_headings_are_remembered_for_the_next_file_of_the_person(group):
    strange = table({**DEPLOYMENT}).replace("deployment_code", "Anlagennummer")
    user = group.people["officer"]
    access = access_of(group.tenant, user)
    assert take(group, strange).state == "refused"
    mapping = {"Anlagennummer": "deployment_code"}
    first = import_now(
        group.tenant, user, BytesIO(strange.encode()), "a.csv", access=access, choices={"mapping": mapping}
    )
    assert tally(first) == (1, 0, 0, 0)
    assert tally(take(group, strange)) == (1, 0, 0, 0)

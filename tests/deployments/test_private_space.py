"""No path makes a deployment active while a device hangs in a private space (FRM Art 13, Video Regulations Art 8).

There is no admin site and no API; what there is, is below: forms, vendor files, the command, services, querysets and
raw SQL as the role that serves.
"""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.forms import ValidationError
from PIL import Image

from deployments import services
from deployments.models import Deployment, Device
from deployments.versions import version_of
from portal.audit.models import AuditEvent
from portal.imports.direct import access_of, import_now
from portal.law.enums import PRIVATE_SPACES, SPACE_TYPES
from portal.obligations.models import Obligation
from portal.workflow import CaseError
from tests import build
from tests.imports.files import DEPLOYMENT, DEVICE, table

DAY = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.EVIDENCE_ROOT, settings.UPLOAD_ROOT = tmp_path / "vault", tmp_path / "uploads"


@pytest.fixture
def active(house):
    """A deployment in use, with nothing on it."""
    return build.deployment(house.pip)


@pytest.fixture
def stopped(house):
    """A deployment that a device in a toilet stopped."""
    place = build.deployment(house.pip, status="suspended")
    build.device(place, space_type="toilet")
    return place


def photo(name: str = "empty.png") -> io.BytesIO:
    """A picture of the place without the device."""
    file = io.BytesIO()
    Image.new("RGB", (160, 120), "white").save(file, "PNG")
    file.seek(0)
    file.name = name
    return file


@contextmanager
def refused():
    """The database refuses, at the end of the transaction at the latest."""
    with pytest.raises(IntegrityError, match="private space"), transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def status() -> str:
    return Deployment.objects.get().status


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def lawful_but_for_the_device(place: Deployment) -> None:
    """Out of scope of the Measures no other condition of use is left: the ban alone stands in the way."""
    place.scenario.scope, place.scenario.scope_reason = "out_rnd", "training of algorithms"
    place.scenario.save()


# What the database knows


@pytest.mark.parametrize("space", SPACE_TYPES)
def test_database_knows_the_same_private_spaces_as_the_law(db, space):
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_private_space(%s)", [space])
        assert cursor.fetchone()[0] == (space in PRIVATE_SPACES)


# Pages


@pytest.mark.parametrize("status_before", ["planned", "active"])
def test_form_records_the_device_and_stops_the_deployment(house, today, status_before):
    place = build.deployment(house.pip, status=status_before)
    values = {"serial": "SN9", "space_type": "toilet", "stores_on_device": "unknown"}
    house.client("operator").post(house.url(f"register/deployments/{place.pk}/devices/new/"), values)
    assert (Device.objects.get().serial, status()) == ("SN9", "suspended")
    assert Obligation.objects.get(rule="frm-13-private-space", state="open").is_critical


def test_page_of_the_move_refuses(house, stopped):
    lawful_but_for_the_device(stopped)
    answer = house.client("owner").post(
        house.url(f"register/deployments/{stopped.pk}/move/"), {"move": "activate", "on": "2026-10-12"}
    )
    assert (answer.status_code, status()) == (409, "suspended")
    assert "private space" in answer.content.decode()


def test_form_of_the_device_does_not_call_the_space_otherwise(house, stopped):
    device = Device.objects.get()
    answer = house.client("operator").post(
        house.url(f"register/devices/{device.pk}/edit/"),
        {"serial": "SN1", "space_type": "lobby", "stores_on_device": "unknown", "version": version_of(device)},
    )
    assert answer.status_code == 422 and "Prove first that it is gone" in answer.content.decode()
    assert Device.objects.get().space_type == "toilet"


# Vendor files and the command


def file_for(house: build.House, base: dict, **changes) -> bytes:
    return table({**base, "pip_uscc": house.pip.uscc, **changes}).encode()


def take(house: build.House, data: bytes):
    user = house.people["officer"]
    return import_now(
        house.tenant, user, io.BytesIO(data), "file.csv", access=access_of(house.tenant, user), applies=True
    )


@pytest.fixture
def imported(house, today):
    """The vendor's deployment, in use."""
    build.scenario(house.pip, "BOARDING")
    take(house, file_for(house, DEPLOYMENT))
    assert status() == "active"
    return house


def test_vendor_file_with_the_device_stops_the_deployment(imported):
    take(imported, file_for(imported, DEVICE, space_type="nursing_room"))
    assert (Device.objects.count(), status()) == (1, "suspended")


def test_vendor_file_that_says_active_is_an_error(imported):
    take(imported, file_for(imported, DEVICE, space_type="nursing_room"))
    batch = take(imported, file_for(imported, DEPLOYMENT))
    assert (batch.errors, batch.changed, status()) == (1, 0, "suspended")


def test_vendor_file_that_brings_a_removed_device_back_stops_the_deployment(imported):
    away = {"space_type": "nursing_room", "removed_on": "2026-09-01"}
    take(imported, file_for(imported, DEVICE, **away))
    assert status() == "active"
    take(imported, file_for(imported, DEVICE, **{**away, "removed_on": ""}))
    assert (Device.objects.get().removed_on, status()) == (None, "suspended")


def test_vendor_file_that_moves_the_device_stops_the_deployment_it_comes_to(imported):
    take(imported, file_for(imported, DEVICE, space_type="nursing_room"))
    take(imported, file_for(imported, DEPLOYMENT, deployment_code="FR-2"))
    take(imported, file_for(imported, DEVICE, space_type="nursing_room", deployment_code="FR-2"))
    assert set(Deployment.objects.values_list("code", "status")) == {("FR-1", "suspended"), ("FR-2", "suspended")}


def test_vendor_file_does_not_call_the_space_otherwise(imported):
    take(imported, file_for(imported, DEVICE, space_type="nursing_room"))
    batch = take(imported, file_for(imported, DEVICE, space_type="lobby"))
    assert (batch.errors, Device.objects.get().space_type) == (1, "nursing_room")
    assert "proof" in str(batch.import_rows.get().problems)
    services.prove_removal(
        Device.objects.get(), proof=photo(), by=None, today=date(2026, 10, 12), space_type="corridor"
    )
    assert take(imported, file_for(imported, DEVICE, space_type="lobby")).changed == 1


def test_command_stops_the_deployment_and_refuses_active(imported, tmp_path):
    def command(data: bytes) -> dict:
        path, out = tmp_path / "file.csv", io.StringIO()
        path.write_bytes(data)
        who = ("--tenant", imported.tenant.slug, "--user", imported.people["officer"].email)
        call_command("import_file", str(path), *who, "--apply", "--json", stdout=out)
        return json.loads(out.getvalue())

    assert command(file_for(imported, DEVICE, space_type="bathroom"))["new"] == 1
    assert status() == "suspended"
    assert command(file_for(imported, DEPLOYMENT))["errors"] == 1
    assert status() == "suspended"


# Services


def test_service_that_adds_the_device_stops_the_deployment(active, today):
    services.add_device(active, serial="SN9", space_type="hotel_room", today=today)
    assert status() == "suspended"


def test_planned_deployment_that_comes_with_the_device_is_stopped(house, today):
    place = services.register_deployment(
        house.pip, code="D1", scenario=build.scenario(house.pip), site=build.site(house.pip)
    )
    services.add_device(place, serial="SN9", space_type="hotel_room", today=today)
    assert status() == "suspended"
    lawful_but_for_the_device(place)
    with pytest.raises(CaseError, match="private space: SN9"):
        services.activate(place, started_on=today, today=today)


def test_service_that_moves_the_device_stops_the_deployment_it_comes_to(house, stopped, today):
    other = build.deployment(house.pip, "D2")
    services.edit_device(Device.objects.get(), deployment=other, today=today)
    assert Deployment.objects.get(code="D2").status == "suspended"


def test_service_that_brings_the_device_back_stops_the_deployment(active, today):
    device = build.device(active, space_type="toilet", removed_on=DAY)
    services.edit_device(device, removed_on=None, today=today)
    assert status() == "suspended"


def test_service_does_not_call_the_space_otherwise(stopped, today):
    with pytest.raises(ValidationError, match="Prove first that it is gone"):
        services.edit_device(Device.objects.get(), space_type="lobby", today=today)
    with pytest.raises(ValidationError, match="Prove first"):
        services.edit_device(Device.objects.get(), space_type="lobby", removed_on=today, today=today)


def test_service_that_activates_names_the_device(stopped, today):
    lawful_but_for_the_device(stopped)
    with pytest.raises(CaseError, match="private space: SN1"):
        services.activate(stopped, started_on=today, today=today)


def test_service_that_edits_the_deployment_leaves_its_status_to_the_moves(stopped):
    with refused():
        services.edit_deployment(stopped, status="active")


# The database itself, as the role that serves


def test_queryset_that_activates_is_refused(stopped):
    with refused():
        Deployment.objects.update(status="active")


def test_save_that_activates_is_refused(stopped):
    stopped.status = "active"
    with refused():
        stopped.save()


def test_bulk_update_that_activates_is_refused(stopped):
    stopped.status = "active"
    with refused():
        Deployment.objects.bulk_update([stopped], ["status"])


def test_bulk_create_of_devices_is_refused(house, active):
    twins = [
        Device(tenant=house.tenant, pip=house.pip, deployment=active, serial=f"SN{n}", space_type="toilet")
        for n in (1, 2)
    ]
    with refused():
        Device.objects.bulk_create(twins)


def test_bulk_create_that_overwrites_is_refused(house, active):
    device = build.device(active, space_type="lobby")
    device.space_type = "toilet"
    with refused():
        Device.objects.bulk_create([device], update_conflicts=True, unique_fields=["id"], update_fields=["space_type"])


@pytest.mark.parametrize("change", [{"space_type": "toilet"}, {"space_type": "other_private"}])
def test_queryset_that_changes_the_space_is_refused(active, change):
    build.device(active, space_type="gate")
    with refused():
        Device.objects.update(**change)


def test_queryset_that_brings_the_device_back_is_refused(active):
    build.device(active, space_type="toilet", removed_on=DAY)
    with refused():
        Device.objects.update(removed_on=None)


def test_queryset_that_moves_the_device_is_refused(house, stopped):
    other = build.deployment(house.pip, "D2")
    with refused():
        Device.objects.update(deployment=other)


def test_queryset_that_calls_the_space_otherwise_is_refused(stopped):
    with refused():
        Device.objects.update(space_type="lobby")


def test_deleting_the_device_is_refused(stopped):
    with refused():
        Device.objects.all().delete()


def test_raw_sql_is_refused(house, stopped):
    with refused():
        run("UPDATE deployments_deployment SET status = 'active' WHERE id = %s", stopped.pk)
    with refused():
        run("DELETE FROM deployments_device")
    with refused():
        run("UPDATE deployments_device SET space_type = ''")
    with refused():
        run(
            "WITH moved AS (UPDATE deployments_device SET space_type = 'lobby' RETURNING deployment_id)"
            " UPDATE deployments_deployment SET status = 'active' WHERE id IN (SELECT deployment_id FROM moved)"
        )


def test_raw_sql_that_puts_the_device_before_its_deployment_is_refused(house, stopped):
    sql = (
        "INSERT INTO deployments_deployment (id, tenant_id, pip_id, scenario_id, site_id, code, status, note)"
        " SELECT 777, tenant_id, pip_id, scenario_id, site_id, 'D9', 'active', '' FROM deployments_deployment"
    )
    with refused():
        # Checked now, before there is a deployment at all.
        run("SET CONSTRAINTS refuse_private_space IMMEDIATE")
        run("UPDATE deployments_device SET deployment_id = 777")
        run(sql)


def test_serving_role_takes_no_trigger_away(stopped):
    for sql in (
        "ALTER TABLE deployments_device DISABLE TRIGGER ALL",
        "DROP TRIGGER refuse_private_space ON deployments_deployment",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(Exception, match="owner|permission denied"), transaction.atomic():
            run(sql)


# At COMMIT, and two at once


def test_refusal_holds_at_commit_when_nobody_acts_for_the_tenant_any_more(committed):
    house = build.house("commit")
    with house.acting("officer"):
        place = build.deployment(house.pip)
    with pytest.raises(IntegrityError, match="private space"), house.acting("officer"):
        build.device(place, space_type="toilet")
    with house.acting("officer"):
        Deployment.objects.update(status="suspended")
        build.device(place, space_type="toilet")
    with pytest.raises(IntegrityError, match="private space"), house.acting("officer"):
        Deployment.objects.update(status="active")
    with house.acting("officer"):
        assert status() == "suspended"


def test_refusal_holds_when_the_tenant_is_forgotten_on_purpose(house, stopped):
    with pytest.raises(IntegrityError, match="private space"), transaction.atomic():
        run("UPDATE deployments_deployment SET status = 'active'")
        run("SELECT set_config('portal.tenant', '', true)")
        run("SET CONSTRAINTS ALL IMMEDIATE")


def test_of_two_transactions_that_can_not_see_each_other_one_is_refused(committed):
    house = build.house("race")
    with house.acting("officer"):
        place = build.deployment(house.pip, status="suspended")
    written, checked = Barrier(2, timeout=30), Barrier(2, timeout=3)

    def hang() -> None:
        build.device(place, space_type="toilet")

    def activate() -> None:
        Deployment.objects.update(status="active")

    def transact(write, role: str) -> str:
        """Write, be checked while the other has written and not committed, and commit."""
        try:
            with house.acting(role):
                write()
                written.wait()
                with transaction.atomic():
                    run("SET CONSTRAINTS ALL IMMEDIATE")
                # Whoever is made to wait for the other's end doesn't come here before it.
                with suppress(BrokenBarrierError):
                    checked.wait()
            return "done"
        except IntegrityError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        seen = sorted(pool.map(transact, (hang, activate), ("owner", "officer")))
    assert seen == ["done", "refused"]
    with house.acting("officer"):
        assert not Deployment.objects.filter(status="active", devices__space_type="toilet").exists()


def test_of_two_services_at_once_the_second_sees_the_first(committed, settings):
    settings.PORTAL_TODAY = "2026-10-12"
    house = build.house("race")
    with house.acting("officer"):
        place = build.deployment(house.pip, status="suspended")
        lawful_but_for_the_device(place)
    start = Barrier(2, timeout=30)

    def transact(name: str, role: str) -> str:
        try:
            with house.acting(role):
                own = Deployment.objects.select_related("scenario", "site").get()
                start.wait()
                if name == "device":
                    services.add_device(own, serial="SN9", space_type="toilet", today=DAY)
                else:
                    services.activate(own, started_on=DAY, today=DAY)
            return "done"
        except CaseError:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(transact, ("device", "activation"), ("owner", "officer")))
    with house.acting("officer"):
        assert (Device.objects.count(), status()) == (1, "suspended")


# Proof


def test_removal_from_a_private_space_needs_a_proof(house, stopped, today):
    device = Device.objects.get()
    with pytest.raises(ValidationError, match="add a proof that it is gone"):
        services.remove_device(device, removed_on=today, by=None, today=today)
    services.remove_device(
        device, removed_on=today, by=house.people["officer"], today=today, proof=photo(), police_told_on=DAY
    )
    stored = Device.objects.get()
    assert (stored.removed_on, stored.police_told_on, stored.removal_proof.name) == (today, DAY, "empty.png")
    assert not stored.waits_for_proof
    assert AuditEvent.objects.filter(table_name="deployments_device", verb="device.remove").exists()


def test_removal_elsewhere_needs_none(active, today):
    device = build.device(active, space_type="gate")
    services.remove_device(device, removed_on=today, by=None, today=today)
    assert Device.objects.get().removal_proof is None


def test_second_removal_is_told(active, today):
    device = build.device(active, space_type="gate")
    services.remove_device(device, removed_on=DAY, by=None, today=today)
    with pytest.raises(CaseError, match="recorded already"):
        services.remove_device(device, removed_on=today, by=None, today=today)
    assert Device.objects.get().removed_on == DAY


def test_proof_may_come_later(active, today):
    device = build.device(active, space_type="toilet", removed_on=DAY)
    assert device.waits_for_proof
    services.prove_removal(device, proof=photo(), by=None, today=today)
    assert not Device.objects.get().waits_for_proof
    with pytest.raises(CaseError, match="No proof of removal is missing"):
        services.prove_removal(device, proof=photo(), by=None, today=today)


def test_device_that_hangs_elsewhere_now_gets_its_space_with_the_proof(stopped, today):
    device = Device.objects.get()
    for space in ("", "bathroom"):
        with pytest.raises(ValidationError, match="Say where the device hangs now"):
            services.prove_removal(device, proof=photo(), by=None, today=today, space_type=space)
    services.prove_removal(device, proof=photo(), by=None, today=today, space_type="corridor")
    stored = Device.objects.get()
    assert (stored.space_type, stored.removed_on) == ("corridor", None)
    assert stored.removal_proof is not None


def test_device_that_hangs_there_again_is_no_longer_proved_to_be_gone(stopped, today):
    services.remove_device(Device.objects.get(), removed_on=today, by=None, today=today, proof=photo())
    Device.objects.update(removed_on=None)
    assert Device.objects.get().waits_for_proof


def test_photo_that_is_none_is_refused_at_its_field(stopped, today):
    broken = io.BytesIO(photo().getvalue()[:60])
    broken.name = "empty.png"
    with pytest.raises(ValidationError) as error:
        services.remove_device(Device.objects.get(), removed_on=today, by=None, today=today, proof=broken)
    assert list(error.value.error_dict) == ["proof"]
    assert Device.objects.get().removed_on is None

"""The trail can not be forgotten: it keeps no key of a file and no cell of a vendor file; and nothing escapes it."""

import json
from io import BytesIO

import pytest
from django.db import ProgrammingError, connection, transaction

from portal.audit.models import AuditEvent
from portal.evidence.services import keep_bytes
from portal.imports.check import check
from portal.imports.models import ImportBatch
from portal.imports.services import discard, upload
from tests import build
from tests.audit.test_audit_seal import event, tamper, trail, verify  # noqa: F401


def test_key_of_a_file_stands_only_in_its_row(house):
    kept = keep_bytes(b"%PDF-1.4 scan", name="scan.pdf", pip=house.pip, by=None, is_sensitive=True)
    key = bytes(kept.wrapped_key).hex()
    bodies = list(AuditEvent.objects.filter(table_name="evidence_evidence").values_list("body", flat=True))
    assert len(bodies) == 1
    assert kept.sha256 in bodies[0]
    assert key not in bodies[0]
    assert "wrapped_key" not in bodies[0]


@pytest.mark.django_db
def test_cells_of_a_vendor_file_never_reach_the_trail(house, settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    canary = build.token()
    lines = [
        "deployment_code,pip_uscc,scenario_code,site_code,site_name,province,status,note,联系方式",
        f"D9,{house.pip.uscc},GATE,S9,Site,11,planned,{canary},{canary}",
        f"制表：{canary}",
    ]
    build.scenario(house.pip)
    officer = house.people["officer"]
    batch = upload(
        BytesIO("\n".join(lines).encode()), "a.csv", by=officer, tenant_id=house.tenant.pk, wakes_worker=False
    )
    check(house.tenant, batch.pk)
    batch = ImportBatch.objects.get(pk=batch.pk)
    assert batch.state == "checked"
    assert canary in json.dumps(batch.recognised)
    discard(batch)
    bodies = " ".join(AuditEvent.objects.filter(table_name="imports_importbatch").values_list("body", flat=True))
    assert "discarded" in bodies
    assert canary not in bodies


def test_changed_id_leaves_its_mark(house):
    place = build.deployment(house.pip)
    before = AuditEvent.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deployments_deployment SET id = id + 100000, note = 'moved' WHERE id = %s", [place.pk])
        assert cursor.rowcount == 1
    assert AuditEvent.objects.count() == before + 1
    assert "moved" in AuditEvent.objects.order_by("-id").first().body


def test_serving_role_can_not_hang_the_trails_functions_on_a_table_of_its_own(house):
    forged = "CREATE TRIGGER forged AFTER INSERT ON pg_temp.deployments_site REFERENCING NEW TABLE AS new_rows"
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission"), transaction.atomic():
        cursor.execute("CREATE TEMPORARY TABLE deployments_site (id bigint, tenant_id bigint, pip_id bigint)")
        cursor.execute(f"{forged} FOR EACH STATEMENT EXECUTE FUNCTION audit_insert('tenant_id')")


def test_event_hidden_from_its_pip_is_found(trail, tamper):  # noqa: F811
    with trail.acting("officer"):
        pk = AuditEvent.objects.filter(table_name="deployments_deployment", operation="update").first().pk
    tamper("UPDATE audit_auditevent SET pip_id = NULL WHERE id = %s", pk)
    found = verify(trail.tenant)
    assert [(problem.kind, problem.event) for problem in found.problems] == [("columns", pk)]

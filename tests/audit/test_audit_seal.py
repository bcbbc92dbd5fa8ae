"""The trail is sealed by a chain of hashes: whoever changes it afterwards, even the tables' owner, is found."""

import json
import time
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connections

from deployments.models import Deployment
from portal.audit.models import AuditEvent, AuditSeal
from portal.audit.services import seal, verify
from portal.audit.tasks import seal as seal_task
from portal.tenancy.session import giving_reason
from tests import build


def seal_all(tenant):
    """Seal until nothing is left: a transaction of another test run on these servers holds the seal back."""
    deadline = time.monotonic() + 60
    while verify(tenant).unsealed and time.monotonic() < deadline:
        seal(tenant)
    assert verify(tenant).unsealed == 0


@pytest.fixture
def trail(committed, settings):
    """A tenant whose committed events stand in two seals."""
    settings.PORTAL_TODAY = "2026-10-12"
    house = build.house("acme")
    with house.acting("officer"):
        place = build.deployment(house.pip)
        build.sign(place)
    seal_all(house.tenant)
    with house.acting("officer"):
        build.count(place, 4_000)
        Deployment.objects.update(note='said "yes"\\ 人脸')
    seal_all(house.tenant)
    return house


@pytest.fixture
def tamper(trail):
    """SQL as the owner of the tables, past triggers and policies."""

    def run(statement, *values):
        with connections["owner"].cursor() as cursor:
            for table in ("audit_auditevent", "audit_auditseal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_keep, NO FORCE ROW LEVEL SECURITY")
            cursor.execute(statement, values)
            assert cursor.rowcount, "nothing was tampered with"
            for table in ("audit_auditevent", "audit_auditseal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_keep, FORCE ROW LEVEL SECURITY")

    yield run
    connections["owner"].close()


def event(house, **lookup):
    with house.acting("officer"):
        return AuditEvent.objects.filter(**lookup).order_by("id").first()


def test_sealed_trail_is_intact(trail):
    found = verify(trail.tenant)
    assert found.is_intact, found.problems
    assert found.seals >= 2 and found.unsealed == 0
    with trail.acting("officer"):
        assert found.sealed == AuditEvent.objects.count() > 20


def test_sealing_again_seals_nothing(trail):
    assert seal(trail.tenant) == 0


def test_task_seals_every_tenant(trail):
    other = build.house("other", uscc="91330106MA2HTEXTX3")
    with other.acting("officer"):
        number = AuditEvent.objects.filter(seal=None).count()
    assert number and verify(other.tenant).sealed == 0
    seal_task()
    seal_all(other.tenant)
    assert verify(other.tenant).sealed == number


def test_event_of_running_transaction_is_not_sealed_yet(trail):
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_current_xact_id()")
        with trail.acting("officer"):
            Deployment.objects.update(note="after the other began")
        assert seal(trail.tenant) == 0
        assert verify(trail.tenant).unsealed == 1
        cursor.execute("COMMIT")
    connections["owner"].close()
    seal_all(trail.tenant)
    assert verify(trail.tenant).is_intact


def test_altered_text_is_named_with_its_row_and_time(trail, tamper):
    target = event(trail, table_name="deployments_sign")
    tamper("UPDATE audit_auditevent SET body = replace(body, 'left of lane 1', 'right') WHERE id = %s", target.pk)
    found = verify(trail.tenant)
    assert [(p.kind, p.event, p.table, p.row) for p in found.problems] == [
        ("altered", target.pk, "deployments_sign", target.row_id)
    ]
    assert found.problems[0].at.startswith(target.at.strftime("%Y-%m-%dT%H:%M"))


COLUMNS = [
    "actor = 'user:999'",
    "verb = 'deployment.nothing'",
    "table_name = 'deployments_place'",
    "row_id = '77'",
    "operation = 'delete'",
    "at = at - interval '1 microsecond'",
]


def test_columns_that_contradict_the_text_are_named(trail, tamper):
    with trail.acting("officer"):
        Deployment.objects.update(note="again")
        for change in COLUMNS:
            Deployment.objects.update(note=change)
    seal_all(trail.tenant)
    with trail.acting("officer"):
        events = AuditEvent.objects.order_by("id")
        added = list(events.filter(operation="insert").values_list("id", flat=True))
        changed = list(
            events.filter(operation="update", table_name="deployments_deployment").values_list("id", flat=True)
        )
    touched = [*added[-len(COLUMNS) :], *changed[-len(COLUMNS) :]]
    for number, pk in enumerate(touched):
        tamper(f"UPDATE audit_auditevent SET {COLUMNS[number % len(COLUMNS)]} WHERE id = %s", pk)
    assert [(p.kind, p.event) for p in verify(trail.tenant).problems] == [("columns", pk) for pk in sorted(touched)]


def test_removed_event_is_named(trail, tamper):
    target = event(trail, table_name="deployments_sign")
    tamper("DELETE FROM audit_auditevent WHERE id = %s", target.pk)
    assert [(p.kind, p.event) for p in verify(trail.tenant).problems] == [("missing", target.pk)]


def test_all_events_of_a_seal_removed_are_named(trail, tamper):
    with trail.acting("officer"):
        last = AuditSeal.objects.order_by("-number").first()
    tamper("DELETE FROM audit_auditevent WHERE seal_id = %s", last.pk)
    assert [p.kind for p in verify(trail.tenant).problems] == ["missing"] * last.events


def test_two_events_exchanged_are_named(trail, tamper):
    first = event(trail, table_name="deployments_sign")
    second = event(trail, table_name="deployments_site")
    tamper(
        "UPDATE audit_auditevent a SET body = b.body FROM audit_auditevent b"
        " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
        *(first.pk, second.pk, second.pk, first.pk),
    )
    found = verify(trail.tenant)
    assert {(p.kind, p.event) for p in found.problems} == {("altered", first.pk), ("altered", second.pk)}


def test_event_put_in_later_is_named(trail, tamper):
    target = event(trail, table_name="deployments_sign")
    tamper(
        "INSERT INTO audit_auditevent (tenant_id, at, transaction, actor, verb, table_name, row_id, operation, body,"
        " seal_id) SELECT tenant_id, at, transaction, actor, verb, table_name, row_id, operation, body, seal_id"
        " FROM audit_auditevent WHERE id = %s",
        target.pk,
    )
    found = verify(trail.tenant)
    assert [(p.kind, p.row) for p in found.problems] == [("inserted", target.row_id)]


def test_event_moved_to_another_seal_is_named(trail, tamper):
    target = event(trail, table_name="deployments_sign")
    with trail.acting("officer"):
        last = AuditSeal.objects.order_by("-number").first()
    tamper("UPDATE audit_auditevent SET seal_id = %s WHERE id = %s", last.pk, target.pk)
    assert {(p.kind, p.event) for p in verify(trail.tenant).problems} == {
        ("missing", target.pk),
        ("inserted", target.pk),
    }


def test_altered_seal_breaks_the_chain(trail, tamper):
    target = event(trail, table_name="deployments_sign")
    tamper(
        "WITH changed AS (UPDATE audit_auditevent SET body = replace(body, 'left', 'right') WHERE id = %s"
        " RETURNING id, body, seal_id) UPDATE audit_auditseal s SET leaves = overlay(leaves PLACING"
        " sha256(convert_to(body, 'UTF8')) FROM position(int8send(changed.id) IN leaves) + 8 FOR 32)"
        " FROM changed WHERE s.id = changed.seal_id",
        target.pk,
    )
    assert "seal_altered" in {p.kind for p in verify(trail.tenant).problems}


def test_removed_seal_in_the_middle_is_named(trail, tamper):
    # Another test's transaction may have parted the events into more seals than two.
    tamper("UPDATE audit_auditseal SET number = number + 100 WHERE number >= 2")
    missing, *others = [p.kind for p in verify(trail.tenant).problems]
    assert (missing, set(others)) == ("seal_missing", {"seal_altered"})


def test_cut_end_is_found_with_a_seal_noted_earlier(trail, tamper):
    before = verify(trail.tenant)
    anchor = (before.head_number, before.head_digest)
    assert verify(trail.tenant, anchor=anchor).is_intact
    with trail.acting("officer"):
        last = AuditSeal.objects.order_by("-number").first()
    tamper("DELETE FROM audit_auditevent WHERE seal_id = %s", last.pk)
    tamper("DELETE FROM audit_auditseal WHERE id = %s", last.pk)
    after = verify(trail.tenant)
    assert after.is_intact and after.sealed < before.sealed, "without a note outside, only the figures tell"
    assert [p.kind for p in verify(trail.tenant, anchor=anchor).problems] == ["anchor_missing"]


def test_command_exits_one_and_names_the_row(trail, tamper, capsys):
    call_command("verify_audit", tenant="acme")
    assert "acme: intact" in capsys.readouterr().out
    target = event(trail, table_name="deployments_sign")
    tamper("UPDATE audit_auditevent SET actor = 'user:999' WHERE id = %s", target.pk)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", "--json", tenant="acme")
    assert ended.value.code == 1
    report = json.loads(capsys.readouterr().out)[0]
    assert not report["intact"]
    assert report["problems"][0]["row"] == target.row_id


def test_unsealed_events_are_counted(trail):
    with trail.acting("officer"):
        build.count(Deployment.objects.get(), 4_100, date(2026, 9, 2))
    assert verify(trail.tenant).unsealed == 1


def test_braces_and_forged_names_in_the_text_are_no_alarm_and_no_hiding_place(trail, tamper):
    forged = '"row": "1", "verb": "x", "actor": "user:999", "table": "deployments_sign", "reason": "'
    with trail.acting("officer"), giving_reason(f'{{"}} {forged}'):
        build.sign(Deployment.objects.get(), "SG2", location=forged)
    seal_all(trail.tenant)
    assert verify(trail.tenant).is_intact
    with trail.acting("officer"):
        target = AuditEvent.objects.filter(table_name="deployments_sign").order_by("-id").first()
    tamper("UPDATE audit_auditevent SET row_id = '1', verb = 'x', actor = 'user:999' WHERE id = %s", target.pk)
    assert [(p.kind, p.event) for p in verify(trail.tenant).problems] == [("columns", target.pk)]

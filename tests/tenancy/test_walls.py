"""The tenant is a hard wall: scope in Django, row-level security and composite keys in PostgreSQL."""

from datetime import date

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django_scopes.exceptions import ScopeError

from deployments.models import Deployment, Sign
from portal.audit.models import AuditEvent
from portal.tenancy.models import Pip
from tests import build


def test_query_outside_a_scope_raises(db):
    with pytest.raises(ScopeError):
        list(Pip.objects.all())


def test_raw_sql_without_a_tenant_sees_no_row(house):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenancy_pip")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT set_config('portal.tenant', '', true)")
        cursor.execute("SELECT count(*) FROM tenancy_pip")
        assert cursor.fetchone() == (0,)


def test_raw_sql_cannot_read_or_write_another_tenants_rows(house, stranger):
    with house.acting("officer"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenancy_pip WHERE tenant_id = %s", [stranger.tenant.pk])
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE tenancy_pip SET name = 'taken' WHERE tenant_id = %s", [stranger.tenant.pk])
        assert cursor.rowcount == 0
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            cursor.execute("UPDATE tenancy_pip SET tenant_id = %s", [stranger.tenant.pk])


def test_row_cannot_point_at_another_tenants_parent(house, stranger):
    with stranger.acting("officer"):
        foreign = build.deployment(stranger.pip)
    with house.acting("officer"), pytest.raises(IntegrityError), transaction.atomic():
        Sign.objects.create(
            tenant=house.tenant,
            pip=house.pip,
            deployment_id=foreign.pk,
            code="X",
            location="x",
            posted_on=date(2026, 1, 1),
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_write_without_an_actor_is_refused(house):
    with connection.cursor() as cursor, pytest.raises(Error, match="without an actor"), transaction.atomic():
        cursor.execute("SELECT set_config('portal.actor', '', true)")
        cursor.execute("UPDATE tenancy_pip SET name = 'x'")


def test_bulk_update_leaves_one_event_a_changed_row(house):
    for number in range(3):
        build.deployment(house.pip, f"D{number}")
    before = AuditEvent.objects.count()
    Deployment.objects.exclude(code="D0").update(note="checked")
    Deployment.objects.update(note="checked")
    events = AuditEvent.objects.order_by("id")[before:]
    assert [event.content["changes"]["note"] for event in events] == [["", "checked"]] * 3
    assert {event.actor for event in events} == {f"user:{house.people['officer'].pk}"}


def test_serving_role_cannot_write_the_trail(house):
    with connection.cursor() as cursor, pytest.raises(Error, match="permission denied"), transaction.atomic():
        cursor.execute("DELETE FROM audit_auditevent")

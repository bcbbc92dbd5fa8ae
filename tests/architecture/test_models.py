"""The codebase itself: every table is fenced and audited, or stands on a short list with its reason."""

import pytest
from django.apps import apps
from django.db import connection
from django_scopes import scopes_disabled
from guardian.models import GroupObjectPermission, UserObjectPermission

from portal.tenancy.fields import TenantKey
from tests.architecture.rows import (
    MADE_BY_DATABASE,
    NOT_AUDITED,
    SHARED,
    Filler,
    concrete_models,
    is_tenant_owned,
    owned_models,
)

MODELS = owned_models()
LABELS = [model._meta.label for model in MODELS]


@pytest.fixture
def both(house, stranger):
    """A row of every model in both tenants."""
    with stranger.acting("owner"):
        foreign = Filler(stranger, 20_000_000, "canary-of-the-stranger").all()
    with house.acting("owner"):
        own = Filler(house, 10_000_000, "own").all()
    return own, foreign


def one(sql: str, *parameters: object) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def test_every_model_is_tenant_owned_or_on_the_shared_list():
    assert [model._meta.label for model in MODELS if not is_tenant_owned(model)] == []
    assert SHARED.keys() - {model._meta.label for model in concrete_models()} == set()


@pytest.mark.parametrize("model", MODELS, ids=LABELS)
def test_table_is_fenced_by_forced_row_level_security(db, model):
    table = model._meta.db_table
    assert one("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", table) == (True, True)
    assert one("SELECT count(*) FROM pg_policies WHERE tablename = %s AND policyname = 'tenant_wall'", table) == (1,)


@pytest.mark.parametrize("model", MODELS, ids=LABELS)
def test_every_change_of_the_table_leaves_an_event(db, model):
    triggers = one(
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
        " AND tgname IN ('audit_insert', 'audit_update', 'audit_delete')",
        model._meta.db_table,
    )
    assert triggers == ((0,) if model._meta.label in NOT_AUDITED else (3,))


def test_keys_between_tenant_owned_tables_are_composite(db):
    missing = []
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if not field.is_relation or field.name == "tenant" or not is_tenant_owned(field.related_model):
                continue
            if field.related_model._meta.label in SHARED:
                continue
            name = f"{model._meta.db_table}_{field.column}_same_tenant"[:63]
            found = one("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", name)
            if not isinstance(field, TenantKey) or not found or f"(tenant_id, {field.column})" not in found[0]:
                missing.append(f"{model._meta.label}.{field.name}")
    assert missing == []


def test_no_row_comes_to_the_serving_role_without_a_tenant(both):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.tenant', '', true), set_config('portal.user', '', true)")
    assert {
        model._meta.label: one(f'SELECT count(*) FROM "{model._meta.db_table}"')[0] for model in MODELS
    } == dict.fromkeys(LABELS, 0)


def test_second_fence_holds_where_the_first_is_taken_away(house, both):
    own, foreign = both
    with house.acting("owner"), scopes_disabled():
        for model in own:
            seen = set(model.objects.values_list("pk", flat=True))
            assert own[model].pk in seen, model
            assert foreign[model].pk not in seen, model


def test_serving_role_is_neither_owner_nor_superuser(db):
    assert one("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == (False, False)
    owned = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    assert one(
        owned + " WHERE n.nspname = 'public' AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
    ) == (0,)


def test_generic_tables_of_guardian_stay_empty(both):
    assert (GroupObjectPermission.objects.count(), UserObjectPermission.objects.count()) == (0, 0)


def test_no_group_holds_a_model_permission(both):
    assert one("SELECT count(*) FROM auth_group_permissions") == (0,)


def test_rows_made_by_the_database_are_the_trail_only():
    assert set(LABELS) >= MADE_BY_DATABASE
    assert {apps.get_model(label)._meta.app_label for label in MADE_BY_DATABASE} == {"audit"}


def test_doors_are_owned_by_the_role_that_reads_only_what_they_need(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, r.rolname, p.prosecdef FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.proname LIKE 'door\\_%%'"
        )
        doors = cursor.fetchall()
    assert len(doors) >= 6
    assert {(owner, definer) for _name, owner, definer in doors} == {("door", True)}

"""The migration operation that fences a tenant-owned table in the database.

``Fence("Site")`` gives the table row-level security with FORCE, the key ``(tenant_id, id)`` that children point at,
a composite foreign key for each of its keys to another tenant-owned table, and the audit triggers.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

from portal.tenancy.fields import TenantKey


def each_tenant(connection: Any) -> Iterator[Any]:
    """A cursor for each tenant in turn, with its wall open: for migrations of data, which no other tenant may stop."""
    with connection.cursor() as cursor:
        # Only the role of the doors sees every tenant; the owner is under the walls too.
        cursor.execute("SET LOCAL ROLE door")
        cursor.execute("SELECT id FROM tenancy_tenant ORDER BY id")
        tenants = [row[0] for row in cursor.fetchall()]
        cursor.execute("RESET ROLE")
        for tenant in tenants:
            cursor.execute(
                "SELECT set_config('portal.tenant', %s, true), set_config('portal.actor', 'system:migration', true)",
                [str(tenant)],
            )
            yield cursor
        cursor.execute("SELECT set_config('portal.tenant', '', true), set_config('portal.actor', '', true)")


class Fence(Operation):
    """Fence one table. ``append_only`` takes UPDATE and DELETE from the serving role.

    Of ``withheld`` columns the trail says that they changed, never what they held: it can't be made to forget.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model: str,
        *,
        audited: bool = True,
        append_only: bool = False,
        door: bool = False,
        tenant_column: str = "tenant_id",
        withheld: tuple[str, ...] = (),
    ) -> None:
        self.model, self.audited, self.append_only, self.withheld = model, audited, append_only, withheld
        self.door, self.tenant_column = door, tenant_column

    def state_forwards(self, app_label, state) -> None:
        """The state of the models doesn't change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        for statement in self.statements(model):
            schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        for statement in (
            f'DROP POLICY IF EXISTS tenant_wall ON "{table}"',
            f'DROP POLICY IF EXISTS door_reads ON "{table}"',
            *(f'DROP TRIGGER IF EXISTS audit_{verb} ON "{table}"' for verb in ("insert", "update", "delete")),
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY',
        ):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Fence {self.model} by tenant"

    def statements(self, model: type[models.Model]) -> list[str]:
        """The SQL of the fence, safe to run again after a later migration added keys."""
        table, column = model._meta.db_table, self.tenant_column
        sql = [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
            f'DROP POLICY IF EXISTS tenant_wall ON "{table}"',
            f'CREATE POLICY tenant_wall ON "{table}"'
            f" USING ({column} = portal_tenant()) WITH CHECK ({column} = portal_tenant())",
        ]
        if self.door:
            sql += [
                f'DROP POLICY IF EXISTS door_reads ON "{table}"',
                f'CREATE POLICY door_reads ON "{table}" FOR SELECT TO door USING (true)',
                f'GRANT SELECT ON "{table}" TO door',
            ]
        if column == "tenant_id":
            sql.append(f'CREATE UNIQUE INDEX IF NOT EXISTS "{table}_tenant_id_key" ON "{table}" (tenant_id, id)')
        if column == "tenant_id" and any(field.column == "pip_id" for field in model._meta.concrete_fields):
            # A PIP has one tenant. A planner that takes them for independent sorts a whole PIP to show fifty rows.
            sql.append(
                f'CREATE STATISTICS IF NOT EXISTS "{table}_tenant_pip" (dependencies, ndistinct, mcv)'
                f' ON tenant_id, pip_id FROM "{table}"'
            )
        sql += [statement for field in model._meta.concrete_fields for statement in self.keys(table, field)]
        if self.audited:
            sql += audit_triggers(table, column, self.withheld)
        if self.append_only:
            sql.append(f'REVOKE UPDATE, DELETE ON "{table}" FROM app')
        return sql

    @staticmethod
    def keys(table: str, field: models.Field) -> list[str]:
        """The composite foreign key of one field, if it points at a tenant-owned table."""
        if not isinstance(field, TenantKey):
            return []
        parent = field.related_model._meta.db_table
        name = f"{table}_{field.column}_same_tenant"[:63]
        return [
            f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (tenant_id, "{field.column}")'
            f' REFERENCES "{parent}" (tenant_id, id) DEFERRABLE INITIALLY DEFERRED',
        ]


def audit_triggers(table: str, column: str, withheld: tuple[str, ...] = ()) -> list[str]:
    """One trigger a kind of statement, each with its transition tables."""
    tables = {
        "insert": "REFERENCING NEW TABLE AS new_rows",
        "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "REFERENCING OLD TABLE AS old_rows",
    }
    arguments = ", ".join(f"'{name}'" for name in (column, *withheld))
    sql = []
    for verb, referencing in tables.items():
        sql += [
            f'DROP TRIGGER IF EXISTS audit_{verb} ON "{table}"',
            f'CREATE TRIGGER audit_{verb} AFTER {verb.upper()} ON "{table}" {referencing}'
            f" FOR EACH STATEMENT EXECUTE FUNCTION audit_{verb}({arguments})",
        ]
    return sql

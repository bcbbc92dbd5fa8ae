"""The rows of a file beside the register: two temporary tables and the SQL between them.

``import_staged`` has the typed rows; ``import_judged`` has, for each, what it would do and what forbids it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from portal.imports.reading.columns import KINDS
from portal.imports.reading.phrases import Judged
from portal.imports.register import Cell, Plan


def run(sql: str, parameters: dict[str, Any] | None = None) -> int:
    """Run one statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def number(sql: str) -> int:
    """The one number that a question gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def make_stage(plan: Plan, columns: Sequence[str]) -> None:
    """An empty table of this session for the columns that the file has: no write-ahead log, seen by nobody else."""
    drop_stage()
    typed = ", ".join(f'"{name}" {plan.types[name]}' for name in columns)
    run(f"CREATE TEMPORARY TABLE import_staged (row integer NOT NULL, bad boolean NOT NULL, {typed})")


def drop_stage() -> None:
    """Forget the rows."""
    run("DROP TABLE IF EXISTS pg_temp.import_staged, pg_temp.import_judged")


def copy_rows(plan: Plan, columns: Sequence[str], rows: Iterable[Judged]) -> None:
    """Stream typed rows into the stage. In text columns an empty cell is an empty text, elsewhere it is unknown."""
    kind = KINDS[plan.kind]
    texts = [f'"{name}"' for name in columns if kind.column(name).widget.empty == ""]
    options = f", FORCE_NOT_NULL ({', '.join(texts)})" if texts else ""
    names = ", ".join(f'"{name}"' for name in columns)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(
        [judged.row_number, "t" if judged.problems else "f", *map(judged.values.get, columns)] for judged in rows
    )
    with connection.cursor() as cursor:
        statement = f"COPY pg_temp.import_staged (row, bad, {names}) FROM STDIN (FORMAT csv{options})"
        with cursor.copy(statement) as copy:
            copy.write(buffer.getvalue())


def judge(plan: Plan, columns: Sequence[str], *, tenant_id: int, pips: list[int]) -> None:
    """Compare every staged row with the register as it is now, by one statement."""
    cells = [cell for cell in plan.cells if cell.name in columns or cell.name not in plan.types]
    faults = [fault for fault in plan.all_faults if set(fault.needs) <= set(columns)]
    found = ", ".join(f"CASE WHEN {fault.when} THEN '{fault.code}:{fault.column}' END" for fault in faults)
    ids = "".join(f", {name}.id AS {name}_id, {name}.xmin::text AS {name}_version" for name in plan.ids)
    joins = " ".join(plan.joins)
    run("ANALYZE pg_temp.import_staged")
    run("DROP TABLE IF EXISTS pg_temp.import_judged")
    # OFFSET 0 keeps the planner from working the CASEs out twice.
    run(
        f"""CREATE TEMPORARY TABLE import_judged AS
        SELECT found.*,
               CASE WHEN bad OR faults <> '{{}}' THEN 'error'
                    WHEN target_id IS NULL THEN 'new'
                    WHEN differences = '{{}}'::jsonb THEN 'unchanged'
                    ELSE 'changed' END AS result
        FROM (
            SELECT staged.row, staged.bad, pip.id AS pip_id, target.id AS target_id, target.xmin::text AS version{ids},
                   array_remove(ARRAY[{found}]::text[], NULL) AS faults,
                   {differences(cells)} AS differences
            FROM pg_temp.import_staged staged {joins}
            OFFSET 0
        ) found""",
        {"tenant": tenant_id, "pips": pips},
    )
    run("CREATE UNIQUE INDEX ON pg_temp.import_judged (row)")
    run("ANALYZE pg_temp.import_judged")


def differences(cells: Sequence[Cell]) -> str:
    """SQL for {column: [old, new]} of what differs; rows that agree don't pay for it."""
    any_difference = " OR ".join(cell.differs for cell in cells)
    parts = " || ".join(
        f"CASE WHEN {cell.differs} THEN jsonb_build_object('{cell.name}', jsonb_build_array({cell.old}, {cell.said}))"
        " ELSE '{}'::jsonb END"
        for cell in cells
    )
    return f"CASE WHEN {any_difference} THEN {parts} ELSE '{{}}'::jsonb END"

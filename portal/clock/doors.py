"""Looks across tenants, through the functions of doors.sql."""

from collections import defaultdict
from collections.abc import Iterator

from django.db import connection

ROWS_AT_ONCE = 20_000


def through_door(function: str, *arguments: object) -> dict[int, list[int]]:
    """The ids that a door returns, by tenant."""
    found: dict[int, list[int]] = defaultdict(list)
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places})", arguments)
        for tenant_id, row_id in cursor.fetchall():
            found[tenant_id].append(row_id)
    return found


def tenants_through_door(function: str, *arguments: object) -> list[int]:
    """The tenants for which a door returns anything, however much it is."""
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT tenant_id FROM {function}({places}) ORDER BY tenant_id", arguments)
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def portions_through_door(function: str, key: str, *arguments: object) -> Iterator[tuple[int, list[int]]]:
    """As ``through_door``, tenant by tenant, so many rows at a time in the order of their key: a backlog of a million
    must not come into memory at once."""
    places, last = ", ".join(["%s"] * len(arguments)), 0
    statement = f"SELECT tenant_id, {key} FROM {function}({places}) WHERE {key} > %s ORDER BY {key} LIMIT %s"
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*arguments, last, ROWS_AT_ONCE])
            rows = cursor.fetchall()
        found: dict[int, list[int]] = defaultdict(list)
        for tenant_id, row_id in rows:
            found[tenant_id].append(row_id)
        yield from found.items()
        if len(rows) < ROWS_AT_ONCE:
            return
        last = rows[-1][1]

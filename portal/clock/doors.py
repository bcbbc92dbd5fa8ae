"""Looks across tenants, through the functions of doors.sql."""

from collections import defaultdict

from django.db import connection


def through_door(function: str, *arguments: object) -> dict[int, list[int]]:
    """The ids that a door returns, by tenant."""
    found: dict[int, list[int]] = defaultdict(list)
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places})", arguments)
        for tenant_id, row_id in cursor.fetchall():
            found[tenant_id].append(row_id)
    return found

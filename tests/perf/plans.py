"""What the database does for a page: the statements of a request, and their plans as executed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.data import GIANT
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting


@contextmanager
def as_the_giant() -> Iterator[None]:
    """The wall open for the tenant with most rows, as it is in a request."""
    with acting(Tenant(pk=GIANT), actor=f"user:{GIANT}", user_id=GIANT):
        yield


def statements(client: Client, url: str) -> list[str]:
    """The statements of one request whose caches are warm."""
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
    return [query["sql"] for query in captured.captured_queries]


def reads_of(client: Client, url: str, table: str) -> list[str]:
    """Those of the statements that read the table first of all."""
    found = [sql for sql in statements(client, url) if sql.startswith("SELECT") and f'FROM "{table}"' in sql]
    assert found, f"{url} doesn't read {table}"
    return found


def plan(sql: str) -> dict[str, Any]:
    """The plan of a statement, executed under the settings in force, with rows and buffers."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"), [])
        return cursor.fetchone()[0][0]["Plan"]


def value(sql: str, *values: Any) -> Any:
    """The one value that a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def nodes(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a plan."""
    yield root
    for child in root.get("Plans", ()):
        yield from nodes(child)


def buffers(root: dict[str, Any]) -> int:
    """Blocks of 8 kB that the statement touched."""
    return root["Shared Hit Blocks"] + root["Shared Read Blocks"]


def scanned_whole(root: dict[str, Any]) -> set[str]:
    """Tables that were read from end to end."""
    return {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}

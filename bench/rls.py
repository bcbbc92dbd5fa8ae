"""What row-level security costs: the same queries under the wall, and by a role that it doesn't bind."""

import random
from collections.abc import Callable, Iterator

import psycopg

from bench.data import GIANT, Size
from bench.harness import Comparison, Target, ab, same
from portal.embedded.servers import Servers

PAGE = (
    "SELECT d.id, d.code, d.status, s.name, c.name FROM deployments_deployment d"
    " JOIN deployments_site s ON s.id = d.site_id JOIN deployments_scenario c ON c.id = d.scenario_id"
    " WHERE d.tenant_id = %s AND d.pip_id = %s AND d.code > %s ORDER BY d.code LIMIT 50"
)
KEY = "SELECT code, status FROM deployments_deployment WHERE tenant_id = %s AND id = %s"
SCAN = "SELECT count(*), max(note) FROM deployments_deployment WHERE tenant_id = %s"
REPEATS = 200
FLOOR = "floor: explicit WHERE, no wall"
OURS = "ours: the same under the wall"


def run(servers: Servers, database: str, size: Size) -> Iterator[Comparison]:
    """Pages, look-ups by key and a whole-tenant scan."""
    dice = random.Random(1)
    pages = [(GIANT, dice.randint(1, size.giant_pips), f"FR-{dice.randrange(4096):03X}") for _ in range(REPEATS)]
    keys = [(GIANT, dice.randint(1, size.giant_deployments)) for _ in range(REPEATS)]
    with (
        psycopg.connect(servers.dsn("postgres", database), autocommit=True) as free,
        psycopg.connect(servers.dsn("app", database), autocommit=True) as walled,
    ):
        walled.execute("SELECT set_config('portal.tenant', %s, false)", [str(GIANT)])
        for connection in (free, walled):
            # As Django asks: each statement is planned with its values.
            connection.execute("SET plan_cache_mode = force_custom_plan")

        def all_of(connection: psycopg.Connection, query: str, arguments: list[tuple]) -> Callable[[], list]:
            return lambda: [connection.execute(query, each, prepare=True).fetchall() for each in arguments]

        for title, query, arguments, most in (
            (f"RLS: {REPEATS} pages of 50 rows", PAGE, pages, 1.1),
            (f"RLS: {REPEATS} look-ups by key", KEY, keys, 1.1),
            ("RLS: one scan of the whole tenant", SCAN, [(GIANT,)], 1.1),
        ):
            ways = {
                FLOOR: all_of(free, query, arguments),
                OURS: all_of(walled, query, arguments),
            }
            same({name: way() for name, way in ways.items()})
            target = Target(OURS, FLOOR, most=most)
            yield ab(title, ways, rounds=size.rounds * 3, targets=[target])
        settings = {
            "floor: BEGIN and COMMIT": lambda: transactions(walled, with_settings=False),
            "ours: with the six settings of acting()": lambda: transactions(walled, with_settings=True),
        }
        told = ab(f"RLS: {REPEATS} transactions, each told who acts", settings, rounds=size.rounds * 3)
        floor, ours = (row["median_ms"] for row in told.rows())
        told.figures["cost of telling the database who acts"] = f"{(ours - floor) / REPEATS:.3f} ms a transaction"
        yield told


def transactions(connection: psycopg.Connection, *, with_settings: bool) -> None:
    """Two hundred short transactions with one look-up each."""
    query = (
        "SELECT set_config('portal.tenant', %s, true), set_config('portal.user', %s, true),"
        " set_config('portal.actor', %s, true), set_config('portal.verb', %s, true),"
        " set_config('portal.reason', %s, true), set_config('portal.request', %s, true)"
    )
    for number in range(REPEATS):
        with connection.transaction():
            if with_settings:
                connection.execute(query, [str(GIANT), "1", "user:1", "", "", "0123456789abcdef"], prepare=True)
            connection.execute(KEY, (GIANT, number + 1), prepare=True)

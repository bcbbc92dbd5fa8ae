"""W1: the register page of a tenant with most of the rows: first page, filtered, and from the middle."""

import json
import re
from collections.abc import Callable, Iterator
from html import escape

import psycopg
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from bench import peers
from bench.data import GIANT, Size
from bench.harness import Comparison, Target, ab, same
from portal.accounts.models import User
from portal.embedded.servers import Servers
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

CODE = re.compile(r"\bFR-[0-9A-F]{3}-[0-9]{7}\b")
# The page as cheap as it can be: one index scan from the cursor on, two joins, strings put together.
RAW = """
SELECT d.id, d.code, p.name, c.code, s.name, s.province, s.place_type, d.status, d.started_on
FROM deployments_deployment d
JOIN tenancy_pip p ON p.id = d.pip_id
JOIN deployments_scenario c ON c.id = d.scenario_id
JOIN deployments_site s ON s.id = d.site_id
WHERE d.tenant_id = %(tenant)s AND d.pip_id = ANY (%(pips)s) AND (d.pip_id, d.code) > (%(pip)s, %(code)s) {filter}
ORDER BY d.pip_id, d.code LIMIT 51
"""
OURS, FLOOR = "ours: the view through the test client", "floor: raw SQL and a string join"
PER_PIP, PER_OBJECT = "peer: ListView, guardian on the PIP", "peer: ListView, guardian per object"


def run(servers: Servers, database: str, size: Size) -> Iterator[Comparison]:
    """Three pages, and the deep one against the first."""
    with psycopg.connect(servers.dsn("postgres", database), autocommit=True) as raw:
        page = Page(raw, size)
        deep = page.cursor(size.giant_deployments // 2)
        asked = {
            f"W1: first page of {size.giant_deployments:,} deployments": ({}, (0, ""), ""),
            "W1: first page, filtered by status": ({"status": "active"}, (0, ""), "AND d.status = 'active'"),
            f"W1: page from row {size.giant_deployments // 2:,} on": (
                {"after": json.dumps(deep)},
                deep,
                "",
            ),
        }
        for title, each in asked.items():
            yield page.compare(title, size, *each)
        first, last = (lambda: page.ours({})), (lambda: page.ours({"after": json.dumps(deep)}))
        ways = {"floor: our first page": first, "our page from the middle": last}
        target = Target("our page from the middle", "floor: our first page", most=1.2)
        yield ab("W1: deep page against first page", ways, rounds=size.rounds * 3, targets=[target])


class Page:
    """The page of one reader, the owner of the giant tenant."""

    def __init__(self, raw: psycopg.Connection, size: Size) -> None:
        self.raw = raw
        self.pips = list(range(1, size.giant_pips + 1))
        with scopes_disabled():
            self.tenant = Tenant(pk=GIANT, slug=f"t{GIANT}")
            self.user = User.objects.get(pk=GIANT)
        self.user.language = "en"
        self.client = Client()
        self.client.force_login(self.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.address = reverse("deployments:deployments", args=[self.tenant.slug])
        # The floor has the best plan there is, whatever the planner believes about tenants and PIPs.
        for name, value in {"enable_sort": "off", "enable_incremental_sort": "off"}.items():
            raw.execute(f"SET {name} = {value}")
        raw.execute("SET plan_cache_mode = force_custom_plan")
        permission = peers.view_permission()
        raw.execute("SET session_replication_role = replica")
        raw.execute(
            "INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id)"
            " SELECT id::text, %s, %s, %s FROM deployments_deployment WHERE tenant_id = %s",
            [permission.content_type_id, permission.pk, self.user.pk, GIANT],
        )
        raw.execute("RESET session_replication_role")
        raw.execute("ANALYZE guardian_userobjectpermission")

    def cursor(self, depth: int) -> tuple[int, str]:
        """The last row before the depth."""
        query = "SELECT pip_id, code FROM deployments_deployment WHERE tenant_id = %s ORDER BY 1, 2 OFFSET %s LIMIT 1"
        return self.raw.execute(query, [GIANT, depth - 1]).fetchone()

    def floor(self, cursor: tuple[int, str], where: str) -> str:
        values = {"tenant": GIANT, "pips": self.pips, "pip": cursor[0], "code": cursor[1]}
        rows = self.raw.execute(RAW.format(filter=where), values, prepare=True).fetchall()
        return "\n".join(
            "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row[1:]) + "</tr>" for row in rows[:50]
        )

    def ours(self, query: dict[str, str]) -> str:
        response = self.client.get(self.address, query)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def peer(self, view: type, query: dict[str, str], depth: int) -> str:
        page = {"page": str(depth // 50 + 1)} if depth else {}
        plain = {name: value for name, value in query.items() if name != "after"}
        with acting(self.tenant, actor="system:bench"):
            return peers.page_of(view, self.user, plain | page)

    def compare(
        self, title: str, size: Size, query: dict[str, str], cursor: tuple[int, str], where: str
    ) -> Comparison:
        depth = size.giant_deployments // 2 if "after" in query else 0
        ways: dict[str, Callable[[], str]] = {
            FLOOR: lambda: self.floor(cursor, where),
            OURS: lambda: self.ours(query),
            PER_PIP: lambda: self.peer(peers.PerPip, query, depth),
            PER_OBJECT: lambda: self.peer(peers.PerObject, query, depth),
        }
        same({name: list(dict.fromkeys(CODE.findall(way()))) for name, way in ways.items()})
        return ab(title, ways, rounds=size.rounds, targets=[Target(OURS, FLOOR, most=8)])

"""W3: a vendor's file of deployments, checked and applied: everything new, a tenth changed, nothing changed.

The floor reads rows that are typed already: COPY into a temporary table and one upsert into the register's own table,
with its indexes and foreign keys, but without wall, audit, preview or any check of a cell.
"""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from tablib import Dataset

from bench import peers
from bench.data import Size, uscc, vendor_file
from bench.harness import Comparison, Target, Way, ab, same
from portal.accounts.models import User
from portal.embedded.servers import Servers
from portal.imports.direct import access_of, import_now
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import acting

STATUSES = {"使用中": "active"}
UPSERT = """
INSERT INTO deployments_deployment (tenant_id, pip_id, code, scenario_id, site_id, status, started_on, ended_on, note)
SELECT scenario.tenant_id, scenario.pip_id, given.code, scenario.id, site.id, given.status, given.started_on,
       given.ended_on, given.note
FROM given
JOIN deployments_scenario scenario ON scenario.pip_id = %(pip)s AND scenario.code = given.scenario
JOIN deployments_site site ON site.pip_id = %(pip)s AND site.code = given.site
ON CONFLICT (pip_id, code) DO UPDATE SET scenario_id = excluded.scenario_id, site_id = excluded.site_id,
    status = excluded.status, started_on = excluded.started_on, ended_on = excluded.ended_on, note = excluded.note
WHERE (deployments_deployment.scenario_id, deployments_deployment.site_id, deployments_deployment.status,
       deployments_deployment.started_on, deployments_deployment.ended_on, deployments_deployment.note)
      IS DISTINCT FROM (excluded.scenario_id, excluded.site_id, excluded.status, excluded.started_on,
                        excluded.ended_on, excluded.note)
"""
FLOOR, OURS = "floor: COPY and one upsert", "ours: upload, check, apply, audit"
TUNED, STOCK = "peer: import-export, tuned", "peer: import-export, stock"


def run(servers: Servers, database: str, size: Size) -> Iterator[Comparison]:
    """The three files at full length, then a tenth of the rows beside import-export."""
    with (
        TemporaryDirectory() as folder,
        psycopg.connect(servers.dsn("postgres", database), autocommit=True) as raw,
    ):
        register = Register(raw, size.giant_pips + 1)
        files = Files(Path(folder), register, size.import_rows)
        for title, before, file in (
            ("all new", None, files.first),
            ("one in ten changed", files.first, files.changed),
            ("all unchanged", files.first, files.first),
        ):
            ways = {
                FLOOR: Way(lambda file=file: register.floor(file), register.set_up(before, audited=False)),
                OURS: Way(lambda file=file: register.ours(file), register.set_up(before, audited=True)),
            }
            register.agree(ways)
            rounds = 3 if size.import_rows > 10_000 else size.rounds
            title = f"W3: {size.import_rows:,} rows, {title}"
            comparison = ab(title, ways, rounds=rounds, warm=0, targets=[Target(OURS, FLOOR, most=2.5)])
            comparison.figures["audit events of the last import"] = f"{register.events():,}"
            yield comparison
        tenth = Files(Path(folder), register, size.peer_import_rows)
        yield against_peers(register, tenth, size)


def against_peers(register: "Register", files: "Files", size: Size) -> Comparison:
    """One in ten changed, on a tenth of the rows: nobody waits for a hundred thousand."""
    rows = Dataset().load(files.changed.read_text(encoding="utf-8-sig"), format="csv")

    def peer(tuned: bool) -> Callable[[], None]:
        def import_rows() -> None:
            with acting(register.tenant, actor="system:bench", verb="peer"):
                peers.import_all(register.pip, rows, tuned=tuned)

        return import_rows

    before = register.set_up(files.first, audited=False)
    ways = {
        FLOOR: Way(lambda: register.floor(files.changed), before),
        OURS: Way(lambda: register.ours(files.changed), register.set_up(files.first, audited=True)),
        TUNED: Way(peer(tuned=True), before),
        STOCK: Way(peer(tuned=False), before),
    }
    if size.peer_import_rows < 1_000:
        register.agree(ways)
    title = f"W3: {size.peer_import_rows:,} rows, one in ten changed, beside django-import-export"
    return ab(title, ways, rounds=1, warm=0, targets=[Target(TUNED, OURS, least=100)])


class Register:
    """The PIP that the rows go to, in an ordinary tenant, and the ways to put them there."""

    def __init__(self, raw: psycopg.Connection, pip_id: int) -> None:
        self.raw, self.uscc = raw, uscc(pip_id)
        tenant_id = raw.execute("SELECT tenant_id FROM tenancy_pip WHERE id = %s", [pip_id]).fetchone()[0]
        self.tenant = Tenant(pk=tenant_id, slug=f"t{tenant_id}")
        self.user = User.objects.get(pk=tenant_id)
        with acting(self.tenant, actor="system:bench"):
            self.pip = Pip.objects.get(pk=pip_id)

    def set_up(self, before: Path | None, *, audited: bool) -> Callable[[], None]:
        """The register as it is before the import: the sites are known, the rows of an earlier file may be too."""

        def prepare() -> None:
            self.switch_audit(on=False)
            self.empty()
            if before is not None:
                self.floor(before)
            self.raw.execute("VACUUM (ANALYZE) deployments_deployment, deployments_site, imports_importrow")
            self.raw.execute("CHECKPOINT")
            self.switch_audit(on=audited)

        return prepare

    def switch_audit(self, *, on: bool) -> None:
        for table in ("deployments_deployment", "deployments_site"):
            for verb in ("insert", "update", "delete"):
                self.raw.execute(f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER audit_{verb}")

    def empty(self) -> None:
        self.raw.execute("SET session_replication_role = replica")
        self.raw.execute("TRUNCATE imports_importrow, imports_importbatch, audit_auditevent")
        self.raw.execute("DELETE FROM deployments_deployment WHERE pip_id = %s AND code LIKE 'IMP-%%'", [self.pip.pk])
        self.raw.execute("RESET session_replication_role")

    def know_sites(self, rows: list[dict[str, str]]) -> None:
        """The vendor's sites stand in the register: both ways write the same rows."""
        sites = {row["场所编号"]: row for row in rows}
        self.switch_audit(on=False)
        with self.raw.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO deployments_site (tenant_id, pip_id, code, name, province, city, address, place_type)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, 'public') ON CONFLICT DO NOTHING",
                [
                    (
                        self.tenant.pk,
                        self.pip.pk,
                        code,
                        row["场所名称"],
                        PROVINCE[row["省份"]],
                        row["城市"],
                        row["地址"],
                    )
                    for code, row in sites.items()
                ],
            )

    def floor(self, file: Path) -> None:
        """As fast as the database takes rows that are typed already."""
        with self.raw.transaction():
            self.raw.execute(
                "CREATE TEMP TABLE given (code text, scenario text, site text, status text, started_on date,"
                " ended_on date, note text) ON COMMIT DROP"
            )
            with self.raw.cursor().copy("COPY given FROM STDIN (FORMAT csv)") as copy:
                copy.write(file.with_suffix(".typed").read_bytes())
            self.raw.execute("ANALYZE given")
            self.raw.execute(UPSERT, {"pip": self.pip.pk})

    def ours(self, file: Path) -> None:
        """What the command line does, which is what the worker does."""
        access = access_of(self.tenant, self.user)
        with file.open("rb") as stream:
            batch = import_now(self.tenant, self.user, stream, file.name, access=access, applies=True)
        assert not batch.errors and batch.state in ("applied", "checked"), (batch.state, batch.refusal_en)

    def rows(self) -> tuple:
        """What stands in the register: the number of rows and a sum over all of their cells."""
        query = (
            "SELECT count(*), sum(hashtext(concat_ws('/', code, scenario_id, site_id, status, started_on, ended_on,"
            " note, tenant_id))) FROM deployments_deployment WHERE pip_id = %s AND code LIKE 'IMP-%%'"
        )
        return self.raw.execute(query, [self.pip.pk]).fetchone()

    def agree(self, ways: dict[str, Way]) -> None:
        """All ways leave the same register behind."""
        answers = {}
        for name, way in ways.items():
            way.prepare()
            way.run()
            answers[name] = self.rows()
        same(answers)

    def events(self) -> int:
        self.raw.execute("ANALYZE audit_auditevent")
        return self.raw.execute(
            "SELECT count(*) FROM audit_auditevent WHERE table_name LIKE 'deployments%'"
        ).fetchone()[0]


PROVINCE = {"北京市": "11", "浙江省": "33", "广东省": "44", "四川省": "51"}


class Files:
    """The vendor's files, and beside each the same rows typed for the floor."""

    def __init__(self, folder: Path, register: Register, rows: int) -> None:
        self.first = vendor_file(folder / f"first-{rows}.csv", register.uscc, rows)
        self.changed = vendor_file(
            folder / f"changed-{rows}.csv",
            register.uscc,
            rows,
            lambda number: "停用检修" if number % 10 == 0 else "按计划运行",
        )
        for file in (self.first, self.changed):
            given = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
            with file.with_suffix(".typed").open("w", encoding="utf-8", newline="") as typed:
                csv.writer(typed).writerows(
                    [
                        row["部署编号"],
                        row["应用场景编号"],
                        row["场所编号"],
                        STATUSES[row["状态"]],
                        row["启用日期"],
                        "",
                        row["备注"],
                    ]
                    for row in given
                )
            register.know_sites(given)

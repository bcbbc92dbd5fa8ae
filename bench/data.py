"""The rows that the benchmarks run on, the same on every run: sizes, the loading, and files to import."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg

from portal.accounts.roles import ROLES
from portal.law.engine import RULES
from portal.law.identifiers import uscc_check_character

TODAY = date(2026, 10, 12)  # a Monday; ground.py sets PORTAL_TODAY to it
GIANT = 1  # the tenant with most of the rows
STATEMENTS = Path(__file__).with_name("data.sql")


@dataclass(frozen=True)
class Size:
    """How many rows of what."""

    tenants: int
    giant_pips: int
    giant_deployments: int
    other_deployments: int
    obligations: int
    import_rows: int
    peer_import_rows: int
    rounds: int


SIZES = {
    "S": Size(50, 5, 5_000, 15_000, 20_000, 2_000, 200, 5),
    "L": Size(2_000, 10, 200_000, 300_000, 1_000_000, 100_000, 10_000, 9),
}


def uscc(number: int) -> str:
    """A valid unified social credit code for each number."""
    stem = f"9111010500{number:07d}"
    return stem + uscc_check_character(stem)


def load(dsn: str, size: Size) -> None:
    """Fill a migrated database. Rows are made by the server from row numbers; only the codes come from here.

    In replica mode neither triggers nor foreign keys are run: a million audit events would double the loading.
    """
    pips = [(number, max(1, number - size.giant_pips + 1)) for number in range(1, size.giant_pips + size.tenants)]
    values = {
        "tenants": size.tenants,
        "giant_pips": size.giant_pips,
        "pips": len(pips),
        "giant_deployments": size.giant_deployments,
        "deployments": size.giant_deployments + size.other_deployments,
        "obligations": size.obligations,
        "rules": [rule.id for rule in RULES],
        "today": TODAY,
        "pip_permissions": sorted(ROLES["owner"].pip),
        "tenant_permissions": sorted(ROLES["owner"].tenant),
    }
    with psycopg.connect(dsn, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("CREATE TEMP TABLE pip_given (id bigint, tenant_id bigint, uscc text)")
        with connection.cursor().copy("COPY pip_given FROM STDIN") as copy:
            for number, tenant in pips:
                copy.write_row((number, tenant, uscc(number)))
        connection.execute(STATEMENTS.read_text(), values)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE, FREEZE)")


PROVINCES = ("北京市", "浙江省", "广东省", "四川省")
HEADERS = (
    "部署编号",
    "统一社会信用代码",
    "应用场景编号",
    "场所编号",
    "场所名称",
    "省份",
    "城市",
    "地址",
    "场所类型",
    "状态",
    "启用日期",
    "终止日期",
    "备注",
)


def vendor_file(
    path: Path, uscc_code: str, rows: int, note: Callable[[int], str] = lambda number: "按计划运行"
) -> Path:
    """A vendor's CSV of deployments, twenty to a site; ``note`` gives the only cell that later files change."""
    begun = date(2025, 6, 1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number in range(rows):
            place = number // 20
            writer.writerow(
                (
                    f"IMP-{number:06d}",
                    uscc_code,
                    "GATE",
                    f"ST{place:05d}",
                    f"第{place}号站点",
                    PROVINCES[place % len(PROVINCES)],
                    "示例市",
                    f"示例路{place}号",
                    "公共场所",
                    "使用中",
                    (begun + timedelta(days=number % 400)).isoformat(),
                    "",
                    note(number),
                )
            )
    return path

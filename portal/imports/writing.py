"""The statements that write the judged rows of each kind, set by set. Triggers note each changed row in the trail."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.imports.judging import number, run
from portal.imports.models import ImportBatch

ROWS = "pg_temp.import_judged judged JOIN pg_temp.import_staged staged USING (row)"
SITE_COLUMNS = {
    "site_name": ("name", "max(nullif(staged.site_name, ''))"),
    "province": ("province", "max(staged.province)"),
    "city": ("city", "max(staged.city)"),
    "address": ("address", "max(staged.address)"),
    "place_type": ("place_type", "max(staged.place_type)"),
}


class Moved(Exception):
    """A row was edited between the look and the write; the transaction is undone and tried anew."""


@dataclass(frozen=True)
class Statement:
    """One write; where ``expects`` is given, it must touch just as many rows."""

    sql: str
    expects: str = ""

    def run(self, *, tenant_id: int, batch: ImportBatch) -> None:
        """Write, or raise Moved."""
        values = {"source": batch.reference, "sha256": batch.sha256, "by": batch.uploaded_by_id}
        touched = run(self.sql, {"tenant": tenant_id} | values)
        if self.expects and touched != number(f"SELECT {self.expects}"):
            raise Moved


def inserting(table: str, values: dict[str, str], source: str) -> str:
    """INSERT of the tenant's rows; a row that somebody was quicker with is left out and so counted as missing."""
    return (
        f"INSERT INTO {table} (tenant_id, {', '.join(values)})"
        f" SELECT %(tenant)s, {', '.join(values.values())} FROM {source} ON CONFLICT DO NOTHING"
    )


def updating(table: str, values: dict[str, str], source: str) -> str:
    """UPDATE of the targets that are still in the version that was looked at."""
    pairs = ", ".join(f"{column} = {value}" for column, value in values.items())
    return (
        f"UPDATE {table} target SET {pairs} FROM {source}"
        " AND target.id = judged.target_id AND target.xmin::text = judged.version"
    )


def deployments(columns: Sequence[str]) -> list[Statement]:
    """New and changed sites first, then the deployments on them."""
    said = {name: pair for name, pair in SITE_COLUMNS.items() if name in columns}
    fresh = {column: f"coalesce({value}, '')" for column, value in said.values()}
    defaults = {"city": "''", "address": "''", "place_type": "'undecided'"}
    if "place_type" in said:
        fresh["place_type"] = f"coalesce({said['place_type'][1]}, 'undecided')"
    new_site = {"pip_id": "judged.pip_id", "code": "staged.site_code", **defaults, **fresh}
    statements = [
        Statement(
            inserting(
                "deployments_site",
                new_site,
                f"{ROWS} WHERE judged.site_id IS NULL GROUP BY judged.pip_id, staged.site_code",
            )
        )
    ]
    if said:
        pairs = ", ".join(f"{column} = coalesce(said.{column}, site.{column})" for column, _value in said.values())
        values = ", ".join(f"{value} AS {column}" for column, value in said.values())
        keys = ", ".join(f"'{name}'" for name in said)
        statements.append(
            Statement(
                f"UPDATE deployments_site site SET {pairs} FROM (SELECT judged.site_id, judged.site_version, {values}"
                f" FROM {ROWS} WHERE judged.site_id IS NOT NULL AND judged.differences ?| ARRAY[{keys}]"
                " GROUP BY 1, 2) said WHERE site.id = said.site_id AND site.xmin::text = said.site_version",
                "count(DISTINCT site_id) FROM pg_temp.import_judged judged"
                f" WHERE judged.site_id IS NOT NULL AND judged.differences ?| ARRAY[{keys}]",
            )
        )
    own = {
        "scenario_id": "judged.scenario_id",
        "site_id": "coalesce(judged.site_id, site.id)",
        "status": "staged.status",
        **{name: f"staged.{name}" for name in ("started_on", "ended_on", "note") if name in columns},
    }
    at_site = f"{ROWS} LEFT JOIN deployments_site site ON site.pip_id = judged.pip_id AND site.code = staged.site_code"
    new = {"pip_id": "judged.pip_id", "code": "staged.deployment_code", "note": "''", **own}
    keys = ", ".join(f"'{name}'" for name in SITE_COLUMNS)
    changed = f"judged.result = 'changed' AND judged.differences - ARRAY[{keys}] <> '{{}}'::jsonb"
    own["status"] = "CASE WHEN judged.differences ? 'status' THEN staged.status ELSE target.status END"
    return [
        *statements,
        inserted("deployments_deployment", new, at_site),
        Statement(
            updating("deployments_deployment", own, f"{at_site} WHERE {changed}"),
            f"count(*) FROM pg_temp.import_judged judged WHERE {changed}",
        ),
    ]


def inserted(table: str, values: dict[str, str], source: str) -> Statement:
    """All new rows, and not one less."""
    return Statement(
        inserting(table, values, f"{source} WHERE judged.result = 'new'"),
        "count(*) FROM pg_temp.import_judged judged WHERE judged.result = 'new'",
    )


def changed(table: str, values: dict[str, str], source: str, *, beside: str = "") -> Statement:
    """All changed rows, and not one less; ``beside`` is a difference that is kept elsewhere."""
    which = "judged.result = 'changed'"
    if beside:
        which += f" AND judged.differences - '{beside}' <> '{{}}'::jsonb"
    return Statement(
        updating(table, values, f"{source} WHERE {which}"), f"count(*) FROM pg_temp.import_judged judged WHERE {which}"
    )


NEW_AREAS = Statement(
    inserting(
        "deployments_capturearea",
        {
            "pip_id": "judged.pip_id",
            "deployment_id": "judged.deployment_id",
            "name": "staged.capture_area",
        },
        f"{ROWS} WHERE staged.capture_area <> '' GROUP BY 2, 3, 4",
    )
)
AT_AREA = (
    f"{ROWS} LEFT JOIN deployments_capturearea area"
    " ON area.deployment_id = judged.deployment_id AND area.name = staged.capture_area"
)


def devices(columns: Sequence[str]) -> list[Statement]:
    """Capture areas first; a device in a private space stops its deployment in the same transaction."""
    optional = ("maker", "model", "stores_on_device", "installed_on", "removed_on")
    own = {
        "deployment_id": "judged.deployment_id",
        "capture_area_id": "area.id",
        **{name: f"staged.{name}" for name in optional if name in columns},
    }
    if "space_type" in columns:
        own["space_type"] = "coalesce(staged.space_type, '')"
    new = {"pip_id": "judged.pip_id", "serial": "staged.device_serial", "maker": "''", "model": "''"}
    return [
        NEW_AREAS,
        inserted("deployments_device", {**new, "space_type": "''", **own}, AT_AREA),
        changed("deployments_device", own, AT_AREA, beside="deployment_status"),
        # FRM Art 13, Video Regulations Art 8: recorded as found, never in use.
        Statement(
            "UPDATE deployments_deployment SET status = 'suspended' WHERE status IN ('planned', 'active') AND id IN"
            " (SELECT deployment_id FROM pg_temp.import_judged WHERE differences ? 'deployment_status')"
        ),
    ]


def signs(columns: Sequence[str]) -> list[Statement]:
    """Capture areas first, then the signs."""
    own = {
        "deployment_id": "judged.deployment_id",
        **{name: f"staged.{name}" for name in ("location", "languages", "posted_on", "removed_on") if name in columns},
    }
    has_area = "capture_area" in columns
    if has_area:
        own["capture_area_id"] = "area.id"
    source = AT_AREA if has_area else ROWS
    new = {"pip_id": "judged.pip_id", "code": "staged.sign_code", "languages": "''", **own}
    return [
        *([NEW_AREAS] if has_area else []),
        inserted("deployments_sign", new, source),
        changed("deployments_sign", own, source),
    ]


def counts(columns: Sequence[str]) -> list[Statement]:
    """Every row is added; one for a place and day that has a number already points at the number it corrects."""
    method = "staged.dedup_method" if "dedup_method" in columns else "coalesce(before.dedup_method, '')"
    values = {
        "pip_id": "judged.pip_id",
        "scenario_id": "judged.scenario_id",
        "deployment_id": "judged.deployment_id",
        "counted_on": "staged.counted_on",
        "persons": "staged.persons",
        "dedup_method": method,
        "source": "%(source)s",
        "source_sha256": "%(sha256)s",
        "corrects_id": "judged.target_id",
        "entered_at": "now()",
        "entered_by_id": "%(by)s",
    }
    source = f"{ROWS} LEFT JOIN deployments_personcount before ON before.id = judged.target_id"
    return [
        Statement(
            inserting("deployments_personcount", values, source),
            "count(*) FROM pg_temp.import_judged judged",
        )
    ]


WRITERS = {"deployments": deployments, "devices": devices, "signs": signs, "counts": counts}

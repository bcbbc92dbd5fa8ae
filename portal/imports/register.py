"""What a row of each kind means in the register: which rows it names, what it would change, what forbids it.

The check and the apply judge by the same SQL, so that what stands on the page is what is written.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from deployments.choices import PRIVATE_SPACES
from deployments.workflow import MOVES
from portal.imports.resources import sql_types, tighter_limits

PRIVATE = ", ".join(f"'{space}'" for space in sorted(PRIVATE_SPACES))
PIP = (
    "LEFT JOIN tenancy_pip pip ON pip.tenant_id = %(tenant)s AND pip.uscc = staged.pip_uscc AND pip.id = ANY(%(pips)s)"
)
SCENARIO = (
    "LEFT JOIN deployments_scenario scenario ON scenario.pip_id = pip.id AND scenario.code = staged.scenario_code"
)
DEPLOYMENT = (
    "LEFT JOIN deployments_deployment deployment"
    " ON deployment.pip_id = pip.id AND deployment.code = staged.deployment_code"
)


@dataclass(frozen=True)
class Cell:
    """One value of a row: what the file says and what the register says, in SQL over the joined rows.

    ``of`` is the joined row that must exist for there to be an old value.
    """

    name: str
    old: str
    new: str = ""
    of: str = "target"
    # Kept with the site, not with the row's own target.
    of_site: bool = False

    @property
    def said(self) -> str:
        """What the file says, in SQL."""
        return self.new or f"staged.{self.name}"

    @property
    def differs(self) -> str:
        """SQL that is true where file and register differ."""
        return f"({self.of}.id IS NOT NULL AND {self.said} IS DISTINCT FROM {self.old})"


@dataclass(frozen=True)
class Fault:
    """Something in the register that forbids a row; its words stand in ``faults.WORDS``."""

    code: str
    column: str
    when: str
    # Columns that the file must have for the question to arise.
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A kind of file against the register."""

    kind: str
    joins: tuple[str, ...]
    cells: tuple[Cell, ...]
    faults: tuple[Fault, ...]
    # Ids that the apply needs besides the target's.
    ids: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def types(self) -> dict[str, str]:
        """The SQL type of each column of the kind."""
        return sql_types(self.kind)

    def columns(self, found: Collection[str]) -> list[str]:
        """The columns of the kind that a file has, in the kind's order."""
        return [name for name in self.types if name in found]

    @property
    def all_faults(self) -> list[Fault]:
        """What forbids a row, texts that are longer than the register's among it."""
        long = [
            Fault(f"longer_than_{limit}", name, f"length(staged.{name}) > {limit}", (name,))
            for name, limit in tighter_limits(self.kind).items()
        ]
        return [*self.faults, *long]


def last(column: str, found: Collection[str], *, row: str = "target") -> str:
    """The value that would stand after the row: the file's if it has the column, else the register's."""
    return f"staged.{column}" if column in found else f"{row}.{column}"


def deployments(found: Collection[str]) -> Plan:
    """One row is a scenario at a site."""
    ended, started = last("ended_on", found), last("started_on", found)
    # A deployment whose data were disposed of is a terminated one to its vendor.
    status = (
        "CASE WHEN target.status = 'disposed' AND staged.status = 'terminated' THEN 'disposed' ELSE staged.status END"
    )
    moves = ", ".join(f"('{source}', '{move.target}')" for move in MOVES.values() for source in sorted(move.sources))
    site_name = "staged.site_name" if "site_name" in found else "''"
    province = "staged.province" if "province" in found else "NULL"
    return Plan(
        "deployments",
        (
            PIP,
            SCENARIO,
            "LEFT JOIN deployments_site site ON site.pip_id = pip.id AND site.code = staged.site_code",
            "LEFT JOIN deployments_deployment target"
            " ON target.pip_id = pip.id AND target.code = staged.deployment_code",
            "LEFT JOIN deployments_scenario scenario_before ON scenario_before.id = target.scenario_id",
            "LEFT JOIN deployments_site site_before ON site_before.id = target.site_id",
        ),
        (
            Cell("scenario_code", "scenario_before.code"),
            Cell("site_code", "site_before.code"),
            Cell("site_name", "site.name", "coalesce(nullif(staged.site_name, ''), site.name)", "site", True),
            Cell("province", "site.province", "coalesce(staged.province, site.province)", "site", True),
            Cell("city", "site.city", of="site", of_site=True),
            Cell("address", "site.address", of="site", of_site=True),
            Cell("place_type", "site.place_type", "coalesce(staged.place_type, site.place_type)", "site", True),
            Cell("status", "target.status", status),
            Cell("started_on", "target.started_on"),
            Cell("ended_on", "target.ended_on"),
            Cell("note", "target.note"),
        ),
        (
            *named("pip_uscc", "scenario_code"),
            Fault(
                "site_new_name",
                "site_name",
                f"pip.id IS NOT NULL AND staged.site_code <> '' AND site.id IS NULL AND {site_name} = ''",
            ),
            Fault(
                "site_new_province",
                "province",
                f"pip.id IS NOT NULL AND staged.site_code <> '' AND site.id IS NULL AND {province} IS NULL",
            ),
            Fault(
                "status_backwards",
                "status",
                f"target.id IS NOT NULL AND target.status <> {status}"
                f" AND (target.status, staged.status) NOT IN ({moves})",
            ),
            Fault(
                "active_private",
                "status",
                "staged.status = 'active' AND EXISTS (SELECT FROM deployments_device device"
                " WHERE device.deployment_id = target.id AND device.removed_on IS NULL"
                f" AND device.space_type IN ({PRIVATE}))",
            ),
            Fault("ended_missing", "ended_on", f"staged.status = 'terminated' AND {ended} IS NULL"),
            Fault("ends_before_start", "ended_on", f"{ended} < {started}"),
        ),
        ("scenario", "site"),
        ("deployment_code", "pip_uscc"),
    )


def devices(found: Collection[str]) -> Plan:
    """One row is a device at a deployment; one in a private space stops its deployment."""
    space, removed = last("space_type", found), last("removed_on", found)
    # FRM Art 13, Video Regulations Art 8: recorded as found, never in use.
    stops = f"deployment.status IN ('planned', 'active') AND {space} IN ({PRIVATE}) AND {removed} IS NULL"
    return Plan(
        "devices",
        (
            PIP,
            DEPLOYMENT,
            "LEFT JOIN deployments_device target ON target.pip_id = pip.id AND target.serial = staged.device_serial",
            "LEFT JOIN deployments_deployment deployment_before ON deployment_before.id = target.deployment_id",
            "LEFT JOIN deployments_capturearea area_before ON area_before.id = target.capture_area_id",
        ),
        (
            Cell("deployment_code", "deployment_before.code"),
            Cell("maker", "target.maker"),
            Cell("model", "target.model"),
            Cell("capture_area", "coalesce(area_before.name, '')"),
            Cell("space_type", "target.space_type", "coalesce(staged.space_type, '')"),
            Cell("stores_on_device", "target.stores_on_device"),
            Cell("installed_on", "target.installed_on"),
            Cell("removed_on", "target.removed_on"),
            Cell(
                "deployment_status",
                "deployment.status",
                f"CASE WHEN {stops} THEN 'suspended' ELSE deployment.status END",
                "deployment",
            ),
        ),
        (
            *named("pip_uscc", "deployment_code"),
            Fault("removed_before_installed", "removed_on", f"{removed} < {last('installed_on', found)}"),
            Fault(
                "private_unproved",
                "space_type",
                "is_private_space(target.space_type) AND target.removal_proof_id IS NULL"
                " AND NOT is_private_space(coalesce(staged.space_type, ''))",
                ("space_type",),
            ),
        ),
        ("deployment",),
        ("device_serial", "pip_uscc"),
    )


def signs(found: Collection[str]) -> Plan:
    """One row is a sign at a deployment."""
    return Plan(
        "signs",
        (
            PIP,
            DEPLOYMENT,
            "LEFT JOIN deployments_sign target ON target.pip_id = pip.id AND target.code = staged.sign_code",
            "LEFT JOIN deployments_deployment deployment_before ON deployment_before.id = target.deployment_id",
            "LEFT JOIN deployments_capturearea area_before ON area_before.id = target.capture_area_id",
        ),
        (
            Cell("deployment_code", "deployment_before.code"),
            Cell("capture_area", "coalesce(area_before.name, '')"),
            Cell("location", "target.location"),
            Cell("languages", "target.languages"),
            Cell("posted_on", "target.posted_on"),
            Cell("removed_on", "target.removed_on"),
        ),
        (
            *named("pip_uscc", "deployment_code"),
            Fault("removed_before_posted", "removed_on", f"{last('removed_on', found)} < staged.posted_on"),
        ),
        ("deployment",),
        ("sign_code", "pip_uscc"),
    )


def counts(found: Collection[str]) -> Plan:
    """One row is a number of persons on a day; the register keeps every number and adds corrections."""
    deployment = DEPLOYMENT if "deployment_code" in found else "LEFT JOIN deployments_deployment deployment ON false"
    code = "staged.deployment_code" if "deployment_code" in found else "''"
    return Plan(
        "counts",
        (
            PIP,
            SCENARIO,
            deployment,
            # The number that stands: the one that no other corrects.
            "LEFT JOIN (SELECT given.xmin, given.* FROM deployments_personcount given"
            " LEFT JOIN deployments_personcount later ON later.corrects_id = given.id"
            " WHERE later.id IS NULL AND given.pip_id = ANY(%(pips)s)) target"
            " ON target.scenario_id = scenario.id AND target.counted_on = staged.counted_on"
            f" AND coalesce(target.deployment_id, 0) = CASE WHEN {code} = '' THEN 0 ELSE deployment.id END",
        ),
        (Cell("persons", "target.persons"), Cell("dedup_method", "target.dedup_method")),
        (
            *named("pip_uscc", "scenario_code"),
            Fault(
                "deployment_code_unknown",
                "deployment_code",
                f"pip.id IS NOT NULL AND {code} <> '' AND deployment.id IS NULL",
                ("deployment_code",),
            ),
            Fault(
                "deployment_of_other_scenario",
                "deployment_code",
                "scenario.id IS NOT NULL AND deployment.scenario_id <> scenario.id",
                ("deployment_code",),
            ),
        ),
        ("scenario", "deployment"),
        ("pip_uscc", "scenario_code", "deployment_code", "counted_on"),
    )


def named(*columns: str) -> Iterable[Fault]:
    """The rows that a file names must be there; what is another tenant's is as unknown as what isn't at all."""
    rows = {"pip_uscc": "pip", "scenario_code": "scenario", "deployment_code": "deployment"}
    for column in columns:
        known = "" if column == "pip_uscc" else "pip.id IS NOT NULL AND "
        yield Fault(f"{column}_unknown", column, f"{known}staged.{column} <> '' AND {rows[column]}.id IS NULL")


PLANS = {"deployments": deployments, "devices": devices, "signs": signs, "counts": counts}


def plan_for(kind: str, found: Collection[str]) -> Plan:
    """The plan for a file of a kind that has these columns."""
    return PLANS[kind](frozenset(found))

"""Deployments with their areas, devices and signs, and sites, as the law looks at them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from deployments.choices import PRIVATE_SPACES
from deployments.facts.days import day
from deployments.models import CaptureArea, Deployment, Device, Sign, Site
from portal.law.coverage import uncovered
from portal.law.enums import ART7
from portal.law.facts import AreaFacts, DeploymentFacts, DeviceFacts, SignFacts, SiteFacts
from portal.tenancy.models import Pip

DEVICE_COLUMNS = (
    *("deployment_id", "serial", "space_type", "installed_on", "removed_on"),
    *("capture_area_id", "removal_proof_id"),
)

PRIVATE_COLUMNS = (
    *("id", "deployment_id", "deployment__code", "serial", "space_type"),
    *("installed_on", "removed_on", "removal_proof_id"),
)


def deployment_facts(pip: Pip, only: QuerySet | None = None) -> list[DeploymentFacts]:
    """Each deployment of a PIP, or those of ``only``, with what hangs there."""
    of = {"pip": pip} if only is None else {"deployment__in": only.values("pk")}
    devices = _by_deployment(Device.objects.filter(**of).values_list(*DEVICE_COLUMNS).iterator())
    columns = ("deployment_id", "code", "capture_area_id", "posted_on", "inspected_on", "last_result")
    hanging = Sign.objects.filter(**of).hanging().inspected()
    signs = _by_deployment(hanging.values_list(*columns, "deployment__site__inspection_days").iterator())
    fixed = CaptureArea.objects.filter(**of).values_list("deployment_id", "name", "plan_id", "position", "reach")
    areas = _by_deployment(
        (place, name, plan is not None, bool(position and reach))
        for place, name, plan, position, reach in fixed.iterator()
    )
    rows = Deployment.objects.filter(pip=pip) if only is None else only
    columns = {
        "key": F("pk"),
        "of_scenario": F("scenario__code"),
        "of_site": F("site__code"),
        "site_name": F("site__name"),
        "place": F("site__place_type"),
    }
    own = ("code", "status", "started_on", "ended_on", "disposed_on", "security_necessity")
    return [
        DeploymentFacts(
            code=row["code"],
            scenario=row["of_scenario"],
            name=row["site_name"],
            status=row["status"],
            place_type=row["place"],
            started_on=row["started_on"],
            ended_on=row["ended_on"],
            disposed_on=row["disposed_on"],
            site=row["of_site"],
            security_necessity=row["security_necessity"],
            areas=tuple(AreaFacts(*area) for area in areas[row["key"]]),
            **equipment(devices[row["key"]], signs[row["key"]]),
        )
        for row in rows.order_by("code").values(*own, **columns).iterator()
    ]


def with_equipment(rows: QuerySet) -> QuerySet:
    """Deployments with their devices, signs and areas as plain lists beside each row, for a record page: one query."""
    return rows.annotate(
        gear=_list(
            Device.objects,
            *("id", "serial", "maker", "model", "capture_area__name", "stores_on_device", "police_told_on"),
            *DEVICE_COLUMNS[1:],
        ),
        hanging=_list(
            Sign.objects.hanging().inspected(),
            *("code", "capture_area_id", "posted_on", "inspected_on", "last_result"),
        ),
        fixed=_list(CaptureArea.objects, "name", "plan_id", "position", "reach"),
        private_here=ArraySubquery(
            unproved(Device.objects.filter(deployment__site=OuterRef("site"))).values(
                one=JSONObject(**{name: F(name) for name in PRIVATE_COLUMNS})
            )
        ),
    )


def facts_from(row: Any) -> DeploymentFacts:
    """The facts of a deployment that was read ``with_equipment``, its scenario and its site."""
    devices = [
        (
            *(one["serial"], one["space_type"], day(one["installed_on"]), day(one["removed_on"])),
            *(one["capture_area_id"], one["removal_proof_id"]),
        )
        for one in row.gear
    ]
    signs = [
        (
            *(one["code"], one["capture_area_id"], day(one["posted_on"]), day(one["inspected_on"])),
            *(one["last_result"], row.site.inspection_days),
        )
        for one in row.hanging
    ]
    return DeploymentFacts(
        code=row.code,
        scenario=row.scenario.code,
        name=row.site.name,
        status=row.status,
        place_type=row.site.place_type,
        started_on=row.started_on,
        ended_on=row.ended_on,
        disposed_on=row.disposed_on,
        site=row.site.code,
        security_necessity=row.security_necessity,
        areas=tuple(
            AreaFacts(one["name"], one["plan_id"] is not None, bool(one["position"] and one["reach"]))
            for one in row.fixed
        ),
        **equipment(devices, signs),
    )


def equipment(devices: Iterable[tuple], signs: Iterable[tuple]) -> dict[str, Any]:
    """What the devices and hanging signs of one deployment come to: numbers, private spaces, gaps in coverage."""
    in_use, private = [], []
    for serial, space_type, installed_on, removed_on, area, proof in devices:
        if removed_on is None:
            in_use.append((serial, area))
        if space_type in PRIVATE_SPACES:
            private.append(_private(serial, space_type, installed_on, removed_on, proof))
    hanging = list(signs)
    return {
        "devices_in_use": len(in_use),
        "private_devices": tuple(private),
        "sign_posted_on": min((posted_on for _, _, posted_on, *_ in hanging), default=None),
        "uncovered": uncovered(in_use, [(area, result or "") for _, area, _, _, result, _ in hanging]),
        "signs": tuple(
            SignFacts(code, posted_on, inspected_on, result or "", days)
            for code, _, posted_on, inspected_on, result, days in hanging
        ),
    }


def site_facts(pip: Pip, only: QuerySet | None = None) -> tuple[SiteFacts, ...]:
    """Each site of a PIP, or those of ``only``; at an Article 7 place with the newest change of its devices."""
    rows = Site.objects.filter(pip=pip) if only is None else only
    changed = _device_changes(rows)
    return tuple(
        SiteFacts(
            code=site.code,
            name=site.name,
            place_type=site.place_type,
            video_category=site.video_category,
            video_in_use_on=site.video_in_use_on,
            police_filed_on=site.police_filed_on,
            police_change_on=changed.get(site.pk),
            video_retention_days=site.video_retention_days,
            near_secret_unit=site.near_secret_unit,
            secret_unit_consent_on=site.secret_unit_consent_on,
        )
        for site in rows.order_by("code").iterator()
    )


def unproved(devices: QuerySet) -> QuerySet:
    """Those of the devices that stand in a private space, or stood there and aren't proved to be gone."""
    private = devices.filter(space_type__in=PRIVATE_SPACES)
    return private.exclude(removed_on__isnull=False, removal_proof__isnull=False).order_by("serial")


def private_elsewhere(row: Any) -> list[DeploymentFacts]:
    """The site's other deployments with a device in a private space, and nothing else of them.

    FRM Art 13: while one is there, nothing at the site goes live. ``row`` was read ``with_equipment``.
    """
    of: dict[str, list[DeviceFacts]] = defaultdict(list)
    for one in row.private_here:
        if one["deployment_id"] != row.pk:
            days = day(one["installed_on"]), day(one["removed_on"])
            of[one["deployment__code"]].append(
                _private(one["serial"], one["space_type"], *days, one["removal_proof_id"])
            )
    return [DeploymentFacts(code, "", private_devices=tuple(devices)) for code, devices in of.items()]


def _list(rows: Any, *columns: str) -> ArraySubquery:
    """The rows of a deployment as one list of objects."""
    found = rows.filter(deployment=OuterRef("pk"))
    return ArraySubquery(found.values(one=JSONObject(**{name: F(name) for name in columns})))


def _private(
    serial: str, space_type: str, installed_on: date | None, removed_on: date | None, proof: int | None
) -> DeviceFacts:
    return DeviceFacts(
        serial, space_type, installed_on, removed_on, is_private_space=True, removal_is_proved=bool(proof)
    )


def _device_changes(sites: QuerySet) -> dict[int, Any]:
    """The newest day on which a device came or went at a filed site, unless the police were told (Video Regs 14)."""
    filed = sites.filter(video_category__in=ART7, police_filed_on__isnull=False).values("pk")
    found: dict[int, Any] = {}
    rows = Device.objects.filter(deployment__site__in=filed)
    columns = ("deployment__site_id", "deployment__site__police_change_filed_on", "installed_on", "removed_on")
    for site, told_on, *days in rows.values_list(*columns).iterator():
        untold = [day for day in days if day and (told_on is None or day > told_on)]
        newest = max((*untold, *([found[site]] if site in found else [])), default=None)
        if newest:
            found[site] = newest
    return found


def _by_deployment(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = defaultdict(list)
    for deployment, *rest in rows:
        found[deployment].append(tuple(rest))
    return found

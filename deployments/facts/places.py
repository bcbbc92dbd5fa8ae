"""Deployments with their areas, devices and signs, and sites, as the law looks at them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from deployments.choices import PRIVATE_SPACES
from deployments.models import CaptureArea, Deployment, Device, Sign, SignInspection, Site
from portal.law.coverage import uncovered
from portal.law.enums import ART7
from portal.law.facts import AreaFacts, DeploymentFacts, DeviceFacts, SignFacts, SiteFacts
from portal.tenancy.models import Pip

DEVICE_COLUMNS = (
    *("deployment_id", "serial", "space_type", "installed_on", "removed_on"),
    *("capture_area_id", "removal_proof_id"),
)


def inspected(signs: QuerySet) -> QuerySet:
    """Signs with the day and the result of their last inspection."""
    last = SignInspection.objects.filter(sign=OuterRef("pk")).order_by("-inspected_on", "-id")
    return signs.annotate(
        inspected_on=Subquery(last.values("inspected_on")[:1]), last_result=Subquery(last.values("result")[:1])
    )


def deployment_facts(pip: Pip, only: QuerySet | None = None) -> list[DeploymentFacts]:
    """Each deployment of a PIP, or those of ``only``, with what hangs there."""
    of = {"pip": pip} if only is None else {"deployment__in": only.values("pk")}
    devices = _by_deployment(Device.objects.filter(**of).values_list(*DEVICE_COLUMNS).iterator())
    columns = ("deployment_id", "code", "capture_area_id", "posted_on", "inspected_on", "last_result")
    hanging = inspected(Sign.objects.filter(**of, removed_on__isnull=True))
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


def equipment(devices: Iterable[tuple], signs: Iterable[tuple]) -> dict[str, Any]:
    """What the devices and hanging signs of one deployment come to: numbers, private spaces, gaps in coverage."""
    in_use, private = [], []
    for serial, space_type, installed_on, removed_on, area, proof in devices:
        if removed_on is None:
            in_use.append((serial, area))
        if space_type in PRIVATE_SPACES:
            private.append(
                DeviceFacts(
                    serial, space_type, installed_on, removed_on, is_private_space=True, removal_is_proved=bool(proof)
                )
            )
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

"""The register as the law looks at it: rows → frozen dataclasses, one query a table."""

from collections import defaultdict
from datetime import date

from deployments.choices import PRIVATE_SPACES, Status
from deployments.models import (
    Deployment,
    Device,
    OverlapEstimate,
    PersonCount,
    Scenario,
    Sign,
    ThresholdCrossing,
)
from portal.law.facts import Count, Crossing, DeploymentFacts, DeviceFacts, PipFacts, ScenarioFacts
from portal.tenancy.models import Pip


def deployment_facts(pip: Pip) -> list[DeploymentFacts]:
    """Each deployment with its devices in use, its private-space devices and its earliest sign that still hangs."""
    in_use: dict[int, int] = defaultdict(int)
    private: dict[int, list[DeviceFacts]] = defaultdict(list)
    devices = Device.objects.filter(pip=pip).values_list(
        "deployment_id", "serial", "space_type", "installed_on", "removed_on"
    )
    for deployment_id, serial, space_type, installed_on, removed_on in devices.iterator():
        if removed_on is None:
            in_use[deployment_id] += 1
        if space_type in PRIVATE_SPACES:
            private[deployment_id].append(DeviceFacts(serial, space_type, installed_on, removed_on, True))
    signs: dict[int, date] = {}
    posted = Sign.objects.filter(pip=pip, removed_on__isnull=True).values_list("deployment_id", "posted_on")
    for deployment_id, posted_on in posted.iterator():
        signs[deployment_id] = min(posted_on, signs.get(deployment_id, posted_on))
    rows = (
        Deployment.objects.filter(pip=pip)
        .order_by("code")
        .values_list(
            "id",
            "code",
            "scenario__code",
            "site__name",
            "status",
            "site__place_type",
            "started_on",
            "ended_on",
            "disposed_on",
        )
    )
    return [
        DeploymentFacts(
            code=code,
            scenario=scenario,
            name=name,
            status=status,
            place_type=place_type,
            started_on=started_on,
            ended_on=ended_on,
            disposed_on=disposed_on,
            devices_in_use=in_use[pk],
            private_devices=tuple(private[pk]),
            sign_posted_on=signs.get(pk),
        )
        for pk, code, scenario, name, status, place_type, started_on, ended_on, disposed_on in rows.iterator()
    ]


def scenario_facts(
    pip: Pip, deployments: list[DeploymentFacts], approved: dict[str, date]
) -> tuple[ScenarioFacts, ...]:
    """Each scenario with its life, which is that of its deployments, and the day its PIPIA was approved."""
    of: dict[str, list[DeploymentFacts]] = defaultdict(list)
    for deployment in deployments:
        of[deployment.scenario].append(deployment)
    facts = []
    for scenario in Scenario.objects.filter(pip=pip).order_by("code"):
        places = of[scenario.code]
        starts = [place.started_on for place in places if place.started_on]
        over = bool(places) and all(place.status in (Status.TERMINATED, Status.DISPOSED) for place in places)
        facts.append(
            ScenarioFacts(
                code=scenario.code,
                name=scenario.name,
                in_scope=scenario.is_in_scope,
                function=scenario.function,
                legal_basis=scenario.legal_basis,
                storage_mode=scenario.storage_mode,
                started_on=min(starts, default=None),
                ended_on=max((place.ended_on for place in places if place.ended_on), default=None) if over else None,
                is_live=any(place.status == Status.ACTIVE for place in places),
                assessment_approved_on=approved.get(scenario.code),
            )
        )
    return tuple(facts)


def count_facts(pip: Pip) -> tuple[Count, ...]:
    """The counts that no later one corrects."""
    rows = (
        PersonCount.objects.filter(pip=pip)
        .current()
        .values_list("counted_on", "scenario__code", "deployment__code", "persons", "id", "dedup_method", "source")
    )
    return tuple(Count(*row) for row in rows.iterator())


def confirmed_crossing(pip: Pip) -> Crossing | None:
    """The crossing that a person confirmed."""
    row = ThresholdCrossing.objects.filter(pip=pip).first()
    if row is None:
        return None
    return Crossing(row.crossed_on, row.persons, row.method, row.confirmed_on)


def register_facts(pip: Pip, approved: dict[str, date]) -> PipFacts:
    """The facts of the register; assessments and filings are added by the storeys above."""
    deployments = deployment_facts(pip)
    overlap = OverlapEstimate.objects.filter(pip=pip).first()
    return PipFacts(
        uscc=pip.uscc,
        name=pip.name,
        province=pip.province,
        scenarios=scenario_facts(pip, deployments, approved),
        deployments=tuple(deployments),
        counts=count_facts(pip),
        confirmed_crossing=confirmed_crossing(pip),
        overlap_best_percent=overlap.best_percent if overlap else 0,
        overlap_most_percent=overlap.most_percent if overlap else 0,
    )

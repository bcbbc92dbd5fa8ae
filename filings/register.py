"""What the register says of a PIP and its scenarios on a day: the facts that the forms are filled from."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count as Number
from django.db.models import Exists, Min, OuterRef

from assessments.models import AssessedScenario, Assessment
from deployments.models import Deployment, Device, OverlapEstimate, PersonCount, Scenario
from filings.parts import Parts, parts_of
from portal.law.facts import Count, DeploymentFacts, PipFacts, ScenarioFacts
from portal.law.meter import Total, latest
from portal.tenancy.models import Pip

IN_USE = ("planned", "active", "suspended")
LONGEST_LIST = 300  # places printed in the form itself; longer lists are an annex only


@dataclass(frozen=True)
class Place:
    """A site where a scenario is used."""

    code: str
    name: str
    province: str
    city: str
    address: str
    place_type: str
    status: str
    started_on: date | None


@dataclass(frozen=True)
class PlaceKind:
    """Places of one province, kind and status, and the earliest start among them."""

    province: str
    place_type: str
    status: str
    number: int
    started_on: date | None


@dataclass(frozen=True)
class DeviceKind:
    """Devices in use of one maker and model."""

    maker: str
    model: str
    number: int


@dataclass(frozen=True)
class ScenarioSheet:
    """One scenario as its application sheet shows it."""

    scenario: Scenario
    persons: int
    counted_on: date | None
    dedup_methods: tuple[str, ...]
    kinds: tuple[PlaceKind, ...]
    devices: tuple[DeviceKind, ...]
    assessment: Assessment | None
    # Empty when there are more than the form prints.
    places: tuple[Place, ...] = ()
    parts: Parts = field(default_factory=Parts)
    number: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", sum(kind.number for kind in self.kinds))

    @property
    def public(self) -> int:
        """How many of the places are public."""
        return sum(kind.number for kind in self.kinds if kind.place_type == "public")

    @property
    def regions(self) -> Counter[str]:
        """How many places in each province."""
        found: Counter[str] = Counter()
        for kind in self.kinds:
            found[kind.province] += kind.number
        return found

    @property
    def started_on(self) -> date | None:
        """The earliest start of use."""
        return min((kind.started_on for kind in self.kinds if kind.started_on), default=None)


def newest_counts(pip: Pip, on: date) -> tuple[Count, ...]:
    """The newest count of each place up to a day; older ones don't change what is stored then."""
    rows = (
        PersonCount.objects.filter(tenant_id=pip.tenant_id, pip=pip, counted_on__lte=on)
        .current()
        .order_by("scenario_id", "deployment_id", "-counted_on", "-id")
        .distinct("scenario_id", "deployment_id")
        .values_list("counted_on", "scenario__code", "deployment__code", "persons", "id", "dedup_method", "source")
    )
    return tuple(Count(*row) for row in rows)


def facts_on(pip: Pip, on: date) -> PipFacts:
    """Just what the meter of the law package needs to know how many persons are stored on a day."""
    overlap = OverlapEstimate.objects.filter(tenant_id=pip.tenant_id, pip=pip).first()
    disposed = Deployment.objects.filter(tenant_id=pip.tenant_id, pip=pip, disposed_on__lte=on)
    return PipFacts(
        uscc=pip.uscc,
        scenarios=tuple(
            ScenarioFacts(code)
            for code in Scenario.objects.filter(tenant_id=pip.tenant_id, pip=pip)
            .in_scope()
            .values_list("code", flat=True)
        ),
        deployments=tuple(
            DeploymentFacts(code, scenario, disposed_on=day)
            for code, scenario, day in disposed.values_list("code", "scenario__code", "disposed_on")
        ),
        counts=newest_counts(pip, on),
        overlap_best_percent=overlap.best_percent if overlap else 0,
        overlap_most_percent=overlap.most_percent if overlap else 0,
    )


def total_on(pip: Pip, on: date) -> Total:
    """Persons stored by the PIP at the end of a day."""
    return latest(facts_on(pip, on), on)


def counted_scenarios(pip: Pip, on: date) -> list[Scenario]:
    """The scenarios that a filing covers: those under the Measures with a count."""
    counted = PersonCount.objects.filter(scenario=OuterRef("pk"), counted_on__lte=on)
    rows = Scenario.objects.filter(Exists(counted), tenant_id=pip.tenant_id, pip=pip).in_scope()
    return list(rows.order_by("code"))


def going_on(scenarios: list[Scenario]) -> list[Scenario]:
    """Those of the scenarios that haven't ended: used somewhere, planned, or without a place of their own."""
    used = Deployment.objects.filter(scenario__in=scenarios)
    ended = set(used.values_list("scenario_id", flat=True)) - set(
        used.filter(status__in=IN_USE).values_list("scenario_id", flat=True)
    )
    return [one for one in scenarios if one.pk not in ended]


def persons_by_scenario(facts: PipFacts, on: date) -> dict[str, tuple[int, date | None]]:
    """Persons of each scenario, as the law counts them, and the day of its newest count."""
    counts: dict[str, list[Count]] = defaultdict(list)
    for count in facts.counts:
        counts[count.scenario].append(count)
    found = {}
    for scenario in facts.scenarios:
        own = tuple(counts[scenario.code])
        alone = PipFacts(facts.uscc, scenarios=(scenario,), deployments=facts.deployments, counts=own)
        found[scenario.code] = (latest(alone, on).high, max((count.on for count in own), default=None))
    return found


def scenario_sheets(pip: Pip, scenarios: list[Scenario], on: date) -> list[ScenarioSheet]:
    """The sheets of the given scenarios, in a fixed number of queries."""
    facts = facts_on(pip, on)
    persons = persons_by_scenario(facts, on)
    methods: dict[str, set[str]] = defaultdict(set)
    for count in facts.counts:
        methods[count.scenario] |= {count.method} - {""}
    parts = parts_of(scenarios)
    kinds, devices, approved = _kinds(scenarios), _devices(scenarios), newest_approved(scenarios)
    short = [one for one in scenarios if sum(kind.number for kind in kinds[one.pk]) <= LONGEST_LIST]
    places: dict[int, list[Place]] = defaultdict(list)
    for scenario_id, place in places_of(short):
        places[scenario_id].append(place)
    return [
        ScenarioSheet(
            scenario=scenario,
            # A covered scenario that left the scope of the Measures counts for nothing.
            persons=persons.get(scenario.code, (0, None))[0],
            counted_on=persons.get(scenario.code, (0, None))[1],
            dedup_methods=tuple(sorted(methods[scenario.code])),
            kinds=tuple(kinds[scenario.pk]),
            places=tuple(places[scenario.pk]),
            devices=tuple(devices[scenario.pk]),
            assessment=approved.get(scenario.pk),
            parts=parts[scenario.pk],
        )
        for scenario in scenarios
    ]


def newest_approved(scenarios: list[Scenario]) -> dict[int, Assessment]:
    """The newest approved assessment of each scenario, with its report."""
    rows = (
        AssessedScenario.objects.filter(scenario__in=scenarios, assessment__state="approved")
        .select_related("assessment__report", "assessment__tenant")
        .order_by("assessment__approved_on", "assessment_id")
    )
    return {row.scenario_id: row.assessment for row in rows}


def places_of(scenarios: list[Scenario]) -> Iterator[tuple[int, Place]]:
    """Every place in use with the id of its scenario, as a stream."""
    rows = (
        Deployment.objects.filter(scenario__in=scenarios, status__in=IN_USE)
        .order_by("code")
        .values_list(
            "scenario_id",
            "code",
            "site__name",
            "site__province",
            "site__city",
            "site__address",
            "site__place_type",
            "status",
            "started_on",
        )
    )
    for scenario_id, *values in rows.iterator():
        yield scenario_id, Place(*values)


def _kinds(scenarios: list[Scenario]) -> dict[int, list[PlaceKind]]:
    rows = (
        Deployment.objects.filter(scenario__in=scenarios, status__in=IN_USE)
        .values_list("scenario_id", "site__province", "site__place_type", "status")
        .annotate(number=Number("pk"), first=Min("started_on"))
        .order_by("scenario_id", "site__province", "site__place_type", "status")
    )
    found: dict[int, list[PlaceKind]] = defaultdict(list)
    for scenario_id, *values in rows:
        found[scenario_id].append(PlaceKind(*values))
    return found


def _devices(scenarios: list[Scenario]) -> dict[int, list[DeviceKind]]:
    rows = (
        Device.objects.filter(deployment__scenario__in=scenarios, removed_on__isnull=True)
        .values_list("deployment__scenario_id", "maker", "model")
        .annotate(number=Number("pk"))
        .order_by("deployment__scenario_id", "maker", "model")
    )
    found: dict[int, list[DeviceKind]] = defaultdict(list)
    for scenario_id, *values in rows:
        found[scenario_id].append(DeviceKind(*values))
    return found

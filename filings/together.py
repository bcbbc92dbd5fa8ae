"""What the register says of the uses of several PIPs that could be filed together, and how far their filings are."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from deployments.models import Deployment, PersonCount, Scenario, ThresholdCrossing
from filings.matching import FACTS, Use
from filings.models import Filing, State
from filings.register import IN_USE
from portal.law.facts import Count, DeploymentFacts, PipFacts, ScenarioFacts
from portal.law.meter import latest
from portal.law.threshold import FIRST_FILING
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, Tenant


def uses_of(tenant: Tenant, pips: Iterable[Pip]) -> list[Use]:
    """The scenarios under the Measures that go on: used somewhere, planned, or without a place of their own."""
    places = Deployment.objects.filter(scenario=OuterRef("pk"))
    rows = Scenario.objects.filter(
        ~Exists(places) | Exists(places.filter(status__in=IN_USE)), tenant=tenant, pip__in=list(pips)
    )
    return [
        Use(pk, pip, *facts, tuple(groups), code=code, name=name)
        for code, name, pk, pip, *facts, groups in rows.in_scope()
        .order_by("pk")
        .values_list("code", "name", "pk", "pip_id", *FACTS)
    ]


def persons_of(tenant: Tenant, scenarios: Collection[int], on: date) -> dict[int, int]:
    """Persons stored by each scenario, as the law counts them; those without a count are left out."""
    rows = (
        PersonCount.objects.filter(tenant=tenant, scenario__in=scenarios, counted_on__lte=on)
        .current()
        .order_by("scenario_id", "deployment_id", "-counted_on", "-id")
        .distinct("scenario_id", "deployment_id")
    )
    columns = ("counted_on", "scenario__code", "deployment__code", "persons")
    counts: dict[int, list[Count]] = defaultdict(list)
    disposed: dict[int, list[DeploymentFacts]] = defaultdict(list)
    for pk, disposed_on, *row in rows.values_list("scenario_id", "deployment__disposed_on", *columns):
        count = Count(*row)
        counts[pk].append(count)
        if disposed_on and disposed_on <= on:
            disposed[pk].append(DeploymentFacts(count.deployment, count.scenario, disposed_on=disposed_on))
    return {
        pk: latest(
            PipFacts(
                "", scenarios=(ScenarioFacts(own[0].scenario),), deployments=tuple(disposed[pk]), counts=tuple(own)
            ),
            on,
        ).high
        for pk, own in counts.items()
    }


@dataclass(frozen=True)
class Standing:
    """How far the filing of a PIP is: its own, or as a member that of ``leader``; else the duty that waits for one and
    whether its day is confirmed."""

    reference: str = ""
    state: str = ""
    number: str = ""
    kind: str = ""
    leader: str = ""
    duty: int | None = None
    is_confirmed: bool = False


def standings(tenant: Tenant, pips: Collection[int]) -> dict[int, Standing]:
    """Of each PIP the newest filing that wasn't taken back, and its open duty to file."""
    of = {"tenant": tenant, "pip": OuterRef("pk")}
    whole = Filing.objects.filter(tenant=tenant).exclude(state=State.WITHDRAWN).order_by("-id")
    filings = whole.filter(pip=OuterRef("pk"))
    joint = whole.filter(joint_uses__pip=OuterRef("pk"))
    duties = Obligation.objects.filter(**of, rule__in=FIRST_FILING, state="open").order_by("id")
    shown = {"reference": "reference", "state": "state", "number": "number", "kind": "kind"}
    own, led = JSONObject(**shown), JSONObject(**shown, leader="pip__name")
    rows = Pip.objects.filter(tenant=tenant, pk__in=pips).values_list(
        "pk",
        Subquery(filings.values(shown=own)[:1]),
        Subquery(joint.values(shown=led)[:1]),
        Subquery(duties.values("pk")[:1]),
        Exists(ThresholdCrossing.objects.filter(**of)),
    )
    return {
        pk: Standing(**(filing or member or {}), duty=duty, is_confirmed=is_confirmed)
        for pk, filing, member, duty, is_confirmed in rows
    }

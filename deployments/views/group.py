"""The PIPs of a workspace together: what each stores, and the sum over time less what stands with several."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from deployments.models import GroupOverlap, OverlapEstimate, Scenario
from deployments.views.meters import counts_until
from portal.law.facts import Count, DeploymentFacts, PipFacts, ScenarioFacts
from portal.law.meter import Total, latest, series, share, thinned, together
from portal.tenancy.models import Pip, Tenant


@dataclass(frozen=True)
class Line:
    """One PIP with its own number and how far it is from its own line."""

    pip: Pip
    total: Total

    @property
    def share(self) -> float:
        return share(self.total)


@dataclass(frozen=True)
class Group:
    """The PIPs, the largest first, and their numbers as one."""

    lines: list[Line]
    total: Total
    points: tuple[Total, ...]


def group_of(pips: Iterable[Pip], tenant: Tenant, estimate: GroupOverlap | None, *, today: date) -> Group:
    """The group from a fixed number of queries, however many PIPs there are."""
    facts = facts_by_pip({pip.pk: pip for pip in pips}, tenant, today)
    lines = [Line(pip, latest(facts[pip.pk], today)) for pip in pips]
    lines.sort(key=lambda line: (-line.total.high, line.pip.name))
    best, most = (estimate.best_percent, estimate.most_percent) if estimate else (0, 0)
    points = together([series(one) for one in facts.values()], best, most)
    total = points[-1] if points else Total(today, 0, 0, 0)
    return Group(lines, total, thinned(points))


def facts_by_pip(pips: dict[int, Pip], tenant: Tenant, today: date) -> dict[int, PipFacts]:
    """What the meter needs of each PIP."""
    counts: dict[int, list[Count]] = defaultdict(list)
    disposed: dict[int, dict[tuple[str, str], date]] = defaultdict(dict)
    columns = ("pip_id", "counted_on", "scenario__code", "deployment__code", "persons", "deployment__disposed_on")
    rows = counts_until(today).filter(tenant=tenant, pip__in=pips).values_list(*columns)
    for pip_id, *row, disposed_on in rows.iterator():
        count = Count(*row)
        counts[pip_id].append(count)
        if disposed_on and disposed_on <= today:
            disposed[pip_id][count.scenario, count.deployment] = disposed_on
    scenarios: dict[int, list[ScenarioFacts]] = defaultdict(list)
    in_scope = Scenario.objects.filter(tenant=tenant, pip__in=pips).in_scope()
    for pip_id, code in in_scope.values_list("pip_id", "code"):
        scenarios[pip_id].append(ScenarioFacts(code))
    overlaps = OverlapEstimate.objects.filter(tenant=tenant, pip__in=pips)
    overlap = {pk: (best, most) for pk, best, most in overlaps.values_list("pip_id", "best_percent", "most_percent")}
    return {
        pk: PipFacts(
            uscc=pip.uscc,
            scenarios=tuple(scenarios[pk]),
            deployments=tuple(
                DeploymentFacts(code, scenario, disposed_on=on) for (scenario, code), on in disposed[pk].items()
            ),
            counts=tuple(counts[pk]),
            overlap_best_percent=overlap.get(pk, (0, 0))[0],
            overlap_most_percent=overlap.get(pk, (0, 0))[1],
        )
        for pk, pip in pips.items()
    }

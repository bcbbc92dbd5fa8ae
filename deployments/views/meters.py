"""The meter of a PIP as its pages show it: persons stored today and over time, and what lies ahead."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet

from deployments.models import PersonCount, Scenario, WarningStep
from portal.calendars.clock import civil_today
from portal.law.facts import Count, DeploymentFacts, PipFacts, ScenarioFacts
from portal.law.forecast import Addition, Ahead, Forecast, PastError, foretell, past_error
from portal.law.meter import ProposedCrossing, Reading, Total, latest, reading, readings, share, thinned
from portal.law.threshold import THRESHOLD, WARNING_STEPS
from portal.tenancy.models import Pip


@dataclass(frozen=True)
class Meter:
    """Persons stored today and over time, and the crossing that the counts propose."""

    facts: PipFacts
    today: Total
    reading: Reading

    @property
    def proposed(self) -> ProposedCrossing | None:
        return self.reading.crossing

    @property
    def share(self) -> float:
        """Percent of 100,000."""
        return share(self.today)

    @property
    def is_above(self) -> bool:
        return self.today.high >= THRESHOLD

    @property
    def points(self) -> tuple[Total | Ahead, ...]:
        """The curve: the totals, the last of each month where they are many, and the way to a day that is in sight."""
        totals = thinned(self.reading.totals, self.proposed and self.proposed.on)
        return (*totals, *(self.forecast.path if self.forecast and self.forecast.likely else ()))

    @cached_property
    def forecast(self) -> Forecast | None:
        """When 100,000 will likely be reached; None when it is, or with too few counts."""
        return self.foretell()

    def foretell(self, planned: tuple[Addition, ...] = ()) -> Forecast | None:
        return foretell(readings(self.facts), planned=planned)

    @cached_property
    def error(self) -> PastError | None:
        """How wrong the forecast was eight weeks ahead of each past count."""
        return past_error(readings(self.facts))

    @property
    def is_stale(self) -> bool:
        """Whether the likely day has passed while no newer count says so."""
        return bool(self.forecast and self.forecast.likely and self.forecast.likely < self.today.on)


def metered() -> QuerySet:
    """PIPs with what their meter needs of other tables: the overlap and the tenant's steps of warning."""
    steps = WarningStep.objects.filter(tenant=OuterRef("tenant_id")).values("percent")
    return Pip.objects.annotate(
        overlap_best=F("overlap_estimates__best_percent"),
        overlap_most=F("overlap_estimates__most_percent"),
        overlap_reasoning=F("overlap_estimates__reasoning"),
        steps=ArraySubquery(steps),
    )


def steps_of(pip: Any) -> tuple[int, ...]:
    """The steps at which this PIP is warned."""
    return tuple(pip.steps) or WARNING_STEPS


def counts_until(today: date) -> QuerySet:
    """The numbers that stand, up to a day, by the columns of a count's facts and the disposal of its deployment."""
    return (
        PersonCount.objects.filter(counted_on__lte=today)
        .current()
        .values_list(
            "counted_on",
            "scenario__code",
            "deployment__code",
            "persons",
            "id",
            "dedup_method",
            "source",
            "deployment__disposed_on",
        )
    )


def meter_of(pip: Any, scenarios: list[Scenario]) -> Meter:
    """The meter of a PIP from one query over its counts; ``pip`` carries its overlap as annotations."""
    today = civil_today()
    rows = counts_until(today).filter(tenant=pip.tenant_id, pip=pip)
    counts, disposed = [], {}
    for *count, disposed_on in rows.iterator():
        counts.append(Count(*count))
        if disposed_on and disposed_on <= today:
            disposed[counts[-1].scenario, counts[-1].deployment] = disposed_on
    facts = PipFacts(
        uscc=pip.uscc,
        scenarios=tuple(ScenarioFacts(row.code, row.name, row.is_in_scope) for row in scenarios),
        deployments=tuple(
            DeploymentFacts(code=code, scenario=scenario, disposed_on=on) for (scenario, code), on in disposed.items()
        ),
        counts=tuple(counts),
        overlap_best_percent=pip.overlap_best or 0,
        overlap_most_percent=pip.overlap_most or 0,
        warning_steps=steps_of(pip),
    )
    return Meter(facts, latest(facts, today), reading(facts))

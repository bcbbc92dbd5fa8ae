"""Counts and the confirmed crossing, as the meter of the law reads them."""

from deployments.models import PersonCount, ThresholdCrossing
from portal.law.facts import Count, Crossing
from portal.tenancy.models import Pip


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

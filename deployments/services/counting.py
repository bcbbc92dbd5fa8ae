"""Persons stored: counts, the overlap between them, and the steps at which a tenant is warned."""

from collections.abc import Collection
from datetime import date

from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.models import (
    Deployment,
    GroupOverlap,
    OverlapEstimate,
    PersonCount,
    Scenario,
    WarningStep,
)
from deployments.services.rows import add, change, require_not_after, require_of_pip
from portal.accounts.models import User
from portal.law.threshold import WARNING_STEPS
from portal.tenancy.models import Pip, touch, touch_many
from portal.tenancy.session import service


def standing_count(scenario: Scenario, deployment: Deployment | None, counted_on: date) -> PersonCount | None:
    """The number that stands for a place and a day: the one that no other corrects."""
    rows = PersonCount.objects.filter(scenario=scenario, deployment=deployment, counted_on=counted_on)
    return rows.current().first()


@service("count.enter")
def enter_count(
    scenario: Scenario,
    *,
    deployment: Deployment | None = None,
    counted_on: date,
    persons: int,
    dedup_method: str = "",
    source: str = "",
    by: User | None,
    today: date,
) -> PersonCount:
    """Enter how many persons were stored on a day, of the whole scenario or of one deployment.

    Another number for the same place and day is a correction that points at the one before; the same number again
    changes nothing.
    """
    require_not_after(today, counted_on=counted_on)
    require_of_pip(scenario.pip_id, deployment=deployment)
    if deployment is not None and deployment.scenario_id != scenario.pk:
        raise ValidationError({"deployment": _("This deployment belongs to another scenario.")})
    # Two who enter the same day take turns, so that the second corrects the first.
    Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    standing = standing_count(scenario, deployment, counted_on)
    if standing and (standing.persons, standing.dedup_method) == (persons, dedup_method):
        return standing
    count = PersonCount(
        pip_id=scenario.pip_id,
        scenario=scenario,
        deployment=deployment,
        counted_on=counted_on,
        persons=persons,
        dedup_method=dedup_method,
        source=source,
        corrects=standing,
        entered_at=timezone.now(),
        entered_by=by,
    )
    add(count)
    touch(scenario.pip_id)
    return count


@service("overlap.set")
def set_overlap(pip: Pip, *, best_percent: int, most_percent: int, reasoning: str) -> OverlapEstimate:
    """State how many persons stand in several numbers of a PIP, and why it is so reckoned."""
    take_turns(pip)
    values = {"best_percent": best_percent, "most_percent": most_percent, "reasoning": reasoning}
    estimate = OverlapEstimate.objects.filter(pip=pip).first()
    if estimate is None:
        estimate = add(OverlapEstimate(pip=pip, **values))
    else:
        change(estimate, values)
    touch(pip.pk)
    return estimate


@service("group_overlap.set")
def set_group_overlap(*, best_percent: int, most_percent: int, reasoning: str) -> GroupOverlap:
    """State how many persons stand with several PIPs of the group. No duty follows from it: each PIP files itself."""
    values = {"best_percent": best_percent, "most_percent": most_percent, "reasoning": reasoning}
    estimate = GroupOverlap.objects.first()
    if estimate is None:
        return add(GroupOverlap(**values))
    change(estimate, values)
    return estimate


@service("warning_steps.set")
def set_warning_steps(percents: Collection[int]) -> list[int]:
    """Set at which shares of 100,000 the PIPs of the tenant are warned; none takes the portal's own steps."""
    wanted = set() if tuple(sorted(percents)) == WARNING_STEPS else set(percents)
    stored = set(WarningStep.objects.values_list("percent", flat=True))
    WarningStep.objects.filter(percent__in=stored - wanted).delete()
    for percent in sorted(wanted - stored):
        add(WarningStep(percent=percent))
    if wanted != stored:
        touch_many(list(Pip.objects.values_list("pk", flat=True)))
    return sorted(wanted) or list(WARNING_STEPS)


def take_turns(pip: Pip) -> None:
    """Hold the PIP until the transaction ends: of two clicks the second sees what the first did."""
    Pip.objects.select_for_update(of=("self",)).get(pk=pip.pk)

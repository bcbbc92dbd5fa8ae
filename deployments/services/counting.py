"""Persons stored: counts, their overlap, and the crossing of 100,000 that a person confirms."""

from datetime import date
from typing import Any

from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.facts import register_facts
from deployments.models import Deployment, OverlapEstimate, PersonCount, Scenario, ThresholdCrossing
from deployments.services.rows import add, change, constraints_as_words, require_not_after, require_of_pip
from portal.accounts.models import User
from portal.calendars.clock import calendar
from portal.law.facts import PipFacts
from portal.law.meter import counts_on, crossing, latest
from portal.law.sources import INSTRUMENTS
from portal.law.threshold import THRESHOLD
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service
from portal.workflow import CaseError


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
    _take_turns(pip)
    values = {"best_percent": best_percent, "most_percent": most_percent, "reasoning": reasoning}
    estimate = OverlapEstimate.objects.filter(pip=pip).first()
    if estimate is None:
        estimate = add(OverlapEstimate(pip=pip, **values))
    else:
        change(estimate, values)
    touch(pip.pk)
    return estimate


@service("crossing.confirm")
def confirm_crossing(
    pip: Pip, *, crossed_on: date, method: str, reason: str, by: User | None, today: date
) -> ThresholdCrossing:
    """Freeze the day on which 100,000 persons were stored, with the counts behind it (FRM Art 15)."""
    _take_turns(pip)
    if ThresholdCrossing.objects.filter(pip=pip).exists():
        raise CaseError(_("The crossing of this PIP is confirmed already. Its day is frozen."))
    facts = register_facts(pip, {}).as_of(today)
    proposed = crossing(facts)
    if proposed is None:
        raise CaseError(_("The counts of this PIP don't reach 100,000. There is nothing to confirm."))
    require_not_after(today, crossed_on=crossed_on)
    total = latest(facts, crossed_on)
    if total.high < THRESHOLD:
        sentence = _("On this day %(persons)s persons were stored, fewer than 100,000. Choose a day from %(day)s on.")
        values = {"persons": f"{total.high:,}", "day": proposed.on.isoformat()}
        raise ValidationError({"crossed_on": sentence % values})
    confirmed = ThresholdCrossing(
        pip=pip,
        proposed_on=proposed.on,
        crossed_on=crossed_on,
        persons=total.high,
        method=method,
        reason=reason,
        snapshot=snapshot(facts, crossed_on, today=today),
        confirmed_on=today,
        confirmed_at=timezone.now(),
        confirmed_by=by,
    )
    confirmed.full_clean(exclude=["tenant"], validate_constraints=False)
    with constraints_as_words(ThresholdCrossing):
        confirmed.save(force_insert=True)
    touch(pip.pk)
    return confirmed


def _take_turns(pip: Pip) -> None:
    """Hold the PIP until the transaction ends: of two clicks the second sees what the first did."""
    Pip.objects.select_for_update(of=("self",)).get(pk=pip.pk)


def snapshot(facts: PipFacts, on: date, *, today: date) -> dict[str, Any]:
    """What a crossing freezes: the counts behind the total, the overlap, and the versions of law and calendar."""
    total = latest(facts, on)
    counts = counts_on(facts, on)
    assert sum(count.persons for count in counts) == total.high, "the counts behind a total must add up to it"
    measures = INSTRUMENTS["FRM"]
    return {
        "on": on.isoformat(),
        "as_of": today.isoformat(),
        "threshold": THRESHOLD,
        "total": {"low": total.low, "best": total.best, "high": total.high},
        "overlap": {"best_percent": facts.overlap_best_percent, "most_percent": facts.overlap_most_percent},
        "counts": [
            {
                "id": count.key,
                "scenario": count.scenario,
                "deployment": count.deployment,
                "on": count.on.isoformat(),
                "persons": count.persons,
                "method": count.method,
                "source": count.source,
            }
            for count in counts
        ],
        "law": {"title": measures.title.zh, "article": "15", "in_force_on": measures.in_force_on.isoformat()},
        "calendar": calendar().version,
    }

"""What the overview shows of each PIP: persons against the threshold, and its open duties in numbers."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Min, Q

from deployments.models import Deployment, OverlapEstimate, PersonCount, Scenario
from portal.calendars.clock import civil_now
from portal.law import facts, meter
from portal.obligations.models import Obligation, State
from portal.tenancy.models import Pip, PipMark

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Summary:
    """One PIP at a glance."""

    total: meter.Total
    has_counts: bool
    open: int = 0
    critical: int = 0
    overdue: int = 0
    waived: int = 0
    next_on: date | None = None
    next_at: datetime | None = None


def summaries(pips: Sequence[Pip], *, today: date) -> dict[int, Summary]:
    """Summaries by PIP id; read once after each change of facts or duties, however often the page is opened."""
    ids = [pip.pk for pip in pips]
    marks = sorted(PipMark.objects.filter(pip_id__in=ids).values_list("pip_id", "touched_at", "reconciled_at"))
    # A PIP that was never reconciled has no moment by which a later change would be noticed.
    if len(marks) < len(ids) or any(reconciled_at is None for _, _, reconciled_at in marks):
        return read(ids, today=today, now=civil_now())
    names = [pip.uscc for pip in pips]
    key = f"desk:{hashlib.sha256(repr((names, marks, today)).encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is None:
        now = civil_now()
        kept = read(ids, today=today, now=now)
        # A duty in hours becomes overdue without any change of facts.
        moments = [row.next_at - now for row in kept.values() if row.next_at]
        cache.set(key, kept, min([AN_HOUR, *moments]).total_seconds())
    return kept


def read(ids: list[int], *, today: date, now: datetime) -> dict[int, Summary]:
    """The summaries from the database: a fixed number of statements for all PIPs together."""
    totals = latest_totals(ids, today=today)
    duties = {row["pip_id"]: row for row in open_duties(ids, today=today, now=now)}
    found = {}
    for pk in ids:
        total, has_counts = totals[pk]
        row = duties.get(pk, {})
        found[pk] = Summary(
            total,
            has_counts,
            open=row.get("open", 0),
            critical=row.get("critical", 0),
            overdue=row.get("overdue", 0),
            waived=row.get("waived", 0),
            next_on=row.get("next_on"),
            next_at=row.get("next_at"),
        )
    return found


def open_duties(ids: list[int], *, today: date, now: datetime):
    """Counts of open duties by PIP, and of those that are waived: findings all the same."""
    is_open = Q(state=State.OPEN)
    return (
        Obligation.objects.filter(pip_id__in=ids, state__in=(State.OPEN, State.WAIVED))
        .values("pip_id")
        .annotate(
            open=Count("id", filter=is_open),
            critical=Count("id", filter=is_open & Q(is_critical=True)),
            overdue=Count("id", filter=is_open & (Q(due_on__lt=today) | Q(due_at__lt=now))),
            waived=Count("id", filter=Q(state=State.WAIVED)),
            next_on=Min("safe_on", filter=is_open),
            next_at=Min("due_at", filter=is_open & Q(due_at__gte=now)),
        )
        .order_by()
    )


def latest_totals(ids: list[int], *, today: date) -> dict[int, tuple[meter.Total, bool]]:
    """The meter's total of today by PIP, from the newest number of each scenario and deployment alone."""
    newest: dict[int, list[facts.Count]] = defaultdict(list)
    counts = (
        PersonCount.objects.filter(pip_id__in=ids, counted_on__lte=today)
        .current()
        .order_by("scenario_id", "deployment_id", "-counted_on", "-id")
        .distinct("scenario_id", "deployment_id")
        .values_list("pip_id", "counted_on", "scenario__code", "deployment__code", "persons")
    )
    for pip_id, *row in counts:
        newest[pip_id].append(facts.Count(*row))
    scenarios: dict[int, list[facts.ScenarioFacts]] = defaultdict(list)
    for pip_id, code in Scenario.objects.filter(pip_id__in=ids).in_scope().values_list("pip_id", "code"):
        scenarios[pip_id].append(facts.ScenarioFacts(code))
    gone: dict[int, list[facts.DeploymentFacts]] = defaultdict(list)
    disposed = Deployment.objects.filter(pip_id__in=ids, disposed_on__lte=today)
    for pip_id, code, scenario, on in disposed.values_list("pip_id", "code", "scenario__code", "disposed_on"):
        gone[pip_id].append(facts.DeploymentFacts(code, scenario, disposed_on=on))
    overlaps = {
        pip_id: {"overlap_best_percent": best, "overlap_most_percent": most}
        for pip_id, best, most in OverlapEstimate.objects.filter(pip_id__in=ids).values_list(
            "pip_id", "best_percent", "most_percent"
        )
    }
    found = {}
    for pk in ids:
        of_pip = facts.PipFacts(
            uscc=str(pk),
            scenarios=tuple(scenarios[pk]),
            deployments=tuple(gone[pk]),
            counts=tuple(newest[pk]),
            **overlaps.get(pk, {}),
        )
        found[pk] = (meter.latest(of_pip, today), bool(newest[pk]))
    return found

"""The heart: read the facts, ask the law, make the obligation rows agree. Run twice, nothing changes."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from assessments.staleness import notice_changes
from filings import sentinel
from filings.dates import follow_calendar
from portal.calendars.clock import calendar, civil_today
from portal.clock.facts import facts_of
from portal.clock.moves import is_news, is_shifted, log_moves, move_of
from portal.clock.reminders import plan, plan_again, plan_steps
from portal.law.duties import Duty
from portal.law.engine import duties
from portal.law.facts import civil_day
from portal.law.gates import is_waivable
from portal.obligations.models import Firmness, Obligation, State, Waiver
from portal.tenancy.models import Pip, PipMark
from portal.tenancy.session import service

FIELDS = [
    "state",
    "arose_on",
    "due_on",
    "due_at",
    "safe_on",
    "reckoned_from",
    "reckoned_days",
    "reckoned_unit",
    "firmness",
    "is_confirmed",
    "is_critical",
    "met_on",
    "why_en",
    "why_zh",
    "calendar_version",
]


@dataclass(frozen=True)
class Outcome:
    """How many obligations were opened, changed and closed."""

    new: int = 0
    changed: int = 0
    gone: int = 0


def columns(duty: Duty) -> dict[str, Any]:
    """The columns of the obligation that stores a duty."""
    reckoning = duty.reckoning
    firmness = Firmness.PROVISIONAL if duty.provisional else Firmness.FIRM
    return {
        "state": duty.state,
        "arose_on": duty.arose_on,
        "due_on": duty.due,
        "due_at": duty.due_at,
        "safe_on": civil_day(duty.due_at) if duty.due_at else duty.safe,
        "reckoned_from": reckoning.trigger if reckoning else None,
        "reckoned_days": reckoning.days if reckoning else None,
        "reckoned_unit": reckoning.unit if reckoning else "",
        "firmness": firmness if reckoning else "",
        "is_confirmed": duty.is_confirmed,
        "is_critical": duty.is_critical,
        "met_on": duty.met_on,
        "why_en": duty.why.en,
        "why_zh": duty.why.zh,
        "calendar_version": reckoning.calendar_version if reckoning else "",
    }


@service("reconcile")
def reconcile(pip: Pip, *, today: date) -> Outcome:
    """Make the stored obligations of a PIP those that the law finds in its facts today."""
    started_at, clock = timezone.now(), time.monotonic()
    # Two reconciles of one PIP take turns; the second finds nothing to do.
    PipMark.objects.get_or_create(tenant=pip.tenant, pip=pip)
    mark = PipMark.objects.select_for_update(of=("self",)).get(pip=pip)
    notice_changes(pip, today=today)
    if is_behind(mark, today):
        sentinel.notice_changes(pip, today=today)
        follow_calendar(pip)
    stored = {(row.rule, row.subject): row for row in Obligation.objects.filter(pip=pip)}
    waived = Waiver.objects.filter(pip=pip).in_force(today).keys()
    new, changed, warned, moved, shifted = [], [], [], [], []
    for duty in duties(facts_of(pip), calendar(), on=today):
        found = columns(duty)
        if is_waived(duty, waived):
            found["state"] = State.WAIVED
        row = stored.pop((duty.rule, duty.subject), None)
        if row is None:
            row = Obligation(tenant=pip.tenant, pip=pip, rule=duty.rule, subject=duty.subject, **found)
            new.append(row)
        elif differs(row, found):
            if move := move_of(row, found):
                moved.append(move)
            elif is_shifted(row, found):
                shifted.append(row)
            for name, value in found.items():
                setattr(row, name, value)
            changed.append(row)
        if duty.step is not None:
            warned.append((row, duty.step))
    gone = [row for row in stored.values() if row.state in (State.OPEN, State.WAIVED)]
    for row in gone:
        row.state = State.NOT_REQUIRED
    Obligation.objects.bulk_create(new, batch_size=2000)
    Obligation.objects.bulk_update(changed + gone, FIELDS, batch_size=500)
    log_moves(moved)
    plan(pip, new + changed + gone, today=today)
    plan_again([*shifted, *(move.obligation for move in moved if is_news(move))], today=today)
    plan_steps(pip, warned, today=today)
    # The touch was written by the database's clock, which may run ahead of this one.
    reconciled_at = max(started_at, mark.touched_at or started_at)
    cost_ms = round((time.monotonic() - clock) * 1000)
    PipMark.objects.filter(pip=pip).update(reconciled_at=reconciled_at, reconciled_on=today, cost_ms=cost_ms)
    return Outcome(len(new), len(changed), len(gone))


def is_behind(mark: PipMark, today: date) -> bool:
    """Whether a PIP was touched since it was reconciled last; once a day it is looked at in any case."""
    if mark.reconciled_at is None or mark.reconciled_on != today:
        return True
    return mark.touched_at is not None and mark.touched_at > mark.reconciled_at


def is_waived(duty: Duty, waived: set[tuple[str, str]]) -> bool:
    """Whether a waiver in force covers a duty that is open in law; what the law bars from waiving stays open."""
    is_covered = duty.state == State.OPEN and (duty.rule, duty.subject) in waived
    return is_covered and duty.is_waivable and is_waivable(duty.rule)


def differs(row: Obligation, found: dict[str, Any]) -> bool:
    """Whether the stored row says something else."""
    return any(getattr(row, name) != value for name, value in found.items())


def reconcile_touched(*, today: date | None = None, at_most_ms: int | None = None) -> bool:
    """Reconcile the touched PIPs of the tenant in scope; whether none is left.

    With ``at_most_ms`` those that took longer the last time are left to the sweep.
    """
    today = today or civil_today()
    touched = PipMark.objects.filter(
        Q(touched_at__isnull=False), Q(reconciled_at__isnull=True) | Q(reconciled_at__lt=F("touched_at"))
    )
    quick = touched if at_most_ms is None else touched.filter(cost_ms__lte=at_most_ms)
    # In one order, so that two requests can't lock each other out.
    for mark in quick.select_related("pip__tenant").order_by("pip_id"):
        reconcile(mark.pip, today=today)
    return not touched.exists()

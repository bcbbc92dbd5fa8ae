"""The ladder of reminders: which rungs a duty has, and which of them are settled by its end or a moved date."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from portal.calendars.clock import calendar
from portal.law.engine import RULES
from portal.law.threshold import LADDER
from portal.law.workdays import CalendarError
from portal.obligations.models import Obligation, Reminder, State
from portal.tenancy.models import Pip

OPENED = "opened"
STEP = "step-"
# What the portal itself asks and no law does.
OWN_RULES = [rule.id for rule in RULES if rule.layer == "default"]


def plan(pip: Pip, obligations: list[Obligation], *, today: date) -> None:
    """Plan the rungs of open duties with a date or a moment; cancel those of duties that ended or whose date moved.

    A duty that opens again, or whose date comes back, takes its cancelled rungs up again and is told of at once.
    """
    of_these = Reminder.objects.filter(pip=pip, obligation_id__in=[row.pk for row in obligations])
    aims_there = Q(aims_at=F("obligation__safe_on")) | Q(rung__startswith=STEP, aims_at=F("obligation__arose_on"))
    standing = Q(aims_there, obligation__state=State.OPEN)
    of_these.filter(state="planned").exclude(standing).update(state="cancelled", settled_at=timezone.now())
    cancelled = of_these.filter(standing, state="cancelled")
    back = set(cancelled.values_list("obligation_id", flat=True))
    if back:
        cancelled.update(state="planned", settled_at=None)
    rungs = [
        Reminder(tenant_id=pip.tenant_id, pip=pip, obligation=row, rung=rung, aims_at=row.safe_on, send_on=send_on)
        for row in obligations
        if row.state == State.OPEN and row.safe_on is not None
        for rung, send_on in rungs_of(row, today, is_back=row.pk in back)
    ]
    Reminder.objects.bulk_create(rungs, ignore_conflicts=True, batch_size=2000)


def plan_steps(pip: Pip, warned: Iterable[tuple[Obligation, int]], *, today: date) -> None:
    """One rung for each step of an early warning, on the day it is reached; more counts above it tell nothing new."""
    rungs = [
        Reminder(
            tenant_id=pip.tenant_id,
            pip=pip,
            obligation=row,
            rung=f"{STEP}{step}",
            aims_at=row.arose_on,
            send_on=today,
        )
        for row, step in warned
        if row.state == State.OPEN
    ]
    Reminder.objects.bulk_create(rungs, ignore_conflicts=True)


def rungs_of(row: Obligation, today: date, *, is_back: bool) -> list[tuple[str, date]]:
    """The rungs of a duty; one in hours is told of at once, for no day of the ladder comes in time.

    What the portal itself asks, such as the next look at a sign, is no news when it opens.
    """
    if row.due_at:
        return [(OPENED, today)]
    steps = ladder(row.safe_on, today)
    if row.law.layer == "default":
        return [step for step in steps if step[0] != OPENED]
    return [*steps, *([(f"again-{today}", today)] if is_back else [])]


def ladder(safe_on: date, today: date) -> list[tuple[str, date]]:
    """The rungs for a safe date: told at once, then 20, 10, 5, 3, 1 and 0 working days before it.

    A date so long past that its year has no calendar has no days before it to be told on.
    """
    try:
        return [(OPENED, today), *((str(days), calendar().back(safe_on, days)) for days in LADDER)]
    except CalendarError:
        return [(OPENED, today)]


def resting_rules(today: date) -> list[str]:
    """Rules whose overdue duties are not told of today: the portal's own, but for the week's first working day."""
    earlier = (today - timedelta(days=days) for days in range(1, today.isoweekday()))
    return OWN_RULES if any(calendar().is_working(day) for day in earlier) else []


def plan_overdue(*, today: date) -> int:
    """After the safe date, one rung each working day until the duty is met, or each week where only the portal asks;
    for the tenant in scope."""
    if not calendar().is_working(today):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO obligations_reminder"
            " (tenant_id, pip_id, obligation_id, rung, aims_at, send_on, state, is_late)"
            " SELECT tenant_id, pip_id, id, 'late-' || %(name)s, safe_on, %(today)s, 'planned', false"
            " FROM obligations_obligation duty"
            " WHERE tenant_id = portal_tenant() AND state = 'open' AND safe_on < %(today)s"
            " AND rule <> ALL (%(resting)s::text[])"
            # A clock that went back tells nothing again: people were told on a later day.
            " AND NOT EXISTS (SELECT 1 FROM obligations_reminder later WHERE later.obligation_id = duty.id"
            "  AND later.aims_at = duty.safe_on AND later.rung LIKE 'late-%%' AND later.send_on > %(today)s)"
            " ON CONFLICT (obligation_id, rung, aims_at) DO NOTHING",
            {"name": today.isoformat(), "today": today, "resting": resting_rules(today)},
        )
        return cursor.rowcount

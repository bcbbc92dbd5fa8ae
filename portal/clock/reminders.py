"""The ladder of reminders: which rungs a duty has, and which of them are settled by its end or a moved date."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal.calendars.clock import calendar
from portal.clock.models import Ladder
from portal.clock.mornings import opens_on
from portal.clock.rungs import AGAIN, OPENED, OWN_RULES, STEP, UP, days_of, ladder
from portal.law.threshold import LADDER
from portal.obligations.models import Delivery, Obligation, Reminder, State
from portal.tenancy.models import Pip

__all__ = ["OWN_RULES", "STEP", "ladder_days", "plan", "plan_again", "plan_overdue", "plan_steps", "week_of"]


def ladder_days() -> list[int]:
    """The ladder of the tenant in scope, the earliest first; without its own, the portal's."""
    own = Ladder.objects.values_list("days", flat=True).first()
    return sorted(LADDER if own is None else own, reverse=True)


def plan(pip: Pip, obligations: list[Obligation], *, today: date) -> None:
    """Plan the rungs of open duties with a date or a moment; cancel those of duties that ended or whose date moved.

    A duty that opens again, or whose date comes back, takes its coming rungs up again and is told of at once.
    """
    if not obligations:
        return
    of_these = Reminder.objects.filter(pip=pip, obligation_id__in=[row.pk for row in obligations])
    aims_there = Q(aims_at=F("obligation__safe_on")) | Q(rung__startswith=STEP, aims_at=F("obligation__arose_on"))
    standing = Q(aims_there, obligation__state=State.OPEN)
    now = timezone.now()
    planned = of_these.filter(state="planned")
    planned.exclude(obligation__state=State.OPEN).update(state="cancelled", settled_at=now, settled_why="ended")
    planned.exclude(standing).update(state="cancelled", settled_at=now, settled_why="moved")
    # What was handed on and waits for its letter is nobody's business any more.
    gone = of_these.filter(state="sent").exclude(standing)
    Delivery.objects.filter(reminder__in=gone, state="waiting", letter=None).update(state="dropped")
    cancelled = of_these.filter(standing, state="cancelled", settled_why__in=("", "ended", "moved"))
    cancelled = cancelled.exclude(rung__startswith=UP)
    back = set(cancelled.values_list("obligation_id", flat=True))
    if back:
        # What its day passed for while nothing was to be done is no reminder that comes late.
        cancelled.filter(send_on__gte=today).update(state="planned", settled_at=None, settled_why="")
    back |= come_back(of_these)
    days, opens = ladder_days(), opens_on(today)
    rungs = [
        Reminder(tenant_id=pip.tenant_id, pip=pip, obligation=row, rung=rung, aims_at=row.safe_on, send_on=send_on)
        for row in obligations
        if row.state == State.OPEN and row.safe_on is not None
        for rung, send_on in rungs_of(row, days, today=today, opens=opens, is_back=row.pk in back)
    ]
    follow_calendar(of_these, rungs, today=today)
    Reminder.objects.bulk_create(rungs, ignore_conflicts=True, batch_size=2000)


def follow_calendar(rungs: QuerySet[Reminder], wanted: Iterable[Reminder], *, today: date) -> None:
    """Where a date stays and the calendar before it changed, its coming rungs go on the new working days."""
    planned = rungs.filter(state="planned", send_on__gte=today)
    keys = {(row.obligation_id, row.rung, row.aims_at): row for row in planned if row.rung.isdecimal()}
    stale = []
    for one in wanted if keys else ():
        row = keys.get((one.obligation_id, one.rung, one.aims_at))
        if row is not None and row.send_on != one.send_on:
            row.send_on = one.send_on
            stale.append(row)
    Reminder.objects.bulk_update(stale, ["send_on"], batch_size=2000)


def come_back(rungs: QuerySet[Reminder]) -> set[int]:
    """Duties whose date is one that they had before the last one: its opening was told long ago, its coming back is
    news, even if none of its rungs was left to be taken up again."""
    news = rungs.filter(Q(rung=OPENED) | Q(rung__startswith=AGAIN)).order_by("obligation_id", "-id")
    last = news.distinct("obligation_id").values_list("obligation_id", "aims_at", "obligation__safe_on")
    moved = {duty for duty, told, safe_on in last if told != safe_on}
    opened = rungs.filter(rung=OPENED, aims_at=F("obligation__safe_on"), obligation_id__in=moved)
    return set(opened.values_list("obligation_id", flat=True)) if moved else set()


def plan_again(duties: Iterable[Obligation], *, today: date) -> None:
    """One rung each for duties whose date changed in a way that their ladder doesn't tell of."""
    opens = opens_on(today)
    rungs = [
        Reminder(
            tenant_id=row.tenant_id,
            pip_id=row.pip_id,
            obligation=row,
            rung=f"{AGAIN}{today}",
            aims_at=row.safe_on,
            send_on=today if row.due_at else opens,
        )
        for row in duties
    ]
    Reminder.objects.bulk_create(rungs, ignore_conflicts=True, batch_size=2000)


def plan_steps(pip: Pip, warned: Iterable[tuple[Obligation, int]], *, today: date) -> None:
    """One rung for each step of an early warning, for the day it is reached or the next working one; more counts above
    it tell nothing new."""
    opens = opens_on(today)
    rungs = [
        Reminder(
            tenant_id=pip.tenant_id,
            pip=pip,
            obligation=row,
            rung=f"{STEP}{step}",
            aims_at=row.arose_on,
            send_on=opens,
        )
        for row, step in warned
        if row.state == State.OPEN
    ]
    Reminder.objects.bulk_create(rungs, ignore_conflicts=True)


def rungs_of(
    row: Obligation, days: Collection[int], *, today: date, opens: date, is_back: bool
) -> list[tuple[str, date]]:
    """The rungs of a duty; one in hours is told of at once, for no day of the ladder comes in time.

    What the portal itself asks, such as the next look at a sign, is no news when it opens.
    """
    if row.due_at:
        return [(OPENED, today), *([(f"{AGAIN}{today}", today)] if is_back else [])]
    steps = ladder(row.safe_on, opens, days_of(row.rule, days))
    if row.law.layer == "default":
        return [step for step in steps if step[0] != OPENED]
    return [*steps, *([(f"{AGAIN}{today}", opens)] if is_back else [])]


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def plan_overdue(*, today: date) -> int:
    """After the safe date, one rung each working day until the duty is met, for the tenant in scope.

    Where only the portal asks, one a week from the week after: on its first working day, or on the first one after it
    on which the portal runs.
    """
    if not calendar().is_working(today):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO obligations_reminder"
            " (tenant_id, pip_id, obligation_id, rung, aims_at, send_on, state, is_late, settled_why)"
            " SELECT tenant_id, pip_id, id, 'late-' || %(name)s, safe_on, %(today)s, 'planned', false, ''"
            " FROM obligations_obligation duty,"
            " LATERAL (SELECT CASE WHEN rule = ANY (%(weekly)s::text[]) THEN %(week)s ELSE %(today)s END AS since) s"
            " WHERE tenant_id = portal_tenant() AND state = 'open' AND safe_on < since"
            # Told already, or going anyway: of a duty found late its first reminder goes that day. A clock that went
            # back tells nothing again either: people were told on a later day.
            " AND NOT EXISTS (SELECT 1 FROM obligations_reminder told WHERE told.obligation_id = duty.id"
            "  AND told.aims_at = duty.safe_on AND told.rung NOT LIKE 'up-%%' AND told.state <> 'cancelled'"
            "  AND greatest(told.send_on, told.told_on) >= since)"
            " ON CONFLICT (obligation_id, rung, aims_at) DO NOTHING",
            {"name": today.isoformat(), "today": today, "weekly": OWN_RULES, "week": week_of(today)},
        )
        return cursor.rowcount

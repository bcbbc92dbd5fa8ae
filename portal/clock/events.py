"""What webhooks are told: read from the trail, from rungs and from deliveries; stored first, then sent.

Of the trail that is read which the database's snapshot of the last reading could not see: none is missed.
"""

import json
import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.clock.budget import Budget
from portal.clock.doors import through_door
from portal.clock.listeners import Listeners
from portal.notifications.failures import NotAccepted
from portal.notifications.models import EventKind, OutgoingEvent, Robot, RobotPip, RobotState, TrailMark
from portal.notifications.webhooks import send_event
from portal.obligations.models import Delivery, Obligation, Reminder
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)
VERSION = 1
MOST_ATTEMPTS = 16  # with growing waits, two and a half days: a receiver may be down for a weekend
LONGEST_WAIT = 360  # minutes
AT_ONCE = 20
DATES = frozenset({"due_on", "due_at", "safe_on", "firmness"})
SETTLED = timedelta(hours=1)  # no transaction lasts that long; the seal of the trail stands on the same


def url_of(path: str) -> str:
    """An address as people open it."""
    return settings.BASE_URL.rstrip("/") + path


def day(value: Any) -> str | None:
    """A date or moment as JSON has it."""
    return value.isoformat() if value else None


def duty_of(row: Obligation) -> dict[str, Any]:
    """A duty as receivers see it, as it stands now."""
    try:
        law = row.law
    except KeyError:  # a rule of the past: its duties end, and that is told too
        law = None
    return {
        "rule": row.rule,
        "layer": law.layer if law else None,
        "title": {"en": law.title.en, "zh": law.title.zh} if law else None,
        "subject": row.subject,
        "state": row.state,
        "due_on": day(row.due_on),
        "due_at": day(row.due_at),
        "safe_on": day(row.safe_on),
        "is_provisional": row.is_provisional,
        "url": url_of(row.get_absolute_url()),
    }


def event_for(robot: Robot, duty: Obligation, kind: str, *, cause: str, at: datetime, **more: Any) -> OutgoingEvent:
    """An event about a duty, not yet saved; the same cause is never stored twice for a webhook."""
    code = uuid.uuid4()
    body = {
        "version": VERSION,
        "id": str(code),
        "kind": str(kind),
        "happened_at": at.isoformat(timespec="seconds"),
        "tenant": duty.tenant.slug,
        "pip": {"uscc": duty.pip.uscc, "name": duty.pip.name},
        "duty": duty_of(duty),
    } | more
    text = json.dumps(body, ensure_ascii=False)
    return OutgoingEvent(
        code=code,
        tenant_id=robot.tenant_id,
        robot=robot,
        pip_id=duty.pip_id,
        kind=kind,
        cause=cause,
        happened_at=at,
        body=text,
    )


def batches(rows: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    """The rows, some at a time."""
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some


def keep(events: Iterable[OutgoingEvent]) -> None:
    """Store events; those that are stored already stay as they are."""
    for some in batches(events):
        OutgoingEvent.objects.bulk_create(some, ignore_conflicts=True)


def duties_by_id(ids: Iterable[int]) -> dict[int, Obligation]:
    """The duties with what an event says of them."""
    return Obligation.objects.select_related("pip", "tenant").in_bulk(list(ids))


def due_soon(told: Sequence[Reminder], webhooks: list[Robot], *, now: datetime) -> None:
    """Tell webhooks of the rungs that people are told of, in the same transaction."""
    if not webhooks or not told:
        return
    listeners, duties = Listeners(), duties_by_id({row.obligation_id for row in told})
    keep(
        event_for(robot, duties[row.obligation_id], EventKind.DUE_SOON, cause=f"rung:{row.pk}", at=now, rung=row.rung)
        for row in told
        for robot in webhooks
        if listeners.hears(robot, row.pip_id, row.obligation.rule)
    )


def delivery_failed(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    """Tell webhooks that reminders did not get through for good; whom they were for, the log says."""
    listeners = Listeners()
    if not listeners.webhooks:
        return
    duties = duties_by_id({row.reminder.obligation_id for row in deliveries})
    keep(
        event_for(
            robot,
            duty := duties[row.reminder.obligation_id],
            EventKind.FAILED,
            cause=f"failed:{row.pk}",
            at=now,
            delivery={"id": row.pk, "channel": row.channel, "url": url_of(f"/t/{duty.tenant.slug}/deliveries/")},
        )
        for row in deliveries
        for robot in listeners.webhooks
        if listeners.hears(robot, row.pip_id, row.reminder.obligation.rule)
    )


def kind_of(event: AuditEvent) -> str | None:
    """What a step of the trail means to a receiver; None if it means nothing."""
    if event.operation == "insert":
        return EventKind.OPENED if event.content["new"]["state"] == "open" else None
    changes = event.content["changes"]
    if "state" in changes:
        state = changes["state"][1]
        return {"open": EventKind.OPENED, "met": EventKind.MET}.get(state, EventKind.ENDED)
    return EventKind.MOVED if DATES & changes.keys() else None


def read_trail(tenant: Tenant, robot_id: int) -> None:
    """Store what happened to duties since the trail was read last for this webhook."""
    with acting(tenant, actor="system:dispatch", verb="event.read"):
        robot = Robot.objects.working().filter(pk=robot_id).first()
        mark = TrailMark.objects.filter(robot_id=robot_id).select_for_update(of=("self",), skip_locked=True).first()
        if robot is None or mark is None:
            return
        with connection.cursor() as cursor:
            # What is committed from here on is read again the next time: stored once, whatever the overlap.
            cursor.execute("SELECT pg_current_snapshot()::text")
            snapshot = cursor.fetchone()[0]
        trail = AuditEvent.objects.filter(tenant=tenant, id__gt=mark.floor)
        steps = trail.filter(table_name=Obligation._meta.db_table, operation__in=["insert", "update"]).extra(
            where=["NOT pg_visible_in_snapshot(transaction::text::xid8, %s::pg_snapshot)"], params=[mark.snapshot]
        )
        for some in batches(steps.order_by("id").iterator(chunk_size=500)):
            keep(events_of(robot, some))
        old = trail.filter(at__lt=timezone.now() - SETTLED).order_by("-id").values_list("id", flat=True).first()
        TrailMark.objects.filter(pk=mark.pk).update(snapshot=snapshot, floor=old or mark.floor)


def events_of(robot: Robot, steps: Sequence[AuditEvent]) -> Iterable[OutgoingEvent]:
    """The events of some steps of the trail that this webhook is told of."""
    listeners = Listeners()
    duties = duties_by_id({int(step.row_id) for step in steps})
    for step in steps:
        kind, duty = kind_of(step), duties.get(int(step.row_id))
        if kind is None or duty is None or not listeners.hears(robot, duty.pip_id, duty.rule):
            continue
        changes = step.content.get("changes") or {}
        old = {name: changes[name][0] for name in sorted(DATES & changes.keys())}
        more = {"old": old} if kind == EventKind.MOVED else {}
        yield event_for(robot, duty, kind, cause=f"trail:{step.pk}", at=step.at, **more)


def tell_webhooks(budget: Budget) -> int:
    """Read the trail for every webhook and send what waits; how many events were taken."""
    for tenant_id, robots in through_door("door_webhooks").items():
        for robot_id in robots:
            guarded(read_trail, Tenant(pk=tenant_id), robot_id)
    sent = 0
    for tenant_id, robots in through_door("door_waiting_events", timezone.now()).items():
        for robot_id in robots:
            if budget.is_spent:
                return sent
            sent += guarded(send_waiting, Tenant(pk=tenant_id), robot_id, budget) or 0
    return sent


def guarded(work: Any, *arguments: Any, **named: Any) -> Any:
    """Do it for one robot or webhook; one that fails must not hold up the others."""
    try:
        return work(*arguments, **named)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("%s failed; the next round tries again", work.__name__)
        return None


def due(now: datetime) -> Q:
    """Events that wait, that no living worker holds, and whose time has come."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return Q(free, Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now), state="waiting")


def send_waiting(tenant: Tenant, robot_id: int, budget: Budget) -> int:
    """Send a webhook's events in their order until one is not taken; how many were."""
    sent = 0
    while events := claim(tenant, robot_id):
        for position, event in enumerate(events):
            rest = [one.pk for one in events[position:]]
            if budget.is_spent:
                release(tenant, rest)
                return sent
            if not post(tenant, event):
                release(tenant, rest[1:])
                return sent
            sent += 1
    return sent


def claim(tenant: Tenant, robot_id: int) -> list[OutgoingEvent]:
    """Some events with their webhook, held for as long as sending them may take."""
    now = timezone.now()
    with acting(tenant, actor="system:dispatch", verb="event.claim"):
        waiting = OutgoingEvent.objects.filter(due(now), robot_id=robot_id)
        state = Robot.objects.filter(pk=robot_id).values_list("state", flat=True).first()
        if state == RobotState.OFF:
            waiting.update(state="failed", error=str(NotAccepted("off")), lease_until=None)
        if state != RobotState.WORKING:
            return []  # what waits for a new address waits for its test
        # An owner may have taken a PIP from it since the event was stored.
        chosen = RobotPip.objects.filter(robot=robot_id).values("pip")
        taken = waiting.filter(robot__has_all_pips=False).exclude(pip__in=chosen)
        taken.update(state="failed", error=str(NotAccepted("off")), lease_until=None)
        ids = list(
            waiting.select_for_update(of=("self",), skip_locked=True)
            .order_by("id")
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        lease = timedelta(seconds=AT_ONCE * settings.OUTGOING_TOTAL_SECONDS + 60)
        rows = OutgoingEvent.objects.filter(pk__in=ids)
        rows.update(lease_until=now + lease, attempts=F("attempts") + 1)
        return list(rows.select_related("robot").order_by("id"))


def release(tenant: Tenant, ids: list[int]) -> None:
    """Let go of events that were claimed and not tried."""
    if ids:
        with acting(tenant, actor="system:dispatch", verb="event.claim"):
            OutgoingEvent.objects.filter(pk__in=ids).update(lease_until=None, attempts=F("attempts") - 1)


def post(tenant: Tenant, event: OutgoingEvent) -> bool:
    """Send one event and write what became of it; whether it was taken."""
    try:
        answer = send_event(event.robot, event)
    except NotAccepted as refused:
        columns = put_off(event, refused)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # whatever a server makes of its answer: it counts as an attempt and stands in the log
        log.exception("event %s could not be sent", event.pk)
        columns = put_off(event, NotAccepted("unsent", type(error).__name__))
    else:
        columns = {"state": "sent", "sent_at": timezone.now(), "error": "", "answer": f"HTTP {answer.status}"}
    with acting(tenant, actor="system:dispatch", verb="event.mark"):
        OutgoingEvent.objects.filter(pk=event.pk).update(lease_until=None, **columns)
    return columns["state"] == "sent"


def put_off(event: OutgoingEvent, refused: NotAccepted) -> dict[str, Any]:
    """When to try again; a 4xx or a redirect too, for it may be a receiver's passing mistake."""
    wait = timedelta(minutes=min(2**event.attempts, LONGEST_WAIT))
    return {
        "state": "failed" if event.attempts >= MOST_ATTEMPTS else "waiting",
        "error": str(refused),
        "next_attempt_at": timezone.now() + wait,
    }

"""Rungs become deliveries: which of them are told now, to whom, and why the others are not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from django.utils import timezone

from portal.calendars.clock import calendar
from portal.clock.models import ESCALATE_AFTER, Acknowledgement, Ladder
from portal.clock.mornings import Window, window
from portal.clock.recipients import Audience
from portal.clock.routes import deliveries_for
from portal.clock.rungs import UP, asks, can_be_silenced, is_escalation, is_in_hours, is_opening
from portal.law.engine import STATUTORY
from portal.obligations.models import Delivery, Reminder, State
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

DUTIES_AT_ONCE = 500
# A duty and the date that it aims at: what people answer about.
Aim = tuple[int, date]


def hand_on(tenant: Tenant, *, today: date) -> int:
    """Turn the latest due rung of each open duty into deliveries; how many were told.

    Rungs that a later one overtook are skipped, and nags that somebody answered are silenced; each keeps its row and
    the reason. Outside working mornings, and while nobody may be told of a PIP, rungs stay planned.
    """
    with acting(tenant, actor="system:dispatch", verb="reminder.hand_on"):
        return sum(hand_on_some(tenant, due, today=today) for due in due_rungs(today))


def due_rungs(today: date) -> Iterator[list[Reminder]]:
    """What is due, a portion of the duties at a time: the memory of a round must not grow with a workspace."""
    rungs = Reminder.objects.filter(state="planned", send_on__lte=today)
    duties, last = rungs.order_by("obligation_id").values_list("obligation_id", flat=True).distinct(), 0
    while some := list(duties.filter(obligation_id__gt=last)[:DUTIES_AT_ONCE]):
        last = some[-1]
        yield list(
            rungs.filter(obligation_id__in=some)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("obligation")
            .order_by("send_on", "id")
        )


def hand_on_some(tenant: Tenant, due: list[Reminder], *, today: date) -> int:
    """Settle these rungs, all that are due of their duties; how many were told."""
    now = timezone.now()
    settle([row for row in due if row.obligation.state != State.OPEN], "cancelled", "ended", now)
    standing = [row for row in due if row.obligation.state == State.OPEN]
    latest = latest_of(standing)
    open_now = window(today)
    audience = Audience(latest.values(), today=today)
    going = {key: row for key, row in latest.items() if may_go(row, open_now) and audience.of(row)}
    overtaken = [row for row in standing if going.get(line_of(row), row) is not row]
    settle(overtaken, "skipped", "overtaken", now)
    answers = answers_of(going.values(), today)
    quiet = {row.pk: answer for row in going.values() if (answer := answer_to(row, answers))}
    for kind, why in (("on_it", "acknowledged"), ("snooze", "snoozed")):
        settle([row for row in due if row.pk in quiet and quiet[row.pk].kind == kind], "silenced", why, now)
    told = [row for row in going.values() if row.pk not in quiet]
    tell(tenant, told, audience, today=today, now=now)
    plan_escalations(told, answers, today=today)
    return len(told)


def line_of(row: Reminder) -> tuple[int, bool]:
    """Rungs of one duty overtake each other; what goes to the owners is a line of its own."""
    return row.obligation_id, is_escalation(row)


def latest_of(rows: Iterable[Reminder]) -> dict[tuple[int, bool], Reminder]:
    """The latest rung of each duty; of one day that which is news."""
    ordered = sorted(rows, key=lambda row: (row.send_on, is_opening(row), row.pk))
    return {line_of(row): row for row in ordered}


def may_go(row: Reminder, now: Window) -> bool:
    """Whether this moment is one for it: hours at any, what the law opens during the day, all else mornings."""
    if is_in_hours(row):
        return True
    return now.opening if is_opening(row) and row.obligation.rule in STATUTORY else now.ordinary


def settle(rows: Iterable[Reminder], state: str, why: str, now: datetime) -> None:
    """Close rungs that are not told, with the reason."""
    ids = [row.pk for row in rows]
    if ids:
        Reminder.objects.filter(pk__in=ids).update(state=state, settled_why=why, settled_at=now)


def answers_of(rows: Iterable[Reminder], today: date) -> dict[Aim, Acknowledgement]:
    """The answer about each duty and date that rests longest."""
    duties = [row.obligation_id for row in rows if can_be_silenced(row) or asks(row) or is_escalation(row)]
    found = Acknowledgement.objects.filter(obligation_id__in=duties).in_force(today).order_by("until", "id")
    return {(one.obligation_id, one.aims_at): one for one in found} if duties else {}


def answer_to(row: Reminder, answers: Mapping[Aim, Acknowledgement]) -> Acknowledgement | None:
    """The answer that keeps this rung away."""
    return answers.get((row.obligation_id, row.aims_at)) if can_be_silenced(row) else None


def tell(tenant: Tenant, rows: list[Reminder], audience: Audience, *, today: date, now: datetime) -> None:
    """Make the deliveries of these rungs, each to its own people."""
    if not rows:
        return
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(state="sent", settled_at=now, told_on=today)
    late = [row.pk for row in rows if row.send_on < today]
    Reminder.objects.filter(pk__in=late).update(is_late=True)
    deliveries = [
        one for people, share in shares(rows, audience) for one in deliveries_for(tenant, share, people, now=now)
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=2000)


def shares(rows: Iterable[Reminder], audience: Audience) -> list[tuple[Mapping[int, tuple[int, ...]], list[Reminder]]]:
    """The rungs parted so that in each part the rungs of a PIP have the same people: two or three parts as a rule."""
    groups: dict[int, dict[tuple[int, ...], list[Reminder]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row.pip_id][audience.of(row)].append(row)
    parts: list[tuple[dict[int, tuple[int, ...]], list[Reminder]]] = []
    for pip_id, of_pip in groups.items():
        for number, (people, share) in enumerate(of_pip.items()):
            if number == len(parts):
                parts.append(({}, []))
            parts[number][0][pip_id] = people
            parts[number][1].extend(share)
    return parts


def plan_escalations(told: list[Reminder], answers: Mapping[Aim, Acknowledgement], *, today: date) -> None:
    """When nobody answers what asked, the owners are told after some working days, then on each one.

    An answer cancels them (``portal.clock.answering``); while a duty is put off their days don't run.
    """
    asking = [row for row in told if asks(row) or is_escalation(row)]
    if not asking:
        return
    after = Ladder.objects.values_list("escalate_after", flat=True).first() or ESCALATE_AFTER
    rungs = []
    for row in asking:
        answer = answers.get((row.obligation_id, row.aims_at))
        start = max(today, answer.until) if answer is not None and answer.kind == "snooze" else today
        send_on = calendar().add(start, 1 if is_escalation(row) else after).due
        rungs.append(
            Reminder(
                tenant_id=row.tenant_id,
                pip_id=row.pip_id,
                obligation_id=row.obligation_id,
                rung=f"{UP}{send_on}",
                aims_at=row.aims_at,
                send_on=send_on,
            )
        )
    Reminder.objects.bulk_create(rungs, ignore_conflicts=True, batch_size=2000)

"""Deliveries to robots: one card a robot and round, tried again; what fails for good goes to people by mail."""

import logging
from datetime import date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone, translation

from portal.clock.budget import Budget
from portal.clock.cards import card_of
from portal.clock.doors import through_door
from portal.clock.events import delivery_failed, guarded
from portal.clock.letters import named_duties
from portal.clock.listeners import Listeners
from portal.notifications.failures import NotAccepted
from portal.notifications.models import Robot, RobotState
from portal.notifications.robots import Card, send_card
from portal.obligations.models import Delivery, State
from portal.obligations.subjects import subjects_of
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5  # half an hour: then a mail takes its place
MOST_OF_A_CARD = 2_000  # duties told in one card, by name or counted; more go in the next round


def tell_chats(budget: Budget, *, today: date) -> int:
    """Post one card for every robot for which something waits; how many were taken."""
    sent = 0
    for tenant_id, robots in through_door("door_waiting_robots", timezone.now()).items():
        for robot_id in robots:
            if budget.is_spent:
                return sent
            sent += guarded(tell_chat, Tenant(pk=tenant_id), robot_id, today=today) or 0
    return sent


def tell_chat(tenant: Tenant, robot_id: int, *, today: date) -> int:
    """Claim what waits for a robot, post it as one card and mark it; how many cards were taken."""
    try:
        robot, deliveries, card = claim(tenant, robot_id, today=today)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # a card that can't be written must not hold up the next robot
        log.exception("card of robot %s could not be written", robot_id)
        put_off(tenant, claim_unwritten(tenant, robot_id), NotAccepted("unwritten", type(error).__name__))
        return 0
    if not deliveries or card is None:
        return 0
    try:
        send_card(robot, card)
    except NotAccepted as refused:
        put_off(tenant, deliveries, refused)
        return 0
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # whatever a server makes of its answer: it counts as an attempt and stands in the log
        log.exception("card of robot %s could not be sent", robot_id)
        put_off(tenant, deliveries, NotAccepted("unsent", type(error).__name__))
        return 0
    with acting(tenant, actor="system:dispatch", verb="delivery.mark"):
        columns = {"state": "sent", "sent_at": timezone.now(), "sent_on": today, "lease_until": None, "error": ""}
        rows_of(deliveries).update(**columns)
    return 1


def claim(tenant: Tenant, robot_id: int, *, today: date) -> tuple[Robot | None, list[Delivery], Card | None]:
    """What goes in the next card of a robot, held for as long as posting may take; a robot that is off gets none."""
    with acting(tenant, actor="system:dispatch", verb="delivery.claim"):
        robot = Robot.objects.filter(pk=robot_id).first()
        deliveries = take(tenant, robot_id)
        if not deliveries or robot is None:
            return None, [], None
        if robot.state != RobotState.WORKING:
            give_up(tenant, deliveries, NotAccepted("off"))
            return robot, [], None
        deliveries = leave_taken(tenant, robot, deliveries)
        if not deliveries:
            return robot, [], None
        with translation.override(robot.language):
            subjects = subjects_of(named_duties(deliveries))
        return robot, deliveries, card_of(robot, deliveries, subjects, today=today)


def leave_taken(tenant: Tenant, robot: Robot, deliveries: list[Delivery]) -> list[Delivery]:
    """Those that the robot is still told of; an owner may have taken a PIP from it since."""
    listeners, parts = Listeners(), {True: [], False: []}
    for row in deliveries:
        parts[listeners.hears(robot, row.pip_id, row.reminder.obligation.rule)].append(row)
    if parts[False]:
        give_up(tenant, parts[False], NotAccepted("off"))
    return parts[True]


def claim_unwritten(tenant: Tenant, robot_id: int) -> list[Delivery]:
    """What went in no card: the attempt to write it is undone, and counts."""
    with acting(tenant, actor="system:dispatch", verb="delivery.claim"):
        return take(tenant, robot_id)


def take(tenant: Tenant, robot_id: int) -> list[Delivery]:
    """The deliveries of the next card: those of a card that is tried again, else what waits, as far as one card goes.
    Nobody is told of a duty that ended while the robot's server was away."""
    one_at_a_time(tenant, robot_id)
    now = timezone.now()
    waiting = Delivery.objects.filter(due(now), robot_id=robot_id).order_by("id")
    waiting.exclude(reminder__obligation__state=State.OPEN).update(state="dropped", lease_until=None)
    first = waiting.first()
    if first is None:
        return []
    ids = list(waiting.filter(letter=first.letter).values_list("pk", flat=True)[:MOST_OF_A_CARD])
    rows = Delivery.objects.filter(pk__in=ids)
    lease = now + timedelta(seconds=settings.OUTGOING_TOTAL_SECONDS + 60)
    rows.update(letter=first.letter or first.pk, lease_until=lease, attempts=F("attempts") + 1)
    # Read whole: the card is marked outside the transaction, where no row is in sight.
    whole = rows.select_related("reminder__obligation__pip", "reminder__obligation__tenant")
    return list(whole.order_by("id"))


def due(now: datetime) -> Q:
    """Deliveries to robots that wait, that no living worker holds, and whose time has come."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    is_time = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    return Q(free, is_time, state="waiting", channel="robot")


def one_at_a_time(tenant: Tenant, robot_id: int) -> None:
    """Whoever else claims cards of this robot waits: two at once would tear one card into two."""
    with connection.cursor() as cursor:
        key = f"portal.cards/{tenant.pk}/{robot_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def rows_of(deliveries: list[Delivery]):
    """The rows of some deliveries."""
    return Delivery.objects.filter(pk__in=[row.pk for row in deliveries])


def put_off(tenant: Tenant, deliveries: list[Delivery], refused: NotAccepted) -> None:
    """Try again later, waiting longer each time; after five attempts or a final refusal people are mailed instead."""
    if not deliveries:
        return
    attempts = max(row.attempts for row in deliveries)
    log.warning("card %s not accepted at attempt %s", deliveries[0].letter or deliveries[0].pk, attempts)
    with acting(tenant, actor="system:dispatch", verb="delivery.put_off"):
        if refused.is_final or attempts >= MOST_ATTEMPTS:
            give_up(tenant, deliveries, refused)
            return
        wait = timezone.now() + timedelta(minutes=min(2**attempts, 60))
        rows_of(deliveries).update(lease_until=None, error=str(refused), next_attempt_at=wait)


def give_up(tenant: Tenant, deliveries: list[Delivery], refused: NotAccepted) -> None:
    """Mark deliveries to a robot as failed, and mail those who were told in the inbox but not yet by mail."""
    now = timezone.now()
    rows_of(deliveries).update(state="failed", lease_until=None, error=str(refused), next_attempt_at=now)
    delivery_failed(deliveries, now=now)
    told = Delivery.objects.filter(reminder__in={row.reminder_id for row in deliveries})
    people = set(told.filter(channel="inbox").values_list("reminder_id", "user_id"))
    mailed = set(told.filter(channel="mail").values_list("reminder_id", "user_id"))
    failed = {row.reminder_id: row for row in deliveries}
    Delivery.objects.bulk_create(
        (
            Delivery(
                tenant=tenant,
                pip_id=failed[reminder].pip_id,
                reminder_id=reminder,
                user_id=person,
                channel="mail",
                instead_of=failed[reminder],
                created_at=timezone.now(),
            )
            for reminder, person in sorted(people - mailed)
        ),
        ignore_conflicts=True,
        batch_size=2000,
    )

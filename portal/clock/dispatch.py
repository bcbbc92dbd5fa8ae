"""Send what is due, once: rungs become deliveries in one transaction; each delivery is claimed, sent, marked."""

import logging
from collections import defaultdict
from datetime import date, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from portal.accounts.models import Membership, PipGroupPermission
from portal.clock.letters import reminder_letter
from portal.notifications.mail import NotAccepted, send
from portal.obligations.models import Delivery, Reminder, State
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8


def through_door(function: str, *arguments: object) -> dict[int, list[int]]:
    """The ids that a door returns, by tenant."""
    found: dict[int, list[int]] = defaultdict(list)
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places})", arguments)
        for tenant_id, row_id in cursor.fetchall():
            found[tenant_id].append(row_id)
    return found


def dispatch(*, today: date) -> tuple[int, int]:
    """Hand on every due rung and send every waiting delivery; how many rungs and how many messages."""
    rungs = sent = 0
    for tenant_id in through_door("door_due_reminders", today):
        try:
            rungs += hand_on(Tenant(pk=tenant_id), today=today)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one workspace must not hold up the others
            log.exception("reminders of tenant %s could not be handed on; the next round tries again", tenant_id)
    for tenant_id, ids in through_door("door_waiting_deliveries", timezone.now()).items():
        sent += sum(deliver(Tenant(pk=tenant_id), delivery_id, today=today) for delivery_id in ids)
    return rungs, sent


def hand_on(tenant: Tenant, *, today: date) -> int:
    """Turn the latest due rung of each open duty into deliveries; rungs that a later one overtook are skipped.

    While nobody may be told of a PIP its rungs stay planned: whoever comes next is told, late.
    """
    with acting(tenant, actor="system:dispatch", verb="reminder.hand_on"):
        due = list(
            Reminder.objects.filter(state="planned", send_on__lte=today)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("obligation")
            .order_by("send_on", "id")
        )
        latest = {row.obligation_id: row for row in due if row.obligation.state == State.OPEN}
        people = recipients({row.pip_id for row in latest.values()}, today=today)
        told = [row for row in latest.values() if row.pip_id in people]
        now = timezone.now()
        ended = [row.pk for row in due if row.obligation_id not in latest]
        overtaken = [row.pk for row in due if row.pip_id in people and latest.get(row.obligation_id, row) is not row]
        Reminder.objects.filter(pk__in=ended).update(state="cancelled", settled_at=now)
        Reminder.objects.filter(pk__in=overtaken).update(state="skipped", settled_at=now)
        late = [row.pk for row in told if row.send_on < today]
        Reminder.objects.filter(pk__in=[row.pk for row in told]).update(state="sent", settled_at=now)
        Reminder.objects.filter(pk__in=late).update(is_late=True)
        Delivery.objects.bulk_create(
            [
                Delivery(
                    tenant=tenant,
                    pip_id=row.pip_id,
                    reminder=row,
                    user_id=person,
                    channel=channel,
                    created_at=now,
                    state="sent" if channel == "inbox" else "waiting",
                    sent_at=now if channel == "inbox" else None,
                )
                for row in told
                for person in people[row.pip_id]
                for channel in ("inbox", "mail")
            ],
            ignore_conflicts=True,
            batch_size=2000,
        )
        return len(told)


def recipients(pips: set[int], *, today: date) -> dict[int, list[int]]:
    """The people who prepare filings for a PIP, looked up now: owners and officers whose access has not ended."""
    rows = (
        PipGroupPermission.objects.filter(content_object_id__in=pips, permission__codename="prepare_filing")
        .filter(group__user__in=Membership.objects.current(today).values("user_id"))
        .values_list("content_object_id", "group__user__id")
        .distinct()
        .order_by("group__user__id")
    )
    people: dict[int, list[int]] = defaultdict(list)
    for pip_id, user_id in rows:
        people[pip_id].append(user_id)
    return people


def deliver(tenant: Tenant, delivery_id: int, *, today: date) -> int:
    """Claim one delivery, send it, mark it. Killed in between, the claim runs out and another takes it."""
    now = timezone.now()
    lease = timedelta(seconds=settings.DELIVERY_LEASE)
    with acting(tenant, actor="system:dispatch", verb="delivery.claim"):
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        is_time = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
        claimed = Delivery.objects.filter(free, is_time, pk=delivery_id, state="waiting").update(
            lease_until=now + lease, attempts=F("attempts") + 1
        )
        if not claimed:
            return 0
        # Read whole: what the letter says is written outside the transaction, where no row is in sight.
        delivery = Delivery.objects.select_related(
            "user", "reminder__obligation__pip", "reminder__obligation__tenant"
        ).get(pk=delivery_id)
        if not Membership.objects.current(today).filter(tenant=tenant, user=delivery.user_id).exists():
            Delivery.objects.filter(pk=delivery.pk).update(
                state="failed", lease_until=None, error="The access of this person has ended."
            )
            return 0
    try:
        send(reminder_letter(delivery, today=today))
    except NotAccepted as refused:
        put_off(tenant, delivery, refused)
        return 0
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # a letter that can't be written must not hold up the next one
        log.exception("delivery %s could not be written", delivery.pk)
        put_off(tenant, delivery, NotAccepted(type(error).__name__))
        return 0
    with acting(tenant, actor="system:dispatch", verb="delivery.mark"):
        Delivery.objects.filter(pk=delivery.pk).update(
            state="sent", sent_at=timezone.now(), lease_until=None, error=""
        )
    return 1


def put_off(tenant: Tenant, delivery: Delivery, refused: NotAccepted) -> None:
    """Try again later, waiting longer each time; give up, visibly, after eight attempts or a final refusal."""
    is_final = refused.is_final or delivery.attempts >= MOST_ATTEMPTS
    # What the server said may name the person: it stands with the delivery, not in a log.
    log.warning("delivery %s not accepted at attempt %s", delivery.pk, delivery.attempts)
    with acting(tenant, actor="system:dispatch", verb="delivery.put_off"):
        Delivery.objects.filter(pk=delivery.pk).update(
            state="failed" if is_final else "waiting",
            error=str(refused)[:300],
            lease_until=None,
            next_attempt_at=timezone.now() + timedelta(minutes=min(2**delivery.attempts, 60)),
        )

"""Send what is due, once: rungs become deliveries in one transaction; what a letter carries is claimed, sent, marked.

What goes together in one letter, and which letter waits for the next morning, says ``portal.clock.envelopes``.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from portal.accounts.models import Membership
from portal.calendars.clock import refresh
from portal.clock import moves
from portal.clock.background import Background, background_of
from portal.clock.budget import Budget
from portal.clock.caps import hold, hold_rest, is_over_cap
from portal.clock.chats import tell_chats
from portal.clock.doors import portions_through_door, tenants_through_door
from portal.clock.envelopes import envelope_of
from portal.clock.events import delivery_failed, tell_webhooks
from portal.clock.handing import hand_on
from portal.clock.letters import letter_of, named_duties
from portal.clock.models import beat
from portal.notifications.failures import NotAccepted
from portal.notifications.mail import send
from portal.obligations.models import Delivery, State
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 60  # with growing waits, two and a half days: a mail server may be down for a weekend


def dispatch(*, today: date) -> tuple[int, int]:
    """Hand on every due rung, then tell chats, webhooks and people of what waits; how many rungs, how many letters.

    Each channel has its own seconds, so that none is held up by another's server; what is left waits for the next.
    """
    refresh()
    rungs = sent = 0
    for tenant_id in tenants_through_door("door_due_reminders", today):
        try:
            rungs += hand_on(Tenant(pk=tenant_id), today=today)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one workspace must not hold up the others
            log.exception("reminders of tenant %s could not be handed on; the next round tries again", tenant_id)
    tell_chats(Budget.of("robots"), today=today)
    tell_webhooks(Budget.of("webhooks"))
    budget = Budget.of("mail")
    for tenant_id, ids in portions_through_door("door_waiting_deliveries", "delivery_id", timezone.now()):
        sent += deliver(Tenant(pk=tenant_id), *ids, today=today, budget=budget)
    beat("dispatch")
    return rungs, sent


@dataclass(frozen=True)
class Claimed:
    """The deliveries that one letter carries, and what else it says about their duties."""

    deliveries: list[Delivery]
    background: Background


def deliver(tenant: Tenant, *delivery_ids: int, today: date, budget: Budget | None = None) -> int:
    """Send the letters that carry these deliveries, no more than a round's; how many went out."""
    sent, carried = 0, set()
    for position, delivery_id in enumerate(delivery_ids):
        if delivery_id in carried:
            continue
        if sent >= settings.MOST_LETTERS_A_ROUND:
            hold_rest(tenant, delivery_ids[position:], today=today)
            break
        if budget is not None and budget.is_spent:
            break
        claimed = claim_or_leave(tenant, delivery_id, today=today)
        if claimed:
            carried.update(row.pk for row in claimed.deliveries)
            sent += post(tenant, claimed, today=today)
    return sent


def claim_or_leave(tenant: Tenant, delivery_id: int, *, today: date) -> Claimed | None:
    """Claim a letter. What can't be put into words is put off by itself, so that it takes no other delivery along."""
    try:
        return claim(tenant, delivery_id, today=today)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        log.exception("delivery %s could not be put into a letter", delivery_id)
        leave_out(tenant, delivery_id, NotAccepted("unwritten", type(error).__name__))
        return None


def leave_out(tenant: Tenant, delivery_id: int, reason: NotAccepted) -> None:
    """Put off the deliveries of this person that spoil a letter; the others go in the next round."""
    with acting(tenant, actor="system:dispatch", verb="delivery.put_off"):
        person = Delivery.objects.filter(pk=delivery_id).values_list("user_id", flat=True).first()
        waiting = Delivery.objects.filter(due(timezone.now()), user_id=person)
        rows = list(waiting.select_related("user", "reminder__obligation__pip", "reminder__obligation__tenant"))
        spoiling = [row for row in rows if not can_be_said(row)] or [row for row in rows if row.pk == delivery_id]
        Delivery.objects.filter(pk__in=[row.pk for row in spoiling]).update(attempts=F("attempts") + 1)
    for row in spoiling:
        row.attempts += 1
        put_off(tenant, [row], reason)


def can_be_said(row: Delivery) -> bool:
    """Whether the duty has words of its own."""
    try:
        with transaction.atomic():
            return bool(background_of([row], named_duties([row])).subjects)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        return False


def claim(tenant: Tenant, delivery_id: int, *, today: date) -> Claimed | None:
    """Claim a delivery and all that go in a letter with it. Killed later, the claim runs out and another takes it."""
    now = timezone.now()
    with acting(tenant, actor="system:dispatch", verb="delivery.claim"):
        asked = Delivery.objects.filter(due(now), pk=delivery_id)
        person = asked.values_list("user_id", flat=True).first()
        if person is None:
            return None
        one_at_a_time(tenant, person)
        # Another worker may have taken it while this one waited for its turn.
        delivery = asked.select_related("reminder").first()
        envelope = envelope_of(delivery, due(now), today=today) if delivery else None
        together = list(envelope.rows.values_list("pk", flat=True)) if envelope else []
        if together and delivery.letter:
            together = still_of_use(together)
        if not together:
            return None
        rows = Delivery.objects.filter(pk__in=together)
        if is_over_cap(rows, person, now=now, today=today):
            hold(rows, today=today)
            return None
        if not Membership.objects.current(today).filter(tenant=tenant, user=person).exists():
            ended = NotAccepted("access-ended", is_final=True)
            rows.update(state="failed", lease_until=None, held_on=None, error=str(ended))
            delivery_failed(list(rows.select_related("reminder__obligation")), now=now)
            return None
        rows.update(
            letter=delivery.letter or together[0],
            letter_kind=envelope.kind,
            letter_on=envelope.on,
            lease_until=now + timedelta(seconds=settings.DELIVERY_LEASE),
            attempts=F("attempts") + 1,
        )
        # Read whole: what the letter says is written outside the transaction, where no row is in sight.
        whole = rows.select_related("user", "reminder__obligation__pip", "reminder__obligation__tenant")
        deliveries = list(whole.prefetch_related(moves.PREFETCH).order_by("id"))
        with translation.override(deliveries[0].user.language):
            return Claimed(deliveries, background_of(deliveries, named_duties(deliveries)))


def still_of_use(ids: list[int]) -> list[int]:
    """Of a letter that was refused once, what tells of duties that are open still; nobody has seen the others."""
    rows = Delivery.objects.filter(pk__in=ids)
    done = rows.exclude(error="").exclude(reminder__obligation__state=State.OPEN)
    done.update(state="dropped", lease_until=None, held_on=None)
    return list(rows.filter(state="waiting").order_by("id").values_list("pk", flat=True))


def due(now: datetime) -> Q:
    """Mails that wait, that no living worker holds, and whose time has come."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    is_time = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    return Q(free, is_time, state="waiting", channel="mail")


def one_at_a_time(tenant: Tenant, person: int) -> None:
    """Whoever else claims or marks letters of this person waits: two at once would tear one letter into two."""
    with connection.cursor() as cursor:
        key = f"portal.letters/{tenant.pk}/{person}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def post(tenant: Tenant, claimed: Claimed, *, today: date) -> int:
    """Send one letter and mark all that it carries, or put all of it off."""
    try:
        send(letter_of(claimed.deliveries, claimed.background, today=today))
    except NotAccepted as refused:
        put_off(tenant, claimed.deliveries, refused)
        return 0
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # a letter that can't be written must not hold up the next one
        log.exception("letter %s could not be written", claimed.deliveries[0].letter)
        part(tenant, claimed.deliveries, NotAccepted("unwritten", type(error).__name__), today=today)
        return 0
    sent = {"state": "sent", "sent_at": timezone.now(), "sent_on": today, "error": ""}
    mark(tenant, claimed.deliveries, "delivery.mark", **sent)
    return 1


def part(tenant: Tenant, deliveries: list[Delivery], reason: NotAccepted, *, today: date) -> None:
    """Put off by themselves the deliveries that spoil a letter; the others go in the next one."""
    with acting(tenant, actor="system:dispatch", verb="delivery.put_off"):
        named = {duty.pk for duty in named_duties(deliveries)}
        spoiling = [
            row for row in deliveries if row.reminder.obligation_id in named and not can_be_written(row, today=today)
        ] or deliveries
        # A letter that the mail server never saw may be torn, and wasn't the letter of the day.
        rest = {row.pk for row in deliveries} - {row.pk for row in spoiling}
        if rest:
            no_letter = {"letter_kind": "", "letter_on": None, "lease_until": None}
            Delivery.objects.filter(pk__in=rest).update(letter=None, **no_letter)
            Delivery.objects.filter(pk__in=[row.pk for row in spoiling]).update(letter=F("id"), **no_letter)
    put_off(tenant, spoiling, reason)


def can_be_written(row: Delivery, *, today: date) -> bool:
    """Whether a letter of this delivery alone can be written."""
    try:
        with transaction.atomic(), translation.override(row.user.language):
            return bool(letter_of([row], background_of([row], named_duties([row])), today=today))
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        return False


def put_off(tenant: Tenant, deliveries: list[Delivery], refused: NotAccepted) -> None:
    """Try again later, waiting longer each time; give up, visibly, after the last attempt or a final refusal."""
    attempts = max(row.attempts for row in deliveries)
    is_final = refused.is_final or attempts >= MOST_ATTEMPTS
    # What the server said may name the person: it stands with the delivery, not in a log.
    log.warning("letter %s not accepted at attempt %s", deliveries[0].letter, attempts)
    mark(
        tenant,
        deliveries,
        "delivery.put_off",
        state="failed" if is_final else "waiting",
        error=str(refused),
        next_attempt_at=timezone.now() + timedelta(minutes=min(2 ** min(attempts, 6), 60)),
    )


def mark(tenant: Tenant, deliveries: list[Delivery], verb: str, **columns: object) -> None:
    """Write what became of a letter on everything that it carries, and let go of it."""
    with acting(tenant, actor="system:dispatch", verb=verb):
        one_at_a_time(tenant, deliveries[0].user_id)
        Delivery.objects.filter(pk__in=[row.pk for row in deliveries]).update(
            lease_until=None, held_on=None, **columns
        )
        if columns["state"] == "failed":
            delivery_failed(deliveries, now=timezone.now())

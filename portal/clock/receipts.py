"""The weekly receipt: on the first working morning of the week everybody who leads is told that the reminders run."""

import logging
from datetime import date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.calendars.clock import calendar, refresh
from portal.clock.budget import Budget
from portal.clock.doors import through_door
from portal.clock.models import Heartbeat
from portal.clock.mornings import MORNING
from portal.notifications.mail import Letter, NotAccepted, send
from portal.notifications.models import WeeklyReceipt
from portal.obligations.models import Delivery, Obligation
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)
A_WEEK = timedelta(days=7)
MOST_ATTEMPTS = 8
LEADING = ("owner", "officer")


def send_receipts(*, today: date, now: datetime) -> int:
    """Make the receipts of this week once its first working morning has come, and send what waits; how many went."""
    refresh()
    if is_time(today, now):
        for tenant_id in tenants():
            try:
                make(Tenant(pk=tenant_id), today=today)
            except SoftTimeLimitExceeded:
                raise
            except Exception:  # one workspace must not hold up the others
                log.exception("receipts of tenant %s could not be made; the next round tries again", tenant_id)
    sent, budget = 0, Budget.of("mail")
    for tenant_id, ids in through_door("door_waiting_receipts", timezone.now()).items():
        for receipt_id in ids:
            if budget.is_spent:
                return sent
            sent += deliver(Tenant(pk=tenant_id), receipt_id)
    return sent


def is_time(today: date, now: datetime) -> bool:
    """Whether the week's first working day is past half past eight; a later day makes up for a missed one."""
    begun = [today - timedelta(days=days) for days in range(today.weekday() + 1)]
    working = [day for day in begun if calendar().is_working(day)]
    return bool(working) and (working[-1] < today or now.time() >= MORNING)


def tenants() -> list[int]:
    """Every workspace."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM door_tenants()")
        return [row[0] for row in cursor.fetchall()]


def make(tenant: Tenant, *, today: date) -> None:
    """The receipts of a workspace for this week, once a person."""
    week_on = today - timedelta(days=today.weekday())
    with acting(tenant, actor="system:receipts", verb="receipt.make"):
        leading = Membership.objects.current(today).filter(team_members__team__role__in=LEADING)
        people = set(leading.values_list("user_id", flat=True))
        people -= set(WeeklyReceipt.objects.filter(week_on=week_on).values_list("user_id", flat=True))
        if not people:
            return
        of = {"tenant": tenant, "week_on": week_on, "made_at": timezone.now()} | numbers()
        rows = [WeeklyReceipt(user_id=person, **of) for person in sorted(people)]
        WeeklyReceipt.objects.bulk_create(rows, ignore_conflicts=True)


def numbers() -> dict[str, object]:
    """What the receipt proves, for the tenant in scope: the last seven days and the state of this moment."""
    since = timezone.now() - A_WEEK
    open_duties = Obligation.objects.open()
    messages = Delivery.objects.exclude(channel="inbox").order_by()
    return {
        "checked": open_duties.count(),
        "provisional": open_duties.filter(firmness="provisional").count(),
        "sent": letters(messages.filter(state="sent", sent_at__gte=since)),
        "failed": letters(messages.filter(state="failed", created_at__gte=since)),
        "waiting": letters(messages.filter(state="waiting")),
        "announced_until": calendar().announced_until,
        "swept_at": Heartbeat.objects.filter(name="sweep").values_list("beat_at", flat=True).first(),
    }


def letters(rows: QuerySet[Delivery]) -> int:
    """How many mails and cards carry these deliveries."""
    return rows.values_list(Coalesce("letter", "id", output_field=BigIntegerField())).distinct().count()


def deliver(tenant: Tenant, receipt_id: int) -> int:
    """Claim one receipt, send it and mark it; whether it went out."""
    now = timezone.now()
    with acting(tenant, actor="system:receipts", verb="receipt.claim"):
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        rows = WeeklyReceipt.objects.filter(free, pk=receipt_id, state="waiting")
        lease = now + timedelta(seconds=settings.DELIVERY_LEASE)
        if not rows.update(lease_until=lease, attempts=F("attempts") + 1):
            return 0
        receipt = WeeklyReceipt.objects.select_related("user", "tenant").get(pk=receipt_id)
    try:
        send(letter_of(receipt))
    except NotAccepted as refused:
        is_final = refused.is_final or receipt.attempts >= MOST_ATTEMPTS
        wait = timezone.now() + timedelta(minutes=min(2**receipt.attempts, 60))
        columns = {"state": "failed" if is_final else "waiting", "next_attempt_at": wait, "error": str(refused)[:300]}
    else:
        columns = {"state": "sent", "sent_at": timezone.now(), "error": ""}
    with acting(tenant, actor="system:receipts", verb="receipt.mark"):
        WeeklyReceipt.objects.filter(pk=receipt_id).update(lease_until=None, **columns)
    return int(columns["state"] == "sent")


def letter_of(receipt: WeeklyReceipt) -> Letter:
    """The mail, in its reader's language."""
    person = receipt.user
    with translation.override(person.language):
        is_well = not receipt.failed and not receipt.waiting
        subject = (
            _("[%(tenant)s] Your reminders run: %(checked)s duties checked, %(sent)s messages sent")
            if is_well
            else _("[%(tenant)s] Look at your reminders: %(failed)s messages failed, %(waiting)s wait")
        ) % {
            "tenant": receipt.tenant.name,
            "checked": receipt.checked,
            "sent": receipt.sent,
            "failed": receipt.failed,
            "waiting": receipt.waiting,
        }
        base = settings.BASE_URL.rstrip("/")
        context = {
            "subject": " ".join(subject.split()),
            "receipt": receipt,
            "tenant": receipt.tenant.name,
            "is_well": is_well,
            "tone": "" if is_well else "bad",
            "language": person.language,
            "address": base + reverse("desk:receipts", args=[receipt.tenant.slug]),
            "log": base + reverse("desk:deliveries", args=[receipt.tenant.slug]),
            "duties_url": base + reverse("desk:obligations", args=[receipt.tenant.slug]),
        }
        return Letter(
            to=person.email,
            subject=context["subject"],
            text=render_to_string("clock/receipt.txt", context),
            html=render_to_string("clock/receipt.html", context),
            message_id=receipt.message_id,
        )

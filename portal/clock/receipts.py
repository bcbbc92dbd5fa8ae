"""The weekly receipt: on the first working morning of the week everybody who leads is told that the reminders run."""

import logging
from datetime import date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import Membership
from portal.calendars.clock import calendar, refresh
from portal.clock.budget import Budget
from portal.clock.doors import through_door
from portal.clock.models import Heartbeat
from portal.clock.mornings import MORNING
from portal.notifications.failures import NotAccepted
from portal.notifications.mail import Letter, send
from portal.notifications.models import WeeklyReceipt
from portal.obligations.models import Delivery, Obligation
from portal.tenancy.models import PipMark, Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)
A_WEEK = timedelta(days=7)
MOST_ATTEMPTS = 60  # with growing waits, two and a half days, as long as a reminder is tried
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
        now = timezone.now()
        of = {"tenant": tenant, "week_on": week_on, "made_at": now} | numbers(since(now, week_on), today)
        rows = [WeeklyReceipt(user_id=person, **of) for person in sorted(people)]
        WeeklyReceipt.objects.bulk_create(rows, ignore_conflicts=True)


def since(now: datetime, week_on: date) -> datetime:
    """From when on a receipt counts: seven days, or from the last receipt on where more lie between, as holidays make
    them do."""
    last = WeeklyReceipt.objects.filter(week_on__lt=week_on).aggregate(made_at=Max("made_at"))["made_at"]
    return min(now - A_WEEK, last or now)


def numbers(start: datetime, today: date) -> dict[str, object]:
    """What the receipt proves, for the tenant in scope: what happened from a moment on, and the state of this one."""
    open_duties = Obligation.objects.open()
    checked = Q(pip__in=PipMark.objects.checked(today).values("pip"))
    messages = Delivery.objects.exclude(channel="inbox").order_by()
    # A mail is tried for days: what counts is when it was given up.
    ended_at = Greatest("created_at", "next_attempt_at")
    return {
        "checked": open_duties.filter(checked).count(),
        "unchecked": open_duties.exclude(checked).count(),
        "provisional": open_duties.filter(firmness="provisional").count(),
        "sent": letters(messages.filter(state="sent", sent_at__gte=start)),
        "failed": letters(messages.filter(state="failed").annotate(ended_at=ended_at).filter(ended_at__gte=start)),
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
        columns = put_off(receipt, refused)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # a receipt that can't be written must not hold up the next one
        log.exception("receipt %s could not be written", receipt_id)
        columns = put_off(receipt, NotAccepted("unwritten", type(error).__name__))
    else:
        columns = {"state": "sent", "sent_at": timezone.now(), "error": ""}
    with acting(tenant, actor="system:receipts", verb="receipt.mark"):
        WeeklyReceipt.objects.filter(pk=receipt_id).update(lease_until=None, **columns)
    return int(columns["state"] == "sent")


def put_off(receipt: WeeklyReceipt, refused: NotAccepted) -> dict[str, object]:
    """When to try again; after the last attempt or a final refusal it has failed, in sight."""
    is_final = refused.is_final or receipt.attempts >= MOST_ATTEMPTS
    wait = timezone.now() + timedelta(minutes=min(2 ** min(receipt.attempts, 6), 60))
    return {"state": "failed" if is_final else "waiting", "next_attempt_at": wait, "error": str(refused)}


def letter_of(receipt: WeeklyReceipt) -> Letter:
    """The mail, in its reader's language."""
    person = receipt.user
    with translation.override(person.language):
        is_well = not (receipt.failed or receipt.waiting or receipt.unchecked)
        base = settings.BASE_URL.rstrip("/")
        context = {
            "subject": " ".join(subject_of(receipt).split()),
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


def subject_of(receipt: WeeklyReceipt) -> str:
    """That all is well, or what to look at first."""
    if receipt.unchecked:
        words = ngettext(
            "[%(tenant)s] Look at your reminders: the date of %(unchecked)s duty could not be checked",
            "[%(tenant)s] Look at your reminders: the dates of %(unchecked)s duties could not be checked",
            receipt.unchecked,
        )
    elif receipt.failed or receipt.waiting:
        words = _("[%(tenant)s] Look at your reminders: %(failed)s messages failed, %(waiting)s wait")
    else:
        words = _("[%(tenant)s] Your reminders run: %(checked)s duties checked, %(sent)s messages sent")
    numbers = ("checked", "unchecked", "sent", "failed", "waiting")
    return words % ({name: getattr(receipt, name) for name in numbers} | {"tenant": receipt.tenant.name})

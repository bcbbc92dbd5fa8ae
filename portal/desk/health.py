"""How the portal itself is doing: for the operator's probe, and in plain words for people."""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import BigIntegerField, Exists, Min, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.calendars.clock import calendar, refresh
from portal.clock.announcements import wanted
from portal.clock.models import ALARM_AFTER, Heartbeat
from portal.clock.recipients import recipients
from portal.notifications.models import MailTest, Robot
from portal.obligations.models import Delivery, Reminder
from portal.tenancy.models import Pip, PipMark, Tenant

log = logging.getLogger(__name__)
QUEUE = "celery"
WAITING_LONG = timedelta(minutes=30)
LITTLE_DISK = 2 * 1024**3  # bytes
MOST_NAMED = 10
ROUNDS = ("sweep", "dispatch")
FIRST_MONTH_OF_NOTICES = 11  # the State Council announces the next year's days off in November


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its tone, what is so, and what to do if it isn't as it should be."""

    name: str
    tone: str
    what: str
    remedy: str = ""


def answers_database() -> bool:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("health: the database does not answer")
        return False
    return True


def answers_cache() -> bool:
    """Whether what is put into the cache is there: it forgives errors, so only asking back tells."""
    moment = timezone.now().isoformat()
    cache.set("desk:health", moment, 60)
    return cache.get("desk:health") is not None


def queue_length() -> int | None:
    """Tasks that wait for a worker; None if the broker does not answer."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5)
    try:
        return int(client.llen(QUEUE))
    except redis.RedisError:
        return None
    finally:
        client.close()


def beats() -> dict[str, datetime]:
    """When each kind of work last ran."""
    return dict(Heartbeat.objects.values_list("name", "beat_at"))


def last_round(found: Mapping[str, datetime]) -> datetime | None:
    """The older of the last check of the dates and the last sending: one that stopped is as bad as both. For one that
    never ran it is the day on which the portal got its first account."""
    ran = [found[name] for name in ROUNDS if name in found]
    if len(ran) < len(ROUNDS):
        ran.append(User.objects.aggregate(first=Min("date_joined"))["first"])
    return min(filter(None, ran), default=None)


def is_silent(last: datetime | None) -> bool:
    """Whether the scheduler has been silent for 26 hours."""
    return last is not None and timezone.now() - last > ALARM_AFTER


def probe() -> tuple[dict[str, object], bool]:
    """For ``/healthz``: the parts, and whether all is well."""
    database = answers_database()
    found = beats() if database else {}
    last = found.get("sweep")
    is_down = database and is_silent(last_round(found))
    parts: dict[str, object] = {
        "database": "ok" if database else "down",
        "cache": "ok" if answers_cache() else "down",
        "queue": queue_length(),
        "sweep_age_seconds": int((timezone.now() - last).total_seconds()) if last else None,
        "scheduler": "silent" if is_down else "ok" if last else "not started yet",
        **(of_calendar() if database else {}),
    }
    # A cache that is away slows the portal down, signs nobody out and loses nothing: no reason to take it off the air.
    is_well = database and parts["scheduler"] != "silent"
    return {"status": "ok" if is_well else "failing", **parts}, is_well


def of_calendar() -> dict[str, object]:
    """How far the holiday notices reach, and what the operator has to load because open dates reach further."""
    refresh()
    asked = wanted()
    return {
        "calendar_until": calendar().announced_until.isoformat(),
        "calendar_task": f"load the notice for {asked.year}" if asked else "none",
        "provisional_dates": asked.duties if asked else 0,
    }


def findings(tenant: Tenant, pip_ids: list[int], *, today: date) -> list[Finding]:
    """Everything on the health page, in words."""
    mails = [mail(tenant, pip_ids), *proof(tenant), *held(tenant)]
    dates = unchecked(tenant, pip_ids, today)
    return [
        scheduler(),
        *dates,
        queue(),
        *mails,
        *robots(tenant),
        *unheard(tenant, pip_ids, today),
        holidays(today),
        disk(),
    ]


def scheduler() -> Finding:
    """The last round of the scheduler."""
    found = beats()
    last = last_round(found)
    if "sweep" not in found:
        return Finding(
            _("Scheduler"),
            "bad" if is_silent(last) else "warn",
            _("No round has run yet."),
            _("Start the scheduler and a worker; until then no date is checked and no reminder is sent."),
        )
    minutes = int((timezone.now() - last).total_seconds() // 60)
    ago = ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    if is_silent(last):
        return Finding(
            _("Scheduler"),
            "bad",
            _("The last round ran %(ago)s.") % {"ago": ago},
            _("Restart the scheduler and the worker. Missed reminders go out once, marked late."),
        )
    return Finding(_("Scheduler"), "good", _("The last round ran %(ago)s.") % {"ago": ago})


def unchecked(tenant: Tenant, pip_ids: list[int], today: date) -> list[Finding]:
    """PIPs whose check fails while the rounds go on: their dates stand still, and nothing else would say so."""
    last = beats().get("sweep")
    if last is None or is_silent(last):
        return []
    fresh = PipMark.objects.filter(tenant=tenant).checked(today).values("pip")
    rows = Pip.objects.filter(tenant=tenant, pk__in=pip_ids).exclude(pk__in=fresh).order_by("name")
    return [
        Finding(
            _("Check of the dates"),
            "bad",
            _("The duties of %(pip)s could not be checked since yesterday.") % {"pip": name},
            _("Tell the operator: the log of the worker says why. Until then no new date and no new duty is found."),
        )
        for name in rows.values_list("name", flat=True)[:MOST_NAMED]
    ]


def queue() -> Finding:
    """Tasks that wait."""
    length = queue_length()
    if length is None:
        return Finding(
            _("Queue"),
            "warn",
            _("The queue does not answer."),
            _("Start the Redis or Valkey server. Uploaded files wait meanwhile, nothing is lost."),
        )
    what = ngettext("%(count)d task waits.", "%(count)d tasks wait.", length) % {"count": length}
    if length > 100:
        return Finding(_("Queue"), "warn", what, _("Start more workers, or look why the worker stopped."))
    return Finding(_("Queue"), "good", what if length else _("No task waits."))


def mail(tenant: Tenant, pip_ids: list[int]) -> Finding:
    """Reminders that did not get through, of the PIPs that the reader may see."""
    rows = Delivery.objects.filter(tenant=tenant, pip_id__in=pip_ids, channel="mail")
    # One letter carries many deliveries.
    mails = rows.order_by().values_list(Coalesce("letter", "id", output_field=BigIntegerField())).distinct()
    failed = mails.filter(state="failed", created_at__gte=timezone.now() - timedelta(days=30))[:1000].count()
    waits = mails.filter(state="waiting", created_at__lt=timezone.now() - WAITING_LONG)
    # What came after the day's digest waits for the next morning, as it should.
    waiting = waits.exclude(attempts=0, next_attempt_at__gt=timezone.now())[:1000].count()
    if waiting:
        what = ngettext(
            "%(count)d mail has waited for more than half an hour.",
            "%(count)d mails have waited for more than half an hour.",
            waiting,
        ) % {"count": waiting}
        return Finding(_("Mail"), "warn", what, _("Check the mail server and the worker; mails are tried again."))
    if failed:
        what = ngettext(
            "%(count)d mail of the last 30 days was refused.",
            "%(count)d mails of the last 30 days were refused.",
            failed,
        ) % {"count": failed}
        return Finding(_("Mail"), "warn", what, _("Open the delivery log and correct the addresses."))
    return Finding(_("Mail"), "good", _("No mail is stuck."))


def proof(tenant: Tenant) -> list[Finding]:
    """Whether anybody has seen that mail arrives."""
    if MailTest.objects.filter(tenant=tenant, tested_on__isnull=False).exists():
        return []
    what = _("Nobody has proved yet that mail arrives.")
    return [Finding(_("Test mail"), "warn", what, _("An owner sends a test mail on the page of the channels."))]


def held(tenant: Tenant) -> list[Finding]:
    """Letters that a cap holds back."""
    letters = Delivery.objects.filter(tenant=tenant, held_on__isnull=False)[:1000].count()
    if not letters:
        return []
    what = ngettext("%(count)d reminder is held back.", "%(count)d reminders are held back.", letters)
    remedy = _("A person gets no more than a few letters a day; the rest goes out next, in one digest. Look why.")
    return [Finding(_("Storm guard"), "warn", what % {"count": letters}, remedy)]


def robots(tenant: Tenant) -> list[Finding]:
    """Channels that were set up and bring nothing: not tested, or failing of late."""
    since = timezone.now() - timedelta(days=7)
    failing = Delivery.objects.filter(robot=OuterRef("pk"), state="failed", created_at__gte=since)
    rows = Robot.objects.filter(tenant=tenant).exclude(state="off").annotate(is_failing=Exists(failing))
    silent = [row for row in rows if row.state == "untested" or row.is_failing]
    return [
        Finding(
            row.name,
            "warn",
            _("Its test message has not arrived yet.")
            if row.state == "untested"
            else _("It failed in the last week."),
            _("Test it on its page. Nothing is lost meanwhile: people are mailed, and events can be sent again."),
        )
        for row in silent[:MOST_NAMED]
    ]


def unheard(tenant: Tenant, pip_ids: list[int], today: date) -> list[Finding]:
    """PIPs with a reminder that is due and nobody to be told of it."""
    due = Reminder.objects.filter(tenant=tenant, pip_id__in=pip_ids, state="planned", send_on__lte=today)
    waiting = set(due.order_by().values_list("pip_id", flat=True).distinct())
    alone = waiting - recipients(waiting, today=today).keys() if waiting else ()
    names = Pip.objects.filter(tenant=tenant, pk__in=alone).values_list("name", flat=True)
    return [
        Finding(
            _("Reminders"),
            "bad",
            _("Nobody is told of what is due: %(pip)s.") % {"pip": name},
            _("Give an owner or a compliance officer access to this PIP. The newest reminder then goes out, late."),
        )
        for name in names[:MOST_NAMED]
    ]


def holidays(today: date) -> Finding:
    """How far the calendar of working days is announced."""
    until = calendar().announced_until
    what = _("The State Council's notices are loaded up to %(day)s.") % {"day": until.isoformat()}
    if until < today or (until.year == today.year and today.month >= FIRST_MONTH_OF_NOTICES):
        return Finding(
            _("Working days"),
            "warn",
            what,
            _("Load the next year's notice once it is published. Dates beyond are provisional and aim earlier."),
        )
    return Finding(_("Working days"), "good", what)


def disk() -> Finding:
    """Room for files."""
    folder = Path(settings.EVIDENCE_ROOT)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    gigabytes = f"{usage.free / 1024**3:.1f}"
    what = _("%(free)s GB are free for files.") % {"free": gigabytes}
    if usage.free < LITTLE_DISK:
        return Finding(_("Disk"), "warn", what, _("Make room: below 2 GB uploads may fail."))
    return Finding(_("Disk"), "good", what)

"""The round over every tenant: reconcile what changed, and once a day everything, so that any miss heals."""

import logging
from collections.abc import Callable
from datetime import date

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.utils import timezone

from portal.accounts.grants import sync_all
from portal.calendars.clock import calendar, refresh
from portal.clock.announcements import recompute
from portal.clock.models import beat
from portal.clock.reconcile import reconcile
from portal.clock.reminders import OWN_RULES, plan_overdue, week_of
from portal.evidence.services import sweep_orphans
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)


def sweep(*, today: date) -> int:
    """Reconcile the PIPs that were touched or not yet looked at today, plan what is overdue; how many PIPs.

    A round costs what there is to do: tenants where nothing changed are not visited. A holiday notice confirmed since
    the last round touches the PIPs whose dates it may move.
    """
    refresh()
    recompute()
    waiting = in_round(today)
    done = sum(reconcile_one(tenant_id, pip_id, today) for tenant_id, pip_id, _is_first in waiting)
    for tenant_id in sorted({tenant_id for tenant_id, _pip, is_first in waiting if is_first}):
        guarded(tidy, Tenant(pk=tenant_id))
    if calendar().is_working(today):
        for tenant_id in overdue_tenants(today):
            guarded(plan_late, Tenant(pk=tenant_id), today)
    beat("sweep")
    return done


def in_round(today: date) -> list[tuple[int, int, bool]]:
    """(tenant, PIP, whether it is the first look today) of what this round reconciles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, pip_id, is_first_today FROM door_round(%s)", [today])
        return cursor.fetchall()


def overdue_tenants(today: date) -> list[int]:
    """Tenants with a duty past its safe date that was not planned for today."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM door_overdue(%s, %s::text[], %s)", [today, OWN_RULES, week_of(today)])
        return [row[0] for row in cursor.fetchall()]


def guarded(work: Callable[..., None], tenant: Tenant, *arguments: date) -> None:
    """Do it for one workspace; one that fails must not hold up the others."""
    try:
        work(tenant, *arguments)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("%s of tenant %s failed; the next round tries again", work.__name__, tenant.pk)


def plan_late(tenant: Tenant, today: date) -> None:
    """Plan today's reminders of what is past its safe date."""
    with acting(tenant, actor="system:sweep", verb="reminder.plan"):
        plan_overdue(today=today)


def tidy(tenant: Tenant) -> None:
    """Once a day: grants agree with teams and end dates; files that no row knows are deleted."""
    with acting(tenant, actor="system:sweep", verb="reminder.plan"):
        sync_all()
    with acting(tenant, actor="system:sweep", verb="evidence.tidy"):
        sweep_orphans(tenant, now=timezone.now())


def reconcile_one(tenant_id: int, pip_id: int, today: date) -> int:
    """Reconcile one PIP in its own transaction, so that one that fails holds up no other."""
    try:
        with acting(Tenant(pk=tenant_id), actor="system:sweep", verb="reconcile"):
            pip = Pip.objects.select_related("tenant").filter(pk=pip_id).first()
            if pip is None:
                return 0
            reconcile(pip, today=today)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("reconcile of PIP %s failed; the next round tries again", pip_id)
        return 0
    return 1

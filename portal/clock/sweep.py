"""The round over every tenant: reconcile what changed, and once a day everything, so that any miss heals."""

import logging
from datetime import date

from django.utils import timezone

from portal.accounts.grants import sync_all
from portal.clock.dispatch import tenant_ids, through_door
from portal.clock.models import beat
from portal.clock.reconcile import reconcile
from portal.clock.reminders import plan_overdue
from portal.evidence.services import sweep_orphans
from portal.tenancy.models import Pip, PipMark, Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)


def sweep(*, today: date) -> int:
    """Reconcile the PIPs that were touched or not yet looked at today; how many."""
    done = 0
    for tenant_id, pip_ids in through_door("door_touched_pips").items():
        done += sum(reconcile_one(tenant_id, pip_id, today) for pip_id in pip_ids)
    for tenant_id in tenant_ids():
        try:
            waiting = look_after(Tenant(pk=tenant_id), today)
        except Exception:  # one workspace must not hold up the others
            log.exception("the round of tenant %s failed; the next one tries again", tenant_id)
            continue
        done += sum(reconcile_one(tenant_id, pip_id, today) for pip_id in waiting)
    beat("sweep")
    return done


def look_after(tenant: Tenant, today: date) -> list[int]:
    """Plan the reminders of what is overdue and, once a day, tidy up; the PIPs that were not looked at today."""
    with acting(tenant, actor="system:sweep", verb="reminder.plan"):
        plan_overdue(today=today)
        seen = PipMark.objects.filter(reconciled_on=today).values("pip_id")
        waiting = list(Pip.objects.exclude(pk__in=seen).values_list("pk", flat=True))
        if waiting:  # the first round of the day
            sync_all()
    if waiting:
        with acting(tenant, actor="system:sweep", verb="evidence.tidy"):
            try:
                sweep_orphans(tenant, now=timezone.now())
            except OSError:
                log.exception("files of tenant %s could not be tidied up", tenant.pk)
    return waiting


def reconcile_one(tenant_id: int, pip_id: int, today: date) -> int:
    """Reconcile one PIP in its own transaction, so that one that fails holds up no other."""
    try:
        with acting(Tenant(pk=tenant_id), actor="system:sweep", verb="reconcile"):
            pip = Pip.objects.select_related("tenant").filter(pk=pip_id).first()
            if pip is None:
                return 0
            reconcile(pip, today=today)
    except Exception:
        log.exception("reconcile of PIP %s failed; the next round tries again", pip_id)
        return 0
    return 1

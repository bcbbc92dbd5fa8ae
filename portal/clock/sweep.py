"""The round over every tenant: reconcile what changed, and once a day everything, so that any miss heals."""

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


def sweep(*, today: date) -> int:
    """Reconcile the PIPs that were touched or not yet looked at today; how many."""
    done = 0
    for tenant_id, pip_ids in through_door("door_touched_pips").items():
        done += sum(reconcile_one(tenant_id, pip_id, today) for pip_id in pip_ids)
    for tenant_id in tenant_ids():
        tenant = Tenant(pk=tenant_id)
        with acting(tenant, actor="system:sweep", verb="reminder.plan"):
            seen = PipMark.objects.filter(reconciled_on=today).values("pip_id")
            waiting = list(Pip.objects.exclude(pk__in=seen).values_list("pk", flat=True))
            if waiting:  # the first round of the day
                sync_all()
                sweep_orphans(tenant, now=timezone.now())
            plan_overdue(today=today)
        done += sum(reconcile_one(tenant_id, pip_id, today) for pip_id in waiting)
    beat("sweep")
    return done


def reconcile_one(tenant_id: int, pip_id: int, today: date) -> int:
    """Reconcile one PIP in its own transaction, so that one that fails holds up no other."""
    with acting(Tenant(pk=tenant_id), actor="system:sweep", verb="reconcile"):
        pip = Pip.objects.select_related("tenant").filter(pk=pip_id).first()
        if pip is None:
            return 0
        reconcile(pip, today=today)
    return 1

"""What workers do for vendor files: each call carries ids, asks the database what is due, and may come twice."""

from datetime import timedelta

from celery import shared_task
from django.db import connection
from django.utils import timezone

from portal.imports import waiting
from portal.imports.apply import apply_batch
from portal.imports.check import check
from portal.imports.models import BatchState, ImportBatch
from portal.imports.services import wake
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

ORPHANS_AFTER = timedelta(hours=1)


@shared_task
def check_import(tenant_id: int, batch_id: int) -> None:
    """Check one file."""
    check(Tenant(pk=tenant_id), batch_id)


@shared_task
def apply_import(tenant_id: int, batch_id: int) -> None:
    """Apply one file, then let the duties follow."""
    outcome = apply_batch(Tenant(pk=tenant_id), batch_id)
    if outcome is not None and outcome.pips:
        wake("portal.clock.tasks.sweep")


@shared_task
def take_waiting() -> None:
    """Take the files whose call was lost, or whose worker died; tidy up bytes that no batch knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, batch_id FROM door_waiting_imports(%s)", [timezone.now()])
        found = cursor.fetchall()
    for tenant_id, batch_id in found:
        with acting(Tenant(pk=tenant_id), actor="system:imports"):
            state = ImportBatch.objects.filter(pk=batch_id).values_list("state", flat=True).first()
        if state == BatchState.APPLYING:
            apply_import(tenant_id, batch_id)
        elif state is not None:
            check_import(tenant_id, batch_id)
    drop_orphans()


def drop_orphans() -> None:
    """Delete bytes whose upload was never committed."""
    before = (timezone.now() - ORPHANS_AFTER).timestamp()
    waiting.sweep(before=before)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM door_tenants()")
        tenants = [row[0] for row in cursor.fetchall()]
    for tenant_id in tenants:
        old = {code for code, since in waiting.kept(tenant_id).items() if since < before}
        if not old:
            continue
        with acting(Tenant(pk=tenant_id), actor="system:imports"):
            known = set(ImportBatch.objects.filter(upload__in=old).values_list("upload", flat=True))
        for code in old - known:
            waiting.drop(tenant_id, code)

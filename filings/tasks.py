"""What workers do for dossiers: each call carries ids, asks the database what is due, and may come twice."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from filings.services.freezing import freeze_ordered, wake
from portal.tenancy.models import Tenant


@shared_task
def freeze_dossier(tenant_id: int, freezing_id: int) -> None:
    """Freeze one dossier, then let the duties follow."""
    if freeze_ordered(Tenant(pk=tenant_id), freezing_id) is not None:
        wake("portal.clock.tasks.sweep")


@shared_task
def take_waiting() -> None:
    """Take the orders whose call was lost, or whose worker died."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, freezing_id FROM door_waiting_freezings(%s)", [timezone.now()])
        found = cursor.fetchall()
    for tenant_id, freezing_id in found:
        freeze_dossier(tenant_id, freezing_id)

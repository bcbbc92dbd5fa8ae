"""What beat wakes for the trail."""

import logging

from celery import shared_task
from django.db import DatabaseError

from portal.audit.services import seal as seal_tenant
from portal.audit.services import tenant_ids
from portal.tenancy.models import Tenant

log = logging.getLogger(__name__)


@shared_task
def seal() -> int:
    """Seal what is settled, tenant by tenant: one that fails holds up no other."""
    sealed = 0
    for tenant_id in tenant_ids():
        try:
            sealed += seal_tenant(Tenant(pk=tenant_id))
        except DatabaseError:
            log.exception("sealing the trail of tenant %s failed; the next round tries again", tenant_id)
    return sealed

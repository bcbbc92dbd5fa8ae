"""The whole path of a vendor file in this process, without a worker: for the command line and the demo."""

import time
from collections.abc import Callable, Mapping
from typing import IO, Any

from portal.accounts.access import Access
from portal.accounts.models import Membership, User
from portal.calendars.clock import civil_today
from portal.imports.apply import apply_batch
from portal.imports.batches import in_name_of
from portal.imports.check import check
from portal.imports.models import BatchState, ImportBatch
from portal.imports.services import order_apply, upload
from portal.tenancy.models import Tenant

BUSY = (BatchState.UPLOADED, BatchState.CHECKING, BatchState.APPLYING)
PATIENCE = 900  # seconds that a worker which was quicker may take


def access_of(tenant: Tenant, user: User) -> Access | None:
    """What a person may do in a tenant today; nothing if he is no member."""
    with in_name_of(tenant, user.pk, verb="import.look"):
        membership = Membership.objects.current(civil_today()).filter(tenant=tenant, user=user).first()
    return Access(user, tenant, membership) if membership else None


def import_now(
    tenant: Tenant,
    user: User,
    file: IO[bytes],
    name: str,
    *,
    access: Access,
    choices: Mapping[str, Any] | None = None,
    applies: bool = False,
) -> ImportBatch:
    """Upload and check a file and, if asked for and not refused, apply its good rows."""
    with in_name_of(tenant, user.pk, verb="import.upload"):
        batch = upload(file, name, by=user, tenant_id=tenant.pk, choices=choices, wakes_worker=False)
    batch = settle(batch, user, lambda: check(tenant, batch.pk))
    if applies and batch.state == BatchState.CHECKED and batch.new + batch.changed:
        with in_name_of(tenant, user.pk, verb="import.order"):
            order_apply(batch, by=user, access=access, all_or_nothing=False, wakes_worker=False)
        batch = settle(batch, user, lambda: apply_batch(tenant, batch.pk))
    return batch


def settle(batch: ImportBatch, user: User, work: Callable[[], object]) -> ImportBatch:
    """Do the work, or wait for the worker that was quicker to take it."""
    until = time.monotonic() + PATIENCE
    while True:
        work()
        with in_name_of(batch.tenant, user.pk, verb="import.look"):
            batch = ImportBatch.objects.select_related("tenant").get(pk=batch.pk)
        if batch.state not in BUSY or time.monotonic() > until:
            return batch
        time.sleep(0.2)

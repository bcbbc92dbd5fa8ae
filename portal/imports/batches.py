"""Who holds a batch, in whose name, and how the next one knows that the holder is gone."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from django.db.models import F
from django.utils import timezone, translation

from portal.accounts.access import Access
from portal.accounts.models import Membership, User
from portal.calendars.clock import civil_today
from portal.imports.models import BatchState, ImportBatch
from portal.imports.reading.phrases import Phrase
from portal.imports.waiting import drop
from portal.tenancy import held as locks
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

# Only how often a waiting batch is offered again: who really holds it, the database's lock says.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
LOCK_CLASS = 7_331 << 40  # apart from other advisory locks of the database


def held(batch_id: int) -> AbstractContextManager[bool]:
    """Whether this process may work on the batch. The lock ends with the process, however it dies."""
    return locks.held(LOCK_CLASS + batch_id)


@contextmanager
def in_name_of(tenant: Tenant, user_id: int, *, verb: str, reason: str = "") -> Iterator[None]:
    """One transaction as the person whose batch it is."""
    with acting(tenant, actor=f"user:{user_id}", user_id=user_id, verb=verb, reason=reason):
        yield


def claim(tenant: Tenant, batch_id: int, sources: list[str], state: str) -> ImportBatch | None:
    """Take a batch over from one of the states, or from a worker that died; nothing if it is not to be worked on."""
    now = timezone.now()
    with acting(tenant, actor="system:imports", verb="import.claim"):
        rows = ImportBatch.objects.filter(tenant=tenant, pk=batch_id, state__in=sources)
        if not rows.update(state=state, lease_until=now + LEASE, attempts=F("attempts") + 1):
            return None
        return ImportBatch.objects.select_related("tenant", "uploaded_by").get(pk=batch_id)


def pips_of(tenant: Tenant, user: User, permission: str) -> list[int]:
    """The PIPs for which a person holds a permission today; none if his membership has ended."""
    membership = Membership.objects.current(civil_today()).filter(tenant=tenant, user=user).first()
    return Access(user, tenant, membership).pip_ids(permission) if membership else []


def refuse(batch: ImportBatch, why: Phrase) -> None:
    """Keep the refusal and nothing else: the bytes go, and with them all that was noted from them."""
    drop(batch.tenant_id, batch.upload)
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = str(why)
    batch.import_rows.all().delete()
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.REFUSED,
        refusal_en=said["en"],
        refusal_zh=said["zh-hans"],
        lease_until=None,
        upload=None,
        sha256="",
        mapping={},
        ignored=[],
        recognised={},
        choices={},
        rows=0,
        rows_done=0,
    )

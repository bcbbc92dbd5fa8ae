"""The verbs of a vendor file: upload, check again, ask to apply, discard."""

import logging
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import IO, Any

from celery import current_app
from django.db import models, transaction
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerDown

from portal.accounts.access import Access
from portal.accounts.models import User
from portal.calendars.clock import civil_today
from portal.evidence.store import TooLarge
from portal.imports import waiting
from portal.imports.models import ImportBatch
from portal.imports.reading.columns import KINDS
from portal.imports.reading.limits import MAX_BYTES
from portal.law.identifiers import resident_ids
from portal.tenancy.models import next_reference
from portal.tenancy.session import service
from portal.workflow import CaseError, Move, advance

log = logging.getLogger(__name__)
MOVES = {
    "recheck": Move.of("checked", "uploaded"),
    "apply": Move.of("checked", "applying"),
    "discard": Move.of("uploaded checking checked refused", "discarded"),
}
# Digits and separators as in an identity number; a file's name is kept even when the file is refused.
NUMBER_LIKE = re.compile(r"\d{6,}")


@service("import.upload")
def upload(
    file: IO[bytes],
    name: str,
    *,
    by: User,
    tenant_id: int,
    choices: Mapping[str, Any] | None = None,
    wakes_worker: bool = True,
) -> ImportBatch:
    """Take a vendor's file in and let it be checked; ``choices`` overrule what would be recognised.

    The bytes wait encrypted until they are applied, refused or discarded.
    """
    try:
        code, size = waiting.keep(file, tenant_id=tenant_id)
    except TooLarge:
        limit = MAX_BYTES // 2**20
        sentence = _("The file has more than %(limit)s MB. Split it into several files.") % {"limit": limit}
        raise ValidationError(sentence, code="too_large") from None
    try:
        batch = ImportBatch(
            reference=next_reference("IMP", civil_today().year),
            name=shown_name(name),
            size=size,
            upload=code,
            choices=known_choices(choices or {}),
            uploaded_at=timezone.now(),
            uploaded_by=by,
        )
        batch.save(force_insert=True)
    except BaseException:
        waiting.drop(tenant_id, code)
        raise
    if wakes_worker:
        enqueue("portal.imports.tasks.check_import", batch)
    return batch


def shown_name(name: str) -> str:
    """The file's own name without its folders, and without a number that could be a person's."""
    bare = PurePath(name.replace("\\", "/")).name.strip() or "file"
    if any(True for _number in resident_ids(bare)):
        bare = NUMBER_LIKE.sub("…", bare)
    return bare[-200:]


def known_choices(choices: Mapping[str, Any]) -> dict[str, Any]:
    """The overrides that the reader understands, without those left open."""
    names = ("kind", "encoding", "sheet", "mapping")
    return {name: choices[name] for name in names if choices.get(name)}


@service("import.recheck")
def recheck(batch: ImportBatch, *, choices: Mapping[str, Any]) -> None:
    """Check once more: against the register as it is now, and with other overrides."""
    mapping = choices.get("mapping") or {}
    if set(filter(None, mapping.values())) - {column.name for kind in KINDS.values() for column in kind.columns}:
        raise ValidationError(_("Choose one of the columns in the list."))
    advance(
        batch,
        MOVES,
        "recheck",
        conflict=_("This file is not waiting to be applied any more. Reload the page."),
        choices=known_choices(choices),
        lease_until=None,
        attempts=0,
        rows_done=0,
    )
    enqueue("portal.imports.tasks.check_import", batch)


@service("import.order")
def order_apply(
    batch: ImportBatch, *, by: User, access: Access, all_or_nothing: bool, wakes_worker: bool = True
) -> None:
    """Have the good rows applied; or, if asked for, all rows or none."""
    if set(batch.pips) - set(access.pip_ids("apply_import")):
        raise CaseError(
            _("Some rows are of a PIP for which you may not apply imports. Ask the compliance officer to apply them.")
        )
    if all_or_nothing and batch.errors:
        sentence = _("%(count)s rows have errors, so nothing is applied. Mend them, or apply the good rows only.")
        raise CaseError(sentence % {"count": f"{batch.errors:,}"})
    if not batch.new + batch.changed:
        raise CaseError(_("There is nothing to apply: no row is new or changed."))
    advance(
        batch,
        MOVES,
        "apply",
        conflict=_("This file was applied or discarded in the meantime. Reload the page."),
        applied_by=by,
        all_or_nothing=all_or_nothing,
        lease_until=None,
        attempts=0,
        stale=0,
    )
    if wakes_worker:
        enqueue("portal.imports.tasks.apply_import", batch)


@service("import.discard")
def discard(batch: ImportBatch) -> None:
    """Throw the file away: bytes and rows go, the batch stays as the note that it was here."""
    code = batch.upload
    advance(
        batch,
        MOVES,
        "discard",
        conflict=_("This file is being applied or was applied already, so it can't be discarded."),
        upload=None,
        lease_until=None,
        recognised={},
    )
    batch.import_rows.all()._raw_delete(using="default")
    transaction.on_commit(lambda: waiting.drop(batch.tenant_id, code))


def enqueue(task: str, batch: ImportBatch) -> None:
    """Wake a worker once the batch is committed. Without a broker it waits, and beat's round takes it."""
    transaction.on_commit(lambda: wake(task, batch.tenant_id, batch.pk))


def wake(task: str, *ids: int) -> None:
    """Send ids to a worker, or leave it to the next round."""
    try:
        current_app.send_task(task, args=ids)
    except BrokerDown:
        log.warning("the broker is down; %s %s waits for the next round", task, ids)


def visible(access: Access) -> models.QuerySet:
    """The batches that a person may see: his own, and those whose PIPs are all open to him.

    Of which PIPs a file speaks that waits, was refused, or has errors only, nobody knows: who sees all may see it.
    """
    mine = models.Q(uploaded_by=access.user)
    pips = access.pip_ids("view_pip")
    theirs = models.Q(pips__contained_by=pips) if pips else models.Q(pk__in=[])
    if not access.sees_all_pips:
        theirs &= ~models.Q(pips=[])
    return ImportBatch.objects.filter(mine | theirs, tenant=access.tenant)


def may_apply(batch: ImportBatch, access: Access) -> bool:
    """Whether the person may apply all rows of the batch."""
    return access.can("apply_import") and set(batch.pips) <= set(access.pip_ids("apply_import"))

"""Keep a file as evidence and give it back: sniffed, hashed, encrypted under its own key, never replaced.

The bytes are written first, the row next. If the row is never committed, its wrapped key is gone with it: the file
that is left can't be read by anybody, and `sweep_orphans` deletes it a day later.
"""

import os
import tempfile
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.evidence.models import Evidence, Opening
from portal.evidence.sniff import HEAD, MEDIA_TYPES, ending_of, media_type, problem, safe_name
from portal.evidence.store import LIMIT, Reader, TooLarge, Vault
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import service

ANY = frozenset(MEDIA_TYPES)
SCANS = frozenset({"pdf", "png", "jpg", "jpeg"})
PAPERS = SCANS | {"docx", "xlsx"}
PACK_LIMIT = 1024 * 1024 * 1024  # a dossier holds several files of up to 50 MiB each
ORPHANS_AFTER = timedelta(days=1)  # longer than any transaction that may still commit its row


def vault() -> Vault:
    """The folder of encrypted files, opened with this portal's key."""
    return Vault(settings.EVIDENCE_ROOT, bytes.fromhex(settings.EVIDENCE_KEY))


def require_acceptable(stream: IO[bytes], *, name: str, allowed: Collection[str] = ANY) -> None:
    """ValidationError with what to do, unless the bytes are what the name says and of an allowed kind."""
    if ending_of(name) not in allowed:
        kinds = ", ".join(sorted({ending.upper() for ending in allowed} - {"JPEG"}))
        raise ValidationError(_("Files of this kind are not taken here. Use %(kinds)s.") % {"kinds": kinds})
    if stream.seek(0, 2) > LIMIT:
        raise ValidationError(_too_large(LIMIT))
    stream.seek(0)
    found = problem(name, stream.read(HEAD), lambda: _borrowed(stream))
    if found is not None:
        raise ValidationError(found.label, code=found.value)


def keep(
    upload: IO[bytes],
    *,
    name: str = "",
    pip: Pip,
    by: User | None,
    is_sensitive: bool = False,
    effective_on: date | None = None,
    allowed: Collection[str] = ANY,
) -> Evidence:
    """Keep a file that somebody handed in; the caller's service names the verb. ValidationError if it isn't taken."""
    stream = getattr(upload, "file", upload)  # Django's uploads wrap the file that can seek
    name = safe_name(name or getattr(upload, "name", "") or "file")
    require_acceptable(stream, name=name, allowed=allowed)
    return _store(
        stream,
        Evidence(
            tenant_id=pip.tenant_id,
            pip=pip,
            name=name,
            media_type=media_type(name),
            is_sensitive=is_sensitive,
            effective_on=effective_on,
            uploaded_by=by,
        ),
        limit=LIMIT,
    )


def keep_made(
    stream: IO[bytes], *, name: str, media_type: str, pip: Pip, by: User | None, is_sensitive: bool = False
) -> Evidence:
    """Keep a file that the portal itself made, such as a form or the packed dossier."""
    row = Evidence(
        tenant_id=pip.tenant_id,
        pip=pip,
        name=safe_name(name),
        media_type=media_type,
        is_sensitive=is_sensitive,
        uploaded_by=by,
    )
    return _store(stream, row, limit=PACK_LIMIT)


def keep_bytes(content: bytes, *, name: str, pip: Pip, by: User | None, is_sensitive: bool = False) -> Evidence:
    """Keep a paper that the portal itself made, by its bytes."""
    return keep_made(
        BytesIO(content), name=name, media_type=media_type(name), pip=pip, by=by, is_sensitive=is_sensitive
    )


def reader(evidence: Evidence) -> Reader:
    """The file's bytes, opened now and readable later without the database; every chunk is verified when read."""
    return vault().open(evidence.tenant_id, evidence.code, evidence.wrapped_key)


def write_out(evidence: Evidence, out: Path) -> None:
    """All of the file or nothing of it; only the owner may read it, for it may hold identity documents."""
    handle, name = tempfile.mkstemp(prefix=".evidence-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as target, reader(evidence) as source:
            for piece in source.pieces():
                target.write(piece)
        os.replace(name, out)
    except BaseException:
        os.unlink(name)
        raise


def check(evidence: Evidence) -> int:
    """Compare the stored bytes with the hash of the row; the size in bytes, or Damaged is raised."""
    return vault().check(evidence.tenant_id, evidence.code, evidence.wrapped_key, sha256=evidence.sha256)


@service("evidence.open")
def note_opening(evidence: Evidence, *, by: User) -> Opening:
    """Write down that somebody opened a sensitive file or a dossier."""
    return Opening.objects.create(
        tenant_id=evidence.tenant_id,
        pip_id=evidence.pip_id,
        name=evidence.name,
        sha256=evidence.sha256,
        opened_at=timezone.now(),
        opened_by=by,
    )


def sweep_orphans(tenant: Tenant, *, now: datetime) -> int:
    """Delete the tenant's files that no row speaks of a day after they were written; how many."""
    store, before = vault(), (now - ORPHANS_AFTER).timestamp()
    store.sweep(before=before)
    old = {code for code in store.kept(tenant.pk) if store.path(tenant.pk, code).stat().st_mtime < before}
    orphans = old - set(Evidence.objects.filter(tenant=tenant).values_list("code", flat=True))
    for code in orphans:
        store.remove(tenant.pk, code)
    return len(orphans)


def _store(stream: IO[bytes], row: Evidence, *, limit: int) -> Evidence:
    stream.seek(0)
    try:
        stored = vault().put(stream, tenant_id=row.tenant_id, evidence_id=row.code, limit=limit)
    except TooLarge as refused:
        raise ValidationError(_too_large(refused.limit)) from None
    row.sha256, row.size, row.wrapped_key = stored.sha256, stored.size, stored.wrapped_key
    row.uploaded_at = timezone.now()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except BaseException:
        vault().remove(row.tenant_id, row.code)
        raise
    return row


def _borrowed(stream: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    """The stream from its beginning, for a reader that closes what it opened."""
    stream.seek(0)
    return nullcontext(stream)


def _too_large(limit: int) -> str:
    text = _("The file is larger than %(limit)s. Split it or save it with less resolution.")
    return text % {"limit": filesizeformat(limit)}

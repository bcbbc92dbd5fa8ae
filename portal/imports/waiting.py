"""The bytes of a vendor file while it waits: encrypted, readable by key only, gone when they are no longer needed."""

import uuid
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings

from portal.evidence.store import Damaged, Destroyed, Vault
from portal.imports.reading.limits import MAX_BYTES


class Gone(Exception):
    """The bytes are not there any more, or not whole."""


def _vault() -> Vault:
    return Vault(Path(settings.UPLOAD_ROOT), bytes.fromhex(settings.EVIDENCE_KEY))


def _key_path(tenant_id: int, code: uuid.UUID) -> Path:
    return _vault().path(tenant_id, code).with_suffix(".key")


def keep(stream: IO[bytes], *, tenant_id: int) -> tuple[uuid.UUID, int]:
    """Keep the bytes until they are dropped; their name and their size."""
    code = uuid.uuid4()
    stored = _vault().put(stream, tenant_id=tenant_id, evidence_id=code, limit=MAX_BYTES)
    try:
        # Beside the file and not in the row, whose every value the audit trail would keep: dropped, it is gone.
        _key_path(tenant_id, code).write_bytes(stored.wrapped_key)
    except BaseException:
        drop(tenant_id, code)
        raise
    return code, stored.size


def read_bytes(tenant_id: int, code: uuid.UUID | None) -> bytes:
    """The bytes as they were uploaded."""
    if code is None:
        raise Gone
    try:
        with _vault().open(tenant_id, code, _key_path(tenant_id, code).read_bytes()) as reader:
            return b"".join(reader.pieces())
    except (FileNotFoundError, Damaged, Destroyed):
        raise Gone from None


def drop(tenant_id: int, code: uuid.UUID | None) -> None:
    """Take key and bytes away."""
    if code is None:
        return
    with suppress(FileNotFoundError):
        _key_path(tenant_id, code).unlink()
    _vault().remove(tenant_id, code)


def kept(tenant_id: int) -> dict[uuid.UUID, float]:
    """What waits for a tenant, and since when (seconds since 1970)."""
    vault = _vault()
    found = {}
    for code in vault.kept(tenant_id):
        with suppress(FileNotFoundError):
            found[code] = vault.path(tenant_id, code).stat().st_mtime
    return found


def sweep(*, before: float) -> None:
    """Delete what a killed process left half written."""
    _vault().sweep(before=before)

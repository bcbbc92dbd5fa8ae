"""Evidence files at rest: each encrypted under its own key, bound to its tenant and its row, verified when read.

A file is a header and chunks of at most 1 MiB, each AES-256-GCM. The chunk's number is its nonce (a key serves one
file only); tenant, evidence, number and *last* are authenticated with it, so that a chunk can't be moved, repeated or
cut off. The file's key is kept in the database, wrapped by the vault's key: without it nothing can be read again.
"""

import hashlib
import io
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"FREV\x01\r\n\x00"
CHUNK = 1024 * 1024
TAG = 16
LIMIT = 50 * 1024 * 1024
WRAP_VERSION = b"\x01"
TEMPORARY = ".putting-"

EvidenceId = uuid.UUID | str


@dataclass(frozen=True)
class Stored:
    """What the row of a stored file keeps: hash and size of the plain bytes, and the wrapped key."""

    sha256: str
    size: int
    wrapped_key: bytes


class StoreError(Exception):
    """A file could not be kept or given back; nothing was half done."""


class TooLarge(StoreError):
    """The stream is longer than a file of evidence may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the file is larger than {limit} bytes")
        self.limit = limit


class AlreadyKept(StoreError):
    """Evidence is never replaced: a correction is a new row with its own file."""


class Destroyed(StoreError):
    """The file's key was destroyed on purpose; its bytes can't be read by anybody."""


class Damaged(StoreError):
    """The stored bytes are not those that were put."""

    def __init__(self, tenant_id: int, evidence_id: EvidenceId, why: str) -> None:
        super().__init__(f"evidence {evidence_id} of tenant {tenant_id}: {why}")
        self.tenant_id, self.evidence_id, self.why = tenant_id, str(evidence_id), why


class Vault:
    """The folder of encrypted files and the key (32 bytes) that wraps theirs."""

    def __init__(self, root: Path, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the vault's key must have 32 bytes")
        self.root = Path(root)
        self._wrap = AESGCM(key)

    def put(self, stream: IO[bytes], *, tenant_id: int, evidence_id: EvidenceId, limit: int = LIMIT) -> Stored:
        """Keep the stream's bytes; the file has its name only when all of it is on disk, and never a half."""
        identity = _identity(tenant_id, evidence_id)
        path = self.path(tenant_id, evidence_id)
        if path.exists():
            raise AlreadyKept(f"evidence {evidence_id} of tenant {tenant_id} is kept already")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = AESGCM.generate_key(256)
        handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as target:
                sha256, size = _encrypt(stream, target, AESGCM(key), identity, limit)
                target.flush()
                os.fsync(target.fileno())
            os.replace(temporary, path)
            temporary = str(path)  # until the folder is on disk too, an error takes the file away again
            _sync_folder(path.parent)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        return Stored(sha256, size, self._wrapped(key, identity))

    def open(self, tenant_id: int, evidence_id: EvidenceId, wrapped_key: bytes | memoryview | None) -> "Reader":
        """The plain bytes as a file that can seek; every chunk is verified before a byte of it is given out."""
        identity = _identity(tenant_id, evidence_id)
        key = self._unwrapped(wrapped_key, identity, tenant_id, evidence_id)
        try:
            source = self.path(tenant_id, evidence_id).open("rb")
        except FileNotFoundError:
            raise Damaged(tenant_id, evidence_id, "the file is missing") from None
        try:
            return Reader(source, AESGCM(key), identity, tenant_id, evidence_id)
        except BaseException:
            source.close()
            raise

    def check(
        self, tenant_id: int, evidence_id: EvidenceId, wrapped_key: bytes | memoryview | None, *, sha256: str
    ) -> int:
        """Read all of it and compare with the hash of its row; gives the size in bytes or raises Damaged."""
        digest, size = hashlib.sha256(), 0
        with self.open(tenant_id, evidence_id, wrapped_key) as reader:
            for piece in reader.pieces():
                digest.update(piece)
                size += len(piece)
        if digest.hexdigest() != sha256.lower():
            raise Damaged(tenant_id, evidence_id, "the bytes are whole, but not those of the hash in its row")
        return size

    def remove(self, tenant_id: int, evidence_id: EvidenceId) -> None:
        """Delete the bytes, after the key was destroyed or when the row they were put for was never committed."""
        self.path(tenant_id, evidence_id).unlink(missing_ok=True)

    def kept(self, tenant_id: int) -> Iterator[uuid.UUID]:
        """The ids of all files of a tenant, to be compared with its rows."""
        for path in sorted((self.root / str(int(tenant_id))).glob("??/*.enc")):
            yield uuid.UUID(path.stem)

    def sweep(self, *, before: float) -> int:
        """Delete what a killed process left half written before this moment (seconds since 1970)."""
        stale = [path for path in self.root.glob(f"*/??/{TEMPORARY}*") if path.stat().st_mtime < before]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def path(self, tenant_id: int, evidence_id: EvidenceId) -> Path:
        """Where the file lies; names of people or papers never become names of files."""
        name = _uuid(evidence_id).hex
        return self.root / str(int(tenant_id)) / name[:2] / f"{name}.enc"

    def _wrapped(self, key: bytes, identity: bytes) -> bytes:
        nonce = os.urandom(12)
        return WRAP_VERSION + nonce + self._wrap.encrypt(nonce, key, b"key" + identity)

    def _unwrapped(
        self, wrapped: bytes | memoryview | None, identity: bytes, tenant_id: int, evidence_id: EvidenceId
    ) -> bytes:
        if not wrapped:
            raise Destroyed(f"the key of evidence {evidence_id} of tenant {tenant_id} was destroyed")
        wrapped = bytes(wrapped)
        try:
            if wrapped[:1] != WRAP_VERSION or len(wrapped) != 1 + 12 + 32 + TAG:
                raise InvalidTag
            return self._wrap.decrypt(wrapped[1:13], wrapped[13:], b"key" + identity)
        except InvalidTag:
            raise Damaged(tenant_id, evidence_id, "its key does not open under this vault's key") from None


class Reader(io.RawIOBase):
    """A stored file's plain bytes; holds one chunk in memory."""

    def __init__(
        self, source: IO[bytes], key: AESGCM, identity: bytes, tenant_id: int, evidence_id: EvidenceId
    ) -> None:
        super().__init__()
        self._source, self._key, self._identity = source, key, identity
        self._names = (tenant_id, evidence_id)
        self._number, self._chunk, self._at = -1, b"", 0
        body = os.fstat(source.fileno()).st_size - len(MAGIC)
        if source.read(len(MAGIC)) != MAGIC or body < TAG:
            raise Damaged(*self._names, "the file does not begin as it must")
        self._last = (body - 1) // (CHUNK + TAG)
        self.size = body - TAG * (self._last + 1)
        if self.size < 0 or (self._last and body - self._last * (CHUNK + TAG) <= TAG):
            raise Damaged(*self._names, "the file was cut off")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("can't seek before the beginning")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """As many bytes as asked for, over chunks; a raw file might give fewer, and ZIP readers don't ask again."""
        if size is None or size < 0:
            size = max(0, self.size - self._at)
        parts: list[bytes] = []
        while size > 0 and (part := super().read(min(size, CHUNK))):
            parts.append(part)
            size -= len(part)
        if not parts and not self.size:
            self._load(0)
        return b"".join(parts)

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        if not len(view):
            return 0
        chunk = self._load(min(self._at // CHUNK, self._last))
        start = self._at - self._number * CHUNK
        piece = memoryview(chunk)[start : start + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def pieces(self) -> Iterator[bytes]:
        """The rest of the bytes, a chunk at a time."""
        while piece := self.read(CHUNK):
            yield piece

    def close(self) -> None:
        self._source.close()
        self._chunk = b""
        super().close()

    def _load(self, number: int) -> bytes:
        if number != self._number:
            self._source.seek(len(MAGIC) + number * (CHUNK + TAG))
            sealed = self._source.read(CHUNK + TAG)
            try:
                label = _label(self._identity, number, number == self._last)
                self._chunk = self._key.decrypt(_nonce(number), sealed, label)
            except InvalidTag:
                raise Damaged(*self._names, f"chunk {number + 1} of {self._last + 1} was altered") from None
            self._number = number
        return self._chunk


def _encrypt(stream: IO[bytes], target: IO[bytes], key: AESGCM, identity: bytes, limit: int) -> tuple[str, int]:
    target.write(MAGIC)
    digest, size, number = hashlib.sha256(), 0, 0
    chunk = _full(stream)
    while True:
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        following = _full(stream) if len(chunk) == CHUNK else b""
        digest.update(chunk)
        target.write(key.encrypt(_nonce(number), chunk, _label(identity, number, not following)))
        if not following:
            return digest.hexdigest(), size
        chunk, number = following, number + 1


def _full(stream: IO[bytes]) -> bytes:
    """One whole chunk, even from a stream that gives less at a time; shorter only at the end."""
    parts, wanted = [], CHUNK
    while wanted and (part := stream.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _label(identity: bytes, number: int, is_last: bool) -> bytes:
    return b"chunk" + identity + number.to_bytes(8, "big") + (b"\x01" if is_last else b"\x00")


def _identity(tenant_id: int, evidence_id: EvidenceId) -> bytes:
    return int(tenant_id).to_bytes(8, "big") + _uuid(evidence_id).bytes


def _uuid(evidence_id: EvidenceId) -> uuid.UUID:
    return evidence_id if isinstance(evidence_id, uuid.UUID) else uuid.UUID(evidence_id)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

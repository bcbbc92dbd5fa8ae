"""The dossier as one ZIP: stored, with fixed dates and a list of hashes, the same bytes for the same members."""

import hashlib
import json
import os
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

PIECE = 256 * 1024
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say
MANIFEST, SUMS = "MANIFEST.json", "SHA256SUMS"
FORBIDDEN = frozenset('\\:*?"<>|')  # not in file names of Windows, where an authority may unpack
DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL"} | {f"{port}{digit}" for port in ("COM", "LPT") for digit in range(10)}
)

Source = bytes | Path | Callable[[], IO[bytes]]


class UnsafeName(ValueError):
    """A member's name that could leave the folder it is unpacked in, or clash with another."""


@dataclass(frozen=True)
class Member:
    """One file of the pack: its name inside, and its bytes, path or a function that opens it."""

    name: str
    source: Source


@dataclass(frozen=True)
class Digest:
    """What is needed to recognise a file: name, size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


def write_zip(
    target: Path | str | IO[bytes], members: Iterable[Member], manifest_extra: Mapping[str, Any]
) -> list[Digest]:
    """Write the pack and return the digest of every member; after an error nothing is left of it.

    `manifest_extra` (law version, day of creation …) stands in MANIFEST.json as given. Memory stays at one piece.
    """
    chosen = _in_order(members)
    if "files" in manifest_extra:
        raise ValueError("the manifest's key 'files' is the list of members")
    if not isinstance(target, Path | str):
        return _write_into(target, chosen, manifest_extra)
    path = Path(target)
    handle, name = tempfile.mkstemp(prefix=".pack-", dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as stream:
            digests = _write(stream, chosen, manifest_extra)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return digests


def digest_of(path: Path, name: str = "") -> Digest:
    """Size and SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        size, sha256 = _pour(stream, None)
    return Digest(name or path.name, size, sha256)


def with_fixed_dates(archive: bytes, replace: Mapping[str, bytes] | None = None) -> bytes:
    """An Office file's ZIP again with fixed dates, so that the same document is the same bytes."""
    replace = replace or {}
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            info = _info(entry.filename)
            info.compress_type = zipfile.ZIP_DEFLATED
            content = replace.get(entry.filename)
            new.writestr(info, old.read(entry) if content is None else content, compresslevel=6)
    return result.getvalue()


def _in_order(members: Iterable[Member]) -> list[Member]:
    chosen = sorted(members, key=lambda member: member.name)
    seen = {MANIFEST.casefold(), SUMS.casefold()}
    for member in chosen:
        require_safe(member.name)
        key = unicodedata.normalize("NFC", member.name).casefold()
        if key in seen:
            raise UnsafeName(f"two files of the pack would have the name {member.name!r}")
        seen.add(key)
    folders = {key[:at] for key in seen for at, char in enumerate(key) if char == "/"}
    if clash := sorted(folders & seen):
        raise UnsafeName(f"{clash[0]!r} would be a file and a folder")
    return chosen


def require_safe(name: str) -> None:
    """Refuse a name that leaves its folder, breaks `sha256sum -c` or can't be unpacked on Windows."""
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or char in FORBIDDEN for char in name):
        raise UnsafeName(f"the name {name!r} has characters that a file name may not have")
    for part in name.split("/"):
        if not part or part in {".", ".."} or part != part.strip() or part.endswith(".") or part.startswith("-"):
            raise UnsafeName(f"the name {name!r} is empty, absolute or leaves its folder")
        if part.split(".")[0].upper() in DEVICES or len(part.encode()) > 240:
            raise UnsafeName(f"the name {name!r} can't be used on every system")


def _write_into(stream: IO[bytes], members: list[Member], extra: Mapping[str, Any]) -> list[Digest]:
    start = stream.tell()
    try:
        return _write(stream, members, extra)
    except BaseException:
        stream.seek(start)
        stream.truncate()
        raise


def _write(stream: IO[bytes], members: list[Member], extra: Mapping[str, Any]) -> list[Digest]:
    digests: list[Digest] = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            with _opened(member.source) as source:
                digests.append(_add(archive, member.name, source))
        manifest = {**extra, "files": [asdict(digest) for digest in digests]}
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"
        listed = [*digests, _add(archive, MANIFEST, BytesIO(text.encode()))]
        sums = "".join(f"{digest.sha256}  {digest.name}\n" for digest in listed)
        _add(archive, SUMS, BytesIO(sums.encode()))
    return digests


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> Digest:
    # Always the long header: the same bytes whether or not the size was known before.
    with archive.open(_info(name), "w", force_zip64=True) as sink:
        size, sha256 = _pour(source, sink)
    return Digest(name, size, sha256)


def _pour(source: IO[bytes], sink: IO[bytes] | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if sink:
            sink.write(piece)
    return size, digest.hexdigest()


def _opened(source: Source) -> IO[bytes]:
    if isinstance(source, bytes):
        return BytesIO(source)
    return source.open("rb") if isinstance(source, Path) else source()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIXED_DATE)
    info.create_system = 3  # POSIX, on every machine
    info.external_attr = 0o100644 << 16
    return info

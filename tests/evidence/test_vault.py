import errno
import hashlib
import io
import os
import random
import subprocess
import sys
import textwrap
import time
import uuid
import zipfile
from pathlib import Path

import pytest

from portal.evidence.store import CHUNK, MAGIC, AlreadyKept, Damaged, Destroyed, TooLarge, Vault

KEY = bytes(range(32))
TENANT = 7
SEALED = CHUNK + 16


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", KEY)


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def files(vault: Vault) -> list[Path]:
    return [path for path in vault.root.rglob("*") if path.is_file()]


class Trickle(io.RawIOBase):
    """A stream that gives at most 1,000 bytes at a time and breaks at a chosen place."""

    def __init__(self, content: bytes, breaks_at: int | None = None, piece: int = 1000) -> None:
        self.inner, self.breaks_at, self.piece = io.BytesIO(content), breaks_at, piece

    def read(self, size: int = -1) -> bytes:
        if self.breaks_at is not None and self.inner.tell() >= self.breaks_at:
            raise ConnectionResetError("the browser went away")
        return self.inner.read(min(size, self.piece))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_what_was_put_comes_back(vault: Vault, size: int) -> None:
    code, plain = uuid.uuid4(), noise(size)
    stored = vault.put(io.BytesIO(plain), tenant_id=TENANT, evidence_id=code)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(plain).hexdigest())
    with vault.open(TENANT, str(code), stored.wrapped_key) as reader:
        assert reader.size == size
        assert reader.read() == plain
    assert b"".join(vault.open(TENANT, code, stored.wrapped_key).pieces()) == plain
    assert vault.check(TENANT, code, memoryview(stored.wrapped_key), sha256=stored.sha256) == size
    assert list(vault.kept(TENANT)) == [code]


def test_stream_that_trickles_is_stored_the_same(vault: Vault) -> None:
    plain = noise(CHUNK + 777)
    code = uuid.uuid4()
    stored = vault.put(Trickle(plain), tenant_id=TENANT, evidence_id=code)
    assert vault.open(TENANT, code, stored.wrapped_key).read() == plain


def test_reader_seeks_like_a_file(vault: Vault) -> None:
    plain, code = noise(2 * CHUNK + 99), uuid.uuid4()
    stored = vault.put(io.BytesIO(plain), tenant_id=TENANT, evidence_id=code)
    with vault.open(TENANT, code, stored.wrapped_key) as reader:
        for place, size in ((CHUNK - 3, 10), (5, 3), (2 * CHUNK, 500), (2 * CHUNK + 99, 1), (9 * CHUNK, 1)):
            reader.seek(place)
            assert reader.read(size) == plain[place : place + size]
        assert reader.seek(-9, io.SEEK_END) == len(plain) - 9
        assert reader.read(100) == plain[-9:]


def test_a_zip_can_be_read_through_the_reader(vault: Vault) -> None:
    buffer, code = io.BytesIO(), uuid.uuid4()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("large", noise(CHUNK + 5))
    stored = vault.put(io.BytesIO(buffer.getvalue()), tenant_id=TENANT, evidence_id=code)
    with vault.open(TENANT, code, stored.wrapped_key) as reader, zipfile.ZipFile(reader) as archive:
        assert archive.testzip() is None


def test_nothing_of_the_plain_bytes_is_on_disk_and_only_the_owner_reads(vault: Vault) -> None:
    plain = b"a name that must not lie about " * 1000
    vault.put(io.BytesIO(plain), tenant_id=TENANT, evidence_id=uuid.uuid4())
    (path,) = files(vault)
    assert plain[:16] not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_same_bytes_twice_are_encrypted_differently(vault: Vault) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    one = vault.put(io.BytesIO(b"same"), tenant_id=TENANT, evidence_id=first)
    two = vault.put(io.BytesIO(b"same"), tenant_id=TENANT, evidence_id=second)
    assert one.wrapped_key != two.wrapped_key
    assert vault.path(TENANT, first).read_bytes() != vault.path(TENANT, second).read_bytes()


def test_evidence_is_never_replaced(vault: Vault) -> None:
    code = uuid.uuid4()
    stored = vault.put(io.BytesIO(b"first"), tenant_id=TENANT, evidence_id=code)
    with pytest.raises(AlreadyKept):
        vault.put(io.BytesIO(b"second"), tenant_id=TENANT, evidence_id=code)
    assert vault.open(TENANT, code, stored.wrapped_key).read() == b"first"


@pytest.mark.parametrize("breaks_at", [0, 1000, CHUNK - 1, CHUNK, CHUNK + 1000, 2 * CHUNK, 2 * CHUNK + 5000])
def test_stream_that_breaks_leaves_no_file(vault: Vault, breaks_at: int) -> None:
    with pytest.raises(ConnectionResetError):
        vault.put(Trickle(noise(3 * CHUNK), breaks_at, 100_000), tenant_id=TENANT, evidence_id=uuid.uuid4())
    assert files(vault) == []


@pytest.mark.parametrize(("size", "limit"), [(1, 0), (CHUNK + 1, CHUNK), (3 * CHUNK, CHUNK)])
def test_file_over_the_limit_is_refused_and_not_kept(vault: Vault, size: int, limit: int) -> None:
    with pytest.raises(TooLarge):
        vault.put(io.BytesIO(noise(size)), tenant_id=TENANT, evidence_id=uuid.uuid4(), limit=limit)
    assert files(vault) == []


def test_file_of_just_the_limit_is_kept(vault: Vault) -> None:
    assert vault.put(io.BytesIO(noise(CHUNK)), tenant_id=TENANT, evidence_id=uuid.uuid4(), limit=CHUNK).size == CHUNK


CHILD = """
    import errno, io, resource, signal, sys, uuid
    from pathlib import Path
    from portal.evidence.store import Vault

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    try:
        Vault(Path(sys.argv[1]), bytes(32)).put(io.BytesIO(bytes(3_000_000)), tenant_id=1, evidence_id=uuid.uuid4())
    except OSError as error:
        print(errno.errorcode[error.errno])
"""


@pytest.mark.parametrize("room", [0, 5, 500_000, 1_048_600, 2_000_000])
def test_disk_that_takes_no_more_leaves_no_file(tmp_path: Path, room: int) -> None:
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path / "vault"), str(room)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert ran.stdout.strip() == "EFBIG"
    assert files(Vault(tmp_path / "vault", KEY)) == []


def test_full_disk_leaves_no_file(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(tmp_path)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk can be mounted as root only; the test before this one limits the file instead")
    try:
        vault = Vault(tmp_path / "vault", KEY)
        with pytest.raises(OSError) as caught:
            vault.put(io.BytesIO(noise(4 * CHUNK)), tenant_id=TENANT, evidence_id=uuid.uuid4())
        assert caught.value.errno == errno.ENOSPC
        assert files(vault) == []
        code = uuid.uuid4()
        stored = vault.put(io.BytesIO(noise(CHUNK)), tenant_id=TENANT, evidence_id=code)
        assert vault.check(TENANT, code, stored.wrapped_key, sha256=stored.sha256) == CHUNK
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


HEAD = len(MAGIC)
DAMAGE = {
    "first byte of the head": lambda raw: flip(raw, 0),
    "first byte of the body": lambda raw: flip(raw, HEAD),
    "a byte in the second chunk": lambda raw: flip(raw, HEAD + SEALED + 3),
    "last byte": lambda raw: flip(raw, len(raw) - 1),
    "one byte cut off": lambda raw: raw[:-1],
    "last chunk cut off": lambda raw: raw[: HEAD + 2 * SEALED],
    "all but the first chunk cut off": lambda raw: raw[: HEAD + SEALED],
    "last chunk all but its tag cut off": lambda raw: raw[: HEAD + 2 * SEALED + 16],
    "only the head": lambda raw: raw[:HEAD],
    "nothing": lambda raw: b"",
    "a byte added": lambda raw: raw + b"\0",
    "last chunk twice": lambda raw: raw + raw[HEAD + 2 * SEALED :],
    "first two chunks swapped": lambda raw: (
        raw[:HEAD] + raw[HEAD + SEALED : HEAD + 2 * SEALED] + raw[HEAD : HEAD + SEALED] + raw[HEAD + 2 * SEALED :]
    ),
    "middle chunk taken out": lambda raw: raw[: HEAD + SEALED] + raw[HEAD + 2 * SEALED :],
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_names_the_evidence(vault: Vault, kind: str) -> None:
    code = uuid.uuid4()
    stored = vault.put(io.BytesIO(noise(2 * CHUNK + 500)), tenant_id=TENANT, evidence_id=code)
    path = vault.path(TENANT, code)
    path.write_bytes(DAMAGE[kind](path.read_bytes()))
    with pytest.raises(Damaged, match=str(code)):
        vault.open(TENANT, code, stored.wrapped_key).read()  # found without knowing the hash of the whole


def test_altered_empty_file_is_found(vault: Vault) -> None:
    code = uuid.uuid4()
    stored = vault.put(io.BytesIO(b""), tenant_id=TENANT, evidence_id=code)
    path = vault.path(TENANT, code)
    path.write_bytes(flip(path.read_bytes(), HEAD))
    with pytest.raises(Damaged):
        vault.open(TENANT, code, stored.wrapped_key).read()


def test_no_byte_of_an_altered_chunk_is_given_out(vault: Vault) -> None:
    code, plain = uuid.uuid4(), noise(2 * CHUNK)
    stored = vault.put(io.BytesIO(plain), tenant_id=TENANT, evidence_id=code)
    path = vault.path(TENANT, code)
    path.write_bytes(flip(path.read_bytes(), HEAD + SEALED + CHUNK - 1))
    with vault.open(TENANT, code, stored.wrapped_key) as reader:
        assert reader.read(CHUNK) == plain[:CHUNK]
        with pytest.raises(Damaged):
            reader.read(1)


def test_missing_file_is_damage(vault: Vault) -> None:
    code = uuid.uuid4()
    stored = vault.put(io.BytesIO(b"x"), tenant_id=TENANT, evidence_id=code)
    vault.remove(TENANT, code)
    with pytest.raises(Damaged, match="missing"):
        vault.open(TENANT, code, stored.wrapped_key)


def test_whole_file_with_another_hash_in_its_row_is_damage(vault: Vault) -> None:
    code = uuid.uuid4()
    stored = vault.put(io.BytesIO(b"x"), tenant_id=TENANT, evidence_id=code)
    with pytest.raises(Damaged, match="hash"):
        vault.check(TENANT, code, stored.wrapped_key, sha256="0" * 64)


@pytest.mark.parametrize("tenant", [TENANT, TENANT + 1])
def test_file_and_key_moved_to_another_row_do_not_open(vault: Vault, tenant: int) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    stored = vault.put(io.BytesIO(b"x" * 100), tenant_id=TENANT, evidence_id=first)
    other = vault.put(io.BytesIO(b"y" * 100), tenant_id=tenant, evidence_id=second)
    os.replace(vault.path(TENANT, first), vault.path(tenant, second))
    for key in (stored.wrapped_key, other.wrapped_key):
        with pytest.raises(Damaged, match=str(second)):
            vault.open(tenant, second, key).read()


def test_key_of_another_vault_does_not_open(vault: Vault) -> None:
    code = uuid.uuid4()
    stored = vault.put(io.BytesIO(b"x"), tenant_id=TENANT, evidence_id=code)
    with pytest.raises(Damaged):
        Vault(vault.root, bytes(32)).open(TENANT, code, stored.wrapped_key)


@pytest.mark.parametrize("key", [b"", None])
def test_destroyed_key_makes_the_file_unreadable(vault: Vault, key: bytes | None) -> None:
    code = uuid.uuid4()
    vault.put(io.BytesIO(b"x"), tenant_id=TENANT, evidence_id=code)
    with pytest.raises(Destroyed):
        vault.open(TENANT, code, key)


@pytest.mark.parametrize("key", [b"short", bytes(61), bytes([1]) * 61, bytes(60)])
def test_spoilt_key_is_damage(vault: Vault, key: bytes) -> None:
    code = uuid.uuid4()
    vault.put(io.BytesIO(b"x"), tenant_id=TENANT, evidence_id=code)
    with pytest.raises(Damaged):
        vault.open(TENANT, code, key)


def test_vault_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(tmp_path, bytes(16))


def test_id_that_is_no_uuid_makes_no_path(vault: Vault) -> None:
    with pytest.raises(ValueError):
        vault.put(io.BytesIO(b"x"), tenant_id=TENANT, evidence_id="../../etc/passwd")
    assert files(vault) == []


def test_sweep_takes_only_what_was_left_before(vault: Vault) -> None:
    code = uuid.uuid4()
    vault.put(io.BytesIO(b"x"), tenant_id=TENANT, evidence_id=code)
    folder = vault.path(TENANT, code).parent
    (folder / ".putting-old").write_bytes(b"half")
    os.utime(folder / ".putting-old", (1, 1))
    (folder / ".putting-now").write_bytes(b"half")
    assert vault.sweep(before=time.time() - 3600) == 1
    assert sorted(path.name for path in files(vault)) == [".putting-now", f"{code.hex}.enc"]

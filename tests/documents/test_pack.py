import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from portal.documents.pack import Member, UnsafeName, digest_of, write_zip

FACTS = {"law_version": "2026-01", "created_on": "2026-10-12"}
NAMES = ("04 证照/营业执照.pdf", "01 基本情况表.pdf", "b.txt")


def members() -> list[Member]:
    return [Member(name, name.encode() * 100) for name in NAMES]


def test_members_are_sorted_stored_and_dated_alike(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", members(), FACTS)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == [*sorted(NAMES), "MANIFEST.json", "SHA256SUMS"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert all(entry.flag_bits & 0x800 for entry in archive.infolist() if not entry.filename.isascii())
        assert archive.testzip() is None
        assert archive.read("b.txt") == b"b.txt" * 100


def test_manifest_names_size_hash_and_what_was_given(tmp_path: Path) -> None:
    digests = write_zip(tmp_path / "a.zip", members(), FACTS)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        manifest = json.loads(archive.read("MANIFEST.json"))
    assert manifest["law_version"] == "2026-01" and manifest["created_on"] == "2026-10-12"
    assert [entry["name"] for entry in manifest["files"]] == sorted(NAMES) == [digest.name for digest in digests]
    for entry in manifest["files"]:
        plain = entry["name"].encode() * 100
        assert (entry["size"], entry["sha256"]) == (len(plain), hashlib.sha256(plain).hexdigest())


@pytest.mark.skipif(not (shutil.which("unzip") and shutil.which("sha256sum")), reason="unzip or sha256sum is missing")
def test_unzip_and_sha256sum_accept_the_pack(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", members(), FACTS)
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(["unzip", "-q", "a.zip", "-d", "out"], cwd=tmp_path, check=True, env=environment)
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out", check=True, env=environment, capture_output=True
    )
    assert checked.stdout.decode().count(": OK") == len(NAMES) + 1  # the manifest too
    (tmp_path / "out" / "b.txt").write_bytes(b"altered")
    spoilt = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out", env=environment, capture_output=True
    )
    assert spoilt.returncode == 1


def test_bytes_path_and_opener_give_the_same_pack(tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(b"same" * 200_000)
    packs = []
    for number, source in enumerate((file.read_bytes(), file, lambda: file.open("rb"))):
        write_zip(tmp_path / f"{number}.zip", [Member("b.bin", source)], FACTS)
        packs.append((tmp_path / f"{number}.zip").read_bytes())
    buffer = io.BytesIO()
    write_zip(buffer, [Member("b.bin", file)], FACTS)
    assert {*packs, buffer.getvalue()} == {packs[0]}


def test_order_of_members_and_time_do_not_change_the_bytes(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", members(), FACTS)
    os.utime(tmp_path / "a.zip", (0, 0))
    write_zip(tmp_path / "b.zip", reversed(members()), dict(reversed(FACTS.items())))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert digest_of(tmp_path / "a.zip").sha256 == digest_of(tmp_path / "b.zip").sha256


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../a",
        "a/../b",
        "/etc/passwd",
        "a//b",
        "a/",
        "./a",
        "a\\b",
        "C:a",
        "a\x00b",
        "a\nb",
        "a\u202eb",
        "nul",
    ]
    + ["COM1.txt", "a ", " a", "a.", "-rf", "x" * 300, "SHA256SUMS", "manifest.json", "a\ud800"],
)
def test_unsafe_name_is_refused_and_nothing_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeName):
        write_zip(tmp_path / "a.zip", [Member(name, b"")], FACTS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("names", [("a", "a"), ("A.pdf", "a.pdf"), ("é", "e\u0301"), ("a", "a/b")])
def test_names_that_clash_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(UnsafeName):
        write_zip(tmp_path / "a.zip", [Member(name, b"") for name in names], FACTS)


class Breaks(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        raise OSError("the disk is gone")


def test_after_an_error_the_old_pack_stands_and_no_other_file(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"old")
    with pytest.raises(OSError, match="disk is gone"):
        write_zip(target, [Member("a", b"1" * 600_000), Member("b", Breaks)], FACTS)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert target.read_bytes() == b"old"


def test_after_an_error_a_stream_is_as_before() -> None:
    stream = io.BytesIO(b"before")
    stream.seek(0, 2)
    with pytest.raises(OSError, match="disk is gone"):
        write_zip(stream, [Member("a", b"1" * 600_000), Member("b", Breaks)], FACTS)
    assert stream.getvalue() == b"before"


def test_missing_file_stops_the_pack(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_zip(tmp_path / "a.zip", [Member("a", tmp_path / "none")], FACTS)
    assert not list(tmp_path.iterdir())


def test_manifest_key_of_the_list_is_reserved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="files"):
        write_zip(tmp_path / "a.zip", [], {"files": 1})


CHILD = """
    import io, re, sys
    from pathlib import Path
    from portal.documents.pack import Member, write_zip

    class Zeros(io.RawIOBase):
        left = int(sys.argv[2])
        def readable(self): return True
        def readinto(self, buffer):
            size = min(len(buffer), self.left)
            buffer[:size] = bytes(size)
            self.left -= size
            return size

    def peak():
        # ru_maxrss would begin with the parent's peak
        return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

    before = peak()
    write_zip(Path(sys.argv[1]), [Member("large.bin", Zeros)], {})
    print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux's /proc")
def test_memory_stays_flat_for_a_member_of_200_megabytes(tmp_path: Path) -> None:
    grown = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path / "a.zip"), str(200_000_000)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert (tmp_path / "a.zip").stat().st_size > 200_000_000
    assert int(grown.stdout) < 8_000  # kilobytes

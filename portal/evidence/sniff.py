"""What an uploaded file really is: judged by its bytes, against a short list of what evidence may be."""

import codecs
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO

import filetype
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Opener = Callable[[], IO[bytes]]

HEAD = 8192  # bytes of `head` that a caller should pass
PIECE = 256 * 1024
LONGEST_NAME = 200  # bytes in UTF-8
MOST_ENTRIES = 5_000
MOST_INFLATED = 300 * 1024 * 1024
HIGHEST_RATIO = 200  # honest Office files stay under 50
RATIO_FROM = 1024 * 1024  # small entries may well be all zeros

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
}
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
OFFICE_OF_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Long enough that the bytes of a picture don't hit them by chance (less than one file of 50 MiB in a thousand).
WEB_PAGE = re.compile(
    rb"<(?:!doctype\s|html[\s>]|head[\s>]|body[\s>]|script[\s>/]|iframe[\s>/]|object[\s>]|embed[\s>/]"
    rb"|\?php\s|svg[\s>]\s*[\w<]{2})",
    re.I,
)
PDF_ACTION = re.compile(rb"/(?:JavaScript|Launch|RichMedia)\b")
OVERLAP = 64
REMOTE = re.compile(rb"(?:attachedTemplate|oleObject|frame)\"[^>]*TargetMode\s*=\s*\"External\"", re.I)


class Problem(TextChoices):
    """Why a file is not taken: the key is stored and tested, the sentence is for the person who chose the file."""

    EMPTY = "empty", _("The file is empty. Choose the file again.")
    ENDING = "ending", _("Files of this kind are not taken. Use PDF, PNG, JPG, DOCX, XLSX, CSV or TXT.")
    MISMATCH = "mismatch", _("The content of the file does not agree with the ending of its name. Save it again.")
    WEB_PAGE = "web_page", _("The file contains parts of a web page or a script. Print it to PDF and upload that.")
    MACRO = "macro", _("The document contains macros or embedded programs. Save it without them.")
    ACTION = "action", _("The PDF contains a script or starts programs. Print it to PDF again and upload that.")
    LOCKED = "locked", _("The file is protected by a password. Upload a copy without a password.")
    BOMB = "bomb", _("The document unpacks to more than it should. Save it again from the original program.")
    HIDDEN = "hidden", _("Another file is hidden in this one. Save it again from the original program.")
    BROKEN = "broken", _("The file is damaged or incomplete. Save it again and upload it once more.")
    OLD_OFFICE = "old_office", _("This is an old Office file or has a password. Save it as DOCX or XLSX without one.")
    NOT_TEXT = "not_text", _("The text can't be read. Save it as UTF-8 or GB 18030.")


def problem(name: str, head: bytes, opener: Opener) -> Problem | None:
    """Why this file can't be evidence, or None; `head` are its first bytes, `opener` opens all of it, seekable."""
    ending = ending_of(name)
    if not head:
        return Problem.EMPTY
    if ending not in MEDIA_TYPES:
        return Problem.ENDING
    if head.startswith(OFFICE_OF_OLD):
        return Problem.OLD_OFFICE
    if ending in MAIN_PART:
        return _office_problem(ending, head, opener)
    return _text_problem(head, opener) if ending in {"csv", "txt"} else _sealed_problem(ending, head, opener)


def ending_of(name: str) -> str:
    """The ending of a name in small letters, without the dot."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().removeprefix(".")


def media_type(name: str) -> str:
    """The type a checked file is served as; anything else is served as bytes."""
    return MEDIA_TYPES.get(ending_of(name), "application/octet-stream")


def safe_name(name: str) -> str:
    """The name as it may be shown, kept and downloaded: no folder, no hidden characters, 200 bytes at most."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    shown = (char for char in name if char.isspace() or unicodedata.category(char)[0] != "C")
    name = re.sub(r"\s+", " ", "".join("_" if char in ':*?"<>|' else char for char in shown))
    name = re.sub(r"^[\s.~-]+|[\s.]+$", "", name)
    stem, _dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, ending = name, ""
    room = LONGEST_NAME - len(ending.encode()) - 1
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .") or "file"
    if re.fullmatch(r"(?i)con|prn|aux|nul|(com|lpt)\d", stem.split(".")[0]):
        stem = f"_{stem}"
    return f"{stem}.{ending}" if ending else stem


def _sealed_problem(ending: str, head: bytes, opener: Opener) -> Problem | None:
    """PDF and pictures: the mark stands at byte 0, and nothing else is stuck to the file."""
    kind = filetype.guess(head)
    found = kind.extension if kind else ""
    if found != ending.replace("jpeg", "jpg") or (ending == "pdf" and not head.startswith(b"%PDF-")):
        return Problem.MISMATCH
    marks = PDF_ACTION if ending == "pdf" else WEB_PAGE
    if ending == "pdf" and WEB_PAGE.search(head[:1024]):
        return Problem.WEB_PAGE
    with opener() as file:
        if any(marks.search(window) for window in _windows(file)):
            return Problem.ACTION if ending == "pdf" else Problem.WEB_PAGE
        if zipfile.is_zipfile(file):
            return Problem.HIDDEN
        tail = _tail(file)
    if ending == "pdf":
        if b"%%EOF" not in tail:
            return Problem.BROKEN
        return Problem.WEB_PAGE if WEB_PAGE.search(tail[tail.rindex(b"%%EOF") :]) else None
    return _picture_problem(ending, tail)


def _picture_problem(ending: str, tail: bytes) -> Problem | None:
    if ending == "png":
        return None if tail.endswith(b"IEND\xaeB`\x82") else Problem.BROKEN
    return None if b"\xff\xd9" in tail else Problem.BROKEN  # phones add their own data after the picture's end


def _text_problem(head: bytes, opener: Opener) -> Problem | None:
    kind = filetype.guess(head)
    if kind or head.startswith((b"#!", b"%PDF-", b"MZ", b"\x7fELF")):
        return Problem.MISMATCH
    with opener() as file:
        if any(WEB_PAGE.search(window) for window in _windows(file)):
            return Problem.WEB_PAGE
    for encoding in ("utf-8", "gb18030"):
        with opener() as file:
            if _decodes(file, encoding):
                return None
    return Problem.NOT_TEXT


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            text = decoder.decode(piece)
            if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _office_problem(ending: str, head: bytes, opener: Opener) -> Problem | None:
    if not head.startswith(b"PK\x03\x04"):
        return Problem.MISMATCH
    try:
        with opener() as file, zipfile.ZipFile(file) as archive:
            size = file.seek(0, 2)
            file.seek(-min(size, 22), 2)
            end = file.read()
            # A ZIP is found from its end; a comment or anything after it may be another file.
            if not end.startswith(b"PK\x05\x06") or not end.endswith(b"\0\0"):
                return Problem.HIDDEN
            return _archive_problem(ending, archive, size)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError):
        return Problem.BROKEN


def _archive_problem(ending: str, archive: zipfile.ZipFile, size: int) -> Problem | None:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if not entries:
        return Problem.BROKEN
    if any(entry.flag_bits & 0x1 for entry in entries):
        return Problem.LOCKED
    if _is_bomb(entries, size):
        return Problem.BOMB
    if min(entry.header_offset for entry in entries) > 0:
        return Problem.HIDDEN
    if len(names) != len(entries) or any(_leaves(name) for name in names):
        return Problem.BROKEN
    if MAIN_PART[ending] not in names or "[content_types].xml" not in names:
        return Problem.MISMATCH
    if any(re.search(r"vbaproject|vbadata|/activex/|/macrosheets/|\.(exe|dll|js|vbs|hta|bat|lnk)$", n) for n in names):
        return Problem.MACRO
    if any(n.startswith(("word/embeddings/", "xl/embeddings/")) and n.endswith(".bin") for n in names):
        return Problem.MACRO
    kinds = _bounded(archive, "[Content_Types].xml")
    if kinds is None:
        return Problem.BOMB
    if b"macroenabled" in kinds.lower():
        return Problem.MACRO
    return _relations_problem(archive)


def _is_bomb(entries: list[zipfile.ZipInfo], size: int) -> bool:
    """Too many entries, too much declared, too high a ratio, or entries that share their bytes."""
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_INFLATED:
        return True
    if sum(entry.compress_size for entry in entries) > size:
        return True
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, following in zip(ordered, ordered[1:], strict=False):
        if entry.header_offset + 30 + entry.compress_size > following.header_offset:
            return True
    return any(
        entry.file_size > RATIO_FROM and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size)
        for entry in entries
    )


def _leaves(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _relations_problem(archive: zipfile.ZipFile) -> Problem | None:
    """A template or object fetched from elsewhere runs as soon as the document is opened."""
    for name in archive.namelist():
        if name.endswith(".rels"):
            content = _bounded(archive, name)
            if content is None:
                return Problem.BOMB
            if REMOTE.search(content):
                return Problem.MACRO
    return None


def _bounded(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """A small part's bytes; None if it is larger than such a part ever is, whatever its entry declares."""
    match = next(entry for entry in archive.infolist() if entry.filename.lower() == name.lower())
    with archive.open(match) as part:
        content = part.read(4 * 1024 * 1024 + 1)
    return content if len(content) <= 4 * 1024 * 1024 else None


def _windows(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces that overlap, so that no mark is cut in two."""
    file.seek(0)
    kept = b""
    while piece := file.read(PIECE):
        yield kept + piece
        kept = piece[-OVERLAP:]


def _tail(file: IO[bytes]) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(0, size - 64 * 1024))
    return file.read()

"""Secrets: from a variable, from the file that a variable names, or made once and kept in var/ for the demo."""

import os
import secrets
import string
from pathlib import Path

from portal.embedded.places import VAR

LETTERS = string.ascii_lowercase.replace("l", "").replace("o", "") + "23456789"


def from_environment(name: str) -> str | None:
    """The value of ``NAME``, else the content of the file that ``NAME_FILE`` names; None with neither."""
    value = os.environ.get(name)
    if value:
        return value
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return None
    try:
        return Path(file).read_text().strip() or None
    except OSError as refused:
        raise SystemExit(f"{name}_FILE names {file}, which can't be read: {refused.strerror}.") from None


def kept(name: str, make: str) -> Path:
    """The file var/NAME, readable by its owner only; made with that content if there is none yet."""
    file = VAR / name
    if not file.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        part = VAR / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(f"{make}\n")
        try:
            os.link(part, file)  # unlike a rename it loses to whoever was first
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file


def secret_key_file() -> Path:
    return kept("secret-key", secrets.token_urlsafe(48))


def evidence_key_file() -> Path:
    return kept("evidence-key", secrets.token_hex(32))


def secret_key() -> str:
    """Django's key of the demo."""
    return secret_key_file().read_text().strip()


def evidence_key() -> str:
    """32 random bytes in hex that wrap the file keys of the demo's evidence."""
    return evidence_key_file().read_text().strip()


def demo_password() -> str:
    """The one password of the demo's accounts: DEMO_PASSWORD, else one made on first use; printed at each start."""
    made = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    return from_environment("DEMO_PASSWORD") or kept("demo-password", made).read_text().strip()

"""Secrets of robots at rest: AES-256-GCM under the key that also wraps those of evidence, bound to their row."""

import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
NONCE = 12  # bytes


class Unreadable(Exception):
    """The portal's key doesn't open this secret: it was changed, or the row is not the one that was written."""


def _identity(tenant_id: int, code: uuid.UUID, part: str) -> bytes:
    return f"robot/{tenant_id}/{code.hex}/{part}".encode()


def seal(text: str, *, tenant_id: int, code: uuid.UUID, part: str) -> bytes:
    """The text encrypted for this part of this robot."""
    nonce = os.urandom(NONCE)
    cipher = AESGCM(bytes.fromhex(settings.EVIDENCE_KEY))
    return VERSION + nonce + cipher.encrypt(nonce, text.encode(), _identity(tenant_id, code, part))


def unseal(sealed: bytes | memoryview, *, tenant_id: int, code: uuid.UUID, part: str) -> str:
    """The text again; raises Unreadable."""
    sealed = bytes(sealed)
    cipher = AESGCM(bytes.fromhex(settings.EVIDENCE_KEY))
    try:
        if sealed[:1] != VERSION:
            raise InvalidTag
        return cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], _identity(tenant_id, code, part)).decode()
    except InvalidTag:
        raise Unreadable from None

"""The secret code with which a person asks for the answer: shown once, kept as a hash only."""

import hashlib
import hmac

from django.utils.crypto import salted_hmac

# Without 0, 1, I and O, which people mistake for each other. 32 characters: five bits each.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
NOBODYS = "0" * 64


def code_of(*words: str) -> str:
    """The code of one sending of a form: sent twice by a double click, it is the same code and so the same case."""
    number = int.from_bytes(salted_hmac("portal.cases.code", "\x1f".join(words), algorithm="sha256").digest()[:8])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))


def grouped(code: str) -> str:
    """As people read and write it: ABCD-EFGH-JKLM."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def hash_of(code: str) -> str:
    """What is stored. Spaces, hyphens and small letters make no difference."""
    plain = "".join(character for character in code.upper() if character in ALPHABET)
    return hashlib.sha256(f"case:{plain}".encode()).hexdigest()


def fits(code: str, stored: str) -> bool:
    """Whether the code is the one behind a stored hash, in a time that doesn't tell how far it fits."""
    return hmac.compare_digest(hash_of(code), stored or NOBODYS)

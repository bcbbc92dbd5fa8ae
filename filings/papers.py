"""What is read off each scan, so that it can be compared with the register (FIL-05, FIL-13)."""

import unicodedata

PAGES = ("pages", "pages_of")
READ_FROM: dict[str, tuple[str, ...]] = {
    "uscc-certificate": ("name", "uscc", "valid_until", "is_long_term", "is_copy", "has_seal", *PAGES),
    "representative-id": ("name", "valid_until", "is_long_term", *PAGES),
    "agent-id": ("name", "valid_until", "is_long_term", *PAGES),
    "power-of-attorney": (
        *("name", "uscc", "agent", "valid_from", "valid_until", "is_long_term", "has_signature", "has_seal", *PAGES),
    ),
    "commitment": ("name", "uscc", "dated_on", "has_signature", "has_seal", *PAGES),
}
ORGANISATION = ("uscc-certificate", "power-of-attorney", "commitment")
IDENTITY = ("representative-id", "agent-id")
SIGNED = ("power-of-attorney", "commitment")


def same(one: str, other: str) -> bool:
    """Whether two names are the same word: width, brackets and spaces apart, as a clerk reads them."""
    return _read(one) == _read(other)


def _read(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()

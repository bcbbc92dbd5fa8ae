"""Stale tabs: a form carries the version of the row it was made from; a row changed meanwhile isn't overwritten."""

import hashlib

from django.db.models import Model


def version_of(row: Model) -> str:
    """A short fingerprint of the row's stored values."""
    values = "\x1f".join(str(field.value_from_object(row)) for field in row._meta.concrete_fields)
    return hashlib.sha256(values.encode()).hexdigest()[:16]

"""A field that the register needs more than once."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


def groups_field(label: Any, choices: Any, length: int) -> ArrayField:
    """Several entries of one list, in the order in which they were chosen."""
    return ArrayField(
        models.CharField(max_length=length, choices=choices), verbose_name=label, default=list, blank=True
    )

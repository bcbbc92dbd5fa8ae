"""What the register's templates look up."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def entry(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a mapping under a key that is itself a value of the page."""
    return mapping.get(key, "")

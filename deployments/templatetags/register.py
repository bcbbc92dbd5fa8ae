"""What the register's templates look up."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.ui import marks
from portal.ui.states import TONE_ICONS

register = template.Library()


@register.filter
def entry(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a mapping under a key that is itself a value of the page."""
    return mapping.get(key, "")


@register.filter
def verdict_icon(tone: str) -> SafeString:
    """The icon of a line of the screening's result, in its tone."""
    return marks.icon(TONE_ICONS[tone], tone)

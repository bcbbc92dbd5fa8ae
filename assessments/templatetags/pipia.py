"""Filters of the pages of an assessment."""

from django import template
from django.utils.translation import get_language

from assessments.tongues import part

register = template.Library()


@register.filter
def spoken(text: str) -> str:
    """What a person wrote, in the reader's language if it was written in both."""
    return part(text, get_language() or "en") if text else text

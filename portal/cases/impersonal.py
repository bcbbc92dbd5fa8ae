"""No text about a case names a person: a reference stands for him (ARCHITECTURE, Data rules)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.law.identifiers import mobile_numbers, resident_ids


def validate_impersonal(text: str) -> None:
    """Refuse a text with a resident identity number or a mobile number; the number itself is never repeated."""
    if any(True for _number in resident_ids(text)):
        raise ValidationError(
            _("There is an identity number in this text. Take it out, and names too: the reference is enough."),
            code="identity_number",
        )
    if any(True for _number in mobile_numbers(text)):
        raise ValidationError(
            _("There is a mobile number in this text. Take it out, and names too: the reference is enough."),
            code="mobile_number",
        )

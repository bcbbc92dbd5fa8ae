"""The signed links of a mail: each names one delivery, and so its person, and runs out."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from portal.obligations.models import Delivery, Obligation

PURPOSE = "portal.clock.answer"
# As long as the longest period of the Measures with its reminders may take.
HOLDS_FOR = timedelta(days=60)


def base() -> str:
    """The address that people use."""
    return settings.BASE_URL.rstrip("/")


def answer_url(delivery: Delivery) -> str:
    """The page on which the person of this delivery answers it, without signing in."""
    token = signing.dumps([delivery.tenant_id, delivery.pk], salt=PURPOSE)
    return base() + reverse("answer", args=[token])


def named_by(token: str) -> tuple[int, int] | None:
    """Tenant and delivery that a link names; None for one that was not made here or has run out."""
    try:
        tenant_id, delivery_id = signing.loads(token, salt=PURPOSE, max_age=HOLDS_FOR)
        return int(tenant_id), int(delivery_id)
    except (signing.BadSignature, TypeError, ValueError):
        return None


def mend_url(duty: Obligation) -> str:
    """The page that leads on to where the duty is met."""
    return base() + reverse("desk:obligation_mend", args=[duty.tenant.slug, duty.pk])

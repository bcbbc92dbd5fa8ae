"""Devices found in private spaces and not proved to be gone: what stands on every page of the places they hang at."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F

from deployments.choices import PRIVATE_SPACES
from deployments.models import Device
from portal.law.bans import PRIVATE_SPACE_BAN
from portal.law.engine import rule_by_id
from portal.law.sources import Cite
from portal.law.text import Text

RULE = "frm-13-private-space"
# How many of them a page names.
SHOWN = 20


@dataclass(frozen=True)
class Finds:
    """The devices, those that still hang there first, and whether there are more than a page names."""

    devices: list[Device]
    has_more: bool
    ban: tuple[tuple[Cite, Text], ...] = PRIVATE_SPACE_BAN

    def __bool__(self) -> bool:
        return bool(self.devices)

    @property
    def what(self) -> Text:
        """What is to be done, in the words of the rule."""
        return rule_by_id(RULE).title


def finds(tenant: Any, **of: Any) -> Finds:
    """What is found at a ``deployment``, a ``deployment__site`` or a ``deployment__scenario``, in one query."""
    rows = Device.objects.filter(
        tenant=tenant, space_type__in=PRIVATE_SPACES, removal_proof__isnull=True, **of
    ).select_related("deployment")
    found = list(rows.order_by(F("removed_on").asc(nulls_first=True), "serial")[: SHOWN + 1])
    return Finds(found[:SHOWN], len(found) > SHOWN)

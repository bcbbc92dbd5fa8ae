"""By which channels a person is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from portal.obligations.models import Delivery, Reminder
from portal.tenancy.models import Tenant


def deliveries_for(
    tenant: Tenant, told: Sequence[Reminder], people: Mapping[int, Sequence[int]], *, now: datetime
) -> list[Delivery]:
    """The deliveries, not yet saved, that tell of these rungs the people of their PIPs: in the inbox and by mail."""
    return [
        Delivery(
            tenant=tenant,
            pip_id=row.pip_id,
            reminder=row,
            user_id=person,
            channel=channel,
            created_at=now,
            state="sent" if channel == "inbox" else "waiting",
            sent_at=now if channel == "inbox" else None,
        )
        for row in told
        for person in people[row.pip_id]
        for channel in ("inbox", "mail")
    ]

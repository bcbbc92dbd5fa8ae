"""By which channels people are told, and which programs: what is due soon goes to webhooks at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from portal.clock.events import due_soon
from portal.clock.listeners import Listeners
from portal.law.engine import STATUTORY
from portal.notifications.models import ChannelChoice
from portal.obligations.models import Delivery, Reminder
from portal.tenancy.models import Tenant


def deliveries_for(
    tenant: Tenant, told: Sequence[Reminder], people: Mapping[int, Sequence[int]], *, now: datetime
) -> list[Delivery]:
    """The deliveries, not yet saved, that tell of these rungs: everybody in the inbox, by mail whoever takes it, and
    the chats of the robots. A date set by law is mailed whatever somebody chose."""
    without_advice = set(ChannelChoice.objects.filter(mails_recommended=False).values_list("user_id", flat=True))
    robots = Listeners()
    rows = []
    for row in told:
        of = {"tenant": tenant, "pip_id": row.pip_id, "reminder": row, "created_at": now}
        is_law = row.obligation.rule in STATUTORY
        for person in people[row.pip_id]:
            rows.append(Delivery(**of, user_id=person, channel="inbox", state="sent", sent_at=now))
            if is_law or person not in without_advice:
                rows.append(Delivery(**of, user_id=person, channel="mail"))
        rows += [Delivery(**of, robot=robot, channel="robot") for robot in robots.of(row) if not robot.is_webhook]
    due_soon(told, robots.webhooks, now=now)
    return rows

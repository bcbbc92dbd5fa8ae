"""Rungs become deliveries: which of them are told today, and to whom."""

from collections import defaultdict
from datetime import date

from django.utils import timezone

from portal.accounts.models import Membership, PipGroupPermission
from portal.clock.routes import deliveries_for
from portal.obligations.models import Delivery, Reminder, State
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting


def hand_on(tenant: Tenant, *, today: date) -> int:
    """Turn the latest due rung of each open duty into deliveries; rungs that a later one overtook are skipped.

    While nobody may be told of a PIP its rungs stay planned: whoever comes next is told, late.
    """
    with acting(tenant, actor="system:dispatch", verb="reminder.hand_on"):
        due = list(
            Reminder.objects.filter(state="planned", send_on__lte=today)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("obligation")
            .order_by("send_on", "id")
        )
        latest = {row.obligation_id: row for row in due if row.obligation.state == State.OPEN}
        people = recipients({row.pip_id for row in latest.values()}, today=today)
        told = [row for row in latest.values() if row.pip_id in people]
        now = timezone.now()
        ended = [row.pk for row in due if row.obligation_id not in latest]
        overtaken = [row.pk for row in due if row.pip_id in people and latest.get(row.obligation_id, row) is not row]
        Reminder.objects.filter(pk__in=ended).update(state="cancelled", settled_at=now)
        Reminder.objects.filter(pk__in=overtaken).update(state="skipped", settled_at=now)
        late = [row.pk for row in told if row.send_on < today]
        Reminder.objects.filter(pk__in=[row.pk for row in told]).update(state="sent", settled_at=now)
        Reminder.objects.filter(pk__in=late).update(is_late=True)
        rows = deliveries_for(tenant, told, people, now=now)
        Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
        return len(told)


def recipients(pips: set[int], *, today: date) -> dict[int, list[int]]:
    """The people who prepare filings for a PIP, looked up now: owners and officers whose access has not ended."""
    rows = (
        PipGroupPermission.objects.filter(content_object_id__in=pips, permission__codename="prepare_filing")
        .filter(group__user__in=Membership.objects.current(today).values("user_id"))
        .values_list("content_object_id", "group__user__id")
        .distinct()
        .order_by("group__user__id")
    )
    people: dict[int, list[int]] = defaultdict(list)
    for pip_id, user_id in rows:
        people[pip_id].append(user_id)
    return people

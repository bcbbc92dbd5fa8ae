"""What people were told, and answered, before the day on which the demo stands."""

from datetime import date, datetime

from django.utils import timezone

from portal.accounts.models import User
from portal.clock.answering import acknowledge, snooze
from portal.clock.handing import hand_on
from portal.clock.models import Acknowledgement
from portal.clock.mornings import MORNING
from portal.obligations.models import Delivery, Obligation
from portal.tenancy.models import Tenant


def tell_of(tenant: Tenant, *, on: date) -> None:
    """The letters of a day that has passed: else a round of today would call its reminders late."""
    hand_on(tenant, today=on)
    at = datetime.combine(on, MORNING, timezone.get_default_timezone())
    Delivery.objects.filter(state="waiting").update(state="sent", attempts=1, sent_on=on)
    Delivery.objects.update(created_at=at, sent_at=at)


def answer_reminders(made: dict[str, User], *, today: date) -> None:
    """The officer is on the inspection, and puts off what waits for somebody outside; done once."""
    if Acknowledgement.objects.exists():
        return
    dated = Obligation.objects.open().filter(safe_on__isnull=False).order_by("id")
    inspection = dated.filter(rule="frm-16-inspection").first()
    audit = dated.filter(rule="minors-37-audit").first()
    if inspection is not None:
        acknowledge(inspection, by=made["officer"], today=today)
    if audit is not None:
        snooze(audit, days=5, reason="审计机构下周出具初稿。", by=made["officer"], today=today)

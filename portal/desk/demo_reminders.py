"""What people answered to reminders in the demo."""

from datetime import date

from portal.accounts.models import User
from portal.clock.answering import acknowledge, snooze
from portal.clock.models import Acknowledgement
from portal.obligations.models import Obligation


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

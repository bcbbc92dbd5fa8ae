"""What beat wakes: each task calls one service and may run late, twice or at the same time as another."""

from celery import shared_task

from portal.calendars.clock import civil_now, civil_today
from portal.clock.dispatch import dispatch as send_due
from portal.clock.receipts import send_receipts
from portal.clock.sweep import sweep as go_round


@shared_task
def sweep() -> None:
    """Make obligations agree with the law."""
    go_round(today=civil_today())


@shared_task
def dispatch() -> None:
    """Send the reminders that are due."""
    send_due(today=civil_today())


@shared_task
def receipts() -> None:
    """Send the weekly receipts."""
    send_receipts(today=civil_today(), now=civil_now())

"""The PIP's own target for answers: the law says promptly 及时 and counts no days."""

from portal.calendars.clock import calendar
from portal.cases.models import Case
from portal.law.reckoning import Reckoning
from portal.law.workdays import CalendarError


def target_of(case: Case) -> Reckoning | None:
    """Working days after the day of receipt, as default-case-reply reckons; None where the calendar lacks the year."""
    try:
        return calendar().add(case.received_on, max(case.pip.reply_days, 1))
    except CalendarError:
        return None

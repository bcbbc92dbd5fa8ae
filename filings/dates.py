"""Days that the portal or a person sets for a filing, no law: chosen, or reckoned anew whenever they are asked for.

What is reckoned isn't kept, or follows at the next reconcile, so that a holiday notice loaded later counts here too.
"""

from dataclasses import dataclass
from datetime import date

from filings.models import EndingTask, Submission
from portal.calendars.clock import calendar
from portal.law.checklists import ANSWER_WORKING_DAYS, CORRECTION_WORKING_DAYS, TARGET_WORKING_DAYS
from portal.law.threshold import FILING_WORKING_DAYS
from portal.tenancy.models import Pip

# portal default, not law: working days until the signs are down and nobody has access.
SOON_WORKING_DAYS = 5
AT_ONCE = ("signs", "access")


@dataclass(frozen=True, slots=True)
class OwnDate:
    """A last day that no law sets, and the day to aim at while a notice may still move it."""

    due: date
    safe: date
    provisional: bool = False


def reckoned(start: date, days: int) -> OwnDate:
    """So many working days after a day; firm, it is its own safe date: no start-day rule is in doubt."""
    found = calendar().add(start, days)
    return OwnDate(found.due, found.safe if found.provisional else found.due, found.provisional)


def answer_expected(submission: Submission) -> OwnDate:
    """By when the authority's answer is expected; portal default, not law: no text names a time (LAW.md 2.7)."""
    return reckoned(submission.submitted_on, ANSWER_WORKING_DAYS)


def correct_by(received_on: date, chosen: date | None = None) -> OwnDate:
    """By when a correction is to be sent; portal default, not law: no text names a time (LAW.md 2.7)."""
    return OwnDate(chosen, chosen) if chosen else reckoned(received_on, CORRECTION_WORKING_DAYS)


def date_of_task(task: EndingTask) -> OwnDate:
    """By when a task of an end of use is to be done; portal default unless somebody chose another day."""
    if task.is_own_date:
        return OwnDate(task.due_on, task.due_on)
    return reckoned(task.termination.ended_on, days_of_task(task.code))


def days_of_task(code: str) -> int:
    """Working days from the end of use until a task is to be done."""
    return SOON_WORKING_DAYS if code in AT_ONCE else FILING_WORKING_DAYS - TARGET_WORKING_DAYS


def follow_calendar(pip: Pip) -> None:
    """Keep the days of open tasks that nobody chose as the calendar has them now: sums of the team count by them."""
    rows = EndingTask.objects.filter(
        pip=pip, is_own_date=False, done_on__isnull=True, termination__state="running"
    ).select_related("termination")
    for task in rows:
        due_on = date_of_task(task).due
        if due_on != task.due_on:
            task.due_on = due_on
            task.save(update_fields=["due_on"])

"""What people answer to a reminder: that they are on it, or that it may rest for some working days."""

from datetime import date, timedelta

from django.db.models import Min
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.calendars.clock import calendar
from portal.clock.models import MOST_SNOOZE, Acknowledgement
from portal.clock.rungs import LAST_DAYS, UP
from portal.law.engine import STATUTORY
from portal.obligations.models import Obligation, Reminder, State
from portal.tenancy.session import service
from portal.workflow import CaseError

# default, not law: of what no statute dates, "I am on it" keeps nags away for a week once its day has passed.
REST_WHEN_LATE = 5  # working days


@service("reminder.acknowledge")
def acknowledge(duty: Obligation, *, by: User, today: date) -> Acknowledgement:
    """Say that somebody is on it: nags rest until the next date that law sets, and the owners are not told.

    Of two clicks the second gets what the first made.
    """
    require_open(duty)
    return answer(duty, by=by, kind="on_it", until=rests_until(duty, today), reason="")


@service("reminder.snooze")
def snooze(duty: Obligation, *, days: int, reason: str, by: User, today: date) -> Acknowledgement:
    """Put it off for some working days, with a reason; the dates that law sets are told all the same."""
    require_open(duty)
    if not 1 <= days <= MOST_SNOOZE:
        raise ValidationError({"days": _("Choose one to five working days.")})
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Say why it may rest.")})
    return answer(duty, by=by, kind="snooze", until=calendar().add(today, days).due, reason=reason)


def require_open(duty: Obligation) -> None:
    """Only what is open and has a date can be answered."""
    if duty.state != State.OPEN:
        raise CaseError(_("This duty is open no more. There is nothing left to answer."))
    if duty.safe_on is None:
        raise CaseError(_("No date runs for this duty, so it has no reminders that could rest."))


def rests_until(duty: Obligation, today: date) -> date:
    """The last day on which nags are kept away after "I am on it"."""
    one_day = timedelta(days=1)
    if duty.rule in STATUTORY:
        last_days = Reminder.objects.filter(obligation=duty, aims_at=duty.safe_on, rung__in=LAST_DAYS)
        first = last_days.filter(state="planned", send_on__gt=today).aggregate(day=Min("send_on"))["day"]
        return first - one_day if first else today
    if duty.safe_on > today:
        return duty.safe_on - one_day
    return calendar().add(today, REST_WHEN_LATE).due


def answer(duty: Obligation, *, by: User, kind: str, until: date, reason: str) -> Acknowledgement:
    """Keep the answer, and take away what would have gone to the owners."""
    # Two who answer take turns.
    Obligation.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    same = Acknowledgement.objects.filter(
        obligation=duty, user=by, aims_at=duty.safe_on, kind=kind, until=until, reason=reason
    ).first()
    if same is not None:
        return same
    made = Acknowledgement(
        tenant_id=duty.tenant_id,
        pip_id=duty.pip_id,
        obligation=duty,
        user=by,
        aims_at=duty.safe_on,
        kind=kind,
        until=until,
        reason=reason,
        at=timezone.now(),
    )
    made.full_clean(exclude=["tenant"])
    made.save(force_insert=True)
    waiting = Reminder.objects.filter(obligation=duty, state="planned", rung__startswith=UP)
    why = "snoozed" if kind == "snooze" else "acknowledged"
    waiting.update(state="cancelled", settled_why=why, settled_at=timezone.now())
    return made

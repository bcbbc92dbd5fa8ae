"""The verbs of a change: set its day, decide on it, confirm the decision (FRM Art 15)."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.frozen import newest_event
from filings.models import ChangeCase
from filings.sentinel import value_now
from filings.workflow import EDITABLE
from portal.accounts.models import User
from portal.accounts.services import members_with
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError

LATEST = timedelta(days=366)


@service("change.date")
def date_change(case: ChangeCase, *, on: date, reason: str, today: date) -> ChangeCase:
    """Set the day on which a change takes effect: the law counts from it, not from the noticing."""
    case = _locked(case)
    if not reason.strip():
        raise ValidationError({"effective_reason": _("Say how the day is known.")})
    frozen_on = date.fromisoformat(case.against.facts["frozen_on"])
    if on < frozen_on:
        raise ValidationError(
            {
                "effective_on": _("What was filed is of %(day)s. A change of an earlier day is in it already.")
                % {"day": frozen_on}
            }
        )
    if on > today + LATEST:
        raise ValidationError({"effective_on": _("The day lies more than a year ahead.")})
    case.effective_on, case.effective_reason = on, reason.strip()
    case.save(update_fields=["effective_on", "effective_reason"])
    touch(case.pip_id)
    return case


@service("change.decide")
def decide(case: ChangeCase, *, is_substantial: bool, reason: str, by: User, today: date) -> ChangeCase:
    """Decide whether a change is substantial, and why; an earlier decision stays in the trail.

    "Not substantial" holds once another person has confirmed it; until then the date runs as if it were.
    """
    case = _locked(case)
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason: it is kept with the decision.")})
    case.is_substantial, case.reason = is_substantial, reason.strip()
    case.decided_by, case.decided_at = by, timezone.now()
    # A later edit of the same item is measured by what was decided on here.
    case.judged, case.judged_event = value_now(case, today), newest_event(case.tenant_id)
    case.approved_by, case.approved_at, case.alone_because = None, None, ""
    if not is_substantial:
        case.filing = None
    case.save(
        update_fields=[
            *("is_substantial", "reason", "decided_by", "decided_at", "judged", "judged_event"),
            *("approved_by", "approved_at", "alone_because", "filing"),
        ]
    )
    touch(case.pip_id)
    return case


@service("change.confirm")
def confirm(case: ChangeCase, *, by: User, alone_because: str = "") -> ChangeCase:
    """Confirm as another person that a change is not substantial; where nobody else may, say why alone."""
    case = _locked(case)
    if case.is_substantial is not False or case.approved_by_id is not None:
        raise CaseError(_("Nothing waits to be confirmed here. Reload the page to see how it was decided."))
    if by.pk == case.decided_by_id:
        _require_alone(case, by)
        if not alone_because.strip():
            raise ValidationError({"alone_because": _("Say why nobody else confirms it.")})
        case.alone_because = alone_because.strip()
    case.approved_by, case.approved_at = by, timezone.now()
    case.save(update_fields=["approved_by", "approved_at", "alone_because"])
    touch(case.pip_id)
    return case


def others_for(case: ChangeCase, by: User) -> list[User]:
    """Who else may confirm a decision on this change."""
    return [user for user in members_with("submit_filing", case.pip) if user.pk != by.pk]


def _require_alone(case: ChangeCase, by: User) -> None:
    if others := others_for(case, by):
        names = _(", ").join(str(user) for user in others[:3])
        raise CaseError(
            _("You decided on this change, so another person confirms it. Ask one of these: %(names)s.")
            % {"names": names}
        )


def _locked(case: ChangeCase) -> ChangeCase:
    """The row under a lock; what a frozen or sent filing carries isn't touched any more."""
    rows = ChangeCase.objects.select_related("pip__tenant", "tenant", "against", "scenario__pip", "filing")
    locked = rows.select_for_update(of=("self",)).get(pk=case.pk)
    if locked.filing is not None and locked.filing.state not in EDITABLE:
        raise CaseError(
            _("%(filing)s carries this change and is frozen or sent. What it stands on can't be changed any more.")
            % {"filing": locked.filing}
        )
    return locked

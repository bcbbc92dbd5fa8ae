"""Waivers: a named reviewer answers, with a reason, for a finding that stays in sight (LAW.md 7.2)."""

from datetime import date

from django.db.models import F
from django.forms import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.law.gates import is_waivable
from portal.obligations.models import Waiver
from portal.tenancy.models import Pip, TenantOwned, touch
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict


def is_last_editor(about: TenantOwned, by: User) -> bool:
    """Whether this person was the last one to write the row, as the trail has it."""
    events = AuditEvent.objects.filter(
        tenant_id=about.tenant_id, table_name=about._meta.db_table, row_id=str(about.pk), actor__startswith="user:"
    )
    return events.values_list("actor", flat=True).first() == f"user:{by.pk}"


@service("finding.waive")
def waive(
    rule: str, subject: str, *, about: TenantOwned, reason: str, by: User, today: date, ends_on: date | None = None
) -> Waiver:
    """Let a finding on ``about``, the row that ``subject`` names, stand for now; never by who wrote that row last.

    Of two clicks the second gets what the first made.
    """
    if not is_waivable(rule):
        raise CaseError(_("This can't be waived by anybody. Mend what is missing."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this need not be met for now.")})
    if ends_on is not None and ends_on < today:
        raise ValidationError({"ends_on": _("This day has passed. Give a later one, or none.")})
    if is_last_editor(about, by):
        raise CaseError(
            _("You changed this last, so you can't waive a finding on it. Ask another person with the right to.")
        )
    # Two who waive the same take turns.
    Pip.objects.select_for_update(of=("self",)).get(pk=about.pip_id)
    of_finding = Waiver.objects.filter(pip_id=about.pip_id, rule=rule, subject=subject, ended_on__isnull=True)
    of_finding.filter(ends_on__lt=today).update(ended_on=F("ends_on"))
    standing = of_finding.first()
    if standing is not None:
        if (standing.waived_by_id, standing.reason) == (by.pk, reason):
            return standing
        raise StateConflict(_("This finding was waived already. Reload the page to see by whom and why."))
    waiver = Waiver(
        tenant_id=about.tenant_id,
        pip_id=about.pip_id,
        rule=rule,
        subject=subject,
        reason=reason,
        waived_on=today,
        waived_by=by,
        ends_on=ends_on,
    )
    waiver.full_clean(exclude=["tenant"])
    waiver.save(force_insert=True)
    touch(about.pip_id)
    return waiver


@service("waiver.withdraw")
def withdraw_waiver(waiver: Waiver, *, today: date) -> None:
    """Take a waiver back: from today on the finding is open again."""
    rows = Waiver.objects.filter(pk=waiver.pk, ended_on__isnull=True)
    if rows.update(ended_on=today) != 1:
        raise StateConflict(_("This waiver was withdrawn already. Reload the page."))
    touch(waiver.pip_id)

"""Erase an assessment whose years are over: one person asks, another confirms; its row and the hashes stay."""

from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessments.choices import SETTLED
from assessments.models import Assessment, Erasure
from assessments.retention import retention_of
from deployments.services.rows import constraints_as_words
from portal.accounts.models import User
from portal.evidence.services import vault
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("erasure.ask")
def ask_erasure(assessment: Assessment, *, by: User, today: date, reason: str) -> Erasure:
    """Ask that the content be erased; nothing goes before another person confirms it."""
    if not reason.strip():
        raise CaseError(_("Say why it is to be erased."))
    kept_until = require_over(_held(assessment), today)
    if assessment.erasures.filter(withdrawn_on__isnull=True).exists():
        raise CaseError(_("The erasure has been asked for already. Reload the page."))
    row = Erasure(
        tenant_id=assessment.tenant_id,
        pip_id=assessment.pip_id,
        assessment=assessment,
        reason=reason.strip(),
        kept_until=kept_until,
        asked_on=today,
        asked_by=by,
    )
    row.save(force_insert=True)
    return row


@service("erasure.withdraw")
def withdraw_erasure(erasure: Erasure, *, by: User, today: date) -> None:
    """Take back what was asked for; a second press changes nothing."""
    rows = Erasure.objects.filter(pk=erasure.pk, confirmed_on__isnull=True, withdrawn_on__isnull=True)
    rows.update(withdrawn_on=today, withdrawn_by=by)


@service("erasure.confirm")
def confirm_erasure(erasure: Erasure, *, by: User, today: date) -> Erasure:
    """Erase what another person asked for: answers, risks, versions and reports go, their hashes stay in the trail."""
    if by.pk == erasure.asked_by_id:
        raise CaseError(
            _("You asked for this erasure, so you can't confirm it. Ask another person with the right to.")
        )
    assessment = _held(erasure.assessment)
    standing = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
    if standing.confirmed_on or standing.withdrawn_on:
        raise CaseError(_("This erasure was confirmed or withdrawn meanwhile. Reload the page."))
    require_over(assessment, today)
    standing.erased, standing.confirmed_by, standing.confirmed_on = what_goes(assessment), by, today
    with constraints_as_words(Erasure):
        standing.save(update_fields=["erased", "confirmed_by", "confirmed_on"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT assessment_erase(%s)", [standing.pk])
        codes = cursor.fetchone()[0]
    for code in codes:
        transaction.on_commit(partial(vault().remove, assessment.tenant_id, code))
    touch(assessment.pip_id)
    return standing


def require_over(assessment: Assessment, today: date) -> date:
    """Refuse to erase what isn't settled, or is still kept, saying until when; the last day on which it was kept."""
    if assessment.state not in SETTLED:
        raise CaseError(
            _("%(reference)s is %(state)s: there is nothing to erase.")
            % {"reference": assessment.reference, "state": assessment.get_state_display()}
        )
    kept = retention_of(assessment)
    if kept.until is None:
        raise CaseError(_("Its scenarios are still in use: it is kept until three years after their end."))
    if not kept.is_over(today):
        sentence = _("It is kept until %(day)s, that day included. It may be erased from the day after.")
        raise CaseError(sentence % {"day": kept.until.isoformat()})
    return kept.until


def what_goes(assessment: Assessment) -> list[dict[str, Any]]:
    """Each frozen version and each file of the assessment, with its SHA-256."""
    versions = [
        {"name": f"v{number}", "sha256": sha256}
        for number, sha256 in assessment.versions.order_by("number").values_list("number", "sha256")
    ]
    kept = [assessment.report, assessment.signed_scan]
    kept += [row.evidence for row in assessment.reports.select_related("evidence")]
    kept += [row.evidence for row in assessment.answers.select_related("evidence")]
    kept += [row.evidence for row in assessment.measures.select_related("evidence")]
    files = {file.pk: {"name": file.name, "sha256": file.sha256} for file in kept if file is not None}
    return [*versions, *files.values()]


def _held(assessment: Assessment) -> Assessment:
    rows = Assessment.objects.select_related("pip", "tenant", "report", "signed_scan")
    return rows.select_for_update(of=("self",)).get(pk=assessment.pk)

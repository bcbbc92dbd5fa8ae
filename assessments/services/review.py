"""Review by section: accepted or to correct, with comments that stay until they are settled."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Remark, SectionReview
from assessments.services.approval import require_other_person
from portal.accounts.models import User
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("section.accept")
def accept_section(assessment: Assessment, section: str, *, by: User) -> None:
    """Accept a section as it stands."""
    _settle(assessment, section, "accepted", by=by)


@service("section.correct")
def ask_correction(assessment: Assessment, section: str, *, by: User, comment: str) -> Remark:
    """Ask for a section to be corrected, with the reason."""
    if not comment.strip():
        raise CaseError(_("Say what is to be corrected."))
    _settle(assessment, section, "to_correct", by=by)
    return remark(assessment, section, text=comment, by=by)


@service("remark.write")
def remark(assessment: Assessment, section: str, *, text: str, by: User, question: str = "") -> Remark:
    """Comment on a section or on one of its questions."""
    if not text.strip():
        raise CaseError(_("The comment is empty. Write what you want to say."))
    row = Remark(
        tenant_id=assessment.tenant_id,
        pip_id=assessment.pip_id,
        assessment=assessment,
        section=section,
        question=question,
        text=text.strip(),
        written_at=timezone.now(),
        written_by=by,
    )
    row.full_clean(exclude=["tenant", "settled_at", "settled_by"])
    row.save()
    return row


@service("remark.settle")
def settle_remark(row: Remark, *, by: User) -> None:
    """Note that a comment was dealt with; a second press changes nothing."""
    Remark.objects.filter(pk=row.pk, settled_at__isnull=True).update(settled_at=timezone.now(), settled_by=by)


def _settle(assessment: Assessment, section: str, state: str, *, by: User) -> None:
    require_other_person(assessment, by)
    if assessment.state not in ("draft", "returned", "submitted"):
        raise CaseError(_("This assessment is settled; its sections are not reviewed any more."))
    rows = SectionReview.objects.filter(assessment=assessment, section=section)
    if rows.update(state=state, settled_at=timezone.now(), settled_by=by) != 1:
        raise CaseError(_("There is no such section."))

"""A workspace's own questions: added to a section and asked until they are ended; the statutory ones stay."""

from datetime import date

from django.utils.translation import gettext as _

from assessments.models import OwnQuestion
from portal.accounts.models import User
from portal.law.pipia import template
from portal.tenancy.models import Pip
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("question.add")
def add_question(
    pip: Pip, *, section: str, text_zh: str, by: User, text_en: str = "", is_required: bool = False
) -> OwnQuestion:
    """Ask something more in every open and later assessment of a PIP."""
    if section not in {one.code for one in template().sections}:
        raise CaseError(_("There is no such section."))
    row = OwnQuestion(
        tenant_id=pip.tenant_id, pip=pip, section=section, text_zh=text_zh, text_en=text_en, is_required=is_required
    )
    row.full_clean(exclude=["tenant"])
    row.save()
    return row


@service("question.end")
def end_question(row: OwnQuestion, *, by: User, today: date) -> None:
    """Ask it no longer; the answers that were given stay. A second press changes nothing."""
    OwnQuestion.objects.filter(pk=row.pk, ended_on__isnull=True).update(ended_on=today)

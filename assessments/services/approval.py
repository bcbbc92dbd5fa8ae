"""The way to approval: submit what is complete, return it with comments, approve it as another person."""

from datetime import date
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.content import Content, digest, plain, read
from assessments.models import Assessment, Author, Report, Step, Version
from assessments.report import make_reports
from assessments.services.writing import hold
from assessments.workflow import MOVES
from portal.accounts.models import User
from portal.accounts.services import members_with
from portal.evidence.services import SCANS, keep
from portal.law.reckoning import years_after
from portal.law.rules.assessment import YEARS_KEPT
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError, advance

# Portal default, not law: an approved assessment is looked at again after a year.
REVIEW_AFTER_YEARS = 1


@service("assessment.submit")
def submit(assessment: Assessment, *, by: User) -> Version:
    """Freeze the content as it stands, with its hash, and hand it to an approver."""
    hold(assessment)
    content = read(assessment)
    require_complete(content)
    values = plain(content)
    version = Version.objects.create(
        tenant_id=assessment.tenant_id,
        pip_id=assessment.pip_id,
        assessment=assessment,
        number=assessment.versions.count() + 1,
        content=values,
        sha256=digest(values),
        made_at=timezone.now(),
        made_by=by,
    )
    advance(
        assessment,
        MOVES,
        "submit",
        conflict=_("This assessment was submitted meanwhile. Reload the page."),
        has_lawfulness=True,
        has_rights_impact=True,
        has_risks=True,
        has_measures=True,
    )
    _note(assessment, version, "submitted", by=by)
    return version


def require_complete(content: Content) -> None:
    """Refuse an assessment that lacks an answer, a weighed risk or its conclusion, naming what is missing."""
    if found := content.missing():
        named = _(", ").join(dict.fromkeys(section.number for section, _question, _place in found))
        sentence = _("%(n)s questions have no answer yet, in the sections %(sections)s. Answer them first.")
        raise CaseError(sentence % {"n": len(found), "sections": named})
    if unweighed := [row.title for row in content.risks if None in steps_of(row)]:
        sentence = _("These risks are not weighed before and after the measures: %(risks)s.")
        raise CaseError(sentence % {"risks": _(", ").join(unweighed)})
    if not content.assessment.conclusion:
        raise CaseError(_("The conclusion is missing: may the processing proceed?"))
    if content.assessment.third_party and not content.assessment.third_party_part:
        raise CaseError(_("Describe the part of the third party in the assessment (CAC Q&A, January 2026)."))


def steps_of(risk) -> tuple[int | None, ...]:
    """Likelihood and severity of a risk, before and after the measures."""
    return (risk.likelihood, risk.severity, risk.likelihood_after, risk.severity_after)


@service("assessment.return")
def send_back(assessment: Assessment, *, by: User, comment: str) -> None:
    """Return a submitted assessment to its authors, with what is to be corrected."""
    if not comment.strip():
        raise CaseError(_("Say what is to be corrected."))
    require_other_person(assessment, by)
    version = assessment.versions.first()
    advance(assessment, MOVES, "return", conflict=_not_waiting(), has_lawfulness=False)
    _note(assessment, version, "returned", by=by, comment=comment)


@service("assessment.approve")
def approve(assessment: Assessment, *, by: User, today: date, alone_because: str = "") -> Assessment:
    """Approve what was submitted, as another person than its authors; the reports are made and kept (FRM Art 9).

    Where one person alone may approve, ``alone_because`` says so; it stands in the report and in the trail.
    """
    is_one_person = bool(alone_because.strip())
    if is_one_person:
        require_alone(assessment, by)
    else:
        require_other_person(assessment, by)
    version = assessment.versions.first()
    _require_untouched(assessment, version)
    reports = _reports(assessment, version, by=by, today=today, alone_because=alone_because)
    advance(
        assessment,
        MOVES,
        "approve",
        conflict=_("This assessment has been approved already. Reload the page to see by whom."),
        approved_by=by,
        approved_on=today,
        is_one_person=is_one_person,
        report=reports[0].evidence if reports else assessment.report,
        review_on=years_after(today, REVIEW_AFTER_YEARS),
        keep_until=years_after(today, YEARS_KEPT),
    )
    _note(assessment, version, "approved", by=by, comment=alone_because)
    _supersede(assessment, by=by)
    touch(assessment.pip_id)
    return assessment


def _reports(
    assessment: Assessment, version: Version | None, *, by: User, today: date, alone_because: str
) -> list[Report]:
    """The reports of what was written here; a report made elsewhere is there already."""
    if version is None:
        return []
    return make_reports(assessment, version, approved_by=by, approved_on=today, alone_because=alone_because)


def require_other_person(assessment: Assessment, by: User) -> None:
    """Refuse an author: four eyes, whatever the door."""
    if by.pk == assessment.written_by_id or Author.objects.filter(assessment=assessment, user=by).exists():
        raise CaseError(
            _("You wrote in this assessment, so you can't decide on it. Ask another person with the right to.")
        )


def require_alone(assessment: Assessment, by: User) -> None:
    """Refuse the exception for one-person workspaces where another person may approve."""
    others = [user for user in members_with("approve_assessment", assessment.pip) if user.pk != by.pk]
    if others:
        names = _(", ").join(str(user) for user in others[:3])
        raise CaseError(_("Others here may approve: %(names)s. Ask one of them.") % {"names": names})


@service("assessment.sign")
def attach_signed(assessment: Assessment, scan: IO[bytes], *, name: str, by: User) -> None:
    """Add the scan of the signed report to an approved assessment."""
    if assessment.state not in ("approved", "superseded"):
        raise CaseError(_("Only an approved report is signed. Wait for the approval."))
    assessment.signed_scan = keep(scan, name=name, pip=assessment.pip, by=by, allowed=SCANS)
    assessment.save(update_fields=["signed_scan"])
    _note(assessment, assessment.versions.first(), "scanned", by=by)


def _supersede(assessment: Assessment, *, by: User) -> None:
    """The assessment that this one renews stays readable and is no longer in force."""
    former = assessment.supersedes
    if former is None or former.state != "approved":
        return
    advance(former, MOVES, "supersede", conflict=_("The former assessment was superseded meanwhile. Reload the page."))
    _note(former, former.versions.first(), "superseded", by=by, comment=assessment.reference)


def _require_untouched(assessment: Assessment, version: Version | None) -> None:
    if version is not None and digest(plain(read(assessment))) != version.sha256:
        raise CaseError(_("The content is not what was submitted. Return it, and have it submitted again."))


def _note(assessment: Assessment, version: Version | None, what: str, *, by: User, comment: str = "") -> None:
    Step.objects.create(
        tenant_id=assessment.tenant_id,
        pip_id=assessment.pip_id,
        assessment=assessment,
        version=version,
        what=what,
        comment=comment,
        taken_at=timezone.now(),
        taken_by=by,
    )


def _not_waiting() -> str:
    return _("This assessment doesn't wait for approval any more. Reload the page.")

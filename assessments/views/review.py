"""The review of a section: accepted or sent back, with comments until they are settled."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from assessments import services
from assessments.content import read
from assessments.models import Assessment, Remark
from assessments.views.common import address, rights_of
from assessments.views.section import row_of, section_of
from portal.accounts.pages import page
from portal.workflow import CaseError

LONGEST = 2000


@page("approve_assessment", writes=True)
def review(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Accept a section, or send it back with what is to be corrected."""
    row = row_of(request, reference, "approve_assessment")
    section = section_of(read(row), code)
    if request.method == "POST":
        comment = short(request.POST.get("comment", ""))
        if request.POST.get("verdict") == "accepted":
            services.accept_section(row, section.code, by=request.user)
            if comment.strip():
                services.remark(row, section.code, text=comment, by=request.user)
            messages.success(request, _("The section is accepted."))
        else:
            services.ask_correction(row, section.code, by=request.user, comment=comment)
            messages.success(request, _("The section is sent back."))
    return redirect(address(request, "section", reference, code))


@page("view_pip", writes=True)
def remark(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Comment on a section or on a question."""
    row = row_of(request, reference)
    content = read(row)
    section = section_of(content, code)
    require_remarks(request, row)
    if request.method == "POST":
        on = request.POST.get("on", "")
        if on and on not in {question.code for question in content.questions(section)}:
            raise Http404
        services.remark(
            row, section.code, text=short(request.POST.get(f"remark-{on}", "")), by=request.user, question=on
        )
        messages.success(request, _("The comment is written."))
    return redirect(address(request, "section", reference, code))


@page("view_pip", writes=True)
def settle(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Note that a comment was dealt with."""
    row = row_of(request, reference)
    found = request.access.get(Remark, "view_pip", pk=pk, assessment=row)
    require_remarks(request, row)
    if request.method == "POST":
        services.settle_remark(found, by=request.user)
    return redirect(address(request, "section", reference, found.section))


def require_remarks(request: HttpRequest, row: Assessment) -> None:
    """403 unless the reader writes or approves assessments; a sentence once this one is settled."""
    access = request.access
    if not (access.can("write_assessment", row.pip_id) or access.can("approve_assessment", row.pip_id)):
        raise PermissionDenied
    if request.method == "POST" and not rights_of(request, row).may_remark:
        raise CaseError(_("This assessment is settled; nobody comments on it any more."))


def short(text: str) -> str:
    """A comment that fits; a sentence if it is too long or no text."""
    if len(text) > LONGEST or "\0" in text:
        raise CaseError(_("The comment is longer than %(n)s characters. Shorten it.") % {"n": LONGEST})
    return text

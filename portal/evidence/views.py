"""Give a file back: ordinary ones at once, sensitive ones after a press of a button that is logged."""

from base64 import b64encode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from portal.accounts.pages import page
from portal.evidence.models import Evidence
from portal.evidence.services import check, note_opening, reader
from portal.evidence.store import Damaged, Destroyed
from portal.workflow import CaseError


class EvidenceResponse(FileResponse):
    """A file as a download that no browser runs or guesses the type of."""

    block_size = 256 * 1024


def download(evidence: Evidence, *, name: str = "") -> EvidenceResponse:
    """The verified file as a response; it needs no database any more when it is sent."""
    try:
        check(evidence)
    except Destroyed:
        raise CaseError(_("This file was destroyed. Its row and its SHA-256 are kept as proof.")) from None
    except Damaged:
        raise CaseError(
            _("The stored file is not the one that was uploaded. Tell the operator of the portal before you go on.")
        ) from None
    response = EvidenceResponse(
        reader(evidence), as_attachment=True, filename=name or evidence.name, content_type=evidence.media_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(evidence.sha256)).decode()}:"
    return response


@page("view_pip", writes=True)
def open_evidence(request: HttpRequest, code: UUID) -> HttpResponse:
    """The file itself; a sensitive one first shows what opening it means."""
    evidence = request.access.get(Evidence, "view_pip", code=code)
    if evidence.is_sensitive:
        request.access.require("open_sensitive", evidence.pip_id)
        if request.method != "POST":
            rows = [
                (_("Name"), evidence.name),
                (_("Size"), filesizeformat(evidence.size)),
                (_("SHA-256"), evidence.sha256),
                (_("Uploaded"), evidence.uploaded_at),
                (_("Uploaded by"), evidence.uploaded_by),
            ]
            return render(request, "evidence/sensitive.html", {"evidence": evidence, "rows": rows})
        note_opening(evidence, by=request.user)
    return download(evidence)

"""A stored file as a download: verified before the first byte, harmless in every browser."""

from base64 import b64encode

from django.http import FileResponse
from django.utils.translation import gettext as _

from portal.evidence.models import Evidence
from portal.evidence.services import check, reader
from portal.evidence.store import Damaged, Destroyed
from portal.workflow import CaseError


class EvidenceResponse(FileResponse):
    """A file as a download that no browser runs or guesses the type of."""

    block_size = 256 * 1024


def as_image(evidence: Evidence) -> EvidenceResponse:
    """A copy that the portal itself made of a photo, to stand in a page."""
    return _answer(evidence, as_attachment=False)


def download(evidence: Evidence, *, name: str = "") -> EvidenceResponse:
    """The verified file as a download."""
    return _answer(evidence, name=name, as_attachment=True)


def _answer(evidence: Evidence, *, name: str = "", as_attachment: bool) -> EvidenceResponse:
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
        reader(evidence),
        as_attachment=as_attachment,
        filename=name or evidence.name,
        content_type=evidence.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(evidence.sha256)).decode()}:"
    return response

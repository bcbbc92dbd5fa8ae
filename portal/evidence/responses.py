"""A stored file as a download: verified before the first byte, harmless in every browser."""

from base64 import b64encode

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal.evidence.models import Evidence
from portal.evidence.services import check, reader
from portal.evidence.sniff import media_type
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


def made(content: bytes, name: str, *, as_attachment: bool = False) -> HttpResponse:
    """A paper as it would be made now, which nobody keeps: not the portal, not a cache."""
    response = HttpResponse(content, content_type=media_type(name))
    response["Content-Disposition"] = content_disposition_header(as_attachment, name)
    response["Cache-Control"] = "private, no-store"
    return response


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

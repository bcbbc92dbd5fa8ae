"""Give a file back: ordinary ones at once, sensitive ones after a press of a button that is logged."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from portal.accounts.pages import page
from portal.evidence.models import Evidence, Photo
from portal.evidence.responses import as_image, download
from portal.evidence.services import note_opening


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


@page("view_pip")
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo as viewers see it, without the position it was taken at."""
    row = request.access.get(Photo.objects.select_related("shown"), "view_pip", pk=pk)
    return as_image(row.shown)

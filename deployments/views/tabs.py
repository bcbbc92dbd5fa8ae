"""The tabs of a scenario's and of a site's record: each is a page of its own."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OF_SCENARIO: tuple[tuple[str, str | Promise], ...] = (
    ("scenario", _("Overview")),
    ("scope", _("Scope")),
    ("notice", _("Notice")),
    ("consent", _("Consent")),
    ("choice", _("Other ways")),
    ("safeguards", _("Protection")),
    ("partners", _("Vendors")),
)
OF_SITE: tuple[tuple[str, str | Promise], ...] = (
    ("site", _("Overview")),
    ("site_signs", _("Signs")),
    ("site_police", _("Video Regulations")),
)
OF_DEPLOYMENT: tuple[tuple[str, str | Promise], ...] = (
    ("deployment", _("Overview")),
    ("areas", _("Capture areas")),
    ("signs", _("Signs")),
)


def tabs_of(
    request: HttpRequest, pages: tuple[tuple[str, str | Promise], ...], pk: int, current: str
) -> list[dict[str, Any]]:
    """Label and address of each page of a record, the open one marked."""
    found = []
    for name, label in pages:
        try:
            url = reverse(f"deployments:{name}", args=[request.tenant.slug, pk])
        except NoReverseMatch:
            continue
        found.append({"label": label, "url": url, "current": name == current})
    return found

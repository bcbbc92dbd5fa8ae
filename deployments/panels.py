"""What the register shows on every page of a site and its deployments, and on the pages of higher storeys."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from deployments.private_spaces import Finds, finds
from portal.ui.panels import Panel

# The address of a page of a site or of a deployment, whichever helper of the register it belongs to.
OF_SITE = re.compile(r"register/(sites|deployments)/<int:pk>/")


def finds_of_page(request: HttpRequest) -> Finds | None:
    """What was found in private spaces at the site whose page this is, or its deployment's; asked once a request."""
    if not hasattr(request, "private_finds"):
        request.private_finds = _read(request)
    return request.private_finds


def _read(request: HttpRequest) -> Finds | None:
    match = request.resolver_match
    place = OF_SITE.search(match.route) if match else None
    if place is None or getattr(request, "access", None) is None:
        return None
    pk = match.kwargs["pk"]
    where = {"deployment__site": pk} if place.group(1) == "sites" else {"deployment__site__deployments": pk}
    found = finds(request.tenant, **where)
    return found if found and request.access.can("view_pip", found.devices[0].pip_id) else None


def private_spaces(request: HttpRequest, _subject: Any) -> Panel | None:
    """The critical finding of a device in a private space: on every page of its site until its removal is proved."""
    found = finds_of_page(request)
    if found is None:
        return None
    context = {"private": found, "may_edit": request.access.can("edit_register", found.devices[0].pip_id)}
    return Panel(_("A device stands in a private space"), "deployments/_private_space.html", context, order=10)

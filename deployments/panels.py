"""What the register shows on every page of a site and its deployments, and on the pages of higher storeys."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from deployments.facts.places import unproved
from deployments.models import Device
from portal.law.sources import FRM, VIDEO
from portal.ui.panels import Panel

# The address of a page of a site or of a deployment, whichever helper of the register it belongs to.
OF_SITE = re.compile(r"register/(sites|deployments)/<int:pk>/")
SHOWN = 5


def private_spaces(request: HttpRequest, _subject: Any) -> Panel | None:
    """The critical finding of a device in a private space: on every page of its site until its removal is proved."""
    match = request.resolver_match
    found = OF_SITE.search(match.route) if match else None
    if found is None or getattr(request, "access", None) is None:
        return None
    pk = match.kwargs["pk"]
    where = {"deployment__site": pk} if found.group(1) == "sites" else {"deployment__site__deployments": pk}
    devices = unproved(Device.objects.filter(tenant=request.tenant, **where)).select_related("deployment")
    rows = [one for one in devices[: SHOWN + 1] if request.access.can("view_pip", one.pip_id)]
    if not rows:
        return None
    context = {"devices": rows[:SHOWN], "has_more": len(rows) > SHOWN, "cites": [FRM(13), VIDEO(8)]}
    return Panel(_("A device stands in a private space"), "deployments/_private_spaces.html", context, order=10)

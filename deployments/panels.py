"""What the register shows on every page of a site and its deployments, and on the pages of higher storeys."""

import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.models import Deployment, Scenario
from deployments.private_spaces import Finds, finds
from portal.calendars.clock import civil_today
from portal.law.gates import GATE_OF, is_waivable
from portal.obligations.models import Obligation, State, Waiver
from portal.ui.panels import Panel

# How many waivers of one duty its page names, the newest first.
WAIVERS_SHOWN = 5
BARRED = gettext_lazy("Nobody can waive this: neither a reason nor a consent allows it. Mend what is missing.")
NO_GATE = gettext_lazy(
    "Only what the conditions of use ask before a place is used can be waived. This duty ends when it is met, or when"
    " its ground falls away."
)
REVIEWERS_ONLY = gettext_lazy("A reviewer or an owner may let this stand for now, with a reason. You may not.")
# The address of a page of a site or of a deployment.
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


def waiver_of(request: HttpRequest, duty: Obligation) -> Panel | None:
    """On the page of a duty: who waived it and why, where a named reviewer may, or why nobody can."""
    title = _("Waiver")
    if not is_waivable(duty.rule):
        refusal = BARRED if duty.rule in GATE_OF else NO_GATE
        context = {"refusal": refusal}
        return Panel(title, "deployments/_waiver.html", context, order=30) if duty.state == State.OPEN else None
    of_duty = {"tenant": request.tenant, "pip": duty.pip_id, "rule": duty.rule, "subject": duty.subject}
    rows = list(Waiver.objects.filter(**of_duty).select_related("waived_by").order_by("-id")[:WAIVERS_SHOWN])
    standing = Waiver.objects.filter(**of_duty).in_force(civil_today()).first() if rows else None
    may_waive = request.access.can("waive_finding", duty.pip_id)
    is_open = standing is None and duty.state == State.OPEN
    url = waive_url(request, duty) if may_waive and is_open else ""
    refusal = REVIEWERS_ONLY if is_open and not may_waive else ""
    if not rows and not url and not refusal:
        return None
    context = {"waivers": rows, "standing": standing, "waive_url": url, "may_waive": may_waive, "refusal": refusal}
    return Panel(title, "deployments/_waiver.html", context, order=30)


def waive_url(request: HttpRequest, duty: Obligation) -> str:
    """The page on which this finding is waived; empty once its subject is gone."""
    kind, _colon, code = duty.subject.partition(":")
    model = {"scenario": Scenario, "deployment": Deployment}.get(kind)
    row = model.objects.filter(tenant=request.tenant, pip=duty.pip_id, code=code).first() if model else None
    if row is None:
        return ""
    return f"{reverse(f'deployments:{kind}_waive', args=[request.tenant.slug, row.pk])}?rule={duty.rule}"

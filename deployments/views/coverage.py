"""Coverage: the signs of a deployment or of a site, and the devices of which no valid sign warns."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from deployments import services
from deployments.choices import Status
from deployments.coverage import Coverage, Gap, Part, read_coverage
from deployments.models import Deployment, Device, Sign, Site
from deployments.sign_forms import IntervalForm
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.places import crumbs, place_url
from deployments.views.signs import dressed, result_badge, signs_of
from deployments.views.tabs import OF_DEPLOYMENT, OF_SITE, tabs_of
from portal.accounts.pages import page

# How many of each a page shows.
SIGNS_SHOWN = 200
NEXT_SHOWN = 50
PARTS_SHOWN = 50
GAPS_A_PAGE = 50


@page("view_pip")
def signs(request: HttpRequest, pk: int) -> HttpResponse:
    """The signs of a deployment, and its devices in use without a valid one."""
    row = request.access.get(Deployment.objects.select_related("pip", "site"), "view_pip", pk=pk)
    row.tenant = request.tenant
    hung = list(signs_of(deployment=row)[:SIGNS_SHOWN])
    found = read_coverage(
        Device.objects.filter(deployment=row), Sign.objects.filter(deployment=row), by="capture_area_id"
    )
    may_edit = request.access.can("edit_register", row.pip_id)
    context = {
        "deployment": row,
        "tabs": tabs_of(request, OF_DEPLOYMENT, pk, "signs"),
        "is_public": row.site.place_type == "public",
        "interval": row.site.inspection_days,
        "signs": [dressed(sign) for sign in hung if sign.removed_on is None],
        "past": [dressed(sign) for sign in hung if sign.removed_on is not None],
        "may_edit": may_edit,
    }
    parts = [(part, part.row["capture_area__name"] or _("Whole deployment"), "") for part in worst(found)]
    return render(request, "deployments/signs.html", context | shown(request, found, parts))


@page("view_pip")
def site_signs(request: HttpRequest, pk: int) -> HttpResponse:
    """The signs of a site, deployment by deployment, and its devices in use without a valid one."""
    row = request.access.get(Site.objects.select_related("pip"), "view_pip", pk=pk)
    row.tenant = request.tenant
    # What ended recognises nobody: its devices need no sign.
    running = Q(deployment__site=row, deployment__status__in=(Status.PLANNED, Status.ACTIVE, Status.SUSPENDED))
    found = read_coverage(Device.objects.filter(running), Sign.objects.filter(running), by="deployment_id")
    nearest = list(signs_of(running).hanging().order_by("next_on", "pk")[: NEXT_SHOWN + 1])
    context = {
        "site": row,
        "tabs": tabs_of(request, OF_SITE, pk, "site_signs"),
        "signs": [dressed(sign) for sign in nearest[:NEXT_SHOWN]],
        "has_more": len(nearest) > NEXT_SHOWN,
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    parts = [
        (part, part.row["deployment__code"], place_url(request, "signs", part.row["deployment_id"]))
        for part in worst(found)
    ]
    return render(request, "deployments/site_signs.html", context | shown(request, found, parts))


def worst(found: Coverage) -> list[Part]:
    """The parts of a place, those with most devices without a sign first."""
    return sorted(found.parts.values(), key=lambda part: part.covered - part.devices)


def shown(request: HttpRequest, found: Coverage, parts: list[tuple[Part, str, str]]) -> dict[str, Any]:
    """The coverage as a page shows it: bar, table of parts, one page of the devices without a valid sign."""
    listed = [{"part": part, "name": name, "url": url} for part, name, url in parts if part.devices or part.signs]
    asked = request.GET.get("page", "")
    last = max(1, -(-len(found.gaps) // GAPS_A_PAGE))
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 6 else 1, 1), last)
    gaps = found.gaps[(number - 1) * GAPS_A_PAGE : number * GAPS_A_PAGE]
    return {
        "coverage": found,
        "parts": listed[:PARTS_SHOWN],
        "parts_left": len(listed[PARTS_SHOWN:]),
        "gaps": [
            {
                "gap": gap,
                "why": why_bare(gap),
                "signs": [sign | {"badge": result_badge(sign["last_result"])} for sign in gap.signs],
            }
            for gap in gaps
        ],
        "gaps_number": len(found.gaps),
        "newer": f"page={number - 1}" if number > 1 else "",
        "older": f"page={number + 1}" if number < last else "",
    }


def why_bare(gap: Gap) -> str:
    """Why no valid sign warns of a device; empty where its signs say it themselves."""
    if gap.signs:
        return ""
    if gap.device["capture_area_id"] is None:
        return _("It stands in no capture area, and no sign is for the whole deployment.")
    return _("No sign hangs for this capture area or for the whole deployment.")


@page("edit_register", writes=True)
def interval(request: HttpRequest, pk: int) -> HttpResponse:
    """Set how often somebody looks at the signs of a site."""
    row = request.access.get(for_writing(request, Site.objects.all()), "edit_register", pk=pk)
    back = place_url(request, "site_signs", pk)
    title = _("How often signs are inspected")
    return edit(
        request,
        FormPage(title, _("Save the interval"), back, crumbs(request, "sites", _("Sites"), row, title)),
        IntervalForm(request.POST or None, instance=row, request=request),
        lambda values: services.edit_site(row, **values),
        to=back,
        said=saved,
    )

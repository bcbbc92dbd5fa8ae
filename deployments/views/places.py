"""Sites: their record and their forms; and what the pages of the register share."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from deployments import services
from deployments.forms import SiteForm
from deployments.models import Deployment, Site
from deployments.views.editing import FormPage, edit, for_writing, same_code, saved
from portal.accounts.pages import page
from portal.law import enums
from portal.tenancy.models import Pip

# How many of a record's deployments and counts it shows itself; the list has the rest.
SHOWN = 20


def place_url(request: HttpRequest, name: str, *args: Any) -> str:
    return reverse(f"deployments:{name}", args=[request.tenant.slug, *args])


def choose_pip(request: HttpRequest, title: str) -> Pip | HttpResponse:
    """The PIP that a new row belongs to: the one in the address, the only one there is, else a page to choose."""
    if request.GET.get("pip"):
        return request.access.get(Pip, "edit_register", uscc=request.GET["pip"])
    pips = request.access.pips("edit_register")
    if len(pips) == 1:
        return pips[0]
    return render(request, "deployments/choose_pip.html", {"title": title, "pips": pips})


def crumbs(request: HttpRequest, name: str, title: str, row: Model | None, last: str = "") -> list[tuple[str, str]]:
    """The list, the row if there is one, and the page under it."""
    steps = [(title, place_url(request, name))]
    if row is not None:
        steps.append((str(row), place_url(request, name.removesuffix("s"), row.pk) if last else ""))
    return steps + ([(last, "")] if last else [])


@page("view_pip")
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a place."""
    row = request.access.get(Site.objects.select_related("pip"), "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    places = Deployment.objects.filter(tenant=request.tenant, site=row).select_related("scenario")
    context = {
        "site": row,
        "facts": [
            (_("Province"), enums.PROVINCES[row.province].name),
            (_("City"), row.city),
            (_("Address"), row.address),
            (_("Kind of place"), enums.PLACE_TYPES[row.place_type]),
        ],
        "places": places[:SHOWN],
        "places_number": places.count(),
        "shown": SHOWN,
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/site.html", context)


@page("edit_register", writes=True)
def site_new(request: HttpRequest) -> HttpResponse:
    """Add a place."""
    pip = choose_pip(request, _("Add a site"))
    if isinstance(pip, HttpResponse):
        return pip
    return edit(
        request,
        FormPage(
            _("Add a site"),
            _("Add the site"),
            place_url(request, "sites"),
            [*crumbs(request, "sites", _("Sites"), None), (_("Add a site"), "")],
            note=pip.name,
        ),
        SiteForm(
            request.POST or None,
            instance=Site(tenant=request.tenant, pip=pip),
            initial={"province": pip.province},
            request=request,
        ),
        lambda values: services.register_site(pip, **values),
        to=lambda row: place_url(request, "site", row.pk),
        said=_("The site was added."),
        twin=same_code(Site, tenant=request.tenant, pip=pip),
    )


@page("edit_register", writes=True)
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a place."""
    row = request.access.get(for_writing(request, Site.objects.all()), "edit_register", pk=pk)
    back = place_url(request, "site", pk)
    return edit(
        request,
        FormPage(_("Edit the site"), _("Save the site"), back, crumbs(request, "sites", _("Sites"), row, _("Edit"))),
        SiteForm(request.POST or None, instance=row, request=request),
        lambda values: services.edit_site(row, **values),
        to=back,
        said=saved,
        twin=same_code(Site, tenant=request.tenant, pip=row.pip_id),
    )

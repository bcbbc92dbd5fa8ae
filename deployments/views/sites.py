"""Sites: their record and their form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deployments import services
from deployments.models import Deployment, Site
from deployments.panels import finds_of_page
from deployments.site_forms import SiteForm
from deployments.video import disagreements, place_note
from deployments.views.duties import DutyRow, duties_of, first_open
from deployments.views.editing import FormPage, edit, for_writing, same_code, saved
from deployments.views.places import SHOWN, choose_pip, crumbs, place_url
from deployments.views.tabs import OF_SITE, tabs_of
from portal.accounts.pages import page
from portal.law import enums


def read_site(request: HttpRequest, pk: int, *beside: str) -> Site:
    """The site with its PIP and the files named, for a page that shows it."""
    row = request.access.get(Site.objects.select_related("pip", *beside), "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    return row


# The page on which each duty of a site is met, and what is done there.
ACTS: dict[str, tuple[str, str, str | Promise]] = {
    "video-10-secret-unit": ("site_neighbour", "", gettext_lazy("Answer")),
    "video-14-police-filing": ("site_police_file", "", gettext_lazy("Record the filing")),
    "video-16-posts": ("site_proof_new", "?kind=video_post", gettext_lazy("Record a proof")),
    "video-17-retention": ("site_video_edit", "", gettext_lazy("Describe the video system")),
    "video-21-viewing": ("site_proof_new", "?kind=video_viewing", gettext_lazy("Record a proof")),
}


def next_of(request: HttpRequest, row: Site, duties: list[DutyRow]) -> dict[str, Any] | None:
    """The duty to look at first, with the button that leads to where it is met."""
    first = first_open(duties)
    if first is None:
        return None
    rule = first.obligation.rule
    name, query, label = ACTS.get(rule, ("site_police", "", gettext_lazy("Open the Video Regulations")))
    if rule == "video-14-police-filing" and row.police_filed_on:
        name, label = "site_police_change", gettext_lazy("Record a filed change")
    return {"duty": first, "url": place_url(request, name, row.pk) + query, "label": label}


def site_context(request: HttpRequest, row: Site, tab: str) -> dict[str, Any]:
    """What every page of a site shows: its tabs, and what was found in private spaces there."""
    return {
        "site": row,
        "tabs": tabs_of(request, OF_SITE, row.pk, tab),
        "private": finds_of_page(request),
        "may_edit": request.access.can("edit_register", row.pip_id),
    }


@page("view_pip")
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a place: what it is for the law, what runs here, and its duties."""
    row = read_site(request, pk)
    rows = Deployment.objects.filter(tenant=request.tenant, site=row).select_related("scenario")
    places = list(rows[: SHOWN + 1])
    duties = duties_of(request, row.pip_id, f"site:{row.code}")
    context = site_context(request, row, "site") | {
        "facts": site_facts(row),
        "disagreements": disagreements(row),
        "duties": duties,
        "next": next_of(request, row, duties),
        "places": places[:SHOWN],
        "has_more": len(places) > SHOWN,
    }
    return render(request, "deployments/site.html", context)


def site_facts(row: Site) -> list[tuple[Any, ...]]:
    """Label, value and note of what a site is."""
    near = {None: "", True: _("yes"), False: _("no")}[row.near_secret_unit]
    return [
        (_("Address"), ", ".join(part for part in (row.city, row.address) if part)),
        (_("Province"), enums.PROVINCES[row.province].name, competence_note(row)),
        (_("Kind of place"), enums.PLACE_TYPES[row.place_type], place_note(row)),
        (_("Category of the Video Regulations"), enums.VIDEO_CATEGORIES.get(row.video_category, "")),
        (_("Near a military or secret-related unit"), near),
        (_("Signs are inspected every"), _("%(n)d days") % {"n": row.inspection_days}, _("A default, not law.")),
    ]


def competence_note(row: Site) -> str:
    """Which authority the place decides on, and which it doesn't (DECISIONS: the PIP's registered province does)."""
    authority = enums.PROVINCES[row.pip.province].authority.in_(get_language() or "en")
    sentence = _(
        "Decides which police the video system is filed with. Face recognition is filed where the PIP is registered:"
        " with the %(authority)s."
    )
    return sentence % {"authority": authority}


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

"""Capture areas of a deployment: the list with their plans, their forms, and the page that draws the outline."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from deployments import services
from deployments.area_forms import AreaForm, OutlineForm
from deployments.models import CaptureArea, Deployment, Device, Sign
from deployments.outline import percents
from deployments.panels import finds_of_page
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.places import crumbs, place_url
from deployments.views.tabs import OF_DEPLOYMENT, tabs_of
from portal.accounts.pages import page
from portal.evidence.responses import as_image
from portal.workflow import CaseError

# How many areas a page shows, how many serial numbers and codes it reads, and how many of them it names in each.
SHOWN, READ, NAMED = 100, 2000, 40


@dataclass(frozen=True)
class ShownArea:
    """An area as its page shows it: the row, the corners on its plan, and what hangs in it."""

    row: CaptureArea
    corners: list[tuple[str, str]]
    devices: list[str]
    signs: list[str]

    @property
    def lacks(self) -> str:
        """What is still missing: a plan or a description (FRM Art 13), then the outline on the plan."""
        is_described = bool(self.row.position and self.row.reach)
        if self.row.plan_id is None and not is_described:
            return "place"
        return "outline" if self.row.plan_shown_id and not self.corners else ""

    @property
    def devices_unnamed(self) -> int:
        return max(len(self.devices) - NAMED, 0)


@page("view_pip")
def areas(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a deployment captures faces: each area with its plan, its devices and its signs."""
    row = request.access.get(Deployment.objects.select_related("site", "pip"), "view_pip", pk=pk)
    row.tenant = request.tenant
    of_row = {"tenant": request.tenant, "deployment": row}
    up = {**of_row, "removed_on__isnull": True}
    devices = by_area(Device.objects.filter(**up).values_list("capture_area", "serial")[:READ])
    signs = by_area(Sign.objects.filter(**up).values_list("capture_area", "code")[:READ])
    rows = CaptureArea.objects.filter(**of_row).select_related("plan")[:SHOWN]
    shown = [ShownArea(area, percents(area.outline), devices[area.pk], signs[area.pk]) for area in rows]
    context = {
        "deployment": row,
        "tabs": tabs_of(request, OF_DEPLOYMENT, pk, "areas"),
        "areas": shown,
        "unfinished": next((area for area in shown if area.lacks), None),
        "outside": devices[None][:NAMED],
        "outside_number": len(devices[None]),
        "named": f":{NAMED}",
        "private": finds_of_page(request),
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/areas.html", context)


def by_area(pairs: Iterable[tuple[int | None, str]]) -> dict[int | None, list[str]]:
    """The names of what hangs in each area; None is no area."""
    found: dict[int | None, list[str]] = defaultdict(list)
    for area, name in pairs:
        found[area].append(name)
    return found


@page("view_pip")
def area_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as a picture for pages: the copy that the portal made, never the file that somebody handed in."""
    area = request.access.get(CaptureArea.objects.select_related("plan_shown"), "view_pip", pk=pk)
    if area.plan_shown is None:
        raise Http404
    return as_image(area.plan_shown)


def page_under(request: HttpRequest, row: Deployment, title: str, submit: str, template: str = "") -> FormPage:
    """A form page under the list of a deployment's areas."""
    steps = crumbs(request, "deployments", _("Deployments"), row, title)
    back = place_url(request, "areas", row.pk)
    return FormPage(title, submit, back, steps, template=template or FormPage.template)


def after(request: HttpRequest, area: CaptureArea, has_new_plan: bool) -> str:
    """Where to go next: to draw on a new picture, else back to the list."""
    if has_new_plan and area.plan_shown_id:
        return place_url(request, "area_outline", area.pk)
    return place_url(request, "areas", area.deployment_id)


@page("edit_register", writes=True)
def area_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a capture area to a deployment."""
    row = request.access.get(Deployment, "edit_register", pk=pk)
    return edit(
        request,
        page_under(request, row, _("Add a capture area"), _("Add the capture area")),
        AreaForm(
            request.POST or None,
            request.FILES or None,
            instance=CaptureArea(tenant=request.tenant, pip_id=row.pip_id, deployment=row),
            request=request,
        ),
        lambda values: services.add_area(row, by=request.user, **values),
        to=lambda area: after(request, area, has_new_plan=True),
        said=_("The capture area was added."),
    )


@page("edit_register", writes=True)
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a capture area; another plan starts without an outline."""
    area = request.access.get(for_writing(request, CaptureArea.objects.all()), "edit_register", pk=pk)
    return edit(
        request,
        page_under(request, area.deployment, _("Edit the capture area"), _("Save the capture area")),
        AreaForm(request.POST or None, request.FILES or None, instance=area, request=request),
        lambda values: services.edit_area(area, by=request.user, **values),
        to=lambda changed: after(request, area, has_new_plan="plan" in changed),
        said=saved,
    )


@page("edit_register", writes=True)
def area_outline(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the outline of a capture area on its plan."""
    area = request.access.get(for_writing(request, CaptureArea.objects.all()), "edit_register", pk=pk)
    if area.plan_shown_id is None:
        raise CaseError(_("This capture area has no picture to draw on. Upload its plan as PNG or JPG first."))
    title, submit = _("Draw the capture area"), _("Save the outline")
    form_page = page_under(request, area.deployment, title, submit, "deployments/outline.html")
    return edit(
        request,
        form_page,
        OutlineForm(request.POST or None, instance=area, request=request),
        lambda values: services.draw_outline(area, outline=values["outline"]),
        to=form_page.cancel,
        said=saved,
    )

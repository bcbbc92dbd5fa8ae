"""The register of vendors of a PIP: the list, the record with its parts in scenarios, and the forms."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from deployments import services
from deployments.filters import VendorFilter
from deployments.forms_vendors import VendorForm
from deployments.models import Engagement, Vendor
from deployments.views.editing import FormPage, edit, for_writing, same_code, saved
from deployments.views.lists import Register
from deployments.views.partners import parts
from deployments.views.places import choose_pip, crumbs, place_url
from portal.accounts.pages import page

VENDORS = Register(
    "vendors",
    VendorFilter,
    {"pip": ("pip_id", "code"), "code": ("code", "pk"), "name": ("name", "pk")},
    {
        "pip_uscc": "pip__uscc",
        "vendor_code": "code",
        "name": "name",
        "uscc": "uscc",
        "contact": "contact",
        "is_overseas": "is_overseas",
        "note": "note",
    },
)


@page("view_pip")
def vendors(request: HttpRequest) -> HttpResponse:
    """The vendors, each with the number of its parts that run."""
    running = Engagement.objects.filter(vendor=OuterRef("pk"), ended_on__isnull=True).order_by()
    extra = {"parts": Coalesce(Subquery(running.values("vendor").annotate(n=Count("pk")).values("n")), Value(0))}
    columns = ("pk", "pip_id", "code", "name", "uscc", "is_overseas")
    return VENDORS.answer(request, request.access.rows(Vendor), columns, extra)


@page("view_pip")
def vendor(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a vendor: what it is, and its part in each scenario."""
    row = request.access.get(Vendor.objects.select_related("pip"), "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    engaged = Engagement.objects.filter(tenant=request.tenant, vendor=row).select_related("scenario", "contract")
    context = {
        "vendor": row,
        "parts": parts(engaged),
        "twins": Vendor.objects.filter(tenant=request.tenant).like(row)[:5],
        "facts": [
            (_("Name"), row.name),
            (_("Unified social credit code"), row.uscc or "–"),
            (_("Contact"), row.contact or "–"),
            (_("Outside mainland China"), row.is_overseas),
            *([(_("Note"), row.note)] if row.note else []),
        ],
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/vendor.html", context)


@page("edit_register", writes=True)
def vendor_new(request: HttpRequest) -> HttpResponse:
    """Add a vendor; coming from a scenario, the way leads back to its part there."""
    pip = choose_pip(request, _("Add a vendor"))
    if isinstance(pip, HttpResponse):
        return pip
    scenario = request.GET.get("scenario", "")

    def to(made: Vendor) -> str:
        if scenario.isdecimal():
            return f"{place_url(request, 'engagement_new', int(scenario))}?{urlencode({'vendor': made.code})}"
        return place_url(request, "vendor", made.pk)

    return edit(
        request,
        FormPage(
            _("Add a vendor"),
            _("Add the vendor"),
            place_url(request, "vendors"),
            [*crumbs(request, "vendors", _("Vendors"), None), (_("Add a vendor"), "")],
            note=pip.name,
        ),
        VendorForm(request.POST or None, instance=Vendor(tenant=request.tenant, pip=pip), request=request),
        lambda values: services.register_vendor(pip, **values),
        to=to,
        said=_("The vendor was added."),
        twin=same_code(Vendor, tenant=request.tenant, pip=pip),
    )


@page("edit_register", writes=True)
def vendor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a vendor."""
    row: Any = request.access.get(for_writing(request, Vendor.objects.all()), "edit_register", pk=pk)
    back = place_url(request, "vendor", pk)
    steps = crumbs(request, "vendors", _("Vendors"), row, _("Edit"))
    return edit(
        request,
        FormPage(_("Edit the vendor"), _("Save the vendor"), back, steps),
        VendorForm(request.POST or None, instance=row, request=request),
        lambda values: services.edit_vendor(row, **values),
        to=back,
        said=saved,
    )

"""One box for everything that has a code or a name."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deployments.models import Deployment, Device, Scenario, Sign, Site
from filings.facts import named
from filings.models import ChangeCase, Filing, Termination
from portal.accounts.pages import page
from portal.cases.models import Case, Incident
from portal.tenancy.models import Pip

SHOWN = 8
LONGEST = 100


@dataclass(frozen=True)
class Place:
    """One kind of row: the columns searched, and how a hit is shown."""

    title: str | Promise
    icon: str
    model: type
    columns: tuple[str, ...]
    related: tuple[str, ...] = ()

    def rows(self, request: HttpRequest, words: str) -> QuerySet[Any]:
        """The hits that the reader may see. The tenant stands beside row-level security to keep the index."""
        found = Q()
        for column in self.columns:
            found |= Q(**{f"{column}__icontains": words})
        key = "pk__in" if self.model is Pip else "pip_id__in"
        mine = {key: request.access.pip_ids("view_pip"), "tenant": request.tenant}
        return self.model.objects.filter(found, **mine).select_related("tenant", *self.related)


PLACES = (
    Place(gettext_lazy("PIPs"), "landmark", Pip, ("name", "uscc")),
    Place(gettext_lazy("Scenarios"), "scan-face", Scenario, ("code", "name"), ("pip",)),
    Place(gettext_lazy("Sites"), "map-pin", Site, ("code", "name", "address"), ("pip",)),
    Place(gettext_lazy("Deployments"), "cctv", Deployment, ("code",), ("pip", "site")),
    Place(gettext_lazy("Devices"), "camera", Device, ("serial",), ("pip", "deployment__tenant")),
    Place(gettext_lazy("Signs"), "flag", Sign, ("code",), ("pip", "deployment__tenant")),
    Place(gettext_lazy("Filings"), "stamp", Filing, ("reference", "number"), ("pip",)),
    Place(gettext_lazy("Ends of use"), "circle-x", Termination, ("reference",), ("pip",)),
    Place(gettext_lazy("Change cases"), "git-compare", ChangeCase, ("reference",), ("pip", "scenario")),
    Place(gettext_lazy("Requests and complaints"), "inbox", Case, ("reference",), ("pip",)),
    Place(gettext_lazy("Incidents"), "siren", Incident, ("reference",), ("pip",)),
)


def hit(row: Any) -> dict[str, Any]:
    """A found row as the page lists it."""
    page_of = row.deployment if isinstance(row, Device) else row
    code = next((getattr(row, name) for name in ("reference", "code", "serial", "uscc") if hasattr(row, name)), "")
    name = getattr(row, "name", "")
    if isinstance(row, Deployment):
        name = row.site.name
    elif isinstance(row, Device | Sign):
        name = row.deployment.code
    elif isinstance(row, ChangeCase):
        name = named(row).in_(get_language() or "en")
    return {
        "url": page_of.get_absolute_url(),
        "code": code,
        "name": name,
        "pip": "" if isinstance(row, Pip) else row.pip.name,
    }


@page("view_pip")
def search(request: HttpRequest) -> HttpResponse:
    """Rows whose code or name holds the words, by kind."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    groups = []
    for place in PLACES if words else ():
        rows = list(place.rows(request, words)[: SHOWN + 1])
        if rows:
            hits = [hit(row) for row in rows[:SHOWN]]
            groups.append({"place": place, "hits": hits, "has_more": len(rows) > SHOWN})
    context = {"title": _("Search"), "search_words": words, "groups": groups}
    return render(request, "desk/search.html", context)

"""What the pages of the register share: addresses, the choice of a PIP, breadcrumbs."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

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

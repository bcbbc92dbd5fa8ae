"""What every page knows: the tenant, the reader's access, today, and the navigation that he may use."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from portal.calendars.clock import civil_today


@dataclass(frozen=True)
class Entry:
    """A line of the navigation and the permission without which it isn't shown."""

    label: str | Promise
    view: str
    icon: str
    permission: str
    opens_group: bool = False


NAVIGATION = (
    Entry(_("Overview"), "desk:dashboard", "layout-dashboard", "view_pip"),
    Entry(_("My work"), "desk:work", "list-checks", "view_pip"),
    Entry(_("Duties"), "desk:obligations", "calendar-clock", "view_pip"),
    Entry(_("Calendar"), "desk:calendar", "calendar-days", "view_pip"),
    Entry(_("PIPs"), "deployments:pips", "landmark", "view_pip", opens_group=True),
    Entry(_("Scenarios"), "deployments:scenarios", "scan-face", "view_pip"),
    Entry(_("Sites"), "deployments:sites", "map-pin", "view_pip"),
    Entry(_("Deployments"), "deployments:deployments", "cctv", "view_pip"),
    Entry(_("Vendors"), "deployments:vendors", "handshake", "view_pip"),
    Entry(_("Vendor files"), "imports:batches", "file-spreadsheet", "upload_import"),
    Entry(_("Impact assessments"), "assessments:assessments", "file-check", "view_pip", opens_group=True),
    Entry(_("Filings"), "filings:filings", "stamp", "view_pip"),
    Entry(_("Change cases"), "filings:changes", "git-compare", "view_pip"),
    Entry(_("Requests and complaints"), "cases:cases", "inbox", "view_pip"),
    Entry(_("Incidents"), "cases:incidents", "siren", "view_pip"),
    Entry(_("The law"), "desk:law", "scale", "view_pip"),
    Entry(_("Audit trail"), "desk:trail", "history", "view_audit"),
    Entry(_("Delivery log"), "desk:deliveries", "send", "view_audit"),
    Entry(_("People"), "accounts:people", "users", "manage_members"),
    Entry(_("Channels"), "desk:channels", "bot", "manage_members"),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries that the reader may use, the one he is in marked."""
    access, tenant = getattr(request, "access", None), getattr(request, "tenant", None)
    if access is None or tenant is None:
        return []
    shown = [entry for entry in NAVIGATION if access.can(entry.permission)]
    lines = [{"entry": entry, "url": reverse(entry.view, args=[tenant.slug])} for entry in shown]
    # The overview's address begins every other one, and that of filings the one of changes: the longest is meant.
    inside = [line["url"] for line in lines if request.path.startswith(line["url"])]
    for line in lines:
        is_inside = line["entry"].view != "desk:dashboard" and line["url"] == max(inside, key=len, default="")
        line["current"] = is_inside or request.path == line["url"]
    return lines


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; nothing is asked of the database before a template shows it (503.html)."""
    return {
        "tenant": getattr(request, "tenant", None),
        "access": getattr(request, "access", None),
        "today": civil_today(),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }

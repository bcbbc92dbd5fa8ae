"""What the Video Regulations ask of a site: by which day the police are told, what changed since, what disagrees."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from deployments.models import Device, Site
from portal.law.reckoning import Reckoning
from portal.law.rules.video import FILING_DAYS, IN_FORCE_ON, PUBLIC_SYSTEM, TRANSITION_DUE_ON
from portal.law.workdays import CalendarError, Workdays

# How many changed devices the page names.
SHOWN = 20


def police_reckoning(used_on: date | None, calendar: Workdays) -> Reckoning | None:
    """The last day for the filing with the county police; None without a day of use or without its calendar."""
    if used_on is None:
        return None
    try:
        if used_on < IN_FORCE_ON:
            return calendar.fixed(TRANSITION_DUE_ON)
        return calendar.add_natural(used_on, FILING_DAYS)
    except CalendarError:
        return None


@dataclass(frozen=True)
class Changes:
    """Devices that came or went after what the police were last told."""

    since: date
    devices: list[Device]
    has_more: bool


def changes_since_filing(site: Site) -> Changes | None:
    """What changed at a site whose system is filed; None where nothing is filed."""
    if site.police_filed_on is None:
        return None
    since = max(site.police_filed_on, site.police_change_filed_on or site.police_filed_on)
    rows = Device.objects.filter(tenant=site.tenant_id, deployment__site=site)
    changed = rows.filter(Q(installed_on__gt=since) | Q(removed_on__gt=since)).select_related("deployment")
    found = list(changed.order_by(Greatest("removed_on", "installed_on").desc(), "serial")[: SHOWN + 1])
    return Changes(since, found[:SHOWN], len(found) > SHOWN)


def disagreements(site: Site) -> list[str]:
    """What the kind of place and the category say against each other, and how to put it right."""
    is_public_category = site.video_category in PUBLIC_SYSTEM
    found = []
    if is_public_category and site.place_type in ("internal", "residential"):
        found.append(
            _(
                "The category of the Video Regulations is one of public places, but this is called an internal or"
                " residential area. One of the two is wrong: a place that is open to the public is a public place."
            )
        )
    if is_public_category and site.place_type == "undecided":
        found.append(
            _("The category of the Video Regulations is one of public places. Call this one public, or correct it.")
        )
    if site.place_type == "public" and site.video_category == "none":
        found.append(
            _(
                "A camera that recognises faces in a public place is an image device of the Video Regulations as well."
                " A public place that isn't of Article 7 is one of Article 9."
            )
        )
    return found


def place_note(site: Site) -> Any:
    """What follows from the kind of place, and whether that is law."""
    return {
        "public": _("FR devices only where public security needs them, and with a conspicuous sign (FRM Art 13)."),
        "internal": _(
            "Not open to the public and so, as it is commonly read, no public place: the sign isn't asked for; notice,"
            " consent and another way are."
        ),
        "residential": _(
            "Gates and paths that residents share. Treated like a public place for notice and other ways: a default of"
            " the portal, not law."
        ),
        "undecided": _("Let somebody decide, best a lawyer: much hangs on it."),
    }[site.place_type]

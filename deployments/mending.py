"""Where the register mends what keeps a gate closed: the page and the field behind each key of the law's gates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deployments.models import Deployment, Scenario


@dataclass(frozen=True)
class Mend:
    """A link to where something is done, and what is done there."""

    label: str | Promise
    url: str


@dataclass(frozen=True)
class Place:
    """What is done, and the pages on which; of a form's fields the first empty one is opened.

    ``then`` is the key of the place to go to once all of them are filled.
    """

    label: str | Promise
    pages: tuple[str, ...]
    fields: tuple[str, ...] = ()
    is_of_deployment: bool = False
    then: str = ""


PLACES = {
    "scope": Place(_("Answer the eight questions"), ("scope",)),
    "legal_basis": Place(_("Name the legal basis"), ("scenario_edit",), ("legal_basis", "legal_basis_reason")),
    "necessity": Place(
        _("State purpose and necessity"), ("scenario_edit",), ("purpose", "necessity", "rejected_ways")
    ),
    "notice": Place(_("Write the notice"), ("notice",)),
    "consent": Place(_("Set up the consent"), ("consent",)),
    "children": Place(_("Set up what children need"), ("consent",)),
    "choice": Place(_("Record the other way"), ("choice",)),
    "storage": Place(
        _("Say where faces are stored"),
        ("scenario_edit",),
        ("storage_mode", "sends_over_internet", "storage_exception", "storage_exception_basis"),
        then="consent",
    ),
    "retention": Place(_("Set the retention"), ("scenario_edit",), ("retention", "deletion_method")),
    "security_necessity": Place(
        _("Say why public security needs it"), ("deployment_edit",), ("security_necessity",), is_of_deployment=True
    ),
    "areas": Place(_("Fix the capture area"), ("areas", "area_new"), is_of_deployment=True),
    "sign": Place(_("Record a sign"), ("sign_new", "signs"), is_of_deployment=True),
    "safeguards": Place(_("Record the protection"), ("safeguards",)),
    "partners": Place(_("Record the contracts"), ("partners",)),
    "cross_border": Place(
        _("Complete the transfer abroad"),
        ("scenario_edit",),
        ("cross_border_mechanism", "cross_border_number"),
        then="consent",
    ),
}
# Pages that change something by being opened for it; whoever only reads isn't led there.
CHANGING = ("_edit", "_new")

Builder = Callable[[HttpRequest, Scenario], Mend | None]
_builders: dict[str, Builder] = {}


def register(key: str, builder: Builder) -> None:
    """Let a higher storey say where it mends what is missing, from its app's ``ready``."""
    _builders[key] = builder


def mend_of(
    request: HttpRequest, key: str, scenario: Scenario, deployment: Deployment | None = None, *, may_edit: bool
) -> Mend | None:
    """Where the reader mends what a gate lacks; None if he may not, or nobody offers a page for it."""
    if key in _builders:
        return _builders[key](request, scenario)
    place = PLACES.get(key)
    if place is None:
        return None
    row: Any = deployment if place.is_of_deployment else scenario
    if row is None:
        return None
    empty = [name for name in place.fields if getattr(row, name, "") in (None, "")]
    if place.then and not empty:
        return mend_of(request, place.then, scenario, deployment, may_edit=may_edit)
    url = _first_url(request, [name for name in place.pages if may_edit or not name.endswith(CHANGING)], row)
    if not url:
        return None
    return Mend(place.label, f"{url}#id_{(empty or place.fields)[0]}" if place.fields else url)


def _first_url(request: HttpRequest, pages: list[str], row: Any) -> str:
    for name in pages:
        try:
            return reverse(f"deployments:{name}", args=[request.tenant.slug, row.pk])
        except NoReverseMatch:
            continue
    return ""

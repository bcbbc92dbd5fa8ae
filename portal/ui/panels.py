"""Panels: higher storeys show their part on lower storeys' pages without being imported there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """A section of a page: its template gets ``context`` beside the page's own; panels stand by ``order``."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 100


Builder = Callable[[HttpRequest, Any], Panel | None]
_builders: dict[str, list[Builder]] = {}


def register(place: str, builder: Builder) -> None:
    """Offer a panel for a place (``deployments.pip``), from an app's ``ready``; registering twice changes nothing."""
    known = _builders.setdefault(place, [])
    if builder not in known:
        known.append(builder)


def panels_for(place: str, request: HttpRequest, subject: Any) -> list[Panel]:
    """The panels of a place for a subject, in order; a builder with nothing to show gives None."""
    built = [builder(request, subject) for builder in _builders.get(place, [])]
    return sorted((panel for panel in built if panel is not None), key=lambda panel: panel.order)

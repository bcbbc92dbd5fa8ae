"""Whether scenarios share purpose, necessity, method and scope, so that one PIPIA or one filing may cover them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deployments.models import Scenario

# Practice (law firms' reading of the filing guides): same purpose, necessity, method and scope.
COMPARED: dict[str, str | Promise] = {
    "purpose": _("purpose"),
    "necessity": _("necessity"),
    "function": _("method"),
    "scope": _("scope"),
}


@dataclass(frozen=True)
class Difference:
    """A fact in which scenarios differ: its name, and what each says by scenario code."""

    fact: str
    label: str | Promise
    values: tuple[tuple[str, str], ...]


def differences(scenarios: Sequence[Scenario]) -> list[Difference]:
    """The facts in which the scenarios differ, none if one document may cover them all."""
    found = []
    for fact, label in COMPARED.items():
        values = tuple((row.code, shown(row, fact)) for row in scenarios)
        if len({" ".join(getattr(row, fact).split()) for row in scenarios}) > 1:
            found.append(Difference(fact, label, values))
    return found


def shown(row: Scenario, fact: str) -> str:
    """What a scenario says of a fact, in words."""
    display = getattr(row, f"get_{fact}_display", None)
    return str(display() if display else getattr(row, fact))

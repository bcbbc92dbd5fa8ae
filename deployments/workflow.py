"""The life of a deployment: the moves between its states, by one compare-and-set."""

from typing import Any

from deployments.models import Deployment
from portal.workflow import Move, StateConflict

# DECISIONS, Gates and imports: a private-space device stops a planned deployment as well as one in use.
MOVES = {
    "activate": Move.of("planned suspended", "active"),
    "suspend": Move.of("planned active", "suspended"),
    "terminate": Move.of("planned active suspended", "terminated"),
    "dispose": Move.of("terminated", "disposed"),
    # An end that was noted by mistake: the deployment stands by again, and goes through the gates before use.
    "revive": Move.of("terminated", "suspended"),
    "revive_planned": Move.of("terminated", "planned"),
}


def may(deployment: Deployment, name: str) -> bool:
    """Whether the deployment stands where this move starts."""
    return deployment.status in MOVES[name].sources


def move(deployment: Deployment, name: str, *, conflict: str, **fields: Any) -> None:
    """Take one move by ``UPDATE … WHERE status IN sources``; StateConflict with ``conflict`` if another came first."""
    step = MOVES[name]
    rows = Deployment.objects.filter(tenant=deployment.tenant_id, pk=deployment.pk, status__in=step.sources)
    if rows.update(status=step.target, **fields) != 1:
        raise StateConflict(conflict)
    deployment.status = step.target
    for field, value in fields.items():
        setattr(deployment, field, value)

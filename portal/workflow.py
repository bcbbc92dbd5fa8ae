"""What every state machine uses: a table of moves and one compare-and-set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class CaseError(Exception):
    """The rules of the case forbid this step; the message says what to do and is shown on the page."""


class StateConflict(CaseError):
    """The case is not in a state from which this step can be taken (HTTP 409)."""


@dataclass(frozen=True)
class Move:
    """A step between states: from any of ``sources`` to ``target``."""

    sources: frozenset[str]
    target: str

    @classmethod
    def of(cls, sources: Iterable[str] | str, target: str) -> "Move":
        """``Move.of("draft submitted", "frozen")`` or with a list of states."""
        return cls(frozenset(sources.split() if isinstance(sources, str) else sources), target)


class Case(Protocol):
    """A row with a state."""

    pk: Any
    state: str
    objects: Any


def may(case: Case, moves: Mapping[str, Move], name: str) -> bool:
    """Whether the case stands where this step starts."""
    return case.state in moves[name].sources


def advance(case: Case, moves: Mapping[str, Move], name: str, *, conflict: str, **fields: Any) -> None:
    """Take one step by ``UPDATE … WHERE state IN sources``: of two who try, one wins and the other is told.

    Raises StateConflict with the sentence ``conflict`` when the row is not in a source state any more.
    """
    move = moves[name]
    rows = type(case).objects.filter(pk=case.pk, state__in=move.sources).update(state=move.target, **fields)
    if rows != 1:
        raise StateConflict(conflict)
    case.state = move.target
    for field, value in fields.items():
        setattr(case, field, value)

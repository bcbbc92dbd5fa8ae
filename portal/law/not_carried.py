"""Duties of the obligations table that no portal can carry, each with the reason, for people who ask where they are.

A duty belongs here only if nothing that a tenant could record would show whether it is met: what binds an authority,
or what only a court decides. Whatever can be met by a dated proof is a rule instead. There is no such duty today.
"""

from dataclasses import dataclass

from portal.law.text import Text


@dataclass(frozen=True, slots=True)
class NotCarried:
    """A row of the obligations table by its id, and why no rule carries it."""

    obligation: str
    reason: Text


NOT_CARRIED: tuple[NotCarried, ...] = ()

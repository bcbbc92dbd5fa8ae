"""The states of an impact assessment."""

from portal.workflow import Move

MOVES = {"approve": Move.of("submitted", "approved")}

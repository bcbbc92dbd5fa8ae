"""The states of cases and incidents and the steps between them."""

from portal.cases.choices import State
from portal.workflow import Move

CASE = {
    "answer": Move.of([State.OPEN], State.ANSWERED),
    "close": Move.of([State.ANSWERED], State.CLOSED),
    "reopen": Move.of([State.ANSWERED, State.CLOSED], State.OPEN),
}
INCIDENT = {
    "close": Move.of("open", "closed"),
    "reopen": Move.of("closed", "open"),
}

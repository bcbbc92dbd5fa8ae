"""The states of a filing and the steps between them."""

from filings.models import State
from portal.workflow import Move

MOVES = {
    "freeze": Move.of([State.DRAFT, State.CORRECTING], State.FROZEN),
    "reopen": Move.of([State.FROZEN], State.DRAFT),
    # Frozen again after a correction was asked: it goes back to being corrected, not to a first draft.
    "reopen_correction": Move.of([State.FROZEN], State.CORRECTING),
    "submit": Move.of([State.FROZEN], State.SUBMITTED),
    "ask_correction": Move.of([State.SUBMITTED], State.CORRECTING),
    "accept": Move.of([State.SUBMITTED], State.ACCEPTED),
}
EDITABLE = MOVES["freeze"].sources

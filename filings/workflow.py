"""The states of a filing and of a termination, and the steps between them."""

from filings.models import State
from filings.models.ending import EndingState
from portal.workflow import Move

MOVES = {
    "freeze": Move.of([State.DRAFT, State.CORRECTING], State.FROZEN),
    # A large dossier is frozen by a worker: ordered, then finished, or broken off and back where it was.
    "order_freeze": Move.of([State.DRAFT, State.CORRECTING], State.FREEZING),
    "finish_freezing": Move.of([State.FREEZING], State.FROZEN),
    "stop_freezing": Move.of([State.FREEZING], State.DRAFT),
    "stop_freezing_correction": Move.of([State.FREEZING], State.CORRECTING),
    "reopen": Move.of([State.FROZEN], State.DRAFT),
    # Frozen again after a correction was asked: it goes back to being corrected, not to a first draft.
    "reopen_correction": Move.of([State.FROZEN], State.CORRECTING),
    "submit": Move.of([State.FROZEN], State.SUBMITTED),
    "ask_correction": Move.of([State.SUBMITTED], State.CORRECTING),
    "accept": Move.of([State.SUBMITTED], State.ACCEPTED),
    # 退回, 不予备案: what was sent meets no duty; a new round begins as a draft.
    "reject": Move.of([State.SUBMITTED], State.REJECTED),
    "new_round": Move.of([State.REJECTED], State.DRAFT),
    # A change or a cancellation that isn't before the authority may be taken back.
    "withdraw": Move.of([State.DRAFT, State.FROZEN, State.REJECTED], State.WITHDRAWN),
}
EDITABLE = MOVES["freeze"].sources
OVER = frozenset({State.ACCEPTED, State.WITHDRAWN})

ENDING_MOVES = {
    "undo": Move.of([EndingState.RUNNING], EndingState.UNDONE),
    "close": Move.of([EndingState.RUNNING], EndingState.CLOSED),
}

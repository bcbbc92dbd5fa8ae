"""The states of an impact assessment."""

from portal.workflow import Move

MOVES = {
    "submit": Move.of("draft returned", "submitted"),
    "return": Move.of("submitted", "returned"),
    "approve": Move.of("submitted", "approved"),
    "supersede": Move.of("approved", "superseded"),
    "erase": Move.of("approved superseded", "erased"),
}

"""The verbs of cases and incidents: one transaction and one verb in the trail each."""

from portal.cases.services.cases import MOVED_ON, answer, close, edit, note, prove_deletion, receive, reopen
from portal.cases.services.incidents import (
    close_incident,
    edit_incident,
    keep_receipt,
    open_incident,
    reopen_incident,
    stamp,
)

__all__ = [
    "MOVED_ON",
    "answer",
    "close",
    "close_incident",
    "edit",
    "edit_incident",
    "keep_receipt",
    "note",
    "open_incident",
    "prove_deletion",
    "receive",
    "reopen",
    "reopen_incident",
    "stamp",
]

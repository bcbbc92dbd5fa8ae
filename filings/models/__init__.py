"""What stands of a filing: the case, its papers, its frozen snapshots, its submissions and the answers to them."""

from filings.models.change import IN_STATE, ChangeCase, ChangeState, Weight, state_of
from filings.models.filing import (
    CoveredScenario,
    DossierDocument,
    Filing,
    Receipt,
    Snapshot,
    State,
    Submission,
)
from filings.models.papers import CopiedField, FieldWording, PaperFacts, SealedPaper, Sealing

__all__ = [
    "IN_STATE",
    "ChangeCase",
    "ChangeState",
    "CopiedField",
    "CoveredScenario",
    "DossierDocument",
    "FieldWording",
    "Filing",
    "PaperFacts",
    "Receipt",
    "SealedPaper",
    "Sealing",
    "Snapshot",
    "State",
    "Submission",
    "Weight",
    "state_of",
]

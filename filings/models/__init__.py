"""What stands of a filing: the case, its papers, its frozen snapshots, its submissions and the answers to them."""

from filings.models.authority import AuthorityEntry, entry_of
from filings.models.change import IN_STATE, ChangeCase, ChangeState, Weight, state_of
from filings.models.ending import EndedDeployment, EndingState, EndingTask, Extent, Termination, Way
from filings.models.filing import (
    CoveredScenario,
    DossierDocument,
    Filing,
    Kind,
    Receipt,
    Snapshot,
    State,
    Submission,
)
from filings.models.freezing import Freezing
from filings.models.joint import JointUse
from filings.models.papers import CopiedField, FieldWording, PaperFacts, SealedPaper, Sealing

__all__ = [
    "IN_STATE",
    "AuthorityEntry",
    "ChangeCase",
    "ChangeState",
    "CopiedField",
    "CoveredScenario",
    "DossierDocument",
    "FieldWording",
    "Freezing",
    "Filing",
    "PaperFacts",
    "EndedDeployment",
    "EndingState",
    "EndingTask",
    "Extent",
    "Filing",
    "JointUse",
    "Kind",
    "Receipt",
    "SealedPaper",
    "Sealing",
    "Snapshot",
    "State",
    "Submission",
    "Termination",
    "Way",
    "Weight",
    "entry_of",
    "state_of",
]

"""What stands of a filing: the case, its papers, its frozen snapshots, its submissions and the answers to them."""

from filings.models.change import ChangeCase, Weight
from filings.models.filing import (
    CoveredScenario,
    DossierDocument,
    Filing,
    Receipt,
    Snapshot,
    State,
    Submission,
)

__all__ = [
    "ChangeCase",
    "CoveredScenario",
    "DossierDocument",
    "Filing",
    "Receipt",
    "Snapshot",
    "State",
    "Submission",
    "Weight",
]

"""The register: scenarios at sites are deployments, with areas, devices and signs; what the law asks of each."""

from deployments.models.counting import (
    BelowReview,
    CrossingNote,
    GroupOverlap,
    OverlapEstimate,
    PersonCount,
    ThresholdCrossing,
    WarningStep,
)
from deployments.models.equipment import Device, Sign, SignInspection
from deployments.models.notices import (
    ConsentCount,
    ConsentMechanism,
    ConsentWording,
    Notice,
    NoticeShowing,
    NoticeVersion,
)
from deployments.models.places import CaptureArea, Deployment, Site
from deployments.models.safeguards import (
    Engagement,
    GovernanceRecord,
    MlpsSystem,
    ProtectionControl,
    Supervision,
    Vendor,
)
from deployments.models.scenarios import Alternative, AlternativeCheck, ConductCheck, Scenario, ScopeDecision

__all__ = [
    "Alternative",
    "AlternativeCheck",
    "BelowReview",
    "CaptureArea",
    "ConductCheck",
    "ConsentCount",
    "ConsentMechanism",
    "ConsentWording",
    "CrossingNote",
    "Deployment",
    "Device",
    "Engagement",
    "GovernanceRecord",
    "GroupOverlap",
    "MlpsSystem",
    "Notice",
    "NoticeShowing",
    "NoticeVersion",
    "OverlapEstimate",
    "PersonCount",
    "ProtectionControl",
    "Scenario",
    "ScopeDecision",
    "Sign",
    "SignInspection",
    "Site",
    "Supervision",
    "ThresholdCrossing",
    "Vendor",
    "WarningStep",
]

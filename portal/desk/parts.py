"""What hangs on a record and belongs to its story in the trail."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.db.models import CharField, Q, Value

from deployments.models import (
    Alternative,
    AlternativeCheck,
    BelowReview,
    CaptureArea,
    ConductCheck,
    ConsentCount,
    ConsentMechanism,
    ConsentWording,
    CrossingNote,
    Deployment,
    Device,
    Engagement,
    GovernanceRecord,
    MlpsSystem,
    NoticeShowing,
    NoticeVersion,
    PersonCount,
    ProtectionControl,
    Scenario,
    ScopeDecision,
    Sign,
    SignInspection,
    Site,
    Supervision,
    ThresholdCrossing,
    Vendor,
)
from filings.models import (
    ChangeCase,
    DossierDocument,
    EndedDeployment,
    EndingTask,
    Filing,
    Receipt,
    Snapshot,
    Submission,
    Termination,
)
from portal.tenancy.models import Pip

MOST_CHILDREN = 500

# What hangs on a record and belongs to its story: the model, and its way to the record.
PARTS: dict[type[models.Model], tuple[tuple[type[models.Model], str], ...]] = {
    Pip: (
        (ThresholdCrossing, "pip"),
        (CrossingNote, "pip"),
        (BelowReview, "pip"),
        (GovernanceRecord, "pip"),
        (MlpsSystem, "pip"),
        (Vendor, "pip"),
    ),
    Scenario: (
        (ScopeDecision, "scenario"),
        (Alternative, "scenario"),
        (AlternativeCheck, "alternative__scenario"),
        (ConductCheck, "scenario"),
        (NoticeVersion, "notice__scenario"),
        (NoticeShowing, "version__notice__scenario"),
        (ConsentMechanism, "scenario"),
        (ConsentWording, "mechanism__scenario"),
        (ConsentCount, "wording__mechanism__scenario"),
        (ProtectionControl, "scenario"),
        (Engagement, "scenario"),
        (Supervision, "engagement__scenario"),
        (ChangeCase, "scenario"),
    ),
    Site: ((GovernanceRecord, "site"),),
    Deployment: (
        (CaptureArea, "deployment"),
        (Device, "deployment"),
        (Sign, "deployment"),
        (SignInspection, "sign__deployment"),
        (PersonCount, "deployment"),
    ),
    Filing: (
        (DossierDocument, "filing"),
        (Snapshot, "filing"),
        (Submission, "filing"),
        (Receipt, "filing"),
        (ChangeCase, "against__filing"),
    ),
    Termination: ((EndedDeployment, "termination"), (EndingTask, "termination")),
}


def parts_of(subject: Any) -> dict[str, list[str]]:
    """The ids of what hangs on a record by table, as the trail writes them: one question, whatever hangs there."""
    queries = [
        # The newest of each kind: a story shows the last steps only.
        model.objects.filter(**{way: subject})
        .order_by("-pk")
        .values_list(Value(model._meta.db_table, output_field=CharField()), "pk")[:MOST_CHILDREN]
        for model, way in PARTS.get(type(subject), ())
    ]
    found: dict[str, list[str]] = defaultdict(list)
    if queries:
        for table, pk in queries[0].union(*queries[1:], all=True):
            found[table].append(str(pk))
    return found


def about(subject: Any) -> Q:
    """The events of a subject's page: its own and those of its parts."""
    own = Q(table_name=subject._meta.db_table, row_id=str(subject.pk))
    for table, ids in parts_of(subject).items():
        own |= Q(table_name=table, row_id__in=ids)
    return own

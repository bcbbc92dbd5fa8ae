"""Until when a settled assessment is kept (FRM Art 9, PIPL Art 56; Civil Code Art 202), and when it may be erased."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assessments.models import Assessment
from deployments.choices import Status
from deployments.models import Deployment
from portal.law.reckoning import years_after
from portal.law.rules.assessment import YEARS_KEPT

OVER = (Status.TERMINATED, Status.DISPOSED)


@dataclass(frozen=True)
class Retention:
    """The last day on which it is kept, none while a scenario is in use; and what that day follows from."""

    until: date | None
    layer: Literal["law", "default"]
    ended_on: date | None = None

    def is_over(self, today: date) -> bool:
        """Whether the last day has passed: the period ends with the end of that day."""
        return self.until is not None and today > self.until


def retention_of(assessment: Assessment) -> Retention:
    """Three years from the approval by law; as the portal's default three years from the end of the last use.

    A scenario that was never used at a place adds nothing to the years from the approval.
    """
    places = Deployment.objects.filter(scenario__assessed__assessment=assessment).values_list("status", "ended_on")
    ends = [ended_on for status, ended_on in places if status in OVER]
    if len(ends) < len(places):
        return Retention(None, "default")
    ended_on = max(ends, default=None)
    longer = years_after(ended_on, YEARS_KEPT) if ended_on else assessment.keep_until
    if longer > assessment.keep_until:
        return Retention(longer, "default", ended_on)
    return Retention(assessment.keep_until, "law", ended_on)

"""Assessments as the law looks at them."""

from datetime import date

from django.db.models import Max

from assessments.models import Assessment
from portal.tenancy.models import Pip


def approved_on(pip: Pip) -> dict[str, date]:
    """The day of the newest approved assessment by scenario code."""
    rows = (
        Assessment.objects.filter(pip=pip, state="approved").values_list("scenario__code").annotate(Max("approved_on"))
    )
    return dict(rows)

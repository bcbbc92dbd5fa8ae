"""How filings stand, and how long the authorities take: counted over rounds, in one question each."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from filings.models import Filing, Receipt, State

STEPS = (State.DRAFT, State.FREEZING, State.FROZEN, State.SUBMITTED, State.CORRECTING, State.ACCEPTED)


class Median(Aggregate):
    """The middle of the values; between two of them, halfway."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Times:
    """Calendar days from a submission to its answer: how many answers, and the middle one."""

    answers: int
    days: float | None


def funnel(filings: QuerySet[Filing]) -> list[tuple[State, int]]:
    """How many filings stand in each step."""
    found = filings.aggregate(**{state.value: Count("pk", filter=Q(state=state)) for state in STEPS})
    return [(state, found[state.value]) for state in STEPS]


def answer_times(receipts: QuerySet[Receipt]) -> dict[str, Times]:
    """The medians over all rounds, and by kind of answer."""
    waited = ExpressionWrapper(F("received_on") - F("submission__submitted_on"), output_field=DurationField())
    kinds = {"all": Q(), **{kind: Q(kind=kind) for kind in ("correction", "rejected", "accepted")}}
    asked = {}
    for name, of in kinds.items():
        asked[f"{name}_number"] = Count("pk", filter=of)
        asked[f"{name}_median"] = Median(waited, filter=of, output_field=DurationField())
    found = receipts.aggregate(**asked)
    return {name: Times(found[f"{name}_number"], _days(found[f"{name}_median"])) for name in kinds}


def _days(waited: timedelta | None) -> float | None:
    if waited is None:
        return None
    days = round(waited / timedelta(days=1), 1)
    return int(days) if days == int(days) else days

"""Counts, the crossing with what supersedes it, and counsel's reviews, as the meter of the law reads them."""

from deployments.models import BelowReview, CrossingNote, PersonCount, ThresholdCrossing, WarningStep
from portal.law import facts
from portal.law.threshold import WARNING_STEPS
from portal.tenancy.models import Pip


def count_facts(pip: Pip) -> tuple[facts.Count, ...]:
    """The counts that no later one corrects."""
    rows = (
        PersonCount.objects.filter(pip=pip)
        .current()
        .values_list("counted_on", "scenario__code", "deployment__code", "persons", "id", "dedup_method", "source")
    )
    return tuple(facts.Count(*row) for row in rows.iterator())


def confirmed_crossing(pip: Pip) -> facts.Crossing | None:
    """The crossing that a person confirmed, as the newest note has it; what it supersedes hangs behind it."""
    columns = ("crossed_on", "persons", "method")
    frozen = ThresholdCrossing.objects.filter(pip=pip).values_list(*columns, "confirmed_on", "proposed_on").first()
    if frozen is None:
        return None
    crossing = facts.Crossing(*frozen)
    notes = CrossingNote.objects.filter(pip=pip).order_by("id")
    for note in notes.values_list(*columns, "noted_on", "proposed_on"):
        crossing = facts.Crossing(*note, supersedes=crossing)
    return crossing


def below_reviews(pip: Pip) -> tuple[facts.BelowReview, ...]:
    """Counsel's decisions on falls below the threshold, the oldest first."""
    rows = BelowReview.objects.filter(pip=pip).order_by("id")
    return tuple(facts.BelowReview(*row) for row in rows.values_list("below_on", "decided_on", "decision"))


def warning_steps(pip: Pip) -> tuple[int, ...]:
    """The steps that the tenant has set, else the portal's own."""
    return tuple(WarningStep.objects.filter(tenant=pip.tenant_id).values_list("percent", flat=True)) or WARNING_STEPS

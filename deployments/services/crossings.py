"""The crossing of 100,000: confirmed and frozen, superseded by notes only; and counsel's review of a fall below it."""

from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.facts import register_facts
from deployments.models import BelowReview, CrossingNote, PersonCount, ThresholdCrossing
from deployments.services.counting import take_turns
from deployments.services.rows import add, constraints_as_words, require_not_after
from portal.accounts.models import User
from portal.calendars.clock import calendar
from portal.evidence.services import keep
from portal.law.facts import PipFacts
from portal.law.meter import Total, counts_on, crossing, fell_on, latest, series
from portal.law.rules.filing import Reached, reached
from portal.law.sources import INSTRUMENTS
from portal.law.threshold import THRESHOLD
from portal.law.version import rules_version
from portal.obligations.models import Obligation, State
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service
from portal.workflow import CaseError

FILING_RULES = ("frm-15-initial", "frm-15-transition")


@service("crossing.confirm")
def confirm_crossing(
    pip: Pip, *, crossed_on: date, method: str, reason: str, by: User | None, today: date
) -> ThresholdCrossing:
    """Freeze the day on which 100,000 persons were stored, with the counts behind it (FRM Art 15)."""
    take_turns(pip)
    if ThresholdCrossing.objects.filter(pip=pip).exists():
        raise CaseError(_("The crossing of this PIP is confirmed already. Its day is frozen."))
    facts = register_facts(pip, {}).as_of(today)
    proposed = crossing(facts)
    if proposed is None:
        raise CaseError(_("The counts of this PIP don't reach 100,000. There is nothing to confirm."))
    require_not_after(today, crossed_on=crossed_on)
    total = latest(facts, crossed_on)
    if total.high < THRESHOLD:
        raise ValidationError({"crossed_on": _below_on_that_day(total.high, proposed.on)})
    confirmed = ThresholdCrossing(
        pip=pip,
        proposed_on=proposed.on,
        crossed_on=crossed_on,
        persons=total.high,
        method=method,
        reason=reason,
        snapshot=snapshot(facts, crossed_on, today=today),
        confirmed_on=today,
        confirmed_at=timezone.now(),
        confirmed_by=by,
    )
    confirmed.full_clean(exclude=["tenant"], validate_constraints=False)
    with constraints_as_words(ThresholdCrossing):
        confirmed.save(force_insert=True)
    touch(pip.pk)
    return confirmed


@service("crossing.note")
def note_crossing(
    pip: Pip, *, crossed_on: date, method: str, reason: str, by: User | None, today: date
) -> CrossingNote:
    """Note which day holds after counts came that say another one; what was frozen before stays as it is."""
    take_turns(pip)
    frozen = ThresholdCrossing.objects.filter(pip=pip).first()
    if frozen is None:
        raise CaseError(_("First confirm the day on which 100,000 persons were reached."))
    facts = register_facts(pip, {}).as_of(today)
    found = reached(facts)
    assert found is not None, "a confirmed crossing is reached"
    if found.is_confirmed and not found.has_moved:
        raise CaseError(_("The counts say what was confirmed. There is nothing to note."))
    require_not_after(today, crossed_on=crossed_on)
    total = latest(facts, crossed_on)
    keeps_confirmed = crossed_on == found.confirmed
    if not keeps_confirmed:
        _require_day_that_may_hold(crossed_on, total, found)
    note = CrossingNote(
        pip=pip,
        crossing=frozen,
        proposed_on=found.said if found.has_moved else found.on,
        crossed_on=crossed_on,
        persons=frozen.standing.persons if keeps_confirmed else total.high,
        method=method,
        reason=reason,
        snapshot=snapshot(facts, crossed_on, today=today),
        noted_on=today,
        noted_at=timezone.now(),
        noted_by=by,
    )
    add(note)
    touch(pip.pk)
    return note


def _require_day_that_may_hold(crossed_on: date, total: Total, found: Reached) -> None:
    """Another day than the confirmed one: 100,000 were stored on it, and no ended duty lies between."""
    if total.high < THRESHOLD:
        first = found.said or found.confirmed or found.on
        raise ValidationError({"crossed_on": _below_on_that_day(total.high, first)})
    if not found.has_moved and crossed_on < found.on:
        sentence = _("Counsel held the duty before to be ended. Choose a day from %(day)s on.")
        raise ValidationError({"crossed_on": sentence % {"day": found.on.isoformat()}})


@service("below.review")
def review_fall(
    pip: Pip, *, decision: str, reason: str, by: User, today: date, proof: IO[bytes] | None = None
) -> BelowReview:
    """Record what counsel decided of a fall below 100,000 (LAW 2.4: the law is silent, so it never decides itself)."""
    take_turns(pip)
    facts = register_facts(pip, {}).as_of(today)
    fell = fell_on(facts)
    if reached(facts) is None or fell is None:
        raise CaseError(_("100,000 persons or more are stored, or never were. There is no fall to review."))
    standing = BelowReview.objects.filter(pip=pip, decided_on__gte=fell).last()
    if standing and (standing.decision, standing.reason, standing.decided_by_id) == (decision, reason, by.pk):
        return standing
    _require_decision_that_fits(pip, decision, has_proof=bool(proof))
    if _counted_last(facts) == by.pk:
        raise CaseError(_("You entered the count that brought the number down. Ask another person to review it."))
    review = BelowReview(
        pip=pip,
        below_on=fell,
        persons=latest(facts, fell).high,
        decision=decision,
        reason=reason,
        proof=keep(proof, pip=pip, by=by) if proof else None,
        decided_on=today,
        decided_at=timezone.now(),
        decided_by=by,
    )
    add(review)
    touch(pip.pk)
    return review


def is_filed(pip: Pip) -> bool:
    """Whether the duty to file is met."""
    return Obligation.objects.filter(tenant=pip.tenant_id, pip=pip, rule__in=FILING_RULES, state=State.MET).exists()


def _require_decision_that_fits(pip: Pip, decision: str, *, has_proof: bool) -> None:
    """Before the filing a fall may end the duty, proved by the deletion; after it the question is a change."""
    filed = is_filed(pip)
    if decision == "ended" and filed:
        raise ValidationError(
            {"decision": _("The filing is submitted already. Decide whether the fall is filed as a change.")}
        )
    if decision == "change" and not filed:
        raise ValidationError({"decision": _("Nothing is filed yet that could be changed.")})
    if decision == "ended" and not has_proof:
        raise ValidationError({"proof": _("Give the proof that the face information was deleted.")})


def _counted_last(facts: PipFacts) -> int | None:
    """Who entered the newest of the counts that make up the total: nobody reviews his own work."""
    keys = [count.key for count in counts_on(facts, max(total.on for total in series(facts)))]
    newest = PersonCount.objects.filter(pk__in=keys).order_by("-id")
    return newest.values_list("entered_by", flat=True).first()


def _below_on_that_day(persons: int, on: date) -> str:
    sentence = _("On this day %(persons)s persons were stored, fewer than 100,000. Choose a day from %(day)s on.")
    return sentence % {"persons": f"{persons:,}", "day": on.isoformat()}


def snapshot(facts: PipFacts, on: date, *, today: date) -> dict[str, Any]:
    """What a crossing freezes: the counts with the hashes of their files, the overlap, and the versions of law and
    calendar.
    """
    total = latest(facts, on)
    counts = counts_on(facts, on)
    assert sum(count.persons for count in counts) == total.high, "the counts behind a total must add up to it"
    measures = INSTRUMENTS["FRM"]
    files = dict(PersonCount.objects.filter(pk__in=[count.key for count in counts]).values_list("pk", "source_sha256"))
    return {
        "on": on.isoformat(),
        "as_of": today.isoformat(),
        "threshold": THRESHOLD,
        "total": {"low": total.low, "best": total.best, "high": total.high},
        "overlap": {"best_percent": facts.overlap_best_percent, "most_percent": facts.overlap_most_percent},
        "counts": [
            {
                "id": count.key,
                "scenario": count.scenario,
                "deployment": count.deployment,
                "on": count.on.isoformat(),
                "persons": count.persons,
                "method": count.method,
                "source": count.source,
                "sha256": files.get(count.key, ""),
            }
            for count in counts
        ],
        "law": {"title": measures.title.zh, "article": "15", "in_force_on": measures.in_force_on.isoformat()},
        "rules": rules_version(),
        "calendar": calendar().version,
    }

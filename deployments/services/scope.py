"""Whether the Measures apply to a scenario (FRM Art 2): decided at once, or proposed to another person."""

from datetime import date

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.models import Scenario, ScopeDecision
from deployments.services.rows import change, constraints_as_words
from portal.accounts.models import User
from portal.calendars.clock import calendar
from portal.law.reckoning import years_after
from portal.law.screening import Answers, Known, screen
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict

# Portal default, not law: a decision that the Measures don't apply is looked at again every year.
RECHECK_YEARS = 1


@service("scope.decide")
def decide_scope(
    scenario: Scenario, *, answers: Answers, reason: str = "", seen: int | None = None, by: User, today: date
) -> ScopeDecision:
    """Decide from eight answers. That the Measures apply holds at once; that they don't is proposed to another person.

    ``seen`` is the newest decision that the person knew: a later one of somebody else is not passed over. Of two
    clicks the second gets what the first made.
    """
    found = screen(answers, calendar(), Known(scenario.legal_basis))
    if not found.is_complete:
        raise ValidationError(dict.fromkeys(found.unanswered, _("Answer this question.")))
    if found.scope != "in" and not reason.strip():
        raise ValidationError({"reason": _("Say why the Measures do not apply to this scenario.")})
    # Two who decide take turns.
    Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    newest = ScopeDecision.objects.filter(scenario=scenario).first()
    if newest is not None and _is_same(newest, found.scope, answers, reason, by, today):
        return newest
    if newest is not None and newest.pk != seen:
        raise StateConflict(_("Somebody decided on this scenario meanwhile. Look at that decision first."))
    if newest is not None and newest.state == "proposed":
        raise CaseError(
            _("A decision on this scenario waits for approval. Have it approved, refused or withdrawn first.")
        )
    decision = ScopeDecision(
        pip_id=scenario.pip_id,
        scenario=scenario,
        scope=found.scope,
        reason=reason,
        answers=answers.as_dict(),
        decided_on=today,
        decided_by=by,
        state="decided" if found.scope == "in" else "proposed",
    )
    # Nobody has settled it yet.
    decision.full_clean(exclude=["tenant", "settled_by"])
    with constraints_as_words(ScopeDecision):
        decision.save(force_insert=True)
    if found.scope == "in":
        _hold(scenario, scope="in", reason="", decided_on=today, recheck_on=None)
    return decision


@service("scope.approve")
def approve_scope(decision: ScopeDecision, *, by: User, today: date) -> None:
    """Let a decision that the Measures don't apply hold, as another person than the one who proposed it."""
    _settle(decision, "approved", by=by, today=today)
    _hold(
        decision.scenario,
        scope=decision.scope,
        reason=decision.reason,
        decided_on=today,
        recheck_on=years_after(today, RECHECK_YEARS),
    )


@service("scope.refuse")
def refuse_scope(decision: ScopeDecision, *, by: User, today: date) -> None:
    """Turn a proposal down: the scenario's scope stays as it is."""
    _settle(decision, "refused", by=by, today=today)


@service("scope.withdraw")
def withdraw_scope(decision: ScopeDecision, *, today: date) -> None:
    """Take a proposal back before it is settled."""
    rows = ScopeDecision.objects.filter(pk=decision.pk, state="proposed")
    if rows.update(state="withdrawn", settled_on=today) != 1:
        raise StateConflict(_settled_already())


@service("scope.carry_over")
def carry_over(scenario: Scenario, answers: Answers) -> list[str]:
    """Write the answers into those fields of the scenario that are empty; the names of what was set."""
    values = {
        "subject_groups": sorted(answers.groups),
        "storage_mode": answers.storage_mode,
        "sends_over_internet": answers.sends_over_internet,
    }
    empty = {
        name: value
        for name, value in values.items()
        if value not in ("", [], None) and getattr(scenario, name) in ("", [], None)
    }
    changed = change(scenario, empty)
    if changed:
        touch(scenario.pip_id)
    return changed


def _settle(decision: ScopeDecision, state: str, *, by: User, today: date) -> None:
    if by.pk == decision.decided_by_id:
        raise CaseError(_("You proposed this decision, so you can't settle it. Ask another person with the right to."))
    rows = ScopeDecision.objects.filter(pk=decision.pk, state="proposed")
    if rows.update(state=state, settled_on=today, settled_by=by) != 1:
        raise StateConflict(_settled_already())


def _settled_already() -> str:
    return _("This decision was settled already. Reload the page to see how.")


def _hold(scenario: Scenario, *, scope: str, reason: str, decided_on: date, recheck_on: date | None) -> None:
    values = {
        "scope": scope,
        "scope_reason": reason,
        "scope_decided_on": decided_on,
        "scope_recheck_on": recheck_on,
    }
    change(scenario, values)
    touch(scenario.pip_id)


def _is_same(newest: ScopeDecision, scope: str, answers: Answers, reason: str, by: User, today: date) -> bool:
    said = (newest.scope, newest.answers, newest.reason, newest.decided_by_id, newest.decided_on)
    is_standing = newest.state in ("decided", "proposed")
    return is_standing and said == (scope, answers.as_dict(), reason, by.pk, today)

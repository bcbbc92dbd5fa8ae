"""What comes after a confirmed crossing: late counts, notes that supersede it, and counsel's review of a fall."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.forms import ValidationError

from deployments import services
from deployments.facts import register_facts
from deployments.models import BelowReview, CrossingNote, ThresholdCrossing, WarningStep
from portal.audit.models import AuditEvent
from portal.clock.dispatch import dispatch
from portal.clock.reconcile import reconcile
from portal.law.rules.filing import reached
from portal.law.version import rules_version
from portal.obligations.models import Delivery, Obligation
from portal.tenancy.models import PipMark
from portal.workflow import CaseError
from tests import build

SEPTEMBER, AUGUST, OCTOBER = date(2026, 9, 4), date(2026, 8, 10), date(2026, 10, 1)
DELETED = b"%PDF-1.4 deleted %%EOF"


@pytest.fixture
def gate(house):
    """A PIP whose crossing of 4 September is confirmed and frozen."""
    scenario = build.scenario(house.pip)
    build.count(scenario, 101_259, SEPTEMBER, dedup_method="member id", source_sha256="a" * 64)
    services.confirm_crossing(house.pip, crossed_on=SEPTEMBER, method="member id", reason="agreed", **by(house))
    return scenario


def deleted():
    return SimpleUploadedFile("deleted.pdf", DELETED)


def by(house, role="officer"):
    return {"by": house.people[role], "today": date(2026, 10, 12)}


def note(house, on=AUGUST, reason="the site reported late"):
    return services.note_crossing(house.pip, crossed_on=on, method="member id", reason=reason, **by(house))


def review(house, decision="stays", role="reviewer", **fields):
    return services.review_fall(house.pip, decision=decision, reason="deleted on expiry", **by(house, role), **fields)


def duty(house, today, rule="frm-15-initial"):
    reconcile(house.pip, today=today)
    return Obligation.objects.get(rule=rule)


def test_frozen_crossing_names_its_files_and_the_rules_that_judged(house, gate):
    frozen = ThresholdCrossing.objects.get().snapshot
    assert [row["sha256"] for row in frozen["counts"]] == ["a" * 64]
    assert (frozen["rules"], frozen["law"]["article"]) == (rules_version(), "15")


def test_late_count_moves_the_duty_and_its_owner_is_told_of_old_and_new(house, gate, today):
    assert duty(house, today).due_on == date(2026, 10, 22)
    dispatch(today=today)
    told = Delivery.objects.count()
    build.count(gate, 100_001, AUGUST)
    moved = duty(house, today)
    assert (moved.due_on, moved.is_confirmed, moved.is_overdue(today)) == (date(2026, 9, 20), False, True)
    assert "4 September 2026 was confirmed; counts entered since say 10 August 2026" in moved.why_en
    event = AuditEvent.objects.filter(table_name="obligations_obligation", row_id=str(moved.pk)).first()
    assert ("due_on", "2026-10-22", "2026-09-20") in event.changes
    dispatch(today=today)
    # Owner and officer, in the inbox and by mail.
    assert Delivery.objects.count() == told + 4
    assert Obligation.objects.get(rule="frm-15-confirm-count").state == "open"


def test_note_supersedes_and_leaves_the_frozen_crossing_as_it_was(house, gate, today):
    before = ThresholdCrossing.objects.values().get()
    build.count(gate, 100_001, AUGUST)
    made = note(house)
    assert (made.persons, made.proposed_on, made.snapshot["on"]) == (100_001, AUGUST, "2026-08-10")
    assert ThresholdCrossing.objects.values().get() == before
    assert ThresholdCrossing.objects.get().standing == made
    found = duty(house, today)
    assert (found.due_on, found.is_confirmed) == (date(2026, 9, 20), True)
    assert Obligation.objects.get(rule="frm-15-confirm-count").state == "met"
    assert AuditEvent.objects.filter(verb="crossing.note", table_name="deployments_crossingnote").count() == 1


def test_note_may_keep_the_confirmed_day_with_its_reason(house, gate, today):
    build.count(gate, 100_001, AUGUST)
    kept = note(house, SEPTEMBER, "the August number counted images")
    assert kept.persons == 101_259
    assert duty(house, today).due_on == date(2026, 10, 22)
    # The same counts are no news any more; other ones are.
    with pytest.raises(CaseError, match="nothing to note"):
        note(house)
    build.count(gate, 100_500, AUGUST - timedelta(days=1))
    assert reached(register_facts(house.pip, {})).has_moved


def test_note_needs_news_and_a_day_on_which_enough_were_stored(house, gate):
    with pytest.raises(CaseError, match="nothing to note"):
        note(house)
    build.count(gate, 100_001, AUGUST)
    with pytest.raises(ValidationError, match=r"0 persons were stored.*2026-08-10"):
        note(house, AUGUST - timedelta(days=1))
    with pytest.raises(ValidationError, match="future"):
        note(house, date(2026, 10, 13))
    assert not CrossingNote.objects.exists()


def test_nothing_is_noted_before_the_first_confirmation(house):
    build.count(build.scenario(house.pip), 100_001, AUGUST)
    with pytest.raises(CaseError, match="First confirm"):
        note(house)


@pytest.mark.parametrize("table", ["crossingnote", "belowreview", "thresholdcrossing", "personcount"])
def test_what_is_frozen_is_refused_to_the_role_that_serves(house, gate, table):
    build.count(gate, 100_001, AUGUST)
    note(house)
    build.count(gate, 60_000, OCTOBER)
    review(house)
    for statement in (f"UPDATE deployments_{table} SET persons = 1", f"DELETE FROM deployments_{table}"):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_fall_is_reviewed_by_counsel_and_the_duty_stays_open_until_then(house, gate, today):
    build.count(gate, 60_000, OCTOBER)
    assert duty(house, today).state == "open"
    assert Obligation.objects.get(rule="default-below-threshold").state == "open"
    made = review(house)
    assert (made.below_on, made.persons, made.decided_by) == (OCTOBER, 60_000, house.people["reviewer"])
    assert duty(house, today).state == "open"
    assert Obligation.objects.get(rule="default-below-threshold").state == "met"
    assert (
        "Counsel decided on 12 October 2026: the duty stays." in Obligation.objects.get(rule="frm-15-initial").why_en
    )


def test_ended_duty_needs_the_proof_of_deletion(house, gate, today):
    build.count(gate, 60_000, OCTOBER)
    with pytest.raises(ValidationError, match="proof that the face information was deleted"):
        review(house, "ended")
    made = review(house, "ended", proof=deleted())
    assert made.proof.size == len(DELETED)
    assert duty(house, today).state == "not_required"
    # The database asks for it as well.
    with pytest.raises(Error, match="below_ended_with_proof_of_deletion"), transaction.atomic():
        BelowReview.objects.create(
            pip=house.pip, below_on=OCTOBER, persons=1, decision="ended", decided_on=today, decided_at=made.decided_at
        )


def test_crossing_after_an_ended_duty_is_noted_and_runs_anew(house, gate, today):
    build.count(gate, 60_000, date(2026, 9, 10))
    review(house, "ended", proof=deleted())
    build.count(gate, 100_400, OCTOBER)
    assert (duty(house, today).state, duty(house, today).is_confirmed) == ("open", False)
    with pytest.raises(ValidationError, match="ended. Choose a day from 2026-10-01"):
        note(house, SEPTEMBER)
    note(house, OCTOBER, "reached again")
    found = duty(house, today)
    assert (found.arose_on, found.is_confirmed) == (OCTOBER, True)


def test_who_entered_the_count_does_not_review_it(house, gate):
    build.count(gate, 60_000, OCTOBER, entered_by=house.people["owner"])
    with pytest.raises(CaseError, match="Ask another person"):
        review(house, role="owner")
    assert review(house).decided_by == house.people["reviewer"]


def test_second_click_makes_no_second_review(house, gate):
    build.count(gate, 60_000, OCTOBER)
    assert review(house) == review(house)
    assert BelowReview.objects.count() == 1


def test_without_a_fall_there_is_nothing_to_review(house, gate):
    with pytest.raises(CaseError, match="no fall to review"):
        review(house)


def test_change_is_decided_of_what_is_filed_only(house, gate, today):
    build.count(gate, 60_000, OCTOBER)
    with pytest.raises(ValidationError, match="Nothing is filed"):
        review(house, "change")
    filing = duty(house, today)
    Obligation.objects.filter(pk=filing.pk).update(state="met", met_on=today)
    with pytest.raises(ValidationError, match="submitted already"):
        review(house, "ended", proof=deleted())
    assert review(house, "change").decision == "change"


def test_overlap_of_the_group_is_one_row_that_changes(house):
    services.set_group_overlap(best_percent=5, most_percent=20, reasoning="frequent flyers")
    made = services.set_group_overlap(best_percent=6, most_percent=20, reasoning="frequent flyers")
    assert (made.best_percent, type(made).objects.count()) == (6, 1)
    with pytest.raises(ValidationError, match="can't exceed"):
        services.set_group_overlap(best_percent=30, most_percent=20, reasoning="x")


def test_steps_of_the_tenant_replace_the_portals_and_touch_its_pips(house, today):
    reconcile(house.pip, today=today)
    mark = PipMark.objects.get(pip=house.pip)
    assert services.set_warning_steps([70, 99]) == [70, 99]
    assert register_facts(house.pip, {}).warning_steps == (70, 99)
    assert PipMark.objects.get(pip=house.pip).touched_at != mark.touched_at
    assert services.set_warning_steps([80, 90, 95]) == [80, 90, 95]
    assert not WarningStep.objects.exists()
    with pytest.raises(ValidationError):
        services.set_warning_steps([100])

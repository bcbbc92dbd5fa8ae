"""A change is decided by a person, kept both ways, and its duty runs from the day on which it took effect."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError

from deployments import services as register
from filings.models import ChangeCase
from filings.services import changes as services
from portal.audit.models import AuditEvent
from portal.clock.reconcile import reconcile
from portal.obligations.models import Obligation
from portal.workflow import CaseError
from tests import build
from tests.filings import changes
from tests.filings.changes import TODAY

LATER = TODAY + timedelta(days=8)


@pytest.fixture
def filing(house):
    return changes.accepted(house)


@pytest.fixture
def case(house, filing) -> ChangeCase:
    """The purpose of the scenario changed."""
    register.edit_scenario(filing.covered.get().scenario, purpose="营销分析")
    changes.noticed(house.pip)
    return ChangeCase.objects.get()


def duty(house: build.House, on: date = TODAY) -> Obligation:
    reconcile(house.pip, today=on)
    return Obligation.objects.get(rule="frm-15-change")


def decide(house, case, is_substantial, by="officer", reason="the aim is another"):
    return services.decide(case, is_substantial=is_substantial, reason=reason, by=house.people[by], today=TODAY)


def test_undecided_change_is_due_30_working_days_after_the_edit(house, case):
    found = duty(house)
    assert (found.state, found.arose_on, found.due_on) == ("open", TODAY, date(2026, 11, 23))
    assert "登机核验: Purpose of processing" in found.why_en
    assert "登机核验：处理目的" in found.why_zh


def test_duty_runs_from_the_day_on_which_the_change_took_effect(house, case):
    duty(house)
    services.date_change(case, on=date(2026, 10, 15), reason="board minutes", today=LATER)
    assert duty(house, LATER).due_on == date(2026, 11, 26)


def test_earliest_of_several_changes_governs(house, filing, case):
    register.edit_scenario(case.scenario, retention="30 days")
    changes.noticed(house.pip)
    for item, on in (("purpose", date(2026, 10, 16)), ("retention", date(2026, 10, 14))):
        services.date_change(ChangeCase.objects.get(item=item), on=on, reason="minutes", today=LATER)
    found = duty(house, LATER)
    assert (found.arose_on, "2 changes wait" in found.why_en) == (date(2026, 10, 14), True)


def test_change_that_lies_ahead_asks_nothing_yet(house, case):
    services.date_change(case, on=TODAY + timedelta(days=5), reason="goes live then", today=TODAY)
    reconcile(house.pip, today=TODAY)
    assert not Obligation.objects.filter(rule="frm-15-change", state="open").exists()
    assert duty(house, TODAY + timedelta(days=6)).state == "open"


@pytest.mark.parametrize(
    ("on", "reason", "field"),
    [
        (TODAY - timedelta(days=1), "minutes", "effective_on"),
        (TODAY + timedelta(days=400), "minutes", "effective_on"),
        (TODAY, " ", "effective_reason"),
    ],
)
def test_day_before_the_dossier_far_ahead_or_without_reason_is_refused(case, on, reason, field):
    with pytest.raises(ValidationError) as refused:
        services.date_change(case, on=on, reason=reason, today=TODAY)
    assert list(refused.value.message_dict) == [field]


def test_substantial_needs_no_second_person(house, case):
    assert decide(house, case, True).stands is True
    assert (duty(house).state, "Nobody has decided" in duty(house).why_en) == ("open", False)


def test_not_substantial_holds_once_another_person_confirms(house, case):
    decided = decide(house, case, False)
    assert (decided.stands, duty(house).state) == (None, "open")
    confirmed = services.confirm(decided, by=house.people["reviewer"])
    assert (confirmed.stands, duty(house).state) == (False, "not_required")


def test_decision_without_reason_is_refused(house, case):
    with pytest.raises(ValidationError, match="Give the reason"):
        decide(house, case, False, reason="  ")


def test_who_decided_does_not_confirm_while_others_may(house, case):
    decided = decide(house, case, False)
    with pytest.raises(CaseError, match="another person confirms it"):
        services.confirm(decided, by=house.people["officer"], alone_because="in a hurry")


def test_only_person_of_a_workspace_confirms_alone_and_says_why(db, today):
    house = build.house("solo", roles=["officer"])
    with house.acting("officer"):
        register.edit_scenario(changes.accepted(house).covered.get().scenario, purpose="营销分析")
        changes.noticed(house.pip)
        decided = decide(house, ChangeCase.objects.get(), False)
        with pytest.raises(ValidationError, match="Say why"):
            services.confirm(decided, by=house.people["officer"])
        services.confirm(decided, by=house.people["officer"], alone_because="nobody else works here")
        assert ChangeCase.objects.get().stands is False


def test_nothing_decided_is_nothing_to_confirm(house, case):
    with pytest.raises(CaseError, match="Nothing waits"):
        services.confirm(case, by=house.people["reviewer"])


def test_decision_anew_takes_the_confirmation_away_and_both_stay_in_the_trail(house, case):
    services.confirm(decide(house, case, False, reason="same aim"), by=house.people["reviewer"])
    again = decide(house, case, True, by="reviewer", reason="counsel disagrees")
    assert (again.is_substantial, again.approved_by) == (True, None)
    events = AuditEvent.objects.filter(table_name="filings_changecase", row_id=str(case.pk), operation="update")
    told = [event.content["changes"].get("reason", [None, None])[1] for event in events.order_by("id")]
    assert told == ["same aim", None, "counsel disagrees"]


@pytest.mark.parametrize(
    "column",
    [
        "old = '{}'",
        "new = '{}'",
        "event = 1",
        "noticed_at = now() - interval '9 days'",
        "item = 'contact'",
        "weight = 'minor'",
        "against_id = against_id + 1",
        "scenario_id = NULL",
        "reference = 'CHG-2026-0009'",
    ],
)
def test_what_was_noticed_is_refused_another_value_by_the_database(case, column):
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE filings_changecase SET {column} WHERE id = %s", [case.pk])


def test_case_is_never_deleted(case):
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM filings_changecase WHERE id = %s", [case.pk])


def test_decision_without_reason_is_refused_by_the_database(case):
    with pytest.raises(IntegrityError, match="change_decided_with_reason"), transaction.atomic():
        ChangeCase.objects.filter(pk=case.pk).update(is_substantial=True, decided_at=case.noticed_at)


def test_own_confirmation_is_refused_by_the_database(house, case):
    decide(house, case, False)
    own = {"approved_by": house.people["officer"], "approved_at": case.noticed_at}
    with pytest.raises(IntegrityError, match="change_confirmed_by_another"), transaction.atomic():
        ChangeCase.objects.filter(pk=case.pk).update(**own)


def test_second_undecided_case_of_an_item_is_refused_by_the_database(case):
    twin = ChangeCase.objects.get(pk=case.pk)
    twin.pk, twin.reference = None, "CHG-2026-0002"
    with pytest.raises(IntegrityError, match="change_one_undecided_per_item"), transaction.atomic():
        twin.save(force_insert=True)


def test_each_verb_stands_in_the_trail(house, case):
    services.date_change(case, on=TODAY, reason="minutes", today=TODAY)
    services.confirm(decide(house, case, False), by=house.people["reviewer"])
    events = AuditEvent.objects.filter(table_name="filings_changecase", row_id=str(case.pk), operation="update")
    assert list(events.order_by("id").values_list("verb", flat=True)) == [
        "change.date",
        "change.decide",
        "change.confirm",
    ]

"""The scope of a scenario: screened in eight questions, decided at once or by two people, checked again in a year."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.forms import ValidationError

from deployments import services
from deployments.models import Scenario, ScopeDecision
from portal.audit.models import AuditEvent
from portal.clock.reconcile import reconcile
from portal.law.screening import Answers
from portal.obligations.models import Obligation
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.deployments.test_pages import text_of, url

SHOP = Answers("yes", "production", "identify", "public", "no", "both", "device", "below")
TRAINING = Answers("yes", "rnd", "identify", "internal", "no", "adults", "device", "below")
REASON = "a laboratory that trains algorithms, apart from production"


@pytest.fixture
def scenario(house):
    return build.scenario(house.pip)


def proposed(house, scenario, today):
    return services.decide_scope(scenario, answers=TRAINING, reason=REASON, by=house.people["officer"], today=today)


# The verbs


def test_that_the_measures_apply_holds_at_once(house, scenario, today):
    decision = services.decide_scope(scenario, answers=SHOP, by=house.people["officer"], today=today)
    stored = Scenario.objects.get()
    assert (stored.scope, stored.scope_decided_on, stored.scope_recheck_on) == ("in", today, None)
    assert (decision.state, decision.answers) == ("decided", SHOP.as_dict())
    assert AuditEvent.objects.filter(verb="scope.decide", table_name="deployments_scopedecision").exists()
    reconcile(house.pip, today=today)
    assert Obligation.objects.get(rule="frm-02-scope").state == "met"


def test_out_of_scope_needs_a_reason(house, scenario, today):
    with pytest.raises(ValidationError, match="Say why the Measures do not apply"):
        services.decide_scope(scenario, answers=TRAINING, reason=" ", by=house.people["officer"], today=today)


def test_unanswered_questions_are_named(house, scenario, today):
    with pytest.raises(ValidationError) as refused:
        services.decide_scope(scenario, answers=Answers(mainland="yes"), by=house.people["officer"], today=today)
    assert set(refused.value.error_dict) == set(SHOP.as_dict()) - {"mainland"}


def test_a_proposal_leaves_the_scenario_in_scope(house, scenario, today):
    assert proposed(house, scenario, today).state == "proposed"
    assert Scenario.objects.get().is_in_scope
    reconcile(house.pip, today=today)
    assert Obligation.objects.get(rule="frm-09-pipia-before-use").state == "open"


def test_another_person_approves_and_it_is_checked_again_in_a_year(house, scenario, today):
    decision = proposed(house, scenario, today)
    services.approve_scope(decision, by=house.people["reviewer"], today=date(2026, 10, 14))
    stored = Scenario.objects.get()
    assert (stored.scope, stored.scope_reason) == ("out_rnd", REASON)
    assert (stored.scope_decided_on, stored.scope_recheck_on) == (date(2026, 10, 14), date(2027, 10, 14))
    reconcile(house.pip, today=date(2026, 10, 14))
    assert Obligation.objects.get(rule="default-scope-recheck").due_on == date(2027, 10, 14)


def test_the_check_of_a_leap_day_falls_on_the_end_of_february(house, scenario):
    decision = proposed(house, scenario, date(2028, 2, 29))
    services.approve_scope(decision, by=house.people["reviewer"], today=date(2028, 2, 29))
    assert Scenario.objects.get().scope_recheck_on == date(2029, 2, 28)


def test_the_one_who_proposed_settles_nothing(house, scenario, today):
    decision = proposed(house, scenario, today)
    for act in (services.approve_scope, services.refuse_scope):
        with pytest.raises(CaseError, match="You proposed this decision"):
            act(decision, by=house.people["officer"], today=today)
    rows = ScopeDecision.objects.filter(pk=decision.pk)
    with pytest.raises(IntegrityError, match="scope_decision_approver_is_another"), transaction.atomic():
        rows.update(state="approved", settled_by=house.people["officer"])


def test_of_two_who_settle_the_second_is_told(house, scenario, today):
    decision = proposed(house, scenario, today)
    services.refuse_scope(decision, by=house.people["reviewer"], today=today)
    with pytest.raises(StateConflict, match="settled already"):
        services.approve_scope(decision, by=house.people["owner"], today=today)
    assert Scenario.objects.get().scope == ""


def test_second_click_is_the_same_decision(house, scenario, today):
    made = [proposed(house, scenario, today) for _ in range(2)]
    assert made[0] == made[1] and ScopeDecision.objects.count() == 1
    services.withdraw_scope(made[0], today=today)
    by = house.people["officer"]
    made = [services.decide_scope(scenario, answers=SHOP, seen=made[0].pk, by=by, today=today) for _ in range(2)]
    assert made[0] == made[1] and ScopeDecision.objects.count() == 2


def test_while_one_waits_nobody_decides_anew(house, scenario, today):
    decision = proposed(house, scenario, today)
    by = house.people["owner"]
    with pytest.raises(CaseError, match="waits for approval"):
        services.decide_scope(scenario, answers=SHOP, seen=decision.pk, by=by, today=today)
    services.withdraw_scope(decision, today=today)
    with pytest.raises(StateConflict):
        services.withdraw_scope(decision, today=today)
    services.decide_scope(scenario, answers=SHOP, seen=decision.pk, by=by, today=today)
    assert Scenario.objects.get().scope == "in"


def test_a_decision_that_somebody_made_meanwhile_is_not_passed_over(house, scenario, today):
    services.decide_scope(scenario, answers=SHOP, by=house.people["owner"], today=today)
    with pytest.raises(StateConflict, match="Somebody decided"):
        proposed(house, scenario, today)


def test_answers_fill_only_what_is_empty(house, scenario, today):
    assert services.carry_over(scenario, SHOP) == ["subject_groups", "storage_mode", "sends_over_internet"]
    stored = Scenario.objects.get()
    assert stored.subject_groups == ["aged_14_17", "under_14"]
    assert (stored.storage_mode, stored.sends_over_internet) == ("device", False)
    cloud = Answers.read(SHOP.as_dict() | {"storage": "public_cloud", "ages": "under_14"})
    assert services.carry_over(stored, cloud) == []
    assert Scenario.objects.get().storage_mode == "device"


# The page


def test_page_has_eight_questions_and_the_result_of_what_is_known(house):
    scenario = build.scenario(house.pip, function="identify", storage_mode="device", sends_over_internet=False)
    build.deployment(house.pip, scenario=scenario)
    page = house.client("officer").get(url(house, f"scenarios/{scenario.pk}/scope/"))
    body = page.content.decode()
    assert body.count('class="question"') == 8
    assert 'name="place_type" value="public"' in body
    assert page.context["screening"].unanswered == ("mainland", "activity", "private_space", "ages", "count_band")
    assert "conspicuous sign" in text_of(page)


def test_an_answer_shows_its_result_without_writing(house, scenario):
    client = house.client("officer")
    answers = SHOP.as_dict() | {"private_space": "yes", "act": "show"}
    page = client.post(url(house, f"scenarios/{scenario.pk}/scope/"), answers)
    assert page.status_code == 200 and "nobody can waive it" in text_of(page) and "<html" in page.content.decode()
    part = client.post(url(house, f"scenarios/{scenario.pk}/scope/"), answers, headers={"HX-Request": "true"})
    assert "nobody can waive it" in text_of(part) and "<html" not in part.content.decode()
    assert not ScopeDecision.objects.exists()


def test_decision_is_recorded_and_says_what_it_carried_over(house, scenario):
    client = house.client("officer")
    page = client.post(
        url(house, f"scenarios/{scenario.pk}/scope/"), SHOP.as_dict() | {"act": "save", "carry": "on"}, follow=True
    )
    assert "It is decided: the Measures apply." in text_of(page)
    assert "Carried over into the scenario: groups of persons, where faces are stored" in text_of(page)
    assert Scenario.objects.get().storage_mode == "device"


def test_open_questions_are_shown_at_their_place(house, scenario):
    answers = SHOP.as_dict() | {"ages": "", "act": "save"}
    page = house.client("officer").post(url(house, f"scenarios/{scenario.pk}/scope/"), answers)
    assert page.status_code == 422 and "Answer this question." in text_of(page)
    assert 'href="#id_ages"' in page.content.decode() and 'id="id_ages"' in page.content.decode()


def test_four_eyes_on_the_page(house, scenario):
    address = url(house, f"scenarios/{scenario.pk}/scope/")
    house.client("officer").post(address, TRAINING.as_dict() | {"act": "save", "reason": REASON})
    decision = ScopeDecision.objects.get()
    settle = url(house, f"scope-decisions/{decision.pk}/settle/")
    assert "Approve:" not in text_of(house.client("officer").get(address))
    assert house.client("officer").post(settle, {"act": "approve"}).status_code == 403
    assert house.client("auditor").post(settle, {"act": "approve"}).status_code == 403
    seen = text_of(house.client("reviewer").get(address))
    assert "Approve: the Measures don't apply" in seen and REASON in seen
    assert "approval" in text_of(house.client("officer").get(url(house, f"scenarios/{scenario.pk}/")))
    done = house.client("reviewer").post(settle, {"act": "approve"}, follow=True)
    assert "approved and holds from today" in text_of(done)
    record = text_of(house.client("officer").get(url(house, f"scenarios/{scenario.pk}/")))
    assert REASON in record and "The duties of the PIPL stay." in record


def test_owner_who_proposed_is_told_to_ask_another(house, scenario):
    address = url(house, f"scenarios/{scenario.pk}/scope/")
    client = house.client("owner")
    client.post(address, TRAINING.as_dict() | {"act": "save", "reason": REASON})
    settle = url(house, f"scope-decisions/{ScopeDecision.objects.get().pk}/settle/")
    answer = client.post(settle, {"act": "approve"})
    assert answer.status_code == 409 and "Ask another person" in text_of(answer)
    assert client.post(settle, {"act": "withdraw"}).status_code == 302
    assert ScopeDecision.objects.get().state == "withdrawn"


def test_stale_tab_is_told_that_somebody_decided(house, scenario):
    address = url(house, f"scenarios/{scenario.pk}/scope/")
    house.client("owner").post(address, SHOP.as_dict() | {"act": "save"})
    answer = house.client("officer").post(address, TRAINING.as_dict() | {"act": "save", "reason": REASON})
    assert answer.status_code == 409 and "Somebody decided on this scenario meanwhile" in text_of(answer)


def test_reader_sees_the_history_and_no_form(house, scenario, today):
    services.decide_scope(scenario, answers=SHOP, by=house.people["officer"], today=today)
    page = house.client("auditor").get(url(house, f"scenarios/{scenario.pk}/scope/"))
    assert "Decisions so far" in text_of(page) and "Finds the person among many" in text_of(page)
    assert "<fieldset" not in page.content.decode()
    answer = house.client("reviewer").post(
        url(house, f"scenarios/{scenario.pk}/scope/"), SHOP.as_dict() | {"act": "save"}
    )
    assert answer.status_code == 403


def test_scenario_that_moved_on_from_its_answers_is_told(house, scenario, today):
    services.decide_scope(scenario, answers=SHOP, by=house.people["officer"], today=today)
    services.edit_scenario(scenario, storage_mode="public_cloud", function="verify", subject_groups=["employees"])
    page = text_of(house.client("officer").get(url(house, f"scenarios/{scenario.pk}/scope/")))
    assert "The scenario says otherwise than the screening" in page
    assert "Where faces are stored: In the device → Public cloud" in page
    assert "Function: Identification (1:N) → Verification (1:1)" in page


def test_a_recheck_is_a_new_decision(house, scenario, today):
    services.approve_scope(proposed(house, scenario, today), by=house.people["reviewer"], today=today)
    later = date(2027, 10, 11)
    newest = ScopeDecision.objects.first()
    again = services.decide_scope(
        scenario, answers=TRAINING, reason=REASON, seen=newest.pk, by=house.people["officer"], today=later
    )
    assert (again.state, Scenario.objects.get().scope) == ("proposed", "out_rnd")
    services.approve_scope(again, by=house.people["owner"], today=later)
    assert Scenario.objects.get().scope_recheck_on == date(2028, 10, 11)

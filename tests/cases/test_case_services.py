"""What services of cases refuse, what they keep, and what the law makes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from portal.audit.models import AuditEvent
from portal.cases import services
from portal.cases.facts import case_facts
from portal.cases.models import Case, CaseNote
from portal.clock.facts import facts_of
from portal.law.enums import CASE_EXEMPTIONS, CASE_KINDS, COMPLAINTS
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.cases.conftest import paper

ID_NUMBER = "11010519491231002X"
MOBILE = "138 0013 8000"
DAY = date(2026, 10, 12)


def refused(act, field):
    """What a service says at a field."""
    with pytest.raises(ValidationError) as error:
        act()
    return " ".join(error.value.message_dict[field])


# Taking in


def test_case_gets_a_reference_of_its_year_without_gaps(receive):
    receive()
    with pytest.raises(ValidationError):
        receive("complaint", category="")
    assert receive().reference == "CAS-2026-0002"


def test_only_the_hash_of_the_code_is_kept(house, today):
    case, code = services.receive(
        house.pip, kind="access", channel="public", received_on=today, today=today, by=None, sending="t"
    )
    case.refresh_from_db()
    assert len(code) == 12
    assert code not in str(case.__dict__)
    assert len(case.code_hash) == 64


def test_same_sending_is_one_case_and_gives_the_same_code(house, today):
    def send(asked):
        return services.receive(
            house.pip,
            kind="complaint",
            category="other",
            asked=asked,
            channel="public",
            received_on=today,
            today=today,
            by=None,
            sending="form-1",
        )

    first, again, other = send("the gate"), send("the gate"), send("another thing")
    assert (first[0].pk, first[1]) == (again[0].pk, again[1])
    assert other[0].pk != first[0].pk
    assert Case.objects.count() == 2


@pytest.mark.parametrize("field", ["asked", "place"])
@pytest.mark.parametrize(("text", "word"), [(f"I am {ID_NUMBER}", "identity number"), (f"{MOBILE}", "mobile number")])
def test_text_with_a_number_of_a_person_is_refused_without_repeating_it(receive, field, text, word):
    said = refused(lambda: receive(**{field: text}), field)
    assert word in said
    assert "8000" not in said
    assert ID_NUMBER not in said
    assert not Case.objects.exists()


@pytest.mark.parametrize("act", ["note", "answer", "reopen"])
def test_no_later_text_takes_a_number_either(house, receive, answer, act):
    case = receive()
    by = house.people["officer"]
    if act == "note":
        said = refused(lambda: services.note(case, by=by, text=ID_NUMBER), "text")
    elif act == "answer":
        said = refused(lambda: answer(case, answer=f"Call {MOBILE}"), "answer")
    else:
        answer(case)
        said = refused(lambda: services.reopen(case, by=by, reason=ID_NUMBER), "text")
    assert "Take it out" in said


def test_trail_says_that_a_text_changed_and_never_what_it_held(house, receive, today):
    case = receive(asked="my name is Wang", place="gate 3")
    services.edit(case, by=None, today=today, asked="[blacked out]")
    bodies = " ".join(AuditEvent.objects.filter(table_name="cases_case").values_list("body", flat=True))
    assert "Wang" not in bodies
    assert "gate 3" not in bodies
    assert case.code_hash not in bodies
    assert '"asked"' in bodies


def test_deployment_says_which_scenario_it_is_about(house, gate, receive):
    place = build.deployment(house.pip, scenario=gate)
    assert receive(deployment=place).scenario_id == gate.pk
    other = build.scenario(house.pip, "OTHER")
    assert "another scenario" in refused(lambda: receive(deployment=place, scenario=other), "deployment")


def test_scenario_of_another_pip_is_refused(house, receive):
    from portal.tenancy.models import Pip

    other = Pip.objects.create(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="Other", province="33")
    foreign = build.scenario(other, "X")
    assert "another PIP" in refused(lambda: receive(scenario=foreign), "scenario")


def test_day_of_receipt_has_come(receive, today):
    assert "future" in refused(lambda: receive(received_on=today + timedelta(1)), "received_on")


def test_only_an_authority_sets_a_date(receive, today):
    said = refused(lambda: receive("access", due_on=today), "due_on")
    assert "counts no days" in said
    assert receive("inspection", due_on=today).channel == "authority"


def test_database_refuses_a_date_that_no_authority_set(receive, today):
    case = receive()
    with pytest.raises(IntegrityError, match="case_due_set_by_authority"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(due_on=today)


# Answering


def test_refused_request_needs_reasons(receive, answer):
    assert "told why" in refused(lambda: answer(receive(), "refused"), "answer")


def test_exception_of_the_law_is_named_with_reasons(receive, answer):
    said = refused(lambda: answer(receive(), "exempt", answer="a law says so"), "exemption")
    assert "exception" in said
    case = answer(receive("deletion"), "exempt", exemption="statutory_retention", answer="kept for 30 days")
    assert (case.state, case.exemption) == ("answered", "statutory_retention")


def test_refusal_of_fr_needs_the_other_way(receive, answer):
    assert "FRM Art 10" in refused(lambda: answer(receive("refusal")), "other_way")


def test_refusal_served_on_the_spot_is_answered_with_it(receive, today):
    case = receive("refusal", other_way="card at the counter")
    assert (case.state, case.answered_on, case.outcome) == ("answered", today, "granted")


def test_answer_is_not_before_the_case_came(receive, answer, today):
    said = refused(lambda: answer(receive(), answered_on=today - timedelta(1)), "answered_on")
    assert "before the day" in said


def test_second_answer_is_told_that_the_case_moved_on(receive, answer):
    case = receive()
    stale = Case.objects.get(pk=case.pk)
    answer(case)
    with pytest.raises(StateConflict):
        answer(stale)


def test_deletion_is_proved_before_the_case_is_closed(house, receive, answer, today):
    case = answer(receive("withdrawal"))
    by = house.people["officer"]
    with pytest.raises(CaseError, match="isn't proved"):
        services.close(case, by=by, today=today)
    services.prove_deletion(case, by=by, proof=paper())
    services.close(case, by=by, today=today)
    assert case.state == "closed"


def test_proof_that_is_no_paper_is_refused_at_its_field(house, receive):
    said = refused(
        lambda: services.prove_deletion(receive("deletion"), by=house.people["officer"], proof=paper("log.exe")),
        "proof",
    )
    assert "not taken" in said


def test_reopened_case_counts_as_open_again_and_keeps_what_was_said(house, receive, answer):
    case = answer(receive("refusal"), other_way="card", answer="use the card lane")
    services.reopen(case, by=house.people["officer"], reason="the card lane was closed")
    assert (case.state, case.answered_on, case.outcome) == ("open", None, "")
    assert case_facts(house.pip)[0].other_way == ""
    said = list(CaseNote.objects.filter(case=case).values_list("step", "text"))
    assert ("answered", "use the card lane") in said
    assert ("reopened", "the card lane was closed") in said


def test_timeline_can_only_grow(receive):
    receive()
    for sql in ("UPDATE cases_casenote SET text = 'x'", "DELETE FROM cases_casenote"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql)


def test_person_s_case_does_not_become_an_authority_s(receive, today):
    assert "new case" in refused(lambda: services.edit(receive(), by=None, today=today, kind="inspection"), "kind")


# What the law makes of it


def test_every_list_of_the_law_fits_its_column():
    for name, texts in (("kind", CASE_KINDS), ("category", COMPLAINTS), ("exemption", CASE_EXEMPTIONS)):
        assert max(map(len, texts)) <= Case._meta.get_field(name).max_length


def test_facts_say_what_the_law_looks_at(house, gate, receive, answer):
    answer(receive("refusal", scenario=gate), other_way="card")
    receive("complaint", category="asked_again")
    first, second = facts_of(house.pip).cases
    assert (first.ref, first.kind, first.scenario, first.other_way) == ("CAS-2026-0001", "refusal", "GATE", "card")
    assert (second.kind, second.category, second.answered_on) == ("complaint", "asked_again", None)


def test_own_target_is_the_pip_s_number_of_working_days_and_no_law(house, receive, duty):
    house.pip.reply_days = 5
    house.pip.save(update_fields=["reply_days"])
    row = duty(receive(received_on=date(2026, 9, 28)), "default-case-reply")
    # 29 and 30 September, then seven days off; 8, 9 and 10 October (a make-up Saturday).
    assert row.due_on == date(2026, 10, 10)
    assert row.law.layer == "default"


def test_withdrawal_is_met_by_the_proof_of_deletion_only(house, receive, answer, duty):
    case = answer(receive("withdrawal"))
    assert duty(case, "frm-06-withdrawal").state == "open"
    services.prove_deletion(case, by=house.people["officer"], proof=paper())
    assert duty(case, "frm-06-withdrawal").state == "met"


def test_inspection_is_due_when_the_authority_says(receive, answer, duty, today):
    case = receive("inspection", due_on=date(2026, 10, 20))
    assert duty(case, "frm-16-inspection").due_on == date(2026, 10, 20)
    answer(case, "")
    assert duty(case, "frm-16-inspection").state == "met"


# Many at once


def test_double_click_at_the_same_moment_is_one_case(committed):
    house = build.house("race")
    start = Barrier(2, timeout=30)

    def send(_click):
        try:
            with house.acting("officer"):
                start.wait()
                return services.receive(
                    house.pip, kind="access", channel="public", received_on=DAY, today=DAY, by=None, sending="one"
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(send, range(2)))
    assert sent[0][0].pk == sent[1][0].pk
    assert sent[0][1] == sent[1][1]
    with house.acting("officer"):
        assert Case.objects.count() == 1
        assert CaseNote.objects.count() == 1

"""From scenarios to an approved report: prefilled, written by several, decided by another person, then left alone."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from assessments.content import read
from assessments.frozen import freeze, freeze_all
from assessments.models import Answer, Assessment, Outdating, Risk
from assessments.services import (
    EditConflict,
    accept_section,
    add_measure,
    add_question,
    approve,
    edit_measure,
    end_question,
    refresh,
    register,
    renew,
    save_answer,
    send_back,
    start,
    submit,
    weigh,
)
from assessments.staleness import since_begun
from deployments.services import edit_scenario
from portal.clock.reconcile import reconcile
from portal.law.pipia import THREATS, template
from portal.obligations.models import Obligation
from portal.workflow import CaseError
from tests import build
from tests.assessments.story import TODAY, answered, begun, scenarios, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def test_register_answers_a_third_of_the_questions_and_names_where_from(house):
    place = build.deployment(house.pip, scenario=scenarios(house)[0])
    build.device(place)
    build.count(place.scenario, 1_000)
    made = start([place.scenario], title="Boarding", by=house.people["officer"], today=TODAY)
    rows = {row.question: row for row in Answer.objects.filter(assessment=made)}
    assert (rows["purpose"].text, rows["purpose"].source) == ("Board passengers", "purpose")
    assert "Site S1" in rows["places"].text and "1,000" in rows["persons"].text
    done, asked = read(made).progress()
    assert 0.25 <= done / asked <= 0.45


def test_scenarios_that_differ_are_not_assessed_together_and_the_facts_are_named(house):
    one, other = scenarios(house, "GATE", "LOUNGE")
    other.purpose = "Recognise members"
    other.save()
    with pytest.raises(CaseError, match="they differ in purpose"):
        start([one, other], title="Both", by=house.people["officer"], today=TODAY)


def test_seven_threats_of_article_9_are_there_from_the_start(house):
    assert set(begun(house).risks.values_list("threat", flat=True)) == set(THREATS)


def test_answer_opens_and_closes_questions_and_hidden_ones_are_kept(house):
    made = begun(house)
    officer = house.people["officer"]
    save_answer(made, "third_party", scenario=None, text="yes", version=0, by=officer)
    save_answer(made, "third_party_role", scenario=None, text="Tests", version=0, by=officer)
    codes = {question.code for question, _place in read(made).asked(template().sections[0])}
    assert "third_party_role" in codes
    save_answer(made, "third_party", scenario=None, text="no", version=1, by=officer)
    codes = {question.code for question, _place in read(made).asked(template().sections[0])}
    assert "third_party_role" not in codes
    assert Answer.objects.get(assessment=made, question="third_party_role").text == "Tests"


def test_second_editor_of_the_same_version_is_told_what_stands(house):
    made = begun(house)
    officer, owner = house.people["officer"], house.people["owner"]
    save_answer(made, "lead", scenario=None, text="Mine", version=0, by=officer)
    with pytest.raises(EditConflict) as conflict:
        save_answer(made, "lead", scenario=None, text="Theirs", version=0, by=owner)
    assert conflict.value.theirs.text == "Mine"
    risk = made.risks.first()
    weigh(risk, version=1, by=officer, likelihood=2)
    with pytest.raises(EditConflict):
        weigh(risk, version=1, by=owner, likelihood=4)


def test_what_a_person_writes_loses_its_source(house):
    made = begun(house)
    row = save_answer(made, "purpose", scenario=None, text="My own words", version=1, by=house.people["officer"])
    assert (row.source, row.version) == ("", 2)


def test_incomplete_assessment_is_not_submitted_and_says_what_is_missing(house):
    with pytest.raises(CaseError, match="questions have no answer yet, in the sections 1, 2"):
        submit(begun(house), by=house.people["officer"])


def test_two_persons_bring_two_scenarios_to_an_approved_report(house):
    made = submitted(house, "GATE", "LANE")
    send_back(made, by=house.people["reviewer"], comment="Say who led it.")
    assert made.state == "returned"
    save_answer(made, "lead", scenario=None, text="The officer", version=1, by=house.people["officer"])
    submit(made, by=house.people["officer"])
    approve(made, by=house.people["reviewer"], today=TODAY)
    made.refresh_from_db()
    assert (made.state, made.keep_until, made.versions.count()) == ("approved", date(2029, 10, 12), 2)
    assert made.report.name == f"{made.reference}-zh.pdf" and made.reports.count() == 4
    reconcile(house.pip, today=TODAY)
    met = Obligation.objects.filter(rule="frm-09-pipia-before-use", state="met")
    assert set(met.values_list("subject", flat=True)) == {"scenario:GATE", "scenario:LANE"}


@pytest.mark.parametrize("role", ["owner", "officer"])
def test_nobody_who_wrote_decides_by_the_service_or_by_sql(house, role):
    made = submitted(house)
    if role == "owner":
        made.state = "submitted"
        Assessment.objects.filter(pk=made.pk).update(state="returned")
        made.refresh_from_db()
        save_answer(made, "lead", scenario=None, text="Owner's words", version=1, by=house.people["owner"])
        submit(made, by=house.people["officer"])
    with pytest.raises(CaseError, match="You wrote in this assessment"):
        approve(made, by=house.people[role], today=TODAY)
    report = register(
        scenarios(house, "OTHER")[0],
        report=__import__("io").BytesIO(__import__("tests.filings.story", fromlist=["pdf"]).pdf("x")),
        name="x.pdf",
        elements={"has_lawfulness", "has_rights_impact", "has_risks", "has_measures"},
        by=house.people["reviewer"],
        today=TODAY,
    ).report
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=made.pk).update(
            state="approved", approved_by=house.people[role], approved_on=TODAY, keep_until=TODAY, report=report
        )


def test_approved_content_is_changed_by_nobody(house):
    made = submitted(house)
    approve(made, by=house.people["reviewer"], today=TODAY)
    for sql in (
        "UPDATE assessments_answer SET text = 'x'",
        "DELETE FROM assessments_answer",
        "UPDATE assessments_risk SET likelihood = 1, severity = 1",
        "UPDATE assessments_assessedscenario SET facts = '{}'",
        "UPDATE assessments_assessment SET conclusion = 'must_not_proceed'",
        "UPDATE assessments_assessment SET state = 'draft'",
        "UPDATE assessments_assessment SET keep_until = '2027-01-01'",
    ):
        refused = pytest.raises(IntegrityError, match="nobody changes it")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    for table in ("version", "step", "report", "outdating"):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM assessments_{table}")


def test_measure_goes_on_as_a_task_after_approval_but_its_words_stay(house):
    made = answered(house, begun(house))
    measure = add_measure(Risk.objects.filter(assessment=made).first(), by=house.people["officer"], title="Encrypt")
    submit(made, by=house.people["officer"])
    approve(made, by=house.people["reviewer"], today=TODAY)
    measure.refresh_from_db()
    edit_measure(measure, by=house.people["owner"], today=TODAY, done_on=TODAY)
    with pytest.raises(CaseError, match="the words of a measure stay"):
        edit_measure(measure, by=house.people["owner"], today=TODAY, title="Something else")


def test_each_change_of_a_watched_fact_is_noticed_once_even_there_and_back(house):
    made = submitted(house)
    approve(made, by=house.people["reviewer"], today=TODAY)
    scenario = made.covered.get().scenario
    edit_scenario(scenario, name="Another name")
    reconcile(house.pip, today=TODAY)
    assert not Outdating.objects.exists()
    edit_scenario(scenario, storage_mode="public_cloud")
    edit_scenario(scenario, storage_mode="device")
    for _round in range(3):
        reconcile(house.pip, today=TODAY)
    assert [(row.fact, row.old, row.new) for row in Outdating.objects.all()] == [
        ("storage_mode", "device", "public_cloud"),
        ("storage_mode", "public_cloud", "device"),
    ]


def test_renewed_assessment_takes_the_place_of_the_former_one(house):
    made = submitted(house)
    approve(made, by=house.people["reviewer"], today=TODAY)
    again = renew(made, by=house.people["officer"], today=TODAY)
    assert again.answers.get(question="lead").text == "Answer to lead"
    with pytest.raises(CaseError, match="begun already"):
        renew(made, by=house.people["officer"], today=TODAY)
    submit(answered_again(house, again), by=house.people["officer"])
    approve(again, by=house.people["reviewer"], today=TODAY)
    made.refresh_from_db()
    assert (made.state, again.state) == ("superseded", "approved")


def answered_again(house, assessment):
    from assessments.services import conclude

    conclude(assessment, by=house.people["officer"], conclusion="proceed")
    return assessment


def test_assessment_that_says_no_meets_no_duty(house):
    made = answered(house, begun(house))
    from assessments.services import conclude

    conclude(made, by=house.people["officer"], conclusion="must_not_proceed")
    submit(made, by=house.people["officer"])
    approve(made, by=house.people["reviewer"], today=TODAY)
    reconcile(house.pip, today=TODAY)
    assert Obligation.objects.get(rule="frm-09-pipia-before-use").state == "open"


def test_facts_of_several_scenarios_cost_no_more_than_of_one(house, django_assert_num_queries):
    some = scenarios(house, *(f"S{n}" for n in range(8)))
    with django_assert_num_queries(9):
        frozen = freeze_all(some)
    assert frozen[some[3].pk] == freeze(some[3])


def test_todays_facts_fill_again_only_what_nobody_has_touched(house):
    made = begun(house)
    scenario = made.covered.get().scenario
    save_answer(made, "necessity", scenario=None, text="My own words", version=1, by=house.people["officer"])
    edit_scenario(scenario, purpose="Recognise members", necessity="Another reason")
    assert [(one.label, one.new) for one in since_begun(made.covered.select_related("scenario__pip"))] == [
        ("purpose", "Recognise members"),
        ("necessity", ""),
    ]
    assert refresh(made, by=house.people["officer"]) == ["purpose"]
    rows = {row.question: row for row in made.answers.all()}
    assert (rows["purpose"].text, rows["purpose"].source) == ("Recognise members", "purpose")
    assert rows["necessity"].text == "My own words"
    assert since_begun(made.covered.select_related("scenario__pip")) == []


def test_own_question_is_asked_until_it_is_ended_and_stays_where_it_was_answered(house):
    officer = house.people["officer"]
    own = add_question(house.pip, section="work", text_zh="法务意见？", is_required=True, by=officer)
    made = submitted(house)
    end_question(own, by=officer, today=TODAY)
    later = add_question(house.pip, section="work", text_zh="新问题？", by=officer)
    assert [row.pk for row in read(made).own] == [own.pk]
    approve(made, by=house.people["reviewer"], today=TODAY)
    assert [row.pk for row in read(begun(house, "OTHER")).own] == [later.pk]


def test_accepted_section_is_looked_at_again_once_its_words_change(house):
    made = begun(house)
    accept_section(made, "work", by=house.people["reviewer"])
    save_answer(made, "purpose", scenario=None, text="New words", version=1, by=house.people["officer"])
    assert made.reviews.get(section="work").state == "accepted"
    save_answer(made, "lead", scenario=None, text="New words", version=0, by=house.people["officer"])
    assert made.reviews.get(section="work").state == "pending"
    with pytest.raises(CaseError, match="You wrote in this assessment"):
        accept_section(made, "work", by=house.people["officer"])


def test_measure_waits_while_the_assessment_waits_for_approval(house):
    made = answered(house, begun(house))
    measure = add_measure(made.risks.first(), by=house.people["officer"], title="Encrypt")
    submit(made, by=house.people["officer"])
    with pytest.raises(CaseError, match="nobody changes it"):
        edit_measure(measure, by=house.people["officer"], today=TODAY, owner="IT")


def test_second_of_two_clicks_begins_no_second_draft(house):
    made = begun(house)
    with pytest.raises(CaseError, match=f"{made.reference} assesses Gate already"):
        start([made.covered.get().scenario], title="Again", by=house.people["officer"], today=TODAY)

"""The pages of the PIPIA: begun, written by several, weighed, reviewed, decided, kept, and read by whoever may."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.content import read
from assessments.models import Answer, Assessment, Measure, OwnQuestion, Remark, Risk
from assessments.services import accept_section, add_measure, add_question, approve, remark, save_answer, submit
from deployments.services import edit_scenario
from portal.clock.reconcile import reconcile
from tests import build
from tests.assessments.story import TODAY, answered, begun, scenarios, submitted
from tests.filings.story import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def url(house, name: str, *parts) -> str:
    return reverse(f"assessments:{name}", args=[house.tenant.slug, *parts])


def with_password(house, role: str):
    house.people[role].set_password(build.PASSWORD)
    house.people[role].save()
    return house.client(role)


def typed(page: str, **answers: str) -> dict[str, str]:
    """What a browser sends of a section's page: every field as it stands, and those that a person changed."""
    sent = dict(re.findall(r'name="(base-[^"]+)" id="[^"]+" value="([^"]+)"', page))
    sent |= dict(re.findall(r'<textarea name="(text-[^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL))
    sent |= dict(re.findall(r'type="radio" name="(text-[^"]+)" value="([^"]+)"[^>]*checked', page))
    return sent | {f"text-{name}": text for name, text in answers.items()}


def test_scenario_offers_to_write_and_names_what_needs_its_own(house):
    gate, lane = scenarios(house, "GATE", "LANE")
    other = build.scenario(house.pip, "CLUB", purpose="Recognise members", scope="in")
    officer = house.client("officer")
    panel = officer.get(gate.get_absolute_url()).content.decode()
    start = url(house, "start", gate.pk)
    assert start in panel and url(house, "new", gate.pk) in panel
    page = officer.get(start).content.decode()
    assert "Lane (LANE)" in page and "Recognise members" in page and 'value="Gate"' in page
    answer = officer.post(start, {"title": "Boarding", "others": [lane.pk]})
    made = Assessment.objects.get()
    assert answer["Location"] == url(house, "section", made.reference, "work")
    assert set(made.covered.values_list("scenario__code", flat=True)) == {"GATE", "LANE"}
    assert officer.post(start, {"title": "Boarding", "others": [other.pk]}).status_code == 422
    assert officer.post(start, {"title": "Again"}).status_code == 409
    assert Assessment.objects.count() == 1


def test_answers_are_saved_from_the_page_and_those_left_alone_are_not(house):
    made = begun(house)
    officer, page_url = house.client("officer"), url(house, "section", made.reference, "lawfulness")
    page = officer.get(page_url).content.decode()
    assert "from the register" in page and "《" not in page and "Art 4" in page
    answer = officer.post(
        url(house, "save", made.reference, "lawfulness"),
        typed(page, necessity="Lanes are slow\r\n每天") | {"stay": ""},
    )
    assert answer["Location"] == page_url
    rows = {row.question: row for row in made.answers.all()}
    assert (rows["necessity"].text, rows["necessity"].source) == ("Lanes are slow\n每天", "")
    assert (rows["purpose"].version, rows["purpose"].source) == (1, "purpose")
    page = officer.get(page_url).content.decode()
    assert "saved by Officer" in page
    answer = officer.post(url(house, "save", made.reference, "lawfulness"), typed(page) | {"next": "1"})
    assert answer["Location"] == url(house, "section", made.reference, "rights")
    assert made.answers.get(question="necessity").version == 2


def test_question_asked_of_every_scenario_has_a_field_for_each(house):
    made = begun(house, "GATE", "LANE")
    officer = house.client("officer")
    page = officer.get(url(house, "section", made.reference, "processing")).content.decode()
    lane = made.covered.get(scenario__code="LANE").scenario_id
    sent = typed(page, **{f"scenario--{lane}": "A person walks through"})
    assert officer.post(url(house, "save", made.reference, "processing"), sent).status_code == 302
    texts = dict(made.answers.filter(question="scenario").values_list("scenario__code", "text"))
    assert texts == {"GATE": "Gate", "LANE": "A person walks through"}


def test_save_while_writing_gives_new_versions_and_opens_questions(house):
    made = begun(house)
    officer, save = house.client("officer"), url(house, "save", made.reference, "work")
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    assert 'id="text-third_party_role' not in page and 'id="q-third_party_role" hidden' in page
    answer = officer.post(save, typed(page, third_party="yes"), headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert answer["X-Saved"] == "yes" and answer["X-Conflicts"] == ""
    assert 'id="base-third_party" value="1-' in part and 'hx-swap-oob="true"' in part
    assert 'name="text-third_party_role"' in part and 'id="q-lead"' not in part
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    assert 'name="text-third_party_role"' in page
    assert officer.post(save, typed(page, third_party_role="Tests")).status_code == 302
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    answer = officer.post(save, typed(page, third_party="no"), headers={"HX-Request": "true"})
    assert 'id="q-third_party_role" hx-swap-oob="true" hidden' in answer.content.decode()
    assert made.answers.get(question="third_party_role").text == "Tests"


@pytest.mark.parametrize(
    ("choice", "texts"),
    [("mine", {"Mine"}), ("take", {"Theirs"}), ("merge", {"Theirs"}), ("stay", {"Theirs"})],
)
def test_two_editors_of_one_answer_choose_and_nothing_is_lost(house, choice, texts):
    made = begun(house)
    officer, save = house.client("officer"), url(house, "save", made.reference, "work")
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    save_answer(made, "lead", scenario=None, text="Theirs", version=0, by=house.people["owner"])
    shown = officer.post(save, typed(page, lead="Mine", period="In May"))
    body = shown.content.decode()
    assert shown.status_code == 200 and "Keep mine" in body and "Theirs" in body and ">\nMine</textarea>" in body
    assert made.answers.get(question="period").text == "In May"
    theirs = re.search(r'name="theirs-lead" value="([^"]+)"', body).group(1)
    sent = typed(body) | {"theirs-lead": theirs, choice: "lead"}
    answer = officer.post(save, sent)
    assert set(made.answers.filter(question="lead").values_list("text", flat=True)) == texts
    if choice == "merge":
        body = answer.content.decode()
        assert "Mine\n\nTheirs</textarea>" in body
        assert officer.post(save, typed(body, lead="Mine and theirs")).status_code == 302
        assert made.answers.get(question="lead").text == "Mine and theirs"
    elif choice == "stay":
        assert "Keep mine" in answer.content.decode()
    else:
        assert answer.status_code == 302


def test_keeping_mine_does_not_run_over_a_third_text(house):
    made = begun(house)
    officer, save = house.client("officer"), url(house, "save", made.reference, "work")
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    save_answer(made, "lead", scenario=None, text="Theirs", version=0, by=house.people["owner"])
    body = officer.post(save, typed(page, lead="Mine")).content.decode()
    theirs = re.search(r'name="theirs-lead" value="([^"]+)"', body).group(1)
    save_answer(made, "lead", scenario=None, text="Third", version=1, by=house.people["owner"])
    body = officer.post(save, typed(body) | {"theirs-lead": theirs, "mine": "lead"}).content.decode()
    assert "Third" in body and made.answers.get(question="lead").text == "Third"


def test_conflict_while_writing_keeps_the_old_version_in_the_page(house):
    made = begun(house)
    officer, save = house.client("officer"), url(house, "save", made.reference, "work")
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    save_answer(made, "lead", scenario=None, text="Theirs", version=0, by=house.people["owner"])
    for _round in range(2):
        answer = officer.post(save, typed(page, lead="Mine"), headers={"HX-Request": "true"})
        assert answer["X-Conflicts"] == "text-lead" and 'id="base-lead"' not in answer.content.decode()
    assert made.answers.get(question="lead").text == "Theirs"


def test_text_too_long_or_wrong_file_saves_nothing_of_the_page(house):
    made = begun(house)
    officer, save = house.client("officer"), url(house, "save", made.reference, "work")
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    answer = officer.post(save, typed(page, lead="x" * 20_001, period="May"))
    assert answer.status_code == 422 and "Nothing was saved" in answer.content.decode()
    wrong = SimpleUploadedFile("a.pdf", b"MZ\x90")
    assert officer.post(save, typed(page, period="May") | {"file-lead": wrong}).status_code == 422
    assert officer.post(save, typed(page, third_party="maybe")).status_code == 422
    assert not made.answers.filter(question__in=["lead", "period", "third_party"]).exists()
    answer = officer.post(save, typed(page, lead="x" * 20_001), headers={"HX-Request": "true"})
    assert "X-Saved" not in answer and "20000" in answer.content.decode()


def test_file_beside_an_answer_is_kept_shown_and_taken_away(house):
    made = begun(house)
    officer, save = house.client("officer"), url(house, "save", made.reference, "processing")
    page = officer.get(url(house, "section", made.reference, "processing")).content.decode()
    sent = typed(page) | {"file-flow": SimpleUploadedFile("flow.pdf", pdf("flow"))}
    assert officer.post(save, sent).status_code == 302
    row = made.answers.get(question="flow")
    assert (row.text, row.evidence.name) == ("", "flow.pdf")
    page = officer.get(url(house, "section", made.reference, "processing")).content.decode()
    assert "flow.pdf" in page
    assert officer.post(save, typed(page) | {"detach": "flow"}).status_code == 302
    row.refresh_from_db()
    assert row.evidence is None


def test_saving_what_was_handed_in_meanwhile_is_refused_with_a_sentence(house):
    made = answered(house, begun(house))
    officer = house.client("officer")
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    assert officer.post(url(house, "submit", made.reference)).status_code == 302
    answer = officer.post(url(house, "save", made.reference, "work"), typed(page, lead="Late"))
    assert answer.status_code == 409 and "nobody changes it" in answer.content.decode()
    assert officer.post(url(house, "submit", made.reference)).status_code == 409


def test_risks_are_weighed_one_after_the_other_and_drawn(house):
    made = begun(house)
    officer = house.client("officer")
    first, second = made.risks.all()[:2]
    page = officer.get(url(house, "risk", made.reference, first.pk)).content.decode()
    version = re.search(r'name="version" value="([^"]+)"', page).group(1)
    steps = {"harm": "Sold", "likelihood": 3, "severity": 4, "likelihood_after": 1, "severity_after": 2}
    answer = officer.post(url(house, "risk", made.reference, first.pk), steps | {"version": version, "next": "1"})
    assert answer["Location"] == url(house, "risk", made.reference, second.pk)
    stale = officer.post(url(house, "risk", made.reference, first.pk), steps | {"version": version, "likelihood": 4})
    assert stale.status_code == 409 and "Stored now" in stale.content.decode()
    page = officer.get(url(house, "risks", made.reference)).content.decode()
    assert "3 Likely × 4 Grave · very high" in page
    assert "default, not law" in page
    assert page.count('class="arrow"') == 1
    assert 'class="cell very_high"' in page


def test_own_risk_and_measures_come_and_go(house):
    made = begun(house)
    officer = house.client("officer")
    assert officer.post(url(house, "risk_add", made.reference), {"title": "Queues", "harm": ""}).status_code == 302
    own = Risk.objects.get(title="Queues")
    add = url(house, "measure_add", made.reference, own.pk)
    assert officer.post(add, {"title": "More lanes", "done_on": "2026-12-01"}).status_code == 422
    sent = {"title": "More lanes", "owner": "Ops", "due_on": "2026-10-01"}
    assert officer.post(add, sent | {"proof": SimpleUploadedFile("p.pdf", pdf())}).status_code == 302
    measure = Measure.objects.get()
    assert measure.evidence.name == "p.pdf"
    assert "overdue" in officer.get(url(house, "assessments")).content.decode()
    assert officer.post(url(house, "measure_remove", made.reference, measure.pk)).status_code == 302
    assert officer.post(url(house, "risk_remove", made.reference, own.pk)).status_code == 302
    assert officer.post(url(house, "risk_remove", made.reference, made.risks.first().pk)).status_code == 409
    assert made.risks.count() == 7 and not Measure.objects.exists()


def test_section_is_sent_back_with_a_comment_and_accepted_later(house):
    made = begun(house)
    reviewer, officer = house.client("reviewer"), house.client("officer")
    review = url(house, "review", made.reference, "work")
    assert reviewer.post(review, {"verdict": "to_correct", "comment": " "}).status_code == 409
    assert reviewer.post(review, {"verdict": "to_correct", "comment": "Who led it?"}).status_code == 302
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    assert "Who led it?" in page and "to correct" in page and "1 open comment" in page
    comment = Remark.objects.get()
    assert officer.post(url(house, "settle", made.reference, comment.pk)).status_code == 302
    on = {"on": "lead", "remark-lead": "The officer did."}
    assert officer.post(url(house, "remark", made.reference, "work"), on).status_code == 302
    assert officer.post(url(house, "remark", made.reference, "work"), {"on": "x", "remark-x": "?"}).status_code == 404
    assert officer.post(review, {"verdict": "accepted"}).status_code == 403
    assert reviewer.post(review, {"verdict": "accepted"}).status_code == 302
    assert made.reviews.get(section="work").state == "accepted"
    assert house.client("operator").post(url(house, "remark", made.reference, "work"), on).status_code == 403


def test_record_leads_to_each_missing_field(house):
    made = begun(house)
    page = house.client("officer").get(made.get_absolute_url()).content.decode()
    assert f"{url(house, 'section', made.reference, 'work')}#q-period" in page
    assert page.count("#q-") == len(read(made).missing()) + 1  # one more: the next step's button
    full = answered(house, made)
    page = house.client("officer").get(full.get_absolute_url()).content.decode()
    assert "Still missing" not in page and "Hand in for approval" in page


def test_approver_reads_the_paper_before_deciding(house):
    made = begun(house)
    reviewer, paper = house.client("reviewer"), url(house, "preview", made.reference)
    assert reviewer.get(paper).status_code == 404
    submit(answered(house, made), by=house.people["officer"])
    for language in ("zh", "en"):
        answer = reviewer.get(f"{paper}?language={language}")
        assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"


def test_conclusion_asks_for_the_part_of_a_third_party(house):
    made = begun(house)
    officer, where = house.client("officer"), url(house, "conclusion", made.reference)
    version = re.search(r'name="version" value="([^"]+)"', officer.get(where).content.decode()).group(1)
    sent = {"version": version, "title": "Boarding", "conclusion": "proceed", "third_party": "Lab"}
    assert officer.post(where, sent).status_code == 422
    assert officer.post(where, sent | {"third_party_part": "Tested"}).status_code == 302
    made.refresh_from_db()
    assert (made.conclusion, made.third_party_part) == ("proceed", "Tested")


def test_returned_once_then_approved_with_the_password(house):
    made = submitted(house)
    reviewer, officer = with_password(house, "reviewer"), house.client("officer")
    back = url(house, "return", made.reference)
    assert reviewer.post(back, {"comment": ""}).status_code == 422
    assert reviewer.post(back, {"comment": "Say who led it."}).status_code == 302
    assert reviewer.post(back, {"comment": "Again"}).status_code == 409
    assert "Say who led it." in officer.get(made.get_absolute_url()).content.decode()
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    assert officer.post(url(house, "save", made.reference, "work"), typed(page, lead="The officer")).status_code == 302
    assert officer.post(url(house, "submit", made.reference)).status_code == 302
    where = url(house, "approve", made.reference)
    assert officer.get(where).status_code == 403
    assert reviewer.post(where, {"password": "wrong"}).status_code == 422
    assert reviewer.post(where, {"password": build.PASSWORD}).status_code == 302
    assert reviewer.post(where, {"password": build.PASSWORD}).status_code == 409
    record = officer.get(made.get_absolute_url()).content.decode()
    assert "English · PDF" in record and "中文 · DOCX" in record and "2029-10-12" in record
    changed = officer.get(url(house, "versions", made.reference)).content.decode()
    assert "<del>" in changed and "<ins>" in changed and "Who led the assessment" in changed
    assert officer.get(url(house, "versions", made.reference) + "?old=1&new=9").status_code == 404


def test_password_is_guessed_ten_times_at_most(house):
    made = submitted(house)
    reviewer = with_password(house, "reviewer")
    where = url(house, "approve", made.reference)
    for _try in range(10):
        reviewer.post(where, {"password": "wrong"})
    assert "Too many tries" in reviewer.post(where, {"password": build.PASSWORD}).content.decode()


def test_author_approves_alone_only_where_nobody_else_may(db, today, settings, tmp_path):
    lone = build.house("lone", roles=["owner"])
    with lone.acting("owner"):
        made = answered(lone, begun(lone, by="owner"), by="owner")
        submit(made, by=lone.people["owner"])
    owner, where = with_password(lone, "owner"), url(lone, "approve", made.reference)
    assert owner.post(where, {"password": build.PASSWORD}).status_code == 422
    because = {"password": build.PASSWORD, "alone_because": "I work alone."}
    assert owner.post(where, because).status_code == 302
    page = owner.get(url(lone, "assessment", made.reference)).content.decode()
    assert "I work alone." in page and "nobody else in the workspace may approve" in page


def test_author_is_sent_to_another_person_where_there_is_one(house):
    made = answered(house, begun(house, by="owner"), by="owner")
    submit(made, by=house.people["owner"])
    answer = house.client("owner").get(url(house, "approve", made.reference))
    assert answer.status_code == 409 and "Reviewer" in answer.content.decode()


def test_outdated_one_names_each_change_and_is_assessed_again(house):
    made = submitted(house)
    approve(made, by=house.people["reviewer"], today=TODAY)
    scenario = made.covered.get().scenario
    edit_scenario(scenario, storage_mode="public_cloud", purpose="Recognise members")
    reconcile(house.pip, today=TODAY)
    officer = house.client("officer")
    page = officer.get(made.get_absolute_url()).content.decode()
    assert "Assess again" in page and "public cloud" in page.lower() and "Recognise members" in page
    assert 'class="badge layer law"' in page and 'class="badge layer default"' in page
    listed = officer.get(url(house, "assessments") + "?outdated=on").content.decode()
    assert made.reference in listed and "outdated" in listed
    assert officer.post(url(house, "renew", made.reference)).status_code == 302
    assert officer.post(url(house, "renew", made.reference)).status_code == 409
    again = Assessment.objects.get(supersedes=made)
    assert again.reference in officer.get(made.get_absolute_url()).content.decode()


def test_draft_takes_todays_facts_at_a_press(house):
    made = begun(house)
    edit_scenario(made.covered.get().scenario, purpose="Recognise members")
    officer = house.client("officer")
    page = officer.get(made.get_absolute_url()).content.decode()
    assert "The register says something else now" in page and "Recognise members" in page
    assert officer.post(url(house, "facts", made.reference)).status_code == 302
    assert made.answers.get(question="purpose").text == "Recognise members"
    assert "something else now" not in officer.get(made.get_absolute_url()).content.decode()


def test_signed_report_is_added_to_an_approved_one_only(house):
    made = submitted(house)
    officer, where = house.client("officer"), url(house, "scan", made.reference)
    assert officer.post(where, {"scan": SimpleUploadedFile("s.pdf", pdf())}).status_code == 409
    approve(made, by=house.people["reviewer"], today=TODAY)
    assert officer.post(where, {"scan": SimpleUploadedFile("s.pdf", pdf())}).status_code == 302
    assert "s.pdf" in officer.get(made.get_absolute_url()).content.decode()


def test_measure_goes_on_after_approval(house):
    made = answered(house, begun(house))
    measure = add_measure(made.risks.first(), by=house.people["officer"], title="Encrypt")
    submit(made, by=house.people["officer"])
    officer, where = house.client("officer"), url(house, "measure", made.reference, measure.pk)
    version = re.search(r'name="version" value="([^"]+)"', officer.get(where).content.decode()).group(1)
    sent = {"version": version, "title": "Other words", "owner": "IT", "done_on": "2026-10-10"}
    assert officer.post(where, sent).status_code == 409
    approve(made, by=house.people["reviewer"], today=TODAY)
    assert officer.post(where, sent).status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.owner, measure.done_on) == ("Encrypt", "IT", date(2026, 10, 10))


def test_own_question_is_added_answered_and_ended(house):
    made = begun(house)
    officer = house.client("officer")
    add = url(house, "question_add", house.pip.pk)
    assert officer.post(add, {"section": "nowhere", "text_zh": "？"}).status_code == 422
    assert officer.post(add, {"section": "work", "text_zh": "法务意见？", "text_en": "Counsel?"}).status_code == 302
    own = OwnQuestion.objects.get()
    page = officer.get(url(house, "section", made.reference, "work")).content.decode()
    assert "Counsel?" in page
    sent = typed(page, **{own.code: "None"})
    assert officer.post(url(house, "save", made.reference, "work"), sent).status_code == 302
    assert made.answers.get(question=own.code).text == "None"
    assert officer.post(url(house, "question_end", own.pk)).status_code == 302
    assert "Counsel?" not in officer.get(url(house, "section", made.reference, "work")).content.decode()
    assert "No longer asked" in officer.get(url(house, "questions")).content.decode()


def test_auditor_reads_every_page_and_finds_nothing_to_press(house):
    made = submitted(house)
    auditor = house.client("auditor")
    for name, *parts in (
        ("assessments",),
        ("questions",),
        ("assessment", made.reference),
        ("section", made.reference, "work"),
        ("risks", made.reference),
        ("versions", made.reference),
    ):
        page = auditor.get(url(house, name, *parts))
        assert page.status_code == 200, name
        body = page.content.decode().split("<main", 1)[1]
        assert 'method="post"' not in body and "textarea" not in body, name
    assert auditor.post(url(house, "save", made.reference, "work")).status_code == 403
    assert auditor.post(url(house, "settle", made.reference, 1)).status_code == 403


def test_assessment_made_elsewhere_has_no_sections(house):
    from tests.assessments.test_assessments import registered

    made = registered(house)
    officer = house.client("officer")
    assert officer.get(url(house, "section", made.reference, "work")).status_code == 404
    assert officer.get(url(house, "risks", made.reference)).status_code == 404
    assert officer.post(url(house, "save", made.reference, "work")).status_code == 404


def cost(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_pages_cost_the_same_with_three_rows_and_with_eight(house):
    officer, owner = house.people["officer"], house.people["owner"]
    costs = []
    for number, prefix in ((3, "A"), (8, "B")):
        made = begun(house, *(f"{prefix}{n}" for n in range(number)))
        for n in range(number):
            add_question(house.pip, section="work", text_zh=f"{prefix}{n}？", by=officer)
            remark(made, "work", text=str(n), by=owner)
            add_measure(made.risks.first(), by=officer, title=str(n))
        for row in OwnQuestion.objects.all():
            save_answer(made, row.code, scenario=None, text="x", version=0, by=officer)
        accept_section(made, "work", by=owner)
        pages = [("assessment",), ("section", "work"), ("section", "processing"), ("risks",)]
        client = house.client("officer")
        costs.append([cost(client, url(house, name, made.reference, *parts)) for name, *parts in pages])
    assert costs[0] == costs[1]


def test_list_costs_the_same_with_three_rows_and_with_eight(house):
    client, costs = house.client("owner"), []
    for codes in ("ABC", "DEFGH"):
        for code in codes:
            add_measure(begun(house, code).risks.first(), by=house.people["officer"], title=code)
        costs.append(cost(client, url(house, "assessments")))
        assert Answer.objects.exists()
    assert costs[0] == costs[1]
    newest = client.get(url(house, "assessments")).content.decode()
    assert newest.index("PIA-2026-0008") < newest.index("PIA-2026-0001")
    assert "PIA-2026-0001" not in client.get(url(house, "assessments") + "?state=approved").content.decode()


def test_record_of_eight_scenarios_asks_for_each_thing_once(house):
    client = house.client("officer")
    made = begun(house, *(f"S{n}" for n in range(8)))
    submit(answered(house, made), by=house.people["officer"])
    approve(made, by=house.people["reviewer"], today=TODAY)
    where = url(house, "assessment", made.reference)
    client.get(where)
    with CaptureQueriesContext(connection) as seen:
        client.get(where)
    asked = [
        table
        for query in seen
        for table in re.findall(r'FROM "((?:assessments|deployments|cases)_\w+)"', query["sql"])
    ]
    # Only authors, assessments (this one and the newer) and versions (their list and what was asked) come twice.
    assert len(asked) <= 17 and all(asked.count(table) <= 2 for table in asked), asked

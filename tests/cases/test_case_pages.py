"""Cases through the client: who sees and does what, what forms refuse, and what a page costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import AssessedScenario, Assessment
from deployments.versions import version_of
from portal.cases import services
from portal.cases.models import Case, CaseNote, Incident
from portal.cases.panels import of_scenario
from portal.clock.reconcile import reconcile_touched
from portal.evidence.services import keep
from tests import build
from tests.cases.conftest import paper, shanghai
from tests.deployments.test_pages import questions, text_of

READERS = ["reviewer", "auditor"]


def url(house, path=""):
    return house.url(f"cases/requests/{path}")


def cost(client, address):
    """The number of questions that a page asks, once it is warm."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(questions(asked))


# Who may see and do


@pytest.mark.parametrize("role", ["owner", "officer", "reviewer", "operator", "auditor"])
def test_list_and_record_are_for_those_who_see_the_pip(house, receive, role):
    case = receive("complaint", category="coercion", asked="they insisted")
    client = house.client(role)
    assert case.reference in text_of(client.get(url(house)))
    assert "they insisted" in text_of(client.get(case.get_absolute_url()))


def test_vendor_sees_neither(house, receive):
    case = receive()
    client = house.client("vendor")
    assert client.get(url(house)).status_code == 403
    assert client.get(case.get_absolute_url()).status_code in (403, 404)


@pytest.mark.parametrize("role", READERS)
def test_reader_finds_no_control(house, receive, answer, role):
    client = house.client(role)
    for case in (receive(), answer(receive("withdrawal")), answer(receive())):
        body = client.get(case.get_absolute_url()).content.decode()
        for control in ("edit", "answer", "proof", "note", "close", "reopen"):
            assert f"{case.reference}/{control}/" not in body
    assert "new/" not in client.get(url(house)).content.decode()


@pytest.mark.parametrize("role", READERS)
def test_reader_cannot_answer(house, receive, role):
    case = receive()
    sent = house.client(role).post(f"{case.get_absolute_url()}answer/", {"outcome": "granted"})
    assert sent.status_code == 403
    case.refresh_from_db()
    assert case.state == "open"


# Adding by hand


def test_kind_is_chosen_before_its_form_is_shown(house):
    client = house.client("operator")
    page = client.get(url(house, "new/"))
    assert "kind=refusal" in page.content.decode()
    body = client.get(url(house, "new/?kind=refusal")).content.decode()
    assert 'name="other_way"' in body
    assert 'name="category"' not in body
    assert 'name="due_on"' in client.get(url(house, "new/?kind=inspection")).content.decode()


def test_double_click_makes_one_case_and_shows_the_same_code_twice(house, gate):
    client = house.client("operator")
    data = {"channel": "counter", "received_on": "2026-10-12", "scenario": gate.pk, "sending": "s1", "asked": "stop"}
    pages = [text_of(client.post(url(house, "new/?kind=withdrawal"), data)) for _click in range(2)]
    case = Case.objects.get()
    codes = {page.split("Secret code")[1].split()[0] for page in pages}
    assert len(codes) == 1
    assert f"/r/{gate.notices.get().code}/status/" in pages[0]
    assert case.reference in pages[1]


def test_without_a_public_page_there_is_no_code_to_hand_over(house):
    sent = house.client("operator").post(
        url(house, "new/?kind=access"), {"channel": "letter", "received_on": "2026-10-12", "sending": "s1"}
    )
    assert (sent.status_code, sent.url) == (302, Case.objects.get().get_absolute_url())


def test_form_says_where_the_number_stands(house):
    page = house.client("operator").post(
        url(house, "new/?kind=access"),
        {"channel": "letter", "received_on": "2026-10-12", "asked": "I am 11010519491231002X"},
    )
    assert page.status_code == 422
    assert "identity number" in text_of(page)
    assert not Case.objects.exists()


def test_letter_of_the_authority_stands_in_the_timeline(house):
    client = house.client("officer")
    client.post(
        url(house, "new/?kind=inspection"),
        {"received_on": "2026-10-12", "due_on": "2026-10-20", "asked": "PIPL 63", "letter": paper("letter.pdf")},
    )
    case = Case.objects.get()
    assert (case.channel, case.due_on) == ("authority", date(2026, 10, 20))
    assert CaseNote.objects.get(case=case).file.name == "letter.pdf"
    assert "letter.pdf" in text_of(client.get(case.get_absolute_url()))


# Moving on


def test_case_goes_from_open_to_closed_by_the_next_step_alone(house, receive):
    case = receive("withdrawal")
    client = house.client("operator")
    page = client.get(case.get_absolute_url()).content.decode()
    assert f"{case.get_absolute_url()}answer/" in page
    client.post(
        f"{case.get_absolute_url()}answer/",
        {"version": version_of(case), "outcome": "granted", "answered_on": "2026-10-12", "answer": "Deleted."},
    )
    page = client.get(case.get_absolute_url()).content.decode()
    assert f"{case.get_absolute_url()}proof/" in page
    case.refresh_from_db()
    client.post(f"{case.get_absolute_url()}proof/", {"version": version_of(case), "proof": paper()})
    page = client.get(case.get_absolute_url()).content.decode()
    assert f"{case.get_absolute_url()}close/" in page
    client.post(f"{case.get_absolute_url()}close/")
    case.refresh_from_db()
    assert case.state == "closed"


def test_stale_tab_shows_both_versions(house, receive, today):
    case = receive(asked="first")
    version = version_of(case)
    services.edit(case, by=None, today=today, asked="second")
    page = house.client("operator").post(
        f"{case.get_absolute_url()}edit/",
        {"version": version, "kind": "access", "channel": "counter", "received_on": "2026-10-12", "asked": "third"},
    )
    assert page.status_code == 409
    assert "second" in text_of(page)
    assert "third" in text_of(page)


def test_timeline_keeps_columns_and_shows_their_words(house, receive, today):
    case = receive(asked="first")
    services.edit(case, by=house.people["officer"], today=today, asked="second", place="lane 3")
    assert CaseNote.objects.get(case=case, step="changed").text == "asked place"
    page = text_of(house.client("officer").get(case.get_absolute_url()))
    assert "what is asked or told; where it happened" in page


def test_missing_reason_stands_at_its_field(house, receive):
    case = receive()
    page = house.client("operator").post(
        f"{case.get_absolute_url()}answer/",
        {"version": version_of(case), "outcome": "refused", "answered_on": "2026-10-12"},
    )
    assert page.status_code == 422
    assert "told why" in text_of(page)


def test_answer_page_of_an_answered_case_leads_back(house, receive, answer):
    case = answer(receive())
    page = house.client("operator").get(f"{case.get_absolute_url()}answer/", follow=True)
    assert "has moved on" in text_of(page)


def test_closing_twice_is_told_in_a_sentence(house, receive, answer):
    case = answer(receive())
    client = house.client("operator")
    client.post(f"{case.get_absolute_url()}close/")
    again = client.post(f"{case.get_absolute_url()}close/")
    assert again.status_code == 409
    assert "moved on" in text_of(again)


# Lists


def test_list_filters_by_kind_state_and_lateness(house, receive, answer, today):
    late = receive("complaint", category="other", received_on=today - timedelta(60))
    fresh, done = receive("refusal"), answer(receive())
    reconcile_touched(today=today)
    client = house.client("officer")

    def found(query):
        page = text_of(client.get(url(house, query)))
        return [case for case in (late, fresh, done) if case.reference in page]

    assert found("?kind=refusal") == [fresh]
    assert found("?state=answered") == [done]
    assert found("?late=on") == [late]
    assert found("?q=0002") == [fresh]
    assert found("") == [late, fresh, done]


def test_newest_stands_first(house, receive, today):
    old, new = receive(received_on=today - timedelta(3)), receive()
    page = text_of(house.client("officer").get(url(house)))
    assert page.index(new.reference) < page.index(old.reference)


def test_lists_cost_the_same_at_three_rows_and_at_eight(house, receive, today):
    client = house.client("officer")
    now = shanghai("2026-10-12 10:00")

    def more(first, last):
        for number in range(first, last):
            receive("refusal", asked=f"{number}")
            services.open_incident(
                house.pip,
                kind="leak",
                grade="large",
                discovered_at=now - timedelta(hours=number),
                by=None,
                now=now,
                today=today,
            )
        reconcile_touched(today=today)

    more(0, 3)
    small = [cost(client, house.url(f"cases/{name}/")) for name in ("requests", "incidents")]
    more(3, 8)
    assert [cost(client, house.url(f"cases/{name}/")) for name in ("requests", "incidents")] == small
    assert max(small) <= 12


def test_records_cost_at_most_twelve_questions_however_long_their_story(house, gate, receive, answer):
    place = build.deployment(house.pip, scenario=gate)
    case = receive("withdrawal", deployment=place)
    for number in range(12):
        services.note(case, by=house.people["officer"], text=f"note {number}", file=paper())
    answer(case, deletion_proof=paper())
    client = house.client("officer")
    assert cost(client, case.get_absolute_url()) <= 12


# Elsewhere


def test_scenario_shows_its_counts_in_one_question(house, gate, receive, rf):
    for kind, fields in (("refusal", {}), ("complaint", {"category": "asked_again"}), ("access", {})):
        receive(kind, scenario=gate, **fields)
    receive("refusal")  # of no scenario
    request = rf.get("/")
    request.tenant = house.tenant
    request.access = type("Access", (), {"can": lambda *_: True})()
    with CaptureQueriesContext(connection) as asked:
        panel = of_scenario(request, gate)
    assert len(asked) == 1
    assert panel.context["counts"] == {"refusals": 1, "complaints": 1, "asked_again": 1, "others": 1, "open": 3}
    page = text_of(house.client("officer").get(house.url(f"register/scenarios/{gate.pk}/")))
    assert "NDR Art 22(5)" in page


def test_inspection_lists_the_evidence_there_is(house, gate, receive, today):
    people = house.people
    report = keep(paper(), pip=house.pip, by=people["officer"])
    assessment = Assessment.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        reference="PIA-2026-0009",
        title="Gate",
        is_external=True,
        report=report,
        **dict.fromkeys(("has_lawfulness", "has_rights_impact", "has_risks", "has_measures"), True),
        written_by=people["officer"],
    )
    AssessedScenario.objects.create(tenant=house.tenant, pip=house.pip, assessment=assessment, scenario=gate)
    Assessment.objects.filter(pk=assessment.pk).update(
        state="approved", approved_by=people["owner"], approved_on=today, keep_until=today
    )
    case = receive("inspection", scenario=gate)
    page = text_of(house.client("auditor").get(case.get_absolute_url()))
    assert "Evidence for this inspection" in page
    assert "PIA-2026-0009" in page


def test_duty_leads_to_its_case_and_back(house, receive, duty):
    case = receive("complaint", category="other")
    row = duty(case, "frm-17-complaint")
    client = house.client("officer")
    assert case.get_absolute_url() in client.get(row.get_absolute_url()).content.decode()
    assert row.get_absolute_url() in client.get(case.get_absolute_url()).content.decode()


def test_search_finds_a_reference(house, receive):
    case = receive()
    page = house.client("officer").get(house.url(f"search/?q={case.reference}"))
    assert case.get_absolute_url() in page.content.decode()


# Incidents


def incident_of(house, today, **fields):
    fields = {"kind": "leak", "grade": "large", "discovered_at": shanghai("2026-10-11 20:00")} | fields
    now = shanghai("2026-10-11 20:00")
    return services.open_incident(house.pip, by=house.people["officer"], today=today, now=now, **fields)


def test_incident_is_recorded_stamped_and_closed_in_the_browser(house):
    client = house.client("operator")
    client.post(
        house.url("cases/incidents/new/"),
        {"kind": "leak", "grade": "large", "discovered_at": "2026-10-11T20:00", "happened": "a disk is gone"},
    )
    incident = Incident.objects.get()
    assert incident.discovered_at == shanghai("2026-10-11 20:00")
    page = client.get(incident.get_absolute_url())
    assert "2026-10-12 00:00" in text_of(page)  # four hours
    for name in ("authority_told_at", "remedied_at", "persons_told_at"):
        assert f"stamp/{name}/" in client.get(incident.get_absolute_url()).content.decode()
        client.post(f"{incident.get_absolute_url()}stamp/{name}/")
    client.post(f"{incident.get_absolute_url()}close/")
    incident.refresh_from_db()
    assert incident.state == "closed"
    assert "stamp/" not in client.get(incident.get_absolute_url()).content.decode()


def test_second_press_of_a_stamp_changes_nothing_and_says_so(house, today):
    incident = incident_of(house, today)
    client = house.client("operator")
    address = f"{incident.get_absolute_url()}stamp/remedied_at/"
    client.post(address)
    incident.refresh_from_db()
    first = incident.remedied_at
    assert "recorded before" in text_of(client.post(address, follow=True))
    incident.refresh_from_db()
    assert incident.remedied_at == first


def test_moment_is_corrected_by_editing(house, today):
    incident = incident_of(house, today)
    incident.refresh_from_db()
    client = house.client("operator")
    page = client.get(f"{incident.get_absolute_url()}edit/")
    assert 'value="2026-10-11T20:00"' in page.content.decode()
    data = {
        "version": version_of(incident),
        **{"kind": "leak", "grade": "large", "discovered_at": "2026-10-11T20:00"},
        "authority_told_at": "2026-10-11T20:00",
    }
    assert client.post(f"{incident.get_absolute_url()}edit/", data).status_code == 302
    incident.refresh_from_db()
    assert incident.authority_told_at == shanghai("2026-10-11 20:00")


def test_stamp_knows_three_steps_only(house, today):
    incident = incident_of(house, today)
    sent = house.client("operator").post(f"{incident.get_absolute_url()}stamp/closed_on/")
    assert sent.status_code == 404


def test_incident_costs_at_most_twelve_questions(house, today):
    incident = incident_of(house, today)
    reconcile_touched(today=today)
    assert cost(house.client("operator"), incident.get_absolute_url()) <= 12


@pytest.mark.parametrize("role", READERS)
def test_reader_of_an_incident_finds_no_control(house, today, role):
    incident = incident_of(house, today)
    body = house.client(role).get(incident.get_absolute_url()).content.decode()
    for control in ("stamp/", "edit/", "receipt/", "close/", "reopen/"):
        assert f"{incident.reference}/{control}" not in body

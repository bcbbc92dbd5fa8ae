"""Other ways than FR, whether they are really offered, and the self-check against coercion (FRM Arts 10 to 12)."""

import re
from datetime import date

import pytest
from django.forms import ValidationError

from deployments import services, standing
from deployments.models import Alternative, AlternativeCheck, ConductCheck, Scenario
from deployments.versions import version_of
from portal.audit.models import AuditEvent
from portal.law.enums import CONDUCT_QUESTIONS
from portal.workflow import CaseError
from tests import build
from tests.deployments import registers
from tests.deployments.test_pages import text_of, url

TODAY = date(2026, 10, 12)
NO_FINDING = dict.fromkeys(CONDUCT_QUESTIONS, "no")


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def gate(house) -> Scenario:
    """A scenario in use."""
    return build.deployment(house.pip).scenario


def tab(house, scenario, role="officer"):
    return house.client(role).get(url(house, f"scenarios/{scenario.pk}/choice/"))


# How a way stands


@pytest.mark.parametrize(
    ("last_on", "was_offered", "ended_on", "state"),
    [
        (None, None, None, "unchecked"),
        (TODAY, True, None, "offered"),
        (TODAY, False, None, "not_offered"),
        (date(2026, 7, 14), True, None, "offered"),  # 90 days ago
        (date(2026, 7, 13), True, None, "check_due"),  # 91 days ago
        (TODAY, True, TODAY, "ended"),
    ],
)
def test_way_stands_as_its_last_check_and_its_age_say(last_on, was_offered, ended_on, state):
    found = standing.of_alternative(ended_on=ended_on, last_on=last_on, was_offered=was_offered, today=TODAY)
    assert found == state


# The tab


def test_scenario_without_another_way_is_a_red_finding_that_leads_to_the_form(house, gate):
    page = tab(house, gate)
    body = page.content.decode()
    assert "No other way than FR is recorded" in text_of(page) and "notice bad" in body
    assert url(house, f"scenarios/{gate.pk}/choice/new/") in body and "FRM Art 10" in text_of(page)


def test_way_whose_check_is_too_old_is_a_red_finding_and_says_that_the_interval_is_no_law(house, gate):
    way = registers.alternative(gate)
    registers.check(way, date(2026, 7, 1))
    page = tab(house, gate)
    assert "check overdue" in text_of(page) and "notice bad" in page.content.decode()
    assert "103 days have passed" in text_of(page)
    assert "Portal default, not law" in text_of(page) and "every 90 days" in text_of(page)
    assert url(house, f"alternatives/{way.pk}/check/") in page.content.decode()


def test_fingerprint_alone_is_no_way_out_by_the_portals_reading(house, gate):
    registers.check(registers.alternative(gate, "fingerprint"))
    assert "A fingerprint alone is no way out" in text_of(tab(house, gate))
    registers.check(registers.alternative(gate, "card"))
    assert "A fingerprint alone" not in text_of(tab(house, gate))


def test_way_that_was_not_there_is_no_way(house, gate):
    registers.check(registers.alternative(gate), is_offered=False, note="closed at noon")
    page = tab(house, gate)
    assert "No other way is really offered" in text_of(page) and "notice bad" in page.content.decode()


def test_state_rule_stands_in_place_of_another_way_and_leads_to_its_field(house, gate):
    Scenario.objects.update(state_rule="民航安全检查规则第X条")
    registers.conduct(gate)
    page = tab(house, gate)
    assert "民航安全检查规则第X条" in text_of(page) and "notice bad" not in page.content.decode()
    assert url(house, f"scenarios/{gate.pk}/edit/#id_state_rule") in page.content.decode()


def test_offered_way_and_clean_self_check_leave_nothing_to_mend(house, gate):
    registers.check(registers.alternative(gate))
    registers.conduct(gate)
    page = tab(house, gate)
    assert page.context["findings"] == [] and page.context["next"] is None


def test_out_of_scope_scenario_is_asked_nothing(house, gate):
    Scenario.objects.update(scope="out_rnd", scope_reason="training only")
    page = tab(house, gate)
    assert page.context["findings"] == [] and "The Measures do not apply" in text_of(page)


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_sees_the_tab_and_its_records_without_controls(house, gate, role):
    way = registers.alternative(gate)
    registers.check(way, photo=None)
    registers.conduct(gate, findings=("hidden",))
    client = house.client(role)
    for path in (f"scenarios/{gate.pk}/choice/", f"alternatives/{way.pk}/"):
        page = client.get(url(house, path))
        assert page.status_code == 200
        for control in ("/edit/", "/new/", "/check/", "/end/", "/conduct/", "/id-service/"):
            assert control not in page.content.decode(), (path, control)
    assert client.post(url(house, f"alternatives/{way.pk}/check/"), {"is_offered": "yes"}).status_code == 403


# Ways


def test_way_is_added_with_its_photo_and_the_position_stays_hidden(house, gate):
    answer = house.client("operator").post(
        url(house, f"scenarios/{gate.pk}/choice/new/"),
        {
            "kind": "lane",
            "description": "staffed lane",
            "place": "lane 9",
            "version": "none",
            "photo": registers.photo(),
        },
    )
    assert answer.status_code == 302, text_of(answer)
    way = Alternative.objects.get()
    assert way.photo is not None and way.deployment is None
    assert AuditEvent.objects.filter(verb="alternative.add").exists()
    shown = house.client("auditor").get(url(house, f"alternatives/{way.pk}/"))
    assert f"photos/{way.photo_id}/" in shown.content.decode()


def test_second_click_adds_no_second_way(house, gate):
    client, address = house.client("operator"), url(house, f"scenarios/{gate.pk}/choice/new/")
    values = {"kind": "lane", "description": "staffed lane", "version": "none"}
    assert client.post(address, values).status_code == 302
    again = client.post(address, values)
    assert again.status_code == 409 and "One was recorded meanwhile" in text_of(again)
    assert Alternative.objects.count() == 1
    meant = client.post(address, values | {"version": str(Alternative.objects.get().pk)})
    assert meant.status_code == 302 and Alternative.objects.count() == 2


def test_stale_tab_overwrites_no_way_and_asks_for_its_photo_again(house, gate):
    way = registers.alternative(gate)
    version = version_of(Alternative.objects.get())
    Alternative.objects.update(description="theirs")
    answer = house.client("operator").post(
        url(house, f"alternatives/{way.pk}/edit/"),
        {"kind": "lane", "description": "mine", "version": version, "photo": registers.photo()},
    )
    assert answer.status_code == 409
    assert "theirs" in text_of(answer) and "Choose this file again" in text_of(answer)
    assert Alternative.objects.get().description == "theirs"


def test_way_at_a_deployment_of_another_scenario_is_refused(house, gate):
    other = build.deployment(house.pip, "D2", scenario=build.scenario(house.pip, "DOOR"))
    with pytest.raises(ValidationError, match="another scenario"):
        services.add_alternative(gate, by=None, kind="lane", description="x", deployment=other)


def test_ended_way_stays_readable_and_takes_no_further_check(house, gate):
    way = registers.alternative(gate)
    client = house.client("operator")
    late = client.post(
        url(house, f"alternatives/{way.pk}/end/"), {"ended_on": "2026-10-13", "version": version_of(way)}
    )
    assert late.status_code == 422 and "in the future" in text_of(late)
    done = client.post(
        url(house, f"alternatives/{way.pk}/end/"), {"ended_on": "2026-10-10", "version": version_of(way)}
    )
    assert done.status_code == 302
    assert "No longer offered" in text_of(tab(house, gate))
    with pytest.raises(CaseError, match="has not been offered since 2026-10-10"):
        services.check_alternative(way, by=None, today=TODAY, checked_on=TODAY, is_offered=True)


# Checks


def test_check_is_one_press_on_the_phone_with_a_photo(house, gate):
    way = registers.alternative(gate)
    client, address = house.client("operator"), url(house, f"alternatives/{way.pk}/check/")
    page = client.get(address).content.decode()
    assert 'capture="environment"' in page and 'value="yes"' in page and 'value="no"' in page
    answer = client.post(
        address, {"is_offered": "yes", "checked_on": "2026-10-12", "version": "none", "photo": registers.photo()}
    )
    assert (answer.status_code, answer.url) == (302, url(house, f"scenarios/{gate.pk}/choice/"))
    check = AlternativeCheck.objects.get()
    assert check.is_offered and check.photo is not None and check.checked_by == house.people["operator"]


def test_second_press_records_no_second_check(house, gate):
    way = registers.alternative(gate)
    client, address = house.client("operator"), url(house, f"alternatives/{way.pk}/check/")
    values = {"is_offered": "yes", "checked_on": "2026-10-12", "version": "none"}
    assert client.post(address, values).status_code == 302
    again = client.post(address, values)
    assert again.status_code == 409 and "perhaps by your first click" in text_of(again)
    assert AlternativeCheck.objects.count() == 1


def test_check_that_finds_nothing_says_what_was_missing(house, gate):
    way = registers.alternative(gate)
    client, address = house.client("operator"), url(house, f"alternatives/{way.pk}/check/")
    values = {"is_offered": "no", "checked_on": "2026-10-12", "version": "none"}
    refused = client.post(address, values)
    assert refused.status_code == 422 and "Say what was missing" in text_of(refused)
    assert client.post(address, values | {"note": "nobody at the counter"}).status_code == 302
    assert not AlternativeCheck.objects.get().is_offered


def test_check_without_an_answer_is_refused(house, gate):
    way = registers.alternative(gate)
    answer = house.client("operator").post(
        url(house, f"alternatives/{way.pk}/check/"), {"checked_on": "2026-10-12", "version": "none"}
    )
    assert answer.status_code == 422 and "Press one of the two buttons" in text_of(answer)


def test_file_that_is_no_photo_is_refused_at_its_field(house, gate):
    way = registers.alternative(gate)
    answer = house.client("operator").post(
        url(house, f"alternatives/{way.pk}/check/"),
        {"is_offered": "yes", "checked_on": "2026-10-12", "version": "none", "photo": registers.pdf()},
    )
    assert answer.status_code == 422 and "Use JPG, PNG" in text_of(answer)


# The self-check


def test_self_check_asks_six_questions_and_answers_none_beforehand(house, gate):
    page = house.client("officer").get(url(house, f"scenarios/{gate.pk}/choice/conduct/")).content.decode()
    assert page.count('type="radio"') == 12 and not re.search(r'type="radio"[^>]* checked', page)
    refused = house.client("officer").post(
        url(house, f"scenarios/{gate.pk}/choice/conduct/"), {"checked_on": "2026-10-12", "version": "none"}
    )
    assert refused.status_code == 422 and text_of(refused).count("Answer this question.") >= 6
    assert not ConductCheck.objects.exists()


def test_yes_is_a_finding_that_says_what_is_done_about_it(house, gate):
    client, address = house.client("officer"), url(house, f"scenarios/{gate.pk}/choice/conduct/")
    values = NO_FINDING | {"checked_on": "2026-10-12", "hidden": "yes", "version": "none"}
    assert client.post(address, values).status_code == 422
    assert client.post(address, values | {"note": "sign moved on 13 October"}).status_code == 302
    assert ConductCheck.objects.get().findings == ["hidden"]
    page = tab(house, gate)
    assert "found something" in text_of(page) and "notice bad" in page.content.decode()


def test_later_self_check_stands_beside_the_earlier_one(house, gate):
    registers.conduct(gate, date(2026, 9, 1), ("hidden",))
    first = ConductCheck.objects.get()
    values = NO_FINDING | {"checked_on": "2026-10-12", "version": str(first.pk)}
    assert house.client("officer").post(url(house, f"scenarios/{gate.pk}/choice/conduct/"), values).status_code == 302
    page = text_of(tab(house, gate))
    assert "nothing found" in page and "2026-09-01" in page
    assert ConductCheck.objects.count() == 2


def test_second_click_records_no_second_self_check(house, gate):
    client, address = house.client("officer"), url(house, f"scenarios/{gate.pk}/choice/conduct/")
    values = NO_FINDING | {"checked_on": "2026-10-12", "version": "none"}
    assert [client.post(address, values).status_code for _ in range(2)] == [302, 409]


# The national identity service


def test_identity_service_is_noted_as_advice(house, gate):
    client, address = house.client("officer"), url(house, f"scenarios/{gate.pk}/choice/id-service/")
    assert "no breach" in text_of(client.get(address))
    answer = client.post(
        address,
        {
            "id_service_considered_on": "2026-10-01",
            "id_service_note": "badge is enough",
            "version": version_of(Scenario.objects.get()),
        },
    )
    assert answer.status_code == 302
    page = tab(house, gate)
    assert "badge is enough" in text_of(page) and "Recommended standard" in text_of(page)

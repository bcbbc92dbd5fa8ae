"""The form of a scenario: every fact of LAW.md 7.1, starting points with their traps, warnings that refuse nothing."""

import pytest

from deployments.form_scenario import ScenarioForm
from deployments.models import MlpsSystem, Scenario
from deployments.versions import version_of
from portal.law.catalogue import CATALOGUE
from tests import build
from tests.deployments.test_pages import text_of, url

LEAST = {"code": "GATE", "name": "Gates", "function": "identify"}
# Owned by services: decided, recorded or kept elsewhere.
NOT_TYPED = {
    *("id", "tenant", "pip", "scope", "scope_reason", "scope_decided_on", "scope_recheck_on"),
    *("deleted_on", "catalogue"),
}


def post(house, path="scenarios/new/?start=blank", **values):
    return house.client("officer").post(url(house, path), LEAST | values, follow=True)


def test_every_fact_of_a_scenario_has_its_field():
    columns = {field.name for field in Scenario._meta.concrete_fields}
    assert set(ScenarioForm.Meta.fields) == columns - NOT_TYPED
    grouped = [name for _title, names in ScenarioForm.groups for name in names]
    assert sorted(grouped) == sorted(ScenarioForm.Meta.fields)


def test_fields_show_the_article_that_asks_for_them(house):
    body = text_of(house.client("officer").get(url(house, "scenarios/new/?start=blank")))
    for article in (
        "FRM Art 4",
        "FRM Art 8",
        "FRM Art 10",
        "PIPL Art 13",
        "PIPL Art 18",
        "PIPL Art 24",
        "PIPL Art 26",
    ):
        assert article in body


def test_scenario_is_saved_whole(house):
    system = MlpsSystem.objects.create(tenant=house.tenant, pip=house.pip, name="Gate system")
    answer = post(
        house,
        subject_groups=["residents", "under_14"],
        sends_over_internet="false",
        storage_mode="device",
        mlps=system.pk,
        cross_border="on",
        cross_border_mechanism="contract",
        cross_border_number="SC-1",
    )
    row = Scenario.objects.get()
    assert answer.redirect_chain == [(url(house, f"scenarios/{row.pk}/"), 302)]
    assert (row.subject_groups, row.sends_over_internet, row.mlps) == (["residents", "under_14"], False, system)
    assert "Residents, Children under 14" in text_of(answer)


def test_system_of_another_pip_is_not_offered(house, stranger):
    with stranger.acting("officer"):
        foreign = MlpsSystem.objects.create(tenant=stranger.tenant, pip=stranger.pip, name="Secret system")
    assert post(house, mlps=foreign.pk).status_code == 422
    assert not Scenario.objects.exists()


@pytest.mark.parametrize(
    ("values", "label", "words"),
    [
        ({"storage_mode": "public_cloud"}, "Exception that allows it", "no exception allows it"),
        ({"storage_mode": "lan_server"}, "Exception that allows it", "needs legal review"),
        ({"storage_mode": "device", "sends_over_internet": "true"}, "Sends faces out", "one answer is wrong"),
        ({"storage_mode": "vendor", "sends_over_internet": "false"}, "Sends faces out", "reached over the internet"),
        ({"storage_exception": "law"}, "Provision, or version of the consent", "stands on nothing yet"),
        ({"cross_border": "on"}, "Mechanism of the transfer", "without a mechanism"),
        ({"cross_border": "on", "cross_border_mechanism": "contract"}, "Number of the mechanism", "no number yet"),
        ({"other_use": "marketing"}, "Separate consent for that use", "separate consent"),
        ({"automated_decision": "on"}, "How the decision is explained", "nobody can say yet"),
        ({"notice_exemption": "secrecy"}, "Provision or facts behind it", "Name the provision"),
        ({"retention_ends_on": "2027-01-31"}, "Law that sets another period", "not the period it follows from"),
    ],
)
def test_what_is_not_lawful_is_saved_and_said(house, values, label, words):
    page = text_of(post(house, **values))
    assert Scenario.objects.count() == 1
    assert "The scenario was added." in page and words in page
    assert f"{label}" in page


def test_nothing_is_warned_of_where_nothing_is_wrong(house):
    page = post(house, storage_mode="device", sends_over_internet="false")
    assert [str(message) for message in page.context["messages"]] == ["The scenario was added."]


def test_contradiction_is_refused_at_its_field(house):
    answer = post(house, cross_border_recipient="HQ in Singapore")
    assert answer.status_code == 422 and "tick that there is one" in text_of(answer)
    # Its group is unfolded, or the reader would look for it in vain.
    assert '<details class="fold" open><summary>Transfer abroad' in answer.content.decode()
    assert not Scenario.objects.exists()


def test_stale_tab_sees_both_lists_of_groups(house):
    row = build.scenario(house.pip, subject_groups=["employees"])
    values = {"name": "Gate", "function": "verify", "subject_groups": ["visitors"], "version": version_of(row)}
    Scenario.objects.update(subject_groups=["employees", "under_14"])
    answer = house.client("officer").post(url(house, f"scenarios/{row.pk}/edit/"), values)
    assert answer.status_code == 409
    assert "Employees, Children under 14" in text_of(answer) and "Visitors" in text_of(answer)
    assert Scenario.objects.get().subject_groups == ["employees", "under_14"]


# The catalogue


def test_new_scenario_starts_from_the_catalogue(house):
    page = house.client("officer").get(url(house, "scenarios/new/"))
    body = page.content.decode()
    for entry in CATALOGUE.values():
        assert f"start={entry.key}" in body and entry.name.en in text_of(page)
    assert "start=blank" in body and "Courts support residents" in text_of(page)


def test_starting_point_fills_the_form_and_shows_its_traps(house):
    page = house.client("officer").get(url(house, "scenarios/new/?start=school_gate"))
    form = page.context["form"]
    assert form.initial["function"] == "identify"
    assert set(form.initial["subject_groups"]) == {"students", "under_14", "aged_14_17"}
    assert form.initial["legal_basis"] == "consent"
    assert "minors' audit is reported every January" in text_of(page) and "Consent of guardians" in text_of(page)
    post(house, "scenarios/new/?start=school_gate")
    row = Scenario.objects.get()
    assert row.catalogue == "school_gate"
    assert "Traps of this use" in text_of(house.client("auditor").get(url(house, f"scenarios/{row.pk}/")))


def test_basis_is_left_open_where_several_are_usual(house):
    page = house.client("officer").get(url(house, "scenarios/new/?start=boarding"))
    assert page.context["form"].initial["legal_basis"] == ""


def test_unknown_starting_point_is_not_found(house):
    assert house.client("officer").get(url(house, "scenarios/new/?start=nonsense")).status_code == 404


def test_second_click_on_add_leads_to_the_first_ones_scenario(house):
    post(house)
    answer = post(house)
    assert answer.status_code == 422 and Scenario.objects.count() == 1
    assert url(house, f"scenarios/{Scenario.objects.get().pk}/") in answer.content.decode()

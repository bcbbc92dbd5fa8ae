"""The pages of changes: the list, a change, its three steps, and a filing beside today's register."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments import services as register
from filings.models import ChangeCase
from filings.services import changes as services
from portal.clock.reconcile import reconcile
from portal.obligations.models import Obligation
from tests import build
from tests.deployments.test_pages import questions
from tests.filings import changes
from tests.filings.changes import TODAY


@pytest.fixture
def filing(house):
    return changes.accepted(house)


@pytest.fixture
def case(house, filing) -> ChangeCase:
    """The storage of the scenario moved to a cloud, through the service."""
    register.edit_scenario(filing.covered.get().scenario, storage_mode="public_cloud")
    reconcile(house.pip, today=TODAY)
    return ChangeCase.objects.get()


def shown(house: build.House, url: str, role: str = "officer", status: int = 200) -> str:
    response = house.client(role).get(url)
    assert response.status_code == status
    return response.content.decode()


def cost(house: build.House, url: str) -> int:
    client = house.client("officer")
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(questions(queries))


def test_change_shows_both_values_the_weight_as_default_and_where_it_came_from(house, case):
    page = shown(house, case.get_absolute_url())
    assert "In the device" in page and "Public cloud" in page
    assert "Portal default, not law" in page and "Article 15" in page
    assert "scenario edited" in page and "File by" in page and "2026-11-23" in page
    assert "frm-08-storage" in page


def test_officer_decides_on_the_page_and_the_reviewer_confirms(house, case):
    url, officer = case.get_absolute_url(), house.client("officer")
    officer.post(f"{url}decide/", {"is_substantial": "no", "reason": "still on our own premises"})
    assert "Another person confirms" in shown(house, url)
    assert f"{url}confirm/" not in shown(house, url)
    assert f"{url}confirm/" in shown(house, url, "reviewer")
    response = house.client("reviewer").post(f"{url}confirm/", {"is_checked": "on"})
    with house.acting("officer"):
        row = ChangeCase.objects.get()
    assert (response.status_code, row.stands, row.approved_by) == (302, False, house.people["reviewer"])


def test_own_confirmation_is_answered_with_a_sentence(house, case):
    services.decide(case, is_substantial=False, reason="same", by=house.people["officer"], today=TODAY)
    response = house.client("officer").post(f"{case.get_absolute_url()}confirm/", {"is_checked": "on"})
    assert (response.status_code, "another person confirms it" in response.content.decode()) == (409, True)


@pytest.mark.parametrize(
    ("step", "data", "words"),
    [
        ("decide", {"reason": "why"}, "This field is required"),
        ("decide", {"is_substantial": "no", "reason": ""}, "This field is required"),
        ("day", {"effective_on": "2026-10-01", "effective_reason": "minutes"}, "in it already"),
        ("confirm", {"is_checked": ""}, "Tick this once"),
    ],
)
def test_wrong_input_stands_at_its_field(house, case, step, data, words):
    if step == "confirm":
        services.decide(case, is_substantial=False, reason="same", by=house.people["reviewer"], today=TODAY)
    response = house.client("officer").post(f"{case.get_absolute_url()}{step}/", data)
    assert (response.status_code, words in response.content.decode()) == (422, True)


def test_day_is_set_on_its_page(house, case):
    data = {"effective_on": "2026-10-14", "effective_reason": "goes live then"}
    response = house.client("officer").post(f"{case.get_absolute_url()}day/", data)
    with house.acting("officer"):
        assert (response.status_code, f"{ChangeCase.objects.get().effective_on}") == (302, "2026-10-14")
    assert "goes live then" in shown(house, case.get_absolute_url())


def test_register_that_says_again_what_was_filed_is_told(house, case):
    register.edit_scenario(case.scenario, storage_mode="device")
    page = shown(house, case.get_absolute_url())
    assert "The register says again what was filed" in page and "Keep the decision" in page


def test_further_edit_shows_a_third_value(house, case):
    register.edit_scenario(case.scenario, storage_mode="vendor")
    assert "At the vendor" in shown(house, case.get_absolute_url())


def test_auditor_reads_and_is_offered_nothing(house, case):
    page = shown(house, case.get_absolute_url(), "auditor")
    assert "Public cloud" in page and "Keep the decision" not in page and "Set another day" not in page


def test_reviewer_decides_and_is_not_led_to_the_day_that_the_officer_sets(house, case):
    page = shown(house, case.get_absolute_url(), "reviewer")
    assert "Keep the decision" in page and "Set another day" not in page
    shown(house, f"{case.get_absolute_url()}day/", "reviewer", status=403)


def test_list_is_narrowed_by_state(house, case):
    list_url = house.url("filings/changes/")
    assert case.reference in shown(house, f"{list_url}?state=to_decide")
    assert case.reference not in shown(house, f"{list_url}?state=recorded")
    services.decide(case, is_substantial=True, reason="cloud", by=house.people["officer"], today=TODAY)
    assert case.reference in shown(house, f"{list_url}?state=to_file")


def test_filing_stands_beside_today_with_differences_only(house, filing, case):
    page = shown(house, f"{filing.get_absolute_url()}today/")
    assert "Public cloud" in page and case.reference in page
    assert "Retention period" not in page


def test_small_difference_of_persons_is_called_too_small(house, filing):
    build.count(filing.covered.get().scenario.deployments.get(), 101_000, TODAY, corrects=None)
    assert "too small to be a change" in shown(house, f"{filing.get_absolute_url()}today/")


def test_unchanged_filing_says_so(house, filing):
    assert "The register says what was filed" in shown(house, f"{filing.get_absolute_url()}today/")


@pytest.mark.parametrize("where", ["filing", "scenario", "pip"])
def test_waiting_change_stands_where_people_look(house, filing, case, where):
    subject = {"filing": filing, "scenario": case.scenario, "pip": house.pip}[where]
    assert case.get_absolute_url() in shown(house, subject.get_absolute_url())


def test_accepted_filing_says_that_something_is_to_be_done(house, filing, case):
    page = shown(house, filing.get_absolute_url())
    assert "1 change since it was filed waits" in page and "Nothing to do" not in page


def test_search_finds_a_change(house, case):
    assert case.get_absolute_url() in shown(house, house.url(f"search/?q={case.reference}"))


def test_duty_leads_to_the_change_that_waits(house, case):
    duty = Obligation.objects.get(rule="frm-15-change")
    page = shown(house, duty.get_absolute_url())
    assert case.get_absolute_url() in page and "Decide on the change" in page


def test_change_is_another_tenants_secret(house, stranger, case):
    assert stranger.client("owner").get(case.get_absolute_url()).status_code == 404


def test_page_of_a_change_costs_few_queries(house, case):
    assert cost(house, case.get_absolute_url()) <= 12


def test_list_costs_the_same_however_long(house, filing, case):
    url = house.url("filings/changes/")
    few = cost(house, url)
    for number in range(5):
        twin = ChangeCase.objects.get(pk=case.pk)
        twin.pk, twin.reference, twin.is_substantial = None, f"CHG-2026-01{number:02}", True
        twin.reason, twin.decided_at = "cloud", timezone.now()
        twin.save(force_insert=True)
    assert cost(house, url) == few <= 12

"""Waivers: a named reviewer answers with a reason; the finding stays in sight, and ends when the waiver does."""

from datetime import date

import pytest
from django.forms import ValidationError

from deployments import services
from deployments.models import Deployment
from portal.audit.models import AuditEvent
from portal.clock.reconcile import reconcile
from portal.obligations.models import Obligation, Reminder, Waiver
from portal.obligations.services import waive, withdraw_waiver
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.deployments.test_pages import text_of, url

RETENTION, REASON = "frm-08-retention", "the period follows with the contract in November"


@pytest.fixture
def place(house):
    """A planned deployment that lacks nothing but a retention schedule."""
    made = build.ready_place(house.pip)
    services.edit_scenario(made.scenario, deletion_method="")
    return made


def waived(house, place, *, role="reviewer", rule=RETENTION, today=date(2026, 10, 12), **values):
    scenario = place.scenario
    values = {"reason": REASON} | values
    return waive(rule, f"scenario:{scenario.code}", about=scenario, by=house.people[role], today=today, **values)


def duty(rule=RETENTION):
    return Obligation.objects.get(rule=rule)


def test_a_waiver_opens_the_gate_and_the_duty_is_waived_not_met(house, place, today):
    with pytest.raises(CaseError, match="Art 8"):
        services.activate(place, started_on=today, today=today)
    waived(house, place)
    services.activate(place, started_on=today, today=today)
    reconcile(house.pip, today=today)
    assert (duty().state, duty().met_on) == ("waived", None)
    assert Deployment.objects.get().status == "active"
    event = AuditEvent.objects.filter(verb="finding.waive").get()
    assert event.content["new"]["reason"] == REASON


def test_a_waiver_of_a_place_holds_before_the_duty_exists(house, today):
    place = build.ready_place(house.pip)
    build.device(place)
    waive(
        "frm-13-sign", f"deployment:{place.code}", about=place, reason=REASON, by=house.people["reviewer"], today=today
    )
    services.activate(place, started_on=today, today=today)
    reconcile(house.pip, today=today)
    assert duty("frm-13-sign").state == "waived"


@pytest.mark.parametrize(
    "rule", ["frm-13-private-space", "frm-07-guardian-consent", "frm-15-initial", "cac-materials"]
)
def test_what_no_gate_lets_pass_is_not_waived(house, place, rule):
    with pytest.raises(CaseError, match="can't be waived by anybody"):
        waived(house, place, rule=rule)


def test_a_private_space_stays_open_whatever_stands_in_the_table(house, today):
    place = build.deployment(house.pip, status="suspended")
    build.device(place, space_type="toilet")
    Waiver.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        rule="frm-13-private-space",
        subject="deployment:D1",
        reason="by hand",
        waived_on=today,
        waived_by=house.people["owner"],
    )
    reconcile(house.pip, today=today)
    assert duty("frm-13-private-space").state == "open"
    with pytest.raises(CaseError, match="private space"):
        services.activate(place, started_on=today, today=today)


def test_reason_is_needed_and_an_end_that_has_passed_is_refused(house, place):
    with pytest.raises(ValidationError, match="Say why"):
        waived(house, place, reason="  ")
    with pytest.raises(ValidationError, match="This day has passed"):
        waived(house, place, ends_on=date(2026, 10, 11))


def test_nobody_waives_a_finding_on_what_he_wrote_last(house, place, today):
    with house.acting("owner"):
        services.edit_scenario(place.scenario, purpose="entry of members and guests")
    with pytest.raises(CaseError, match="You changed this last"):
        waived(house, place, role="owner")
    waived(house, place, role="reviewer")
    assert duty_is_waivable_again(house, place)


def duty_is_waivable_again(house, place):
    """Once another person wrote it, the owner may."""
    withdraw_waiver(Waiver.objects.get(ended_on__isnull=True), today=date(2026, 10, 12))
    services.edit_scenario(place.scenario, purpose="entry of members")
    return waived(house, place, role="owner").waived_by == house.people["owner"]


def test_second_click_is_the_same_waiver_and_a_second_person_is_told(house, place):
    assert waived(house, place) == waived(house, place)
    with pytest.raises(StateConflict, match="waived already"):
        waived(house, place, reason="another reason")
    assert Waiver.objects.count() == 1


def test_a_withdrawn_waiver_leaves_the_duty_open(house, place, today):
    waiver = waived(house, place)
    reconcile(house.pip, today=today)
    withdraw_waiver(waiver, today=today)
    with pytest.raises(StateConflict, match="withdrawn already"):
        withdraw_waiver(waiver, today=today)
    reconcile(house.pip, today=today)
    assert duty().state == "open"
    assert AuditEvent.objects.filter(verb="waiver.withdraw").exists()


def test_a_waiver_holds_until_its_last_day_and_may_then_be_renewed(house, place, today):
    waived(house, place, ends_on=date(2026, 10, 20))
    for day, state in ((today, "waived"), (date(2026, 10, 20), "waived"), (date(2026, 10, 21), "open")):
        reconcile(house.pip, today=day)
        assert duty().state == state
    waived(house, place, today=date(2026, 10, 22))
    reconcile(house.pip, today=date(2026, 10, 22))
    assert duty().state == "waived"
    assert list(Waiver.objects.order_by("pk").values_list("ended_on", flat=True)) == [date(2026, 10, 20), None]


def test_a_waived_duty_reminds_nobody(house, place, today):
    waived(house, place)
    reconcile(house.pip, today=today)
    assert not Reminder.objects.filter(obligation=duty(), state="planned").exists()


def test_mended_means_met_though_the_waiver_stands(house, place, today):
    waived(house, place)
    services.edit_scenario(place.scenario, deletion_method="overwritten")
    reconcile(house.pip, today=today)
    assert duty().state == "met"


# Pages


def test_reviewer_waives_from_the_list_of_gates(house, place):
    record = url(house, f"deployments/{place.pk}/")
    address = url(house, f"scenarios/{place.scenario_id}/waive/?rule={RETENTION}")
    client = house.client("reviewer")
    assert address.replace("&", "&amp;") in client.get(record).content.decode()
    form = text_of(client.get(address))
    assert "The gate opens for every deployment of this scenario." in form and "FRM Art 8" in form
    empty = client.post(address, {"rule": RETENTION, "reason": ""})
    assert empty.status_code == 422
    done = client.post(address, {"rule": RETENTION, "reason": REASON, "ends_on": "2026-12-01"}, follow=True)
    assert "The finding is waived." in text_of(done)
    assert f"Waived by Reviewer on 2026-10-12 until 2026-12-01: {REASON}" in text_of(client.get(record))
    assert text_of(house.client("auditor").get(record)).count(REASON) == 1
    assert "Put into use" in text_of(house.client("officer").get(record))


@pytest.mark.parametrize("role", ["officer", "operator", "auditor", "vendor"])
def test_those_without_the_right_waive_nothing(house, place, role):
    address = url(house, f"scenarios/{place.scenario_id}/waive/")
    assert house.client(role).get(address + f"?rule={RETENTION}").status_code == 403
    assert house.client(role).post(address, {"rule": RETENTION, "reason": REASON}).status_code == 403
    assert not Waiver.objects.exists()


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("scenarios/{scenario}/waive/", "frm-13-sign"),
        ("scenarios/{scenario}/waive/", "frm-07-children-rules"),
        ("scenarios/{scenario}/waive/", "nonsense"),
        ("deployments/{place}/waive/", RETENTION),
        ("deployments/{place}/waive/", "frm-13-private-space"),
    ],
)
def test_what_cannot_be_waived_there_has_no_page(house, place, path, rule):
    address = url(house, path.format(scenario=place.scenario_id, place=place.pk))
    assert house.client("reviewer").get(f"{address}?rule={rule}").status_code == 404


def test_owner_who_wrote_it_last_is_told_on_the_page(house, place):
    with house.acting("owner"):
        services.edit_scenario(place.scenario, purpose="entry of members and guests")
    address = url(house, f"scenarios/{place.scenario_id}/waive/")
    answer = house.client("owner").post(address, {"rule": RETENTION, "reason": REASON})
    assert answer.status_code == 409 and "Ask another person" in text_of(answer)


def test_waiver_is_withdrawn_by_its_page(house, place):
    waiver = waived(house, place)
    address = url(house, f"waivers/{waiver.pk}/withdraw/")
    assert house.client("officer").get(address).status_code == 403
    client = house.client("reviewer")
    assert REASON in text_of(client.get(address))
    assert "open again" in text_of(client.post(address, follow=True))
    assert client.post(address).status_code == 409


def test_waived_duty_stands_on_the_record_the_duty_page_and_in_the_overview(house, place, today):
    waived(house, place, ends_on=date(2026, 12, 1))
    reconcile(house.pip, today=today)
    record = house.client("officer").get(url(house, f"scenarios/{place.scenario_id}/"))
    assert [row.gate.number for row in record.context["gates"].waived] == [10]
    page = text_of(house.client("reviewer").get(house.url(f"duties/{duty().pk}/")))
    assert REASON in page and "Withdraw the waiver" in page
    assert "1 waived" in text_of(house.client("officer").get(house.url("")))


def test_duty_page_leads_to_the_waiver(house, place, today):
    reconcile(house.pip, today=today)
    address = house.url(f"duties/{duty().pk}/")
    assert f"scenarios/{place.scenario_id}/waive/?rule={RETENTION}" in (
        house.client("reviewer").get(address).content.decode()
    )
    assert "/waive/" not in house.client("officer").get(address).content.decode()
    assert "/waive/" not in house.client("auditor").get(address).content.decode()

"""The gates on the record: each with its article and a link to where it is mended; a place goes live once all pass."""

from datetime import date

import pytest
from django.urls import reverse

from deployments.facts import deployment_facts
from deployments.facts.places import facts_from, with_equipment
from deployments.gates import read_gates
from deployments.models import Alternative, CaptureArea, Deployment, Device, NoticeVersion, ProtectionControl, Vendor
from deployments.urls import urlpatterns
from portal.clock.reconcile import reconcile
from portal.law.gates import GATES
from portal.obligations.models import Obligation
from tests import build
from tests.deployments.test_pages import full_deployment, text_of, url


@pytest.fixture
def place(house):
    return build.ready_place(house.pip)


def rows_of(house, place, role="officer"):
    """The gates on the record by number, for this reader."""
    page = house.client(role).get(url(house, f"deployments/{place.pk}/"))
    return {row.gate.number: row for row in page.context["gates"].rows}


def closed(house, place):
    return [number for number, row in rows_of(house, place).items() if row.state == "open"]


def of_scenario(**values):
    def change(place):
        for name, value in values.items():
            setattr(place.scenario, name, value)
        place.scenario.save(update_fields=list(values))

    return change


def without(model, **of):
    return lambda place: model.objects.filter(**of).delete()


def superseded(place):
    NoticeVersion.objects.update(state="superseded")


def unassessed(place):
    Obligation.objects.update(state="open")


def of_place(**values):
    return lambda place: Deployment.objects.filter(pk=place.pk).update(**values)


def with_vendor(place):
    of = {"tenant": place.tenant, "pip": place.pip}
    vendor = Vendor.objects.create(**of, code="V1", name="Lane Systems")
    place.scenario.engagements.create(**of, vendor=vendor, role="entrusted")


def unproved(place):
    build.device(place, space_type="toilet", removed_on=date(2026, 2, 1))


CASES = [
    (1, of_scenario(scope=""), "FRM Art 2", "scope", ""),
    (2, of_scenario(legal_basis=""), "PIPL Art 13", "scenario_edit", "#id_legal_basis"),
    (2, of_scenario(legal_basis_reason=""), "PIPL Art 13", "scenario_edit", "#id_legal_basis_reason"),
    (3, of_scenario(rejected_ways=""), "FRM Art 4", "scenario_edit", "#id_rejected_ways"),
    (4, unassessed, "FRM Art 9", "", "/assessments/new/"),
    (5, superseded, "FRM Art 5", "notice", ""),
    (6, of_scenario(legal_basis="consent"), "FRM Art 6", "consent", ""),
    (7, of_scenario(subject_groups=["under_14"]), "FRM Art 7", "consent", ""),
    (8, without(Alternative), "FRM Art 10", "choice", ""),
    (9, of_scenario(storage_mode="public_cloud"), "FRM Art 8", "scenario_edit", "#id_storage_exception"),
    (9, of_scenario(sends_over_internet=None), "FRM Art 8", "scenario_edit", "#id_sends_over_internet"),
    (10, of_scenario(deletion_method=""), "FRM Art 8", "scenario_edit", "#id_deletion_method"),
    (11, unproved, "FRM Art 13", "", "/prove/"),
    (12, of_place(security_necessity=""), "FRM Art 13", "deployment_edit", "#id_security_necessity"),
    (12, without(CaptureArea), "FRM Art 13", "areas", ""),
    (12, lambda place: build.device(place), "FRM Art 13", "sign_new", ""),
    (13, without(ProtectionControl, family="encryption"), "FRM Art 14", "safeguards", ""),
    (14, with_vendor, "PIPL Art 21", "partners", ""),
    (15, of_scenario(cross_border=True), "PIPL Art 38", "scenario_edit", "#id_cross_border_mechanism"),
]


@pytest.mark.parametrize(
    ("number", "change", "article", "page", "anchor"), CASES, ids=[f"{case[0]}-{case[3]}{case[4]}" for case in CASES]
)
def test_unmet_gate_names_its_article_and_links_to_where_it_is_mended(
    house, place, number, change, article, page, anchor
):
    assert closed(house, place) == []
    change(place)
    row = rows_of(house, place)[number]
    assert closed(house, place) == [number]
    (point,) = [point for point in row.points if point.is_open][:1]
    assert point.cite.label.en == article and point.duty.why.en and point.duty.why.zh
    if not page:
        assert anchor in point.mend.url
        return
    if page not in {pattern.name for pattern in urlpatterns}:
        return  # offered by a page that isn't in this portal
    of = place.pk if page in ("deployment", "deployment_edit", "areas", "sign_new") else place.scenario_id
    assert point.mend.url == reverse(f"deployments:{page}", args=[house.tenant.slug, of]) + anchor
    body = house.client("officer").get(url(house, f"deployments/{place.pk}/")).content.decode()
    assert f'href="{point.mend.url}"' in body


def test_every_gate_has_its_case():
    assert {number for number, *_ in CASES} == {gate.number for gate in GATES}


def test_all_fifteen_gates_are_on_the_record_with_their_state(house, place):
    rows = rows_of(house, place)
    assert list(rows) == list(range(1, 16))
    states = {number: row.state for number, row in rows.items()}
    assert {number for number, state in states.items() if state == "not_asked"} == {6, 7, 14, 15}
    page = text_of(house.client("officer").get(url(house, f"deployments/{place.pk}/")))
    assert "Everything that the law asks before use is here" in page and "Put into use" in page
    assert "Consent isn't the basis." in page and "None stands there." in page


def test_next_step_leads_from_gate_to_gate(house, place):
    client = house.client("officer")
    of_scenario(scope="", purpose="", retention="")(place)

    def step():
        return client.get(url(house, f"deployments/{place.pk}/")).context["gates"].next.duty.rule

    assert step() == "frm-02-scope"
    of_scenario(scope="in")(place)
    assert step() == "frm-04-purpose"
    of_scenario(purpose="entry")(place)
    assert step() == "frm-08-retention"
    of_scenario(retention="24 hours")(place)
    # The notice was told something else meanwhile.
    assert step() == "frm-05-notice-change"


def test_reader_is_led_to_no_form(house, place):
    of_scenario(legal_basis="", scope="")(place)
    unassessed(place)
    rows = rows_of(house, place, "auditor")
    assert rows[2].points[0].mend is None and rows[4].points[0].mend is None
    assert rows[1].points[0].mend.url == url(house, f"scenarios/{place.scenario_id}/scope/")
    assert not any(point.waive_url for row in rows.values() for point in row.points)
    assert rows_of(house, place, "reviewer")[2].points[0].waive_url


def test_scenario_lists_its_own_gates_and_leads_to_its_first_place(house):
    scenario = build.lawful(house.pip)
    client = house.client("officer")
    page = client.get(url(house, f"scenarios/{scenario.pk}/"))
    states = {row.gate.number: row.state for row in page.context["gates"].rows}
    assert (states[4], states[11], states[12]) == ("open", "at_place", "at_place")
    assert page.context["gates"].next.duty.rule == "frm-09-pipia-before-use"
    build.assessed(scenario)
    assert "Add the first deployment" in text_of(client.get(url(house, f"scenarios/{scenario.pk}/")))
    place = build.deployment(house.pip, scenario=scenario, status="planned", started_on=None)
    body = client.get(url(house, f"scenarios/{scenario.pk}/")).content.decode()
    assert "its next place still needs" in body and url(house, f"deployments/{place.pk}/") in body


def test_place_goes_live_by_its_page_once_all_gates_pass(house, place):
    client = house.client("officer")
    address = url(house, f"deployments/{place.pk}/move/")
    told = place.scenario.retention
    of_scenario(retention="")(place)
    refused = client.post(address, {"move": "activate", "on": "2026-10-12"})
    assert refused.status_code == 409 and "FRM Art 8" in text_of(refused)
    assert "Retention schedule" in text_of(client.get(address + "?move=activate"))
    of_scenario(retention=told)(place)
    client.post(address, {"move": "activate", "on": "2026-10-12"})
    again = client.post(address, {"move": "activate", "on": "2026-10-12"})
    assert Deployment.objects.get().status == "active"
    assert again.status_code == 409


def test_gates_of_an_assessment_follow_what_reconcile_keeps(house, place, today):
    Obligation.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        rule="frm-09-pipia-again",
        subject=f"scenario:{place.scenario.code}",
        state="open",
        why_en="Changed since: purpose.",
        why_zh="此后已变更：处理目的。",
    )
    assert closed(house, place) == [4]
    assert "Changed since: purpose." in text_of(house.client("officer").get(url(house, f"deployments/{place.pk}/")))


def test_report_that_waits_for_approval_is_the_next_step(house, today):
    from assessments.models import AssessedScenario, Assessment

    place = build.ready_place(house.pip, scenario=build.lawful(house.pip))
    made = Assessment.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        reference="PIA-2026-0001",
        title="Gate",
        is_external=True,
        report=build.evidence(house.pip),
        written_by=house.people["officer"],
        **dict.fromkeys(("has_lawfulness", "has_rights_impact", "has_risks", "has_measures"), True),
    )
    AssessedScenario.objects.create(tenant=house.tenant, pip=house.pip, assessment=made, scenario=place.scenario)
    Assessment.objects.filter(pk=made.pk).update(state="submitted")
    mend = {role: rows_of(house, place, role)[4].points[0].mend for role in ("officer", "reviewer", "auditor")}
    assert mend["officer"].label == "See the report that waits for approval"
    assert mend["reviewer"].label == "Approve the impact assessment"
    assert {one.url for one in mend.values()} == {made.get_absolute_url()}


def test_record_and_reconcile_see_the_same_facts(house):
    place = full_deployment(house, number=3)
    build.device(place, "BARE")
    build.device(place, "GONE", space_type="toilet", removed_on=date(2026, 5, 1))
    place.signs.filter(code="D1-SG0").update(removed_on=date(2026, 6, 1))
    sign = place.signs.get(code="D1-SG1")
    found_on = {"inspected_on": date(2026, 9, 1), "inspected_at": "2026-09-01T02:00Z"}
    sign.inspections.create(tenant=house.tenant, pip=house.pip, result="damaged", **found_on)
    row = with_equipment(Deployment.objects.select_related("scenario", "site")).get()
    (expected,) = deployment_facts(house.pip)
    found = facts_from(row)
    for name in expected.__slots__:
        one, other = getattr(found, name), getattr(expected, name)
        if isinstance(one, tuple):
            one, other = sorted(map(repr, one)), sorted(map(repr, other))
        assert one == other, name
    assert set(found.uncovered) == {"BARE", "D1-SN0", "D1-SN1"}


def test_private_space_stands_on_every_page_of_the_site_until_it_is_proved(house, today):
    place = build.ready_place(house.pip)
    other = build.deployment(house.pip, "D2", status="suspended")
    elsewhere = build.deployment(house.pip, "D3", site=build.site(house.pip, "S2"))
    device = build.device(other, "SN9", space_type="fitting_room")
    client = house.client("auditor")
    pages = [f"sites/{place.site_id}/", f"deployments/{place.pk}/", f"deployments/{other.pk}/"]

    def warned(path):
        return "Face recognition device in a private space" in text_of(client.get(url(house, path)))

    assert all(warned(path) for path in pages)
    assert not warned(f"deployments/{elsewhere.pk}/") and not warned(f"scenarios/{place.scenario_id}/")
    edit = house.client("officer").get(url(house, f"deployments/{place.pk}/edit/"))
    assert "Face recognition device in a private space" in text_of(edit)
    Device.objects.filter(pk=device.pk).update(removed_on=today)
    assert all(warned(path) for path in pages)
    Device.objects.update(removal_proof=build.evidence(house.pip))
    assert not any(warned(path) for path in pages)


def test_next_step_at_a_site_with_a_private_space_is_the_device(house):
    place = build.ready_place(house.pip)
    other = build.deployment(house.pip, "D2", status="suspended")
    device = build.device(other, "SN9", space_type="fitting_room")
    page = house.client("officer").get(url(house, f"deployments/{place.pk}/"))
    step = page.context["gates"].next
    assert (step.duty.rule, page.context["gates"].next_tone) == ("frm-13-private-space", "bad")
    assert step.mend.url == url(house, f"devices/{device.pk}/remove/")
    reader = rows_of(house, place, "auditor")[11].points[0].mend
    assert reader.url == url(house, f"deployments/{other.pk}/")


def test_imported_use_shows_its_open_gates_as_findings(house, today):
    place = build.deployment(house.pip)
    reconcile(house.pip, today=today)
    assert 1 in closed(house, place) and 12 in closed(house, place)
    assert read_gates(place, today=today)[3].state == "open"


def test_ended_deployment_has_no_gates(house):
    place = build.deployment(house.pip, status="terminated", ended_on=date(2026, 9, 1))
    page = house.client("officer").get(url(house, f"deployments/{place.pk}/"))
    assert page.context["gates"] is None and "record the disposal" in text_of(page)

"""The life of a deployment: its moves, and the gates before it is in use."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms import ValidationError

from deployments import services
from deployments.models import Deployment, Device
from portal.audit.models import AuditEvent
from portal.tenancy.models import Pip, PipMark
from portal.workflow import CaseError, StateConflict
from tests import build


def test_new_deployment_is_planned_and_marks_its_pip(house, today):
    scenario, site = build.scenario(house.pip), build.site(house.pip)
    deployment = services.register_deployment(house.pip, code="D1", scenario=scenario, site=site)
    assert Deployment.objects.get().status == "planned"
    assert PipMark.objects.filter(pip=house.pip, touched_at__isnull=False).exists()
    event = AuditEvent.objects.filter(table_name="deployments_deployment").get()
    assert (event.verb, event.row_id) == ("deployment.register", str(deployment.pk))


def test_second_deployment_with_the_same_code_is_refused_in_words(house):
    deployment = build.deployment(house.pip)
    with pytest.raises(ValidationError, match="has a deployment with this code already"):
        services.register_deployment(
            house.pip, code=deployment.code, scenario=deployment.scenario, site=deployment.site
        )


def test_scenario_of_another_pip_is_refused(house, today):
    other = Pip.objects.create(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="Other", province="33")
    with pytest.raises(ValidationError, match="another PIP"):
        services.register_deployment(house.pip, code="D1", scenario=build.scenario(other), site=build.site(house.pip))


def test_activation_is_refused_and_names_each_article_and_what_is_missing(house, today):
    place = build.deployment(house.pip, status="planned", started_on=None)
    with pytest.raises(CaseError, match="can't be in use yet") as refused:
        services.activate(place, started_on=today, today=today)
    for article in ("FRM Art 2", "PIPL Art 13", "FRM Art 4", "FRM Art 5", "FRM Art 8", "FRM Art 9", "FRM Art 10"):
        assert f"{article}: " in str(refused.value)
    assert "processed already" not in str(refused.value)
    assert Deployment.objects.get().status == "planned"


def test_activation_is_refused_while_no_duty_was_reckoned_yet(house, today):
    place = build.ready_place(house.pip, scenario=build.lawful(house.pip))
    with pytest.raises(CaseError, match="Art 9: No PIPIA is approved"):
        services.activate(place, started_on=today, today=today)


def test_activation_in_a_public_place_needs_a_sign(house, today):
    place = build.ready_place(house.pip)
    build.device(place)
    with pytest.raises(CaseError, match="Art 13: .*No sign is recorded"):
        services.activate(place, started_on=today, today=today)
    services.post_sign(place, code="SG1", location="door", posted_on=today, today=today)
    services.activate(place, started_on=today, today=today)
    stored = Deployment.objects.get()
    assert (stored.status, stored.started_on) == ("active", today)


def test_activation_out_of_scope_needs_what_the_pipl_asks_and_no_more(house, today):
    outside = {"scope": "out_rnd", "scope_reason": "training of algorithms", "scope_decided_on": today}
    scenario = build.scenario(house.pip, **outside)
    place = build.deployment(house.pip, scenario=scenario, status="planned", started_on=None)
    with pytest.raises(CaseError, match=r"can't be in use yet\. PIPL Art 13: No legal basis is named\.$"):
        services.activate(place, started_on=today, today=today)
    services.edit_scenario(scenario, legal_basis="consent", legal_basis_reason="volunteers of the laboratory")
    services.activate(place, started_on=today, today=today)
    assert Deployment.objects.get().status == "active"


def test_activation_with_a_private_space_device_is_refused_even_out_of_scope(house, today):
    scenario = build.scenario(house.pip, scope="out_rnd", scope_reason="training of algorithms")
    place = build.deployment(house.pip, scenario=scenario, status="suspended")
    build.device(place, space_type="toilet")
    with pytest.raises(CaseError, match=r"private space: SN1"):
        services.activate(place, started_on=today, today=today)


def test_nothing_at_a_site_goes_live_while_a_device_of_another_deployment_is_in_a_private_space(house, today):
    place = build.ready_place(house.pip)
    other = build.deployment(house.pip, "D2", scenario=build.scenario(house.pip, "OTHER"), status="suspended")
    device = build.device(other, "SN9", space_type="changing_room")
    with pytest.raises(CaseError, match="SN9"):
        services.activate(place, started_on=today, today=today)
    Device.objects.filter(pk=device.pk).update(removed_on=today)
    with pytest.raises(CaseError, match="no proof of it is kept: SN9"):
        services.activate(place, started_on=today, today=today)
    Device.objects.filter(pk=device.pk).update(removal_proof=build.evidence(house.pip))
    services.activate(place, started_on=today, today=today)
    assert Deployment.objects.get(pk=place.pk).status == "active"


def test_taking_up_again_keeps_the_first_day_of_use(house, today):
    place = build.ready_place(house.pip, status="suspended", started_on=date(2026, 1, 5))
    services.activate(place, started_on=today, today=today)
    assert Deployment.objects.get().started_on == date(2026, 1, 5)


def test_moving_an_active_deployment_to_a_scenario_without_assessment_is_refused(house, today):
    place = build.deployment(house.pip)
    bare = build.scenario(house.pip, "BARE")
    with pytest.raises(CaseError, match="No PIPIA is approved"):
        services.edit_deployment(place, scenario=bare)
    assert Deployment.objects.get().scenario.code == "GATE"


def test_device_in_a_private_space_stops_its_deployment(house, today):
    place = build.deployment(house.pip)
    services.add_device(place, serial="SN9", space_type="changing_room", today=today)
    assert place.status == Deployment.objects.get().status == "suspended"
    assert Device.objects.get().space_type == "changing_room"


def test_device_moved_into_a_private_space_stops_its_deployment(house, today):
    device = build.device(build.deployment(house.pip), space_type="gate")
    services.edit_device(device, space_type="hotel_room", today=today)
    assert Deployment.objects.get().status == "suspended"


def test_removed_private_space_device_stops_nothing(house, today):
    place = build.deployment(house.pip)
    services.add_device(place, serial="SN9", space_type="toilet", removed_on=today, today=today)
    assert Deployment.objects.get().status == "active"


def test_database_refuses_active_with_a_private_space_device(house):
    place = build.deployment(house.pip, status="suspended")
    build.device(place, space_type="toilet")
    with pytest.raises(IntegrityError, match="private space"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deployments_deployment SET status = 'active' WHERE id = %s", [place.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_termination_needs_a_day_that_has_come(house, today):
    place = build.deployment(house.pip)
    with pytest.raises(ValidationError, match="lies in the future"):
        services.terminate(place, ended_on=date(2026, 10, 13), today=today)
    services.terminate(place, ended_on=today, today=today)
    assert Deployment.objects.get().ended_on == today


def test_termination_before_the_start_is_refused(house, today):
    with pytest.raises(ValidationError, match="before the start"):
        services.terminate(build.deployment(house.pip), ended_on=date(2025, 12, 31), today=today)


def test_only_an_ended_deployment_is_disposed_of(house, today):
    place = build.deployment(house.pip)
    with pytest.raises(StateConflict):
        services.dispose(place, disposed_on=today, today=today)
    services.terminate(place, ended_on=today, today=today)
    services.dispose(place, disposed_on=today, today=today)
    assert Deployment.objects.get().disposed_on == today


def test_of_two_who_end_a_deployment_the_second_is_told(house, today):
    first = build.deployment(house.pip)
    second = Deployment.objects.get()
    services.terminate(first, ended_on=today, today=today)
    with pytest.raises(StateConflict, match="Reload"):
        services.terminate(second, ended_on=date(2026, 10, 1), today=today)
    assert Deployment.objects.get().ended_on == today


def test_edit_writes_only_what_differs(house):
    site = build.site(house.pip)
    before = AuditEvent.objects.count()
    assert services.edit_site(site, name=site.name, city="北京") == ["city"]
    event = AuditEvent.objects.first()
    assert AuditEvent.objects.count() == before + 1
    assert [name for name, _, _ in event.changes] == ["city"]
    assert services.edit_site(site, name=site.name, city="北京") == []


def test_capture_area_of_another_deployment_is_refused(house, today):
    here, there = build.deployment(house.pip), build.deployment(house.pip, "D2")
    with pytest.raises(ValidationError, match="another deployment"):
        services.add_device(here, serial="SN1", capture_area=build.area(there), today=today)

"""The doors of a change: form, service and vendor file each open one case; the trail says which door it was."""

from io import BytesIO
from typing import Any

import pytest
from django.forms import CheckboxInput
from django.test import Client

from deployments import services as register
from deployments.models import Alternative, ConsentMechanism, Deployment, Device, Engagement, Scenario, Vendor
from deployments.services.consent import edit_consent
from filings.models import ChangeCase
from portal.audit.models import AuditEvent
from portal.imports.direct import access_of, import_now
from portal.tenancy.models import Pip
from tests import build
from tests.filings import changes
from tests.filings.changes import TODAY
from tests.imports.files import table


@pytest.fixture
def scenario(house) -> Scenario:
    return changes.accepted(house).covered.get().scenario


def post(client: Client, url: str, **changed: Any) -> None:
    """Send the form of a page as it was shown, with some fields changed."""
    form = client.get(url).context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, [])}
    for bound in form:
        if bound.value() is False and isinstance(bound.field.widget, CheckboxInput):
            del data[bound.html_name]
    response = client.post(url, data | changed)
    assert response.status_code == 302, response.context["form"].errors


# The page of the register, the fields changed in its form, and the item.
FORMS = [
    ("register/pips/{pip.uscc}/edit/", {"name": "新名称有限公司"}, "identity"),
    ("register/pips/{pip.uscc}/edit/", {"province": "31"}, "province"),
    ("register/pips/{pip.uscc}/edit/", {"legal_representative": "赵六"}, "representative"),
    ("register/pips/{pip.uscc}/edit/", {"officer_name": "赵六"}, "officer"),
    ("register/pips/{pip.uscc}/edit/", {"agent_name": "赵六"}, "contact"),
    ("register/scenarios/{scenario.pk}/edit/", {"purpose": "营销分析"}, "purpose"),
    ("register/scenarios/{scenario.pk}/edit/", {"function": "identify"}, "method"),
    ("register/scenarios/{scenario.pk}/edit/", {"subject_groups": ["passengers", "under_14"]}, "subjects"),
    ("register/scenarios/{scenario.pk}/edit/", {"storage_mode": "public_cloud"}, "storage"),
    ("register/scenarios/{scenario.pk}/edit/", {"retention": "30 days"}, "retention"),
    ("register/scenarios/{scenario.pk}/edit/", {"cross_border": "on", "cross_border_recipient": "HQ Ltd"}, "overseas"),
    ("register/scenarios/{scenario.pk}/edit/", {"deletion_method": "shredded"}, "rules"),
    ("register/scenarios/{scenario.pk}/safeguards/encryption/", {"state": "partial"}, "protection"),
    ("register/alternatives/{alternative.pk}/edit/", {"description": "a member of staff"}, "rules"),
    ("register/engagements/{engagement.pk}/edit/", {"purpose": "analysis"}, "vendors"),
    ("register/vendors/{vendor.pk}/edit/", {"is_overseas": "on"}, "vendors"),
    ("register/devices/{device.pk}/edit/", {"model": "F2"}, "equipment"),
    ("register/sites/{site.pk}/edit/", {"place_type": "internal"}, "places"),
    ("register/scenarios/{scenario.pk}/counts/new/", {"counted_on": "2026-10-12", "persons": "150000"}, "persons"),
]


@pytest.mark.parametrize(("path", "changed", "item"), FORMS)
def test_form_opens_one_case(house, scenario, path, changed, item):
    place = Deployment.objects.get()
    rows = {
        "pip": house.pip,
        "scenario": scenario,
        "alternative": Alternative.objects.get(),
        "engagement": Engagement.objects.get(),
        "vendor": Vendor.objects.get(),
        "device": Device.objects.get(),
        "site": place.site,
    }
    post(house.client("owner"), house.url(path.format(**rows)), **changed)
    with house.acting("officer"):
        assert [found for found, _weight in changes.noticed(house.pip)] == [item]
        case = ChangeCase.objects.get()
        assert AuditEvent.objects.get(pk=case.event).actor == f"user:{house.people['owner'].pk}"


def end_way(_pip: Pip, _scenario: Scenario) -> None:
    register.end_alternative(Alternative.objects.get(), ended_on=TODAY, today=TODAY)


def ask_otherwise(_pip: Pip, _scenario: Scenario) -> None:
    asked = {"kinds": ["click"], "withdrawal_path": "at the counter"}
    edit_consent(ConsentMechanism.objects.get(), files={}, by=None, today=TODAY, **asked)


def end_part(_pip: Pip, _scenario: Scenario) -> None:
    register.end_engagement(Engagement.objects.get(), ended_on=TODAY, today=TODAY)


def end_use(_pip: Pip, _scenario: Scenario) -> None:
    register.terminate(Deployment.objects.get(), ended_on=TODAY, today=TODAY)


SERVICES = [
    ("identity", lambda pip, _scenario: register.edit_pip(pip, name="新名称有限公司")),
    ("officer", lambda pip, _scenario: register.edit_pip(pip, officer_name="赵六")),
    ("purpose", lambda _pip, scenario: register.edit_scenario(scenario, purpose="营销分析")),
    ("storage", lambda _pip, scenario: register.edit_scenario(scenario, storage_mode="vendor")),
    ("protection", lambda _pip, scenario: register.link_mlps(scenario, mlps=None)),
    ("rules", end_way),
    ("rules", ask_otherwise),
    ("vendors", end_part),
    ("scenario", end_use),
]


@pytest.mark.parametrize(("item", "act"), SERVICES)
def test_service_opens_one_case(house, scenario, item, act):
    act(house.pip, scenario)
    assert [found for found, _weight in changes.noticed(house.pip)] == [item]


PLACE = {
    "deployment_code": "PEK-1",
    "pip_uscc": build.USCC,
    "scenario_code": "BOARDING",
    "site_code": "PEK",
    "site_name": "首都机场",
    "province": "北京市",
    "status": "使用中",
    "started_on": "2026-01-05",
}
DEVICE = {
    "device_serial": "SN1",
    "pip_uscc": build.USCC,
    "deployment_code": "PEK-1",
    "maker": "示例视觉",
    "model": "F1",
    "capture_area": "安检通道 1",
    "space_type": "闸机",
    "installed_on": "2026-01-05",
}
COUNT = {
    "pip_uscc": build.USCC,
    "scenario_code": "BOARDING",
    "deployment_code": "PEK-1",
    "counted_on": "2026-10-12",
    "persons": "150000",
    "dedup_method": "按证件号去重",
}
FILES = [
    (PLACE | {"province": "上海市"}, "places"),
    (PLACE | {"status": "已终止", "ended_on": "2026-10-12"}, "scenario"),
    (DEVICE | {"model": "F2"}, "equipment"),
    (COUNT, "persons"),
]


@pytest.mark.parametrize(("row", "item"), FILES, ids=[item for _row, item in FILES])
def test_vendor_file_opens_one_case(house, scenario, settings, tmp_path, row, item):
    settings.UPLOAD_ROOT = tmp_path
    user = house.people["officer"]
    batch = import_now(
        house.tenant,
        user,
        BytesIO(table(row).encode()),
        "file.csv",
        access=access_of(house.tenant, user),
        applies=True,
    )
    assert (batch.new + batch.changed, batch.errors) == (1, 0)
    with house.acting("officer"):
        assert [found for found, _weight in changes.noticed(house.pip)] == [item]

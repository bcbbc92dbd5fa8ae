"""Vendors, their parts in scenarios, contracts, supervision, and the end (PIPL Arts 20, 21, 23)."""

from datetime import date

import pytest

from deployments import services, standing
from deployments.models import Engagement, Scenario, Supervision, Vendor
from deployments.versions import version_of
from portal.audit.models import AuditEvent
from portal.tenancy.models import Pip
from portal.workflow import CaseError
from tests import build
from tests.deployments import registers
from tests.deployments.test_pages import text_of, url

TODAY = date(2026, 10, 12)
SIGNED = date(2026, 1, 5)
USCC = "91440101MA5CFRB29Q"


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def gate(house) -> Scenario:
    return build.deployment(house.pip).scenario


def tab(house, scenario, role="officer"):
    return house.client(role).get(url(house, f"scenarios/{scenario.pk}/vendors/"))


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"role": "entrusted"}, "no_contract"),
        ({"role": "supplier"}, "no_access"),
        ({"role": "joint", "contract_on": SIGNED}, "in_force"),
        ({"role": "entrusted", "contract_on": SIGNED, "contract_ends_on": TODAY}, "in_force"),
        ({"role": "entrusted", "contract_on": SIGNED, "contract_ends_on": date(2026, 10, 11)}, "expired"),
        ({"role": "entrusted", "contract_on": SIGNED, "ended_on": TODAY}, "to_return"),
        ({"role": "recipient", "contract_on": SIGNED, "ended_on": TODAY}, "ended"),
        ({"role": "entrusted", "contract_on": SIGNED, "ended_on": TODAY, "returned_on": TODAY}, "ended"),
    ],
)
def test_part_stands_as_its_contract_and_its_end_say(fields, state):
    assert standing.of_engagement(Engagement(**fields), TODAY) == state


# The register of vendors


def test_vendor_is_added_from_a_scenario_and_leads_back_to_its_part(house, gate):
    answer = house.client("officer").post(
        url(house, f"vendors/new/?pip={house.pip.uscc}&scenario={gate.pk}"),
        {"code": "HIK 1", "name": "海康", "uscc": USCC.lower()},
    )
    assert answer.url == url(house, f"scenarios/{gate.pk}/vendors/new/?vendor=HIK+1")
    assert Vendor.objects.get().uscc == USCC
    assert 'value="HIK 1"' in house.client("officer").get(answer.url).content.decode()


def test_wrong_credit_code_is_refused_at_its_field_and_an_empty_one_is_taken(house):
    client = house.client("officer")
    wrong = client.post(url(house, "vendors/new/"), {"code": "A", "name": "A", "uscc": USCC[:-1] + "A"})
    assert wrong.status_code == 422 and "should be Q" in text_of(wrong)
    assert client.post(url(house, "vendors/new/"), {"code": "A", "name": "A", "uscc": ""}).status_code == 302


@pytest.mark.parametrize("values", [{"name": "海康", "uscc": ""}, {"name": "Hikvision", "uscc": USCC}])
def test_vendor_that_looks_the_same_is_asked_about_first(house, values):
    registers.vendor(house.pip, name="海康", uscc=USCC)
    client = house.client("officer")
    asked = client.post(url(house, "vendors/new/"), {"code": "HIK2"} | values)
    assert asked.status_code == 422 and "HIK 海康 with the same name or credit code" in text_of(asked)
    assert Vendor.objects.count() == 1
    sure = client.post(url(house, "vendors/new/"), {"code": "HIK2", "is_another": "on"} | values)
    assert sure.status_code == 302
    assert "Perhaps the same organisation" in text_of(client.get(sure.url))


def test_vendor_of_another_pip_may_have_the_same_name(house):
    other = Pip.objects.create(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="Other", province="33")
    registers.vendor(other, name="海康", uscc=USCC)
    answer = house.client("officer").post(
        url(house, f"vendors/new/?pip={house.pip.uscc}"), {"code": "HIK", "name": "海康", "uscc": USCC}
    )
    assert answer.status_code == 302


def test_second_click_on_add_leads_to_the_first_ones_vendor(house):
    client, values = house.client("officer"), {"code": "HIK", "name": "海康", "uscc": ""}
    client.post(url(house, "vendors/new/"), values)
    again = client.post(url(house, "vendors/new/"), values | {"is_another": "on"})
    assert again.status_code == 422 and url(house, f"vendors/{Vendor.objects.get().pk}/") in again.content.decode()


def test_stale_tab_overwrites_no_vendor(house):
    row = registers.vendor(house.pip, name="Old")
    version = version_of(row)
    Vendor.objects.update(name="Theirs")
    answer = house.client("officer").post(
        url(house, f"vendors/{row.pk}/edit/"), {"code": "HIK", "name": "Mine", "version": version}
    )
    assert answer.status_code == 409 and "Theirs" in text_of(answer)
    assert Vendor.objects.get().name == "Theirs"


def test_list_is_filtered_and_exported(house):
    registers.vendor(house.pip, "HIK")
    registers.vendor(house.pip, "ACME", is_overseas=True)
    client = house.client("auditor")
    assert [row["code"] for row in client.get(url(house, "vendors/?overseas=on")).context["rows"]] == ["ACME"]
    assert [row["code"] for row in client.get(url(house, "vendors/?q=hik")).context["rows"]] == ["HIK"]
    lines = b"".join(client.get(url(house, "vendors/?format=csv")).streaming_content).decode("utf-8-sig")
    assert lines.splitlines()[0] == "pip_uscc,vendor_code,name,uscc,contact,is_overseas,note"
    assert url(house, "vendors/") in client.get(house.url("")).content.decode()


# Parts


def test_part_is_added_with_its_contract(house, gate):
    registers.vendor(house.pip)
    answer = house.client("operator").post(
        url(house, f"scenarios/{gate.pk}/vendors/new/"),
        {
            "vendor": "HIK",
            "role": "entrusted",
            "purpose": "runs the recognition service",
            "contract_number": "HT-1",
            "contract_on": "2026-01-05",
            "contract_ends_on": "2027-01-04",
            "contract": registers.pdf("contract.pdf"),
        },
    )
    assert answer.status_code == 302, text_of(answer)
    part = Engagement.objects.get()
    assert (part.contract.name, part.contract_number) == ("contract.pdf", "HT-1")
    page = text_of(tab(house, gate))
    assert "in force" in page and "HT-1" in page


def test_second_click_leads_to_the_part_that_is_there(house, gate):
    registers.vendor(house.pip)
    client, address = house.client("operator"), url(house, f"scenarios/{gate.pk}/vendors/new/")
    values = {"vendor": "HIK", "role": "entrusted"}
    client.post(address, values)
    again = client.post(address, values)
    assert again.status_code == 422 and "has this role in the scenario already" in text_of(again)
    assert url(house, f"engagements/{Engagement.objects.get().pk}/") in again.content.decode()


def test_vendor_of_another_pip_is_not_offered(house, gate):
    other = Pip.objects.create(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="Other", province="33")
    registers.vendor(other, "FOREIGN")
    answer = house.client("officer").post(
        url(house, f"scenarios/{gate.pk}/vendors/new/"), {"vendor": "FOREIGN", "role": "entrusted"}
    )
    assert answer.status_code == 422 and not Engagement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "No contract: Vendor HIK"),
        ({"contract_on": SIGNED, "contract_ends_on": date(2026, 9, 30)}, "The contract has run out: Vendor HIK"),
        ({"contract_on": SIGNED, "ended_on": date(2026, 9, 30)}, "Return or deletion is not proved: Vendor HIK"),
        ({"contract_on": SIGNED}, "Never supervised: Vendor HIK"),
    ],
)
def test_what_a_part_lacks_is_a_red_finding_with_its_article(house, gate, fields, said):
    registers.engagement(gate, registers.vendor(house.pip), **fields)
    page = tab(house, gate)
    assert said in text_of(page) and "PIPL Art 21" in text_of(page)
    assert "notice bad" in page.content.decode()


def test_overseas_vendor_points_to_the_fields_on_transfer_abroad(house, gate):
    part = registers.engagement(gate, registers.vendor(house.pip, is_overseas=True), contract_on=SIGNED)
    page = tab(house, gate)
    assert "Outside mainland China: Vendor HIK" in text_of(page)
    assert url(house, f"scenarios/{gate.pk}/edit/#id_cross_border") in page.content.decode()
    Scenario.objects.update(cross_border=True)
    assert "Transfer abroad without a mechanism" in text_of(tab(house, gate))
    Engagement.objects.filter(pk=part.pk).update(role="supplier")
    Scenario.objects.update(cross_border=False)
    assert "Outside mainland China: Vendor" not in text_of(tab(house, gate))


def test_supervision_is_logged_and_a_second_click_logs_nothing(house, gate):
    part = registers.engagement(gate, registers.vendor(house.pip), contract_on=SIGNED)
    client, address = house.client("operator"), url(house, f"engagements/{part.pk}/supervision/")
    values = {"done_on": "2026-10-01", "is_in_order": "no", "finding": "two old accounts", "version": "none"}
    assert client.post(address, values | {"proof": registers.pdf()}).status_code == 302
    again = client.post(address, values | {"proof": registers.pdf()})
    assert again.status_code == 409 and "Choose this file again" in text_of(again)
    log = Supervision.objects.get()
    assert (log.is_in_order, log.evidence.name, log.done_by) == (False, "proof.pdf", house.people["operator"])
    page = text_of(client.get(url(house, f"engagements/{part.pk}/")))
    assert "not in order" in page and "two old accounts" in page


def test_end_of_a_part_asks_for_the_proof_of_return(house, gate):
    part = registers.engagement(gate, registers.vendor(house.pip), contract_on=SIGNED)
    client = house.client("officer")
    early = client.post(
        url(house, f"engagements/{part.pk}/end/"), {"ended_on": "2025-12-31", "version": version_of(part)}
    )
    assert early.status_code == 422 and "before the contract" in text_of(early)
    client.post(url(house, f"engagements/{part.pk}/end/"), {"ended_on": "2026-10-01", "version": version_of(part)})
    record = client.get(url(house, f"engagements/{part.pk}/"))
    assert "return not proved" in text_of(record)
    address = url(house, f"engagements/{part.pk}/returned/")
    values = {"returned_on": "2026-10-10", "version": version_of(Engagement.objects.get())}
    bare = client.post(address, values)
    assert bare.status_code == 422 and "id_proof" in bare.content.decode()
    assert client.post(address, values | {"proof": registers.pdf("deleted.pdf")}).status_code == 302
    part.refresh_from_db()
    assert (part.returned_on, part.return_proof.name) == (date(2026, 10, 10), "deleted.pdf")
    assert standing.of_engagement(part, TODAY) == "ended"
    assert AuditEvent.objects.filter(verb="engagement.return").exists()


def test_end_and_return_happen_once(house, gate):
    part = registers.engagement(gate, registers.vendor(house.pip), contract_on=SIGNED)
    with pytest.raises(CaseError, match="still runs"):
        services.note_return(part, returned_on=TODAY, proof=registers.pdf(), by=None, today=TODAY)
    first, second = Engagement.objects.get(), Engagement.objects.get()
    services.end_engagement(first, ended_on=TODAY, today=TODAY)
    with pytest.raises(CaseError, match="ended on 2026-10-12 already"):
        services.end_engagement(second, ended_on=TODAY, today=TODAY)
    services.note_return(second, returned_on=TODAY, proof=registers.pdf(), by=None, today=TODAY)
    with pytest.raises(CaseError, match="proved already"):
        services.note_return(first, returned_on=TODAY, proof=registers.pdf(), by=None, today=TODAY)


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_sees_vendors_and_parts_without_controls(house, gate, role):
    vendor = registers.vendor(house.pip)
    part = registers.engagement(gate, vendor)
    client = house.client(role)
    for path in (f"scenarios/{gate.pk}/vendors/", f"engagements/{part.pk}/", f"vendors/{vendor.pk}/", "vendors/"):
        page = client.get(url(house, path))
        assert page.status_code == 200 and "Vendor HIK" in text_of(page)
        for control in ("/edit/", "/new/", "/end/", "/supervision/", "/returned/"):
            assert control not in page.content.decode(), (path, control)
    assert client.post(url(house, f"engagements/{part.pk}/end/"), {"ended_on": "2026-10-01"}).status_code == 403

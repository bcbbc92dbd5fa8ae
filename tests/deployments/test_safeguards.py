"""The five families of protection and the MLPS system of a scenario (FRM Art 14)."""

from datetime import date

import pytest

from deployments import services, standing
from deployments.models import MlpsSystem, ProtectionControl, Scenario
from deployments.versions import version_of
from portal.evidence.models import Evidence
from portal.evidence.services import keep
from portal.law.enums import CONTROL_FAMILIES
from portal.law.identifiers import mlps_number_warning
from portal.tenancy.models import Pip
from portal.workflow import CaseError
from tests import build
from tests.deployments import registers
from tests.deployments.test_pages import text_of, url

TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def gate(house) -> Scenario:
    return build.deployment(house.pip).scenario


def tab(house, scenario, role="officer"):
    return house.client(role).get(url(house, f"scenarios/{scenario.pk}/safeguards/"))


def kept(house):
    """A file that is kept already."""
    return keep(registers.pdf(), pip=house.pip, by=None)


def test_control_stands_as_its_state_its_proof_and_its_review_say(house, gate):
    proof = kept(house)
    cases = [
        ({"state": "missing"}, "missing"),
        ({"state": "partial"}, "partial"),
        ({"state": "in_place"}, "unproved"),
        ({"state": "in_place", "evidence": proof}, "in_place"),
        ({"state": "in_place", "evidence": proof, "review_on": date(2026, 10, 11)}, "review_due"),
        ({"state": "in_place", "evidence": proof, "review_on": TODAY}, "in_place"),
    ]
    assert standing.of_control(None, TODAY) == "missing"
    for values, state in cases:
        assert standing.of_control(ProtectionControl(measure="x", **values), TODAY) == state, values


def test_tab_shows_all_five_families_and_what_is_missing(house, gate):
    registers.control(gate, "encryption", evidence=kept(house))
    page = tab(house, gate)
    for words in CONTROL_FAMILIES.values():
        assert words.en in text_of(page)
    assert "Not yet in place and proved: Security audit" in text_of(page)
    assert "notice bad" in page.content.decode() and "FRM Art 14" in text_of(page)


def test_all_in_place_and_proved_leaves_nothing_to_mend(house, gate):
    for family in CONTROL_FAMILIES:
        registers.control(gate, family, evidence=kept(house), review_on=date(2027, 1, 1))
    assert tab(house, gate).context["findings"] == []


def test_what_was_never_reviewed_is_told_as_the_portals_own_question(house, gate):
    registers.control(gate, "encryption", evidence=kept(house))
    page = text_of(tab(house, gate))
    assert "Never reviewed: Data encryption" in page and "Portal default: protection measures" in page


def test_families_are_stated_one_after_the_other(house, gate):
    client = house.client("officer")
    address = url(house, f"scenarios/{gate.pk}/safeguards/encryption/")
    assert "Save, then Security audit" in text_of(client.get(address))
    answer = client.post(
        address,
        {"state": "in_place", "measure": "AES-256", "owner": "IT", "proof": registers.pdf(), "go_on": "1"},
    )
    assert answer.status_code == 302 and answer.url.endswith("/safeguards/security_audit/")
    control = ProtectionControl.objects.get()
    assert (control.family, control.owner, control.evidence.name) == ("encryption", "IT", "proof.pdf")
    last = client.get(url(house, f"scenarios/{gate.pk}/safeguards/intrusion/"))
    assert "Save, then" not in text_of(last)


def test_unknown_family_is_not_found(house, gate):
    client = house.client("officer")
    assert client.get(url(house, f"scenarios/{gate.pk}/safeguards/magic/")).status_code == 404
    assert client.post(url(house, f"scenarios/{gate.pk}/safeguards/magic/reviewed/")).status_code == 404


def test_in_place_says_what_is_done(house, gate):
    answer = house.client("officer").post(
        url(house, f"scenarios/{gate.pk}/safeguards/encryption/"), {"state": "in_place", "measure": ""}
    )
    assert answer.status_code == 422 and "Say what is done" in text_of(answer)


def test_next_review_is_a_year_later_unless_another_day_is_set(house, gate):
    values = {"state": "in_place", "measure": "AES-256", "owner": ""}
    made = services.set_control(
        gate, "encryption", by=None, today=TODAY, reviewed_on=date(2024, 2, 29), review_on=None, **values
    )
    assert made.review_on == date(2025, 2, 28)
    own = services.set_control(
        gate, "intrusion", by=None, today=TODAY, reviewed_on=TODAY, review_on=date(2026, 12, 1), **values
    )
    assert own.review_on == date(2026, 12, 1)


def test_reviewed_today_is_one_press_and_a_second_press_changes_nothing(house, gate):
    registers.control(gate, review_on=date(2026, 1, 1), evidence=kept(house))
    client, address = house.client("operator"), url(house, f"scenarios/{gate.pk}/safeguards/encryption/reviewed/")
    assert "Review the protection: Data encryption" in text_of(tab(house, gate))
    for _ in range(2):
        assert client.post(address).status_code == 302
    control = ProtectionControl.objects.get()
    assert (control.reviewed_on, control.review_on) == (TODAY, date(2027, 10, 12))
    assert client.get(address).status_code == 302


def test_nothing_in_place_is_nothing_to_review(house, gate):
    with pytest.raises(CaseError, match="State first what is done"):
        services.review_control(gate, "encryption", today=TODAY)
    registers.control(gate, state="missing", measure="")
    with pytest.raises(CaseError, match="State first what is done"):
        services.review_control(gate, "encryption", today=TODAY)


def test_stale_tab_overwrites_no_family(house, gate):
    """Two people open the empty page; the second is shown what the first wrote."""
    client, address = house.client("officer"), url(house, f"scenarios/{gate.pk}/safeguards/encryption/")
    first = {"state": "partial", "measure": "theirs"}
    assert client.post(address, first).status_code == 302
    second = client.post(address, {"state": "in_place", "measure": "mine"})
    assert second.status_code == 409 and "theirs" in text_of(second)
    assert ProtectionControl.objects.get().measure == "theirs"
    version = version_of(ProtectionControl.objects.get())
    assert client.post(address, {"state": "in_place", "measure": "mine", "version": version}).status_code == 302
    assert ProtectionControl.objects.get().measure == "mine"


def test_new_proof_stands_beside_the_former_one(house, gate):
    registers.control(gate, evidence=kept(house))
    control = ProtectionControl.objects.get()
    page = house.client("officer").get(url(house, f"scenarios/{gate.pk}/safeguards/encryption/"))
    assert "Kept now: proof.pdf" in text_of(page)
    services.set_control(
        gate,
        "encryption",
        by=None,
        today=TODAY,
        proof=registers.pdf("newer.pdf"),
        state="in_place",
        measure="AES-256",
    )
    assert ProtectionControl.objects.get().evidence.name == "newer.pdf"
    assert Evidence.objects.filter(pk=control.evidence_id).exists()


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_sees_the_table_without_controls(house, gate, role):
    registers.control(gate, evidence=kept(house))
    Scenario.objects.update(mlps=registers.mlps(house.pip, level=2))
    page = tab(house, gate, role)
    body = page.content.decode()
    assert "AES-256" in body and "Recognition platform" in body
    for control in ("/reviewed/", "/safeguards/encryption/", "/safeguards/mlps/", "/edit/"):
        assert control not in body, control
    client = house.client(role)
    assert client.post(url(house, f"scenarios/{gate.pk}/safeguards/encryption/reviewed/")).status_code == 403


# MLPS


def test_first_system_is_added_from_the_scenario_and_linked_to_it(house, gate):
    client = house.client("officer")
    answer = client.get(url(house, f"scenarios/{gate.pk}/safeguards/mlps/"))
    assert answer.url == url(house, f"pips/{house.pip.uscc}/mlps/new/?scenario={gate.pk}")
    page = client.post(answer.url, {"name": "Platform", "level": "3", "record_number": "京公网安1号"}, follow=True)
    assert "as a rule" in text_of(page)  # the hint on the record number, which is kept all the same
    system = MlpsSystem.objects.get()
    assert system.record_number == "京公网安1号" and Scenario.objects.get().mlps == system
    assert "京公网安1号" in text_of(page)


def test_system_of_another_pip_is_not_offered(house, gate):
    other = Pip.objects.create(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="Other", province="33")
    registers.mlps(house.pip)
    foreign = registers.mlps(other, "Foreign")
    client, address = house.client("officer"), url(house, f"scenarios/{gate.pk}/safeguards/mlps/")
    assert "Foreign" not in client.get(address).content.decode()
    answer = client.post(address, {"mlps": foreign.pk, "version": version_of(Scenario.objects.get())})
    assert answer.status_code == 422


def test_level_below_3_meets_a_recommendation_that_says_it_is_none_of_law(house, gate):
    Scenario.objects.update(mlps=registers.mlps(house.pip, level=2))
    page = text_of(tab(house, gate))
    assert "Level 3 is recommended" in page and "Recommended standard" in page and "not law" in page
    MlpsSystem.objects.update(level=3)
    assert "Level 3 is recommended" not in text_of(tab(house, gate))


def test_operator_of_cii_is_told_of_its_own_duties(house, gate):
    assert "Critical information infrastructure" not in text_of(tab(house, gate))
    Pip.objects.update(is_cii=True)
    assert "Critical information infrastructure" in text_of(tab(house, gate))


@pytest.mark.parametrize(
    ("number", "is_usual"),
    [("", True), ("11010213001-00001", True), ("1101021300100001", True), ("京公网安1号", False), ("123", False)],
)
def test_record_number_of_another_form_is_a_hint(number, is_usual):
    assert (mlps_number_warning(number) is None) == is_usual

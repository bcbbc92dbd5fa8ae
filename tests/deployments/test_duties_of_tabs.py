"""What is recorded on the tabs meets the duties of the law by the next page: nothing told them of it."""

from datetime import date

import pytest

from deployments.models import ProtectionControl, Scenario
from deployments.versions import version_of
from portal.law.enums import CONDUCT_QUESTIONS, CONTROL_FAMILIES
from portal.obligations.models import Obligation
from tests import build
from tests.deployments import registers
from tests.deployments.test_pages import url


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def gate(house) -> Scenario:
    return build.deployment(house.pip).scenario


def state(rule: str) -> str:
    return Obligation.objects.get(rule=rule).state


def test_way_and_its_check_meet_their_duties(house, gate):
    client = house.client("operator")
    client.post(
        url(house, f"scenarios/{gate.pk}/choice/new/"),
        {"kind": "fingerprint", "description": "reader", "version": "none"},
    )
    assert state("frm-10-alternative") == "open"
    first = gate.alternatives.get()
    client.post(
        url(house, f"scenarios/{gate.pk}/choice/new/"),
        {"kind": "lane", "description": "staffed lane", "version": str(first.pk)},
    )
    assert state("frm-10-alternative") == "met"
    second = gate.alternatives.exclude(pk=first.pk).get()
    values = {"is_offered": "no", "note": "closed", "checked_on": "2026-10-12", "version": "none"}
    client.post(url(house, f"alternatives/{second.pk}/check/"), values)
    assert state("frm-10-alternative") == "open"


def test_self_check_meets_its_duty_unless_it_finds_something(house, gate):
    client, address = house.client("officer"), url(house, f"scenarios/{gate.pk}/choice/conduct/")
    clean = dict.fromkeys(CONDUCT_QUESTIONS, "no") | {"checked_on": "2026-10-12"}
    client.post(address, clean | {"hidden": "yes", "note": "moved", "version": "none"})
    assert state("frm-12-no-coercion") == "open"
    client.post(address, clean | {"version": str(gate.conduct_checks.get().pk)})
    assert state("frm-12-no-coercion") == "met"


def test_five_families_with_their_proofs_meet_article_14(house, gate):
    client = house.client("officer")
    for family in CONTROL_FAMILIES:
        assert not Obligation.objects.filter(rule="frm-14-protection", state="met").exists()
        client.post(
            url(house, f"scenarios/{gate.pk}/safeguards/{family}/"),
            {"state": "in_place", "measure": "done", "reviewed_on": "2026-10-01", "proof": registers.pdf()},
        )
    assert state("frm-14-protection") == "met"
    assert set(ProtectionControl.objects.values_list("review_on", flat=True)) == {date(2027, 10, 1)}


def test_contract_and_supervision_meet_the_duty_and_the_end_opens_another(house, gate):
    registers.vendor(house.pip)
    client = house.client("officer")
    client.post(
        url(house, f"scenarios/{gate.pk}/vendors/new/"),
        {"vendor": "HIK", "role": "entrusted", "contract_on": "2026-01-05"},
    )
    assert state("pipl-21-contracts") == "open"
    part = gate.engagements.get()
    client.post(
        url(house, f"engagements/{part.pk}/supervision/"),
        {"done_on": "2026-10-01", "is_in_order": "yes", "finding": "looked", "version": "none"},
    )
    assert state("pipl-21-contracts") == "met"
    part.refresh_from_db()
    client.post(url(house, f"engagements/{part.pk}/end/"), {"ended_on": "2026-10-10", "version": version_of(part)})
    assert state("pipl-21-return") == "open"


def test_proofs_meet_the_duty_of_internal_rules(house, gate):
    client = house.client("officer")
    for kind in ("internal_rules", "training"):
        client.post(
            url(house, f"pips/{house.pip.uscc}/governance/{kind}/new/"),
            {"done_on": "2026-10-01", "version": "none", "proof": registers.pdf()},
        )
    assert state("pipl-51-internal-rules") == "met"

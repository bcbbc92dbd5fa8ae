"""Tabs and records of choice, protection, vendors and governance ask the same whatever hangs on them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deployments.models import Scenario
from portal.evidence.services import keep
from portal.law.enums import CONTROL_FAMILIES
from tests import build
from tests.deployments import registers
from tests.deployments.test_pages import questions, url


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def full_scenario(house, code: str, number: int) -> Scenario:
    """A scenario with that many ways, checks, vendors' parts and supervisions, each with its file."""
    by = house.people["officer"]
    scenario = build.scenario(house.pip, code)
    place = build.deployment(house.pip, f"D-{code}", scenario=scenario, site=build.site(house.pip, f"S-{code}"))
    file = keep(registers.pdf(), pip=house.pip, by=None)
    for n in range(number):
        way = registers.alternative(scenario, deployment=place if n % 2 else None)
        for day in range(1, number + 1):
            registers.check(way, date(2026, 9, day), checked_by=by)
        registers.conduct(scenario, date(2026, 9, n + 1), ("hidden",))
        vendor = registers.vendor(house.pip, f"{code}-{n}")
        part = registers.engagement(scenario, vendor, contract=file)
        for _ in range(number):
            registers.supervision(part, evidence=file, done_by=by)
        registers.proof(house.pip, "audit", date(2025, 1, n + 1), evidence=file, recorded_by=by)
        system = registers.mlps(house.pip, f"{code}-{n}", evidence=file)
    for family in CONTROL_FAMILIES:
        registers.control(scenario, family, evidence=file)
    Scenario.objects.filter(pk=scenario.pk).update(mlps=system)
    return scenario


def test_tabs_and_records_ask_at_most_12_questions_whatever_hangs_on_them(house):
    client, asked = house.client("officer"), {}
    for number in (3, 8):
        scenario = full_scenario(house, f"C{number}", number)
        way, part = scenario.alternatives.first(), scenario.engagements.first()
        paths = {
            "choice": f"scenarios/{scenario.pk}/choice/",
            "safeguards": f"scenarios/{scenario.pk}/safeguards/",
            "partners": f"scenarios/{scenario.pk}/vendors/",
            "alternative": f"alternatives/{way.pk}/",
            "engagement": f"engagements/{part.pk}/",
            "vendor": f"vendors/{part.vendor_id}/",
            "vendors": "vendors/",
            "governance": f"pips/{house.pip.uscc}/governance/",
        }
        for name, path in paths.items():
            client.get(url(house, path))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url(house, path)).status_code == 200
            asked.setdefault(name, []).append(len(questions(captured)))
    for name, (few, many) in asked.items():
        assert few == many, (name, asked)
        assert many <= 12, (name, asked)

"""Cases and incidents by their shortest words."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deployments.models import Notice
from portal.cases import services
from portal.clock.reconcile import reconcile_touched
from portal.obligations.models import Obligation
from tests import build

MONDAY = "2026-10-12"


@pytest.fixture
def gate(house):
    """A scenario with its notice, and so with its public pages."""
    scenario = build.scenario(house.pip, "GATE", legal_basis="consent")
    Notice.objects.create(tenant=house.tenant, pip=house.pip, scenario=scenario)
    return scenario


@pytest.fixture
def receive(house, today):
    """Takes in a case as the officer; the case alone."""

    def run(kind="access", **fields):
        fields = {"channel": "counter", "received_on": today, "by": house.people["officer"]} | fields
        return services.receive(house.pip, kind=kind, today=today, **fields)[0]

    return run


@pytest.fixture
def answer(house, today):
    """Answers a case as the officer."""

    def run(case, outcome="granted", **fields):
        fields = {"answered_on": today, "by": house.people["officer"]} | fields
        return services.answer(case, today=today, outcome=outcome, **fields)

    return run


@pytest.fixture
def duty(house, today):
    """The stored duty of a rule on a case or an incident, after a reconcile."""

    def find(row, rule):
        reconcile_touched(today=today)
        kind = row._meta.model_name
        return Obligation.objects.get(rule=rule, subject=f"{kind}:{row.reference}")

    return find


def paper(name="log.pdf"):
    """A small file that is what its name says."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf")


def shanghai(text):
    """A moment of mainland China's clock."""
    return timezone.make_aware(datetime.fromisoformat(text))

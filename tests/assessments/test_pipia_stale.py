"""What makes an assessment outdated: each watched fact by each door once, every other fact by none."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.forms import CheckboxInput
from django.urls import reverse

from assessments.frozen import WATCHED
from assessments.models import Assessment, Outdating
from assessments.services import ELEMENTS, approve, refresh, register, start, submit
from assessments.staleness import COMPARED, notice_changes
from deployments.models import Deployment, Engagement, Scenario, ScopeDecision, Site, Vendor
from deployments.services import edit_scenario, edit_site, end_engagement, engage, register_deployment
from portal.clock.reconcile import reconcile
from portal.imports.direct import access_of, import_now
from portal.obligations.models import Obligation
from tests import build
from tests.assessments.story import TODAY, answered, begun, scenarios
from tests.filings.story import pdf

pytestmark = pytest.mark.django_db

Door = Callable[[build.House, Scenario], None]
NEW: dict[str, Any] = {
    "purpose": "Recognise members",
    "function": "identify",
    "subject_groups": ["passengers", "under_14"],
    "storage_mode": "public_cloud",
    "sends_over_internet": True,
    "cross_border": True,
}


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT, settings.UPLOAD_ROOT = tmp_path / "vault", tmp_path / "uploads"


@pytest.fixture
def made(house) -> Iterator[Assessment]:
    """An approved assessment of a scenario with a place and a vendor."""
    scenario = scenarios(house)[0]
    edit_scenario(scenario, function="verify", sends_over_internet=False, subject_groups=["passengers"])
    build.deployment(house.pip, scenario=scenario)
    build.site(house.pip, "S2", place_type="internal")
    for code in ("MAKER", "CLOUD"):
        Vendor.objects.create(tenant=house.tenant, pip=house.pip, code=code, name=code)
    engaged(house, scenario, "MAKER")
    paper = BytesIO(pdf("PIPIA"))
    row = register(
        scenario, report=paper, name="pia.pdf", elements=set(ELEMENTS), by=house.people["officer"], today=TODAY
    )
    return approve(row, by=house.people["reviewer"], today=TODAY)


def engaged(house, scenario: Scenario, vendor: str) -> Engagement:
    return engage(
        scenario, vendor=Vendor.objects.get(code=vendor), role="entrusted", by=house.people["officer"], today=TODAY
    )


def post(house, page: str, pk: int, **changes: Any) -> None:
    """Send the form of a page as a browser does: every field as it stands, and what a person changed."""
    client, url = house.client("officer"), reverse(f"deployments:{page}", args=[house.tenant.slug, pk])
    form = client.get(url).context["form"]
    values = {field.html_name: field.value() for field in form} | changes
    boxes = {field.html_name for field in form if isinstance(field.field.widget, CheckboxInput)}
    sent = {name: "on" if name in boxes else value for name, value in values.items() if value or name not in boxes}
    answer = client.post(url, {name: value for name, value in sent.items() if value not in (None, "")})
    assert answer.status_code == 302, answer.context["form"].errors


def bring(house, **cells: str) -> None:
    """A vendor file about the deployment D1, applied."""
    row = {"deployment_code": "D1", "pip_uscc": build.USCC, "scenario_code": "GATE", "site_code": "S1"}
    row |= {"site_name": "Site S1", "province": "北京市", "status": "使用中", "started_on": "2026-01-05"} | cells
    text = ",".join(row) + "\r\n" + ",".join(row.values()) + "\r\n"
    person = house.people["officer"]
    access = access_of(house.tenant, person)
    batch = import_now(house.tenant, person, BytesIO(text.encode()), "v.csv", access=access, applies=True)
    assert (batch.errors, batch.new + batch.changed) == (0, 1)


def of_scenario(fact: str) -> dict[str, Door]:
    """The doors to a column of the scenario: vendor files don't carry it, and the portal has no API."""
    new = NEW[fact]
    return {
        "form": lambda house, row: post(house, "scenario_edit", row.pk, **{fact: new}),
        "service": lambda house, row: edit_scenario(row, **{fact: new}) and None,
        "bulk edit": lambda house, row: Scenario.objects.filter(pip=house.pip).update(**{fact: new}) and None,
    }


DOORS: dict[str, dict[str, Door]] = {fact: of_scenario(fact) for fact in NEW} | {
    "vendors": {
        "form": lambda house, row: post(house, "engagement_new", row.pk, vendor="CLOUD", role="recipient"),
        "service": lambda house, row: engaged(house, row, "CLOUD") and None,
        "end": lambda house, row: end_engagement(row.engagements.get(), ended_on=TODAY, today=TODAY),
        "bulk edit": lambda house, row: Engagement.objects.filter(pip=house.pip).update(role="joint") and None,
    },
    "place_types": {
        "form": lambda house, row: post(house, "site_edit", Site.objects.get(code="S1").pk, place_type="internal"),
        "service": lambda house, row: edit_site(Site.objects.get(code="S1"), place_type="internal") and None,
        "import": lambda house, row: bring(house, place_type="内部场所"),
        "import of a place": lambda house, row: bring(
            house, deployment_code="D2", site_code="S2", site_name="Site S2"
        ),
        "new deployment": lambda house, row: (
            register_deployment(house.pip, scenario=row, site=Site.objects.get(code="S2"), code="D2") and None
        ),
        "bulk edit": lambda house, row: Site.objects.filter(pip=house.pip).update(place_type="residential") and None,
        "move": lambda house, row: (
            Deployment.objects.filter(code="D1").update(scenario=build.scenario(house.pip, "OTHER")) and None
        ),
    },
}


def test_doors_lead_to_every_watched_fact():
    assert DOORS.keys() == WATCHED.keys() == NEW.keys() | COMPARED.keys()


@pytest.mark.parametrize(("fact", "door"), [(fact, door) for fact, doors in DOORS.items() for door in doors])
def test_watched_fact_changed_by_any_door_is_noticed_exactly_once(house, made, fact, door):
    DOORS[fact][door](house, made.covered.get().scenario)
    for _round in range(2):
        notice_changes(house.pip, today=TODAY)
    assert list(Outdating.objects.values_list("assessment", "fact")) == [(made.pk, fact)]


OTHER = {"name": "Another name", "necessity": "Queues", "retention": "7 days", "supplier": "Maker", "subjects": "all"}
UNWATCHED: dict[str, Door] = {
    "form": lambda house, row: post(house, "scenario_edit", row.pk, **OTHER),
    "bulk edit": lambda house, row: Scenario.objects.filter(pip=house.pip).update(**OTHER) and None,
    "site": lambda house, row: post(house, "site_edit", Site.objects.get(code="S1").pk, name="Hall", city="Beijing"),
    "vendor": lambda house, row: row.engagements.update(contract_number="2026-7") and None,
    "import": lambda house, row: bring(house, note="moved to gate 7", city="北京市"),
    "another scenario": lambda house, row: edit_scenario(build.scenario(house.pip, "OTHER"), **NEW) and None,
    "the same again": lambda house, row: edit_scenario(row, purpose=row.purpose) and None,
}


@pytest.mark.parametrize("door", UNWATCHED)
def test_what_is_not_watched_is_noticed_by_no_door(house, made, door):
    UNWATCHED[door](house, made.covered.get().scenario)
    notice_changes(house.pip, today=TODAY)
    assert not Outdating.objects.exists()


def test_one_change_of_a_place_outdates_each_scenario_that_is_used_there(house):
    row = answered(house, begun(house, "GATE", "LANE"))
    site = build.site(house.pip)
    places = [
        build.deployment(house.pip, one.scenario.code, scenario=one.scenario, site=site, status="planned")
        for one in row.covered.select_related("scenario")
    ]
    refresh(row, by=house.people["officer"])
    submit(row, by=house.people["officer"])
    approve(row, by=house.people["reviewer"], today=TODAY)
    edit_site(site, place_type="internal")
    for _round in range(2):
        notice_changes(house.pip, today=TODAY)
    assert sorted(Outdating.objects.values_list("fact", "scenario__code")) == [
        ("place_types", place.scenario.code) for place in places
    ]


@pytest.mark.parametrize(("kind", "noticed"), [("public", []), ("residential", ["place_types"])])
def test_first_place_is_a_change_only_if_it_is_of_another_kind_than_was_screened(house, kind, noticed):
    scenario = scenarios(house)[0]
    ScopeDecision.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        scenario=scenario,
        scope="in",
        answers={"place_type": "public"},
        decided_on=TODAY,
    )
    row = register(
        scenario,
        report=BytesIO(pdf("P")),
        elements=set(ELEMENTS),
        by=house.people["officer"],
        today=TODAY,
        name="p.pdf",
    )
    approve(row, by=house.people["reviewer"], today=TODAY)
    build.deployment(house.pip, scenario=scenario, site=build.site(house.pip, place_type=kind))
    notice_changes(house.pip, today=TODAY)
    assert list(Outdating.objects.values_list("fact", flat=True)) == noticed


def test_facts_are_frozen_as_they_are_stored_not_as_they_were_read_before_an_edit(house):
    stale = scenarios(house)[0]
    edit_scenario(Scenario.objects.get(pk=stale.pk), purpose="Recognise members")
    row = start([stale], title="Boarding", by=house.people["officer"], today=TODAY)
    assert row.covered.get().facts["purpose"] == "Recognise members"


def test_change_is_not_dated_after_the_civil_day_on_which_it_is_noticed(house, made):
    edit_scenario(made.covered.get().scenario, purpose="Recognise members")
    reconcile(house.pip, today=TODAY)
    assert Outdating.objects.get().changed_on == TODAY
    assert Obligation.objects.get(rule="frm-09-pipia-again", subject="scenario:GATE").state == "open"

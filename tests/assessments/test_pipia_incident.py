"""A major incident makes the assessment outdated, by its name, until it is assessed again (FRM Art 9)."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Outdating
from assessments.services import approve, renew, start, submit
from assessments.staleness import notice_changes, since_begun
from portal.cases.models import Incident
from portal.cases.services import edit_incident, open_incident
from portal.clock.reconcile import reconcile
from portal.obligations.models import Obligation
from tests import build
from tests.assessments.story import TODAY, answered, begun, scenarios, submitted

pytestmark = pytest.mark.django_db
AGAIN, TEN_DAYS = "frm-09-pipia-again", "default-incident-reassess"
NOW = timezone.make_aware(datetime(2026, 10, 12, 9))


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def made(house) -> Assessment:
    scenario = scenarios(house)[0]
    build.deployment(house.pip, scenario=scenario)
    row = answered(house, start([scenario], title="Boarding", by=house.people["officer"], today=TODAY))
    submit(row, by=house.people["officer"])
    return approve(row, by=house.people["reviewer"], today=TODAY)


def happens(house, grade: str = "major", **fields: Any) -> Incident:
    return open_incident(
        house.pip,
        kind="leak",
        grade=grade,
        discovered_at=NOW,
        by=house.people["officer"],
        today=TODAY,
        now=NOW,
        happened="A gate's memory was read.",
        **fields,
    )


def states(house) -> dict[str, str]:
    reconcile(house.pip, today=TODAY)
    rows = Obligation.objects.filter(rule__in=[AGAIN, TEN_DAYS], subject="scenario:GATE")
    return dict(rows.values_list("rule", "state"))


def changes(house) -> list[tuple[str, str]]:
    notice_changes(house.pip, today=TODAY)
    return list(Outdating.objects.standing().values_list("fact", "new"))


def test_from_the_incident_to_the_new_assessment(house, made):
    assert states(house) == {AGAIN: "met"}
    incident = happens(house)
    assert states(house) == {AGAIN: "open", TEN_DAYS: "open"}
    assert changes(house) == [("incident", incident.reference)]
    officer = house.client("officer")
    renewal = reverse("assessments:renew", args=[house.tenant.slug, made.reference])
    record = officer.get(made.get_absolute_url()).content.decode()
    assert incident.get_absolute_url() in record and 'class="badge layer default"' in record
    for page in (record, officer.get(incident.get_absolute_url()).content.decode()):
        assert renewal in page and "Assess again" in page
    for rule in (AGAIN, TEN_DAYS):
        duty = officer.get(Obligation.objects.get(rule=rule).get_absolute_url()).content.decode()
        assert f'action="{renewal}"' in duty and incident.reference in duty
    assert officer.post(renewal).status_code == 302
    again = Assessment.objects.get(supersedes=made)
    duty = officer.get(Obligation.objects.get(rule=AGAIN).get_absolute_url()).content.decode()
    assert renewal not in duty and again.get_absolute_url() in duty
    submit(answered(house, again), by=house.people["officer"])
    approve(again, by=house.people["reviewer"], today=TODAY)
    assert states(house) == {AGAIN: "met", TEN_DAYS: "met"} and changes(house)[1:] == []
    assert "Assess again" not in officer.get(incident.get_absolute_url()).content.decode()


@pytest.mark.parametrize("grade", ["general", "large"])
def test_incident_graded_lower_asks_for_nothing_until_it_is_graded_major(house, made, grade):
    incident = happens(house, grade)
    assert changes(house) == []
    edit_incident(incident, today=TODAY, now=NOW, grade="especially_major")
    assert changes(house) == [("incident", incident.reference)]
    edit_incident(incident, today=TODAY, now=NOW, grade=grade)
    assert changes(house) == [] and states(house)[AGAIN] == "met"


def test_incident_of_another_scenario_leaves_the_assessment_alone(house, made):
    happens(house, scenario=build.scenario(house.pip, "OTHER"))
    assert changes(house) == []


def test_incident_answered_elsewhere_counts_no_more(house, made):
    incident = happens(house)
    assert states(house)[AGAIN] == "open"
    edit_incident(incident, today=TODAY, now=NOW, reassessed_on=TODAY)
    assert changes(house) == [] and states(house) == {AGAIN: "met", TEN_DAYS: "met"}


def test_assessment_begun_with_the_incident_known_is_not_outdated_by_it(house):
    happens(house)
    approve(submitted(house), by=house.people["reviewer"], today=TODAY)
    assert changes(house) == []


def test_draft_says_that_an_incident_came_while_it_was_written(house):
    draft = begun(house)
    incident = happens(house)
    covered = list(draft.covered.select_related("scenario__pip"))
    assert [(one.label, one.new) for one in since_begun(covered)] == [("major security incident", incident.reference)]


def test_open_draft_of_a_renewal_is_gone_on_with_by_whoever_may(house, made):
    happens(house)
    states(house)
    again = renew(made, by=house.people["officer"], today=TODAY)
    duty = Obligation.objects.get(rule=AGAIN).get_absolute_url()
    assert "Go on with the impact assessment" in house.client("officer").get(duty).content.decode()
    assert again.get_absolute_url() not in house.client("operator").get(duty).content.decode()

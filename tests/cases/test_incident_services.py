"""Incidents: their moments, their hours, and when they may be closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.cases import services
from portal.cases.models import Incident
from portal.law.enums import INCIDENT_GRADES, INCIDENT_KINDS, INCIDENT_NOTICE
from portal.workflow import CaseError, StateConflict
from tests.cases.conftest import paper, shanghai

DISCOVERED = shanghai("2026-10-12 09:30")
NOW = shanghai("2026-10-12 11:00")


@pytest.fixture
def incident(house, today):
    def run(**fields):
        fields = {"kind": "leak", "grade": "large", "discovered_at": DISCOVERED} | fields
        return services.open_incident(house.pip, by=house.people["officer"], today=today, now=NOW, **fields)

    return run


def test_same_incident_sent_twice_is_one_row(incident):
    assert incident(happened="a disk is gone").pk == incident(happened="a disk is gone").pk
    assert incident(happened="another disk").reference == "INC-2026-0002"


def test_discovery_has_come(incident):
    with pytest.raises(ValidationError, match="future"):
        incident(discovered_at=NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("cii", "state_organ", "hours"), [(False, False, 4), (False, True, 2), (True, False, 1), (True, True, 1)]
)
def test_hours_run_from_discovery_by_the_clock(house, incident, duty, cii, state_organ, hours):
    house.pip.is_cii, house.pip.is_state_organ = cii, state_organ
    house.pip.save(update_fields=["is_cii", "is_state_organ"])
    assert duty(incident(), "incident-04-report").due_at == DISCOVERED + timedelta(hours=hours)


def test_general_incident_is_told_at_once_and_not_within_hours(incident, duty):
    row = incident(grade="general")
    assert duty(row, "incident-04-report").state == "not_required"
    assert duty(row, "pipl-57-incident").state == "open"


def test_moment_is_recorded_once(incident, duty):
    row = incident()
    assert services.stamp(row, "authority_told_at", now=NOW)
    assert not services.stamp(row, "authority_told_at", now=NOW + timedelta(hours=1))
    row.refresh_from_db()
    assert row.authority_told_at == NOW
    assert duty(row, "incident-04-report").state == "met"


def test_no_moment_lies_before_the_discovery(incident, today):
    row = incident()
    with pytest.raises(ValidationError, match="before the discovery"):
        services.edit_incident(row, today=today, now=NOW, remedied_at=DISCOVERED - timedelta(minutes=1))
    with pytest.raises(IntegrityError, match="after_discovery"), transaction.atomic():
        Incident.objects.filter(pk=row.pk).update(remedied_at=DISCOVERED - timedelta(minutes=1))


def test_persons_need_not_be_told_where_harm_is_avoided_and_the_reason_stands(incident, duty, today):
    row = incident()
    with pytest.raises(ValidationError, match="how harm is avoided"):
        services.edit_incident(row, today=today, now=NOW, harm_is_avoided=True)
    services.edit_incident(row, today=today, now=NOW, harm_is_avoided=True, harm_reason="the disk is encrypted")
    for name in ("remedied_at", "authority_told_at"):
        services.stamp(row, name, now=NOW)
    assert duty(row, "pipl-57-incident").state == "met"
    row.refresh_from_db()
    services.close_incident(row, today=today)


def test_incident_is_not_closed_while_somebody_is_not_told(incident, today):
    row = incident()
    services.stamp(row, "remedied_at", now=NOW)
    with pytest.raises(CaseError, match="Authority told at; Persons told at"):
        services.close_incident(row, today=today)


def test_closed_incident_takes_no_change_until_it_is_open_again(house, incident, today):
    row = incident()
    for name in ("remedied_at", "authority_told_at", "persons_told_at"):
        services.stamp(row, name, now=NOW)
    services.close_incident(row, today=today)
    row.refresh_from_db()
    with pytest.raises(StateConflict):
        services.keep_receipt(row, by=house.people["officer"], file=paper())
    services.reopen_incident(row)
    services.keep_receipt(row, by=house.people["officer"], file=paper())
    row.refresh_from_db()
    assert (row.state, row.receipt.name) == ("open", "log.pdf")


def test_every_list_of_the_law_fits_its_column():
    columns = {column.name for column in Incident._meta.concrete_fields}
    assert INCIDENT_NOTICE.keys() <= columns
    assert max(map(len, INCIDENT_KINDS)) <= Incident._meta.get_field("kind").max_length
    assert max(map(len, INCIDENT_GRADES)) <= Incident._meta.get_field("grade").max_length

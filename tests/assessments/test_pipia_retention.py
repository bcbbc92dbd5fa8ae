"""Kept until three years after the end of use, that day included; then two persons erase it, and the trail says so."""

from datetime import date
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from assessments.models import Answer, Assessment, Erasure, Report, Version
from assessments.retention import retention_of
from assessments.services import ELEMENTS, approve, ask_erasure, confirm_erasure, register, withdraw_erasure
from deployments.models import Deployment
from portal.audit.models import AuditEvent
from portal.evidence.models import Evidence
from portal.evidence.services import reader
from portal.evidence.store import Destroyed
from portal.workflow import CaseError
from tests import build
from tests.assessments.story import TODAY, scenarios, submitted
from tests.filings.story import pdf

pytestmark = pytest.mark.django_db
# One who asks and one who confirms.
ASKS, CONFIRMS = "officer", "reviewer"


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def registered(house, approved_on: date, *codes: str) -> Assessment:
    """An approved report, with its scenario used nowhere yet."""
    paper, by = BytesIO(pdf("PIPIA")), house.people["officer"]
    row = register(
        scenarios(house, *codes)[0], report=paper, name="p.pdf", elements=set(ELEMENTS), by=by, today=approved_on
    )
    return approve(row, by=house.people["reviewer"], today=approved_on)


def used(house, row: Assessment, code: str = "D1", **fields) -> Deployment:
    """The assessed scenario at a place."""
    defaults = {"scenario": row.covered.first().scenario, "started_on": date(2023, 1, 5)}
    return build.deployment(house.pip, code, **defaults | fields)


def until_in_database(row: Assessment) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT assessment_kept_until(%s)::text", [row.pk])
        return cursor.fetchone()[0]


def erase(house, row: Assessment, today: date) -> Erasure:
    asked = ask_erasure(row, by=house.people[ASKS], today=today, reason="The lane was closed.")
    return confirm_erasure(asked, by=house.people[CONFIRMS], today=today)


CASES = {
    # approved, end of use, the last day on which it is kept, whether the law or the portal's default says so
    "approval governs": (date(2026, 2, 28), date(2026, 2, 1), date(2029, 2, 28), "law"),
    "approved on 29 February": (date(2024, 2, 29), None, date(2027, 2, 28), "law"),
    "end of use governs": (date(2025, 6, 30), date(2026, 3, 31), date(2029, 3, 31), "default"),
    "ended on 29 February": (date(2023, 5, 1), date(2024, 2, 29), date(2027, 2, 28), "default"),
    "last day is 29 February": (date(2025, 2, 28), date(2025, 2, 28), date(2028, 2, 28), "law"),
}


@pytest.mark.parametrize("case", CASES)
def test_last_day_is_the_same_in_the_service_and_in_the_database(house, case):
    approved_on, ended_on, until, layer = CASES[case]
    row = registered(house, approved_on)
    if ended_on:
        used(house, row, status="terminated", ended_on=ended_on)
    kept = retention_of(row)
    assert (kept.until, kept.layer) == (until, layer)
    assert until_in_database(row) == until.isoformat()


def test_in_2029_what_ended_in_time_may_go_and_nothing_else(house):
    early = registered(house, date(2026, 3, 6), "EARLY")
    used(house, early, status="terminated", ended_on=date(2026, 3, 31))
    late = registered(house, date(2026, 3, 6), "LATE")
    used(house, late, "D2", status="terminated", ended_on=date(2026, 10, 12))
    used(house, late, "D3", status="terminated", ended_on=date(2026, 4, 1))
    running = registered(house, date(2023, 3, 6), "RUNNING")
    used(house, running, "D4", status="terminated", ended_on=date(2024, 1, 1))
    used(house, running, "D5", status="suspended")
    draft = submitted(house, "DRAFT")
    today = date(2029, 3, 31)
    for row, sentence in (
        (early, "kept until 2029-03-31, that day included"),
        (late, "kept until 2029-10-12"),
        (running, "still in use"),
        (draft, "nothing to erase"),
    ):
        with pytest.raises(CaseError, match=sentence):
            ask_erasure(row, by=house.people[ASKS], today=today, reason="Over.")
    erase(house, early, date(2029, 4, 1))
    assert list(Assessment.objects.filter(state="erased")) == [early]


@pytest.fixture
def over(house) -> Assessment:
    """An approved assessment written here, whose years are over on 2029-10-13."""
    row = submitted(house)
    used(house, row, status="terminated", ended_on=TODAY)
    return approve(row, by=house.people["reviewer"], today=TODAY)


def test_two_persons_erase_it_and_the_trail_keeps_the_hashes(house, over, django_capture_on_commit_callbacks):
    version, reports = Version.objects.get(), list(Report.objects.select_related("evidence"))
    with django_capture_on_commit_callbacks(execute=True):
        done = erase(house, over, date(2029, 10, 13))
    over.refresh_from_db()
    assert (over.state, over.report.sha256) == ("erased", reports[0].evidence.sha256)
    assert not Answer.objects.exists() and not Version.objects.exists() and not over.risks.exists()
    for row in reports:
        with pytest.raises(Destroyed):
            reader(Evidence.objects.get(pk=row.evidence_id))
    hashes = {version.sha256, *(row.evidence.sha256 for row in reports)}
    assert {one["sha256"] for one in done.erased} == hashes
    event = AuditEvent.objects.get(verb="erasure.confirm", table_name=Erasure._meta.db_table)
    assert all(sha256 in event.body for sha256 in hashes)
    assert AuditEvent.objects.filter(verb="erasure.confirm", table_name=Version._meta.db_table).exists()


def test_who_asked_does_not_confirm_by_the_service_or_by_sql(house, over):
    today = date(2029, 10, 13)
    asked = ask_erasure(over, by=house.people["owner"], today=today, reason="Over.")
    with pytest.raises(CaseError, match="You asked for this erasure"):
        confirm_erasure(asked, by=house.people["owner"], today=today)
    with pytest.raises(IntegrityError, match="erasure_is_confirmed_by_another"), transaction.atomic():
        Erasure.objects.filter(pk=asked.pk).update(confirmed_by=house.people["owner"], confirmed_on=today)


def test_file_that_something_else_needs_stays(house, over):
    needed = over.reports.get(language="zh", format="pdf").evidence
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evidence_photo (tenant_id, pip_id, original_id, shown_id, has_position)"
            " VALUES (%s, %s, %s, %s, false)",
            [house.tenant.pk, house.pip.pk, needed.pk, needed.pk],
        )
    erase(house, over, date(2029, 10, 13))
    assert reader(Evidence.objects.get(pk=needed.pk)).read(4) == b"%PDF"


REFUSED = {
    "DELETE FROM assessments_assessment": "its row stays",
    "UPDATE assessments_assessment SET state = 'erased'": "is kept until 2029-10-12, then two persons",
    "DELETE FROM assessments_version": "permission denied",
    "DELETE FROM assessments_answer": "nobody changes it",
    "DELETE FROM assessments_erasure": "stays",
    "UPDATE assessments_erasure SET confirmed_by_id = {0}, confirmed_on = '2029-10-12'": "after_the_last_day",
    "UPDATE evidence_evidence SET wrapped_key = ''": "permission denied",
    "SELECT assessment_erase((SELECT max(id) FROM assessments_erasure))": "query returned no rows",
}


def test_database_keeps_what_is_kept_whoever_tries(house, over):
    Erasure.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        assessment=over,
        reason="Too early",
        kept_until=date(2029, 10, 12),
        asked_on=TODAY,
        asked_by=house.people[ASKS],
    )
    for sql, words in REFUSED.items():
        refused = pytest.raises(DatabaseError, match=words)
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(house.people[CONFIRMS].pk))


def test_erasure_confirmed_in_the_database_for_a_scenario_in_use_erases_nothing(house, over):
    asked = ask_erasure(over, by=house.people[ASKS], today=date(2029, 10, 13), reason="Over.")
    Deployment.objects.update(status="active")
    Erasure.objects.filter(pk=asked.pk).update(confirmed_by=house.people[CONFIRMS], confirmed_on=date(2029, 10, 13))
    refused = pytest.raises(IntegrityError, match="is kept until infinity")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT assessment_erase(%s)", [asked.pk])
    assert Version.objects.exists()


def test_erased_assessment_takes_no_content_again(house, over):
    erase(house, over, date(2029, 10, 13))
    with pytest.raises(IntegrityError, match="nobody changes it"), transaction.atomic():
        over.risks.create(tenant=house.tenant, pip=house.pip, title="New")
    with pytest.raises(IntegrityError, match="nobody changes it"), transaction.atomic():
        Assessment.objects.filter(pk=over.pk).update(state="approved")


def test_withdrawn_erasure_may_be_asked_for_again(house, over):
    today = date(2029, 10, 13)
    asked = ask_erasure(over, by=house.people[ASKS], today=today, reason="Over.")
    with pytest.raises(CaseError, match="asked for already"):
        ask_erasure(over, by=house.people["owner"], today=today, reason="Over.")
    withdraw_erasure(asked, by=house.people[ASKS], today=today)
    with pytest.raises(CaseError, match="withdrawn meanwhile"):
        confirm_erasure(asked, by=house.people[CONFIRMS], today=today)
    assert erase(house, over, today).confirmed_on == today


def test_erasure_from_page_to_page(house, over, settings):
    def url(name: str) -> str:
        return reverse(f"assessments:{name}", args=[house.tenant.slug, over.reference])

    officer = house.client("officer")
    assert officer.get(url("erasure")).status_code == 409
    assert url("erasure") not in officer.get(over.get_absolute_url()).content.decode()
    settings.PORTAL_TODAY = "2029-10-13"
    house.people["reviewer"].set_password(build.PASSWORD)
    house.people["reviewer"].save()
    reviewer = house.client("reviewer")
    assert url("erasure") in officer.get(over.get_absolute_url()).content.decode()
    assert officer.post(url("erasure"), {"reason": "The lane was closed."}).status_code == 302
    record = officer.get(over.get_absolute_url()).content.decode()
    assert url("erasure_withdraw") in record and url("erasure_confirm") not in record
    assert officer.post(url("erasure_confirm"), {"password": "x"}).status_code == 403
    assert house.client("auditor").get(over.get_absolute_url()).content.decode().count("<form") < record.count("<form")
    assert url("erasure_confirm") in reviewer.get(over.get_absolute_url()).content.decode()
    assert reviewer.post(url("erasure_confirm"), {"password": "wrong"}).status_code == 422
    assert reviewer.post(url("erasure_confirm"), {"password": build.PASSWORD}).status_code == 302
    erased = reviewer.get(over.get_absolute_url()).content.decode()
    assert "erased" in erased and over.report.sha256[:16] in erased and "Download the report" not in erased
    assert reviewer.post(url("erasure_confirm"), {"password": build.PASSWORD}).status_code == 409

"""An impact assessment made elsewhere: registered by one person, approved by another, kept for three years."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from assessments.models import Assessment
from assessments.services import ELEMENTS, approve, register
from portal.clock.reconcile import reconcile
from portal.law.reckoning import years_after
from portal.obligations.models import Obligation
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.filings.story import TODAY, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    with translation.override("en"):
        yield


def registered(house, by="officer") -> Assessment:
    scenario = build.scenario(house.pip)
    report = io.BytesIO(pdf("PIPIA"))
    return register(scenario, report=report, name="pia.pdf", elements=set(ELEMENTS), by=house.people[by], today=TODAY)


def test_approval_by_another_person_meets_the_duty(house):
    made = registered(house)
    build.deployment(house.pip)
    reconcile(house.pip, today=TODAY)
    duty = Obligation.objects.get(rule="frm-09-pipia-before-use")
    assert duty.state == "open"
    approve(made, by=house.people["reviewer"], today=TODAY)
    reconcile(house.pip, today=TODAY)
    duty.refresh_from_db()
    assert duty.state == "met" and duty.met_on == TODAY
    assert (made.reference, made.keep_until) == ("PIA-2026-0001", date(2029, 10, 12))


def test_author_cannot_approve_the_own_report(house):
    made = registered(house, by="owner")
    with pytest.raises(CaseError, match="can't decide"):
        approve(made, by=house.people["owner"], today=TODAY)
    with pytest.raises(IntegrityError, match="approver_is_not_author"), transaction.atomic():
        Assessment.objects.filter(pk=made.pk).update(
            state="approved", approved_by=house.people["owner"], approved_on=TODAY, keep_until=TODAY
        )


def test_second_approval_is_told(house):
    made = registered(house)
    stale = Assessment.objects.get(pk=made.pk)
    approve(made, by=house.people["reviewer"], today=TODAY)
    with pytest.raises(StateConflict, match="approved already"):
        approve(stale, by=house.people["owner"], today=TODAY)


def test_report_without_all_four_elements_is_refused(house):
    scenario = build.scenario(house.pip)
    with pytest.raises(CaseError, match="protective measures"):
        register(
            scenario,
            report=io.BytesIO(pdf()),
            name="pia.pdf",
            elements=set(ELEMENTS) - {"has_measures"},
            by=house.people["officer"],
            today=TODAY,
        )
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("day", "until"), [(date(2026, 10, 12), date(2029, 10, 12)), (date(2028, 2, 29), date(2031, 2, 28))]
)
def test_three_years_end_on_the_same_day_or_at_the_end_of_the_month(day, until):
    assert years_after(day, 3) == until


def test_story_in_the_browser(house):
    scenario = build.scenario(house.pip)
    url = reverse("assessments:new", args=[house.tenant.slug, scenario.pk])
    officer = house.client("officer")
    assert officer.get(url).status_code == 200
    ticks = dict.fromkeys(ELEMENTS, "on")
    bare = officer.post(url, {"report": SimpleUploadedFile("pia.pdf", pdf()), "has_risks": "on"})
    assert bare.status_code == 422 and "Article 9" in bare.content.decode()
    wrong = officer.post(url, {"report": SimpleUploadedFile("pia.pdf", b"MZ\x90"), **ticks})
    assert wrong.status_code == 422 and not Assessment.objects.exists()
    made = officer.post(url, {"report": SimpleUploadedFile("pia.pdf", pdf()), **ticks})
    row = Assessment.objects.get()
    assert made.status_code == 302 and made["Location"] == row.get_absolute_url()
    assert "another person must approve" in officer.get(row.get_absolute_url()).content.decode()
    approval = reverse("assessments:approve", args=[house.tenant.slug, row.reference])
    assert officer.post(approval).status_code == 403
    house.people["reviewer"].set_password(build.PASSWORD)
    house.people["reviewer"].save()
    reviewer = house.client("reviewer")
    assert approval in reviewer.get(row.get_absolute_url()).content.decode()
    assert "Approve the assessment" in reviewer.get(approval).content.decode()
    assert reviewer.post(approval).status_code == 422
    assert reviewer.post(approval, {"password": build.PASSWORD}).status_code == 302
    assert reviewer.post(approval, {"password": build.PASSWORD}).status_code == 409
    row.refresh_from_db()
    assert row.state == "approved" and row.approved_by == house.people["reviewer"]


def test_owner_who_wrote_the_report_gets_409_for_approving_it(house):
    made = registered(house, by="owner")
    approval = reverse("assessments:approve", args=[house.tenant.slug, made.reference])
    assert house.client("owner").post(approval).status_code == 409


def test_auditor_reads_and_writes_nothing(house):
    made = registered(house)
    auditor = house.client("auditor")
    assert auditor.get(made.get_absolute_url()).status_code == 200
    assert (
        auditor.get(reverse("assessments:new", args=[house.tenant.slug, made.covered.get().scenario_id])).status_code
        == 403
    )
    assert auditor.post(reverse("assessments:approve", args=[house.tenant.slug, made.reference])).status_code == 403


def test_assessment_of_another_tenant_is_not_found(house, stranger):
    with stranger.acting("officer"):
        foreign = registered(stranger)
    for slug in (house.tenant.slug, stranger.tenant.slug):
        url = reverse("assessments:assessment", args=[slug, foreign.reference])
        assert house.client("owner").get(url).status_code == 404

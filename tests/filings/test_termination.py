"""The end of use: what ends, what is to be done, the proof, the cancellation, and the way back."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.forms import ValidationError
from django.utils import translation
from pypdf import PdfReader

from deployments.models import Device, Engagement, PersonCount, Sign, Vendor
from deployments.services import terminate
from filings import services
from filings.chain import chain_of, standing
from filings.models import Filing, Termination
from filings.services.ending import in_use, ways_of
from portal.evidence.models import Evidence
from portal.evidence.services import reader
from portal.law.checklists import ENDING_TASKS, MATERIALS_OF
from portal.obligations.models import Obligation
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.filings import endings, story
from tests.filings.endings import LATER
from tests.filings.story import TODAY, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    with translation.override("en"):
        yield


def test_whole_way_from_acceptance_through_a_change_to_the_cancellation(house):
    endings.changed(house)
    termination = endings.stopped(house)
    duty = Obligation.objects.get(rule="frm-15-cancel")
    assert duty.state == "open" and duty.arose_on == LATER
    filing = services.open_cancellation(termination, by=house.people["officer"], today=LATER)
    assert filing.follows.kind == "change" and filing.obligation == duty
    endings.finished(house, termination)
    endings.sent(house, filing, endings.SEALED)
    services.accept(filing, by=house.people["officer"], received_on=LATER, today=LATER, number="注销0001")
    endings.settled(house, LATER)
    duty.refresh_from_db()
    assert duty.state == "met" and duty.met_on == LATER
    assert standing(chain_of(house.pip)) is None
    assert [one.kind for one in chain_of(house.pip)] == ["initial", "change", "termination"]
    services.close_ending(termination, by=house.people["officer"], today=LATER)
    termination.refresh_from_db()
    assert (termination.state, termination.closed_on) == ("closed", LATER)
    # What must be kept is there: the counts, the frozen versions and every file of them.
    assert PersonCount.objects.count() == 1 and Filing.objects.filter(snapshots__isnull=False).count() == 3
    assert not Evidence.objects.filter(sha256="").exists()


def test_cancellation_has_the_materials_of_its_kind_filled_from_the_termination(house):
    story.accepted(house)
    termination = endings.stopped(house)
    endings.finished(house, termination)
    filing = services.open_cancellation(termination, by=house.people["officer"], today=LATER)
    listed = [one.code for one in MATERIALS_OF["termination"]]
    assert list(filing.documents.values_list("material", flat=True)) == listed
    endings.sent(house, filing, endings.SEALED)
    drafts = {one.name: one for one in Evidence.objects.filter(name__startswith="0", media_type="application/pdf")}
    read = {}
    for name, one in drafts.items():
        with reader(one) as file:
            pages = PdfReader(io.BytesIO(file.read())).pages
            read[name[:10]] = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    asked = next(text for text in read.values() if "申请注销备案编号" in text)
    for words in ("京备2026-0001", "2026年10月14日", "gateswithcardsinstead", "登机核验"):
        assert words in asked, words
    told = next(text for text in read.values() if "处置情况如下" in text)
    for words in ("2026年10月14日", "deletion.pdf", "SHA-256", "至少保存三年"):
        assert words in told, words
    with reader(filing.snapshots.get().dossier) as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        assert {"01-注销备案申请书.pdf", "02-人脸信息处置情况说明.pdf", "03-承诺书.pdf"} <= set(archive.namelist())


def test_cancellation_is_not_frozen_without_the_proof_of_disposal(house):
    story.accepted(house)
    termination = endings.stopped(house)
    filing = services.open_cancellation(termination, by=house.people["officer"], today=LATER)
    for code in endings.SEALED:
        services.attach(filing.documents.get(material=code), upload(f"{code}.pdf"), by=house.people["officer"])
    with pytest.raises(CaseError, match="proof of disposal is missing"):
        services.freeze(filing, by=house.people["officer"], today=LATER)
    endings.finished(house, termination)
    services.freeze(filing, by=house.people["officer"], today=LATER)


def test_deletion_without_proof_is_refused_by_the_service_and_by_the_database(house):
    story.accepted(house)
    task = endings.stopped(house).tasks.get(code="deletion")
    with pytest.raises(ValidationError, match="Add the proof"):
        services.finish_task(task, done_on=LATER, note="", by=None, today=LATER)
    with pytest.raises(IntegrityError, match="ending_task_proved"), transaction.atomic():
        type(task).objects.filter(pk=task.pk).update(done_on=LATER)


def test_stop_makes_each_task_with_owner_and_date(house):
    story.accepted(house)
    termination = endings.stopped(house)
    tasks = list(termination.tasks.all())
    assert [task.code for task in tasks] == [code for code in ENDING_TASKS if code != "vendor"]
    assert {task.owner for task in tasks} == {house.people["officer"]}
    signs, deletion = tasks[0], next(task for task in tasks if task.code == "deletion")
    assert signs.due_on < deletion.due_on < Obligation.objects.get(rule="frm-15-cancel").due_on
    services.assign_task(signs, owner=house.people["operator"], due_on=LATER)
    signs.refresh_from_db()
    assert (signs.owner, signs.due_on) == (house.people["operator"], LATER)


def test_tasks_write_what_they_mean_into_the_register(house):
    story.accepted(house)
    place = endings.place(house)
    build.sign(place)
    vendor = Vendor.objects.create(tenant=house.tenant, pip=house.pip, code="V1", name="示例云")
    part = Engagement.objects.create(
        tenant=house.tenant, pip=house.pip, scenario=place.scenario, vendor=vendor, role="entrusted"
    )
    termination = endings.stopped(house)
    endings.finished(house, termination)
    place.refresh_from_db()
    part.refresh_from_db()
    assert (place.status, place.disposed_on) == ("disposed", LATER)
    assert Sign.objects.get().removed_on == LATER
    assert part.ended_on == part.returned_on == LATER and part.return_proof.name == "vendor.pdf"
    assert Device.objects.count() == 1


def test_partial_stop_asks_for_change_or_cancellation_and_keeps_the_decision(house):
    story.accepted(house)
    place = endings.place(house)
    second = build.deployment(house.pip, "CAN-1", scenario=place.scenario, site=build.site(house.pip, "CAN"))
    assert ways_of(house.pip, "sites") == ["change", "cancel"] and ways_of(house.pip, "whole") == ["cancel"]
    with pytest.raises(ValidationError, match="Say why"):
        endings.stopped(house, extent="sites", sites=["CAN"], way="change")
    termination = endings.stopped(house, extent="sites", sites=["CAN"], way="change", way_reason="one site less")
    second.refresh_from_db()
    place.refresh_from_db()
    assert (second.status, place.status) == ("terminated", "active")
    assert (termination.way, termination.way_reason) == ("change", "one site less")
    assert not Obligation.objects.filter(rule="frm-15-cancel", state="open").exists()
    with pytest.raises(CaseError, match="asks for no cancellation"):
        services.open_cancellation(termination, by=house.people["officer"], today=LATER)


def test_stop_of_a_scenario_leaves_the_others_in_use(house):
    story.accepted(house)
    other = build.scenario(house.pip, "LOUNGE")
    kept = build.deployment(house.pip, "PEK-2", scenario=other)
    assert [row.code for row in in_use(house.pip, scenarios=["BOARDING"])] == ["PEK-1"]
    endings.stopped(house, extent="scenarios", scenarios=["BOARDING"], way="change", way_reason="cards instead")
    kept.refresh_from_db()
    assert kept.status == "active"


def test_use_without_a_filing_ends_without_one(house):
    story.register_facts(house.pip)
    termination = endings.stopped(house)
    assert (termination.way, termination.filing) == ("nothing", None)
    endings.finished(house, termination)
    services.close_ending(termination, by=house.people["officer"], today=LATER)


def test_undo_brings_the_places_back_and_withdraws_the_cancellation(house):
    story.accepted(house)
    place = endings.place(house)
    place.status = "suspended"
    place.save(update_fields=["status"])
    termination = endings.stopped(house)
    filing = services.open_cancellation(termination, by=house.people["officer"], today=LATER)
    services.undo_ending(termination, reason="the wrong company", by=house.people["officer"], today=LATER)
    place.refresh_from_db()
    filing.refresh_from_db()
    assert (place.status, place.ended_on, filing.state) == ("suspended", None, "withdrawn")
    endings.settled(house, LATER)
    assert not Obligation.objects.filter(rule="frm-15-cancel", state="open").exists()
    assert Termination.objects.get().state == "undone"


def test_undo_lets_nothing_recognise_faces_past_the_gates(house):
    story.accepted(house)
    termination = endings.stopped(house)
    waiting = services.undo_ending(termination, reason="by mistake", by=house.people["officer"], today=LATER)
    assert (waiting, endings.place(house).status) == (1, "suspended")


def test_undo_puts_a_lawful_place_back_into_use(house):
    made = build.ready_place(house.pip, scenario=build.lawful(house.pip), status="active", started_on=TODAY)
    build.device(made)
    build.sign(made)
    story.assess(house, made.scenario)
    endings.settled(house)
    termination = endings.stopped(house)
    assert services.undo_ending(termination, reason="by mistake", by=None, today=LATER) == 0
    made.refresh_from_db()
    assert (made.status, made.started_on, made.ended_on) == ("active", TODAY, None)


def test_submitted_cancellation_can_not_be_undone(house):
    story.accepted(house)
    termination = endings.stopped(house)
    filing = services.open_cancellation(termination, by=house.people["officer"], today=LATER)
    endings.finished(house, termination)
    endings.sent(house, filing, endings.SEALED)
    with pytest.raises(CaseError, match="undone"):
        services.undo_ending(termination, reason="too late", by=house.people["officer"], today=LATER)


def test_disposed_places_can_not_be_undone(house):
    story.accepted(house)
    termination = endings.stopped(house)
    endings.finished(house, termination)
    with pytest.raises(CaseError, match="disposed of"):
        services.undo_ending(termination, reason="too late", by=house.people["officer"], today=LATER)


def test_closing_waits_for_every_task_and_for_the_authority(house):
    story.accepted(house)
    termination = endings.stopped(house)
    endings.finished(house, termination, LATER, "people")
    with pytest.raises(CaseError, match="Tell the people"):
        services.close_ending(termination, by=None, today=LATER)
    endings.finished(house, termination, LATER, *(code for code in ENDING_TASKS if code != "people"))
    with pytest.raises(CaseError, match="isn't accepted yet"):
        services.close_ending(termination, by=None, today=LATER)


def test_task_is_done_once_and_not_in_the_future(house):
    story.accepted(house)
    task = endings.stopped(house).tasks.get(code="access")
    with pytest.raises(ValidationError, match="future"):
        services.finish_task(task, done_on=LATER + timedelta(days=1), note="", by=None, today=LATER)
    services.finish_task(task, done_on=LATER, note="accounts closed", by=None, today=LATER)
    with pytest.raises(StateConflict, match="done already"):
        services.finish_task(task, done_on=LATER, note="", by=None, today=LATER)


def test_use_that_ended_place_by_place_is_cancelled_too_and_its_places_stay_ended(house):
    story.accepted(house)
    place = endings.place(house)
    terminate(place, ended_on=TODAY, today=TODAY)
    termination = endings.stopped(house, ended_on=TODAY)
    assert [row.former_status for row in termination.ended.all()] == ["terminated"]
    services.open_cancellation(termination, by=house.people["officer"], today=LATER)
    services.undo_ending(termination, reason="counsel looks first", by=house.people["officer"], today=LATER)
    place.refresh_from_db()
    assert (place.status, place.ended_on) == ("terminated", TODAY)


def test_cancellation_opens_at_once_and_the_law_agrees_with_its_duty_later(house):
    story.accepted(house)
    officer = house.people["officer"]
    termination = services.begin_ending(
        house.pip, extent="whole", ended_on=LATER, reason="cards", by=officer, today=LATER
    )
    filing = services.open_cancellation(termination, by=officer, today=LATER)
    stored = filing.obligation.due_on
    endings.settled(house, LATER)
    duty = Obligation.objects.get(rule="frm-15-cancel")
    assert duty == filing.obligation and (duty.state, duty.due_on) == ("open", stored)
    assert "still on file" in duty.why_en and duty.reminders.filter(state="planned").exists()

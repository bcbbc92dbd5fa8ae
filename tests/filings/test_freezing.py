"""A large dossier is frozen by a worker: ordered, printed step by step, packed in one moment, or not at all."""

import zipfile
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deployments.models import Scenario
from filings import services
from filings.models import CoveredScenario, Filing, Freezing, Snapshot
from filings.press import Press
from filings.services import freezing as worker
from filings.tasks import take_waiting
from portal.audit.models import AuditEvent
from portal.evidence.services import reader
from portal.tenancy.models import Pip
from portal.workflow import StateConflict
from tests import build
from tests.deployments.test_pages import questions
from tests.filings import story
from tests.filings.story import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def filing(house) -> Filing:
    return story.complete(house)


def order(house: build.House, filing: Filing) -> Freezing:
    made = services.order_freeze(filing, by=house.people["officer"], today=TODAY, wakes_worker=False)
    filing.refresh_from_db()
    return made


def members(snapshot: Snapshot) -> dict[str, bytes]:
    with reader(snapshot.dossier) as stream, zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def url(house: build.House, name: str, filing: Filing) -> str:
    return reverse(f"filings:{name}", args=[house.tenant.slug, filing.reference])


def enlarge(house: build.House, filing: Filing) -> None:
    """Scenarios enough for a dossier that nobody waits for."""
    for number in range(worker.MOST_AT_ONCE):
        scenario = Scenario.objects.get(pk=build.scenario(house.pip, f"S{number}").pk)
        CoveredScenario.objects.create(tenant=house.tenant, pip=house.pip, filing=filing, scenario=scenario)


def test_ordered_dossier_holds_the_very_bytes_of_one_frozen_at_once(house, filing):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        at_once = members(services.freeze(filing, by=house.people["officer"], today=TODAY))
        raise ZeroDivisionError
    made = order(house, filing)
    assert filing.state == "freezing"
    snapshot = services.freeze_ordered(house.tenant, made.pk)
    filing.refresh_from_db()
    made.refresh_from_db()
    assert members(snapshot) == at_once
    assert (filing.state, snapshot.round, snapshot.frozen_by) == ("frozen", 1, house.people["officer"])
    assert made.papers_done == made.papers == 4, "the due date, two forms, the annexes of one scenario"
    assert made.ended_at is not None and made.refusal_en == ""


def test_order_stands_in_the_trail_in_the_officers_name(house, filing):
    made = order(house, filing)
    services.freeze_ordered(house.tenant, made.pk)
    actor = f"user:{house.people['officer'].pk}"
    for verb in ("filing.order_freeze", "filing.freeze"):
        found = AuditEvent.objects.filter(verb=verb, table_name="filings_filing").values_list("actor", flat=True)
        assert set(found) == {actor}, verb


def test_nothing_of_the_papers_can_be_changed_while_it_runs(house, filing):
    order(house, filing)
    officer, letter = house.people["officer"], filing.documents.get(material="commitment")
    for act in (
        lambda: services.attach(letter, story.upload(), by=officer),
        lambda: services.generate(filing, "application", by=officer, today=TODAY),
        lambda: services.freeze(filing, by=officer, today=TODAY),
        lambda: services.reopen(filing, by=officer),
    ):
        with pytest.raises(StateConflict):
            act()


def test_second_order_is_told_and_makes_no_second_row(house, filing):
    order(house, filing)
    with pytest.raises(StateConflict):
        order(house, filing)
    assert Freezing.objects.count() == 1


def test_order_that_ended_is_not_carried_out_again(house, filing):
    made = order(house, filing)
    services.freeze_ordered(house.tenant, made.pk)
    assert services.freeze_ordered(house.tenant, made.pk) is None
    assert Snapshot.objects.count() == 1


def test_refusal_is_kept_in_both_languages_and_nothing_else(house, filing):
    made = order(house, filing)
    filing.documents.filter(material="commitment").update(state="missing", evidence=None)
    assert services.freeze_ordered(house.tenant, made.pk) is None
    made.refresh_from_db()
    filing.refresh_from_db()
    assert made.refusal_en.startswith("1 material is missing: ") and "缺少" in made.refusal_zh
    assert filing.state == "draft" and not Snapshot.objects.exists()
    page = house.client("officer").get(filing.get_absolute_url()).content.decode()
    assert "The dossier was not frozen" in page and made.refusal_en in page
    services.attach(filing.documents.get(material="commitment"), story.upload(), by=house.people["officer"])
    assert services.freeze_ordered(house.tenant, order(house, filing).pk).round == 1


def test_fact_that_changed_while_it_was_printed_is_packed_as_it_is_now(house, filing):
    made, press = order(house, filing), Press()
    worker.print_ahead(house.tenant, made, press, TODAY)
    Pip.objects.filter(pk=house.pip.pk).update(agent_name="新经办人")
    snapshot = worker.finish(house.tenant, made, press, TODAY)
    assert snapshot.facts["pip"]["agent_name"] == "新经办人"
    with zipfile.ZipFile(build_file(members(snapshot), "基本情况表.docx")) as form:
        assert "新经办人" in form.read("word/document.xml").decode()


def build_file(found: dict[str, bytes], ending: str):
    import io

    return io.BytesIO(next(content for name, content in found.items() if name.endswith(ending)))


def test_printing_ahead_writes_no_paper_and_packing_prints_none_again(house, filing, monkeypatch):
    made, press = order(house, filing), Press()
    before = set(filing.documents.values_list("evidence", flat=True))
    worker.print_ahead(house.tenant, made, press, TODAY)
    assert set(filing.documents.values_list("evidence", flat=True)) == before
    printed = dict(press._prints)
    worker.finish(house.tenant, made, press, TODAY)
    assert press._prints == printed


def test_order_tried_too_often_is_given_up_with_a_reason(house, filing):
    made = order(house, filing)
    Freezing.objects.filter(pk=made.pk).update(attempts=worker.MOST_ATTEMPTS)
    assert services.freeze_ordered(house.tenant, made.pk) is None
    made.refresh_from_db()
    filing.refresh_from_db()
    assert "Tell the operator" in made.refusal_en and made.refusal_zh not in ("", made.refusal_en)
    assert filing.state == "draft"


def test_order_stopped_while_it_is_printed_freezes_nothing(house, filing):
    made, press = order(house, filing), Press()
    worker.print_ahead(house.tenant, made, press, TODAY)
    services.stop_freeze(filing)
    assert worker.finish(house.tenant, made, press, TODAY) is None
    filing.refresh_from_db()
    assert filing.state == "draft" and not Snapshot.objects.exists()
    with pytest.raises(StateConflict):
        services.stop_freeze(filing)


def test_stopped_correction_goes_on_being_corrected(house):
    filing = story.submitted(house)
    services.ask_correction(
        filing, by=house.people["officer"], received_on=TODAY, today=TODAY, reason="补正", reasons=[], fields=[]
    )
    order(house, filing)
    services.stop_freeze(filing)
    filing.refresh_from_db()
    assert filing.state == "correcting"


def test_round_takes_up_an_order_whose_worker_died_and_leaves_one_at_work(house, filing):
    made = order(house, filing)
    Freezing.objects.update(lease_until=timezone.now() + timedelta(seconds=60))
    take_waiting()
    assert not Snapshot.objects.exists()
    Freezing.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    take_waiting()
    assert Snapshot.objects.get().filing == made.filing


def test_large_dossier_is_ordered_and_its_page_says_how_far_it_is(house, filing):
    officer, freeze = house.client("officer"), url(house, "freeze", filing)
    assert "in the background" not in officer.get(freeze).content.decode(), "a small one is frozen at once"
    enlarge(house, filing)
    assert "in the background" in officer.get(freeze).content.decode()
    assert officer.post(freeze, {"is_checked": "on"}).status_code == 409, "new scenarios lack their assessment"
    assert not Freezing.objects.exists()


def test_progress_asks_for_itself_until_the_work_has_ended(house, filing):
    made = order(house, filing)
    Freezing.objects.update(papers=61, papers_done=23)
    officer, place = house.client("officer"), url(house, "freezing", filing)
    page = officer.get(filing.get_absolute_url()).content.decode()
    for words in ("23 of 61", "Papers printed", 'http-equiv="refresh"', f'hx-get="{place}"', "being frozen", "Stop"):
        assert words in page, words
    reader_page = house.client("auditor").get(filing.get_absolute_url()).content.decode()
    assert "23 of 61" in reader_page and url(house, "stop_freezing", filing) not in reader_page
    assert "HX-Refresh" not in officer.get(place)
    services.freeze_ordered(house.tenant, made.pk)
    assert officer.get(place)["HX-Refresh"] == "true"
    assert "23 of 61" not in officer.get(filing.get_absolute_url()).content.decode()


def test_officer_stops_it_by_a_post_and_others_may_not(house, filing):
    order(house, filing)
    stop = url(house, "stop_freezing", filing)
    assert house.client("reviewer").post(stop).status_code == 403
    officer = house.client("officer")
    assert officer.get(stop).status_code == 302 and Freezing.objects.get().is_running
    assert officer.post(stop).status_code == 302 and not Freezing.objects.get().is_running
    assert officer.post(stop).status_code == 409


def test_progress_costs_few_queries(house, filing):
    order(house, filing)
    client, place = house.client("officer"), url(house, "freezing", filing)
    client.get(place)
    with CaptureQueriesContext(connection) as queries:
        client.get(place)
    assert len(questions(queries)) <= 8

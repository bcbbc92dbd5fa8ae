"""The X-ray finds what is wrong with a dossier, and nothing in those that are right."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from filings import services, xray
from filings.dossier import covered_sheets, items_of
from filings.models import Filing
from portal.workflow import CaseError
from tests.filings import xray_story
from tests.filings.story import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def seen(filing: Filing, change: xray_story.Change) -> dict[str, list[str]]:
    """What the X-ray finds after a change, by check; the change itself is undone."""
    with transaction.atomic():
        day = change(filing)
        found = looked_at(filing, day if isinstance(day, date) else TODAY)
        transaction.set_rollback(True)
    return found


def looked_at(filing: Filing, today: date = TODAY) -> dict[str, list[str]]:
    row = Filing.objects.select_related("pip", "tenant", "crossing", "obligation").get(pk=filing.pk)
    covered = covered_sheets(row, today)
    made = xray.outcomes(row, covered, items_of(row, covered), today)
    return {one.check.code: [found.text.en for found in one.found] for one in made if one.found}


def alarms(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without the hints: they ask for nothing."""
    return {code: texts for code, texts in found.items() if xray.CHECKS[code].level != "hint"}


def test_seeded_defects_are_found_and_clean_dossiers_raise_no_alarm(house):
    filing = xray_story.clean(house)
    missed, odd = [], {}
    for name, (expected, change) in xray_story.DEFECTS.items():
        if expected not in seen(filing, change):
            missed.append(name)
    clean = xray_story.variants(house)
    for name, change in clean.items():
        if found := alarms(seen(filing, change)):
            odd[name] = found
    assert len(xray_story.DEFECTS) >= 40 and len(clean) >= 40
    # The bar of issue 5 is 38 of 40 and two false alarms; nothing less than all is taken here.
    assert (missed, odd) == ([], {})


def test_error_stops_the_freeze_in_words_and_a_warning_does_not(house):
    filing = xray_story.clean(house)
    xray_story.read("agent-id", valid_until=date(2026, 11, 16))(filing)
    with pytest.raises(CaseError, match="runs out on 2026-11-16, before the last day for filing"):
        services.freeze(filing, by=house.people["officer"], today=TODAY)
    assert filing.snapshots.count() == 0
    xray_story.read("agent-id", valid_until=xray_story.GOOD)(filing)
    xray_story.pip(agent_mobile="123")(filing)
    xray_story.refill(filing)
    assert "mobile" in looked_at(filing)
    assert services.freeze(filing, by=house.people["officer"], today=TODAY).round == 1


def test_measures_that_the_assessment_asks_for_are_counted(house):
    """Once approved, nobody changes what an assessment concludes: the inputs say it here."""
    filing = Filing.objects.select_related("pip", "tenant", "crossing", "obligation").get(
        pk=xray_story.clean(house).pk
    )
    covered = covered_sheets(filing, TODAY)
    dossier = xray.gather(filing, covered, items_of(filing, covered), TODAY)
    first = dossier.scenarios[0]
    first.sheet.assessment.conclusion = "proceed_after_fixes"
    wanting = replace(dossier, scenarios=(replace(first, open_measures=2),))
    assert [one.text.en for one in xray.CHECKS["fixes-open"].run(wanting)] == [
        "登机核验 may proceed after its measures are done; 2 are open."
    ]
    done = replace(dossier, scenarios=(replace(first, open_measures=0),))
    assert list(xray.CHECKS["fixes-open"].run(done)) == []
    first.sheet.assessment.conclusion = "must_not_proceed"
    assert len(list(xray.CHECKS["concludes-no"].run(wanting))) == 1


def test_termination_is_not_asked_for_scenarios_and_numbers(house):
    filing = xray_story.clean(house)
    covered = covered_sheets(filing, TODAY)
    dossier = xray.gather(filing, covered, items_of(filing, covered), TODAY)
    groups = {one.check.group for one in xray.examine(replace(dossier, kind="termination"))}
    assert {"papers", "identity", "dates"} <= groups and not groups & {"scenarios", "assessment", "described"}


def test_every_check_names_what_it_stands_on_in_both_languages():
    for check in xray.CHECKS.values():
        assert check.cites and check.title.en and check.title.zh, check.code
        assert check.layer in ("law", "practice", "default"), check.code
    assert xray.CHECKS["old-report"].layer == "default", "three months are no law for FR (LAW 2.6)"
    assert xray.CHECKS["unassessed"].layer == "law"


def test_questions_to_the_database_do_not_grow_with_scenarios_and_papers(house):
    filing, asked = xray_story.clean(house), []
    for number in range(2):
        with CaptureQueriesContext(connection) as captured:
            looked_at(filing)
        asked.append(len(captured))
        for extra in range(3):
            xray_story.covered(f"闸机 {number} {extra}", code=f"G{number}{extra}")(filing)
    assert asked[0] == asked[1], asked


def test_reader_is_led_where_he_may_mend_it(house):
    filing = xray_story.clean(house)
    xray_story.of_scenario(necessity="")(filing)
    xray_story.read("agent-id", name="孙经办")(filing)
    scenario = filing.covered.first().scenario
    officer = house.client("officer").get(filing.get_absolute_url()).content.decode()
    assert f"/scenarios/{scenario.pk}/edit/#id_necessity" in officer
    assert f"/papers/{filing.documents.get(material='agent-id').pk}/read/" in officer
    auditor = house.client("auditor").get(filing.get_absolute_url()).content.decode()
    assert f"/scenarios/{scenario.pk}/edit/" not in auditor and "/read/" not in auditor

"""Change, cancellation and end of use in the browser."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from deployments.models import Scenario
from filings import services
from filings.models import ChangeCase, Filing, Termination
from portal.clock.reconcile import reconcile
from tests import build
from tests.deployments.test_pages import questions
from tests.filings import endings, story
from tests.filings.endings import LATER
from tests.filings.story import TODAY, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path, house):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    settings.PORTAL_TODAY = LATER.isoformat()
    with translation.override("en"):
        yield


def url(house, name: str, *args) -> str:
    return reverse(f"filings:{name}", args=[house.tenant.slug, *args])


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def carried(page: str) -> dict[str, list[str]]:
    """The hidden fields of a page's form, as a browser sends them back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def sent(house, filing: Filing, codes: tuple[str, ...]) -> None:
    """By pages: the scans, the freeze, the submission."""
    officer = house.client("officer")
    for code in codes:
        document = filing.documents.get(material=code)
        assert officer.post(url(house, "document", filing, document.pk), {"file": upload()}).status_code == 302
    assert officer.post(url(house, "freeze", filing), {"is_checked": "on"}).status_code == 302
    fields = {"submitted_on": LATER.isoformat(), "is_checked": "on", "proof": upload("proof.png")}
    assert house.client("reviewer").post(url(house, "submit", filing), fields).status_code == 302


def test_end_of_use_in_a_year_without_a_calendar_is_refused_in_words(house):
    story.accepted(house)
    officer, began = house.client("officer"), url(house, "ending_new", house.pip.uscc)
    second = officer.post(began, carried(read(officer, began)) | {"extent": "whole"}).content.decode()
    answer = officer.post(began, carried(second) | {"ended_on": "2023-10-12", "reason": "cards instead"})
    assert answer.status_code == 422 and "2023" in answer.content.decode()
    assert "calendar" in str(answer.context["screen"].form.errors["ended_on"])


def test_whole_story_by_pages_from_a_change_to_the_closed_end(house):
    story.accepted(house)
    officer, reviewer = house.client("officer"), house.client("reviewer")
    scenario = Scenario.objects.get()
    with house.acting("officer"):
        scenario.storage_mode = "public_cloud"
        scenario.save(update_fields=["storage_mode"])
    endings.settled(house, LATER)
    case = ChangeCase.objects.get()
    decision = {"is_substantial": "yes", "reason": "new servers"}
    assert reviewer.post(url(house, "change_decide", case.reference), decision).status_code == 302
    page = read(officer, case.get_absolute_url())
    assert url(house, "open_change", house.pip.uscc) in page
    opening = url(house, "open_change", house.pip.uscc)
    assert case.reference in read(officer, opening)
    assert officer.post(opening, {}).status_code == 422
    assert officer.post(opening, {"changes": [case.reference]}).status_code == 302
    change = Filing.objects.get(kind="change")
    page = read(officer, change.get_absolute_url())
    for words in ("Change filing with the", "Public cloud", "The line of filings", "portal default", "Own target"):
        assert words.lower() in page.lower(), words
    assert "Public cloud" in read(officer, url(house, "xray", change))  # the assessment still says otherwise
    story.assess(house, scenario)
    sent(house, change, ("commitment",))
    given = {"received_on": LATER.isoformat(), "number": "京备2026-0001-B1"}
    assert officer.post(url(house, "accept", change), given).status_code == 302

    began = url(house, "ending_new", house.pip.uscc)
    first = read(officer, began)
    response = officer.post(began, carried(first) | {"extent": "whole"})
    second = response.content.decode()
    assert "When and why" in second and "Type" not in second
    answer = {"ended_on": LATER.isoformat(), "reason": "cards instead"}
    third = officer.post(began, carried(second) | answer).content.decode()
    assert "Delete the face information" in third and "2026-11-" in third
    assert Termination.objects.count() == 0, "nothing is written before the last screen"
    wrong = officer.post(began, carried(third) | {"word": "yes"})
    assert wrong.status_code == 422 and "exactly" in wrong.content.decode()
    done = officer.post(began, carried(third) | {"word": "END"})
    termination = Termination.objects.get()
    assert done["Location"] == termination.get_absolute_url() and termination.reference == "END-2026-0001"

    page = read(officer, termination.get_absolute_url())
    assert "Open the cancellation" in page and "Take the signs down" in page
    assert officer.post(url(house, "ending_cancel", termination.reference)).status_code == 302
    filing = Filing.objects.get(kind="termination")
    page = read(officer, filing.get_absolute_url())
    assert "proof of disposal is missing" in page and "END-2026-0001" in page
    for task in termination.tasks.all():
        place = url(house, "ending_task", termination.reference, task.pk)
        assert officer.get(place).status_code == 200
        fields = {"done_on": LATER.isoformat(), "note": "done"}
        if task.code == "deletion":
            assert officer.post(place, fields).status_code == 422
            fields["proof"] = upload("log.pdf")
        assert officer.post(place, fields).status_code == 302
    sent(house, filing, endings.SEALED)
    closing = url(house, "ending_close", termination.reference)
    assert officer.post(closing).status_code == 409
    given = {"received_on": LATER.isoformat(), "number": "注销0001"}
    assert officer.post(url(house, "accept", filing), given).status_code == 302
    assert officer.post(closing).status_code == 302
    termination.refresh_from_db()
    assert termination.state == "closed"
    page = read(officer, url(house, "on_file", filing) + f"?on={LATER.isoformat()}")
    assert "Nothing stood on file" in page
    page = read(officer, url(house, "on_file", filing) + f"?on={(LATER - timedelta(1)).isoformat()}")
    assert "FIL-2026-0001" in page and "On-premises server" in page


def test_partial_stop_asks_which_way_the_filing_takes(house):
    story.accepted(house)
    place = endings.place(house)
    build.deployment(house.pip, "CAN-1", scenario=place.scenario, site=build.site(house.pip, "CAN"))
    officer, began = house.client("officer"), url(house, "ending_new", house.pip.uscc)
    first = read(officer, began + "?site=CAN")
    assert re.search(r'value="CAN"[^>]*checked', first)
    assert officer.post(began, carried(first) | {"extent": "sites"}).status_code == 422
    page = officer.post(began, carried(first) | {"extent": "sites", "sites": ["CAN"]}).content.decode()
    answer = {"ended_on": LATER.isoformat(), "reason": "the shop closes"}
    page = officer.post(began, carried(page) | answer).content.decode()
    assert "Change filing: the rest goes on" in page
    back = officer.post(began, carried(page) | {"back": "1"}).content.decode()
    assert "the shop closes" in back
    last = officer.post(began, carried(page) | {"way": "change", "way_reason": "one site less"}).content.decode()
    assert "1 deployment" in last and "one site less" in last
    assert officer.post(began, carried(last) | {"word": "end"}).status_code == 302
    termination = Termination.objects.get()
    assert (termination.way, termination.way_reason, termination.ended.count()) == ("change", "one site less", 1)


def test_undo_by_its_page(house):
    story.accepted(house)
    termination = endings.stopped(house)
    officer = house.client("officer")
    place = url(house, "ending_undo", termination.reference)
    assert "Undo the stop" in read(officer, termination.get_absolute_url())
    assert officer.post(place, {"reason": ""}).status_code == 422
    assert officer.post(place, {"reason": "by mistake"}).status_code == 302
    page = read(officer, termination.get_absolute_url())
    assert "by mistake" in page and "Undo the stop" not in page


def test_task_gets_another_owner(house):
    story.accepted(house)
    task = endings.stopped(house).tasks.first()
    officer = house.client("officer")
    place = url(house, "ending_assign", task.termination.reference, task.pk)
    assert "Operator" in read(officer, place)
    fields = {"owner": house.people["operator"].pk, "due_on": "2026-10-30"}
    assert officer.post(place, fields).status_code == 302
    task.refresh_from_db()
    assert task.owner == house.people["operator"]


def test_correction_shows_what_the_authority_named_first(house):
    filing = story.submitted(house)
    officer = house.client("officer")
    place = url(house, "correction", filing)
    page = read(officer, place)
    assert "No law names a time for corrections" in page and 'value="2026-10-28"' in page
    fields = {
        "received_on": LATER.isoformat(),
        "reason": "存储方式不明确",
        "reasons": ["storage_unclear"],
        "fields": ["field:storage", "pipia-report"],
        "answer_by": "2026-10-28",
    }
    assert officer.post(place, fields).status_code == 302
    page = read(officer, filing.get_absolute_url())
    assert page.index("What the authority named") < page.index('id="papers"')
    assert "Storage unclear" in page and 'href="#paper-pipia-report"' in page and "2026-10-28" in page


def test_rejection_and_new_round_by_pages(house):
    filing = story.submitted(house)
    officer = house.client("officer")
    fields = {"received_on": LATER.isoformat(), "reason": "不予备案", "reasons": ["other"]}
    assert officer.post(url(house, "reject", filing), fields).status_code == 302
    page = read(officer, filing.get_absolute_url())
    assert "meets no duty" in page and "Begin a new round" in page
    assert officer.post(url(house, "round", filing)).status_code == 302
    filing.refresh_from_db()
    assert filing.state == "draft"


def test_number_of_the_filing_stands_on_every_covered_page_and_is_found(house):
    endings.changed(house)
    officer = house.client("officer")
    place = endings.place(house)
    for address in (place.get_absolute_url(), place.scenario.get_absolute_url()):
        assert "京备2026-0001-B1" in read(officer, address)
    assert "FIL-2026-0002" in read(officer, house.url("search/?q=0001-B1"))


def test_list_shows_the_funnel_and_the_medians(house):
    filing = story.submitted(house)
    services.ask_correction(filing, by=None, received_on=LATER, today=LATER, reason="补正")
    filing.refresh_from_db()
    page = read(house.client("auditor"), url(house, "filings"))
    assert "How they stand" in page and "1 of 1" in page
    assert re.search(r"Correction asked</dt><dd>2\s*<span class=\"note\">1 round</span>", page), page[-9000:]


def test_pages_ask_at_most_12_questions_whatever_ended(house):
    story.accepted(house)
    place = endings.place(house)
    for number in range(20):
        build.deployment(house.pip, f"N-{number}", scenario=place.scenario, site=place.site)
    endings.stopped(house, extent="scenarios", scenarios=["BOARDING"], way="change", way_reason="x")
    termination = Termination.objects.get()
    client, asked = house.client("operator"), {}
    for name, address in (
        ("ending", termination.get_absolute_url()),
        ("endings", url(house, "endings")),
        ("filings", url(house, "filings")),
        ("on file", url(house, "on_file", "FIL-2026-0001")),
    ):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        asked[name] = len(questions(captured))
    # The notes that move a crossing are one more question of the list.
    assert max(asked.values()) <= 13, asked


def test_reader_and_auditor_see_the_end_and_change_nothing(house):
    story.accepted(house)
    termination = endings.stopped(house)
    auditor = house.client("auditor")
    page = read(auditor, termination.get_absolute_url())
    assert "Undo the stop" not in page and "Note that it is done" not in page and "Open the cancellation" not in page
    assert auditor.post(url(house, "ending_close", termination.reference)).status_code == 403
    assert auditor.get(url(house, "ending_new", house.pip.uscc)).status_code == 403


def test_move_asks_both_authorities(house):
    story.accepted(house)
    house.pip.province = "31"
    house.pip.save(update_fields=["province"])
    endings.settled(house, TODAY)
    endings.decided(house, "province")
    reconcile(house.pip, today=TODAY)
    officer, opening = house.client("officer"), url(house, "open_change", house.pip.uscc)
    page = read(officer, opening)
    assert "Beijing" in page and "Shanghai" in page and "Ask both authorities" in page
    fields = {"changes": [ChangeCase.objects.get().reference], "way": "cancel", "way_reason": "both offices said so"}
    assert officer.post(opening, fields).status_code == 302
    filing = Filing.objects.get(kind="termination")
    assert (filing.authority, filing.way_reason) == ("11", "both offices said so")

"""The pages of counts, forecast, group, notes and reviews: what they show, to whom, and at what cost."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deployments import services
from deployments.models import BelowReview, CrossingNote, GroupOverlap, WarningStep
from portal.accounts.services import register_pip
from portal.clock.dispatch import dispatch
from portal.clock.reconcile import reconcile
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from tests import build
from tests.deployments.test_pages import OF_EVERY_PAGE, questions, text_of, url

SEPTEMBER, OCTOBER = date(2026, 9, 4), date(2026, 10, 1)
DELETED = b"%PDF-1.4 deleted %%EOF"


@pytest.fixture
def gate(house):
    return build.scenario(house.pip)


@pytest.fixture
def growing(house, gate):
    """Ten monthly counts from 41,000 on, 5,000 more each time."""
    for number in range(10):
        on = date(2026, 10, 1) - timedelta(days=30 * (9 - number))
        build.count(gate, 41_000 + 5_000 * number, on, source=f"IMP-2026-000{number}", source_sha256="ab" * 32)
    return gate


@pytest.fixture
def crossed(house, gate, today):
    """A PIP whose crossing of 4 September is confirmed."""
    build.count(gate, 101_259, SEPTEMBER, dedup_method="member id")
    services.confirm_crossing(
        house.pip, crossed_on=SEPTEMBER, method="member id", reason="agreed", by=house.people["officer"], today=today
    )
    reconcile(house.pip, today=today)
    dispatch(today=today)
    return gate


def of_pip(house, path):
    return url(house, f"pips/{house.pip.uscc}/{path}")


def read(house, path, role="officer"):
    answer = house.client(role).get(of_pip(house, path))
    assert answer.status_code == 200
    return text_of(answer)


def test_forecast_says_day_range_pace_and_its_own_error(house, growing):
    page = read(house, "counts/")
    # 14,000 are missing at 5,000 in thirty days: 84 days after 1 October.
    assert "Likely 2026-12-2" in page
    assert "1,16" in page and "persons a week" in page
    assert "persons eight weeks ahead (median of 6 past counts)" in page
    assert "Portal default, not law" in page
    assert "By the counts so far 100,000 will likely be reached about 2026-12-2" in read(house, "")


def test_log_names_source_and_hash_and_strikes_what_was_corrected(house, growing, today):
    services.enter_count(
        growing, counted_on=OCTOBER, persons=85_000, by=house.people["officer"], today=today, source="recount"
    )
    page = read(house, "counts/")
    assert "corrects 86,000" in page and "recount" in page
    assert "IMP-2026-0009" in page and "abababab" in page and "Officer" in page


def test_whole_log_is_paged_from_the_newest_entry(house, gate):
    for number in range(55):
        build.count(gate, 100 + number, date(2026, 6, 1) + timedelta(days=number))
    assert "Every count (55)" in read(house, "counts/")
    first = house.client("officer").get(of_pip(house, "counts/log/"))
    assert "2026-07-25" in text_of(first) and "2026-06-01" not in text_of(first)
    older = first.content.decode().split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "2026-06-01" in read(house, f"counts/log/{older}")


def test_scenario_out_of_scope_is_named_and_not_counted(house, growing):
    build.count(build.scenario(house.pip, "LAB", scope="out_rnd", scope_reason="training"), 70_000, OCTOBER)
    page = read(house, "counts/")
    assert "out of scope: not counted" in page and "86,000" in page and "156,000" not in page


def test_site_to_add_changes_the_number_and_the_day_and_stores_nothing(house, growing):
    before = Obligation.objects.count()
    page = read(house, "counts/?persons=6000&on=2026-10-20")
    assert "86,000 → 92,000" in page
    assert "2026-11-" in page
    at_once = read(house, "counts/?persons=20000&on=2026-10-20")
    assert "106,000" in at_once
    assert "With this site the line of 100,000 is reached on its first day." in at_once
    assert "File until: 2026-12-01" in at_once
    assert Obligation.objects.count() == before


@pytest.mark.parametrize(
    "query", ["persons=&on=2026-10-20", "persons=-1&on=2026-10-20", "persons=5&on=2020-01-01", "persons=x&on=y"]
)
def test_site_to_add_that_makes_no_sense_is_told_in_words(house, growing, query):
    page = read(house, f"counts/?{query}")
    assert "→" not in page
    assert any(word in page for word in ("required", "from today on", "greater than", "whole number", "valid date"))


def test_with_too_few_counts_the_page_says_what_is_missing(house, gate):
    build.count(gate, 1_000, SEPTEMBER)
    assert "Three counts on different days are needed" in read(house, "counts/")
    assert "No count yet" in read(build_empty(house), "counts/")


def build_empty(house):
    """The same people with a second PIP that has nothing."""
    pip = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="另一公司", province="31"))
    return type(house)(house.tenant, pip, house.people)


def test_pages_ask_the_same_questions_however_much_is_counted(house, crossed, today):
    client, asked = house.client("officer"), {}
    for number in (3, 40):
        for one in range(number):
            build.count(build.deployment(house.pip, f"D{number}-{one}", scenario=crossed), 10, SEPTEMBER)
        services.enter_count(crossed, counted_on=date(2026, 8, number % 28 + 1), persons=100_500, by=None, today=today)
        reconcile(house.pip, today=today)
        paths = {"counts": of_pip(house, "counts/"), "story": of_pip(house, "crossing/story/")}
        paths |= {"pip": of_pip(house, ""), "group": url(house, "pips/group/")}
        for name, path in paths.items():
            client.get(path)
            with CaptureQueriesContext(connection) as context:
                assert client.get(path).status_code == 200
            asked.setdefault(name, []).append(len(questions(context)))
    for name, (few, many) in asked.items():
        assert few == many, (name, asked)
        # The page of the PIP shows panels of other storeys besides, which answer for their own.
        assert many <= OF_EVERY_PAGE + (12 if name == "pip" else 6), (name, asked)


def test_late_count_is_shown_old_and_new_and_noted_by_its_page(house, crossed, today):
    build.count(crossed, 100_001, date(2026, 8, 10))
    reconcile(house.pip, today=today)
    dispatch(today=today)
    record = read(house, "")
    assert "Counts came that say another day" in record and "Compare and note" in record
    story = read(house, "crossing/story/")
    assert "2026-10-22 → 2026-09-20" in story
    assert "Told: Owner, Officer" in story or "Told: Officer, Owner" in story
    form = house.client("officer").get(of_pip(house, "crossing/note/"))
    assert 'value="2026-08-10"' in form.content.decode()
    done = house.client("officer").post(
        of_pip(house, "crossing/note/"),
        {"crossed_on": "2026-08-10", "method": "member id", "reason": "the site reported late"},
        follow=True,
    )
    assert "2026-08-10 holds" in text_of(done)
    assert CrossingNote.objects.get().noted_by == house.people["officer"]
    after = read(house, "")
    assert "2026-09-04 → 2026-08-10" in after and "Compare and note" not in after
    # There is nothing more to note: the page leads back.
    assert house.client("officer").get(of_pip(house, "crossing/note/")).status_code == 302


def test_fall_is_reviewed_by_counsel_on_a_page_of_its_own(house, crossed, today):
    build.count(crossed, 60_000, OCTOBER)
    reconcile(house.pip, today=today)
    assert "Review the fall" in read(house, "", "reviewer")
    assert "Review the fall" not in read(house, "", "operator")
    client, address = house.client("reviewer"), of_pip(house, "below/")
    assert "Article 15 doesn't say whether a fall" in text_of(client.get(address))
    assert "filed as a change" not in text_of(client.get(address))
    wrong = client.post(address, {"decision": "ended", "reason": "deleted"})
    assert wrong.status_code == 422 and "Give the proof" in text_of(wrong)
    proof = SimpleUploadedFile("deleted.pdf", DELETED)
    done = client.post(address, {"decision": "ended", "reason": "deleted on expiry", "proof": proof}, follow=True)
    assert "Recorded: the duty has ended with the fall." in text_of(done)
    assert BelowReview.objects.get().decided_by == house.people["reviewer"]
    assert Obligation.objects.get(rule="frm-15-initial").state == "not_required"
    assert "deleted on expiry" in read(house, "crossing/story/", "auditor")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("crossing/note/", {"owner", "officer"}),
        ("below/", {"owner", "reviewer"}),
    ],
)
def test_who_may_note_and_who_may_review(house, crossed, today, path, allowed):
    build.count(crossed, 60_000, OCTOBER)
    reconcile(house.pip, today=today)
    for role in ("owner", "officer", "reviewer", "operator", "auditor"):
        status = house.client(role).get(of_pip(house, path)).status_code
        assert (status != 403) == (role in allowed), (role, status)


def test_group_adds_up_its_pips_less_their_overlap_and_keeps_each(house, growing):
    other = build_empty(house).pip
    build.count(build.scenario(other, "OTHER"), 30_000, OCTOBER)
    page = text_of(house.client("officer").get(url(house, "pips/group/")))
    assert "116,000" in page and "86.0 %" in page and "30.0 %" in page
    assert "the group's number decides nothing" in page
    owner = house.client("owner")
    values = {"best_percent": 5, "most_percent": 10, "reasoning": "frequent flyers"}
    owner.post(url(house, "pips/group/overlap/"), values)
    assert GroupOverlap.objects.get().reasoning == "frequent flyers"
    page = text_of(owner.get(url(house, "pips/group/")))
    assert "110,200" in page and "104,400" in page and "frequent flyers" in page
    assert house.client("officer").get(url(house, "pips/group/overlap/")).status_code == 403


def test_steps_of_the_warning_are_set_by_the_owner(house, growing):
    owner, address = house.client("owner"), url(house, "pips/group/steps/")
    assert 'value="80, 90, 95"' in owner.get(address).content.decode()
    assert owner.post(address, {"steps": "70, hundred"}).status_code == 422
    assert owner.post(address, {"steps": "100"}).status_code == 422
    said = owner.post(address, {"steps": "70、 85%"}, follow=True)
    assert "warns at 70, 85 percent" in text_of(said)
    assert list(WarningStep.objects.values_list("percent", flat=True)) == [70, 85]
    assert "70 %" in text_of(owner.get(of_pip(house, "counts/")))
    assert "80, 90, 95" in text_of(owner.post(address, {"steps": ""}, follow=True))
    assert not WarningStep.objects.exists()


def test_million_is_shown_as_entered_by_hand_and_never_from_faces(house, growing):
    services.edit_pip(house.pip, total_pi_persons=1_200_000, million_reached_on=date(2026, 3, 2))
    page = read(house, "counts/")
    assert "1,200,000" in page and "1,000,000 reached" in page and "Face counts never make up this number" in page


def test_other_tenants_counts_are_not_there(house, growing, stranger):
    client = stranger.client("owner")
    for path in ("counts/", "counts/log/", "crossing/story/", "crossing/note/", "below/"):
        assert client.get(stranger.url(f"register/pips/{house.pip.uscc}/{path}")).status_code == 404
    assert "86,000" not in text_of(client.get(stranger.url("register/pips/group/")))

"""The directory of authorities: two platform accounts answer for an entry, all workspaces see it, nobody alters it."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from filings.models import AuthorityEntry, entry_of
from portal.law.enums import PROVINCES
from tests.calendars.notices import platform
from tests.filings import story

ENTRY = {
    "phone": "0351-3902026",
    "hours": "工作日9:00-11:30、14:30-17:30",
    "remark": "请说明备案主体",
    "source": "山西网信",
    "seen_on": "2026-10-09",
}


@pytest.fixture
def one(db, today) -> Client:
    return browser("one")


def browser(name: str) -> Client:
    client = Client()
    client.force_login(platform(name), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_entry_is_shown_once_another_account_has_confirmed_it(one):
    assert one.post("/platform/authorities/14/", ENTRY).status_code == 302
    row = AuthorityEntry.objects.get()
    assert entry_of("14") is None
    refused = one.post(f"/platform/authorities/entries/{row.pk}/confirm/")
    assert refused.status_code == 409 and entry_of("14") is None
    assert browser("two").post(f"/platform/authorities/entries/{row.pk}/confirm/").status_code == 302
    assert entry_of("14").phone == "0351-3902026"


def test_only_the_newest_entry_can_be_confirmed_and_only_once(one):
    one.post("/platform/authorities/14/", ENTRY)
    one.post("/platform/authorities/14/", ENTRY | {"phone": "0351-3902027"})
    older, newest = AuthorityEntry.objects.order_by("id")
    two = browser("two")
    assert two.post(f"/platform/authorities/entries/{older.pk}/confirm/").status_code == 409
    assert two.post(f"/platform/authorities/entries/{newest.pk}/confirm/").status_code == 302
    assert two.post(f"/platform/authorities/entries/{newest.pk}/confirm/").status_code == 409


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"phone": ""}, "telephone number or an address"),
        ({"phone": "ask there"}, "Give telephone numbers"),
        ({"notice_url": "javascript:alert(1)"}, "begins with http"),
        ({"seen_on": "2026-10-13"}, "future"),
        ({"source": ""}, "required"),
    ],
)
def test_entry_that_nobody_can_use_or_check_is_refused(one, changed, word):
    answer = one.post("/platform/authorities/14/", ENTRY | changed)
    assert answer.status_code == 422 and not AuthorityEntry.objects.exists()
    assert word in answer.content.decode()


def test_list_names_every_province_and_what_waits(one):
    one.post("/platform/authorities/14/", ENTRY)
    page = one.get("/platform/authorities/").content.decode()
    assert page.count("/platform/authorities/") >= 31 and f"0 of {len(PROVINCES)}" in page and "waiting" in page
    assert one.get("/platform/authorities/99/").status_code == 404


def test_dossier_shows_how_its_authority_is_reached(house):
    filing = story.opened(house)
    values = ENTRY | {"province": "11", "notice_url": "https://example.org/guide"}
    at = filing.opened_at
    AuthorityEntry.objects.create(
        **values, entered_at=at, entered_by=platform("one"), confirmed_at=at, confirmed_by=platform("two")
    )
    page = house.client("auditor").get(filing.get_absolute_url()).content.decode()
    assert "0351-3902026" in page and "https://example.org/guide" in page and "山西网信" in page


@pytest.mark.parametrize("role", ["owner", "auditor"])
def test_members_of_a_workspace_find_no_directory(house, role):
    for path in ("", "14/"):
        assert house.client(role).get(f"/platform/authorities/{path}").status_code == 404


def test_database_refuses_to_alter_what_was_entered(one):
    one.post("/platform/authorities/14/", ENTRY)
    for statement in ("UPDATE filings_authorityentry SET phone = '1'", "DELETE FROM filings_authorityentry"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)

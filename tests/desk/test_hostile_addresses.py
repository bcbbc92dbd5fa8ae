"""Addresses that nobody writes by accident: they lead to a page, to 404, never to an error and never elsewhere."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from portal.accounts.models import Membership
from portal.audit.services import AGREES
from tests import build

CURSORS = [
    '["\\u0000", 1]',
    "[1e400, 1]",
    '["a", 99999999999999999999999]',
    "[{}, {}]",
    "[null, null]",
    "[5, 5]",
    '[5, "a", 1]',
    '["\\ud800", 1]',
    "[NaN, 1]",
    "[[1], [2]]",
    "[5, 5, 5]",
    '[null, "a", 1]',
    "5",
    '"xy"',
]
ADDRESSES = [
    "duties/?after=1_2026-01-01_99999999999999999999999999",
    "duties/?after=1_10000-01-01_1",
    "inbox/?after=9999999999999999999999",
    "inbox/?after=²",
    "search/?q=%00",
    "register/deployments/?q=%00",
    "register/pips/%00/",
    "imports/%00/",
    "imports/?after=²",
    "filings/%00/",
    "assessments/PIA%00/",
    "register/deployments/new/?pip=%00",
    "register/deployments/new/?scenario=²",
    "register/deployments/new/?scenario=99999999999999999999999",
    "register/deployments/99999999999999999999999/",
    "trail/?since=0001-01-01&until=9999-12-31",
    "trail/?table=tenancy_pip&row=%00",
]


@pytest.mark.parametrize("name", ["pips", "scenarios", "sites", "deployments"])
def test_cursor_of_nonsense_is_no_error(house, name):
    client = house.client("officer")
    for cursor in CURSORS:
        for sort in ("", "-started", "site", "province", "name"):
            answer = client.get(house.url(f"register/{name}/?sort={sort}&after={quote(cursor)}"))
            assert answer.status_code in (200, 404), (cursor, sort)


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_of_nonsense_is_no_error(house, address):
    build.deployment(house.pip)
    assert house.client("officer").get(house.url(address)).status_code in (200, 404)


@pytest.mark.parametrize("target", ["//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_switching_the_language_leads_nowhere_else(house, target):
    answer = house.client("auditor").post("/me/language/", {"language": "en", "next": target})
    assert answer["Location"] == "/"


def test_switching_the_language_needs_the_forms_token(db):
    assert Client(enforce_csrf_checks=True).post("/me/language/", {"language": "en"}).status_code == 403


def test_signing_in_leads_nowhere_else(house):
    user = house.people["reviewer"]
    user.set_password(build.PASSWORD)
    user.save()
    entry = {"login": user.email, "password": build.PASSWORD, "next": "https://evil.example/"}
    assert Client(REMOTE_ADDR="10.1.1.1").post("/accounts/login/", entry)["Location"] == "/"


def test_open_session_of_somebody_whose_access_ended_opens_nothing(house, today):
    client = house.client("operator")
    assert client.get(house.url("duties/")).status_code == 200
    with house.acting("owner"):
        Membership.objects.filter(user=house.people["operator"]).update(ends_on=today - timedelta(days=1))
    for path in ("", "duties/", "inbox/", "imports/"):
        assert client.get(house.url(path)).status_code == 404
    assert client.post(house.url("inbox/read/")).status_code == 404


def test_no_cache_keeps_a_page_of_a_workspace(house):
    client = house.client("officer")
    for path in ("duties/", "register/deployments/?format=csv", "trail/export/"):
        answer = client.get(house.url(path))
        b"".join(answer.streaming_content if answer.streaming else [answer.content])
        assert "private" in answer.headers["Cache-Control"]


def test_every_event_takes_the_quick_way_of_the_verification(house):
    build.deployment(house.pip)
    house.pip.name = "新名"
    house.pip.save()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE {AGREES}) FROM audit_auditevent")
        every, quick = cursor.fetchone()
    assert every == quick > 0

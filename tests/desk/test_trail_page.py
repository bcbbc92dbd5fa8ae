"""The trail shows old → new in words, within what the reader may see."""

import csv
import hashlib
import io
import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from deployments.models import Deployment, Site
from portal.accounts.models import User
from portal.accounts.services import add_member, create_team, register_pip
from portal.desk.deeds import DEEDS
from portal.tenancy.models import Pip
from portal.tenancy.session import giving_reason, service
from tests import build


@service("deployment.edit")
def edit(**changes):
    Deployment.objects.update(**changes)


@pytest.fixture
def changed(house):
    build.deployment(house.pip)
    with giving_reason("typing error"):
        edit(status="suspended", note="人脸")
    return house


def entries(answer):
    return answer.context["entries"]


@pytest.mark.parametrize("role", ["owner", "officer", "reviewer", "auditor"])
def test_change_is_readable(changed, role):
    page = changed.client(role).get(changed.url("trail/"))
    newest = entries(page)[0]
    assert (newest.who, newest.deed, newest.reason) == ("Officer", "deployment edited", "typing error")
    assert ("status", "Active", "Suspended") in [(name, str(old), str(new)) for name, old, new in newest.changes]
    assert ("note", None, "人脸") in newest.changes


def test_key_is_shown_by_the_name_of_its_row(changed):
    with changed.acting("officer"):
        other = build.site(changed.pip, "HALL2")
        edit(site=other)
    newest = entries(changed.client("officer").get(changed.url("trail/")))[0]
    assert newest.changes == [("site", "S1", "HALL2")]


def test_values_are_in_the_readers_language(changed):
    client = changed.client("officer")
    client.post("/me/language/", {"language": "zh-hans", "next": "/"})
    newest = entries(client.get(changed.url("trail/")))[0]
    assert [new for _, _, new in newest.changes] == ["停用", "人脸"]


@pytest.mark.parametrize("role", ["operator", "vendor"])
def test_trail_is_closed_to_those_without_the_right(changed, role):
    assert changed.client(role).get(changed.url("trail/")).status_code == 403
    assert changed.client(role).get(changed.url("trail/export/")).status_code == 403


@pytest.fixture
def chosen(changed):
    """An auditor of a second PIP only, and a site at each."""
    with changed.acting("owner"):
        second = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="另一公司", province="33"))
        build.site(second, "THEIRS")
        team = create_team("guests", "auditor", pips=[second])
        person = User.objects.create_user("guest@acme.example", name="Guest", language="en")
        add_member(person, team, ends_on=date(2026, 12, 31))
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_auditor_with_chosen_pips_sees_their_events_and_those_of_the_workspace(changed, chosen):
    page = chosen.get(changed.url("trail/"))
    subjects = {(entry.event.table_name, entry.event.content["subject"]) for entry in entries(page)}
    assert ("deployments_site", "THEIRS") in subjects
    assert ("accounts_team", "guests") in subjects
    assert ("deployments_site", "S1") not in subjects
    pips = {entry.event.pip_id for entry in entries(page)} - {None}
    with changed.acting("owner"):
        assert pips == {Pip.objects.get(uscc="91330106MA2HTEXTX3").pk}


def test_export_is_scoped_like_the_page(changed, chosen):
    with changed.acting("owner"):
        own = Site.objects.get(code="S1")
    address = changed.url(f"trail/export/?table=deployments_site&row={own.pk}")
    assert len(chosen.get(address).content.decode("utf-8-sig").splitlines()) == 1
    assert len(changed.client("officer").get(address).content.decode("utf-8-sig").splitlines()) == 2


def test_exported_lines_carry_the_sealed_text_and_its_hash(changed):
    answer = changed.client("auditor").get(changed.url("trail/export/?format=jsonl&verb=deployment.edit"))
    lines = [json.loads(line) for line in answer.content.decode().splitlines()]
    assert len(lines) == 1
    assert hashlib.sha256(lines[0]["body"].encode()).hexdigest() == lines[0]["sha256"]
    assert json.loads(lines[0]["body"])["changes"]["note"] == ["", "人脸"]


def test_exported_table_is_harmless_in_a_spreadsheet(changed):
    with changed.acting("officer"):
        edit(note="=1+1")
        Deployment.objects.update(code="=cmd()")
    text = changed.client("officer").get(changed.url("trail/export/")).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("=cmd()" in cell for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("verb=deployment.edit", 1),
        ("table=deployments_deployment", 2),
        ("person=system&table=deployments_deployment", 0),
        ("table=deployments_deployment&until=2020-01-01", 0),
        ("table=deployments_deployment&since=2020-01-01", 2),
        ("table=deployments_deployment&since=nonsense", 2),
    ],
)
def test_trail_is_filtered(changed, query, count):
    assert len(entries(changed.client("officer").get(changed.url(f"trail/?{query}")))) == count


def test_trail_is_filtered_by_person(changed):
    officer = changed.people["officer"].pk
    found = entries(changed.client("owner").get(changed.url(f"trail/?person=user:{officer}")))
    assert found and {entry.event.actor for entry in found} == {f"user:{officer}"}
    reviewer = changed.people["reviewer"].pk
    assert entries(changed.client("owner").get(changed.url(f"trail/?person=user:{reviewer}"))) == []


def test_trail_pages_hold_every_event_once(changed):
    with changed.acting("officer"):
        for number in range(120):
            edit(note=str(number))
    client, seen, url = changed.client("officer"), [], changed.url("trail/?verb=deployment.edit")
    while url:
        page = client.get(url).context
        seen += [entry.event.pk for entry in page["entries"]]
        older = page["leaf"].older
        url = changed.url(f"trail/?verb=deployment.edit&{older}") if older else ""
    assert len(seen) == len(set(seen)) == 121
    assert seen == sorted(seen, reverse=True)


def test_trail_costs_the_same_at_three_and_at_eight(changed, cost):
    client, costs = changed.client("officer"), []
    for numbers in (range(2), range(2, 7)):
        for number in numbers:
            with changed.acting("officer"):
                edit(note=str(number))
        costs.append(cost(client, changed.url("trail/?verb=deployment.edit")))
    assert costs[0] == costs[1]


def test_every_verb_of_the_services_has_words():
    spoken = set()
    for app in ("portal", "deployments", "assessments", "filings"):
        for source in (settings.BASE_DIR / app).rglob("*.py"):
            spoken.update(re.findall(r'^@service\("([a-z_.]+)"\)', source.read_text(), re.MULTILINE))
    assert len(spoken) > 30 and spoken - DEEDS.keys() == set()


def test_person_in_a_column_is_shown_by_name(changed):
    with changed.acting("officer"):
        build.count(Deployment.objects.get(), 5, entered_by=changed.people["operator"])
    newest = entries(changed.client("owner").get(changed.url("trail/?table=deployments_personcount")))[0]
    assert ("entered by", None, "Operator") in newest.changes
    assert newest.what == "count 5 · 2026-09-01 added"


def test_trail_of_another_workspace_stays_there(changed, stranger):
    with stranger.acting("officer"):
        build.site(stranger.pip, "CANARY77")
    assert b"CANARY77" not in changed.client("owner").get(changed.url("trail/")).content
    assert stranger.client("owner").get(changed.url("trail/")).status_code == 404

"""The people of a workspace: who adds them, how their access ends."""

import re
from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Membership, PipGroupPermission, Team, User
from tests import build


def form(house, **changes):
    with house.acting("owner"):
        team = Team.objects.get(name=changes.pop("team", "officer team"))
    return {"email": "New@acme.example", "name": "Neu", "language": "en", "team": team.pk, "ends_on": ""} | changes


@pytest.mark.parametrize("role", ["officer", "reviewer", "operator", "vendor", "auditor"])
def test_only_owners_see_people(house, role):
    assert house.client(role).get(house.url("people/")).status_code == 403
    assert house.client("owner").get(house.url("people/")).status_code == 200


def test_invited_person_chooses_a_password_and_works(house, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = house.client("owner").post(house.url("people/add/"), form(house))
    assert answer.status_code == 302
    assert mail.outbox[0].to == ["new@acme.example"]
    link = re.search(r"http://[^/]+(/accounts/\S+)", mail.outbox[0].body)[1]
    client = Client()
    page = client.get(link, follow=True)
    chosen = {"password1": "a fresh long phrase", "password2": "a fresh long phrase"}
    client.post(page.request["PATH_INFO"], chosen)
    assert client.login(email="new@acme.example", password="a fresh long phrase")
    assert client.get(house.url("duties/")).status_code == 200


def test_known_person_is_added_without_a_second_account(house, stranger):
    answer = house.client("owner").post(house.url("people/add/"), form(house, email="officer@stranger.example"))
    assert answer.status_code == 302
    assert User.objects.filter(email__iexact="officer@stranger.example").count() == 1
    assert stranger.client("officer").get(house.url("duties/")).status_code == 200


def test_auditor_needs_an_end_that_has_not_passed(house):
    client = house.client("owner")
    for ends_on in ("", "2026-10-11"):
        answer = client.post(house.url("people/add/"), form(house, team="auditor team", ends_on=ends_on))
        assert answer.status_code == 422
    answer = client.post(house.url("people/add/"), form(house, team="auditor team", ends_on="2026-12-31"))
    assert answer.status_code == 302


def test_team_of_another_workspace_is_no_choice(house, stranger):
    with stranger.acting("owner"):
        foreign = Team.objects.get(name="owner team")
    answer = house.client("owner").post(house.url("people/add/"), form(house) | {"team": foreign.pk})
    assert answer.status_code == 422


def test_ended_access_lets_nobody_in(house):
    with house.acting("owner"):
        membership = Membership.objects.get(user=house.people["reviewer"])
    reviewer = house.client("reviewer")
    assert reviewer.get(house.url("duties/")).status_code == 200
    assert house.client("owner").post(house.url(f"people/{membership.pk}/end/")).status_code == 302
    assert reviewer.get(house.url("duties/")).status_code == 404


def test_last_owner_cannot_be_removed(house):
    with house.acting("owner"):
        membership = Membership.objects.get(user=house.people["owner"])
    client = house.client("owner")
    assert client.post(house.url(f"people/{membership.pk}/end/")).status_code == 409
    assert client.post(house.url(f"people/{membership.pk}/"), {"ends_on": "2026-12-31"}).status_code == 409
    client.post(house.url("people/add/"), form(house, team="owner team"))
    assert client.post(house.url(f"people/{membership.pk}/end/")).status_code == 302


def test_end_of_access_is_changed(house):
    with house.acting("owner"):
        membership = Membership.objects.get(user=house.people["auditor"])
    client = house.client("owner")
    url = house.url(f"people/{membership.pk}/")
    assert client.get(url).status_code == 200
    assert client.post(url, {"ends_on": ""}).status_code == 422
    assert client.post(url, {"ends_on": "2026-12-31"}).status_code == 302
    with house.acting("owner"):
        membership.refresh_from_db()
    assert membership.ends_on == date(2026, 12, 31)


def test_person_of_another_workspace_is_not_found(house, stranger):
    with stranger.acting("owner"):
        foreign = Membership.objects.get(user=stranger.people["officer"])
    assert house.client("owner").get(house.url(f"people/{foreign.pk}/")).status_code == 404


def test_team_for_chosen_pips_sees_only_those(house):
    with house.acting("owner"):
        second = build.register_pip(build.Pip(uscc="91330106MA2HTEXTX3", name="另一公司", province="33"))
    client = house.client("owner")
    made = {"name": "Counsel", "role": "reviewer", "scope": "chosen"}
    assert client.post(house.url("people/teams/add/"), made).status_code == 422
    assert client.post(house.url("people/teams/add/"), made | {"pips": [second.pk]}).status_code == 302
    client.post(house.url("people/add/"), form(house, team="Counsel"))
    reader = Client()
    reader.force_login(
        User.objects.get(email="new@acme.example"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = reader.get(house.url("")).content.decode()
    assert "另一公司" in page and house.pip.name not in page


def test_list_of_people_costs_the_same_at_three_and_at_eight(house):
    client = house.client("owner")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(house.url("people/"))
        return len(queries)

    before = cost()
    for number in range(5):
        client.post(house.url("people/add/"), form(house, email=f"p{number}@acme.example"))
    assert cost() == before


def test_operator_opens_a_workspace_with_its_first_owner(db, today, capsys):
    call_command("create_tenant", "new-house", "新公司", owner="boss@new.example", owner_name="Boss", language="en")
    assert "/accounts/password/reset/key/" in capsys.readouterr().out
    client = Client()
    client.force_login(
        User.objects.get(email="boss@new.example"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get("/t/new-house/people/").status_code == 200
    with pytest.raises(CommandError):
        call_command("create_tenant", "new-house", "x", owner="other@new.example", owner_name="O")
    assert not User.objects.filter(email="other@new.example").exists()


def test_operator_adds_a_person(house, capsys):
    call_command("add_person", "aud@acme.example", tenant="acme", name="Aud", role="auditor", until=date(2026, 12, 31))
    call_command("sync_grants", "--check")
    assert "acme: 0 rows are wrong" in capsys.readouterr().out
    with pytest.raises(CommandError, match="end date"):
        call_command("add_person", "aud2@acme.example", tenant="acme", name="Aud", role="auditor", language="en")
    with pytest.raises(CommandError, match="no tenant"):
        call_command("add_person", "x@acme.example", tenant="nowhere", name="X", role="officer")


def test_drift_of_grants_is_found_and_put_right(house, capsys):
    with house.acting("owner"):
        PipGroupPermission.objects.first().delete()
    with pytest.raises(SystemExit):
        call_command("sync_grants", "--check")
    call_command("sync_grants")
    call_command("sync_grants", "--check")
    assert "acme: 0 rows are wrong" in capsys.readouterr().out

"""Signing in, passwords, language and appearance."""

import re

import pytest
from django.core import mail
from django.test import Client

from portal.accounts.models import User
from tests import build

PASSWORD = build.PASSWORD


@pytest.fixture
def officer(house):
    person = house.people["officer"]
    person.set_password(PASSWORD)
    person.save()
    return person


def test_person_signs_in_by_email_and_lands_in_the_only_workspace(house, officer):
    client = Client()
    answer = client.post("/accounts/login/", {"login": "Officer@acme.example", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == house.url("")
    assert answer.status_code == 200


def test_wrong_password_is_refused_in_plain_words(officer):
    answer = Client().post("/accounts/login/", {"login": officer.email, "password": "wrong"})
    assert answer.status_code == 200
    assert b"aria-describedby" in answer.content or b"notice" in answer.content
    assert "_auth_user_id" not in answer.client.session


def test_nobody_can_sign_up(db):
    assert Client().get("/accounts/signup/").status_code == 404


def test_signing_out_needs_a_post(house):
    client = house.client("officer")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get(house.url("")).status_code == 200
    client.post("/accounts/logout/")
    assert client.get(house.url("")).status_code == 302


def test_forgotten_password_is_chosen_anew_through_the_mailed_link(officer, django_capture_on_commit_callbacks):
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/password/reset/", {"email": officer.email}, follow=True)
    assert answer.status_code == 200
    assert "Choose a new password" in mail.outbox[0].subject
    link = re.search(r"http://[^/]+(/accounts/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    done = client.post(
        form.request["PATH_INFO"], {"password1": "a fresh long phrase", "password2": "a fresh long phrase"}
    )
    assert done.status_code == 302
    assert Client().login(email=officer.email, password="a fresh long phrase")
    assert b"not valid any more" in Client().get(link, follow=True, headers={"accept-language": "en"}).content


def test_reset_says_the_same_for_an_unknown_address_and_mails_nobody(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post("/accounts/password/reset/", {"email": "nobody@else.example"})
    assert answer.status_code == 302
    assert mail.outbox == []


def test_password_is_changed_only_with_the_old_one(officer):
    client = Client()
    client.login(email=officer.email, password=PASSWORD)
    new = {"password1": "a fresh long phrase", "password2": "a fresh long phrase"}
    assert client.post("/accounts/password/change/", {"oldpassword": "wrong", **new}).status_code == 200
    assert client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new}).status_code == 302
    assert User.objects.get(pk=officer.pk).check_password("a fresh long phrase")


def test_visitors_language_is_kept_in_a_cookie(db):
    client = Client(headers={"accept-language": "zh-CN"})
    assert 'lang="zh-Hans"' in client.get("/accounts/login/").content.decode()
    client.post("/me/language/", {"language": "en", "next": "/accounts/login/"})
    assert 'lang="en"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("role", ["officer", "auditor", "vendor"])
def test_everybody_switches_the_own_language(house, role):
    client = house.client(role)
    answer = client.post("/me/language/", {"language": "zh-hans", "next": house.url("inbox/")})
    assert answer.url == house.url("inbox/")
    assert User.objects.get(pk=house.people[role].pk).language == "zh-hans"
    assert 'lang="zh-Hans"' in client.get(house.url("inbox/")).content.decode()


def test_language_switch_leads_to_no_foreign_page(house):
    answer = house.client("officer").post("/me/language/", {"language": "en", "next": "https://evil.example/"})
    assert answer.url == "/"


def test_appearance_and_settings_are_saved(house):
    client = house.client("auditor")
    client.post("/me/appearance/", {"theme": "dark", "next": "/"})
    client.post("/me/appearance/", {"density": "nonsense", "next": "/"})
    person = User.objects.get(pk=house.people["auditor"].pk)
    assert (person.theme, person.density) == ("dark", "comfortable")
    form = {"name": "Ann", "language": "en", "theme": "light", "density": "compact"}
    assert client.post("/me/", form).status_code == 302
    assert client.post("/me/", form | {"theme": "pink"}).status_code == 422
    person.refresh_from_db()
    assert (person.name, person.theme, person.density) == ("Ann", "light", "compact")

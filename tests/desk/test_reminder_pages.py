"""The link of a mail and the answers on a duty's page; the ladder's page; the way to what is missing."""

import re
import time
from datetime import date, timedelta

import pytest
from django.core import mail, signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Membership
from portal.clock.dispatch import dispatch
from portal.clock.links import PURPOSE, answer_url
from portal.clock.models import Acknowledgement, Ladder
from portal.obligations.models import Delivery
from portal.tenancy.session import acting
from tests.clock.conftest import LAW, duty

AIM = date(2026, 11, 20)


@pytest.fixture
def told(house, today):
    """A date of law of which the officer got a mail."""
    row = duty(house, LAW, AIM, today=today)
    dispatch(today=today)
    return row


def link() -> str:
    """The path behind "I am on it" in the officer's mail."""
    (letter,) = [message for message in mail.outbox if message.to == ["officer@acme.example"]]
    return re.search(r"I am on it → http://[^/]+(/a/\S+)", letter.body)[1]


def answers(house) -> list[Acknowledgement]:
    with house.acting("officer"):
        return list(Acknowledgement.objects.order_by("id"))


def test_link_shows_the_duty_without_sign_in_and_a_look_answers_nothing(house, told):
    page = Client().get(link())
    body = page.content.decode()
    assert page.status_code == 200
    assert told.title in body and house.pip.name in body and "You answer as Officer" in body
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert answers(house) == []


def test_one_button_says_i_am_on_it(house, told):
    path, client = link(), Client(enforce_csrf_checks=True)
    answer = client.post(path, {"kind": "on_it"})
    assert (answer.status_code, answer.url) == (302, path)
    (kept,) = answers(house)
    assert (kept.user, kept.kind, kept.obligation_id, kept.aims_at) == (house.people["officer"], "on_it", told.pk, AIM)
    assert "is on it. Reminders rest until" in client.get(path).content.decode()


def test_used_link_answers_no_second_time(house, told):
    path = link()
    Client().post(path, {"kind": "on_it"})
    again = Client().post(path, {"kind": "snooze", "days": 3, "reason": "waits"})
    assert "Your answer is kept" in again.content.decode()
    assert len(answers(house)) == 1


def test_putting_off_by_the_link_wants_a_reason(house, told):
    path = link()
    refused = Client().post(path, {"kind": "snooze", "days": 3, "reason": " "})
    assert refused.status_code == 422 and "Say why it may rest" in refused.content.decode()
    assert Client().post(path, {"kind": "snooze", "days": 3, "reason": "waits for the seal"}).status_code == 302
    assert [(one.kind, one.reason) for one in answers(house)] == [("snooze", "waits for the seal")]


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_that_nobody_made_or_that_ran_out_opens_nothing(house, told, method, monkeypatch):
    path = link()
    for wrong in ("/a/x/", path[:-3] + "zz/", f"/a/{signing.dumps([house.tenant.pk, 1], salt='else')}/"):
        answer = getattr(Client(), method)(wrong)
        assert answer.status_code == 410 and told.title not in answer.content.decode()
    later = time.time() + timedelta(days=61).total_seconds()
    monkeypatch.setattr(time, "time", lambda: later)
    answer = getattr(Client(), method)(path)
    assert answer.status_code == 410 and "链接已失效" in answer.content.decode()
    assert answers(house) == []


def test_link_to_a_row_that_is_not_there_opens_nothing(house, told, stranger):
    theirs = Delivery.objects.filter(channel="mail").first()
    for token in ([house.tenant.pk, 0], [stranger.tenant.pk, theirs.pk], ["x", None], "x"):
        assert Client().get(f"/a/{signing.dumps(token, salt=PURPOSE)}/").status_code == 410


def test_link_of_somebody_whose_access_ended_opens_nothing(house, told):
    Membership.objects.filter(user=house.people["officer"]).update(ends_on=date(2026, 10, 11))
    answer = Client().post(link(), {"kind": "on_it"})
    assert answer.status_code == 410 and "Your access to this has ended" in answer.content.decode()
    assert answers(house) == []


def test_link_of_a_date_that_moved_says_so(house, told):
    told.safe_on = told.due_on = date(2026, 12, 1)
    told.save()
    answer = Client().post(link(), {"kind": "on_it"})
    assert answer.status_code == 410 and "The date has moved" in answer.content.decode()


def test_link_of_a_duty_that_is_met_says_so(house, told):
    told.state = "met"
    told.save()
    assert "open no more" in Client().post(link(), {"kind": "on_it"}).content.decode()
    assert answers(house) == []


def test_link_answers_for_its_person_whoever_is_signed_in(house, told):
    house.client("auditor").post(link(), {"kind": "on_it"})
    assert [one.user for one in answers(house)] == [house.people["officer"]]


def test_page_behind_the_link_speaks_the_language_of_its_person(house, told):
    officer = house.people["officer"]
    officer.language = "zh-hans"
    officer.save(update_fields=["language"])
    assert "我在处理" in Client(headers={"accept-language": "en"}).get(link()).content.decode()


def test_duty_page_takes_both_answers_and_the_timeline_has_them(house, told):
    client = house.client("officer")
    assert "Nobody has said so yet" in client.get(told.get_absolute_url()).content.decode()
    address = house.url(f"duties/{told.pk}/answer/")
    assert client.post(address, {"kind": "on_it"}).url == told.get_absolute_url()
    assert client.post(address, {"kind": "snooze", "days": "2", "reason": ""}).status_code == 422
    assert client.post(address, {"kind": "snooze", "days": "2", "reason": "waits for the seal"}).status_code == 302
    body = client.get(told.get_absolute_url()).content.decode()
    assert "waits for the seal" in body.split('id="timeline"')[1]
    assert house.client("auditor").post(address, {"kind": "on_it"}).status_code == 403


def test_auditor_sees_the_answers_and_no_button(house, told):
    house.client("officer").post(house.url(f"duties/{told.pk}/answer/"), {"kind": "on_it"})
    body = house.client("auditor").get(told.get_absolute_url()).content.decode()
    assert "is on it" in body and f"duties/{told.pk}/answer/" not in body


def test_page_of_a_duty_asks_the_same_for_three_answers_and_for_eight(house, told):
    def cost(number: int) -> int:
        with acting(house.tenant, actor="system:test"):
            for each in range(number):
                Acknowledgement.objects.create(
                    tenant=house.tenant, pip=house.pip, obligation=told, user=house.people["officer"], aims_at=AIM,
                    kind="snooze", until=AIM, reason=f"{number}-{each}", at="2026-10-12T02:00:00Z",
                )  # fmt: skip
        client = house.client("officer")
        with CaptureQueriesContext(connection) as queries:
            client.get(told.get_absolute_url())
        return len(queries)

    assert cost(3) == cost(5)


def test_way_to_what_is_missing_leads_there(house, told):
    page = house.client("officer").get(house.url(f"duties/{told.pk}/mend/"))
    assert page.status_code == 302
    assert house.client("officer").get(page.url).status_code == 200


def test_owner_sets_the_ladder_and_nobody_else(house, told):
    address = house.url("settings/reminders/")
    assert house.client("officer").get(address).status_code == 403
    client = house.client("owner")
    body = client.get(address).content.decode()
    assert "Portal default, not law" in body and "20, 10, 5, 3, 1, 0" in body
    assert client.post(address, {"days": "15，5 1、0", "escalate_after": "3"}).status_code == 302
    with house.acting("owner"):
        ladder = Ladder.objects.get()
        assert (ladder.days, ladder.escalate_after) == ([15, 5, 1, 0], 3)
        assert set(told.reminders.filter(state="planned").values_list("rung", flat=True)) == {"15", "5", "1", "0"}
    assert "set by this workspace" in client.get(address).content.decode()


@pytest.mark.parametrize("days", ["", "x", "61", "-1", ",".join(map(str, range(11)))])
def test_ladder_that_makes_no_sense_is_refused(house, days):
    answer = house.client("owner").post(house.url("settings/reminders/"), {"days": days, "escalate_after": "2"})
    assert answer.status_code == 422


def test_link_stands_on_the_address_of_the_portal(house, told, settings):
    settings.BASE_URL = "https://portal.example/"
    assert answer_url(Delivery.objects.first()).startswith("https://portal.example/a/")


def test_letter_that_waits_for_the_next_morning_is_no_alarm(house, told):
    long_ago = timezone.now() - timedelta(hours=2)
    mails = Delivery.objects.filter(channel="mail")
    mails.update(state="waiting", created_at=long_ago, attempts=0, next_attempt_at=timezone.now() + timedelta(hours=9))
    assert "No mail is stuck" in house.client("owner").get(house.url("health/")).content.decode()
    mails.update(attempts=1)
    assert "No mail is stuck" not in house.client("owner").get(house.url("health/")).content.decode()

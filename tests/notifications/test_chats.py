"""Deliveries to robots: who hears of what, one card a round, and mail in the place of what fails."""

import json
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.accounts.services import register_pip
from portal.clock import chats
from portal.clock.chats import MOST_ATTEMPTS
from portal.clock.dispatch import dispatch
from portal.law.engine import RULES
from portal.notifications import services
from portal.obligations.models import Delivery, Obligation
from portal.tenancy.models import Pip
from tests.notifications.platforms import running
from tests.notifications.robots import LAW, OWN, tell, working

PEOPLE = 2  # owner and officer
LATER = timedelta(hours=2)


def of_robot(**lookup):
    return Delivery.objects.filter(channel="robot", **lookup)


def again():
    """Let the time of the next attempt come."""
    Delivery.objects.filter(state="waiting").update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_one_card_tells_a_chat_of_all_that_waits(house, platform, today):
    working(house, platform)
    tell(house, LAW, 2)
    tell(house, OWN, 7)
    dispatch(today=today)
    assert len(platform.bodies) == 1
    text = platform.bodies[0]["markdown"]["content"]
    assert text.index("Dates set by law") < text.index("portal, not law") and "and 4 more" in text
    assert Counter(of_robot().values_list("state", "attempts", "sent_on")) == {("sent", 1, today): 9}
    dispatch(today=today)
    assert len(platform.bodies) == 1


def test_untested_robot_is_told_nothing(house, platform, today):
    robot = working(house, platform)
    services.switch_off(robot)
    tell(house)
    dispatch(today=today)
    assert not of_robot().exists() and platform.bodies == []


@pytest.mark.parametrize("is_law_only", [False, True])
@pytest.mark.parametrize("is_chosen", [False, True])
@pytest.mark.parametrize("wants_advice", [False, True])
@pytest.mark.parametrize("layer", ["law", "standard", "practice", "default"])
def test_layer_choice_and_scope_say_which_channel_tells(house, today, layer, wants_advice, is_chosen, is_law_only):
    rule = next(rule.id for rule in RULES if rule.layer == layer)
    other = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="二号公司", province="33"))
    with running("wecom") as platform:
        working(house, platform, pips=[other] if is_chosen else None, is_law_only=is_law_only)
        officer = house.people["officer"]
        services.choose_channels(house.tenant, officer, mails_recommended=wants_advice)
        tell(house, rule)
        dispatch(today=today)
    rows = Delivery.objects.all()
    assert rows.filter(channel="inbox").count() == PEOPLE
    assert rows.filter(channel="mail", user=house.people["owner"]).count() == 1
    assert rows.filter(channel="mail", user=officer).count() == (layer == "law" or wants_advice)
    assert rows.filter(channel="robot").count() == (not is_chosen and (layer == "law" or not is_law_only))


def test_final_failure_is_mailed_to_those_who_relied_on_the_robot_once(house, platform, today):
    robot = working(house, platform)
    services.choose_channels(house.tenant, house.people["officer"], mails_recommended=False)
    tell(house, OWN)
    platform.answer = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    dispatch(today=today)
    failed = of_robot().get()
    assert (failed.state, failed.error) == ("failed", "#platform 93000: invalid webhook url")
    instead = Delivery.objects.get(instead_of=failed)
    assert (instead.user, instead.channel, instead.state) == (house.people["officer"], "mail", "sent")
    assert sorted(message.to[0].split("@")[0] for message in mail.outbox) == ["officer", "owner"]
    page = house.client("auditor").get(house.url("deliveries/")).content.decode()
    assert f"instead of {robot.name}" in page and "93000" in page
    dispatch(today=today)
    assert len(mail.outbox) == PEOPLE


def test_passing_failure_is_tried_again_with_the_same_card_and_then_mailed_instead(house, platform, today):
    working(house, platform)
    services.choose_channels(house.tenant, house.people["officer"], mails_recommended=False)
    tell(house, OWN, 3)
    platform.status = 500
    for attempt in range(1, MOST_ATTEMPTS + 1):
        dispatch(today=today)
        tell(house, OWN, 1)
        rows = list(of_robot().order_by("id")[:3])
        assert {row.attempts for row in rows} == {attempt} and len({row.letter for row in rows}) == 1
        again()
    assert {row.state for row in rows} == {"failed"}
    assert Delivery.objects.filter(instead_of__in=rows).count() == 3


def test_robot_switched_off_meanwhile_is_mailed_instead(house, platform, today):
    robot = working(house, platform)
    services.choose_channels(house.tenant, house.people["officer"], mails_recommended=False)
    tell(house, OWN)
    platform.status = 503
    dispatch(today=today)
    services.switch_off(robot)
    again()
    dispatch(today=today)
    assert of_robot().get().state == "failed" and of_robot().get().error == "#off"
    assert len([message for message in mail.outbox if message.to == ["officer@acme.example"]]) == 1


def test_hanging_robot_holds_up_neither_another_nor_the_mails(house, today, settings):
    settings.SECONDS_A_ROUND = settings.SECONDS_A_ROUND | {"robots": 60}
    with running("wecom") as hanging, running("feishu") as other:
        working(house, hanging)
        working(house, other)
        hanging.mode = "hangs"
        tell(house, LAW, 3)
        begun = time.monotonic()
        dispatch(today=today)
        assert time.monotonic() - begun < 10
        assert len(other.bodies) == 1 and len(mail.outbox) == PEOPLE
        waiting = of_robot(state="waiting")
        assert waiting.count() == 3 and {row.error for row in waiting} == {"#slow"}
        assert all(row.next_attempt_at > timezone.now() for row in waiting)


def test_spent_budget_leaves_the_rest_to_the_next_round(house, platform, today, settings):
    working(house, platform)
    tell(house)
    settings.SECONDS_A_ROUND = settings.SECONDS_A_ROUND | {"robots": 0, "mail": 0}
    dispatch(today=today)
    assert platform.bodies == [] and mail.outbox == []
    assert set(Delivery.objects.exclude(channel="inbox").values_list("state", "attempts")) == {("waiting", 0)}
    settings.SECONDS_A_ROUND = settings.SECONDS_A_ROUND | {"robots": 45, "mail": 90}
    dispatch(today=today)
    assert len(platform.bodies) == 1 and len(mail.outbox) == PEOPLE


def test_claim_of_a_killed_worker_is_taken_again_and_posts_the_same_card(house, platform, today):
    working(house, platform)
    tell(house, OWN, 2)
    dispatch(today=today)
    of_robot().update(state="waiting", lease_until=timezone.now() + LATER)
    dispatch(today=today)
    assert len(platform.bodies) == 1
    of_robot().update(lease_until=timezone.now() - timedelta(seconds=1))
    dispatch(today=today)
    first, second = (json.dumps(body, sort_keys=True) for body in platform.bodies)
    assert first == second and set(of_robot().values_list("state", "attempts")) == {("sent", 2)}


def test_card_is_in_the_language_of_the_chat(house, platform, today):
    working(house, platform, language="zh-hans")
    tell(house, LAW, 1, safe_on=date(2026, 10, 20))
    dispatch(today=today)
    assert "1项法定期限" in platform.bodies[0]["markdown"]["content"]


def test_timeline_of_a_duty_tells_of_the_chat_as_of_the_mails(house, platform, today):
    robot = working(house, platform, name="Legal chat")
    (duty,) = tell(house, LAW)
    dispatch(today=today)
    story = house.client("officer").get(duty.get_absolute_url()).context["story"]
    told = Counter((entry.what, entry.who) for entry in story if entry.kind == "mail")
    assert told == {
        ("Reminder posted in a chat", str(robot)): 1,
        ("Reminder mailed", str(house.people["owner"])): 1,
        ("Reminder mailed", str(house.people["officer"])): 1,
    }


def test_chat_that_failed_once_is_told_nothing_of_what_was_done_meanwhile(house, platform, today):
    working(house, platform)
    done, left = tell(house, LAW, 2)
    platform.status = 500
    dispatch(today=today)
    Obligation.objects.filter(pk=done.pk).update(state="met")
    platform.status = 200
    platform.bodies.clear()
    again()
    dispatch(today=today)
    (card,) = platform.bodies
    assert f"duties/{left.pk}/" in str(card) and f"duties/{done.pk}/" not in str(card)
    states = dict(of_robot().values_list("reminder__obligation_id", "state"))
    assert states == {done.pk: "dropped", left.pk: "sent"}


def test_robot_that_fails_for_good_causes_no_mail_about_what_was_done_meanwhile(house, platform, today):
    robot = working(house, platform)
    services.choose_channels(house.tenant, house.people["officer"], mails_recommended=False)
    done, left = tell(house, OWN, 2)
    platform.status = 503
    dispatch(today=today)
    Obligation.objects.filter(pk=done.pk).update(state="met")
    services.switch_off(robot)
    again()
    dispatch(today=today)
    instead = Delivery.objects.filter(instead_of__isnull=False)
    assert [row.reminder.obligation_id for row in instead] == [left.pk]


def test_backlog_of_a_chat_goes_in_several_cards(house, platform, today, monkeypatch):
    monkeypatch.setattr(chats, "MOST_OF_A_CARD", 4)
    working(house, platform)
    tell(house, OWN, 9)
    for cards in (1, 2, 3):
        dispatch(today=today)
        assert len(platform.bodies) == cards
    assert of_robot(state="sent").count() == 9
    assert sorted(Counter(of_robot().values_list("letter", flat=True)).values()) == [1, 4, 4]


def test_chat_from_which_a_pip_was_taken_meanwhile_is_not_told_of_it_and_people_are(house, platform, today):
    robot = working(house, platform)
    services.choose_channels(house.tenant, house.people["officer"], mails_recommended=False)
    other = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="二号公司", province="33"))
    tell(house, OWN, 1)
    tell(house, OWN, 1, pip=other)
    platform.status = 500
    dispatch(today=today)
    fields = {"name": "wecom", "language": "en", "address": "", "secret": "", "is_law_only": False}
    services.change_robot(robot, pips=[other], **fields)
    platform.status, platform.bodies = 200, []
    again()
    dispatch(today=today)
    (card,) = platform.bodies
    assert other.name in str(card) and house.pip.name not in str(card)
    assert dict(of_robot().values_list("pip__name", "error")) == {house.pip.name: "#off", other.name: ""}
    (instead,) = Delivery.objects.filter(instead_of__isnull=False)
    assert (instead.user, instead.pip) == (house.people["officer"], house.pip)

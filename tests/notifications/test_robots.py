"""What robots are sent: signed as each platform checks it, as long as it takes, with no mark that people wrote."""

import json

import pytest

from portal.audit.models import AuditEvent
from portal.notifications import services
from portal.notifications.failures import NotAccepted
from portal.notifications.models import Robot
from portal.notifications.robots import Card, Line, message_of, secrets_of, send_card
from tests.notifications.platforms import SECRET
from tests.notifications.robots import robot_of

CHATS = ["wecom", "dingtalk", "feishu"]
CARD = Card(
    "[Acme] 2 dates set by law", [("Dates set by law", [Line("File · Acme", "https://p.example/1")])], Line("All")
)


@pytest.mark.parametrize("platform", CHATS, indirect=True)
def test_platform_takes_the_signed_card(house, platform):
    send_card(robot_of(house, platform.kind, platform.address), CARD)
    sent = json.dumps(platform.bodies[0], ensure_ascii=False)
    assert "2 dates set by law" in sent and "https://p.example/1" in sent


@pytest.mark.parametrize("platform", ["dingtalk", "feishu"], indirect=True)
def test_wrong_secret_is_refused_by_the_platform_for_good(house, platform):
    with pytest.raises(NotAccepted) as caught:
        send_card(robot_of(house, platform.kind, platform.address, secret="another secret"), CARD)
    assert "sign" in str(caught.value) and caught.value.is_final


@pytest.mark.parametrize(
    ("platform", "answer"),
    [("wecom", b'{"errcode": 45009}'), ("dingtalk", b'{"errcode": 130101}'), ("feishu", b'{"code": 11232}')],
    indirect=["platform"],
)
def test_platform_that_is_asked_too_often_is_tried_again(house, platform, answer):
    platform.answer = answer
    with pytest.raises(NotAccepted) as caught:
        send_card(robot_of(house, platform.kind, platform.address), CARD)
    assert not caught.value.is_final


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"{}", b"null", b'"errcode"'])
def test_answer_that_is_none_of_the_platform_is_no_success(house, platform, answer):
    platform.answer = answer
    with pytest.raises(NotAccepted):
        send_card(robot_of(house, platform.kind, platform.address), CARD)


def test_words_of_the_platform_never_repeat_the_secret(house, platform):
    robot = robot_of(house, platform.kind, platform.address)
    platform.answer = json.dumps({"errcode": 93000, "errmsg": f"bad url {platform.address}"}).encode()
    with pytest.raises(NotAccepted) as caught:
        send_card(robot, CARD)
    assert "0a1b2c3d" not in str(caught.value)


@pytest.mark.parametrize("kind", CHATS)
def test_long_card_is_cut_to_what_the_platform_takes_and_keeps_its_last_line(kind):
    lines = [Line(f"备案 {number} · 示例科技有限公司 · 到期", "https://p.example/duties/1") for number in range(900)]
    message = json.dumps(
        message_of(kind, Card("标题", [("法定期限", lines)], Line("全部", "https://p.example/all"))),
        ensure_ascii=False,
    )
    assert "备案 0" in message and "备案 899" not in message and "https://p.example/all" in message
    assert len(message.encode()) < {"wecom": 4096 + 200, "dingtalk": 20_000, "feishu": 20_000}[kind]
    content = json.loads(message)
    if kind == "wecom":
        assert len(content["markdown"]["content"].encode()) <= 4096


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_what_people_wrote_becomes_no_link_and_calls_nobody(kind):
    hostile = Line("门店](https://evil.example) <@all> @all **x**", "https://p.example/1")
    body = message_of(kind, Card("t", [("h", [hostile])], None))
    text = body["markdown"].get("content") or body["markdown"]["text"]
    assert "<@all>" not in text and "@all" not in text and "](https://evil" not in text.replace("\\](", "")
    assert text.rstrip().endswith("](https://p.example/1)")


def test_secrets_are_encrypted_and_the_trail_never_saw_them(house):
    robot = robot_of(house, "dingtalk", "http://127.0.0.1:1/robot/send?access_token=tok3n")
    services.change_robot(
        robot,
        name="x",
        language="en",
        address="http://127.0.0.1:1/robot/send?access_token=tok4n",
        secret="s3cret-two",
        pips=None,
        is_law_only=True,
    )
    kept = Robot.objects.get(pk=robot.pk)
    assert secrets_of(kept) == ("http://127.0.0.1:1/robot/send?access_token=tok4n", "s3cret-two")
    bodies = " ".join(AuditEvent.objects.filter(table_name="notifications_robot").values_list("body", flat=True))
    assert "is_law_only" in bodies
    for secret in (
        "tok3n",
        "tok4n",
        "s3cret-two",
        SECRET,
        bytes(kept.sealed_address).hex(),
        bytes(kept.sealed_secret).hex(),
    ):
        assert secret not in bodies


def test_secret_of_another_row_does_not_open(house):
    first, other = (
        robot_of(house, "wecom", "http://127.0.0.1:1/?key=1"),
        robot_of(house, "feishu", "http://127.0.0.1:1/2"),
    )
    first.sealed_address = other.sealed_address
    with pytest.raises(NotAccepted) as caught:
        secrets_of(first)
    assert caught.value.is_final


def test_robot_of_a_platform_posts_to_no_other_server(house, settings):
    robot = robot_of(house, "wecom", "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=1")
    with pytest.raises(NotAccepted) as caught:
        send_card(robot, CARD)
    assert str(caught.value) == "#host-other" and caught.value.is_final


def test_test_message_that_went_to_the_address_from_before_proves_nothing_about_the_new_one(house, platform):
    robot = robot_of(house, "wecom", platform.address)
    changed = Robot.objects.get(pk=robot.pk)
    fields = {"name": "wecom", "language": "en", "pips": None, "is_law_only": False}
    services.change_robot(changed, address="http://127.0.0.1:1/cgi-bin/webhook/send?key=1", secret="", **fields)
    # This one was read before the change and posts where it led then.
    assert not services.send_test(robot) and len(platform.bodies) == 1
    kept = Robot.objects.get(pk=robot.pk)
    assert (kept.code_hash, kept.awaits_code, kept.test_error) == ("", False, "#off")

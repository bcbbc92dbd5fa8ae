"""Channels on the page: red until a person typed back what the test brought, and never shown again."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.notifications import services
from portal.notifications.models import ChannelChoice, MailTest, OutgoingEvent, Robot
from tests.notifications.platforms import SECRET, running
from tests.notifications.robots import code_in, robot_of, working

LONG = "a secret that is long enough"
VALUES = {"kind": "dingtalk", "name": "PI group", "language": "en", "layer": "all", "scope": "all", "secret": SECRET}


@pytest.mark.parametrize("platform", ["wecom", "dingtalk", "feishu", "webhook"], indirect=True)
def test_channel_is_red_until_the_code_of_its_message_is_typed_back(house, platform):
    client = house.client("owner")
    values = VALUES | {"kind": platform.kind, "address": platform.address, "secret": "a long secret " + SECRET}
    if platform.kind in ("dingtalk", "feishu"):
        values["secret"] = SECRET
    assert client.post(house.url("channels/add/"), values).status_code == 302
    robot = Robot.objects.get()
    page = house.url(f"channels/{robot.code}/")
    assert "not tested yet" in client.get(page).content.decode()
    client.post(page + "test/")
    code = code_in(platform.raw[-1].decode())
    wrong = "000000" if code != "000000" else "000001"
    client.post(page + "confirm/", {"code": wrong})
    robot.refresh_from_db()
    assert (robot.state, robot.wrong_codes) == ("untested", 1)
    answer = client.post(page + "confirm/", {"code": f" {code} "}, follow=True)
    robot.refresh_from_db()
    assert (robot.state, robot.tested_by, str(robot.tested_on)) == ("working", house.people["owner"], "2026-10-12")
    body = answer.content.decode()
    assert platform.address not in body and values["secret"] not in body


def test_five_wrong_codes_void_the_code(house, platform):
    robot = robot_of(house, platform.kind, platform.address)
    services.send_test(robot)
    code = code_in(platform.raw[-1].decode())
    wrong = "000000" if code != "000000" else "000001"
    for _try in range(5):
        assert not services.confirm_test(robot, wrong, by=house.people["owner"], on=timezone.localdate())
    assert not services.confirm_test(robot, code, by=house.people["owner"], on=timezone.localdate())


def test_message_that_is_not_taken_leaves_the_channel_red_with_the_reason(house, platform):
    robot = robot_of(house, platform.kind, platform.address)
    platform.status = 404
    page = house.client("owner").post(house.url(f"channels/{robot.code}/test/"), follow=True)
    assert "HTTP 404" in page.content.decode()
    robot.refresh_from_db()
    assert robot.state == "untested" and not robot.awaits_code


def test_new_address_makes_a_working_channel_red_again(house, platform):
    robot = working(house, platform)
    values = VALUES | {"address": platform.address.replace("send", "send2"), "secret": ""}
    assert house.client("owner").post(house.url(f"channels/{robot.code}/change/"), values).status_code == 302
    robot.refresh_from_db()
    assert (robot.state, robot.tested_on) == ("untested", None)


def test_other_name_keeps_a_channel_working(house, platform):
    robot = working(house, platform)
    values = VALUES | {"name": "Another", "address": "", "secret": "", "scope": "chosen", "pips": [house.pip.pk]}
    assert house.client("owner").post(house.url(f"channels/{robot.code}/change/"), values).status_code == 302
    robot.refresh_from_db()
    assert (robot.state, robot.name, robot.has_all_pips) == ("working", "Another", False)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"address": "https://evil.example/robot/send?access_token=1"}, "address"),
        ({"address": "https://oapi.dingtalk.com/robot/send"}, "address"),
        ({"address": "https://u:p@oapi.dingtalk.com/robot/send?access_token=1"}, "address"),
        ({"address": "no address"}, "address"),
        ({"secret": ""}, "secret"),
        ({"kind": "webhook", "address": "https://10.0.0.8/hook", "secret": LONG}, "address"),
        ({"kind": "webhook", "address": "http://8.8.8.8/hook", "secret": LONG}, "address"),
        ({"kind": "webhook", "address": "https://8.8.8.8/hook", "secret": "short"}, "secret"),
        ({"scope": "chosen"}, "pips"),
    ],
)
def test_what_the_platform_can_not_have_given_out_is_refused(house, settings, changed, field):
    settings.OUTGOING_MAY_BE_PRIVATE = False
    settings.ROBOT_HOSTS = {"wecom": ["qyapi.weixin.qq.com"], "dingtalk": ["oapi.dingtalk.com"], "feishu": []}
    good = VALUES | {"address": "https://oapi.dingtalk.com/robot/send?access_token=1"}
    page = house.client("owner").post(house.url("channels/add/"), good | changed)
    assert page.status_code == 422 and list(page.context["form"].errors) == [field]
    assert house.client("owner").post(house.url("channels/add/"), good).status_code == 302


def test_only_owners_set_up_channels(house):
    for role in ("officer", "reviewer", "operator", "vendor", "auditor"):
        assert house.client(role).get(house.url("channels/")).status_code == 403


def test_mail_is_unproved_until_the_code_of_a_test_mail_is_typed_back(house):
    client = house.client("owner")
    assert "Nobody has proved yet" in client.get(house.url("channels/")).content.decode()
    assert "Nobody has proved yet" in client.get(house.url("")).content.decode()
    client.post(house.url("channels/mail/test/"))
    assert mail.outbox[0].to == ["owner@acme.example"]
    client.post(house.url("channels/mail/confirm/"), {"code": code_in(mail.outbox[0].body)})
    proof = MailTest.objects.get()
    assert (str(proof.tested_on), proof.sent_to) == ("2026-10-12", house.people["owner"])
    assert "Proved on 2026-10-12 by Owner" in client.get(house.url("channels/")).content.decode()
    assert "Nobody has proved yet" not in client.get(house.url("")).content.decode()


def test_refusing_mail_server_is_told_on_the_page(house, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = house.client("owner").post(house.url("channels/mail/test/"), follow=True)
    assert "did not take the mail" in page.content.decode()


def test_own_choice_is_kept_and_what_the_law_sets_is_no_choice(house):
    client = house.client("officer")
    page = client.get(house.url("channels/own/"))
    assert "be switched off" in page.content.decode() and list(page.context["form"].fields) == ["mails_recommended"]
    assert client.post(house.url("channels/own/"), {"mails_recommended": "no"}).status_code == 302
    assert not ChannelChoice.objects.get(user=house.people["officer"]).mails_recommended


def test_list_and_events_cost_the_same_at_three_and_at_eight(house):
    def fill(number):
        for each in range(number):
            robot = robot_of(house, "webhook", "http://127.0.0.1:1/", name=f"{number}-{each}", pips=[house.pip])
        for _each in range(number):
            of = {"tenant": house.tenant, "robot": robot, "pip": house.pip}
            OutgoingEvent.objects.create(
                **of, kind="duty.met", cause=f"{_each}", happened_at=timezone.now(), body="{}"
            )
        return robot

    counts = []
    for number in (3, 8):
        robot, client = fill(number), house.client("owner")
        for path in ("channels/", f"channels/{robot.code}/"):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert client.get(house.url(path)).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_switched_off_channel_comes_back_without_a_new_test(house, platform):
    robot, client = working(house, platform), house.client("owner")
    for state in ("off", "working"):
        client.post(house.url(f"channels/{robot.code}/switch/"))
        robot.refresh_from_db()
        assert robot.state == state


def test_untested_channel_can_not_be_switched_to_working(house):
    with running("wecom") as platform:
        robot, client = robot_of(house, "wecom", platform.address), house.client("owner")
    for state in ("off", "untested"):
        client.post(house.url(f"channels/{robot.code}/switch/"))
        robot.refresh_from_db()
        assert robot.state == state

"""The leash of what goes out: no redirect, no slow bytes, no flood, no private network, no key in the words."""

import ipaddress
import socket
import time

import pytest

from portal.notifications.failures import NotAccepted
from portal.notifications.outgoing import address_of, is_public, post, require_taken
from tests.notifications.platforms import own_certificate, running


def refusal(address: str) -> NotAccepted:
    with pytest.raises(NotAccepted) as caught:
        require_taken(post(address, b"{}", {}))
    return caught.value


@pytest.mark.parametrize("mode", ["hangs", "drips"])
def test_slow_server_is_left_when_the_time_is_over(platform, mode):
    platform.mode, begun = mode, time.monotonic()
    refused = refusal(platform.address)
    assert time.monotonic() - begun < 3
    assert str(refused) == "#slow" and not refused.is_final


def test_flood_is_cut_off(platform):
    platform.mode = "floods"
    assert str(refusal(platform.address)) == "#answer-long"


def test_broken_connection_is_tried_again(platform):
    platform.mode = "breaks"
    refused = refusal(platform.address)
    assert str(refused) == "#broken" and not refused.is_final


def test_nobody_listening_is_tried_again():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = refusal(f"http://127.0.0.1:{taken.getsockname()[1]}/?key=hidden")
    assert str(refused) == "#broken" and not refused.is_final


def test_redirect_is_not_followed(platform):
    platform.status = 302
    refused = refusal(platform.address)
    assert str(refused) == "#redirect 302" and refused.is_final and len(platform.bodies) == 1


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(400, True), (403, True), (404, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_status_says_whether_trying_again_helps(platform, status, is_final):
    platform.status = status
    assert refusal(platform.address).is_final is is_final


def test_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    with running("webhook", certificate=own_certificate(tmp_path)) as platform:
        assert str(refusal(platform.address)) == "#certificate"
        assert platform.bodies == []


def test_trusted_certificate_of_the_name_is_taken_although_the_connection_is_pinned(tmp_path, monkeypatch):
    file = own_certificate(tmp_path)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(file))
    with running("webhook", certificate=file) as platform:
        assert post(platform.address, b"{}", {}).status == 200


def test_name_that_nobody_knows_is_tried_again():
    refused = refusal("https://nowhere.invalid/")
    assert str(refused) == "#name" and not refused.is_final


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://localhost/",
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "https://8.8.8.8:99999/",
    ],
)
def test_private_network_is_not_reached(settings, address):
    settings.OUTGOING_MAY_BE_PRIVATE = False
    with pytest.raises(NotAccepted) as caught:
        address_of(address)
    assert caught.value.is_final


def test_public_address_is_reached(settings):
    settings.OUTGOING_MAY_BE_PRIVATE = False
    assert address_of("https://8.8.8.8/hook") == "8.8.8.8"


@pytest.mark.parametrize(
    "address", ["::ffff:192.168.0.1", "2002:0a00:0001::", "224.0.0.1", "100.64.0.1", "64:ff9b::a00:1"]
)
def test_address_that_only_looks_public_is_none(address):
    assert not is_public(ipaddress.ip_address(address))

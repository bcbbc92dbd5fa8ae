"""Why a message did not get through: kept as a code, told in the reader's language, with the server's own words."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.utils import translation

from portal.clock.dispatch import dispatch
from portal.notifications.failures import WORDS, NotAccepted, words_of
from portal.obligations.models import Delivery
from tests.notifications.robots import OWN, tell, working

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("code", WORDS)
def test_every_reason_has_words_of_its_own_in_both_languages(code):
    kept = str(NotAccepted(code, "550 no such user"))
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = words_of(kept)
    assert "#" not in said["en"] and "%" not in said["en"] and re.search("[一-鿿]", said["zh-hans"])
    is_quoted = "%(said)s" in str(WORDS[code])
    assert all(("550 no such user" in words) == is_quoted for words in said.values())


def test_every_reason_that_the_code_gives_has_words():
    sources = [path.read_text() for path in (ROOT / "portal").rglob("*.py")]
    given = {code for text in sources for code in re.findall(r'NotAccepted\(\s*"([^"]*)"', text)}
    assert given == WORDS.keys()


@pytest.mark.parametrize("said", ["a\x00b", "half \ud800", "two\r\nlines", "x" * 1000])
def test_whatever_a_server_says_can_be_stored_as_one_line(said):
    kept = str(NotAccepted("platform", said))
    assert kept.encode() and kept.isprintable() and len(kept) <= 300


def test_log_tells_in_chinese_why_and_leaves_the_words_of_the_server_as_they_came(house, platform, today):
    working(house, platform)
    tell(house, OWN)
    platform.answer = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    dispatch(today=today)
    assert Delivery.objects.get(channel="robot").state == "failed"
    auditor = house.people["auditor"]
    auditor.language = "zh-hans"
    auditor.save(update_fields=["language"])
    for address in ("deliveries/", "deliveries/export/"):
        page = house.client("auditor").get(house.url(address)).content.decode()
        assert "平台拒绝" in page and "93000: invalid webhook url" in page and "refused" not in page


def test_refused_address_is_told_without_the_library_s_words(house, today, settings):
    settings.EMAIL_BACKEND = "tests.clock.test_dispatch.Refusing"
    tell(house, OWN)
    dispatch(today=today)
    assert mail.outbox == []
    row = Delivery.objects.filter(channel="mail").first()
    assert row.error == "#mail-address 550 no such user"
    assert row.failure == "The mail server does not take this address: “550 no such user”"

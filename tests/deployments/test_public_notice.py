"""The notice as anybody reads it: found by its code, of one tenant, without a trace of the reader (FRM Art 5)."""

import secrets
import uuid
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as Away

from deployments.models import Notice, NoticeVersion
from deployments.services.notices import MOST_BYTES
from portal.audit.models import AuditEvent
from portal.tenancy import public
from tests import build
from tests.deployments.test_pages import questions, text_of

STYLE = 4_000  # public.css and the mark, as a phone loads them beside the page


@pytest.fixture
def address():
    """A visitor's address of which nobody asked before."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def read(version, client=None, **query):
    return (client or Client()).get(f"/n/{version.notice.code}/", query)


def test_anybody_reads_the_version_in_force_in_both_languages(house):
    version = build.notice(build.scenario(house.pip), identity_en="Acme, 010-5550", plain_zh="我们用您的脸开门。")
    answer = read(version)
    body, words = answer.content.decode(), text_of(answer)
    assert answer.status_code == 200
    assert 'lang="zh-Hans"' in body and '<article id="en" lang="en">' in body
    assert "事项retention" in words and "Acme, 010-5550" in words and "我们用您的脸开门。" in words
    assert "人脸信息的保存期限" in words and "How long it is kept" in words
    assert house.pip.name in words and words.count("2026-01-05") == 2


def test_item_without_english_words_stands_there_in_chinese_and_says_so(house):
    body = read(build.notice(build.scenario(house.pip))).content.decode()
    english = body[body.index('<article id="en"') :]
    assert '<p class="text" lang="zh-Hans">事项purpose</p>' in english


def test_nothing_of_the_reader_is_kept(house):
    version = build.notice(build.scenario(house.pip))
    events = AuditEvent.objects.count()
    visitor = Client()
    answer = read(version, visitor)
    assert not answer.cookies and not visitor.cookies and "Cookie" not in answer.headers.get("Vary", "")
    assert AuditEvent.objects.count() == events


def test_session_of_a_signed_in_reader_stays_closed(house):
    version = build.notice(build.scenario(house.pip))
    client = house.client("owner")
    with CaptureQueriesContext(connection) as context:
        answer = read(version, client)
    asked = "\n".join(query["sql"] for query in context.captured_queries)
    assert "django_session" not in asked and "accounts_user" not in asked
    assert not answer.wsgi_request.session.accessed and not answer.cookies


def test_page_asks_three_questions_however_many_versions_there_are(house):
    scenario = build.scenario(house.pip)
    version = build.notice(scenario)
    asked = []
    for number in (2, 8):
        for one in range(len(asked) * 10, len(asked) * 10 + number):
            build.notice(scenario, 10 + one, state="superseded", effective_on=date(2025, 7, 1))
        with CaptureQueriesContext(connection) as context:
            read(version)
        asked.append(len(questions(context)))
    assert asked == [3, 3]  # the door, the tenant, the versions


def test_page_has_no_script_no_third_party_and_is_light(house):
    version = build.notice(build.scenario(house.pip))
    body = read(version).content.decode()
    assert "<script" not in body and "style=" not in body and "http" not in body.replace("http://testserver/n/", "")
    assert len(body.encode()) + STYLE < 12_000


def test_longest_notice_that_can_be_published_is_under_30_kilobytes(house):
    names = [f"{name}_{one}" for name in ("identity", "purpose", "retention", "plain") for one in ("zh", "en")]
    words = {name: "x" * (MOST_BYTES // len(names)) for name in names}
    version = build.notice(build.scenario(house.pip), **words)
    assert len(read(version).content) + STYLE < 30_000


def test_policy_of_the_page_stays_strict(house):
    policy = read(build.notice(build.scenario(house.pip))).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_large_print_is_the_same_page_in_large_type(house):
    version = build.notice(build.scenario(house.pip))
    large = read(version, large=1).content.decode()
    assert 'class="large"' in large and "标准字号" in large
    assert 'class="large"' not in read(version).content.decode()


def test_help_with_reading_is_offered(house):
    version = build.notice(build.scenario(house.pip), manual_channel="一层服务台", has_voice=True)
    words = text_of(read(version))
    assert words.count("一层服务台") == 2 and "reads this notice to you" in words


def test_page_cannot_be_posted_to(house):
    version = build.notice(build.scenario(house.pip))
    assert Client().post(f"/n/{version.notice.code}/").status_code == 405


# Which version


def test_draft_is_never_public(house):
    secret = build.token()
    scenario = build.scenario(house.pip)
    version = build.notice(scenario)
    build.notice(scenario, 2, state="draft", purpose_zh=secret, plain_en=secret)
    for query in ({}, {"next": 1}, {"large": 1}, {"number": 2}):
        assert secret not in read(version, **query).content.decode()


def test_notice_with_a_draft_only_is_not_there(house):
    secret = build.token()
    version = build.notice(build.scenario(house.pip), state="draft", purpose_zh=secret)
    answer = read(version)
    assert answer.status_code == 404 and secret not in answer.content.decode()
    assert "目前没有有效的告知" in text_of(answer) and "No notice is in force here" in text_of(answer)
    assert not answer.cookies


def test_superseded_version_is_not_shown(house):
    scenario = build.scenario(house.pip)
    build.notice(scenario, 1, state="superseded", purpose_zh="最初的目的", ended_on=date(2026, 9, 30))
    version = build.notice(scenario, 2, purpose_zh="现在的目的", effective_on=date(2026, 10, 1))
    words = text_of(read(version))
    assert "现在的目的" in words and "最初的目的" not in words


def test_announced_version_is_told_of_and_read_before_its_day(house):
    scenario = build.scenario(house.pip)
    build.notice(scenario, 1, state="superseded", purpose_zh="现在的目的", ended_on=date(2026, 10, 31))
    version = build.notice(scenario, 2, purpose_zh="将来的目的", effective_on=date(2026, 11, 1))
    now, ahead = text_of(read(version)), text_of(read(version, next=1))
    assert "现在的目的" in now and "将来的目的" not in now and "2026-11-01" in now
    assert "将来的目的" in ahead and "in force from 2026-11-01" in ahead


def test_first_version_is_read_before_its_day_and_says_so(house):
    version = build.notice(build.scenario(house.pip), effective_on=date(2026, 11, 1))
    assert "in force from 2026-11-01" in text_of(read(version))


# Whose it is


def test_unknown_code_is_not_found_in_both_languages(house):
    answer = Client().get(f"/n/{uuid.uuid4()}/")
    assert answer.status_code == 404 and not answer.cookies
    assert "找不到该告知" in text_of(answer) and "There is no notice at this address" in text_of(answer)


@pytest.mark.parametrize("code", ["x", "0", "../me", "00000000-0000-0000-0000-00000000000g"])
def test_broken_code_is_not_found(house, code):
    assert Client().get(f"/n/{code}/").status_code == 404


def test_code_of_another_tenant_shows_his_published_notice_and_nothing_more(house, stranger):
    hidden = {name: build.token() for name in ("draft", "other", "necessity", "note")}
    with stranger.acting("officer"):
        foreign = build.scenario(stranger.pip, necessity=hidden["necessity"], legal_basis_reason=hidden["note"])
        version = build.notice(foreign, purpose_zh="公开的目的")
        build.notice(foreign, 2, state="draft", purpose_zh=hidden["draft"])
        build.notice(build.scenario(stranger.pip, "OTHER"), purpose_zh=hidden["other"])
        code = version.notice.code
    for client in (Client(), house.client("owner")):
        answer = client.get(f"/n/{code}/")
        body = answer.content.decode()
        assert answer.status_code == 200 and "公开的目的" in body and stranger.pip.name in body
        assert not any(secret in body for secret in hidden.values())
        assert house.tenant.slug not in body


def test_door_gives_ids_only_and_only_for_the_whole_code(house, stranger):
    with stranger.acting("officer"):
        version = build.notice(build.scenario(stranger.pip))
        code, notice = version.notice.code, version.notice_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM door_notice(%s)", [code])
        assert cursor.fetchall() == [(stranger.tenant.pk, notice)]
        cursor.execute("SELECT * FROM door_notice(%s)", [uuid.uuid4()])
        assert cursor.fetchall() == []
    assert not Notice.objects.exists() and not NoticeVersion.objects.exists()


def test_reader_of_the_page_becomes_no_member(house, stranger):
    with stranger.acting("officer"):
        code = build.notice(build.scenario(stranger.pip)).notice.code
    client = house.client("owner")
    assert client.get(f"/n/{code}/").status_code == 200
    assert client.get(stranger.url("")).status_code == 404


# How often


def test_one_address_that_asks_too_often_waits_and_others_do_not(house, monkeypatch, address):
    monkeypatch.setattr(public.time, "time", lambda: 1_800_000_000)
    monkeypatch.setattr(public.asks_too_often, "__kwdefaults__", {"most": 3, "seconds": 60})
    version = build.notice(build.scenario(house.pip))
    visitor = Client(REMOTE_ADDR=address)
    assert [read(version, visitor).status_code for _turn in range(5)] == [200, 200, 200, 429, 429]
    assert "请求过于频繁" in text_of(read(version, visitor)) and not visitor.cookies
    assert read(version).status_code == 200
    monkeypatch.setattr(public.time, "time", lambda: 1_800_000_061)
    assert read(version, visitor).status_code == 200


def test_count_of_requests_does_not_name_the_address_and_is_soon_forgotten(house, address):
    client = cache._cache.get_client()
    before = set(client.keys("*public:*"))
    public.asks_too_often(Client(REMOTE_ADDR=address).get("/accounts/login/").wsgi_request)
    (key,) = set(client.keys("*public:*")) - before
    assert b"db8" not in key and 60 < client.ttl(key) <= 120


@pytest.mark.parametrize(
    ("asking", "network"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"), ("", "")],
)
def test_household_counts_as_one(house, asking, network):
    request = Client(REMOTE_ADDR=asking).get("/accounts/login/").wsgi_request
    assert public.network_of(request) == network


def test_page_answers_with_the_cache_away(house, monkeypatch):
    def away(*_args, **_more):
        raise Away("gone")

    version = build.notice(build.scenario(house.pip))
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCacheClient.get_client", away)
    assert [read(version).status_code for _turn in range(3)] == [200, 200, 200]

"""The notice of a scenario: drafted freely, published whole, shown with proof, outdated by a change (FRM Art 5)."""

import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms import ValidationError
from django.test.utils import CaptureQueriesContext
from PIL import Image

from deployments.differences import differences
from deployments.models import Notice, NoticeShowing, NoticeVersion, Scenario
from deployments.prefill import first_draft, gaps_in
from deployments.services import edit_scenario
from deployments.services.notices import (
    MOST_BYTES,
    edit_draft,
    missing_items,
    notice_of,
    publish,
    record_showing,
    start_draft,
)
from deployments.versions import version_of
from portal.audit.models import AuditEvent
from portal.evidence.photos import keep_photo
from portal.law.enums import REQUIRED_NOTICE_ITEMS
from portal.ui import panels
from portal.workflow import CaseError
from tests import build
from tests.deployments.test_pages import OF_EVERY_PAGE, questions, text_of

DAY = date(2026, 10, 12)
WHOLE = {f"{name}_zh": f"事项 {name}" for name in REQUIRED_NOTICE_ITEMS}


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def photo(name="board.jpg"):
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(file, "JPEG")
    file.seek(0)
    file.name = name
    return file


def published(house, scenario, on=DAY, **words):
    """The next version of a notice, through the services."""
    draft = start_draft(scenario, **WHOLE | words)
    return publish(draft, effective_on=on, by=house.people["officer"], today=DAY)


def page(house, scenario, path="", role="officer", **query):
    return house.client(role).get(house.url(f"register/scenarios/{scenario.pk}/notice/{path}"), query)


# Versions


@pytest.mark.parametrize("name", REQUIRED_NOTICE_ITEMS)
def test_version_with_an_empty_item_is_not_published_and_the_item_is_named(house, name):
    draft = start_draft(build.scenario(house.pip), **WHOLE | {f"{name}_zh": "  "})
    number = REQUIRED_NOTICE_ITEMS.index(name) + 1
    with pytest.raises(ValidationError, match=rf"Item {number} \(.+\) is empty in Chinese"):
        publish(draft, effective_on=DAY, by=None, today=DAY)
    assert NoticeVersion.objects.get().state == "draft"


def test_database_itself_refuses_a_published_version_with_an_empty_item(house):
    draft = start_draft(build.scenario(house.pip), **WHOLE | {"rights_zh": ""})
    with pytest.raises(IntegrityError, match="notice_published_with_items"), transaction.atomic():
        NoticeVersion.objects.filter(pk=draft.pk).update(state="published")


def test_sixth_item_and_english_may_be_empty(house):
    version = published(house, build.scenario(house.pip))
    assert version.state == "published" and version.other_zh == version.identity_en == ""


def test_gap_left_by_the_first_draft_is_not_published(house):
    scenario = build.scenario(house.pip, purpose="核验", retention="30 天", necessity="必要", storage_mode="device")
    draft = start_draft(scenario, **first_draft(scenario))
    assert missing_items(draft) == ["identity", "necessity", "rights"]
    with pytest.raises(ValidationError, match="Item 4 .+ has a gap: 【请填写：对个人权益的影响】"):
        publish(draft, effective_on=DAY, by=None, today=DAY)


def test_notice_too_long_for_a_phone_is_not_published(house):
    draft = start_draft(build.scenario(house.pip), **WHOLE | {"plain_en": "x" * MOST_BYTES})
    with pytest.raises(ValidationError, match="Shorten them"):
        publish(draft, effective_on=DAY, by=None, today=DAY)


def test_draft_is_saved_however_unfinished(house):
    draft = start_draft(build.scenario(house.pip), purpose_zh="核验")
    edit_draft(draft, purpose_zh="", rights_en="call us")
    assert NoticeVersion.objects.get().rights_en == "call us"


def test_published_words_stay_as_they_are(house):
    version = published(house, build.scenario(house.pip))
    with pytest.raises(CaseError, match="Version 1 is published"):
        edit_draft(version, purpose_zh="changed")
    assert NoticeVersion.objects.get().purpose_zh == "事项 purpose"


def test_database_itself_refuses_to_reword_what_was_published(house):
    version = published(house, build.scenario(house.pip))
    row = NoticeVersion.objects.filter(pk=version.pk)
    for change in ({"purpose_zh": "x"}, {"effective_on": date(2026, 1, 1)}, {"notified": {}}, {"state": "draft"}):
        with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
            row.update(**change)
    with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
        row.delete()


def test_next_version_ends_the_one_before_on_the_day_before(house):
    scenario = build.scenario(house.pip)
    published(house, scenario, on=date(2026, 9, 1))
    published(house, scenario, on=date(2026, 10, 20))
    assert list(NoticeVersion.objects.order_by("number").values_list("number", "state", "ended_on")) == [
        (1, "superseded", date(2026, 10, 19)),
        (2, "published", None),
    ]


def test_version_replaced_on_its_own_day_ends_that_day(house):
    scenario = build.scenario(house.pip)
    published(house, scenario)
    published(house, scenario)
    assert NoticeVersion.objects.get(number=1).ended_on == DAY


def test_version_does_not_begin_before_the_one_it_follows(house):
    scenario = build.scenario(house.pip)
    published(house, scenario, on=date(2026, 10, 1))
    draft = start_draft(scenario, **WHOLE)
    with pytest.raises(ValidationError, match="can't begin before that day"):
        publish(draft, effective_on=date(2026, 9, 30), by=None, today=DAY)
    assert NoticeVersion.objects.get(number=1).state == "published"


@pytest.mark.parametrize("day", [None, DAY + timedelta(days=400)])
def test_day_of_a_version_is_asked_and_doubted(house, day):
    draft = start_draft(build.scenario(house.pip), **WHOLE)
    with pytest.raises(ValidationError) as refused:
        publish(draft, effective_on=day, by=None, today=DAY)
    assert list(refused.value.message_dict) == ["effective_on"]


def test_second_of_two_clicks_finds_the_draft_of_the_first(house):
    scenario = build.scenario(house.pip)
    assert start_draft(scenario, **WHOLE) == start_draft(scenario, **WHOLE)
    with pytest.raises(ValidationError, match="has a draft already"):
        start_draft(scenario, **WHOLE | {"purpose_zh": "another author's"})
    assert NoticeVersion.objects.count() == Notice.objects.count() == 1


def test_second_of_two_publications_is_refused(house):
    draft = start_draft(build.scenario(house.pip), **WHOLE)
    publish(draft, effective_on=DAY, by=None, today=DAY)
    with pytest.raises(CaseError):
        publish(NoticeVersion.objects.get(), effective_on=DAY, by=None, today=DAY)


def test_notice_keeps_its_code(house):
    scenario = build.scenario(house.pip)
    code = notice_of(scenario).code
    published(house, scenario)
    assert notice_of(scenario).code == code


def test_publishing_freezes_what_the_register_said(house):
    scenario = build.scenario(house.pip, purpose="核验旅客", retention="30 天")
    assert published(house, scenario).notified == {
        "name": house.pip.name,
        "contact": "",
        "purpose": "核验旅客",
        "function": "verify",
        "retention": "30 天",
    }


# What the register fills in


def test_first_draft_takes_the_register_over_and_marks_what_is_missing(house):
    pip = house.pip
    pip.officer_phone, pip.officer_email, pip.registered_address = "010-5550", "dpo@acme.example", "北京市朝阳区"
    scenario = build.scenario(pip, purpose="核验旅客", function="identify", retention="30 天", deletion_method="覆写")
    words = first_draft(scenario)
    assert (
        words["identity_zh"]
        == f"{pip.name}\n地址：北京市朝阳区\n个人信息保护负责人联系方式：010-5550，dpo@acme.example"
    )
    assert "核验旅客" in words["purpose_zh"] and "辨识特定个人（1:N）" in words["purpose_zh"]
    assert gaps_in(words["purpose_zh"]) == ["【请填写：存储方式】"]
    assert words["retention_zh"] == "保存期限：30 天\n到期后的处理：覆写"
    # The register speaks Chinese: half an item in English would mislead.
    assert words["purpose_en"] == words["retention_en"] == "" and "dpo@acme.example" in words["identity_en"]


def test_first_draft_tells_of_withdrawal_other_ways_and_children(house):
    scenario = build.scenario(house.pip, legal_basis="consent", subject_groups=["residents", "under_14"])
    build.consent(scenario, withdrawal_path="到前台办理")
    scenario.alternatives.create(tenant=house.tenant, pip=house.pip, kind="card", description="门禁卡")
    words = first_draft(scenario)
    assert "到前台办理" in words["rights_zh"] and "卡证、工牌" in words["rights_zh"]
    assert "监护人的同意" in words["other_zh"]


def test_register_in_english_fills_the_english_items(house):
    words = first_draft(build.scenario(house.pip, purpose="Check passengers", storage_mode="device"))
    assert "Check passengers" in words["purpose_en"]
    assert gaps_in(words["purpose_zh"]) == ["【请填写：处理目的】"]


# Where it is shown


def test_showing_without_proof_is_refused(house):
    version = published(house, build.scenario(house.pip))
    where = {"channel": "entrance", "place": "B12", "shown_on": DAY}
    with pytest.raises(ValidationError, match="must be proved"):
        record_showing(version, **where, by=None, today=DAY)
    assert not NoticeShowing.objects.exists()


def test_showing_is_recorded_once_with_its_photo(house):
    version = published(house, build.scenario(house.pip))
    where = {"channel": "entrance", "place": "B12", "shown_on": DAY, "by": house.people["officer"], "today": DAY}
    first = record_showing(version, **where, photo=photo())
    assert record_showing(version, **where, photo=photo()) == first
    assert first.photo.original.name == "board.jpg" and NoticeShowing.objects.count() == 1


def test_draft_is_not_shown_and_no_day_to_come(house):
    scenario = build.scenario(house.pip)
    draft = start_draft(scenario, **WHOLE)
    where = {"channel": "app", "place": "App", "by": None, "today": DAY, "photo": photo()}
    with pytest.raises(CaseError, match="is a draft"):
        record_showing(draft, shown_on=DAY, **where)
    version = publish(draft, effective_on=DAY, by=None, today=DAY)
    with pytest.raises(ValidationError, match="lies in the future"):
        record_showing(version, shown_on=DAY + timedelta(days=1), **where)


# Pages


def test_tab_leads_from_nothing_to_a_notice_that_is_shown(house):
    scenario = build.scenario(house.pip, purpose="核验旅客", retention="30 天")
    client = house.client("officer")
    tab = house.url(f"register/scenarios/{scenario.pk}/notice/")
    assert "Write what people are told" in text_of(client.get(tab))
    words = WHOLE | {"necessity_zh": ""}
    assert client.post(f"{tab}draft/", words).status_code == 302
    assert "Fill in item 4 of version 1" in text_of(client.get(tab))
    draft = NoticeVersion.objects.get()
    client.post(f"{tab}draft/", WHOLE | {"version": version_of(draft), "publish": "1"})
    assert "Publish version 1" in text_of(client.get(tab))
    token = version_of(NoticeVersion.objects.get())
    done = client.post(f"{tab}publish/", {"effective_on": "2026-10-12", "version": token}, follow=True)
    assert "Version 1 is published" in text_of(done)
    assert "Record where version 1 is shown" in text_of(done) and "in force" in text_of(done)
    shown = client.post(
        house.url(f"register/notices/{draft.pk}/showings/new/"),
        {"channel": "entrance", "place": "Gate B12", "shown_on": "2026-10-12", "photo": photo()},
        follow=True,
    )
    assert "Gate B12" in text_of(shown) and "Record where" not in text_of(shown)
    assert {"notice.open", "notice.draft", "notice.edit", "notice.publish", "notice.show"} <= set(
        AuditEvent.objects.values_list("verb", flat=True)
    )


def test_publishing_a_gap_says_which_item(house):
    scenario = build.scenario(house.pip)
    start_draft(scenario, **WHOLE | {"retention_zh": ""})
    token = version_of(NoticeVersion.objects.get())
    client = house.client("officer")
    answer = client.post(
        house.url(f"register/scenarios/{scenario.pk}/notice/publish/"),
        {"effective_on": "2026-10-12", "version": token},
    )
    assert answer.status_code == 422
    assert "Item 3 (Retention period of the face information) is empty in Chinese" in text_of(answer)


def test_draft_changed_since_it_was_read_is_not_published(house):
    scenario = build.scenario(house.pip)
    draft = start_draft(scenario, **WHOLE)
    token = version_of(NoticeVersion.objects.get())
    edit_draft(draft, purpose_zh="Something else")
    answer = house.client("officer").post(
        house.url(f"register/scenarios/{scenario.pk}/notice/publish/"),
        {"effective_on": "2026-10-12", "version": token},
    )
    assert answer.status_code == 409 and "Something else" in text_of(answer)
    assert NoticeVersion.objects.get().state == "draft"


def test_second_click_on_publish_says_what_happened(house):
    scenario = build.scenario(house.pip)
    published(house, scenario)
    answer = house.client("officer").post(house.url(f"register/scenarios/{scenario.pk}/notice/publish/"), {})
    assert answer.status_code == 409 and "no draft to publish" in text_of(answer)


def test_stale_tab_overwrites_no_draft(house):
    scenario = build.scenario(house.pip)
    draft = start_draft(scenario, **WHOLE)
    token = version_of(NoticeVersion.objects.get())
    edit_draft(draft, purpose_zh="Theirs")
    answer = house.client("officer").post(
        house.url(f"register/scenarios/{scenario.pk}/notice/draft/"),
        WHOLE | {"purpose_zh": "Mine", "version": token},
    )
    assert answer.status_code == 409 and "Theirs" in text_of(answer) and "Mine" in text_of(answer)
    assert NoticeVersion.objects.get().purpose_zh == "Theirs"


@pytest.mark.parametrize("name", ["purpose", "retention", "function"])
def test_notice_is_outdated_by_a_changed_fact_until_the_next_version(house, name):
    values = {
        "purpose": ("核验旅客", "核验旅客和员工"),
        "retention": ("30 天", "7 天"),
        "function": ("verify", "both"),
    }
    old, new = values[name]
    scenario = build.scenario(house.pip, **{name: old})
    published(house, scenario)
    edit_scenario(scenario, **{name: new})
    words = text_of(page(house, scenario))
    assert "The notice no longer says what is done" in words and "Publish a new version" in words
    shown = {"verify": "Verification (1:1)", "both": "Verification and identification"}
    assert shown.get(old, old) in words and shown.get(new, new) in words
    published(house, Scenario.objects.get())
    assert "no longer says" not in text_of(page(house, scenario))


def test_renamed_pip_outdates_the_notice(house):
    scenario = build.scenario(house.pip)
    published(house, scenario)
    type(house.pip).objects.update(name="新名称有限公司")
    assert "新名称有限公司" in text_of(page(house, scenario))
    assert "no longer says" in text_of(page(house, scenario))


def test_ground_for_no_notice_is_said(house):
    scenario = build.scenario(
        house.pip, notice_exemption="secrecy", notice_exemption_reason="Counter-Terrorism Law Art 50"
    )
    words = text_of(page(house, scenario))
    assert "PIPL Art 18" in words and "Counter-Terrorism Law Art 50" in words
    assert "Write what people are told" not in words


def test_older_persons_make_plain_words_the_next_step(house):
    scenario = build.scenario(house.pip, subject_groups=["elderly"])
    version = published(house, scenario)
    record_showing(version, channel="app", place="App", shown_on=DAY, by=None, today=DAY, photo=photo())
    assert "Add plain words and somebody who helps" in text_of(page(house, scenario))
    version = published(house, scenario, plain_zh="我们会看您的脸。", manual_channel="一层服务台")
    record_showing(version, channel="app", place="App", shown_on=DAY, by=None, today=DAY, photo=photo())
    words = text_of(page(house, scenario))
    assert "Add plain words" not in words and "一层服务台" in words


def test_old_version_stays_readable_with_what_the_register_said_then(house):
    scenario = build.scenario(house.pip, retention="30 天")
    old = published(house, scenario, purpose_zh="最初的目的")
    edit_scenario(scenario, retention="7 天")
    published(house, Scenario.objects.get())
    answer = house.client("auditor").get(house.url(f"register/notices/{old.pk}/"))
    words = text_of(answer)
    assert "最初的目的" in words and "30 天" in words and "superseded" in words
    assert "7 天" not in words


def test_comparison_shows_what_is_gone_and_what_is_new(house):
    scenario = build.scenario(house.pip)
    published(house, scenario, retention_zh="保存期限不超过三十日")
    published(house, scenario, retention_zh="保存期限不超过十五日")
    body = page(house, scenario, "compare/").content.decode()
    assert "<del>三十</del><ins>十五</ins>日" in body
    assert "same words" in text_of(page(house, scenario, "compare/", old=2, new=2))
    assert page(house, scenario, "compare/", old=9, new=2).status_code == 404
    assert page(house, scenario, "compare/", old="x").status_code == 404


def test_proofs_of_a_large_chain_are_paged(house):
    version = published(house, build.scenario(house.pip))
    shown = keep_photo(photo(), pip=house.pip, by=None)
    NoticeShowing.objects.bulk_create(
        NoticeShowing(
            tenant=house.tenant,
            pip=house.pip,
            version=version,
            channel="entrance",
            place=f"Shop {number:03}.",
            shown_on=DAY,
            photo=shown,
        )
        for number in range(120)
    )
    client = house.client("officer")
    tab = client.get(house.url(f"register/scenarios/{version.notice.scenario_id}/notice/"))
    assert "The newest 20 of 120" in text_of(tab)
    pages = [client.get(house.url(f"register/notices/{version.pk}/"), {"page": turn}) for turn in (1, 2, 3)]
    words = " ".join(text_of(one) for one in pages)
    assert [len(one.context["showings"]) for one in pages] == [50, 50, 20]
    assert all(words.count(f"Shop {number:03}.") == 1 for number in range(120))
    for odd in ("0", "x", "9" * 30):
        assert client.get(house.url(f"register/notices/{version.pk}/"), {"page": odd}).status_code == 200


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_finds_no_control(house, role):
    scenario = build.scenario(house.pip)
    version = published(house, scenario)
    for path in (f"scenarios/{scenario.pk}/notice/", f"notices/{version.pk}/"):
        body = house.client(role).get(house.url(f"register/{path}")).content.decode()
        assert "/draft/" not in body and "/new/" not in body and "/publish/" not in body
    answer = house.client(role).post(house.url(f"register/scenarios/{scenario.pk}/notice/draft/"), WHOLE)
    assert answer.status_code == 403 and NoticeVersion.objects.count() == 1


def test_tab_asks_the_same_questions_however_many_versions_and_showings(house, monkeypatch):
    monkeypatch.setattr(panels, "_builders", {})
    scenario, client = build.scenario(house.pip), house.client("officer")
    tab = house.url(f"register/scenarios/{scenario.pk}/notice/")
    asked = []
    for number in (2, 6):
        for turn in range(number):
            version = published(house, scenario)
            for place in range(number):
                where = {"channel": "app", "place": f"{number}-{turn}-{place}", "shown_on": DAY}
                record_showing(version, **where, by=None, today=DAY, photo=photo())
        client.get(tab)
        with CaptureQueriesContext(connection) as context:
            client.get(tab)
        asked.append(len(questions(context)))
    assert asked[0] == asked[1] <= OF_EVERY_PAGE + 4


# What differs


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "added", "+added"),
        ("gone", "", "-gone"),
        ("保存30天。", "保存7天。", "保存|-30|+7|天。"),
        ("in the device", "in the cloud", "in the |-device|+cloud"),
        ("I saw the cat", "I saw a dog", "I saw |-the cat|+a dog"),
    ],
)
def test_differences_are_told_word_by_word(old, new, expected):
    marks = {"same": "", "gone": "-", "new": "+"}
    assert "|".join(marks[piece.kind] + piece.text for piece in differences(old, new)) == expected


@pytest.mark.parametrize("old", ["的" * 1000 + "是" * 1000, "。" * 2000, "a b " * 500])
@pytest.mark.parametrize("new", ["是的" * 1000, "。是" * 1000, "b a " * 500])
def test_differences_of_hostile_texts_take_no_time_and_lose_nothing(old, new):
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new

"""From the register to the printed sign: which words of whom stand on it, and where its codes lead."""

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone

from deployments.models import Alternative, ConsentMechanism, Notice, NoticeVersion, Sign
from deployments.sign_sheet import inside, read_material, short, sign_sheet
from deployments.sign_wording import CURRENT, WORDINGS
from portal.documents.sign import render_sign
from portal.law.enums import FUNCTIONS
from tests import build

PURPOSE = "在安检口核验旅客身份。"
TOLD = {
    "identity_zh": "公司",
    "purpose_zh": "核验登机旅客身份。",
    "purpose_en": "To verify boarding passengers.",
    "retention_zh": "一日",
    "necessity_zh": "必要",
    "rights_zh": "可撤回",
}


def made(house, **scenario) -> Sign:
    """A sign of a scenario with a notice and a PIP that people can reach."""
    type(house.pip).objects.update(officer_phone="010-5550 0101", officer_email="dpo@example.cn")
    fields = {"purpose": PURPOSE, "legal_basis": "consent"} | scenario
    place = build.deployment(house.pip, scenario=build.scenario(house.pip, **fields))
    Notice.objects.create(tenant=house.tenant, pip=house.pip, scenario=place.scenario)
    build.sign(place)
    return fresh()


def fresh() -> Sign:
    return Sign.objects.select_related(
        "tenant", "deployment__site", "deployment__scenario", "deployment__pip", "capture_area"
    ).get()


def texts(sign: Sign, languages: str = "both") -> dict[str, tuple[str, ...]]:
    """The texts of each language, by their order."""
    sheet = sign_sheet(read_material(sign), paper="A4", languages=languages)
    return {face.language: tuple(text for _label, text in face.rows) for face in sheet.faces}


def test_printed_code_decodes_to_the_address_of_the_notice_on_this_portal(house, settings):
    settings.BASE_URL = "https://fr.example.cn"
    sign = made(house)
    sheet = sign_sheet(read_material(sign), paper="A4", languages="both")
    image = pypdfium2.PdfDocument(BytesIO(render_sign(sheet)))[0].render(scale=2).to_pil()
    assert {code.text for code in zxingcpp.read_barcodes(image)} == {
        f"https://fr.example.cn/n/{Notice.objects.get().code}/",
        f"https://fr.example.cn{house.url(f'register/signs/{sign.pk}/inspect/')}",
    }


def test_sign_says_purpose_entity_contact_and_rights_from_the_register(house):
    zh = "\n".join(texts(made(house))["zh"])
    for said in (PURPOSE, house.pip.name, "010-5550 0101", "dpo@example.cn", "投诉"):
        assert said in zh


def test_published_notice_speaks_both_languages_and_comes_before_the_register(house):
    sign = made(house)
    NoticeVersion.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        notice=Notice.objects.get(),
        number=1,
        state="published",
        effective_on=timezone.localdate(),
        published_at=timezone.now(),
        **TOLD,
    )
    found = texts(sign)
    assert found["zh"][0] == TOLD["purpose_zh"] and found["en"][0] == TOLD["purpose_en"]
    assert "notice_unpublished" not in read_material(sign).doubts


def test_words_in_one_language_stand_in_on_a_sign_in_the_other_alone(house):
    sign = made(house)
    assert texts(sign, "en")["en"][0] == PURPOSE
    assert texts(sign, "both")["en"][0] == ""


def test_other_way_of_this_place_comes_before_that_of_everywhere(house):
    sign = made(house)
    owned = {"tenant": house.tenant, "pip": house.pip, "scenario": sign.deployment.scenario}
    assert read_material(sign).doubts == ["notice_unpublished", "no_way", "no_withdrawal"]
    Alternative.objects.create(**owned, kind="fingerprint", description="指纹")
    assert "no_way" in read_material(sign).doubts  # another biometric feature is no other way
    Alternative.objects.create(**owned, kind="staff", description="人工核验")
    Alternative.objects.create(**owned, kind="lane", description="", place="1号门", deployment=sign.deployment)
    found = texts(sign)
    assert "您可以不刷脸：人工通道、人工柜台，1号门。" in found["zh"]
    assert "You need not use your face: staffed lane or counter, 1号门." in found["en"]


def test_sign_says_how_to_withdraw_where_the_basis_is_consent(house):
    sign = made(house)
    ConsentMechanism.objects.create(
        tenant=house.tenant, pip=house.pip, scenario=sign.deployment.scenario, withdrawal_path="在服务台说明即可。"
    )
    assert "撤回同意：在服务台说明即可。" in texts(sign)["zh"][-1]
    assert "no_withdrawal" not in read_material(sign).doubts
    type(sign.deployment.scenario).objects.update(legal_basis="statutory_duty")
    assert "撤回" not in texts(fresh())["zh"][-1]


def test_state_rule_is_named_where_there_is_no_other_way(house):
    assert any(
        "国家规定此处使用人脸识别：《某规定》第三条。" in text
        for text in texts(made(house, state_rule="《某规定》第三条"))["zh"]
    )


@pytest.mark.parametrize("function", list(FUNCTIONS))
@pytest.mark.parametrize("version", list(WORDINGS))
def test_every_wording_has_words_for_every_function(function, version):
    assert WORDINGS[version].doing[function].zh


def test_sign_keeps_the_wording_that_it_was_recorded_with(house):
    sign = made(house)
    sign.wording = "our own words"
    small = sign_sheet(read_material(sign), paper="A4", languages="en").faces[0].small_print
    assert small[:2] == (f"Sign {sign.code}", f"Wording {CURRENT}")


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("短句。", 10, "短句。"),
        ("第一句。第二句很长很长。", 6, "第一句。"),
        ("没有句号的一长串文字", 6, "没有句号的…"),
        ("One sentence. Another one.", 15, "One sentence."),
        ("Version 2.5 of the gate", 12, "Version 2.5…"),
    ],
)
def test_long_words_end_with_a_sentence_or_say_that_they_go_on(text, most, expected):
    assert short(text, most) == expected
    assert inside("在服务台说明即可。", 90) == "在服务台说明即可"

"""Texts in two languages, citations as people write them, and the lists that other apps read."""

import ast
import sys
from pathlib import Path

import pytest

from portal.law import checklists, enums
from portal.law.sources import (
    ANNOUNCEMENT,
    CIVIL,
    DEFAULT,
    FRM,
    INSTRUMENTS,
    PIPL,
    PRACTICE,
    VIDEO,
    Cite,
    chinese_number,
)
from portal.law.text import Text
from portal.law.threshold import LADDER, WARNING_STEPS

LAW = Path(__file__).parents[2] / "portal" / "law"


def test_a_text_speaks_the_readers_language():
    text = Text("{n} of {what}", "{what}共{n}个").fmt(n=3, what=Text("signs", "标识"))
    assert text.in_("zh-hans") == text.in_("zh-CN") == "标识共3个"
    assert text.in_("en") == text.in_("de") == "3 of signs"


@pytest.mark.parametrize(
    ("cite", "key", "en", "zh"),
    [
        (FRM(15), "FRM-15", "FRM Art 15", "《人脸识别技术应用安全管理办法》第十五条"),
        (PIPL(26), "PIPL-26", "PIPL Art 26", "《个人信息保护法》第二十六条"),
        (VIDEO(8), "VIDEO-8", "Video Regulations Art 8", "《公共安全视频图像信息系统管理条例》第八条"),
        (CIVIL(201), "CIVIL-201", "Civil Code Art 201", "《民法典》第二百零一条"),
        (
            ANNOUNCEMENT(),
            "CAC-2025-05-28",
            "CAC announcement of 28 May 2025",
            "国家网信办2025年5月28日公告",
        ),
    ],
)
def test_citations_read_as_lawyers_write_them(cite, key, en, zh):
    assert (cite.key, cite.label) == (key, Text(en, zh))


def test_defaults_and_practice_say_what_they_are():
    assert DEFAULT("confirm-count").label.en.startswith("Portal default")
    assert PRACTICE("counting").label.zh.startswith("备案实务")


@pytest.mark.parametrize("wrong", [("NOPE", "1"), ("DEFAULT", "nothing"), ("PRACTICE", "")])
def test_an_unknown_citation_is_refused(wrong):
    with pytest.raises(ValueError, match="Unknown citation"):
        Cite(*wrong)


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (66, "六十六"), (110, "一百一十"), (1259, "一千二百五十九")]
    + [(1005, "一千零五"), (1260, "一千二百六十")],
)
def test_article_numbers_in_chinese(number, written):
    assert chinese_number(number) == written


def test_only_official_addresses_are_linked():
    assert all(not each.url or each.url.startswith("https://www.cac.gov.cn/") for each in INSTRUMENTS.values())


def test_every_province_has_its_authority():
    assert len(enums.PROVINCES) == 32
    assert enums.PROVINCES["37"].authority.zh == "山东省互联网信息办公室"
    assert all(code == each.code for code, each in enums.PROVINCES.items())


def test_private_spaces_are_the_longer_list_of_the_video_regulations():
    assert len(enums.PRIVATE_SPACES) == 10
    assert {"hotel_room", "nursing_room", "fitting_room", "private_dining_room"} <= set(enums.PRIVATE_SPACES)
    assert not set(enums.PRIVATE_SPACES) & set(enums.OPEN_SPACES)


def test_a_dossier_has_eight_materials_and_other():
    assert [each.number for each in checklists.MATERIALS] == list(range(1, 10))
    assert [each.code for each in checklists.MATERIALS if not each.required] == ["other"]
    assert [each.code for each in checklists.MATERIALS if each.is_sensitive] == ["representative-id", "agent-id"]
    assert [each.code for each in checklists.MATERIALS if each.needs_seal] == ["power-of-attorney", "commitment"]
    generated = {each.generated for each in checklists.MATERIALS if each.generated}
    assert generated == {"basic-information", "application", "commitment", "power-of-attorney"}
    assert checklists.material("commitment").title.zh == "承诺书"


def test_form_fields_have_a_code_and_both_languages():
    for fields in checklists.FORMS.values():
        codes = [each.code for each in fields]
        assert len(codes) == len(set(codes))
        assert all(each.label.en and each.label.zh for each in fields)


def test_steps_and_rungs_run_in_one_direction():
    assert list(WARNING_STEPS) == sorted(WARNING_STEPS)
    assert list(LADDER) == sorted(LADDER, reverse=True)


def test_the_law_imports_the_standard_library_only_and_knows_no_clock():
    for path in LAW.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for module in modules:
                assert module.startswith("portal.law") or module.split(".")[0] in sys.stdlib_module_names, path
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"today", "now", "utcnow"}, path

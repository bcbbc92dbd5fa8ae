"""The printed sign as a phone and as a screen reader read it."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdf
import pypdfium2
import pytest
import zxingcpp

from portal.documents.sign import SignFace, SignSheet, render_sign
from tests.documents.sheets import HOSTILE

NOTICE = "https://fr.example.cn/n/3f2b9c1e-7a54-4d0e-9a8b-2f6f6f1c9d10/"
INSPECT = "https://fr.example.cn/t/demo/register/signs/12345/inspect/"
ZH = SignFace(
    "zh",
    ("您已进入", "人脸识别区域"),
    "本区域使用人脸识别技术验证个人身份",
    (("处理目的", "在安检口核验旅客身份。"), ("处理者", "滨海机场集团有限公司\n010-5550 0101")),
    "扫码查看完整告知",
    "工作人员扫码检查",
    ("标识编号 SG-1", "文案版本 2026-1"),
)
EN = SignFace(
    "en",
    ("Face recognition", "in use"),
    "Your face may be compared here to check who you are",
    (("Purpose", "To check passengers at security."), ("Responsible", "")),
    "Scan for the full notice",
    "Staff: scan to inspect",
    ("Sign SG-1", "Wording 2026-1"),
)
FACES = {"zh": (ZH,), "en": (EN,), "both": (ZH, EN)}


def sheet(languages: str = "both", paper: str = "A4", **changes: object) -> SignSheet:
    made = SignSheet(paper, "您已进入人脸识别区域 · SG-1", FACES[languages], NOTICE, INSPECT, date(2026, 1, 1))
    return replace(made, **changes)


def page_of(content: bytes) -> pypdf.PageObject:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    assert len(pages) == 1
    return pages[0]


def words(content: bytes) -> str:
    return re.sub(r"\s+", "", page_of(content).extract_text())


def codes(content: bytes, scale: float) -> list[str]:
    """What a phone reads, the larger code first."""
    image = pypdfium2.PdfDocument(content)[0].render(scale=scale).to_pil()
    found = zxingcpp.read_barcodes(image)
    return [
        code.text
        for code in sorted(found, key=lambda code: -abs(code.position.top_right.x - code.position.top_left.x))
    ]


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("languages", list(FACES))
def test_codes_lead_visitors_to_the_notice_and_staff_to_the_inspection(paper, languages):
    # 144 dots an inch: what a phone sees from two steps away.
    assert codes(render_sign(sheet(languages, paper)), 2) == [NOTICE, INSPECT]


@pytest.mark.parametrize(("paper", "size"), [("A4", (210, 297)), ("A3", (297, 420))])
def test_sign_is_one_page_of_its_paper(paper, size):
    box = page_of(render_sign(sheet(paper=paper))).mediabox
    assert [round(float(side) / 72 * 25.4) for side in (box.width, box.height)] == list(size)


@pytest.mark.parametrize("languages", list(FACES))
def test_everything_on_the_sign_can_be_read_as_text(languages):
    text = words(render_sign(sheet(languages)))
    for face in FACES[languages]:
        said = ["".join(face.headline), face.doing, face.scan, face.staff, *face.small_print]
        said += [part for row in face.rows for part in row]
        for part in said:
            assert re.sub(r"\s+", "", part) in text, part


def test_chinese_stands_in_an_embedded_font():
    for font in page_of(render_sign(sheet())).get("/Resources")["/Font"].values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        assert "NotoSansSC" in descriptor["/FontName"]


def test_sign_is_tagged_with_language_title_and_alternative_texts():
    content = render_sign(sheet())
    root = pypdf.PdfReader(BytesIO(content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "zh-CN"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert pypdf.PdfReader(BytesIO(content)).metadata.title == "您已进入人脸识别区域 · SG-1"
    texts = alternatives(root["/StructTreeRoot"])
    assert any(NOTICE in text for text in texts) and any(INSPECT in text for text in texts)


def alternatives(node: object) -> list[str]:
    """The alternative texts in the tree of tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [text for one in node for text in alternatives(one)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (alternatives(node["/K"]) if "/K" in node else [])


@pytest.mark.parametrize("languages", list(FACES))
def test_same_sign_gives_the_same_bytes(languages):
    assert render_sign(sheet(languages)) == render_sign(sheet(languages))
    assert render_sign(sheet(languages)) != render_sign(sheet(languages, notice_url=NOTICE.replace("3f2b", "3f2c")))


def test_markup_in_the_registers_words_prints_literally():
    face = replace(EN, rows=(("Purpose", HOSTILE),), headline=("Face", "#[x]"))
    text = words(render_sign(sheet(faces=(face,))))
    assert re.sub(r"\s+", "", HOSTILE) in text and "#[x]" in text


def test_long_texts_still_fit_on_one_page_with_both_codes():
    long_zh = "在安检口和登机口核验旅客身份，确认登机人与客票登记人一致，" * 3
    long_en = "To check passengers' identity at security and at boarding against the ticket. " * 3
    zh = replace(ZH, rows=(("处理目的", long_zh),) * 4)
    en = replace(EN, rows=(("Purpose", long_en),) * 4)
    content = render_sign(sheet(faces=(zh, en)))
    assert words(content).count(long_zh) == 4
    assert codes(content, 2) == [NOTICE, INSPECT]

"""A file that carries personal data is refused whole, and what it carried is said nowhere."""

import base64

import pytest

from portal.imports.reading.phrases import Refused
from portal.imports.reading.sheet import read
from tests.imports.files import COUNT, DEPLOYMENT, DEVICE, rows_of, sheet, table, workbook

pytestmark = pytest.mark.usefixtures("in_english")

# Synthetic: there is no area 990101.
NUMBERS = ["990101199001010019", "990101201506150025", "11010519491231002X", "11010519491231002x"]
FULL_WIDTH = "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBERS[0])


def refusal(data):
    with pytest.raises(Refused) as refused:
        read(data, "x")
    for number in (*NUMBERS, FULL_WIDTH):
        assert number not in f"{refused.value} {refused.value.place} {refused.value.message!r}"
    return refused.value


@pytest.mark.parametrize("number", [*NUMBERS, FULL_WIDTH, "990101 19900101 0019", "990101-19900101-0019"])
@pytest.mark.parametrize("shape", ["{}", "张三 {}", "证件{}，已核", " {} "])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_identity_number_in_any_cell_refuses_the_file(number, shape, encoding):
    rows = rows_of({**DEPLOYMENT, "note": ""}, {}, {"deployment_code": "FR-2", "note": shape.format(number)})
    refused = refusal(table(*rows).encode(encoding))
    assert refused.reason == "personal"
    assert refused.place == {"row": 3, "column": "note"}


def test_identity_number_in_an_ignored_column_or_a_title_refuses_the_file():
    assert refusal(table({**DEVICE, "颜色": NUMBERS[0]}).encode()).place == {"row": 2, "column": "颜色"}
    assert refusal(table(DEVICE, head=[["x", NUMBERS[2]]]).encode()).reason == "personal"
    assert refusal(table(DEVICE, foot=[[NUMBERS[2]]]).encode()).reason == "personal"


def test_identity_number_in_a_workbook_refuses_it():
    refused = refusal(workbook(sheet(list(COUNT), [*COUNT.values()], ["注", NUMBERS[0]])))
    assert (refused.reason, refused.place["row"]) == ("personal", 3)


def test_identity_number_far_into_a_file_is_found_across_pieces():
    filler = "".join(f"SN{n},x,y,{'z' * 60},,,\r\n" for n in range(16_000))
    text = table(DEVICE) + filler
    for shift in range(0, 18, 3):
        padding = "q" * ((1 << 20) - len(text) % (1 << 20) - shift)
        assert refusal((text + f'"{padding[:-1]},{NUMBERS[0]}"').encode()).reason == "personal"


@pytest.mark.parametrize(
    "text", ["990101199001010018", "310101200002300016", "9901011990010100190", "A990101199001010019"]
)
def test_number_that_is_no_identity_number_is_kept(text):
    assert not next(read(table({**DEPLOYMENT, "note": text}).encode(), "x").rows()).problems


def test_valid_social_credit_code_and_the_method_of_deduplication_are_exempt():
    # This one is both: a valid code of an organisation and the shape of an identity number.
    both = next(
        code
        for serial in range(1000)
        for check in "0123456789"
        if _is_both(code := f"11010519{serial % 100:02d}0101{serial:03d}{check}")
    )
    assert next(read(table({**COUNT, "pip_uscc": both}).encode(), "x").rows()).values["pip_uscc"] == both
    assert read(table({**COUNT, "dedup_method": f"如 {NUMBERS[0]}"}).encode(), "x").row_count == 1
    assert refusal(table({**COUNT, "pip_uscc": NUMBERS[0]}).encode()).reason == "personal"


def _is_both(code):
    from portal.law.identifiers import is_resident_id, uscc_problem

    return is_resident_id(code) and uscc_problem(code) is None


@pytest.mark.parametrize(
    "header", ["身份证号", "身份证号码", "公民身份号码", "姓名", "人员姓名", "证件号码", "ID number", "id_card"]
)
def test_column_of_names_or_identity_numbers_refuses_the_file(header):
    refused = refusal(table({**DEVICE, header: "x"}).encode())
    assert refused.reason == "personal"
    assert header in str(refused)


@pytest.mark.parametrize("header", ["人脸照片", "照片", "Face image", "特征值"])
def test_column_of_faces_refuses_the_file(header):
    assert refusal(table({**DEVICE, header: "x"}).encode()).reason == "personal"


def test_list_of_persons_without_any_known_header_is_named_as_that():
    assert refusal("姓名,身份证号\r\n张三,1\r\n".encode()).reason == "personal"
    assert refusal(f"a,b\r\n张三,{NUMBERS[0]}\r\n".encode()).place == {"row": 2, "column": "B"}


@pytest.mark.parametrize("header", ["去重方式", "负责人", "采集区域说明", "photovoltaic", "valid", "认证方式"])
def test_harmless_header_is_no_reason(header):
    row = COUNT if header == "去重方式" else DEVICE
    assert read(table({**row, header: "按身份证号去重"}).encode(), "x").row_count == 1


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_picture_in_a_cell_refuses_the_file(start):
    blob = base64.b64encode(start + bytes(range(200))).decode()
    for text in (blob, f"data:image/png;base64,{blob}"):
        refused = refusal(table({**DEPLOYMENT, "note": text}).encode())
        assert (refused.reason, refused.place) == ("images", {"row": 2, "column": "note"})
        assert blob not in str(refused)

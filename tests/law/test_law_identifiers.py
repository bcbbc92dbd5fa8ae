"""Check characters of the two Chinese identifiers, by the examples of the law notes 5.1 and 5.2."""

import pytest

from portal.law.identifiers import (
    is_resident_id,
    mobile_numbers,
    normalise_uscc,
    resident_ids,
    uscc_problem,
    uscc_warning,
)


@pytest.mark.parametrize(
    "code",
    [
        "91110000101623741K",
        "911101066976941872",
        "91330106MA2HTEXTX3",  # its 17th character is X
        "91370200MA90002570",  # the sum is 0 mod 31: check character 0
        "91370200MA9000134Y",
        "12440300MB2DEMXX2K",
        "91110105MA01FRA15K",
        "91440101MA5CFRB29Q",
        "91510107MA6CFRC35A",
    ],
)
def test_valid_codes_are_taken(code):
    assert uscc_problem(code) is None
    assert uscc_warning(code) is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91110000101623741L", "should be K"),
        ("91110000101263741K", "should be 8"),  # two digits swapped
        ("9111000010162374IK", "Character 17 is I"),
        ("91110000101623741", "this one has 17"),
        ("91310115MA1H8R7C6D", "should be 7"),  # an example from a blog: looks right, is not
        ("91A10000101623741K", "must be a digit"),
        ("9111000010162374\u200bK", "U+200B"),
        ("", "this one has 0"),
    ],
)
def test_wrong_codes_are_named(code, reason):
    problem = uscc_problem(code)
    assert reason in problem.en
    assert problem.zh


def test_codes_are_normalised_before_they_are_checked():
    assert normalise_uscc(" ９１１１００００101623741k　") == "91110000101623741K"
    assert uscc_problem("9111 0000 1016 2374 1k") is None


def test_a_rare_prefix_is_a_warning_only():
    code = "77110000101623741"
    valid = next(code + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc_problem(code + last) is None)
    assert "77" in uscc_warning(valid).en


@pytest.mark.parametrize(
    ("number", "is_valid"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("440524188001010014", True),
        ("990101199001010019", True),
        ("990101201506150025", True),
        ("990101201202290037", True),
        ("310101200002300016", False),  # 30 February
        ("110105194912310021", False),  # wrong check digit
        ("11010519491231002", False),
        ("SNZBAA00", False),
        ("", False),
    ],
)
def test_resident_ids_need_a_date_and_a_check_digit(number, is_valid):
    assert is_resident_id(number) == is_valid


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我的身份证号是11010519491231002X，请删除", ["11010519491231002X"]),
        ("ID 110105 19491231 002x.", ["11010519491231002X"]),
        ("１１０１０５１９４９１２３１００２Ｘ", ["11010519491231002X"]),
        ("order 110105194912310021", []),  # wrong check digit
        ("A11010519491231002X9", []),  # part of a longer code
    ],
)
def test_resident_ids_are_found_in_a_text(text, found):
    assert list(resident_ids(text)) == found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("请打13800138000找我", True),
        ("call +86 138 0013 8000 please", True),
        ("１３８００１３８０００", True),
        ("0086-13800138000", True),
        ("flight 12800138000", False),  # no mainland mobile begins with 12
        ("ticket 1380013800012", False),  # part of a longer number
        ("T13800138000", False),
        ("CAS-2026-0001, 15 days", False),
    ],
)
def test_mobile_numbers_are_found_in_a_text(text, is_found):
    assert any(mobile_numbers(text)) == is_found

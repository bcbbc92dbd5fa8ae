"""Check characters: the unified social credit code (GB 32100) and the resident identity number (GB 11643).

Also found inside a text: identity numbers and mobile numbers, which no text about a case may hold.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from portal.law.text import Text

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
USCC_LENGTH = 18
# Registration authority and kind of body as seen in practice; others are worth a second look.
USCC_PREFIXES = frozenset(
    ("11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53", "59", "61")
    + ("62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1")
)
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714, characters 9-16
RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
RESIDENT_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FIRST_BIRTH_YEAR = 1850
# Code of the accepting police organ (6), serial of the unit (5), number of the system (5).
MLPS_NUMBER = re.compile(r"[0-9]{11}-?[0-9]{5}")
# Area (6 digits), birthday (8), serial and check; people put spaces or hyphens between. Here \d is full-width too.
# The year is looked for first: every other part of the number is as common as any code.
YEAR = re.compile(r"[12１２][089０８９](?=\d{2}[01０１]\d[0-3０-３]\d[ \-]?\d{3}[\dXxＸｘ])")
ID_SHAPE = re.compile(r"\d{6}[ \-]?\d{8}[ \-]?\d{3}[\dXxＸｘ]")
# A mainland mobile number, with or without its country code, in one piece or as 3-4-4.
MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?|0086[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z])")


def normalise_uscc(text: str) -> str:
    """The code as it is stored: half-width, upper case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def uscc_problem(text: str) -> Text | None:
    """What is wrong with a unified social credit code, None if it is valid."""
    code = normalise_uscc(text)
    if len(code) != USCC_LENGTH:
        return Text(
            f"A unified social credit code has 18 characters, this one has {len(code)}.",
            f"统一社会信用代码应为18位，当前为{len(code)}位。",
        )
    for place, character in enumerate(code, start=1):
        is_known = character.isdigit() if 3 <= place <= 8 else True
        if character not in USCC_ALPHABET or not is_known:
            return _wrong_character(place, character)
    expected = uscc_check_character(code)
    if code[-1] != expected:
        return Text(
            f"The check character is {code[-1]} and should be {expected}. Compare the code with the certificate.",
            f"校验码为{code[-1]}，应为{expected}。请与证件核对。",
        )
    return None


def uscc_check_character(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(USCC_ALPHABET.index(character) * weight for character, weight in zip(code, USCC_WEIGHTS, strict=False))
    return USCC_ALPHABET[-total % 31]


def uscc_warning(text: str) -> Text | None:
    """What is unusual about a valid code, None if nothing is; never a reason to refuse it."""
    code = normalise_uscc(text)
    if uscc_problem(code):
        return None
    if code[:2] not in USCC_PREFIXES:
        return Text(f"Codes that begin with {code[:2]} are rare.", f"以{code[:2]}开头的代码较少见。")
    if code[16] != _body_check_character(code[8:16]):
        return Text("The organisation code in it has an unusual check character.", "其中的组织机构代码校验位不常见。")
    return None


def mlps_number_warning(text: str) -> Text | None:
    """What is unusual about the record number of a system under MLPS, None if nothing is; never a reason to refuse it.

    Whether the form of 2025 changed the number isn't known.
    """
    number = normalise_uscc(text)
    if not number or MLPS_NUMBER.fullmatch(number):
        return None
    return Text(
        "Record numbers have 11 and 5 digits as a rule, such as 11010213001-00001. Compare it with the certificate.",
        "备案证明编号一般由11位和5位数字组成，例如11010213001-00001。请与备案证明核对。",
    )


def is_resident_id(text: str) -> bool:
    """True for a resident identity number whose date of birth exists and whose check digit is right."""
    number = normalise_uscc(text)
    if not RESIDENT_ID.fullmatch(number):
        return False
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    try:
        date(year, month, day)
    except ValueError:
        return False
    if year < FIRST_BIRTH_YEAR:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, RESIDENT_ID_WEIGHTS, strict=False))
    return number[-1] == "10X98765432"[total % 11]


def resident_ids(text: str) -> Iterator[str]:
    """Valid resident identity numbers that stand in a text as words of their own."""
    for year in YEAR.finditer(text):
        before = year.start()
        if before and text[before - 1] in " -":
            before -= 1
        found = ID_SHAPE.match(text, max(before - 6, 0))
        if found is None:
            continue
        start, end = found.span()
        if text[start - 1 : start].isalnum() and text[start - 1 : start].isascii():
            continue
        if text[end : end + 1].isalnum() and text[end : end + 1].isascii():
            continue
        number = re.sub(r"[ \-]", "", unicodedata.normalize("NFKC", found[0])).upper()
        if is_resident_id(number):
            yield number


def mobile_numbers(text: str) -> Iterator[str]:
    """Mainland mobile numbers that stand in a text as words of their own."""
    for found in MOBILE.finditer(unicodedata.normalize("NFKC", text)):
        yield found[0]


def _wrong_character(place: int, character: str) -> Text:
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    if 3 <= place <= 8:
        return Text(f"Character {place} is {shown} and must be a digit.", f"第{place}位为{shown}，应为数字。")
    return Text(
        f"Character {place} is {shown}, which no code contains. I, O, S, V and Z aren't used.",
        f"第{place}位为{shown}，代码中不会出现该字符（不使用I、O、S、V、Z）。",
    )


def _body_check_character(body: str) -> str:
    values = (int(character, 36) for character in body)
    check = 11 - sum(value * weight for value, weight in zip(values, BODY_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(check, str(check))

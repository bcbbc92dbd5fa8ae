"""The rule of every kind of cell: what is taken, what it becomes, and what is said of the rest."""

import datetime
from types import SimpleNamespace

import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st
from import_export.fields import Field

from portal.documents.workbook import guard
from portal.imports.reading.choices import PROVINCES, SPACE_TYPES
from portal.imports.reading.columns import KINDS
from portal.imports.reading.phrases import CellError, Phrase, Problem
from portal.imports.reading.widgets import (
    BoolWidget,
    ChoiceWidget,
    CodeWidget,
    CountWidget,
    DateWidget,
    LanguagesWidget,
    LineWidget,
    ProvinceWidget,
    TextWidget,
    UsccWidget,
)
from portal.law import enums

pytestmark = pytest.mark.usefixtures("in_english")

COUNT, DATE, CODE, TEXT = CountWidget(required=True), DateWidget(), CodeWidget(example="FR-1"), TextWidget()


def wrong(widget, value):
    """The error of a cell; it must say something and offer something."""
    with pytest.raises(CellError) as error:
        widget.clean(value)
    assert str(error.value.message)
    assert str(error.value.remedy)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("12345", 12345),
        ("12,345", 12345),
        ("1,234,567", 1234567),
        ("1.2万", 12000),
        ("1.23万", 12300),
        ("3万", 30000),
        ("1,000万", 10_000_000),
        ("１２３４５", 12345),
        ("１２，３４５", 12345),
        ("１.２万", 12000),
        (" 12 ", 12),
        ("\u30007\u3000", 7),
        ("007", 7),
        ("0", 0),
        (12345, 12345),
    ],
)
def test_number_of_persons_is_read(text, persons):
    assert COUNT.clean(text) == persons


@pytest.mark.parametrize(
    "text",
    [
        "1e3",
        "1E3",
        "-1",
        "－1",
        "12.5",
        "1.23456万",
        "12,34",
        "1,2345",
        "1 000",
        "约100",
        "100人以上",
        "0x10",
        "+5",
        "²",
    ]
    + ["1.2.3", "万", "9" * 30, "1\u200b2", "١٢", "NaN", "", "  "],
)
def test_anything_else_is_no_number_of_persons(text):
    wrong(COUNT, text)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "2026-3-1", "2026/3/1", "2026/03/01", "2026.3.1", "2026年3月1日", "2026 年 3 月 1 日", "20260301"]
    + ["２０２６－０３－０１", " 2026-03-01\u3000", "2026-03-01 00:00:00", "2026-03-01T00:00:00", "2026年3月1号"]
    + [datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1)],
)
def test_date_is_read_in_every_accepted_form(text):
    assert DATE.clean(text) == datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-13-05", "no month 13"),
        ("2025-00-05", "no month 0"),
        ("2025-02-29", "no day 29 in month 2 of 2025"),
        ("2025/6/31", "no day 31"),
        ("20250631", "no day 31"),
        ("0226-03-01", "year 226"),
        ("2026-03/01", "not a date"),
        ("01/03/2026", "not a date"),
        ("26-3-1", "not a date"),
        ("46082", "not a date"),
        ("2026-03-01 10:30", "time of day"),
        ("昨天", "not a date"),
    ],
)
def test_date_that_cannot_be_says_why_and_shows_the_form(text, says):
    message = wrong(DATE, text)
    assert says in message
    assert "2025-06-05" in message


def test_unseen_character_in_a_date_or_number_is_named():
    assert "U+200B" in wrong(DATE, "2026-03-0\u200b1")
    assert "U+200B" in wrong(COUNT, "1\u200b2")
    wrong(DATE, "2026-03-0①")


def test_blank_cell_clears_and_required_cell_must_be_filled():
    for blank in ("", " ", "\u3000", "\t", "\u00a0", None):
        assert DATE.clean(blank) is None
        assert TEXT.clean(blank) == ""
        assert "must be filled" in wrong(CodeWidget(required=True, example="FR-1"), blank)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fr-pek-01", "FR-PEK-01"),
        ("ＦＲ－ＰＥＫ－０１", "FR-PEK-01"),
        (" FR-PEK-01\u3000", "FR-PEK-01"),
        ("FR‑PEK–01", "FR-PEK-01"),
        ("部署 一", "部署 一"),
        ("部署\u3000\u3000一", "部署 一"),
    ],
)
def test_code_is_normalised(text, code):
    assert CODE.clean(text) == code


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\u00ad", "U+00AD SOFT HYPHEN"),
        ("\u2066", "U+2066"),
        ("\x07", "U+0007"),
        ("\ue000", "U+E000"),
    ],
)
def test_unseen_character_in_a_key_is_named(character, name):
    assert name in wrong(CODE, f"FR{character}-1")
    assert name in wrong(CODE, f"{character}FR-1")
    assert name in wrong(UsccWidget(), f"91110105MA01FRA15K{character}")
    assert name in wrong(LineWidget(), f"Lane{character} 1")


def test_social_credit_code_is_checked_and_normalised():
    widget = UsccWidget()
    assert widget.clean(" 91110105ma01fra15k ") == "91110105MA01FRA15K"
    assert widget.clean("９１１１０１０５ＭＡ０１ＦＲＡ１５Ｋ") == "91110105MA01FRA15K"
    assert "18" in wrong(widget, "91110105MA01FRA15")
    assert "business licence" in wrong(widget, "91110105MA01FRA15L")


@pytest.mark.parametrize("province", enums.PROVINCES.values(), ids=lambda province: province.code)
def test_province_is_read_by_code_and_by_long_and_short_name(province):
    widget = ProvinceWidget()
    for text in (province.code, f"{province.code}0000", province.name.zh, province.short.zh, province.name.en):
        assert widget.clean(text) == province.code
    assert widget.clean(f" {province.short.en.lower()} ") == province.code


@pytest.mark.parametrize("text", ["火星省", "99", "香港", "1"])
def test_unknown_province_is_an_error(text):
    assert "北京" in wrong(ProvinceWidget(), text)


def test_every_space_is_read_in_both_languages_private_ones_too():
    widget = KINDS["devices"].column("space_type").widget
    for code, text in enums.SPACE_TYPES.items():
        assert {widget.clean(word) for word in (code, text.en, text.zh, code.upper(), f" {text.zh} ")} == {code}
    assert "hacked" not in wrong(widget, "hacked")


def test_words_of_a_choice_are_not_ambiguous():
    for kind in KINDS.values():
        for column in kind.columns:
            if isinstance(column.widget, ChoiceWidget):
                for choice in column.widget.choices:
                    for word in (choice.code, choice.en, choice.zh, *choice.also):
                        assert column.widget.clean(word) == choice.code


@pytest.mark.parametrize(("text", "value"), [("是", True), ("YES", True), ("否", False), ("no", False), ("", None)])
def test_yes_and_no_are_read(text, value):
    assert BoolWidget().clean(text) is value
    wrong(BoolWidget(), "maybe")


def test_languages_are_codes_in_order_each_once():
    widget = LanguagesWidget()
    assert widget.clean("zh,en") == "zh,en"
    assert widget.clean("中文、英文；中文") == "zh,en"
    assert widget.clean("EN / 藏文") == "en,bo"
    assert "克林贡文" in wrong(widget, "中文,克林贡文")


def test_text_that_a_spreadsheet_would_run_is_stored_as_typed():
    for text in ("=1+1", "+1", "-1", "@a", "\t=1", "＝1"):
        assert TEXT.clean(text) == text
        assert TEXT.clean(guard(text)) == text


def test_failed_formula_is_an_error():
    for widget in (TEXT, CODE, DATE, COUNT):
        assert "shows an error" in wrong(widget, "#N/A")


def test_every_widget_reads_back_what_it_renders():
    examples = {DateWidget: "2026-03-01", CountWidget: "12", BoolWidget: "yes", LanguagesWidget: "zh,en"}
    for kind in KINDS.values():
        for column in kind.columns:
            widget = column.widget
            text = examples.get(type(widget), "91110105MA01FRA15K")
            if isinstance(widget, ChoiceWidget):
                text = widget.choices[0].zh
            value = widget.clean(text)
            assert widget.clean(widget.render(value)) == value
            if not column.required:
                assert widget.render(widget.clean("")) == ""


def test_rules_serve_resources_as_they_are():
    field = Field(attribute="province", column_name="省份", widget=ProvinceWidget())
    assert field.clean({"省份": "北京"}) == "11"
    site = SimpleNamespace(province="11")
    assert field.clean({"省份": field.export(site)}) == "11"
    with pytest.raises(ValueError, match="not a province"):
        field.clean({"省份": "火星省"})


def test_problem_survives_storing():
    with pytest.raises(CellError) as error:
        UsccWidget().clean("91110105MA01FRA15L")
    problem = Problem("省份", "x", error.value.message, error.value.remedy)
    assert Problem.from_json(problem.as_json()) == problem
    assert str(Phrase.from_json(problem.message.as_json())) == str(problem.message)


def test_spaces_are_written_in_the_law_package_only():
    assert {choice.code for choice in SPACE_TYPES} == set(enums.SPACE_TYPES)
    assert {choice.code for choice in PROVINCES} == set(enums.PROVINCES)


ANY_CELL = st.text(max_size=40) | st.text("0123456789-/.,年月日万 \u3000\u200b０１eE+=@'", max_size=20)


@settings(max_examples=150, deadline=None, database=None)
@given(ANY_CELL)
def test_any_text_is_a_value_or_an_error_with_a_remedy(text):
    for widget in (
        COUNT,
        DATE,
        CODE,
        TEXT,
        LineWidget(),
        UsccWidget(),
        ProvinceWidget(),
        BoolWidget(),
        LanguagesWidget(),
    ):
        try:
            value = widget.clean(text)
        except CellError as error:
            assert str(error.message)
            assert str(error.remedy)
        else:
            assert widget.clean(widget.render(value)) == value or widget.required or isinstance(widget, TextWidget)


@settings(max_examples=100, deadline=None, database=None)
@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2099, 12, 31)), st.integers(0, 2_000_000_000))
def test_every_day_and_every_number_is_read_in_every_form(day, persons):
    forms = ["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日"]
    assert {DATE.clean(form.format(day)) for form in forms} == {day}
    assert COUNT.clean(str(persons)) == COUNT.clean(f"{persons:,}") == persons
    assert COUNT.clean(f"{persons // 10000}.{persons % 10000:04d}万") == persons


def test_lengths_are_those_of_the_register():
    """What a cell may hold, its column in the database must hold too."""
    if not apps.ready:
        pytest.skip("runs with the portal's settings only")
    from deployments import models

    fields = {
        "deployments": {
            "deployment_code": models.Deployment.code,
            "site_code": models.Site.code,
            "site_name": models.Site.name,
            "city": models.Site.city,
            "address": models.Site.address,
            "note": models.Deployment.note,
        },
        "devices": {
            "device_serial": models.Device.serial,
            "maker": models.Device.maker,
            "model": models.Device.model,
            "capture_area": models.CaptureArea.name,
        },
        "signs": {
            "sign_code": models.Sign.code,
            "location": models.Sign.location,
            "capture_area": models.CaptureArea.name,
        },
        "counts": {"dedup_method": models.PersonCount.dedup_method, "scenario_code": models.Scenario.code},
    }
    for kind, columns in fields.items():
        for name, attribute in columns.items():
            assert KINDS[kind].column(name).widget.max_length == attribute.field.max_length, name

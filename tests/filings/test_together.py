"""The page on which several PIPs see what they could file together, and the table of the members."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from deployments.models import Scenario
from filings.together import persons_of, uses_of
from portal.accounts.models import User
from portal.accounts.services import add_member, create_team, register_pip
from portal.law.identifiers import uscc_check_character
from portal.tenancy.models import Pip
from tests import build
from tests.deployments.test_pages import questions
from tests.filings import story
from tests.filings.story import TODAY

SAME = {
    "purpose": "核验会员身份",
    "necessity": "高峰时段排队",
    "function": "verify",
    "storage_mode": "device",
    "scope": "in",
    "subject_groups": ["customers"],
}


def affiliate(house: build.House, number: int, **facts) -> Scenario:
    """A PIP of the group with one scenario that says the same as the others', but for these facts."""
    with house.acting("owner"):
        body = f"911100001000000{number:02d}"
        pip = register_pip(Pip(uscc=body + uscc_check_character(body), name=f"子公司{number:02d}", province="11"))
        return build.scenario(pip, f"GATE{number:02d}", name=f"入园核验{number:02d}", **SAME | facts)


@pytest.fixture
def own(house) -> Scenario:
    return build.scenario(house.pip, "GATE", name="入园核验", **SAME)


def shown(house: build.House, role: str = "officer", query: str = "") -> str:
    response = house.client(role).get(house.url(f"filings/together/{query}"))
    assert response.status_code == 200
    return response.content.decode()


def test_equal_uses_of_two_pips_stand_as_one_group_with_their_persons(house, own):
    other = affiliate(house, 1, purpose="核验会员身份。")
    build.count(own, 61_000)
    build.count(other, 200)
    page = shown(house)
    assert "2 PIPs · 2 uses · 61,200 persons, overlap not deducted" in page
    assert other.pip.name in page and other.get_absolute_url() in page
    assert "Filing practice" in page and "Portal default, not law" in page and "FRM Art 15" in page


def test_what_differs_is_shown_with_both_values_and_the_way_to_align_it(house, own):
    other = affiliate(house, 1, necessity="会员卡被转借")
    page = shown(house, "owner")
    assert "No uses of several PIPs are the same" in page
    assert "Differs in necessity" in page
    assert "高峰时段排队" in page and "会员卡被转借" in page
    # The pair stands once; the younger is aligned to the older.
    assert page.count("Differs in") == 1
    assert house.url(f"register/scenarios/{other.pk}/edit/") in page
    assert house.url(f"register/scenarios/{own.pk}/edit/") not in page


def test_undecided_scope_leads_to_the_page_that_decides_it(house, own):
    other = affiliate(house, 1, scope="")
    page = shown(house, "owner")
    assert "Differs in scope of processing" in page and "not given" in page
    assert house.url(f"register/scenarios/{other.pk}/scope/") in page


def test_auditor_sees_the_groups_and_no_way_to_edit_or_open(house, own):
    affiliate(house, 1)
    affiliate(house, 2, necessity="会员卡被转借")
    page = shown(house, "auditor")
    assert "2 PIPs · 2 uses" in page and "Differs in necessity" in page
    assert "/edit/" not in page and "Open the dossier" not in page


def test_use_outside_the_measures_and_use_that_ended_are_not_compared(house, own):
    affiliate(house, 1, scope="out_rnd", scope_reason="training only")
    ended = affiliate(house, 2)
    build.deployment(ended.pip, "D", scenario=ended, status="terminated", ended_on=date(2026, 9, 1))
    assert [use.pk for use in uses_of(house.tenant, Pip.objects.filter(tenant=house.tenant))] == [own.pk]


def test_pip_that_the_reader_may_not_see_is_not_compared(house, own):
    affiliate(house, 1)
    with house.acting("owner"):
        house.people["limited"] = User.objects.create_user("limited@acme.example", name="Limited", language="en")
        add_member(house.people["limited"], create_team("limited", "officer", pips=[house.pip]))
    page = shown(house, "limited")
    assert "子公司01" not in page and "Only the PIPs that you may see are compared." in page


def test_persons_of_a_use_are_counted_as_the_law_counts_them(house, own):
    ended = {"ended_on": date(2026, 9, 15), "disposed_on": date(2026, 9, 20)}
    place = build.deployment(house.pip, "D1", scenario=own)
    gone = build.deployment(house.pip, "D2", scenario=own, status="disposed", **ended)
    build.count(place, 100, date(2026, 8, 1))
    build.count(place, 150, date(2026, 9, 1))
    build.count(gone, 70, date(2026, 9, 1))
    assert persons_of(house.tenant, [own.pk], date(2026, 9, 10)) == {own.pk: 220}
    assert persons_of(house.tenant, [own.pk], TODAY) == {own.pk: 150}
    build.count(own, 140, date(2026, 10, 1))
    assert persons_of(house.tenant, [own.pk], TODAY) == {own.pk: 140}


def test_member_shows_its_filing_or_the_button_that_opens_it(house, own):
    other = affiliate(house, 1)
    build.count(other, 100_718, story.CROSSED_ON)
    story.crossing(other.pip)
    duty = story.obligation(other.pip)
    page = shown(house)
    assert f"filings/open/{duty.pk}/" in page and "no duty to file" in page
    house.client("officer").post(house.url(f"filings/open/{duty.pk}/"))
    page = shown(house)
    assert "FIL-2026-0001" in page and f"filings/open/{duty.pk}/" not in page


def test_filter_leaves_what_concerns_one_pip(house, own):
    affiliate(house, 1)
    affiliate(house, 2, purpose="考勤")
    affiliate(house, 3, purpose="考勤")
    assert "入园核验02" in shown(house)
    page = shown(house, query=f"?pip={house.pip.uscc}")
    assert "2 PIPs · 2 uses" in page and "入园核验03" not in page


def test_table_of_members_holds_each_with_its_words_and_says_that_it_is_no_official_form(house, own):
    other = affiliate(house, 1)
    build.count(other, 200)
    response = house.client("auditor").get(house.url(f"filings/together/{other.pk}/table/"))
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert [row[:2] for row in rows[1:3]] == [(house.pip.name, house.pip.uscc), (other.pip.name, other.pip.uscc)]
    assert rows[2][4:9] == ("核验会员身份", "高峰时段排队", "Verification (1:1) · In the device", rows[1][7], 200)
    assert "no list of members is published" in rows[-1][0]


def test_table_of_a_use_that_ended_is_absent(house, own):
    build.deployment(house.pip, "D", scenario=own, status="terminated", ended_on=date(2026, 9, 1))
    assert house.client("officer").get(house.url(f"filings/together/{own.pk}/table/")).status_code == 404


def cost(house: build.House) -> int:
    client = house.client("officer")
    client.get(house.url("filings/together/"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(house.url("filings/together/")).status_code == 200
    return len(questions(queries))


def test_page_asks_as_much_at_three_members_as_at_eight_and_no_more_than_twelve(house, own):
    for number in range(1, 3):
        build.count(affiliate(house, number), 200)
    affiliate(house, 20, purpose="考勤")
    few = cost(house)
    for number in range(3, 8):
        build.count(affiliate(house, number), 200)
        affiliate(house, 20 + number, purpose=f"考勤{number}")
    assert cost(house) == few <= 12


def test_long_group_is_cut_and_says_how_many_more(house, own):
    for number in range(1, 11):
        affiliate(house, number)
    page = shown(house)
    assert "11 PIPs · 11 uses" in page and "and 3 more uses, in the table of members" in page
    assert "入园核验10" not in page


def test_group_of_the_meter_leads_to_the_page(house):
    page = house.client("officer").get(house.url("register/pips/group/")).content.decode()
    assert house.url("filings/together/") in page

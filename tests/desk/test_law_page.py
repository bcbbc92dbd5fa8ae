"""The law in this portal: a page that a lawyer reads, prints and marks."""

import re
from datetime import date

import pytest
from django.utils.html import escape

from portal.clock.reconcile import reconcile
from portal.law.duties import LAYERS
from portal.law.engine import RULES
from portal.law.not_carried import NOT_CARRIED
from portal.obligations.models import Obligation
from tests import build


def shown(page):
    """The entries of the page by their rule, each with the layer under which it stands."""
    return [
        (part.layer, entry) for part in page.context["parts"] for chapter in part.chapters for entry in chapter.entries
    ]


def test_every_rule_stands_there_once_under_its_own_layer(house):
    page = house.client("officer").get(house.url("law/"))
    entries = shown(page)
    assert sorted(entry.id for _layer, entry in entries) == sorted(rule.id for rule in RULES)
    layers = {rule.id: rule.layer for rule in RULES}
    assert all(layers[entry.id] == layer for layer, entry in entries)
    order = [part.layer for part in page.context["parts"]]
    assert order == [layer for layer in LAYERS if layer in order]
    ids = re.findall(r'<article class="card" id="([^"]+)"', page.content.decode())
    assert ids == [entry.id for _layer, entry in entries]


def test_rules_of_an_instrument_follow_its_articles(house):
    page = house.client("officer").get(house.url("law/"))
    measures = page.context["parts"][0].chapters[0]
    assert measures.id == "law-FRM"
    articles = [
        int(re.search(r"Art (\d+)", next(c for c, _ in one.cites if c.startswith("FRM")))[1])
        for one in measures.entries
    ]
    assert articles == sorted(articles) and len(set(articles)) > 3


@pytest.mark.parametrize(("language", "first", "second"), [("en", "en", "zh"), ("zh-hans", "zh", "en")])
def test_both_languages_stand_side_by_side_the_readers_first(house, language, first, second):
    officer = house.people["officer"]
    officer.language = language
    officer.save(update_fields=["language"])
    text = house.client("officer").get(house.url("law/")).content.decode()
    for rule in RULES:
        card = text[text.index(f'id="{rule.id}"') :]
        for words in (rule.title, rule.trigger, rule.due, rule.exemption, rule.evidence):
            mine, theirs = escape(getattr(words, first)), escape(getattr(words, second))
            assert card.find(mine) > -1 and card.find(theirs) > -1, (rule.id, mine)
        assert card.index(escape(getattr(rule.title, first))) < card.index(escape(getattr(rule.title, second)))
    assert f'lang="{"zh-Hans" if second == "zh" else "en"}"' in text


def test_numbers_say_their_layer_and_citations_lead_to_the_official_text(house):
    text = house.client("officer").get(house.url("law/")).content.decode()
    card = text[text.index('id="csl-mlps"') :]
    card = card[: card.index("</article>")]
    assert "30 natural days" in card and "Portal default, not law" in card and "Test at level 3: every year" in card
    assert 'href="https://www.cac.gov.cn/2025-03/21/c_1744174262156096.htm"' in card


@pytest.mark.parametrize("role", ["owner", "reviewer", "operator", "auditor"])
def test_everybody_who_sees_the_register_reads_the_law(house, role):
    page = house.client(role).get(house.url("law/"))
    assert page.status_code == 200 and len(shown(page)) == len(RULES)
    assert f'href="{house.url("law/")}"' in page.content.decode()


def test_vendor_does_not(house):
    assert house.client("vendor").get(house.url("law/")).status_code == 403


LATER = {
    "cac-officer-report": "2025-07-18",
    "incident-04-report": "2025-11-01",
    "gbt-45574-officer": "2025-11-01",
    "minors-37-audit": "2025-12-29",
}


def test_the_law_of_june_2025_lacks_what_came_later(house):
    ids = {entry.id for _layer, entry in shown(house.client("auditor").get(house.url("law/?on=2025-06-15")))}
    assert ids == {rule.id for rule in RULES if rule.in_force_on <= date(2025, 6, 15)}
    assert ids & LATER.keys() == set() and "frm-15-initial" in ids


@pytest.mark.parametrize(("rule", "since"), LATER.items())
def test_a_rule_stands_there_from_its_day_on(house, rule, since):
    client, day = house.client("auditor"), date.fromisoformat(since)
    before = client.get(house.url(f"law/?on={day.replace(day=day.day - 1) if day.day > 1 else '2025-10-31'}"))
    assert rule not in {entry.id for _layer, entry in shown(before)}
    assert rule in {entry.id for _layer, entry in shown(client.get(house.url(f"law/?on={since}")))}


@pytest.mark.parametrize(
    ("on", "article", "says"),
    [
        ("2025-05-31", "Cybersecurity Law Art 21", "Before the Measures"),
        ("2025-12-31", "Cybersecurity Law Art 21", ""),
        ("2026-01-01", "Cybersecurity Law Art 23", ""),
        ("2030-01-01", "Cybersecurity Law Art 23", "A day that lies ahead"),
    ],
)
def test_a_day_says_what_it_means_and_gives_articles_their_number_of_then(house, on, article, says):
    page = house.client("officer").get(house.url(f"law/?on={on}"))
    entry = next(entry for _layer, entry in shown(page) if entry.id == "csl-23-logs")
    assert article in [label for label, _url in entry.cites]
    for title in ("Before the Measures", "A day that lies ahead"):
        assert (title in page.content.decode()) == (title == says)


def test_before_the_measures_none_of_their_rules_stands_there(house):
    page = house.client("officer").get(house.url("law/?on=2025-05-31"))
    assert {part.layer for part in page.context["parts"]} == {"law"}
    assert "law-FRM" not in {chapter.id for chapter in page.context["parts"][0].chapters}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("layer=standard&q=GB/T+45574", {"gbt-45574-officer"}),
        ("q=FR-15D", {"frm-15-cancel"}),
        ("q=注销备案", {"frm-15-cancel"}),
        ("q=pipl-16-no-refusal", {"pipl-16-no-refusal"}),
        ("q=nothing+says+this", set()),
    ],
)
def test_words_and_layer_narrow_the_rules(house, query, ids):
    page = house.client("officer").get(house.url(f"law/?{query}"))
    assert {entry.id for _layer, entry in shown(page)} == ids


@pytest.mark.parametrize("query", ["on=yesterday", "on=2025-02-30", "layer=rumour", "on=0001-01-01", "on=9999-12-31"])
def test_what_is_no_day_or_layer_breaks_nothing(house, query):
    assert house.client("officer").get(house.url(f"law/?{query}")).status_code == 200


def test_a_word_that_is_no_day_says_so_and_today_is_shown(house):
    page = house.client("officer").get(house.url("law/?on=yesterday"))
    assert "This is no date" in page.content.decode() and len(shown(page)) == len(RULES)


def test_duties_of_a_rule_are_counted_and_lead_to_the_worklist(passed):
    client = passed.client("officer")
    uses = {entry.id: entry.uses for _layer, entry in shown(client.get(passed.url("law/")))}
    with passed.acting("officer"):
        Obligation.objects.filter(rule="frm-13-sign").update(state="met")
    met = {entry.id: entry.uses for _layer, entry in shown(client.get(passed.url("law/")))}["frm-13-sign"]
    assert [(one.state, one.number) for one in uses["frm-13-sign"]] == [("open", 1)]
    assert [(one.state, one.number) for one in met] == [("met", 1)]
    for one in [*uses["frm-13-sign"], *uses["frm-15-initial"]]:
        rows = client.get(one.url).context["rows"]
        assert {row.rule for row in rows} <= {"frm-13-sign", "frm-15-initial"}
    assert [row.rule for row in client.get(met[0].url).context["rows"]] == ["frm-13-sign"]
    assert uses["mps-refile"] == []


def test_duties_of_pips_that_the_reader_does_not_see_are_not_counted(passed, stranger):
    uses = [entry.uses for _layer, entry in shown(stranger.client("officer").get(stranger.url("law/")))]
    assert not any(uses)


def test_page_of_a_duty_leads_to_its_rule(passed):
    with passed.acting("officer"):
        duty = Obligation.objects.get(rule="frm-15-initial")
    text = passed.client("auditor").get(duty.get_absolute_url()).content.decode()
    assert f'href="{passed.url("law/")}#frm-15-initial"' in text


def test_page_costs_the_same_whatever_there_is(house, today, cost):
    client = house.client("officer")
    costs = []
    for numbers in (range(3), range(3, 8)):
        for number in numbers:
            build.device(build.deployment(house.pip, f"D{number}"), f"SN{number}")
        reconcile(house.pip, today=today)
        costs.append(cost(client, house.url("law/")))
    assert costs[0] == costs[1]


def test_what_no_portal_carries_stands_at_the_end(house):
    text = house.client("officer").get(house.url("law/")).content.decode()
    end = text[text.index('id="not-carried"') :]
    assert ("Nothing: every duty" in end) == (not NOT_CARRIED)
    assert all(one.obligation in end for one in NOT_CARRIED)

"""What noise can't touch: how many statements a page needs, how many blocks it reads, and how it finds its rows."""

import pytest
from django.urls import reverse

from bench.data import GIANT
from deployments.lists import CAP, PAGE
from tests import build
from tests.perf import plans

DEPLOYMENTS, OBLIGATIONS = "deployments_deployment", "obligations_obligation"
COUNTING = "SELECT COUNT("
# A row of the page, its site, its scenario, its devices and its signs, each down a tree of two or three levels.
BLOCKS_A_ROW = 7

pytestmark = pytest.mark.slow


def address(page: str, **query: str) -> str:
    return reverse(page, args=[f"t{GIANT}"], query=query or None)


def page_plan(client, url: str, table: str) -> dict:
    """The plan of the statement that fetches the page's rows."""
    return plans.plan(next(sql for sql in plans.reads_of(client, url, table) if not sql.startswith(COUNTING)))


def test_deployments_list_takes_as_many_statements_for_30_rows_as_for_3(house):
    client = house.client("officer")
    url = house.url("register/deployments/")
    gate, place = build.scenario(house.pip), build.site(house.pip)
    few: list[str] = []
    for number in range(30):
        row = build.deployment(house.pip, f"D{number:02}", scenario=gate, site=place)
        build.device(row, f"SN{number}")
        if number == 2:
            few = plans.statements(client, url)
    many = plans.statements(client, url)
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"sort": "-pip"},
        {"status": "active"},
        pytest.param({"sort": "code"}),
        pytest.param({"sort": "-status"}),
        pytest.param({"pip": "1"}),
        pytest.param({"pip": "1", "sort": "code"}),
        pytest.param({"pip": "1", "status": "active"}),
    ],
)
def test_deployments_page_reads_no_more_than_its_rows_among_84000(at_size, query):
    with at_size(10) as client, plans.as_the_giant():
        found = page_plan(client, address("deployments:deployments", **query), DEPLOYMENTS)
    assert found["Actual Rows"] == PAGE + 1
    assert plans.buffers(found) <= BLOCKS_A_ROW * (PAGE + 1)


def test_page_from_the_middle_reads_no_more_than_its_rows(at_size):
    with at_size(10) as client, plans.as_the_giant():
        code = plans.value(
            "SELECT code FROM deployments_deployment WHERE pip_id = 1 ORDER BY code OFFSET 2000 LIMIT 1"
        )
        url = address("deployments:deployments", pip="1", after=f'[1, "{code}"]')
        found = page_plan(client, url, DEPLOYMENTS)
    assert found["Actual Rows"] == PAGE + 1
    assert plans.buffers(found) <= BLOCKS_A_ROW * (PAGE + 1)


@pytest.mark.parametrize("sort", ["pip", "code", "status", "site", "started"])
@pytest.mark.parametrize("query", [{}, {"status": "active"}, {"province": "33"}, {"place": "public"}])
def test_no_order_of_the_deployments_list_reads_the_whole_table(at_size, sort, query):
    with at_size(10) as client, plans.as_the_giant():
        for sql in plans.reads_of(client, address("deployments:deployments", sort=sort, **query), DEPLOYMENTS):
            assert DEPLOYMENTS not in plans.scanned_whole(plans.plan(sql)), sql


@pytest.mark.parametrize("query", [{"view": "each"}, {"when": "overdue"}, {"state": "met"}, {"state": "all"}])
def test_no_filter_of_the_worklist_reads_the_whole_table(at_size, query):
    with at_size(10) as client, plans.as_the_giant():
        for sql in plans.reads_of(client, address("desk:obligations", **query), OBLIGATIONS):
            assert OBLIGATIONS not in plans.scanned_whole(plans.plan(sql)), sql


def test_count_of_a_long_list_stops_at_its_cap(at_size):
    with at_size(10) as client, plans.as_the_giant():
        reads = plans.reads_of(client, address("deployments:deployments"), DEPLOYMENTS)
        counts = [plans.plan(sql) for sql in reads if sql.startswith(COUNTING)]
    assert counts
    for found in counts:
        assert [node["Actual Rows"] for node in plans.nodes(found) if node["Node Type"] == "Limit"] == [CAP + 1]
        assert plans.buffers(found) <= CAP / 20

"""What noise can't touch: how many statements a page needs, how many blocks it reads, and how it finds its rows."""

import pytest
from django.urls import reverse

from bench.data import GIANT
from deployments.lists import CAP
from tests import build
from tests.perf import plans

DEPLOYMENTS, OBLIGATIONS = "deployments_deployment", "obligations_obligation"
COUNTING = "SELECT COUNT("
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
    few = many = None
    for number in range(30):
        row = build.deployment(house.pip, f"D{number:02}", scenario=gate, site=place)
        build.device(row, f"SN{number}")
        if number == 2:
            few = plans.statements(client, url)
    many = plans.statements(client, url)
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.parametrize("query", [{}, {"status": "active"}, {"sort": "-pip"}])
def test_deployments_page_reads_as_many_blocks_at_ten_times_the_rows(at_size, query):
    blocks = {}
    for times in (1, 10):
        with at_size(times) as client, plans.as_the_giant():
            blocks[times] = plans.buffers(page_plan(client, address("deployments:deployments", **query), DEPLOYMENTS))
    print("BLOCKS", blocks)
    assert blocks[10] <= blocks[1] * 1.2, blocks


@pytest.mark.parametrize("sort", ["pip", "-pip", "code", "status", "site", "started"])
@pytest.mark.parametrize("query", [{}, {"status": "active"}, {"province": "33"}, {"place": "public"}])
def test_no_order_of_the_deployments_list_reads_the_whole_table(at_size, sort, query):
    with at_size(10) as client, plans.as_the_giant():
        for sql in plans.reads_of(client, address("deployments:deployments", sort=sort, **query), DEPLOYMENTS):
            assert DEPLOYMENTS not in plans.scanned_whole(plans.plan(sql)), sql


@pytest.mark.parametrize("query", [{}, {"when": "overdue"}, {"state": "met"}, {"state": "all"}])
def test_no_filter_of_the_worklist_reads_the_whole_table(at_size, query):
    with at_size(10) as client, plans.as_the_giant():
        for sql in plans.reads_of(client, address("desk:obligations", **query), OBLIGATIONS):
            assert OBLIGATIONS not in plans.scanned_whole(plans.plan(sql)), sql


def test_first_page_of_the_worklist_reads_as_many_blocks_at_ten_times_the_rows(at_size):
    blocks = {}
    for times in (1, 10):
        with at_size(times) as client, plans.as_the_giant():
            blocks[times] = plans.buffers(page_plan(client, address("desk:obligations"), OBLIGATIONS))
    print("BLOCKS", blocks)
    assert blocks[10] <= blocks[1] * 1.2, blocks


def test_page_from_the_middle_reads_as_many_blocks_as_the_first(at_size):
    with at_size(10) as client, plans.as_the_giant():
        first = page_plan(client, address("deployments:deployments"), DEPLOYMENTS)
        code = plans.value(
            "SELECT code FROM deployments_deployment WHERE tenant_id = %s ORDER BY 1 OFFSET 7000", GIANT
        )
        deep = page_plan(client, address("deployments:deployments", after=f'[1, "{code}"]'), DEPLOYMENTS)
    assert plans.buffers(deep) <= plans.buffers(first) * 1.2


def test_count_of_a_long_list_stops_at_its_cap(at_size):
    with at_size(10) as client, plans.as_the_giant():
        counting = [
            sql
            for sql in plans.reads_of(client, address("deployments:deployments"), DEPLOYMENTS)
            if sql.startswith(COUNTING)
        ]
        read = [node["Actual Rows"] for sql in counting for node in plans.nodes(plans.plan(sql))]
    assert counting and max(read) <= CAP + 1

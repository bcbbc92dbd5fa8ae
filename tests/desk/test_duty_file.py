"""The list of duties as a file."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from portal.obligations.models import Obligation
from tests.desk.test_work import duty


def table(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def taken(house, query, role="officer"):
    answer = house.client(role).get(house.url(f"duties/?{query}"))
    assert answer.status_code == 200
    return table(answer)


def test_file_holds_exactly_the_duties_of_the_filter_worst_first(passed):
    page = passed.client("officer").get(passed.url("duties/?kind=sign&state=all"))
    rows = taken(passed, "kind=sign&state=all&format=csv")
    assert [row["Rule"] for row in rows] == [row.rule for row in page.context["rows"]]
    everything = taken(passed, "format=csv")
    assert [row["Rule"] for row in everything] == list(
        Obligation.objects.open().worst_first().values_list("rule", flat=True)
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_file_says_firmness_safe_date_and_whose_it_is(house, form):
    duty(
        house,
        1,
        rule="frm-15-initial",
        safe_on=date(2027, 1, 5),
        due_on=date(2027, 1, 7),
        firmness="provisional",
        assignee=house.people["owner"],
    )
    (row,) = taken(house, f"format={form}")
    assert (str(row["Safe date"])[:10], str(row["Due on"])[:10]) == ("2027-01-05", "2027-01-07")
    assert (row["Firmness"], row["Assigned to"], row["PIP"]) == ("provisional", "Owner", house.pip.name)


def test_reader_takes_only_the_duties_of_the_pips_that_he_sees(house, stranger):
    with stranger.acting("officer"):
        duty(stranger, 1)
    assert taken(house, "format=csv") == []
    assert house.client("vendor").get(house.url("duties/?format=csv")).status_code == 403


def test_export_costs_the_same_at_three_and_at_eight(house, cost):
    client, costs = house.client("officer"), []
    for numbers in (range(3), range(3, 8)):
        for number in numbers:
            duty(house, number)
        costs.append(cost(client, house.url("duties/?format=xlsx")))
    assert costs[0] == costs[1]

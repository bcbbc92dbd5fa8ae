"""The proof on the page: who was told what, with letter and Message-ID, as a table too; and the inbox of a year."""

import csv
from datetime import timedelta
from io import StringIO

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.clock.dispatch import dispatch
from portal.obligations.models import Delivery
from tests.notifications.robots import LAW, OWN, tell, working


def exported(client, house, query=""):
    answer = client.get(house.url(f"deliveries/export/{query}"))
    assert answer.headers["Content-Type"] == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def test_log_and_its_table_say_who_when_by_what_and_with_which_id(house, platform, today):
    robot = working(house, platform, name="PI group")
    tell(house, LAW)
    dispatch(today=today)
    auditor = house.client("auditor")
    page = auditor.get(house.url("deliveries/")).content.decode()
    assert all(word in page for word in ("PI group", "WeCom robot", "Officer", "officer@acme.example"))
    mailed = Delivery.objects.filter(channel="mail").first()
    letter = auditor.get(house.url(f"deliveries/?letter={mailed.letter}")).content.decode()
    assert mailed.message_id.strip("<>") in letter and robot.name not in letter
    heads, *lines = exported(auditor, house)
    assert len(lines) == 5 and lines[0][heads.index("PIP")] == house.pip.name
    by_channel = {line[heads.index("Channel")]: dict(zip(heads, line, strict=True)) for line in lines}
    assert by_channel["robot"]["Recipient"] == "PI group" and by_channel["mail"]["Message-ID"].startswith("<delivery-")
    assert {line[heads.index("Result")] for line in lines} == {"sent"}
    assert len(exported(auditor, house, "?channel=robot")) == 2


def test_page_of_a_duty_names_the_chat_that_was_told(house, platform, today):
    working(house, platform, name="PI group")
    (duty,) = tell(house, LAW)
    dispatch(today=today)
    assert "PI group" in house.client("auditor").get(house.url(f"duties/{duty.pk}/")).content.decode()


def test_name_that_a_spreadsheet_would_run_is_harmless_in_the_table(house, platform, today):
    working(house, platform, name="=HYPERLINK(1)")
    tell(house, LAW)
    dispatch(today=today)
    heads, *lines = exported(house.client("auditor"), house, "?channel=robot")
    assert not lines[0][heads.index("Recipient")].startswith("=")


def test_filter_by_days_takes_whole_days_of_shanghai(house, today):
    tell(house, LAW)
    dispatch(today=today)
    day = timezone.localdate()
    client = house.client("auditor")
    assert len(client.get(house.url(f"deliveries/?since={day}&until={day}")).context["rows"]) == 4
    later = day + timedelta(days=1)
    assert len(client.get(house.url(f"deliveries/?since={later}")).context["rows"]) == 0
    assert len(client.get(house.url("deliveries/?until=9999-12-31")).context["rows"]) == 4


def test_only_those_who_answer_for_it_read_the_log(house):
    for path in ("deliveries/", "deliveries/export/", "deliveries/receipts/"):
        assert house.client("operator").get(house.url(path)).status_code == 403
        assert house.client("reviewer").get(house.url(path)).status_code == 200


def test_log_costs_the_same_at_three_rows_and_at_eight(house, platform, today):
    working(house, platform)
    counts = []
    for number in (3, 8):
        tell(house, OWN, number)
        dispatch(today=today)
        client = house.client("auditor")
        for path in ("deliveries/", "deliveries/export/"):
            with CaptureQueriesContext(connection) as seen:
                client.get(house.url(path))
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_bell_on_every_page_counts_what_is_unread(house, today):
    client = house.client("officer")
    assert 'aria-label="Inbox"' in client.get(house.url("duties/")).content.decode()
    tell(house, OWN, 3)
    dispatch(today=today)
    assert 'aria-label="Inbox, 3 unread messages"' in client.get(house.url("duties/")).content.decode()
    first = Delivery.objects.filter(channel="inbox", user=house.people["officer"]).first()
    client.post(house.url("inbox/read/"), {"delivery": first.pk})
    assert 'aria-label="Inbox, 2 unread messages"' in client.get(house.url("duties/")).content.decode()
    assert 'aria-label="Inbox"' in house.client("auditor").get(house.url("duties/")).content.decode()


def test_inbox_shows_a_year_and_the_log_keeps_the_rest(house, today):
    tell(house, OWN, 2)
    dispatch(today=today)
    old = Delivery.objects.filter(channel="inbox", user=house.people["officer"]).first()
    Delivery.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=367))
    assert len(house.client("officer").get(house.url("inbox/")).context["rows"]) == 1
    assert Delivery.objects.filter(pk=old.pk).exists()
    assert len(house.client("auditor").get(house.url("deliveries/?channel=inbox")).context["rows"]) == 4

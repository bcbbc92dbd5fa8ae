"""The way in, the overview, search, inbox, demo mail and health."""

import json
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.clock.facts import facts_of
from portal.clock.models import Heartbeat
from portal.clock.reconcile import reconcile
from portal.desk.summary import latest_totals, summaries
from portal.law import meter
from portal.obligations.models import Delivery, Obligation
from portal.obligations.services import waive
from portal.tenancy.models import Tenant, touch
from tests import build

READERS = ["owner", "officer", "reviewer", "operator", "auditor"]


def signed_in(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_visitor_is_sent_to_sign_in(db):
    assert Client().get("/").url.startswith("/accounts/login/")


def test_member_of_one_workspace_goes_there_at_once_and_may_choose(house):
    client = house.client("officer")
    assert client.get("/").url == house.url("")
    assert house.url("") in client.get("/?choose=1").content.decode()


def test_member_of_two_workspaces_chooses(house, stranger):
    person = house.people["officer"]
    with stranger.acting("owner"):
        stranger_team = build.create_team("more", "officer")
        build.add_member(person, stranger_team)
    page = house.client("officer").get("/").content.decode()
    assert house.url("") in page and stranger.url("") in page


def test_person_without_workspace_is_told_what_to_do(house):
    page = signed_in(User.objects.create_user("lone@x.example", name="Lone", language="en")).get("/")
    assert b"Ask the owner" in page.content
    with house.acting("owner"):
        Membership.objects.filter(user=house.people["auditor"]).update(ends_on=date(2026, 10, 11))
    assert b"Ask the owner" in house.client("auditor").get("/").content


def test_platform_account_is_led_to_what_all_workspaces_share(house):
    person = User.objects.create_user("p@portal.example", name="P", language="en", is_staff=True)
    page = signed_in(person).get("/", follow=True)
    assert page.redirect_chain[0][0] == "/platform/" and house.tenant.name not in page.content.decode()
    assert signed_in(person).get(house.url("")).status_code == 404


@pytest.mark.parametrize("role", READERS)
def test_overview_shows_threshold_duties_and_dates(passed, role):
    page = passed.client(role).get(passed.url(""))
    pip, found = page.context["cards"][0]
    assert (pip, found.total.high) == (passed.pip, 100_718)
    assert page.context["crossings"] and page.context["deadlines"][0].rule == "frm-15-initial"
    assert page.context["sums"]["open"] == found.open > 2
    assert "100,718" in page.content.decode()


def test_vendor_is_led_to_the_vendor_files(house):
    assert house.client("vendor").get(house.url("")).url == house.url("imports/")


def test_overview_without_anything_says_so(house):
    page = house.client("officer").get(house.url("")).content.decode()
    assert "No count yet" in page and "No date runs" in page


def test_overview_total_is_that_of_the_meter(house, today):
    first, second = build.deployment(house.pip, "D1"), build.deployment(house.pip, "D2")
    whole = build.scenario(house.pip, "WHOLE")
    build.count(first, 10_000, on=date(2026, 3, 1))
    build.count(first, 9_000, on=date(2026, 5, 1))
    build.count(second, 500, on=date(2026, 4, 1))
    build.count(whole, 7_000, on=date(2026, 1, 1))
    build.count(whole, 8_000, on=date(2026, 12, 31))
    build.count(build.scenario(house.pip, "OUT", scope="out_not_fr", scope_reason="no face is stored"), 99_999)
    second.status, second.ended_on, second.disposed_on = "disposed", date(2026, 6, 1), date(2026, 7, 1)
    second.save()
    expected = meter.latest(facts_of(house.pip), today)
    assert latest_totals([house.pip.pk], today=today)[house.pip.pk] == (expected, True)
    assert expected.high == 16_000


def test_overview_follows_a_touched_pip(passed, today):
    client = passed.client("officer")
    assert client.get(passed.url("")).context["cards"][0][1].total.high == 100_718
    with passed.acting("officer"):
        assert summaries([passed.pip], today=today)[passed.pip.pk].total.high == 100_718
        place = build.Deployment.objects.get()
        build.count(place, 120_000, on=date(2026, 10, 5))
        touch(passed.pip.pk)
    assert client.get(passed.url("")).context["cards"][0][1].total.high == 120_000


def test_overview_costs_the_same_at_three_and_at_eight(house, today, cost):
    client, costs = house.client("officer"), []
    for numbers in (range(3), range(3, 8)):
        for number in numbers:
            place = build.deployment(house.pip, f"D{number}")
            build.device(place, f"SN{number}")
            build.count(place, 20_000)
        reconcile(house.pip, today=today)
        cache.clear()
        costs.append(cost(client, house.url("")))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("role", READERS)
def test_search_finds_every_kind_by_a_part_of_its_name(house, role):
    place = build.deployment(house.pip, "NEEDLE-D", scenario=build.scenario(house.pip, "NEEDLE-SC"))
    build.site(house.pip, "X9", name="大兴needle厅")
    build.device(place, "SN-needle-1")
    build.sign(place, "needle-sign")
    page = house.client(role).get(house.url("search/?q=needle"))
    assert [len(group["hits"]) for group in page.context["groups"]] == [1, 1, 1, 1, 1]
    assert "大兴needle厅" in page.content.decode()
    by_name = house.client(role).get(house.url("search/?q=示例科技"))
    assert [hit["code"] for group in by_name.context["groups"] for hit in group["hits"]] == [build.USCC]


def test_search_finds_nothing_foreign_and_bears_odd_words(house, stranger):
    with stranger.acting("officer"):
        build.site(stranger.pip, "CANARY77")
    client = house.client("officer")
    for words in ("CANARY77", "%", "_", "%00", "'; --", "x" * 5000, "\\"):
        page = client.get(house.url("search/"), {"q": words})
        assert page.status_code == 200 and page.context["groups"] == []


def test_search_sees_only_granted_pips(house):
    with house.acting("owner"):
        second = build.register_pip(build.Pip(uscc="91330106MA2HTEXTX3", name="另一公司", province="33"))
        build.site(second, "THEIRS")
        person = User.objects.create_user("guest@acme.example", name="Guest", language="en")
        build.add_member(person, build.create_team("only first", "reviewer", pips=[house.pip]))
    assert signed_in(person).get(house.url("search/?q=THEIRS")).context["groups"] == []
    assert house.client("officer").get(house.url("search/?q=THEIRS")).context["groups"] != []


def test_search_is_closed_to_vendors(house):
    assert house.client("vendor").get(house.url("search/?q=x")).status_code == 403


def test_inbox_holds_own_messages_and_counts_unread(passed):
    client = passed.client("officer")
    page = client.get(passed.url("inbox/"))
    assert page.context["unread"] == len(page.context["rows"]) == 1
    assert {row.user for row in page.context["rows"]} == {passed.people["officer"]}
    assert passed.client("auditor").get(passed.url("inbox/")).context["unread"] == 0


def test_message_is_marked_read_and_leads_to_its_duty(passed):
    client = passed.client("officer")
    row = client.get(passed.url("inbox/")).context["rows"][0]
    answer = client.post(passed.url("inbox/read/"), {"delivery": row.pk})
    assert answer.url == passed.url(f"duties/{row.reminder.obligation_id}/")
    assert client.get(passed.url("inbox/?show=unread")).context["rows"] == []
    with passed.acting("owner"):
        unread = Delivery.objects.filter(channel="inbox", read_at=None)
        assert [one.user for one in unread] == [passed.people["owner"]], "another person's message stays unread"


def test_foreign_message_cannot_be_marked(passed):
    with passed.acting("owner"):
        foreign = Delivery.objects.get(channel="inbox", user=passed.people["owner"])
    passed.client("officer").post(passed.url("inbox/read/"), {"delivery": foreign.pk})
    with passed.acting("owner"):
        foreign.refresh_from_db()
    assert foreign.read_at is None


def test_auditor_may_mark_own_messages(passed):
    with passed.acting("owner"):
        reminder = Delivery.objects.first().reminder
        auditor = passed.people["auditor"]
        Delivery.objects.create(
            tenant=passed.tenant, pip=passed.pip, reminder=reminder, user=auditor, channel="inbox", state="sent",
            created_at=timezone.now(),
        )  # fmt: skip
    assert passed.client("auditor").post(passed.url("inbox/read/")).status_code == 302
    assert passed.client("auditor").get(passed.url("inbox/")).context["unread"] == 0


@pytest.mark.parametrize(("role", "status"), [("officer", 200), ("auditor", 200), ("operator", 403), ("vendor", 403)])
def test_delivery_log_is_for_those_who_answer_for_it(passed, role, status):
    page = passed.client(role).get(passed.url("deliveries/?channel=mail"))
    assert page.status_code == status
    if status == 200:
        assert {row.channel for row in page.context["rows"]} == {"mail"} and len(page.context["rows"]) == 2


def test_delivery_log_names_the_letter_and_shows_all_that_it_carried(passed):
    with passed.acting("officer"):
        first, second = Delivery.objects.filter(channel="mail").order_by("id")
        Delivery.objects.filter(channel="mail").update(letter=first.pk)
    client = passed.client("officer")
    whole = client.get(passed.url("deliveries/")).content.decode()
    assert f'<a href="?letter={first.pk}">letter {first.pk}</a>' in whole and whole.count("?letter=") == 2
    page = client.get(passed.url(f"deliveries/?letter={first.pk}"))
    assert {row.pk for row in page.context["rows"]} == {first.pk, second.pk}
    for number, rows in ((second.pk, 0), ("x", 4), (2**70, 4), (-1, 4)):
        page = client.get(passed.url(f"deliveries/?letter={number}"))
        assert len(page.context["rows"]) == rows, number


def test_health_counts_letters_and_not_what_they_carry(passed):
    with passed.acting("officer"):
        Delivery.objects.filter(channel="mail").update(state="failed", letter=Delivery.objects.first().pk)
    page = passed.client("auditor").get(passed.url("health/"))
    found = {row.name: row for row in page.context["rows"]}
    assert "1 mail of the last 30 days was refused" in found["Mail"].what


@pytest.mark.parametrize("path", ["inbox/", "deliveries/"])
def test_message_lists_cost_the_same_at_three_and_at_eight(passed, path, cost):
    client, costs = passed.client("officer"), []
    with passed.acting("officer"):
        reminders = list(Obligation.objects.get(rule="frm-15-initial").reminders.all())
    for chosen in (reminders[1:3], reminders[3:7]):
        with passed.acting("officer"):
            for reminder in chosen:
                Delivery.objects.create(
                    tenant=passed.tenant, pip=passed.pip, reminder=reminder, user=passed.people["officer"],
                    channel="inbox", state="sent", created_at=timezone.now(),
                )  # fmt: skip
        costs.append(cost(client, passed.url(path)))
    assert costs[0] == costs[1]


MAIL = """X-MailFrom: portal@portal.example\r
X-RcptTo: {to}\r
From: Portal <portal@portal.example>\r
To: officer@acme.example\r
Subject: =?utf-8?b?5aSH5qGI?= {number}\r
Date: Mon, 12 Oct 2026 00:30:00 -0000\r
Content-Type: multipart/alternative; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=utf-8\r
\r
<script>alert(1)</script> http://testserver/t/acme/duties/1/\r
--x\r
Content-Type: text/html; charset=utf-8\r
\r
<img src=http://evil.example/x>\r
--x--\r
"""


@pytest.fixture
def mails(settings, tmp_path):
    settings.DEMO_MAIL_ROOT = str(tmp_path)
    for number, to in enumerate(["officer@acme.example", "owner@acme.example", "a@x.example, OFFICER@acme.example"]):
        name = f"{1_790_000_000_000_000_000 + number}-{number}-1.eml"
        (tmp_path / name).write_bytes(MAIL.format(to=to, number=number).encode())
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path


def test_demo_mailbox_shows_the_mails_to_the_reader_only(house, mails):
    page = house.client("officer").get(house.url("demo-mail/"))
    assert [row["subject"] for row in page.context["rows"]] == ["备案 2", "备案 0"]
    assert "2026-10-12 08:30" in page.content.decode(), "moments are shown in Shanghai"
    assert house.client("reviewer").get(house.url("demo-mail/")).context["rows"] == []


def test_demo_mail_is_shown_as_text(house, mails):
    client = house.client("officer")
    row = client.get(house.url("demo-mail/")).context["rows"][0]
    page = client.get(house.url(f"demo-mail/{row['name']}/")).content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page and "evil.example" not in page
    assert 'href="http://testserver/t/acme/duties/1/"' in page
    foreign = next(path.name for path in mails.glob("*-1-1.eml"))
    assert client.get(house.url(f"demo-mail/{foreign}/")).status_code == 404
    for name in ("secret.txt", "..%2Fsecret.txt", "%2e%2e"):
        assert client.get(house.url(f"demo-mail/{name}/")).status_code == 404


def test_without_a_catcher_there_is_no_demo_mailbox(house, settings):
    settings.DEMO_MAIL_ROOT = None
    assert house.client("officer").get(house.url("demo-mail/")).status_code == 404


def test_probe_tells_of_a_silent_scheduler_and_of_no_tenant(house):
    assert Client().get("/healthz").status_code == 200
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now() - timedelta(hours=25))
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert house.tenant.name not in answer.content.decode()
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(hours=27))
    assert Client().get("/healthz?plain").status_code == 503
    assert Client().get("/healthz").json()["scheduler"] == "silent"


def test_silent_scheduler_is_shown_on_every_page(house):
    client = house.client("auditor")
    assert b"The scheduler is silent" not in client.get(house.url("")).content
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now() - timedelta(hours=27))
    for path in ("", "duties/", "trail/", "inbox/", "health/"):
        assert b"The scheduler is silent" in client.get(house.url(path)).content
    with pytest.raises(SystemExit):
        call_command("heartbeat")


def test_checking_without_sending_is_silence_too(house):
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now())
    Heartbeat.objects.create(name="dispatch", beat_at=timezone.now() - timedelta(hours=27))
    assert Client().get("/healthz").status_code == 503
    assert b"The scheduler is silent" in house.client("auditor").get(house.url("")).content
    rows = house.client("auditor").get(house.url("health/")).context["rows"]
    assert next(row.tone for row in rows if row.name == "Scheduler") == "bad"


def test_scheduler_that_was_never_started_is_silent_a_day_after_the_portal_was_set_up(house):
    set_up = timezone.now() - timedelta(hours=27)
    User.objects.update(date_joined=set_up)
    Tenant.objects.filter(pk=house.tenant.pk).update(created_at=set_up)
    assert Client().get("/healthz?plain").status_code == 503
    assert b"The scheduler is silent" in house.client("auditor").get(house.url("")).content
    with pytest.raises(SystemExit):
        call_command("heartbeat")


def test_health_page_says_in_words_what_to_do(passed):
    with passed.acting("officer"):
        Delivery.objects.filter(channel="mail").update(state="failed")
    page = passed.client("auditor").get(passed.url("health/"))
    found = {row.name: row for row in page.context["rows"]}
    assert found["Mail"].tone == "warn" and "2 mails" in found["Mail"].what
    assert "2026-12-31" in found["Working days"].what


def duties_of(capsys, **options):
    call_command("duties", "--json", tenant="acme", **options)
    return json.loads(capsys.readouterr().out)


def test_duties_as_json_are_those_of_the_law_on_that_day(passed, capsys):
    rows = {row["rule"]: row for row in duties_of(capsys)}
    filing = rows["frm-15-initial"]
    assert filing["pip"] == build.USCC and filing["subject"] == f"pip:{build.USCC}"
    assert (filing["arose_on"], filing["due_on"], filing["status"]) == ("2026-10-04", "2026-11-17", "firm")
    assert filing["state"] == "open" and "FRM-15" in filing["cites"] and "100,718" in filing["why"]
    assert rows["frm-13-sign"]["due_on"] is None and rows["frm-13-sign"]["status"] is None
    earlier = duties_of(capsys, on=date(2026, 10, 3), pip=build.USCC)
    assert "frm-15-initial" not in {row["rule"] for row in earlier}


def test_duties_command_writes_nothing_and_knows_waivers(passed, capsys):
    with passed.acting("officer"):
        duty = Obligation.objects.get(rule="frm-13-sign")
        waive(
            duty.rule,
            duty.subject,
            about=build.Deployment.objects.get(),
            reason="painted over this week",
            by=passed.people["reviewer"],
            today=date(2026, 10, 12),
        )
        before = list(Obligation.objects.order_by("pk").values())
        build.count(build.Deployment.objects.get(), 200_000, on=date(2026, 10, 6))
    rows = {row["rule"]: row for row in duties_of(capsys)}
    assert rows["frm-13-sign"]["state"] == "waived"
    with passed.acting("officer"):
        assert list(Obligation.objects.order_by("pk").values()) == before


def test_sweep_and_dispatch_commands_do_their_round(house, capsys):
    place = build.deployment(house.pip)
    build.count(place, 100_718, on=date(2026, 10, 4))
    call_command("sweep", today=date(2026, 10, 12))
    call_command("dispatch", today=date(2026, 10, 12))
    out = capsys.readouterr().out
    assert "1 PIPs reconciled" in out and "1 rungs handed on, 2 messages sent" in out
    call_command("dispatch", today=date(2026, 10, 12))
    assert "0 rungs handed on, 0 messages sent" in capsys.readouterr().out


def test_error_page_asks_nothing_of_the_database(rf, django_assert_num_queries, db):
    from portal.desk.views import server_error

    with django_assert_num_queries(0):
        assert server_error(rf.get("/")).status_code == 500


def test_messages_of_one_rule_are_read_together_and_the_rest_of_many_is_folded(passed):
    with passed.acting("officer"):
        duty = Obligation.objects.get(rule="frm-15-initial")
        for reminder in duty.reminders.all()[1:6]:
            Delivery.objects.create(
                tenant=passed.tenant, pip=passed.pip, reminder=reminder, user=passed.people["officer"],
                channel="inbox", state="sent", created_at=timezone.now(),
            )  # fmt: skip
    page = passed.client("officer").get(passed.url("inbox/"))
    (group,) = page.context["groups"]
    assert (len(group["first"]), len(group["rest"]), group["unread_words"]) == (3, 3, "3 unread")
    assert f"3 more: {duty.title}" in page.content.decode()

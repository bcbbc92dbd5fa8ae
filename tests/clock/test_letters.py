"""One letter for all that a person is to be told of; a date set by law that has come has a letter of its own."""

import re
import smtplib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from portal.accounts.models import Membership
from portal.accounts.services import register_pip
from portal.calendars.clock import civil_now
from portal.clock.dispatch import claim, deliver, dispatch
from portal.clock.handing import hand_on
from portal.clock.reminders import plan_overdue
from portal.clock.sweep import overdue_tenants
from portal.law.engine import rule_by_id
from portal.obligations.models import Delivery, Obligation, Reminder
from portal.tenancy.models import Pip
from tests import build

OWN, LAW, PRACTICE = "default-sign-inspection", "frm-15-initial", "cac-materials"
LATER = date(2026, 10, 30)
PEOPLE = 2  # the owner and the officer


def tell(house, rule, number=1, *, safe_on=LATER, subject="deployment:D{}", today=date(2026, 10, 12), **columns):
    """Duties of a rule, each with a rung for today."""
    dates = {"arose_on": today, "due_on": safe_on, "safe_on": safe_on, "firmness": "firm"}
    rows = Obligation.objects.bulk_create(
        Obligation(
            tenant=house.tenant,
            rule=rule,
            subject=subject.format(each),
            why_en="100,000 is reached.",
            why_zh="已达到100,000人。",
            **{"pip": house.pip, **dates, **columns},
        )
        for each in range(number)
    )
    Reminder.objects.bulk_create(
        Reminder(tenant=house.tenant, pip=row.pip, obligation=row, rung="opened", aims_at=safe_on, send_on=today)
        for row in rows
    )
    return rows


def letters_to(role):
    return [message for message in mail.outbox if message.to == [f"{role}@acme.example"]]


def mails():
    return Delivery.objects.filter(channel="mail")


def html_of(message):
    return message.alternatives[0].content


@pytest.fixture
def officer_reads_chinese(house):
    officer = house.people["officer"]
    officer.language = "zh-hans"
    officer.save(update_fields=["language"])


def test_two_hundred_duties_are_one_letter_a_person_and_each_stands_in_the_inbox(house, today):
    tell(house, OWN, 200)
    assert dispatch(today=today) == (200, PEOPLE)
    assert len(mail.outbox) == PEOPLE and len(letters_to("officer")) == 1
    assert Counter(mails().values_list("state", "attempts")) == {("sent", 1): 200 * PEOPLE}
    assert Delivery.objects.filter(channel="inbox", state="sent").count() == 200 * PEOPLE
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == {row.message_id for row in mails()}
    assert dispatch(today=today) == (0, 0)


def test_digest_names_the_first_of_a_rule_and_counts_the_rest(house, today):
    tell(house, OWN, 124)
    tell(house, LAW, 9)
    dispatch(today=today)
    letter = letters_to("officer")[0]
    assert letter.body.count("\n- ") == 5 + 3 and html_of(letter).count("<li") == 6 + 4
    assert "and 4 more" in letter.body and "and 121 more → http" in letter.body
    assert re.search('<a [^>]*href="http[^"]*"[^>]*>and 121 more</a>', html_of(letter))


def test_link_to_the_rest_leads_to_what_the_letter_told_of_the_rule(house, today):
    told = tell(house, OWN, 7)
    tell(house, LAW)
    dispatch(today=today)
    Obligation.objects.bulk_create(
        Obligation(
            tenant=house.tenant,
            pip=house.pip,
            rule=OWN,
            subject=f"deployment:N{each}",
            why_en="w",
            why_zh="w",
            due_on=LATER,
            safe_on=LATER,
            arose_on=today,
        )
        for each in range(3)
    )
    Obligation.objects.filter(pk=told[0].pk).update(state="met", met_on=today)
    path = re.search(r"more → http://[^/]+(\S+)", letters_to("officer")[0].body)[1]
    page = house.client("officer").get(path)
    assert {row.pk for row in page.context["rows"]} == {row.pk for row in told}
    assert "whatever became of it since" in page.content.decode()


def test_dates_of_law_come_first_and_every_rule_names_layer_and_article(house, today):
    tell(house, OWN, 2, safe_on=date(2026, 10, 20))
    tell(house, PRACTICE, safe_on=date(2026, 10, 21))
    tell(house, LAW, safe_on=LATER, due_on=date(2026, 11, 2))
    dispatch(today=today)
    letter = letters_to("officer")[0]
    assert letter.subject == "[Acme] 1 date set by law, 3 recommended matters"
    for body in (letter.body, html_of(letter)):
        places = [body.index(rule_by_id(rule).title.en.replace("'", "&#x27;")) for rule in (LAW, PRACTICE, OWN)]
        assert places == sorted(places)
        for rule in (LAW, PRACTICE, OWN):
            assert all(cite.label.en in body for cite in rule_by_id(rule).cites)
        assert body.index("Dates set by law") < places[0] < body.index("portal, not law") < places[1]
        assert "Law · FRM" in body and "Filing practice · " in body and "Portal default, not law · " in body
        assert "2 duties · the earliest on 2026-10-20" in body
        assert "due on 2026-11-02 · 15 working days left · aim at 2026-10-30" in re.sub("<[^>]*>", "", body)


def test_subject_is_called_by_its_name_and_by_its_pip_where_the_letter_is_of_many(house, today):
    build.deployment(house.pip, "D0", site=build.site(house.pip, name="三号航站楼"))
    other = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="二号公司", province="33"))
    tell(house, OWN, 2)
    dispatch(today=today)
    assert "三号航站楼 · D0\n" in letters_to("officer")[0].body
    mail.outbox.clear()
    tell(house, LAW, 2)
    tell(house, LAW, pip=other, subject=f"pip:{other.uscc}")
    dispatch(today=today)
    body = letters_to("officer")[0].body
    assert "三号航站楼 · D0 · 示例科技有限公司\n" in body and "- 二号公司\n" in body


@pytest.mark.parametrize("due", [{"safe_on": date(2026, 10, 12), "due_on": date(2026, 10, 13)}, {"in_hours": True}])
def test_statutory_date_that_has_come_has_a_letter_of_its_own(house, today, due):
    if due.pop("in_hours", False):
        due = {"due_on": None, "due_at": civil_now() + timedelta(hours=3), "safe_on": today + timedelta(days=1)}
    tell(house, OWN, 3)
    tell(house, LAW, 1)
    tell(house, LAW, 1, subject="pip:{}", **due)
    assert dispatch(today=today) == (5, 2 * PEOPLE)
    digest, apart = sorted(letters_to("officer"), key=lambda message: message.subject.startswith("[Acme]"))[::-1]
    assert digest.subject == "[Acme] 1 date set by law, 3 recommended matters"
    assert apart.subject.startswith(("[1 working day left]", "[2 hours left]"))
    assert rule_by_id(LAW).title.en in apart.subject and "Open the duty" in apart.body


def test_statutory_dates_that_have_come_are_one_letter(house, today):
    tell(house, LAW, 2, safe_on=today)
    tell(house, LAW, 1, safe_on=date(2026, 10, 9), subject="pip:{}")
    tell(house, OWN, 2)
    assert dispatch(today=today) == (5, 2 * PEOPLE)
    subjects = {message.subject for message in letters_to("officer")}
    assert subjects == {"[Acme] 3 dates set by law have come, 1 overdue", "[Acme] 2 recommended matters"}


def test_one_statutory_date_that_has_come_is_a_letter_about_it(house, today):
    tell(house, LAW, 1, safe_on=today)
    assert dispatch(today=today) == (1, PEOPLE)
    assert letters_to("officer")[0].subject.startswith("[due today]")


def test_own_date_that_has_come_stays_in_the_digest(house, today):
    tell(house, OWN, 2, safe_on=today)
    assert dispatch(today=today) == (2, PEOPLE)
    assert "due on 2026-10-12 · due today" in letters_to("officer")[0].body


def test_safe_date_that_has_passed_is_no_aim_any_more(house, today):
    tell(house, OWN, 2, safe_on=date(2026, 10, 9), due_on=date(2026, 10, 11))
    dispatch(today=today)
    assert "due on 2026-10-11 · overdue\n" in letters_to("officer")[0].body


def test_one_duty_alone_is_a_letter_about_that_duty(house, today):
    tell(house, OWN)
    dispatch(today=today)
    assert letters_to("officer")[0].subject.startswith("[14 working days left] 示例科技有限公司: Inspect the signs")


def test_digest_is_in_the_language_of_its_reader(house, today, officer_reads_chinese):
    tell(house, OWN, 124)
    tell(house, LAW, 3)
    dispatch(today=today)
    chinese, english = letters_to("officer")[0], letters_to("owner")[0]
    assert chinese.subject == "〔Acme〕3项法定期限，124项建议事项"
    assert english.subject == "[Acme] 3 dates set by law, 124 recommended matters"
    for body in (chinese.body, html_of(chinese)):
        assert "法律规定 · " in body and "系统默认做法，并非法律规定 · " in body and "另有121项" in body
        assert "已达到100,000人。" in body
        words = re.sub(r"(?s)<style>.*</style>|https?://\S+|<[^>]*>|[A-Z]?D\d+|S1|Acme", "", body)
        assert not re.search(r"[A-Za-z]{3,}", words), re.findall(r"[A-Za-z]{3,}.{20}", words)
    assert "and 121 more" in english.body and not re.search("[一-鿿]", english.body)


def test_name_with_markup_is_escaped_and_with_a_line_break_stays_one_line(house, today):
    build.deployment(house.pip, "D0", site=build.site(house.pip, name='<img src=x onerror="a()">\r\n\r\n- Gate'))
    tell(house, OWN, 2)
    dispatch(today=today)
    letter = letters_to("officer")[0]
    assert "<img" not in html_of(letter) and "&lt;img src=x onerror=&quot;a()&quot;&gt; - Gate" in html_of(letter)
    assert '- <img src=x onerror="a()"> - Gate · D0\n' in letter.body


class Greylisting:
    """A server that takes nobody's mail at the first try."""

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, messages: list) -> int:
        raise smtplib.SMTPRecipientsRefused({message.to[0]: (451, b"try again later") for message in messages})


@pytest.fixture
def refused(house, today, settings):
    """Three duties whose letter was refused for the moment, and a server that takes letters again."""
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.clock.test_letters.Greylisting"
    tell(house, OWN, 3)
    assert dispatch(today=today) == (3, 0)
    settings.EMAIL_BACKEND = working
    return {row.message_id for row in mails()}


def test_refused_letter_is_put_off_whole(house, refused):
    assert len(refused) == PEOPLE
    assert Counter(mails().values_list("state", "attempts", "lease_until")) == {("waiting", 1, None): 3 * PEOPLE}
    times = mails().filter(user=house.people["officer"]).values_list("next_attempt_at", "error").order_by().distinct()
    assert len(times) == 1 and times[0][0] > timezone.now() and "try again later" in times[0][1]


def test_refused_letter_goes_out_whole_with_the_same_id_and_what_came_between_goes_in_the_next(house, refused, today):
    tell(house, PRACTICE, 2)
    assert dispatch(today=today) == (2, PEOPLE)
    between = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert not between & refused and all("Inspect the signs" not in message.body for message in mail.outbox)
    mail.outbox.clear()
    tell(house, PRACTICE, 1, subject="filing:{}")
    hand_on(house.tenant, today=today)
    mails().filter(state="waiting").update(next_attempt_at=timezone.now())
    # Asked for the newest first, which must not take the old ones along.
    waiting = mails().filter(state="waiting").order_by("-id").values_list("pk", flat=True)
    assert deliver(house.tenant, *waiting, today=today) == 2 * PEOPLE
    again = [message for message in mail.outbox if message.extra_headers["Message-ID"] in refused]
    assert len(again) == PEOPLE
    assert all(message.body.count("\n- ") == 3 and "dossier" not in message.body for message in again)
    assert set(mails().values_list("state", flat=True)) == {"sent"}


def test_letter_of_a_killed_worker_is_sent_whole_under_its_id_once_the_claim_ran_out(house, today):
    tell(house, OWN, 3)
    hand_on(house.tenant, today=today)
    first = mails().filter(user=house.people["officer"]).earliest("id").pk
    claimed = claim(house.tenant, first, today=today)
    assert len(claimed.deliveries) == 3
    tell(house, PRACTICE, 1)
    assert deliver(house.tenant, first, today=today) == 0
    mails().update(lease_until=timezone.now() - timedelta(seconds=1))
    assert deliver(house.tenant, claimed.deliveries[2].pk, today=today) == 1
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [claimed.deliveries[0].message_id]
    assert Counter(mails().values_list("letter", "state", "attempts"))[first, "sent", 2] == 3


def test_letter_to_somebody_whose_access_ended_has_failed_whole(house, refused, today):
    officer = house.people["officer"]
    Membership.objects.filter(user=officer).update(ends_on=today - timedelta(days=1))
    mails().update(next_attempt_at=None)
    assert dispatch(today=today) == (0, 1)
    assert Counter(mails().filter(user=officer).values_list("state", flat=True)) == {"failed": 3}


def test_duty_that_waits_to_be_told_of_twice_is_named_once(house, refused, today):
    mails().update(letter=None, next_attempt_at=None)
    late = Obligation.objects.first()
    Reminder.objects.create(
        tenant=house.tenant, pip=house.pip, obligation=late, rung="5", aims_at=late.safe_on, send_on=today
    )
    assert dispatch(today=today) == (1, PEOPLE)
    assert letters_to("officer")[0].body.count("\n- ") == 3
    assert set(mails().values_list("state", flat=True)) == {"sent"}


def test_workers_at_once_tear_no_letter_into_two(committed, settings):
    settings.PORTAL_TODAY, today, workers, rounds = "2026-10-12", date(2026, 10, 12), 4, 8
    house = build.house("storm", roles=["officer"])
    start = Barrier(workers, timeout=30)

    def run(number: int) -> int:
        try:
            sent = 0
            for turn in range(rounds):
                if number == 0:
                    with house.acting("officer"):
                        tell(house, OWN, 20, subject=f"deployment:T{turn}-{{}}")
                    hand_on(house.tenant, today=today)
                start.wait()
                with house.acting("officer"):
                    asked = mails().filter(state="waiting").order_by("id").values_list("pk", flat=True)[number]
                start.wait()
                sent += deliver(house.tenant, asked, today=today)
                start.wait()
            return sent
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        sent = sum(pool.map(run, range(workers)))
    with house.acting("officer"):
        letters = Counter(mails().filter(state="sent", attempts=1).values_list("letter", flat=True))
    assert sent == rounds and sorted(letters.values()) == [20] * rounds


def overdue_told(day: date) -> set[str]:
    """Whose reminders are planned on that day."""
    plan_overdue(today=day)
    return set(Reminder.objects.filter(rung=f"late-{day}").values_list("obligation__rule", flat=True))


@pytest.mark.parametrize(
    "week",
    [
        # A week of five days.
        {
            date(2026, 10, 12): {OWN, LAW},
            date(2026, 10, 13): {LAW},
            date(2026, 10, 17): set(),
        },
        # The National Day ends on Wednesday; Saturday the 10th is a day of make-up work.
        {date(2026, 10, 7): set(), date(2026, 10, 8): {OWN, LAW}, date(2026, 10, 9): {LAW}, date(2026, 10, 10): {LAW}},
        # Nothing ran on Monday and Tuesday.
        {date(2026, 10, 14): {OWN, LAW}, date(2026, 10, 15): {LAW}, date(2026, 10, 19): {OWN, LAW}},
    ],
)
def test_overdue_is_told_each_working_day_and_what_only_the_portal_asks_once_a_week(house, today, week):
    for rule in (OWN, LAW):
        tell(house, rule, safe_on=date(2026, 9, 30), today=date(2026, 9, 1))
    assert {day: overdue_told(day) for day in week} == week


def test_what_only_the_portal_asks_rests_until_the_week_after_its_day(house, today):
    tell(house, OWN, safe_on=date(2026, 10, 13), today=date(2026, 9, 1))
    assert [overdue_told(date(2026, 10, day)) for day in (14, 15, 16, 19)] == [set(), set(), set(), {OWN}]


def test_what_is_found_late_is_told_once_that_day_or_week(house, today):
    for rule in (OWN, LAW):
        tell(house, rule, safe_on=date(2026, 9, 30), today=date(2026, 10, 12))
    found = [overdue_told(date(2026, 10, day)) for day in (12, 13, 16, 19)]
    assert found == [set(), {LAW}, {LAW}, {OWN, LAW}]


def test_round_does_not_visit_a_tenant_for_what_rests_today(house):
    tell(house, OWN, safe_on=date(2026, 9, 30), today=date(2026, 9, 1))
    assert overdue_tenants(date(2026, 10, 12)) == [house.tenant.pk]
    overdue_told(date(2026, 10, 12))
    assert overdue_tenants(date(2026, 10, 13)) == []
    assert overdue_tenants(date(2026, 10, 19)) == [house.tenant.pk]

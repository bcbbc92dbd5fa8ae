"""The pages of signs: record, coverage, register of inspections, and the page in an inspector's hand."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deployments.models import Notice, Sign, SignInspection, Site
from portal.audit.models import AuditEvent
from portal.tenancy.models import Pip
from portal.ui import panels
from tests import build
from tests.deployments.photos import shot
from tests.deployments.test_pages import questions, text_of, url
from tests.deployments.test_sign_coverage import generated, look

OF_EVERY_PAGE = 8


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def ticket_of(page) -> str:
    return re.search(r'name="ticket" value="([0-9a-f-]{36})"', page.content.decode()).group(1)


def place_with_gap(house, code="D1"):
    """A deployment of two lanes, one of them signed."""
    place = build.deployment(house.pip, code)
    for lane in ("1", "2"):
        build.device(place, f"{code}-SN{lane}", capture_area=build.area(place, f"Lane {lane}"))
    build.sign(place, f"{code}-SG1", capture_area=place.capture_areas.first())
    return place


# Coverage


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_tab_of_a_deployment_names_each_device_without_a_valid_sign_and_why(house, role):
    place = place_with_gap(house)
    page = text_of(house.client(role).get(url(house, f"deployments/{place.pk}/signs/")))
    assert "50 % 1 of 2 devices in use have a valid sign" in page
    assert "D1-SN2 Lane 2 No sign hangs for this capture area or for the whole deployment." in page
    look(Sign.objects.get(), "obscured")
    page = text_of(house.client(role).get(url(house, f"deployments/{place.pk}/signs/")))
    assert "0 % 0 of 2" in page and "D1-SN1 Lane 1 D1-SG1 obscured 2026-09-01" in page


def test_tab_of_a_site_adds_its_running_deployments_up(house):
    first = place_with_gap(house)
    place_with_gap(house, "D2")
    ended = place_with_gap(house, "D3")
    type(ended).objects.filter(pk=ended.pk).update(status="terminated", ended_on=date(2026, 9, 1))
    page = house.client("auditor").get(url(house, f"sites/{first.site_id}/signs/"))
    assert (page.context["coverage"].devices, page.context["coverage"].covered) == (4, 2)
    assert [line["gap"].device["serial"] for line in page.context["gaps"]] == ["D1-SN2", "D2-SN2"]
    assert "every 90 days. Portal default" in text_of(page)


def test_long_list_of_gaps_comes_in_pages_that_show_each_device_once(house):
    generated(house, 1)
    client, site = house.client("officer"), Site.objects.get()
    seen, query = [], ""
    while True:
        page = client.get(url(house, f"sites/{site.pk}/signs/?{query}"))
        seen += [line["gap"].device["serial"] for line in page.context["gaps"]]
        query = page.context["older"]
        if not query:
            break
    assert len(seen) == len(set(seen)) == page.context["gaps_number"] > 50
    assert page.context["coverage"].devices - page.context["coverage"].covered == len(seen)


@pytest.mark.parametrize("asked", ["0", "-1", "²", "99999999", "x"])
def test_page_of_nonsense_shows_gaps_all_the_same(house, asked):
    place = place_with_gap(house)
    page = house.client("officer").get(url(house, f"deployments/{place.pk}/signs/?page={asked}"))
    assert len(page.context["gaps"]) == 1


def test_list_marks_a_deployment_of_which_one_device_lacks_its_sign(house):
    place_with_gap(house)
    client = house.client("auditor")
    page = client.get(url(house, "deployments/?no_sign=on"))
    assert [row["code"] for row in page.context["rows"]] == ["D1"]
    assert "not every device" in text_of(page)
    build.sign(Sign.objects.get().deployment, "ALL")
    page = client.get(url(house, "deployments/"))
    assert "not every device" not in text_of(page) and "posted" in text_of(page)
    assert not client.get(url(house, "deployments/?no_sign=on")).context["rows"]


def test_pages_of_signs_ask_few_questions_of_their_own_at_any_size(house, monkeypatch):
    monkeypatch.setattr(panels, "_builders", {})
    client, asked = house.client("officer"), {}
    for number in (1, 6):
        place = build.deployment(house.pip, f"D{number}")
        for one in range(number):
            lane = build.area(place, f"Lane {one}")
            build.device(place, f"SN{number}{one}", capture_area=lane)
            look(build.sign(place, f"SG{number}{one}", capture_area=lane), "damaged")
        paths = {
            "signs": f"deployments/{place.pk}/signs/",
            "site": f"sites/{place.site_id}/signs/",
            "register": "signs/inspections/",
            "sign": f"signs/{place.signs.first().pk}/",
            "phone": f"signs/{place.signs.first().pk}/inspect/",
            "done": f"signs/{place.signs.first().pk}/inspect/done/",
        }
        for name, path in paths.items():
            client.get(url(house, path))
            with CaptureQueriesContext(connection) as context:
                assert client.get(url(house, path)).status_code == 200
            asked.setdefault(name, []).append(len(questions(context)))
    for name, (few, many) in asked.items():
        assert few == many <= OF_EVERY_PAGE + (7 if name == "sign" else 4), asked


# The record and its forms


def test_record_of_a_sign_shows_its_photo_its_devices_and_who_looked(house):
    place = place_with_gap(house)
    sign = Sign.objects.get()
    client = house.client("operator")
    page = client.get(url(house, f"signs/{sign.pk}/inspect/"))
    client.post(
        url(house, f"signs/{sign.pk}/inspect/"),
        {"ticket": ticket_of(page), "result": "conspicuous", "note": "clean", "photo": shot()},
    )
    photo = SignInspection.objects.get().photo
    for role in ("operator", "auditor"):
        record = house.client(role).get(url(house, f"signs/{sign.pk}/"))
        words = text_of(record)
        assert "Conspicuous" in words and "clean" in words and "Operator" in words and "D1-SN1" in words
        assert "D1-SN2" not in words and "Taken 2026-10-11 09:30" in words and photo.original.sha256 in words
        assert house.url(f"files/photos/{photo.pk}/") in record.content.decode()
    assert place.code in words


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_finds_no_control_on_the_pages_of_signs(house, role):
    place = place_with_gap(house)
    sign = Sign.objects.get()
    client = house.client(role)
    for path in (
        f"signs/{sign.pk}/",
        f"deployments/{place.pk}/signs/",
        f"sites/{place.site_id}/signs/",
        "signs/inspections/",
    ):
        body = client.get(url(house, path)).content.decode()
        for control in ("/edit/", "/new/", "/take-down/", "/inspect/"):
            assert control not in body, (path, control)
    assert client.get(url(house, f"signs/{sign.pk}/inspect/")).status_code == 403
    assert client.post(url(house, f"signs/{sign.pk}/inspect/"), {}).status_code == 403


def test_sign_is_recorded_for_print_without_a_day_and_posted_on_the_spot(house, today):
    place = build.deployment(house.pip)
    lane = build.area(place)
    build.device(place, capture_area=lane)
    client = house.client("operator")
    address = url(house, f"deployments/{place.pk}/signs/new/?print=1&area={lane.pk}")
    form = client.get(address)
    assert 'name="posted_on"' not in form.content.decode() and "D1-S1" in form.content.decode()
    values = {"code": "D1-S1", "location": "door", "capture_area": lane.pk, "languages": "zh, en", "size": "A4"}
    made = client.post(address, values)
    sign = Sign.objects.get()
    assert made.url == url(house, f"signs/{sign.pk}/#print") and sign.posted_on is None
    assert "to be posted" in text_of(client.get(url(house, f"signs/{sign.pk}/")))
    phone = client.get(url(house, f"signs/{sign.pk}/inspect/"))
    assert "Does it hang where people see it?" in text_of(phone) and "Obscured" not in text_of(phone)
    client.post(
        url(house, f"signs/{sign.pk}/inspect/"),
        {"ticket": ticket_of(phone), "result": "conspicuous", "photo": shot()},
    )
    assert Sign.objects.get().posted_on == today
    assert "100 %" in text_of(client.get(url(house, f"deployments/{place.pk}/signs/")))


def test_sign_is_recorded_with_its_photo(house):
    place = build.deployment(house.pip)
    values = {"code": "SG1", "location": "door", "posted_on": "2026-10-01", "size": "A3", "wording": "own"}
    house.client("operator").post(url(house, f"deployments/{place.pk}/signs/new/"), values | {"photo": shot()})
    sign = Sign.objects.get()
    assert (sign.size, sign.wording, sign.photo.has_position) == ("A3", "own", True)


def test_file_that_is_no_photo_is_refused_with_a_remedy(house):
    sign = build.sign(build.deployment(house.pip))
    client = house.client("operator")
    ticket = ticket_of(client.get(url(house, f"signs/{sign.pk}/inspect/")))
    broken = shot()
    broken.truncate(200)
    answer = client.post(
        url(house, f"signs/{sign.pk}/inspect/"), {"ticket": ticket, "result": "conspicuous", "photo": broken}
    )
    assert answer.status_code == 422 and ticket_of(answer) == ticket
    assert not SignInspection.objects.exists()


def test_interval_of_a_site_is_the_tenants_own(house):
    place = place_with_gap(house)
    client = house.client("operator")
    address = url(house, f"sites/{place.site_id}/signs/interval/edit/")
    version = re.search(r'name="version" value="(\w+)"', client.get(address).content.decode()).group(1)
    assert client.post(address, {"version": version, "inspection_days": 0}).status_code == 422
    done = client.post(address, {"version": version, "inspection_days": 30, "change_reason": "busy hall"}, follow=True)
    assert "every 30 days" in text_of(done)
    assert AuditEvent.objects.filter(verb="site.edit").get().content["reason"] == "busy hall"


# The register of inspections


def signs_of_every_kind(house, today) -> None:
    place = build.deployment(house.pip)
    for code, posted_on, result in (
        ("LATE", today - timedelta(days=91), ""),
        ("TODAY", today - timedelta(days=90), ""),
        ("SOON", today - timedelta(days=76), ""),
        ("LATER", today - timedelta(days=75), ""),
        ("SPOILT", today - timedelta(days=10), "missing"),
        ("GOOD", today - timedelta(days=300), "conspicuous"),
    ):
        sign = build.sign(place, code, posted_on=posted_on)
        if result:
            look(sign, result, today - timedelta(days=2))
    build.sign(place, "DOWN", posted_on=date(2025, 1, 1), removed_on=today)
    build.sign(place, "PRINTED", posted_on=None)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("", ["SPOILT", "LATE", "TODAY", "SOON", "LATER", "GOOD"]),
        ("overdue", ["SPOILT", "LATE"]),
        ("soon", ["TODAY", "SOON"]),
        ("spoilt", ["SPOILT"]),
    ],
)
def test_register_shows_what_is_due_the_most_urgent_first(house, today, due, expected):
    signs_of_every_kind(house, today)
    page = house.client("auditor").get(url(house, "signs/inspections/"), {"due": due})
    found = [row["code"] for row in page.context["rows"]]
    assert sorted(found) == sorted(expected)
    assert [code for code in found if code != "SPOILT"] == [code for code in expected if code != "SPOILT"]
    assert page.context["list"].count == len(expected)


def test_register_says_overdue_and_at_once_in_words(house, today):
    signs_of_every_kind(house, today)
    words = text_of(house.client("officer").get(url(house, "signs/inspections/")))
    for said in ("1 day overdue", "today", "in 14 days", "at once", "not there", "never"):
        assert said in words


@pytest.mark.parametrize("sort", ["next", "-next", "code", "site", "-site"])
def test_pages_of_the_register_show_each_sign_once(house, sort):
    place = build.deployment(house.pip)
    for number in range(120):
        sign = build.sign(place, f"SG{number:03}", posted_on=date(2026, 1, 1) + timedelta(days=number // 7))
        if number % 5 == 0:
            look(sign, "conspicuous", date(2026, 6, 1) + timedelta(days=number % 3))
    client, seen, query = house.client("officer"), [], f"sort={sort}"
    while query:
        page = client.get(url(house, f"signs/inspections/?{query}"))
        seen += [row["code"] for row in page.context["rows"]]
        older = page.context["list"].older
        query = f"sort={sort}&{older}" if older else ""
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("cursor", ["x", '["2026-01-01"]', '["2026-13-45", 1]', "[null, null]", '[5, "a"]'])
def test_cursor_of_nonsense_is_no_error(house, cursor):
    place_with_gap(house)
    page = house.client("officer").get(url(house, "signs/inspections/"), {"after": cursor})
    assert page.status_code == 200


def test_register_shows_no_sign_of_a_pip_that_the_reader_may_not_see(house):
    other = Pip.objects.create(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="Other", province="33")
    place_with_gap(house)
    there = build.deployment(other, "O1", scenario=build.scenario(other), site=build.site(other))
    build.sign(there, "OTHER")
    page = house.client("officer").get(url(house, "signs/inspections/"))
    assert [row["code"] for row in page.context["rows"]] == ["D1-SG1"]


def test_register_as_a_file_has_the_headers_of_the_vendor_file_first(house):
    place_with_gap(house)
    answer = house.client("auditor").get(url(house, "signs/inspections/?format=csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith(
        "sign_code,pip_uscc,deployment_code,capture_area,location,languages,posted_on,removed_on"
    )
    assert lines[1].startswith(f"D1-SG1,{house.pip.uscc},D1,Lane 1,") and lines[1].endswith("2026-04-05")


# The phone


def test_second_tap_leads_to_the_same_result_page(house):
    sign = build.sign(build.deployment(house.pip))
    client, address = house.client("operator"), url(house, f"signs/{sign.pk}/inspect/")
    ticket = ticket_of(client.get(address))
    sent = {"ticket": ticket, "result": "conspicuous"}
    first = client.post(address, sent | {"photo": shot()})
    again = client.post(address, sent | {"photo": shot()})
    assert first.status_code == again.status_code == 302 and first.url == again.url == f"{address}done/"
    assert SignInspection.objects.count() == 1


def test_script_gets_an_address_or_sentences_and_no_page(house):
    sign = build.sign(build.deployment(house.pip))
    client, address = house.client("operator"), url(house, f"signs/{sign.pk}/inspect/")
    ticket = ticket_of(client.get(address))
    refused = client.post(address, {"ticket": ticket, "result": "conspicuous"}, headers={"accept": "application/json"})
    assert refused.status_code == 422 and refused.json() == {
        "errors": ["Take a photo first: it proves that the sign can be seen."]
    }
    sent = {"ticket": ticket, "result": "conspicuous", "photo": shot()}
    taken = client.post(address, sent, headers={"accept": "application/json"})
    assert (taken.status_code, taken.json()) == (200, {"to": f"{address}done/"})


def test_page_that_is_gone_back_to_is_asked_for_again(house):
    sign = build.sign(build.deployment(house.pip))
    page = house.client("operator").get(url(house, f"signs/{sign.pk}/inspect/"))
    assert "no-store" in page.headers["Cache-Control"]


def test_after_an_inspection_the_next_sign_of_the_site_is_offered(house, today):
    place = build.deployment(house.pip)
    elsewhere = build.deployment(house.pip, "D2", site=build.site(house.pip, "S2"))
    here, late = build.sign(place, "HERE"), build.sign(place, "LATE", posted_on=date(2025, 1, 1))
    build.sign(elsewhere, "ELSEWHERE", posted_on=date(2025, 1, 1))
    build.sign(place, "FRESH", posted_on=today)
    client = house.client("operator")
    look(here, "conspicuous", today)
    done = client.get(url(house, f"signs/{here.pk}/inspect/done/"))
    assert done.context["following"] == late and done.context["waiting_number"] == 1
    assert "Conspicuous" in text_of(done) and "LATE" in text_of(done)
    look(late, "damaged", today)
    done = client.get(url(house, f"signs/{late.pk}/inspect/done/"))
    assert done.context["following"] is None
    assert "warns of no device" in text_of(done)
    printed = build.sign(place, "PRINTED", posted_on=None)
    done = client.get(url(house, f"signs/{late.pk}/inspect/done/"))
    assert done.context["following"] == printed


def test_phone_page_is_small(house):
    sign = build.sign(build.deployment(house.pip))
    page = house.client("operator").get(url(house, f"signs/{sign.pk}/inspect/"))
    assert len(page.content) < 9_000
    assert "htmx" not in page.content.decode()


def test_unknown_ticket_or_result_is_refused(house):
    sign = build.sign(build.deployment(house.pip))
    client, address = house.client("operator"), url(house, f"signs/{sign.pk}/inspect/")
    assert client.post(address, {"ticket": "x", "result": "conspicuous", "photo": shot()}).status_code == 422
    assert client.post(address, {"ticket": str(uuid.uuid4()), "result": "fine"}).status_code == 422
    assert not SignInspection.objects.exists()


def test_other_tenants_signs_are_not_there(house, stranger):
    with stranger.acting("officer"):
        foreign = build.sign(build.deployment(stranger.pip))
    client = house.client("officer")
    for path in ("", "edit/", "inspect/", "inspect/done/", "sheet/?size=A4&languages=zh", "take-down/"):
        assert client.get(url(house, f"signs/{foreign.pk}/{path}")).status_code == 404


def test_trail_names_sign_and_photo_of_an_inspection(house):
    place = build.deployment(house.pip)
    sign = build.sign(place)
    client = house.client("officer")
    ticket = ticket_of(client.get(url(house, f"signs/{sign.pk}/inspect/")))
    client.post(url(house, f"signs/{sign.pk}/inspect/"), {"ticket": ticket, "result": "conspicuous", "photo": shot()})
    words = text_of(client.get(house.url("trail/")))
    assert "Inspection of a sign SG1 · 2026-10-12" in words and "image.jpg" in words
    assert ticket not in words


# The print


def test_sign_is_not_printed_while_the_notice_or_the_contact_is_missing(house):
    place = build.deployment(house.pip, scenario=build.scenario(house.pip, purpose="核验旅客身份"))
    sign = build.sign(place)
    client = house.client("operator")
    record = text_of(client.get(url(house, f"signs/{sign.pk}/")))
    assert "has no notice yet" in record and "no telephone or e-mail" in record and "Download the sign" not in record
    sheet = url(house, f"signs/{sign.pk}/sheet/?size=A4&languages=both")
    assert client.get(sheet).status_code == 409
    Notice.objects.create(tenant=house.tenant, pip=house.pip, scenario=place.scenario)
    Pip.objects.update(officer_phone="010-5550 0101")
    record = text_of(client.get(url(house, f"signs/{sign.pk}/")))
    assert "Download the sign" in record and "not published yet" in record
    answer = house.client("auditor").get(sheet)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF") and "SG1-A4-both.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("query", ["", "size=A5&languages=zh", "size=A4&languages=fr"])
def test_paper_or_language_that_is_not_offered_is_not_found(house, query):
    sign = build.sign(build.deployment(house.pip))
    assert house.client("operator").get(url(house, f"signs/{sign.pk}/sheet/?{query}")).status_code == 404


def test_sign_is_taken_down_from_its_record(house, today):
    sign = build.sign(build.deployment(house.pip))
    client = house.client("operator")
    client.post(url(house, f"signs/{sign.pk}/take-down/"), {"on": "2026-10-12", "reason": "hall closed"})
    assert Sign.objects.get().removed_on == today
    record = client.get(url(house, f"signs/{sign.pk}/"))
    assert "Taken down" in text_of(record) and "/inspect/" not in record.content.decode()

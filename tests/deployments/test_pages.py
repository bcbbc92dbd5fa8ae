"""The register's pages through the client: who sees what, what a form refuses, and what lands in the tables."""

from datetime import date
from html.parser import HTMLParser

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from deployments import mending
from deployments.models import (
    Deployment,
    Device,
    OverlapEstimate,
    PersonCount,
    Scenario,
    Sign,
    Site,
    ThresholdCrossing,
)
from deployments.versions import version_of
from portal.audit.models import AuditEvent
from portal.clock.reconcile import reconcile
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from portal.ui import panels
from tests import build

LISTS = ["pips", "scenarios", "sites", "deployments"]


def url(house, path):
    return house.url(f"register/{path}")


def text_of(response):
    """The words of a page, without its marks."""

    class Words(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found = []

        def handle_data(self, data):
            self.found.append(data)

    parser = Words()
    parser.feed(response.content.decode())
    return " ".join(" ".join(parser.found).split())


def questions(context):
    """The queries that read rows: settings of the transaction and savepoints don't count."""
    quiet = ("set_config", "SAVEPOINT", "RELEASE", "SET LOCAL")
    return [query["sql"] for query in context.captured_queries if not any(word in query["sql"] for word in quiet)]


def full_deployment(house, code="D1", number=2, **fields):
    """A deployment with that many devices, signs, areas and counts."""
    place = build.deployment(house.pip, code, **fields)
    for n in range(number):
        area = build.area(place, f"Lane {n}")
        build.device(place, f"{code}-SN{n}", capture_area=area, maker="Hik", space_type="gate")
        build.sign(place, f"{code}-SG{n}", capture_area=area)
        build.count(place, 1000 + n, on=date(2026, 3, 1 + n), entered_by=house.people["officer"])
    return place


# Who may see and do


@pytest.mark.parametrize("role", ["owner", "officer", "reviewer", "operator", "auditor"])
@pytest.mark.parametrize("name", LISTS)
def test_list_shows_the_rows_to_those_who_may_see_them(house, role, name):
    full_deployment(house)
    page = house.client(role).get(url(house, f"{name}/"))
    assert page.status_code == 200
    word = {"pips": house.pip.name, "scenarios": "GATE", "sites": "Site S1", "deployments": "D1"}[name]
    assert word in text_of(page)


@pytest.mark.parametrize("name", LISTS)
def test_vendor_sees_no_list(house, name):
    assert house.client("vendor").get(url(house, f"{name}/")).status_code == 403


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_finds_no_control_on_the_records(house, role):
    place = full_deployment(house)
    client = house.client(role)
    paths = [
        f"deployments/{place.pk}/",
        f"scenarios/{place.scenario_id}/",
        f"sites/{place.site_id}/",
        f"pips/{house.pip.uscc}/",
    ]
    for path in paths:
        body = client.get(url(house, path)).content.decode()
        for control in ("/edit/", "/new/", "/move/", "/remove/", "/take-down/", "/overlap/"):
            assert control not in body, (path, control)


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_cannot_post_a_sign(house, role):
    place = full_deployment(house)
    answer = house.client(role).post(
        url(house, f"deployments/{place.pk}/signs/new/"), {"code": "X", "location": "door", "posted_on": "2026-10-01"}
    )
    assert answer.status_code == 403
    assert not Sign.objects.filter(code="X").exists()


def test_operator_edits_the_register_but_confirms_no_crossing(house):
    build.count(build.scenario(house.pip), 100_000)
    client = house.client("operator")
    assert client.get(url(house, "scenarios/new/")).status_code == 200
    assert client.get(url(house, f"pips/{house.pip.uscc}/crossing/")).status_code == 403
    assert client.get(url(house, f"pips/{house.pip.uscc}/overlap/")).status_code == 403


def test_other_tenants_rows_are_not_there(house, stranger):
    with stranger.acting("officer"):
        foreign = full_deployment(stranger)
        device, sign = foreign.devices.first(), foreign.signs.first()
    client = house.client("officer")
    for path in (
        f"deployments/{foreign.pk}/",
        f"deployments/{foreign.pk}/edit/",
        f"deployments/{foreign.pk}/move/?move=suspend",
        f"deployments/{foreign.pk}/devices/new/",
        f"devices/{device.pk}/edit/",
        f"signs/{sign.pk}/take-down/",
        f"scenarios/{foreign.scenario_id}/",
        f"scenarios/{foreign.scenario_id}/counts/new/",
        f"sites/{foreign.site_id}/",
        f"pips/{stranger.pip.uscc}/",
        f"deployments/new/?pip={stranger.pip.uscc}",
    ):
        assert client.get(url(house, path)).status_code == 404, path


# Forms


def test_scenario_is_added_by_its_form(house):
    answer = house.client("officer").post(
        url(house, "scenarios/new/"), {"code": "GATE", "name": "Gates", "function": "verify"}
    )
    row = Scenario.objects.get()
    assert (answer.status_code, answer.url) == (302, url(house, f"scenarios/{row.pk}/"))
    assert AuditEvent.objects.filter(verb="scenario.register", actor=f"user:{house.people['officer'].pk}").exists()


def test_scenario_is_not_out_of_scope_without_a_reason(house):
    with pytest.raises(IntegrityError, match="scenario_out_of_scope_needs_reason"):
        build.scenario(house.pip, scope="out_rnd")


def test_second_click_on_add_leads_to_the_first_ones_row(house):
    client = house.client("officer")
    values = {"code": "S1", "name": "Terminal", "province": "11", "place_type": "public"}
    client.post(url(house, "sites/new/"), values)
    answer = client.post(url(house, "sites/new/"), values)
    assert answer.status_code == 422
    assert "This PIP has a site with this code already" in text_of(answer)
    assert url(house, f"sites/{Site.objects.get().pk}/") in answer.content.decode()


def test_deployment_is_added_by_codes_of_its_site(house):
    scenario, site = build.scenario(house.pip), build.site(house.pip, "ZBAA", name="首都机场")
    client = house.client("operator")
    for code, given in (("D1", "ZBAA"), ("D2", "首都机场")):
        answer = client.post(
            url(house, "deployments/new/"), {"code": code, "scenario": scenario.pk, "site": given, "note": ""}
        )
        assert answer.status_code == 302, text_of(answer)
    assert set(Deployment.objects.values_list("site", "status")) == {(site.pk, "planned")}


def test_foreign_key_of_another_tenant_is_refused_by_the_form(house, stranger):
    with stranger.acting("officer"):
        foreign = build.scenario(stranger.pip)
        build.site(stranger.pip, "SECRET")
    build.site(house.pip)
    client = house.client("officer")
    for scenario, site in ((foreign.pk, "S1"), (build.scenario(house.pip).pk, "SECRET")):
        answer = client.post(
            url(house, "deployments/new/"), {"code": "D1", "scenario": scenario, "site": site, "note": ""}
        )
        assert answer.status_code == 422
    assert not Deployment.objects.exists()


def test_scenario_of_another_pip_is_refused_by_the_form(house):
    other = Pip.objects.create(tenant=house.tenant, uscc="91330106MA2HTEXTX3", name="Other", province="33")
    build.site(house.pip)
    answer = house.client("officer").post(
        url(house, f"deployments/new/?pip={house.pip.uscc}"),
        {"code": "D1", "scenario": build.scenario(other).pk, "site": "S1"},
    )
    assert answer.status_code in (404, 422)
    assert not Deployment.objects.exists()


def test_stale_tab_is_told_and_overwrites_nothing(house):
    site = build.site(house.pip, name="Old")
    client = house.client("officer")
    values = {"code": "S1", "name": "Mine", "province": "11", "place_type": "public", "version": version_of(site)}
    Site.objects.update(name="Theirs")
    answer = client.post(url(house, f"sites/{site.pk}/edit/"), values)
    assert answer.status_code == 409
    assert "Theirs" in text_of(answer) and 'value="Mine"' in answer.content.decode()
    assert Site.objects.get().name == "Theirs"
    fresh = version_of(Site.objects.get())
    assert fresh in answer.content.decode()
    assert client.post(url(house, f"sites/{site.pk}/edit/"), values | {"version": fresh}).status_code == 302
    assert Site.objects.get().name == "Mine"


def test_refused_edit_is_not_told_that_its_own_row_exists(house):
    site = build.site(house.pip)
    values = {"code": "S1", "name": "", "province": "11", "place_type": "public", "version": version_of(site)}
    answer = house.client("officer").post(url(house, f"sites/{site.pk}/edit/"), values)
    assert answer.status_code == 422
    assert "exists already" not in text_of(answer)


def test_reason_for_a_change_goes_into_the_trail(house):
    site = build.site(house.pip)
    values = {"code": "S1", "name": "New", "province": "11", "place_type": "public", "version": version_of(site)}
    house.client("officer").post(url(house, f"sites/{site.pk}/edit/"), values | {"change_reason": "renamed by owner"})
    assert AuditEvent.objects.get(verb="site.edit").content["reason"] == "renamed by owner"


def test_device_in_a_private_space_stops_the_deployment_and_says_so(house):
    place = full_deployment(house)
    client = house.client("operator")
    answer = client.post(
        url(house, f"deployments/{place.pk}/devices/new/"),
        {"serial": "SN9", "space_type": "fitting_room", "stores_on_device": "unknown"},
        follow=True,
    )
    assert "was suspended" in text_of(answer)
    assert Deployment.objects.get().status == "suspended"
    assert Obligation.objects.filter(rule="frm-13-private-space", state="open", is_critical=True).exists()
    listed = client.get(url(house, "deployments/?private=on"))
    assert "private space" in text_of(listed) and "D1" in text_of(listed)


def test_posted_sign_meets_the_duty_on_the_next_page(house):
    place = build.deployment(house.pip)
    build.device(place)
    client = house.client("operator")
    page = client.post(
        url(house, f"deployments/{place.pk}/signs/new/"),
        {"code": "SG1", "location": "door", "posted_on": "2026-10-01"},
        follow=True,
    )
    assert Obligation.objects.get(rule="frm-13-sign").state == "met"
    assert "A sign hangs since" in text_of(page)


def test_sign_is_taken_down_with_a_day(house):
    place = full_deployment(house, number=1)
    sign = Sign.objects.get()
    client = house.client("operator")
    early = client.post(url(house, f"signs/{sign.pk}/take-down/"), {"on": "2025-12-31"})
    assert early.status_code == 422 and "before it was posted" in text_of(early)
    client.post(url(house, f"signs/{sign.pk}/take-down/"), {"on": "2026-10-12"})
    assert Sign.objects.get().removed_on == date(2026, 10, 12)
    assert "no sign" in text_of(client.get(url(house, "deployments/?no_sign=on")))
    assert place.code in text_of(client.get(url(house, "deployments/?no_sign=on")))


def test_device_removal_is_recorded(house):
    place = full_deployment(house, number=1)
    device = Device.objects.get()
    house.client("operator").post(url(house, f"devices/{device.pk}/remove/"), {"on": "2026-10-01"})
    assert Device.objects.get().removed_on == date(2026, 10, 1)
    assert place.devices.count() == 1


def test_other_number_for_a_day_must_say_that_it_corrects(house):
    place = build.deployment(house.pip)
    address = url(house, f"scenarios/{place.scenario_id}/counts/new/?deployment={place.pk}")
    client = house.client("operator")
    values = {"deployment": "D1", "counted_on": "2026-10-01", "persons": "1000"}
    assert client.post(address, values).status_code == 302
    refused = client.post(address, values | {"persons": "900"})
    assert refused.status_code == 422 and "1,000 persons are entered" in text_of(refused)
    assert client.post(address, values | {"persons": "900", "corrects_day": "on"}).status_code == 302
    assert PersonCount.objects.current().get().corrects.persons == 1000
    page = text_of(client.get(url(house, f"deployments/{place.pk}/")))
    assert "corrects 1,000" in page and "corrected" in page


# Moves


def test_activation_without_assessment_names_the_article(house):
    place = build.deployment(house.pip, status="planned", started_on=None)
    answer = house.client("officer").post(
        url(house, f"deployments/{place.pk}/move/"), {"move": "activate", "on": "2026-10-12"}
    )
    assert answer.status_code == 409
    assert "FRM Art 9" in text_of(answer)
    assert Deployment.objects.get().status == "planned"


def test_termination_by_its_page(house):
    place = build.deployment(house.pip)
    client = house.client("officer")
    address = url(house, f"deployments/{place.pk}/move/")
    assert "until then it counts" in text_of(client.get(address + "?move=terminate"))
    early = client.post(address, {"move": "terminate", "on": "2025-01-01"})
    assert early.status_code == 422 and "before the start" in text_of(early)
    client.post(address, {"move": "terminate", "on": "2026-10-01", "reason": "shop closed"})
    assert Deployment.objects.get().ended_on == date(2026, 10, 1)
    assert AuditEvent.objects.filter(verb="deployment.terminate").get().content["reason"] == "shop closed"


def test_unknown_move_is_not_found(house):
    place = build.deployment(house.pip)
    assert (
        house.client("officer").post(url(house, f"deployments/{place.pk}/move/"), {"move": "explode"}).status_code
        == 404
    )


# The crossing


def test_crossing_is_proposed_shown_and_confirmed(house):
    build.count(build.scenario(house.pip), 100_500, on=date(2026, 9, 4), dedup_method="member number")
    client = house.client("officer")
    record = text_of(client.get(url(house, f"pips/{house.pip.uscc}/")))
    assert "Confirm the day on which 100,000 was reached" in record and "100,500" in record
    page = client.get(url(house, f"pips/{house.pip.uscc}/crossing/"))
    assert 'value="2026-09-04"' in page.content.decode() and "member number" in text_of(page)
    wrong = client.post(
        url(house, f"pips/{house.pip.uscc}/crossing/"),
        {"crossed_on": "2026-09-03", "method": "member number", "reason": "as reported"},
    )
    assert wrong.status_code == 422 and "fewer than 100,000" in text_of(wrong)
    done = client.post(
        url(house, f"pips/{house.pip.uscc}/crossing/"),
        {"crossed_on": "2026-09-04", "method": "member number", "reason": "as reported"},
        follow=True,
    )
    assert "confirmed and frozen" in text_of(done)
    assert ThresholdCrossing.objects.get().confirmed_by == house.people["officer"]
    assert Obligation.objects.get(rule="frm-15-confirm-count").state == "met"
    again = client.post(
        url(house, f"pips/{house.pip.uscc}/crossing/"), {"crossed_on": "2026-09-05", "method": "x", "reason": "x"}
    )
    assert again.status_code == 409


def test_overlap_is_stated_with_its_reasoning(house):
    client = house.client("officer")
    address = url(house, f"pips/{house.pip.uscc}/overlap/")
    wrong = client.post(address, {"best_percent": 30, "most_percent": 20, "reasoning": "two clubs"})
    assert wrong.status_code == 422
    client.post(address, {"best_percent": 10, "most_percent": 20, "reasoning": "two clubs"})
    assert OverlapEstimate.objects.get().reasoning == "two clubs"


def test_owner_adds_a_pip_and_sees_it_at_once(house):
    client = house.client("owner")
    values = {"uscc": "91330106MA2HTEXTX3", "name": "新公司", "province": "33", "organisation_type": "enterprise"}
    page = client.post(url(house, "pips/new/"), values, follow=True)
    assert page.status_code == 200 and "新公司" in text_of(page)
    again = client.post(url(house, "pips/new/"), values)
    assert again.status_code == 422 and "exists already" in text_of(again)


# Lists


def test_pages_of_a_list_show_each_row_once_in_both_directions(house):
    scenario, site = build.scenario(house.pip), build.site(house.pip)
    for n in range(120):
        build.deployment(house.pip, f"D{n:03}", scenario=scenario, site=site, status="planned", started_on=None)
    client = house.client("officer")
    for sort in ("code", "-code", "pip", "site", "status", "-started"):
        seen, query = [], f"sort={sort}"
        while query:
            page = client.get(url(house, f"deployments/?{query}"))
            seen += [row["code"] for row in page.context["rows"]]
            older = page.context["list"].older
            query = f"sort={sort}&{older}" if older else ""
        assert len(seen) == 120 and len(set(seen)) == 120, sort
        back = page.context["list"].newer
        before = client.get(url(house, f"deployments/?sort={sort}&{back}"))
        assert [row["code"] for row in before.context["rows"]] == seen[50:100], sort


@pytest.mark.parametrize("cursor", ["x", "[1]", '["a","b"]', "{}", "[null,null]"])
def test_broken_cursor_shows_the_first_page(house, cursor):
    full_deployment(house)
    page = house.client("officer").get(url(house, "deployments/"), {"after": cursor, "sort": "code"})
    assert page.status_code == 200


def test_filters_narrow_the_list(house):
    full_deployment(house)
    there = build.site(house.pip, "S2", name="上海虹桥", province="31", place_type="internal")
    build.deployment(house.pip, "D2", site=there, status="planned", started_on=None)
    client = house.client("officer")

    def labels(**query):
        return [row["code"] for row in client.get(url(house, "deployments/"), query).context["rows"]]

    assert labels(q="虹桥") == ["D2"]
    assert labels(q="d1") == ["D1"]
    assert labels(province="31") == ["D2"]
    assert labels(status="active") == ["D1"]
    assert labels(place="public") == ["D1"]
    assert labels(scenario="gate") == ["D1", "D2"]
    assert labels(no_sign="on") == []
    assert labels(status="nonsense") == []
    Sign.objects.update(removed_on=date(2026, 10, 1))
    assert labels(no_sign="on") == ["D1"]


@pytest.mark.parametrize("name", LISTS)
def test_list_asks_the_same_questions_for_3_and_8_rows(house, name):
    client = house.client("officer")
    asked = []
    for first, last in ((0, 3), (3, 8)):
        for n in range(first, last):
            place = full_deployment(
                house, f"D{n}", site=build.site(house.pip, f"S{n}"), scenario=build.scenario(house.pip, f"C{n}")
            )
            assert place.pk
        client.get(url(house, f"{name}/"))
        with CaptureQueriesContext(connection) as context:
            client.get(url(house, f"{name}/"))
        asked.append(len(questions(context)))
    assert asked[0] == asked[1]


# Sign-in, membership, grants and navigation ask 8 questions on every page; panels answer for their own.
OF_EVERY_PAGE = 8


def test_records_ask_at_most_6_questions_of_their_own_whatever_hangs_on_them(house, monkeypatch):
    monkeypatch.setattr(panels, "_builders", {})
    monkeypatch.setattr(mending, "_builders", {})
    client = house.client("officer")
    asked = {}
    for number in (3, 8):
        place = full_deployment(house, f"D{number}", number=number)
        paths = {
            "deployment": f"deployments/{place.pk}/",
            "scenario": f"scenarios/{place.scenario_id}/",
            "site": f"sites/{place.site_id}/",
            "pip": f"pips/{house.pip.uscc}/",
        }
        for name, path in paths.items():
            client.get(url(house, path))
            with CaptureQueriesContext(connection) as context:
                assert client.get(url(house, path)).status_code == 200
            asked.setdefault(name, []).append(len(questions(context)))
    for name, (few, many) in asked.items():
        assert few == many, (name, asked)
        assert many <= OF_EVERY_PAGE + 6, (name, asked)


def test_export_has_exactly_the_rows_of_the_filter(house):
    full_deployment(house)
    there = build.site(house.pip, "S2", name="=1+1", province="31")
    build.deployment(house.pip, "D2", site=there, status="planned", started_on=None)
    answer = house.client("auditor").get(url(house, "deployments/?format=csv&status=planned"))
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    lines = body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("deployment_code,pip_uscc,scenario_code,site_code")
    assert len(lines) == 2 and lines[1].startswith(f"D2,{house.pip.uscc},GATE,S2,'=1+1,31")
    sheet = house.client("auditor").get(url(house, "deployments/?format=xlsx"))
    assert sheet.content[:2] == b"PK"


@pytest.mark.parametrize("name", LISTS)
def test_empty_list_says_what_to_do(house, name):
    page = house.client("officer").get(url(house, f"{name}/"), {"q": "nothing has this name"})
    assert "fits these filters" in text_of(page)


def test_pages_speak_chinese(house):
    full_deployment(house)
    user = house.people["officer"]
    user.language = "zh-hans"
    user.save(update_fields=["language"])
    page = house.client("officer").get(url(house, "deployments/"))
    assert "公共场所" in text_of(page)


def test_list_of_pips_calls_a_provisional_date_provisional(house, today):
    build.count(build.deployment(house.pip).scenario, 100_214, date(2026, 9, 4))
    with house.acting("officer"):
        reconcile(house.pip, today=today)
        duty = Obligation.objects.get(rule="frm-15-initial")
    page = house.client("officer").get(house.url("register/pips/")).content.decode()
    assert "2026-10-22" in page
    assert "provisional" not in page
    Obligation.objects.filter(pk=duty.pk).update(firmness="provisional")
    assert "provisional" in house.client("officer").get(house.url("register/pips/")).content.decode()

"""Sites: what a place is for the law, its video system and the county police, what hangs where it must not."""

import re
from datetime import date

import pytest
from django.db import connection
from django.forms import ValidationError
from django.test.utils import CaptureQueriesContext

from deployments import services
from deployments.facts import site_facts
from deployments.models import Device, GovernanceRecord, Site
from deployments.versions import version_of
from deployments.video import disagreements, police_reckoning
from portal.audit.models import AuditEvent
from portal.calendars.clock import calendar
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from portal.ui import panels
from tests import build
from tests.deployments.test_areas import plan
from tests.deployments.test_pages import OF_EVERY_PAGE, full_deployment, questions, text_of, url


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def airport(house):
    """A place of Article 7 whose video system is in use since 18 September 2026."""
    return build.site(house.pip, video_category="P7-2", video_in_use_on=date(2026, 9, 18))


# What the place is


@pytest.mark.parametrize(
    ("category", "place_type", "words"),
    [
        ("P7-1", "public", ""),
        ("P9", "public", ""),
        ("P7A", "internal", "One of the two is wrong"),
        ("P9", "residential", "One of the two is wrong"),
        ("P7-4", "undecided", "Call this one public"),
        ("none", "internal", ""),
        ("none", "residential", ""),
        ("none", "undecided", ""),
        ("none", "public", "is one of Article 9"),
        ("", "public", ""),
        ("", "internal", ""),
    ],
)
def test_kind_of_place_and_category_agree_or_the_page_says_how_not(category, place_type, words):
    found = " ".join(disagreements(Site(video_category=category, place_type=place_type)))
    assert (words in found) if words else not found


def test_form_keeps_what_a_place_is_and_the_page_says_what_disagrees(house):
    client = house.client("operator")
    values = {"code": "S1", "name": "Mall", "province": "31", "place_type": "internal", "video_category": "P7-1"}
    page = client.post(url(house, "sites/new/"), values | {"near_secret_unit": "false"}, follow=True)
    stored = Site.objects.get()
    assert (stored.video_category, stored.near_secret_unit, stored.inspection_days) == ("P7-1", False, 90)
    assert "Kind of place and category disagree" in text_of(page)
    values |= {"inspection_days": "30", "place_type": "public", "version": version_of(stored)}
    page = client.post(url(house, f"sites/{stored.pk}/edit/"), values, follow=True)
    assert Site.objects.get().inspection_days == 30
    assert "disagree" not in text_of(page)


@pytest.mark.parametrize("days", ["0", "731", "x"])
def test_form_refuses_an_interval_that_is_none(house, days):
    values = {"code": "S1", "name": "Mall", "province": "31", "place_type": "public", "inspection_days": days}
    assert house.client("operator").post(url(house, "sites/new/"), values).status_code == 422


def test_page_tells_which_authority_the_province_decides_on(house):
    """The competent CAC follows the PIP's registered province; the site's province decides the police filing only."""
    Pip.objects.update(province="33")
    site = build.site(house.pip, province="31", city="上海")
    page = text_of(house.client("officer").get(url(house, f"sites/{site.pk}/")))
    assert "Shanghai" in page and "with the Cyberspace Administration of Zhejiang" in page
    tab = text_of(house.client("officer").get(url(house, f"sites/{site.pk}/video/")))
    assert "The county-level public security organ of the place: Shanghai, 上海." in tab


# Services of the video system


def test_video_system_is_described(house, airport, today):
    services.set_video(airport, video_retention_days=45, today=today)
    assert Site.objects.get().video_retention_days == 45
    with pytest.raises(ValidationError, match="lies in the future"):
        services.set_video(airport, video_in_use_on=date(2026, 10, 13), today=today)
    assert AuditEvent.objects.filter(verb="site.set_video").count() == 1


def test_filing_with_the_police_keeps_day_number_and_receipt(house, airport, today):
    services.file_with_police(
        airport, filed_on=date(2026, 10, 1), number="118", receipt=plan("receipt.png"), by=None, today=today
    )
    stored = Site.objects.get()
    assert (stored.police_filed_on, stored.police_filing_number) == (date(2026, 10, 1), "118")
    assert stored.police_proof.name == "receipt.png"
    services.file_with_police(airport, filed_on=date(2026, 10, 2), number="119", by=None, today=today)
    assert Site.objects.get().police_proof.name == "receipt.png"
    with pytest.raises(ValidationError, match="lies in the future"):
        services.file_with_police(airport, filed_on=date(2026, 10, 13), by=None, today=today)


def test_filed_change_keeps_the_day_of_the_filing(house, airport, today):
    with pytest.raises(ValidationError, match="filed after the filing itself"):
        services.file_change(airport, filed_on=today, by=None, today=today)
    services.file_with_police(airport, filed_on=date(2026, 10, 1), by=None, today=today)
    with pytest.raises(ValidationError, match="filed after the filing itself"):
        services.file_change(airport, filed_on=date(2026, 9, 30), by=None, today=today)
    services.file_change(airport, filed_on=today, receipt=plan("change.png"), by=None, today=today)
    stored = Site.objects.get()
    assert (stored.police_filed_on, stored.police_change_filed_on) == (date(2026, 10, 1), today)
    assert stored.police_change_proof.name == "change.png"


def test_law_hears_of_changes_until_they_are_filed(house, airport, today):
    place = build.deployment(house.pip, site=airport)
    build.device(place, installed_on=date(2026, 10, 5))
    services.file_with_police(airport, filed_on=date(2026, 10, 1), by=None, today=today)
    assert site_facts(house.pip)[0].police_change_on == date(2026, 10, 5)
    services.file_change(airport, filed_on=date(2026, 10, 6), by=None, today=today)
    assert site_facts(house.pip)[0].police_change_on is None
    Device.objects.update(removed_on=date(2026, 10, 7))
    assert site_facts(house.pip)[0].police_change_on == date(2026, 10, 7)


def test_neighbour_is_answered_with_its_consent(house, airport, today):
    for given in ({"consent_on": today}, {"letter": plan()}):
        for is_near in (None, False):
            with pytest.raises(ValidationError, match="only where such a unit is near"):
                services.answer_neighbour(airport, is_near=is_near, by=None, today=today, **given)
    services.answer_neighbour(airport, is_near=True, consent_on=today, letter=plan("letter.png"), by=None, today=today)
    stored = Site.objects.get()
    assert (stored.near_secret_unit, stored.secret_unit_consent_on) == (True, today)
    assert stored.secret_unit_consent.name == "letter.png"
    services.answer_neighbour(airport, is_near=False, by=None, today=today)
    stored = Site.objects.get()
    assert (stored.near_secret_unit, stored.secret_unit_consent_on, stored.secret_unit_consent) == (False, None, None)


def test_proof_of_the_managing_unit_is_of_the_site_and_never_changed(house, airport, today):
    officer = house.people["officer"]
    for kind in ("video_post", "video_viewing"):
        services.prove_of_site(airport, kind=kind, done_on=today, note="in the safe", by=officer, today=today)
    assert set(GovernanceRecord.objects.values_list("site", "recorded_by")) == {(airport.pk, officer.pk)}
    assert AuditEvent.objects.filter(verb="site.prove").count() == 2
    with pytest.raises(ValidationError, match="belongs to the PIP"):
        services.prove_of_site(airport, kind="audit", done_on=today, note="x", by=officer, today=today)
    with pytest.raises(ValidationError, match="Add the document"):
        services.prove_of_site(airport, kind="video_post", done_on=today, by=officer, today=today)
    with pytest.raises(ValidationError, match="can't end before it was done"):
        services.prove_of_site(
            airport, kind="video_post", done_on=today, valid_until=date(2026, 1, 1), note="x", by=officer, today=today
        )


@pytest.mark.parametrize(
    ("used_on", "due", "unit"),
    [
        (date(2026, 9, 18), date(2026, 10, 19), "natural"),  # day 30 is a Sunday: the Monday after
        (date(2026, 9, 17), date(2026, 10, 19), "natural"),  # a Saturday
        (date(2026, 9, 16), date(2026, 10, 16), "natural"),
        (date(2025, 4, 1), date(2025, 5, 6), "natural"),  # day 30 is 1 May, a holiday until the 5th
        (date(2025, 3, 31), date(2025, 6, 30), "fixed"),  # in use before the Regulations
        (date(2015, 1, 1), date(2025, 6, 30), "fixed"),
    ],
)
def test_days_of_the_police_filing(used_on, due, unit):
    reckoning = police_reckoning(used_on, calendar())
    assert (reckoning.due, reckoning.unit) == (due, unit)


def test_no_day_of_use_no_date():
    assert police_reckoning(None, calendar()) is None


# Pages of the video system


def test_story_of_a_police_filing_in_the_browser(house, airport, today):
    client = house.client("operator")
    tab = url(house, f"sites/{airport.pk}/video/")
    page = client.get(tab)
    assert "2026-10-19" in text_of(page) and 'class="strip"' in page.content.decode()
    filed = client.post(
        f"{tab}filing/edit/",
        {
            "police_filed_on": "2026-10-09",
            "police_filing_number": "京公朝视备118号",
            "receipt": plan("receipt.png"),
            "version": version_of(Site.objects.get()),
        },
        follow=True,
    )
    assert "京公朝视备118号" in text_of(filed) and "receipt.png" in text_of(filed)
    assert "No device came or went after 2026-10-09" in text_of(filed)
    place = build.deployment(house.pip, site=airport)
    build.device(place, "SN77", installed_on=date(2026, 10, 10))
    assert "SN77" in text_of(client.get(tab))
    done = client.post(
        f"{tab}change/edit/",
        {"police_change_filed_on": "2026-10-12", "version": version_of(Site.objects.get())},
        follow=True,
    )
    assert "No device came or went after 2026-10-12" in text_of(done)


def test_late_filing_is_called_late(house, airport):
    airport.video_in_use_on, airport.police_filed_on = date(2026, 1, 5), date(2026, 3, 2)
    airport.save()
    page = house.client("officer").get(url(house, f"sites/{airport.pk}/video/")).content.decode()
    assert re.search(r'class="badge warn">.*?late', page, re.S)


def test_other_public_place_is_told_what_is_not_asked(house):
    site = build.site(house.pip, video_category="P9")
    page = text_of(house.client("officer").get(url(house, f"sites/{site.pk}/video/")))
    assert "no filing, no post vetting" in page and "Filing with the county police" not in page
    assert "not asked for here" in page


def test_proof_is_recorded_by_its_form(house, airport):
    client = house.client("operator")
    tab = url(house, f"sites/{airport.pk}/video/")
    form = client.get(f"{tab}proofs/new/?kind=video_viewing").content.decode()
    assert '<option value="video_viewing" selected>' in form and 'value="audit"' not in form
    values = {"kind": "video_viewing", "done_on": "2026-10-01", "note": "", "proof": plan("rules.png")}
    page = client.post(f"{tab}proofs/new/", values, follow=True)
    assert "rules.png" in text_of(page)
    refused = client.post(f"{tab}proofs/new/", {"kind": "video_viewing", "done_on": "2026-10-01"})
    assert refused.status_code == 422 and "Add the document" in text_of(refused)
    assert GovernanceRecord.objects.count() == 1


def test_question_of_the_neighbour_is_answered_by_its_form(house, airport):
    client = house.client("operator")
    address = url(house, f"sites/{airport.pk}/video/neighbour/edit/")
    wrong = client.post(
        address,
        {
            "near_secret_unit": "false",
            "secret_unit_consent_on": "2026-10-01",
            "version": version_of(Site.objects.get()),
        },
    )
    assert wrong.status_code == 422 and "only where such a unit is near" in text_of(wrong)
    values = {"near_secret_unit": "true", "secret_unit_consent_on": "2026-10-01", "letter": plan("letter.png")}
    page = client.post(address, values | {"version": version_of(Site.objects.get())}, follow=True)
    assert "letter.png" in text_of(page)


@pytest.mark.parametrize("path", ["edit/", "filing/edit/", "change/edit/", "neighbour/edit/", "proofs/new/"])
@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_changes_nothing_of_the_video_system(house, airport, role, path):
    client = house.client(role)
    address = url(house, f"sites/{airport.pk}/video/")
    assert not re.search(r'href="[^"]*/(edit|new)/', client.get(address).content.decode().split("<main")[1])
    assert client.get(address + path).status_code == client.post(address + path, {}).status_code == 403


def test_duty_of_the_site_leads_to_where_it_is_met(house, airport):
    Obligation.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        rule="frm-13-sign",
        subject=f"site:{airport.code}",
        why_en="The police don't know of it.",
        why_zh="尚未备案。",
    )
    for path, words in ((f"sites/{airport.pk}/", "The police don't know of it."), (f"sites/{airport.pk}/video/", "")):
        page = text_of(house.client("officer").get(url(house, path)))
        assert words in page and "Open the Video Regulations" in page


# What hangs where it must not


def test_find_stands_on_every_page_of_the_site_until_it_is_proved(house, airport, today):
    place = build.deployment(house.pip, site=airport, status="suspended")
    device = build.device(place, "SN9", space_type="changing_room")
    client = house.client("operator")
    pages = [f"sites/{airport.pk}/", f"sites/{airport.pk}/video/", f"deployments/{place.pk}/areas/"]

    def said(sentence: str) -> list[bool]:
        return [sentence in text_of(client.get(url(house, path))) for path in pages]

    assert all(said("No organisation or person may install FR devices")) and all(said("It hangs there."))
    asked = client.get(url(house, f"devices/{device.pk}/remove/"))
    assert "A dated photo of the place without the device" in text_of(asked)
    refused = client.post(url(house, f"devices/{device.pk}/remove/"), {"on": "2026-10-12"})
    assert refused.status_code == 422 and Device.objects.get().removed_on is None
    Device.objects.update(removed_on=today)
    assert all(said("the proof is missing"))
    values = {"proof": plan("empty.png"), "police_told_on": "2026-10-12", "reason": "found on the morning round"}
    client.post(url(house, f"devices/{device.pk}/prove/"), values)
    stored = Device.objects.get()
    assert (stored.removal_proof.name, stored.police_told_on) == ("empty.png", date(2026, 10, 12))
    assert AuditEvent.objects.filter(verb="device.prove").first().content["reason"] == "found on the morning round"
    assert not any(said("No organisation or person may install FR devices"))
    again = client.get(url(house, f"devices/{device.pk}/prove/"))
    assert again.status_code == 409


def test_device_is_removed_with_its_proof_in_one_go(house, airport):
    place = build.deployment(house.pip, site=airport, status="suspended")
    device = build.device(place, "SN9", space_type="toilet")
    client = house.client("operator")
    values = {"on": "2026-10-12", "proof": plan("empty.png"), "police_told_on": "2026-10-11"}
    assert client.post(url(house, f"devices/{device.pk}/remove/"), values).status_code == 302
    stored = Device.objects.get()
    assert (stored.removed_on, stored.removal_proof.name) == (date(2026, 10, 12), "empty.png")
    again = client.post(url(house, f"devices/{device.pk}/remove/"), values)
    assert again.status_code == 409 and "recorded already" in text_of(again)


def test_device_that_hangs_elsewhere_now_is_proved_by_its_form(house, airport):
    place = build.deployment(house.pip, site=airport, status="suspended")
    device = build.device(place, "SN9", space_type="toilet")
    client = house.client("operator")
    form = client.get(url(house, f"devices/{device.pk}/prove/")).content.decode()
    assert 'value="corridor"' in form and 'value="bathroom"' not in form
    values = {"proof": plan("corridor.png"), "space_type": "corridor"}
    client.post(url(house, f"devices/{device.pk}/prove/"), values)
    assert (Device.objects.get().space_type, Device.objects.get().removed_on) == ("corridor", None)


def test_reader_sees_the_find_and_no_control(house, airport):
    place = build.deployment(house.pip, site=airport, status="suspended")
    device = build.device(place, "SN9", space_type="toilet")
    client = house.client("auditor")
    body = client.get(url(house, f"sites/{airport.pk}/")).content.decode().split("<main")[1]
    assert "SN9" in body and "/remove/" not in body and "/prove/" not in body
    for path in ("remove", "prove"):
        assert client.post(url(house, f"devices/{device.pk}/{path}/"), {"on": "2026-10-12"}).status_code == 403


def test_police_are_asked_about_on_the_form_of_such_a_device_only(house):
    place = build.deployment(house.pip, status="suspended")
    private, other = build.device(place, "SN1", space_type="toilet"), build.device(place, "SN2", space_type="gate")
    client = house.client("operator")
    assert "police_told_on" in client.get(url(house, f"devices/{private.pk}/edit/")).content.decode()
    assert "police_told_on" not in client.get(url(house, f"devices/{other.pk}/edit/")).content.decode()


# Numbers of questions


def test_pages_of_a_site_ask_the_same_questions_however_much_hangs_there(house, monkeypatch, today):
    monkeypatch.setattr(panels, "_builders", {})
    client = house.client("officer")
    asked: dict[str, list[int]] = {}
    for number in (3, 8):
        site = build.site(house.pip, f"S{number}", video_category="P7-2", police_filed_on=date(2026, 1, 1))
        place = full_deployment(house, f"D{number}", number=number, site=site, status="suspended")
        for n in range(number):
            build.device(place, f"P{number}-{n}", space_type="toilet")
            by = house.people["officer"]
            services.prove_of_site(site, kind="video_post", done_on=today, note="x", by=by, today=today)
        for path in (f"sites/{site.pk}/", f"sites/{site.pk}/video/"):
            client.get(url(house, path))
            with CaptureQueriesContext(connection) as context:
                assert client.get(url(house, path)).status_code == 200
            asked.setdefault(path.strip("/").rsplit("/", 1)[-1].strip("0123456789"), []).append(
                len(questions(context))
            )
    assert all(few == many <= OF_EVERY_PAGE + 6 for few, many in asked.values()), asked

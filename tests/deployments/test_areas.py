"""Capture areas: their plan, the outline on it, and the pages that show and change them."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms import ValidationError
from django.test.utils import CaptureQueriesContext
from PIL import Image

from deployments import services
from deployments.models import CaptureArea
from deployments.versions import version_of
from portal.audit.models import AuditEvent
from portal.evidence.models import Evidence
from portal.evidence.services import reader
from portal.tenancy.models import PipMark
from portal.ui import panels
from portal.workflow import CaseError
from tests import build
from tests.deployments.test_pages import OF_EVERY_PAGE, questions, text_of, url
from tests.evidence_app.test_photos import shot
from tests.filings.story import pdf

TRIANGLE = "100,100 900,100 500,800"


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def place(house):
    return build.deployment(house.pip)


def plan(name: str = "plan.png", colour: str = "white") -> SimpleUploadedFile:
    """A plan as it comes with a form."""
    if name.endswith(".pdf"):
        return SimpleUploadedFile(name, pdf())
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue())


def drawn_area(place, name="Lane 1", outline=TRIANGLE) -> CaptureArea:
    area = services.add_area(place, name=name, plan=plan())
    services.draw_outline(area, outline=outline)
    return area


# Services


def test_area_is_added_with_everything_that_article_13_asks_for(house, place):
    area = services.add_area(
        place, name="Lane 1", position="left, 1.5 m", angle="60°", reach="1 m", plan=plan(), by=house.people["officer"]
    )
    stored = CaptureArea.objects.get()
    assert (stored.position, stored.angle, stored.reach) == ("left, 1.5 m", "60°", "1 m")
    assert (stored.plan.name, stored.plan_shown.media_type) == ("plan.png", "image/jpeg")
    assert stored.plan.uploaded_by == house.people["officer"]
    assert AuditEvent.objects.filter(table_name="deployments_capturearea", verb="area.add").count() == 2
    assert PipMark.objects.get(pip=house.pip).touched_at
    assert area.plan_shown_id == stored.plan_shown_id


def test_outline_is_kept_in_one_spelling(place):
    area = drawn_area(place, outline="  100,100\n900，100 500,800 ")
    assert CaptureArea.objects.get().outline == TRIANGLE
    services.draw_outline(area, outline=" ")
    assert CaptureArea.objects.get().outline == ""
    assert AuditEvent.objects.filter(verb="area.draw").count() == 2


def test_wrong_outline_is_refused_at_its_field(place):
    area = drawn_area(place)
    with pytest.raises(ValidationError, match="at least 3 corners") as error:
        services.draw_outline(area, outline="0,0 1,1")
    assert list(error.value.error_dict) == ["outline"]
    assert CaptureArea.objects.get().outline == TRIANGLE


@pytest.mark.parametrize("name", ["", "plan.pdf"])
def test_nothing_is_drawn_where_there_is_no_picture(place, name):
    area = services.add_area(place, name="Lane 1", plan=plan(name) if name else None)
    with pytest.raises(CaseError, match="no picture to draw on"):
        services.draw_outline(area, outline=TRIANGLE)


def test_another_plan_takes_the_old_outline_away(place):
    area = drawn_area(place)
    first = area.plan_id
    changed = services.edit_area(area, by=None, plan=plan(colour="grey"), name="Lane 1a")
    stored = CaptureArea.objects.get()
    assert set(changed) == {"name", "plan", "plan_shown", "outline"}
    assert (stored.outline, stored.name) == ("", "Lane 1a")
    assert stored.plan_id != first and Evidence.objects.filter(pk=first).exists()


def test_edit_without_a_plan_leaves_plan_and_outline(place):
    area = drawn_area(place)
    services.edit_area(area, by=None, position="right")
    assert (CaptureArea.objects.get().outline, CaptureArea.objects.get().plan_id) == (TRIANGLE, area.plan_id)


# Pages


def test_form_leads_to_the_drawing_and_back(house, place):
    client = house.client("operator")
    values = {"name": "Lane 1", "position": "left", "angle": "60°", "reach": "1 m", "plan": plan()}
    added = client.post(url(house, f"deployments/{place.pk}/areas/new/"), values)
    area = CaptureArea.objects.get()
    assert added.url == url(house, f"areas/{area.pk}/outline/edit/")
    page = client.get(added.url)
    assert "js/outline.js" in page.content.decode() and "Draw the capture area" in text_of(page)
    saved = client.post(added.url, {"outline": TRIANGLE, "version": version_of(area)})
    assert saved.url == url(house, f"deployments/{place.pk}/areas/")
    shown = client.get(saved.url).content.decode()
    assert f'points="{TRIANGLE}"' in shown and url(house, f"areas/{area.pk}/plan/") in shown
    assert "outline.js" not in shown


def test_form_without_a_picture_leads_back_to_the_list(house, place):
    client = house.client("operator")
    for name, file in (("Lane 1", {}), ("Lane 2", {"plan": plan("plan.pdf")})):
        answer = client.post(url(house, f"deployments/{place.pk}/areas/new/"), {"name": name, **file})
        assert answer.url == url(house, f"deployments/{place.pk}/areas/")
    area = CaptureArea.objects.get(name="Lane 2")
    refused = client.get(url(house, f"areas/{area.pk}/outline/edit/"))
    assert refused.status_code == 409 and "no picture to draw on" in text_of(refused)
    assert client.get(url(house, f"areas/{area.pk}/plan/")).status_code == 404


def test_wrong_outline_comes_back_with_its_reason(house, place):
    area = drawn_area(place)
    answer = house.client("operator").post(
        url(house, f"areas/{area.pk}/outline/edit/"),
        {"outline": "0,0 1000,1000 1000,0 0,1000", "version": version_of(area)},
    )
    assert answer.status_code == 422
    assert "The side after corner 1 meets the one after corner 3" in text_of(answer)
    assert "0,0 1000,1000 1000,0 0,1000" in answer.content.decode()


def test_stale_drawing_overwrites_nothing(house, place):
    area = drawn_area(place)
    before = version_of(area)
    services.draw_outline(area, outline="0,0 1000,0 1000,1000")
    answer = house.client("operator").post(
        url(house, f"areas/{area.pk}/outline/edit/"), {"outline": "", "version": before}
    )
    assert answer.status_code == 409 and "Somebody changed this meanwhile" in text_of(answer)
    assert CaptureArea.objects.get().outline == "0,0 1000,0 1000,1000"


def test_second_click_adds_no_second_area(house, place):
    client = house.client("operator")
    client.post(url(house, f"deployments/{place.pk}/areas/new/"), {"name": "Lane 1"})
    again = client.post(url(house, f"deployments/{place.pk}/areas/new/"), {"name": "Lane 1"})
    assert again.status_code == 422 and "has a capture area with this name already" in text_of(again)
    assert CaptureArea.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.svg", b"<svg onload='alert(1)'/>", "Use JPG, PDF, PNG"),
        ("plan.png", b"<svg onload='alert(1)'/>", "does not agree with the ending"),
        ("plan.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "damaged or incomplete"),
        ("plan.pdf", b"%PDF-1.4 /JavaScript (app.alert(1)) %%EOF", "contains a script"),
    ],
)
def test_hostile_plan_is_refused_at_its_field_and_leaves_nothing(house, place, name, content, sentence):
    answer = house.client("operator").post(
        url(house, f"deployments/{place.pk}/areas/new/"),
        {"name": "Lane 1", "plan": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 422 and sentence in text_of(answer)
    assert not CaptureArea.objects.exists() and not Evidence.objects.exists()


def test_picture_that_can_not_be_read_is_refused_by_the_service_at_its_field(house, place):
    """Well-formed at both ends and noise between: the sniffing lets it pass, the decoder doesn't."""
    content = plan().read()
    at = content.index(b"IDAT") + 8
    broken = content[:at] + b"\xff" * 20 + content[at + 20 :]
    answer = house.client("operator").post(
        url(house, f"deployments/{place.pk}/areas/new/"),
        {"name": "Lane 1", "plan": SimpleUploadedFile("plan.png", broken)},
    )
    assert answer.status_code == 422
    assert "This picture can't be read" in text_of(answer) and 'id="id_plan_error"' in answer.content.decode()
    assert not CaptureArea.objects.exists() and not Evidence.objects.exists()


def test_page_gets_a_copy_of_our_own_and_never_the_file_that_came(house, place):
    content = shot()
    area = services.add_area(place, name="Lane 1", plan=SimpleUploadedFile("plan.jpg", content))
    answer = house.client("auditor").get(url(house, f"areas/{area.pk}/plan/"))
    body = b"".join(answer.streaming_content)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert body != content and b"Exif" not in body
    with reader(area.plan_shown) as file:
        assert file.read() == body


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_sees_the_areas_and_no_control(house, place, role):
    area = drawn_area(place)
    client = house.client(role)
    body = client.get(url(house, f"deployments/{place.pk}/areas/")).content.decode()
    assert f'points="{TRIANGLE}"' in body
    assert not re.search(r'href="[^"]*/(edit|new|remove|prove)/"', body)
    for path in (f"deployments/{place.pk}/areas/new/", f"areas/{area.pk}/edit/", f"areas/{area.pk}/outline/edit/"):
        assert client.get(url(house, path)).status_code == 403
        assert client.post(url(house, path), {"name": "X", "outline": ""}).status_code == 403
    assert CaptureArea.objects.get().outline == TRIANGLE


def test_areas_of_others_are_not_there(house, stranger):
    with stranger.acting("officer"):
        foreign = build.deployment(stranger.pip)
        area = drawn_area(foreign)
    client = house.client("owner")
    for path in (
        f"deployments/{foreign.pk}/areas/",
        f"deployments/{foreign.pk}/areas/new/",
        f"areas/{area.pk}/edit/",
        f"areas/{area.pk}/outline/edit/",
        f"areas/{area.pk}/plan/",
    ):
        assert client.get(url(house, path)).status_code == 404, path


def test_list_says_what_is_missing_first(house, place):
    client = house.client("operator")
    page = text_of(client.get(url(house, f"deployments/{place.pk}/areas/")))
    assert "No capture area yet" in page
    area = build.area(place)
    build.device(place, "SN7", capture_area=area)
    build.device(place, "SN8")
    build.sign(place, "SG7", capture_area=area)
    page = text_of(client.get(url(house, f"deployments/{place.pk}/areas/")))
    assert "Show where Lane 1 is: upload its plan" in page
    assert "Devices in no capture area SN8" in page and "SG7" in page
    services.edit_area(area, by=None, plan=plan())
    assert "Draw Lane 1 on its plan" in text_of(client.get(url(house, f"deployments/{place.pk}/areas/")))
    services.draw_outline(area, outline=TRIANGLE)
    assert "Draw Lane 1 on its plan" not in text_of(client.get(url(house, f"deployments/{place.pk}/areas/")))


def test_banner_stands_on_the_areas_too(house, place):
    place.status = "suspended"
    place.save()
    build.device(place, "SN9", space_type="toilet")
    page = house.client("operator").get(url(house, f"deployments/{place.pk}/areas/"))
    assert "No organisation or person may install FR devices" in text_of(page)


def test_list_of_areas_asks_the_same_questions_for_3_and_8(house, place, monkeypatch):
    monkeypatch.setattr(panels, "_builders", {})
    client = house.client("officer")
    asked = []
    for first, last in ((0, 3), (3, 8)):
        for n in range(first, last):
            area = drawn_area(place, f"Lane {n}")
            build.device(place, f"SN{n}", capture_area=area)
            build.sign(place, f"SG{n}", capture_area=area)
        client.get(url(house, f"deployments/{place.pk}/areas/"))
        with CaptureQueriesContext(connection) as context:
            client.get(url(house, f"deployments/{place.pk}/areas/"))
        asked.append(len(questions(context)))
    assert asked[0] == asked[1] <= OF_EVERY_PAGE + 6

"""A capture area drawn on its plan: by mouse, by finger, by keyboard, and by writing where there are no scripts."""

import io

import pytest
from PIL import Image, ImageDraw

from tests.browser.story import Person
from tests.browser.test_every_page import found_by_axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SQUARE = [(250, 250), (750, 250), (750, 750), (250, 750)]


class Drawer(Person):
    """An officer who draws; corners are in thousandths of the plan."""

    def phone(self) -> None:
        """The same person with a phone in the hand, still signed in."""
        cookies = self.context.cookies()
        self.context.close()
        self.context = self.page.context.browser.new_context(**PHONE)
        self.context.add_cookies(cookies)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def at(self, corner: tuple[int, int]) -> tuple[float, float]:
        """Where a corner is on the screen."""
        plan = self.page.locator(".plan")
        plan.scroll_into_view_if_needed()
        box = self.page.locator(".plan > svg").bounding_box()
        return box["x"] + corner[0] / 1000 * box["width"], box["y"] + corner[1] / 1000 * box["height"]

    @property
    def corners(self) -> list[tuple[int, int]]:
        words = self.page.locator("[name=outline]").input_value().split()
        return [tuple(int(part) for part in word.split(",")) for word in words]

    def drew(self, *expected: tuple[int, int]) -> None:
        """The corners are these, as exactly as a hand is."""
        found = self.corners
        assert len(found) == len(expected), found
        for one, other in zip(found, expected, strict=True):
            assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 6, found

    def save(self) -> None:
        self.button("Save the outline").click()
        self.page.wait_for_url("**/areas/")


def plan() -> dict:
    image = Image.new("RGB", (900, 600), "white")
    ImageDraw.Draw(image).rectangle((40, 40, 860, 560), outline="black", width=6)
    file = io.BytesIO()
    image.save(file, "PNG")
    return {"name": "plan.png", "mimeType": "image/png", "buffer": file.getvalue()}


@pytest.fixture
def officer(browser, portal):
    made = Drawer(browser, portal, "en")
    made.sign_in("officer@demo.example")
    made.go("/t/demo/register/deployments/")
    made.page.locator("tbody th a").first.click()
    made.page.get_by_role("link", name="Capture areas", exact=True).first.click()
    yield made
    assert made.complaints == []
    made.context.close()


def add_area(officer: Drawer, name: str) -> None:
    """A new area with a plan leads to the page that draws on it."""
    officer.link("Add a capture area").click()
    officer.page.locator("[name=name]").fill(name)
    officer.page.locator("[name=plan]").set_input_files(plan())
    officer.button("Add the capture area").click()
    officer.page.wait_for_url("**/outline/edit/")


def test_area_is_drawn_by_mouse_and_by_keyboard(officer):
    add_area(officer, "By mouse")
    page = officer.page
    for corner in SQUARE:
        page.mouse.click(*officer.at(corner))
    officer.drew(*SQUARE)
    page.mouse.move(*officer.at(SQUARE[2]))
    page.mouse.down()
    page.mouse.move(*officer.at((850, 900)), steps=4)
    page.mouse.up()
    officer.drew(*SQUARE[:2], (850, 900), SQUARE[3])
    # The corner that was dragged has the focus: the arrows go on with it.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    officer.drew(*SQUARE[:2], (845, 875), SQUARE[3])
    page.mouse.click(*officer.at((500, 900)))
    page.keyboard.press("Backspace")
    officer.drew(*SQUARE[:2], (845, 875), SQUARE[3])
    officer.button("Undo corner").click()
    officer.drew(*SQUARE[:2], (845, 875))
    officer.button("Clear").click()
    assert officer.corners == []
    officer.button("Add a corner").focus()
    for _corner in range(4):
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        officer.button("Add a corner").focus()
    assert len(officer.corners) == 4
    page.locator(".corner").nth(3).focus()
    page.keyboard.press("Delete")
    assert len(officer.corners) == 3
    assert page.locator(".corner").nth(0).get_attribute("aria-label").startswith("Corner 1 of 3: ")
    assert found_by_axe(page, "drawing") == []
    officer.save()
    assert page.locator(".plan polygon").first.get_attribute("points").count(",") == 3


def test_area_is_drawn_by_finger(officer):
    add_area(officer, "By finger")
    address = officer.page.url
    officer.phone()
    officer.page.goto(address)
    for corner in SQUARE[:3]:
        officer.page.touchscreen.tap(*officer.at(corner))
    officer.drew(*SQUARE[:3])
    officer.page.locator("[data-do=undo]").tap()
    officer.drew(*SQUARE[:2])
    officer.page.touchscreen.tap(*officer.at((500, 800)))
    assert officer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    officer.save()


def test_area_is_written_where_there_are_no_scripts(officer, browser):
    add_area(officer, "By writing")
    address, cookies = officer.page.url, officer.context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(address)
    assert not page.locator("[data-do=undo]").is_visible()
    page.locator("[name=outline]").fill("0,0 1000,1000 1000,0 0,1000")
    page.get_by_role("button", name="Save the outline").click()
    page.get_by_text("The side after corner 1 meets the one after corner 3").first.wait_for()
    page.locator("[name=outline]").fill("100,100 900,100 500,800")
    page.get_by_role("button", name="Save the outline").click()
    page.wait_for_url("**/areas/")
    assert page.locator('.plan polygon[points="100,100 900,100 500,800"]').count() == 2
    context.close()

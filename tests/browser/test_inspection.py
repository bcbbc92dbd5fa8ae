"""An inspector before a sign: scan, photo, "still fine?", done in three taps, also on a slow line that breaks."""

import io
import random
import re

import pytest
from PIL import ExifTags, Image

from tests.browser.story import Person
from tests.browser.test_every_page import found_by_axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
# A hall full of people: 400 ms there and back, 400 kbit/s down, 200 kbit/s up.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 25_000}


class Inspector(Person):
    """Somebody with a phone; his taps are counted."""

    def __init__(self, browser, address: str, language: str, **options) -> None:
        super().__init__(browser, address, language)
        self.context.close()
        self.context = browser.new_context(**PHONE, **options)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.taps, self.sent = 0, []
        self.page.on("request", self.weigh)

    def sign_in(self, email: str) -> None:
        """At a desk, once: the phone stays signed in for two weeks."""
        self.page.set_viewport_size({"width": 1280, "height": 900})
        super().sign_in(email)
        self.page.set_viewport_size(PHONE["viewport"])

    def weigh(self, request) -> None:
        if request.method == "POST" and request.url.endswith("/inspect/"):
            self.sent.append(len(request.post_data_buffer or b""))

    def tap(self, found) -> None:
        self.taps += 1
        found.tap()

    def take_photo(self, photo: bytes) -> None:
        """The button opens the camera, whose own *Use photo* is a tap too."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(self.page.locator(".shot label"))
        self.taps += 1
        chooser.value.set_files({"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo})

    def scan(self, address: str) -> None:
        """What the phone's camera does with the small code of the sign."""
        self.taps = 0
        self.go(address)

    def line(self, **conditions) -> None:
        self.context.new_cdp_session(self.page).send("Network.emulateNetworkConditions", SLOW | conditions)


def photo_of_a_phone() -> bytes:
    """Twelve megapixels, held upright, with day and place."""
    grain = random.Random(5)
    image = Image.frombytes("RGB", (400, 300), grain.randbytes(360_000)).resize((4000, 3000), Image.Resampling.BICUBIC)
    exif = image.getexif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:10:11 09:30:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (40.0, 4.0, 30.0)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()


@pytest.fixture(scope="module")
def photo() -> bytes:
    return photo_of_a_phone()


@pytest.fixture(scope="module")
def signs(browser, portal) -> list[str]:
    """Addresses of the phone pages of signs that hang, each for one test."""
    person = Person(browser, portal, "en")
    person.sign_in("operator@demo.example")
    person.go("/t/demo/register/signs/inspections/")
    links = person.page.locator("td a[href$='/inspect/']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    person.context.close()
    return links


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_three_taps_on_a_slow_line(browser, portal, signs, photo, language):
    inspector = Inspector(browser, portal, language)
    inspector.sign_in("operator@demo.example")
    inspector.line()
    inspector.scan(signs.pop())
    assert not inspector.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    inspector.take_photo(photo)
    inspector.page.locator("canvas:not([hidden])").wait_for()
    # Portrait, as it was held, and every button in sight without scrolling.
    assert inspector.page.evaluate("(canvas => canvas.height > canvas.width)(document.querySelector('canvas'))")
    yes = inspector.page.locator("button[value=conspicuous]")
    assert yes.evaluate("button => button.getBoundingClientRect().bottom <= innerHeight")
    inspector.tap(yes)
    inspector.page.wait_for_url("**/inspect/done/", timeout=60_000)
    assert inspector.taps <= 3
    inspector.page.locator(".done.good").wait_for()
    assert len(inspector.sent) == 1 and inspector.sent[0] < len(photo) / 3, (inspector.sent, len(photo))
    # The small photo still says when it was taken, and that it knows where.
    record = inspector.page.url.replace("/inspect/done/", "/")
    inspector.line(latency=0, downloadThroughput=-1, uploadThroughput=-1)
    inspector.page.goto(record)
    said = inspector.page.locator("figure.photo").inner_text()
    assert "2026-10-11 09:30" in said
    assert inspector.page.locator("figure.photo .icon").count() >= 1
    size = inspector.page.locator("figure.photo img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert size == [1200, 1600]
    assert inspector.complaints == []


def test_lost_line_loses_nothing_and_the_inspection_is_written_once(browser, portal, signs, photo):
    inspector = Inspector(browser, portal, "en")
    inspector.sign_in("operator@demo.example")
    inspector.scan(signs.pop())
    inspector.page.locator("details.fold summary").tap()
    inspector.page.locator("[name=note]").fill("corner torn")
    inspector.take_photo(photo)
    inspector.page.locator("canvas:not([hidden])").wait_for()
    inspector.context.set_offline(True)
    inspector.tap(inspector.page.locator("button[value=damaged]"))
    inspector.page.locator(".say .error").wait_for()
    assert inspector.page.locator("[name=note]").input_value() == "corner torn"
    inspector.context.set_offline(False)
    inspector.page.wait_for_url("**/inspect/done/", timeout=30_000)
    assert len(inspector.sent) >= 2
    record = inspector.page.url.replace("/inspect/done/", "/")
    inspector.page.goto(record)
    assert inspector.page.get_by_text("corner torn").count() == 1


def test_answer_that_got_lost_is_not_asked_for_twice(browser, portal, signs, photo):
    inspector = Inspector(browser, portal, "en")
    inspector.sign_in("operator@demo.example")
    inspector.scan(signs.pop())
    swallowed = []

    def swallow(route) -> None:
        """The portal has written it down; its first answer never comes back."""
        if not swallowed:
            swallowed.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    inspector.page.route(
        re.compile(r"/inspect/$"),
        lambda route: swallow(route) if route.request.method == "POST" else route.continue_(),
    )
    inspector.take_photo(photo)
    inspector.tap(inspector.page.locator("button[value=conspicuous]"))
    inspector.page.wait_for_url("**/inspect/done/", timeout=60_000)
    assert swallowed == [200] and len(inspector.sent) >= 2
    inspector.page.goto(inspector.page.url.replace("/inspect/done/", "/"))
    assert inspector.page.locator(".timeline .dot.good").count() == 1


def test_without_scripts_it_takes_the_same_taps(browser, portal, signs, photo):
    inspector = Inspector(browser, portal, "en", java_script_enabled=False)
    inspector.sign_in("operator@demo.example")
    inspector.scan(signs.pop())
    inspector.take_photo(photo)
    inspector.tap(inspector.page.locator("button[value=conspicuous]"))
    inspector.page.wait_for_url("**/inspect/done/")
    assert inspector.taps <= 3
    inspector.page.locator(".done.good").wait_for()


def test_good_result_without_a_photo_is_asked_for_it_and_sends_nothing(browser, portal, signs):
    inspector = Inspector(browser, portal, "en")
    inspector.sign_in("operator@demo.example")
    inspector.scan(signs[-1])
    inspector.tap(inspector.page.locator("button[value=conspicuous]"))
    inspector.page.locator(".say .error").wait_for()
    assert inspector.sent == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_phone_page_is_accessible_and_light(browser, portal, signs, theme):
    inspector = Inspector(browser, portal, "zh-hans")
    inspector.sign_in("operator@demo.example")
    inspector.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    loaded = []
    inspector.page.on("response", lambda answer: loaded.append(answer))
    inspector.scan(signs[-1])
    inspector.page.wait_for_load_state("networkidle")
    weight = sum(answer.request.sizes()["responseBodySize"] for answer in loaded)
    assert weight < 30_000, [(answer.url, answer.request.sizes()) for answer in loaded]
    assert found_by_axe(inspector.page, f"phone page, {theme}") == []
    inspector.go(signs[-1] + "done/")
    assert found_by_axe(inspector.page, f"result, {theme}") == []

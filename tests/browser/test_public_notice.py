"""A passenger reads a notice that an officer published: nothing is kept of him, and any phone shows it."""

import re
from urllib.parse import urlsplit

import pytest

from tests.browser.story import Person
from tests.browser.test_every_page import DESK, PHONE, SMALLEST, found_by_axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_BYTES = 30_000
GAP = re.compile(r"【请填写：[^】]*】")
ENGLISH = "Only to check that the person who boards is the one on the ticket."


@pytest.fixture(scope="module")
def notice(browser, portal) -> str:
    """The address of a notice that the officer wrote and published by following the next-step bar."""
    officer = Person(browser, portal, "zh-hans")
    officer.sign_in("officer@demo.example")
    officer.go("/t/demo/register/scenarios/")
    link = officer.page.locator("main tbody th a")
    for scenario in [one.get_attribute("href") for one in link.all()]:
        officer.go(f"{scenario}notice/")
        if officer.link("Write the notice").count():
            break
    officer.link("Write the notice").click()
    for field in officer.page.locator("textarea[lang=zh-Hans]").all():
        field.fill(GAP.sub("现场服务台", field.input_value()))
    officer.page.locator("textarea[name=purpose_en]").fill(ENGLISH)
    officer.page.locator("textarea[name=plain_zh]").fill("不想刷脸，请走人工通道。")
    officer.button("Save and go on to publish").click()
    officer.page.locator("main form button.primary").click()
    address = officer.page.locator(".copy .code").first.text_content()
    assert officer.complaints == []
    officer.context.close()
    return address


@pytest.fixture
def visitor(browser):
    """A phone of which nobody knows anything; ``visitor(...)`` takes the switches of the browser."""
    opened = []

    def visit(**switches):
        context = browser.new_context(viewport={"width": PHONE, "height": 700}, **switches)
        opened.append(context)
        return context.new_page()

    yield visit
    for context in opened:
        context.close()


def test_page_needs_no_cookie_no_third_party_and_under_30_kilobytes(visitor, notice):
    page, loaded = visitor(), []
    page.on("response", lambda one: loaded.append(one))
    answer = page.goto(notice)
    assert answer.status == 200
    # Some browsers ask for the icon, some don't: it counts.
    named = page.locator("link[href]").evaluate_all("all => all.map(one => one.href)")
    sizes = {address: len(page.request.get(address).body()) for address in named}
    sizes |= {one.url: len(one.body()) for one in loaded}
    origin = urlsplit(notice).netloc
    assert {urlsplit(address).netloc for address in sizes} == {origin}, sizes
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert page.context.cookies() == []
    assert "set-cookie" not in answer.all_headers()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.scripts.length]") == [0, 0, 0]


def test_page_is_read_without_scripts_in_both_languages(visitor, notice):
    page = visitor(java_script_enabled=False)
    page.goto(notice)
    page.get_by_role("link", name="English", exact=True).click()
    assert page.url.endswith("#en")
    chinese, english = page.locator("#zh"), page.locator("#en")
    assert chinese.get_attribute("lang") == "zh-Hans" and english.get_attribute("lang") == "en"
    for words in ("个人信息处理者的名称和联系方式", "人脸信息的保存期限", "不想刷脸，请走人工通道。"):
        assert chinese.get_by_text(words).first.is_visible()
    for words in ("Who processes it, and how to reach us", "How long it is kept", ENGLISH):
        assert english.get_by_text(words).first.is_visible()
    page.get_by_role("link", name="大字版").click()
    assert page.locator("html.large").count() == 1
    assert page.context.cookies() == []


@pytest.mark.parametrize("query", ["", "?large=1"])
def test_page_is_accessible_and_fits_every_phone(visitor, notice, query):
    page, wrong = visitor(), []
    page.goto(notice + query)
    for width, theme in ((SMALLEST, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")):
        page.set_viewport_size({"width": width, "height": 700})
        page.emulate_media(color_scheme=theme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        wrong += found_by_axe(page, f"{query} at {width}, {theme}")
    assert wrong == []


def test_page_is_printed_in_black_on_white_with_its_address(visitor, notice):
    page = visitor(color_scheme="dark")
    page.goto(notice)
    page.emulate_media(media="print", color_scheme="dark")
    seen = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert seen == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.locator(".address").is_visible() and page.locator("nav").is_hidden()


def test_unknown_code_is_not_found_in_both_languages_and_leaves_nothing(visitor, notice):
    page = visitor()
    answer = page.goto(re.sub(r"[0-9a-f]{8}/$", "00000000/", notice))
    assert answer.status == 404 and page.context.cookies() == []
    assert page.get_by_text("找不到该告知").is_visible()
    assert page.get_by_text("There is no notice at this address").is_visible()
    assert found_by_axe(page, "404") == []

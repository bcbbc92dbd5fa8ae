"""Every page that owner and auditor reach by links is accessible, quiet and whole, light or dark, wide or narrow."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.story import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    # axe would fetch the style sheets again, which the policy of the pages forbids.
    "preload": False,
}
OWN_PAGES = ["/?choose=1", "/me/", "/accounts/password/change/"]
# A number, a reference or a credit code in an address: one page of each kind is enough.
NAME = re.compile(r"/(\d+|[A-Z]{3}-\d{4}-\d{4}|[0-9A-Z]{18}|[\w-]+\.eml)(?=/)")
DOWNLOADS = re.compile(r"/demo/files/|/export/|/preview/|/template/|/dossier/|errors\.|format=")
MAY_POST = re.compile(r"/dossier/(\d+/)?$|/inbox/read/$|/channels/own/$")
CHANGING = re.compile(
    r"/(new|add|edit|upload|move|remove|prove|take-down|inspect|crossing|overlap|freeze|submit|approve"
    r"|answer|proof|note|reopen|receipt)/"
)
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
SMALLEST, PHONE, DESK = 320, 375, 1280


def kind_of(address: str) -> str:
    """The kind of page behind an address; a form that was told its entity is another one than the choice of it."""
    parts = urlsplit(address)
    return NAME.sub("/*", parts.path) + ("?pip" if parts.query.startswith("pip=") else "")


def walk(person: Person, start: str) -> Iterator[str]:
    """Opens one page of each kind that links lead to, and gives its address while it is open."""
    waiting, seen = [start, *OWN_PAGES], set()
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        answer = person.page.goto(person.address + address)
        assert answer.status == 200, (address, answer.status)
        yield address
        links = person.page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        links = [urlsplit(person.page.url).path + link if link.startswith("?") else link for link in links]
        waiting += [
            link
            for link in links
            if link.startswith("/t/demo/")
            and not DOWNLOADS.search(link)
            and (not urlsplit(link).query or "/new/?pip=" in link)
        ]


def found_by_axe(page, where: str) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    # It is half a megabyte: once a page is enough.
    axe = Axe("0") if page.evaluate("'axe' in window") else Axe()
    violations = axe.run(page, options=WCAG).response["violations"]
    return [f"{where}: {one['id']} {[node['target'] for node in one['nodes'][:3]]}" for one in violations]


def look(person: Person, address: str, axe_at: frozenset[tuple[int, str]]) -> list[str]:
    """What is wrong with the page that is open, in light and dark, wide and narrow."""
    page, wrong = person.page, []
    if not page.title().split(" · ")[0].strip():
        wrong.append(f"{address}: no title")
    if page.evaluate("document.documentElement.lang") != LANGUAGES[person.language]:
        wrong.append(f"{address}: wrong language")
    page.keyboard.press("Tab")
    focus = page.evaluate(
        "(() => { const at = document.activeElement; const box = at.getBoundingClientRect();"
        " return [at.matches('.skip, .bare *'), at.matches(':focus-visible'), box.width > 0 && box.bottom > 0]; })()"
    )
    if focus != [True, True, True]:
        wrong.append(f"{address}: the first Tab shows no skip link, {focus}")
    # The link covers the menu's button while it has the focus.
    page.evaluate("document.activeElement.blur()")
    for width, theme in ((DESK, "light"), (DESK, "dark"), (PHONE, "dark"), (PHONE, "light"), (SMALLEST, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{address}: wider than {width}")
        if (width, theme) in axe_at:
            wrong += found_by_axe(page, f"{address} at {width}, {theme}")
    page.set_viewport_size({"width": DESK, "height": 900})
    page.emulate_media(color_scheme="light")
    return wrong


def controls(person: Person, address: str) -> list[str]:
    """What could change something: an auditor may read his messages and download what is his to read."""
    targets = person.page.locator("main form[method=post]").evaluate_all("all => all.map(one => one.action)")
    links = person.page.locator("main a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    found = [target for target in targets if not MAY_POST.search(target)] + list(filter(CHANGING.search, links))
    return [f"{address}: offers an auditor {one}" for one in found]


@pytest.mark.parametrize(
    ("email", "language", "least", "axe_at"),
    [
        # Contrast depends on the theme, targets and order on the width: two of the four meet all of them.
        ("owner@demo.example", "zh-hans", 35, frozenset({(DESK, "light"), (PHONE, "dark")})),
        # The pages are the owner's with less on them: what is left to see is another language on a phone.
        ("auditor@demo.example", "en", 18, frozenset({(PHONE, "light")})),
    ],
    ids=["owner", "auditor"],
)
def test_every_page_is_accessible_and_fits(browser, portal, email, language, least, axe_at):
    person = Person(browser, portal, language)
    person.page.goto(f"{portal}/accounts/login/")
    person.page.locator(f"button[name=language][value={language}]").first.click()
    wrong = look(person, "/accounts/login/", axe_at)
    person.sign_in(email)
    seen = []
    for address in walk(person, "/t/demo/"):
        seen.append(address)
        wrong += look(person, address, axe_at)
        if email.startswith("auditor@") and address.startswith("/t/"):
            wrong += controls(person, address)
    assert not wrong, "\n".join(wrong)
    assert person.complaints == []
    assert len(seen) >= least, seen

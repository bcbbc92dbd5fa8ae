"""The copy-out by keyboard: what the clipboard holds is what was frozen, field by field; and without scripts."""

import json
import zipfile

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.story import Person

pytestmark = pytest.mark.browser
COPY_OUT = "/t/demo/filings/FIL-2026-0001/copy/?part=BOARDING"


@pytest.fixture
def officer(browser, portal):
    person = Person(browser, portal, "zh-hans")
    person.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=portal)
    person.sign_in("officer@demo.example")
    yield person
    person.context.close()


def test_every_field_is_copied_and_ticked_by_keyboard_without_an_error(officer, tmp_path):
    page = officer.page
    officer.go(COPY_OUT)
    keys = [line.get_attribute("id").removeprefix("line-") for line in page.locator("[data-line]").all()]
    copied = {}
    for number, key in enumerate(keys):
        page.keyboard.press("j")
        line = page.locator(f'[id="line-{key}"]')
        if line.locator("[data-copy]").count():
            page.keyboard.press("c")
            copied[key] = page.evaluate("navigator.clipboard.readText()")
        page.keyboard.press("d")
        # The line that is swapped in holds the focus again: the next j goes on from it.
        page.locator(f'[id="line-{key}"]:focus [data-tick][aria-pressed=true]').wait_for()
        assert f"{number + 1}/{len(keys)}" in page.locator("#copied .tabs a[aria-current]").inner_text()
    page.reload()
    assert page.locator("[data-tick][aria-pressed=true]").count() == len(keys)
    frozen = {
        ":".join((one["form"], one["scenario"], one["field"])): one["value"]
        for one in facts(officer, tmp_path)["forms"]
        if one["scenario"] == "BOARDING" and one["value"]
    }
    assert len(frozen) > 20 and copied == frozen
    assert officer.complaints == []


def facts(person: Person, folder) -> dict:
    """The facts in the frozen ZIP."""
    person.go("/t/demo/filings/FIL-2026-0001/")
    with person.page.expect_download() as download:
        person.button("Download the dossier").click()
    download.value.save_as(folder / "dossier.zip")
    with zipfile.ZipFile(folder / "dossier.zip") as archive:
        return json.loads(archive.read("00-备案事实.json"))


def test_tick_needs_no_script(browser, portal):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/accounts/login/")
    page.locator("input[name=login]").fill("reviewer@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    page.goto(f"{portal}/t/demo/filings/FIL-2026-0001/copy/?part=files")
    first = page.locator("[data-line]").first
    assert first.locator("[data-tick]").get_attribute("aria-pressed") == "false"
    first.locator("[data-tick]").click()
    assert first.locator("[data-tick]").get_attribute("aria-pressed") == "true"
    assert page.url.split("#")[1].startswith("line-file:")
    context.close()

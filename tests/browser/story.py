"""The README's first five minutes, by a person who reads only the README, in Chinese and in English."""

import re
import subprocess
import zipfile
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext

from portal.documents.pdf import render_pdf
from portal.documents.sheet import Section, Sheet
from portal.law.engine import rule_by_id
from tests.browser.conftest import PASSWORD, ROOT

GROUP, WEST = "示例机场服务集团有限公司", "示例机场服务（西部）有限公司"
FILES = ["airports-deployments.csv", "airports-devices.csv", "airports-signs.csv", "airports-counts.xlsx"]


class Person:
    """Somebody at a browser: finds things by their names, as people do, and reads his own language."""

    def __init__(self, browser, address: str, language: str) -> None:
        self.address, self.language = address, language
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def word(self, text: str) -> str:
        """The text of the page in the person's language."""
        with translation.override(self.language):
            return gettext(text)

    def law(self, rule: str) -> str:
        """The title of a duty in the person's language."""
        return rule_by_id(rule).title.in_(self.language)

    def sign_in(self, email: str) -> None:
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.locator(f"button[name=language][value={self.language}]").first.click()
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.button("Sign in").click()
        # The page of the sign-in has the same buttons: one pressed too early would call the sign-in off.
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        self.page.locator(f"button[name=language][value={self.language}]").first.click()

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def link(self, text: str):
        return self.page.get_by_role("link", name=self.word(text), exact=True).first

    def button(self, text: str):
        return self.page.get_by_role("button", name=self.word(text), exact=True).first

    def open_confirmation(self) -> None:
        """Unfold the first button that says beforehand what it will do."""
        self.page.locator("details.confirm > summary").first.click()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()


def make_scan(folder: Path) -> Path:
    """A PDF that stands for a scan."""
    path = folder / "scan.pdf"
    path.write_bytes(render_pdf(Sheet("扫描件", "zh", "", (Section(paragraphs=("演示",)),))))
    return path


def import_file(officer: Person, name: str) -> None:
    officer.link("Vendor files").click()
    officer.link("Upload a vendor file").click()
    officer.page.locator("input[type=file]").set_input_files(ROOT / "samples" / name)
    officer.button("Upload and check").click()
    apply = officer.page.locator("details.confirm > summary.primary")
    apply.wait_for(timeout=60_000)
    apply.click()
    officer.page.locator("button[name=mode][value=good]").click()
    officer.sees(officer.word("Nothing to do: the rows stand in the register, and the duties follow."))


def confirm_crossing(officer: Person, pip: str) -> None:
    officer.link("PIPs").click()
    officer.page.get_by_role("link", name=pip).first.click()
    officer.link("See the counts and confirm").click()
    officer.page.locator("[name=method]").fill("按证件号去重后相加")
    officer.page.locator("[name=reason]").fill("当期全部机场数据到齐，合计首次达到 100,000 人。")
    officer.page.locator("main form button.primary").click()
    officer.page.wait_for_url("**/pips/*/")


def read_reminder(officer: Person) -> None:
    """The mail comes with the next round of the scheduler, half a minute at most; it may tell of other duties too."""
    title = officer.law("frm-15-initial")
    for _round in range(45):
        officer.go("/t/start/demo-mail/")
        letters = [link.get_attribute("href") for link in officer.page.locator("main table a").all()]
        for letter in letters[:10]:
            officer.go(letter)
            if officer.page.locator("main").get_by_text(title).count():
                officer.sees("100,000")
                return
        officer.page.wait_for_timeout(2000)
    raise AssertionError(f"No mail of {title} came")


def approve_assessment(officer: Person, reviewer: Person, scan: Path) -> None:
    officer.link("PIPs").click()
    officer.page.get_by_role("link", name=GROUP).first.click()
    officer.page.get_by_role("link", name="BOARDING").first.click()
    officer.link("Register a report").click()
    officer.page.locator("input[type=file]").set_input_files(scan)
    for box in officer.page.locator("main input[type=checkbox]").all():
        box.check()
    officer.button("Register the report").click()
    officer.page.wait_for_url("**/assessments/PIA-*/")
    approve(reviewer, officer.page.url)


def approve(reviewer: Person, assessment: str) -> None:
    """Another person than the author approves an assessment, with the own password once more."""
    reviewer.page.goto(assessment)
    reviewer.link("Approve").click()
    reviewer.page.locator("input[name=password]").fill(PASSWORD)
    reviewer.button("Approve the assessment").click()
    reviewer.page.locator(".badge", has_text=reviewer.word("approved")).first.wait_for()


def open_dossier(officer: Person) -> None:
    officer.link("Overview").click()
    row = officer.page.locator("tbody tr", has_text=GROUP).filter(has_text=officer.law("frm-15-initial"))
    row.get_by_role("link").first.click()
    officer.page.locator(".strip").first.wait_for()
    officer.button("Open the dossier").click()
    officer.page.wait_for_url("**/filings/FIL-*/")


def upload_scans(officer: Person, scan: Path) -> None:
    """The certificate, two identity documents, the power of attorney and the commitment letter: papers 4 to 8."""
    dossier = officer.page.url
    rows = officer.page.locator("#papers tbody tr")
    addresses = []
    for number in range(4, 9):
        paper = rows.filter(has=officer.page.get_by_text(re.compile(rf"^{number}\.")))
        addresses.append(paper.locator("a[href*='/papers/']").first.get_attribute("href"))
    for address in addresses:
        officer.go(address)
        officer.page.locator("input[type=file]").set_input_files(scan)
        officer.page.locator("main form button.primary").click()
        officer.page.wait_for_url("**/filings/FIL-*/*")
    officer.page.goto(dossier)


def freeze(officer: Person) -> None:
    officer.link("Freeze the dossier").click()
    officer.page.locator("main form input[type=checkbox]").check()
    officer.page.locator("main form button.primary").click()
    officer.page.locator(".badge", has_text=officer.word("frozen")).first.wait_for()


def submit(officer: Person, scan: Path) -> None:
    officer.link("I have submitted").click()
    officer.page.locator("input[name=submitted_on]").fill("2026-10-12")
    officer.page.locator("input[type=file]").set_input_files(scan)
    officer.page.locator("main form input[type=checkbox]").check()
    officer.page.locator("main form button.primary").click()
    officer.page.locator(".badge", has_text=officer.word("submitted")).first.wait_for()


def download(officer: Person, folder: Path) -> Path:
    with officer.page.expect_download() as found:
        officer.button("Download the dossier").click()
    target = folder / "dossier.zip"
    found.value.save_as(target)
    return target


def take_samples_to_submission(browser, portal: str, language: str, folder: Path) -> tuple[Person, Person, Path]:
    """All of it, with an officer and a reviewer at two browsers; both, with the dossier at hand, and their scan."""
    officer, reviewer = (Person(browser, portal, language) for _person in range(2))
    officer.sign_in("officer@start.example")
    reviewer.sign_in("reviewer@start.example")
    scan = make_scan(folder)
    for name in FILES:
        import_file(officer, name)
    officer.link("Overview").click()
    reached = officer.page.get_by_text(officer.word("100,000 reached"))
    reached.nth(1).wait_for()
    assert reached.count() == 2
    for pip in (GROUP, WEST):
        confirm_crossing(officer, pip)
    read_reminder(officer)
    approve_assessment(officer, reviewer, scan)
    open_dossier(officer)
    upload_scans(officer, scan)
    freeze(officer)
    submit(officer, scan)
    dossier = officer.page.url
    zipfile.ZipFile(download(officer, folder)).extractall(folder / "dossier")
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder / "dossier", capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    officer.link("Duties").click()
    officer.page.locator("select[name=state]").select_option("met")
    officer.page.locator("tbody tr", has_text=officer.law("frm-15-initial")).first.wait_for()
    officer.page.goto(dossier)
    return officer, reviewer, scan

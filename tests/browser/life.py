"""The life of a filing after its submission: accepted, changed, cancelled; by two persons who read only the pages."""

import re
import zipfile
from pathlib import Path

from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from portal.law.enums import STORAGE_MODES
from tests.browser import story
from tests.browser.story import Person

TODAY = "2026-10-12"


def save(person: Person) -> None:
    """Press the one button that the form is for."""
    person.page.locator("main form button.primary").first.click()


def badge(person: Person, text: str) -> None:
    """Wait until the page says the state."""
    person.page.locator("main .badge", has_text=person.word(text)).first.wait_for()


def accept(officer: Person, number: str) -> None:
    officer.link("Accepted").click()
    officer.page.locator("input[name=received_on]").fill(TODAY)
    officer.page.locator("input[name=number]").fill(number)
    save(officer)
    badge(officer, "accepted")


def store_elsewhere(officer: Person) -> None:
    """The scenario of the group moves its faces from the gates to a server."""
    officer.link("PIPs").click()
    officer.page.get_by_role("link", name=story.GROUP).first.click()
    officer.page.get_by_role("link", name="BOARDING").first.click()
    officer.link("Edit").click()
    officer.page.locator("select[name=storage_mode]").select_option("lan_server")
    officer.page.locator("main form button.primary").first.click()
    officer.page.wait_for_url("**/scenarios/*/")


def assess_again(officer: Person, reviewer: Person, scan: Path) -> None:
    """A new report on what the scenario is now, approved by the reviewer."""
    officer.link("Register a newer report").click()
    officer.page.locator("input[type=file]").set_input_files(scan)
    for box in officer.page.locator("main input[type=checkbox]").all():
        box.check()
    officer.button("Register the report").click()
    officer.page.wait_for_url("**/assessments/PIA-*/")
    story.approve(reviewer, officer.page.url)


def decide(officer: Person) -> None:
    """From the duty to the decision that the change is substantial."""
    officer.link("Overview").click()
    row = officer.page.locator("tbody tr", has_text=story.GROUP).filter(has_text=officer.law("frm-15-change"))
    row.get_by_role("link").first.click()
    officer.page.locator(".strip").first.wait_for()
    officer.link("Decide on the change").click()
    officer.page.locator("input[name=is_substantial][value=yes]").check()
    officer.page.locator("textarea[name=reason]").fill("人脸信息由设备内存储改为本地服务器存储。")
    officer.button("Keep the decision").click()
    badge(officer, "to be filed")


def open_change(officer: Person) -> None:
    """A change filing that carries the decided change."""
    officer.link("Open the change filing").click()
    officer.button("Open the dossier").click()
    officer.page.wait_for_url("**/filings/FIL-*/")


def upload(officer: Person, scan: Path, materials: tuple[int, ...]) -> None:
    """The sealed papers by their numbers on the list."""
    dossier = officer.page.url
    rows = officer.page.locator("#papers tbody tr")
    addresses = [
        rows.filter(has=officer.page.get_by_text(re.compile(rf"^{number}\."))).locator("a[href*='/papers/']").first
        for number in materials
    ]
    for address in [one.get_attribute("href") for one in addresses]:
        officer.go(address)
        officer.page.locator("input[type=file]").set_input_files(scan)
        save(officer)
        officer.page.wait_for_url("**/filings/FIL-*/*")
    officer.page.goto(dossier)


def end_use(officer: Person) -> None:
    """The use ends altogether, in three screens and with a typed word."""
    officer.link("End the use").click()
    officer.button("Next").click()
    officer.page.locator("textarea[name=reason]").fill("改用刷卡与人工核验。")
    officer.button("Next").click()
    officer.page.locator("input[name=word]").fill(officer.word("end"))
    officer.button("End the use").click()
    officer.page.wait_for_url("**/ends/END-*/")


def finish_tasks(officer: Person, scan: Path) -> None:
    """Every task, with its proof."""
    ending = officer.page.url
    for address in [
        one.get_attribute("href")
        for one in officer.page.locator("#tasks a[href*='/tasks/']:not([href$='owner/'])").all()
    ]:
        officer.go(address)
        officer.page.locator("input[name=done_on]").fill(TODAY)
        officer.page.locator("textarea[name=note]").fill("已完成")
        officer.page.locator("input[type=file]").set_input_files(scan)
        save(officer)
        officer.page.wait_for_url("**/ends/END-*/")
    officer.page.goto(ending)


def copied_out(officer: Person) -> list[str]:
    """Every value of the forms as the copy-out of the dossier at hand gives it to the clipboard."""
    dossier = officer.page.url
    officer.link("Copy out").click()
    officer.page.locator("form[data-copyout]").wait_for()
    values = []
    for address in [one.get_attribute("href") for one in officer.page.locator("nav.tabs a").all()]:
        officer.go(address)
        found = officer.page.locator("button[data-copy]").all()
        values += [one.get_attribute("data-copy") for one in found]
    officer.page.goto(dossier)
    return values


def plain(text: str) -> str:
    """Without the spaces and breaks that a layout puts in."""
    return re.sub(r"\s", "", text)


def words_of(path: Path) -> str:
    """What a PDF, a Word or an Excel file says."""
    if path.suffix == ".pdf":
        return plain("".join(page.extract_text() for page in PdfReader(path).pages))
    if path.suffix == ".docx":
        document = Document(path)
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return plain("".join([*(one.text for one in document.paragraphs), *cells]))
    rows = (row for sheet in load_workbook(path).worksheets for row in sheet.iter_rows(values_only=True))
    return plain("".join(str(value) for row in rows for value in row if value is not None))


def compare_forms(officer: Person, folder: Path) -> None:
    """The forms of the dossier at hand say in PDF, Word and Excel what the register says, field by field."""
    values = copied_out(officer)
    zipfile.ZipFile(story.download(officer, folder)).extractall(folder / "papers")
    for ending in ("pdf", "docx", "xlsx"):
        forms = [*(folder / "papers").rglob(f"01-*.{ending}"), *(folder / "papers").rglob(f"02-人脸*.{ending}")]
        said = "".join(map(words_of, forms))
        missing = [value for value in values if plain(value) not in said]
        assert forms and len(values) > 20 and missing == [], (ending, missing)


def live_on(officer: Person, reviewer: Person, scan: Path, folder: Path) -> None:
    """From the first submission to the cancelled filing; the dossier just submitted is at hand."""
    accept(officer, "京网信人脸备〔2026〕00087")
    compare_forms(officer, folder / "first")
    store_elsewhere(officer)
    assess_again(officer, reviewer, scan)
    decide(officer)
    open_change(officer)
    upload(officer, scan, (5,))
    story.freeze(officer)
    story.submit(officer, scan)
    accept(officer, "京网信人脸备〔2026〕00087-变1")
    compare_forms(officer, folder / "change")
    table = words_of(next((folder / "change" / "papers").glob("04-*.pdf")))
    for mode in ("device", "lan_server"):
        assert plain(STORAGE_MODES[mode].zh) in table
    end_use(officer)
    finish_tasks(officer, scan)
    ending = officer.page.url
    officer.button("Open the cancellation").click()
    officer.page.wait_for_url("**/filings/FIL-*/")
    upload(officer, scan, (1, 2, 3))
    story.freeze(officer)
    story.submit(officer, scan)
    accept(officer, "京网信人脸备〔2026〕00087-销")
    officer.page.goto(ending)
    officer.button("Close").click()
    badge(officer, "closed")

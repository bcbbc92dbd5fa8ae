"""From two scenarios to a report approved by two persons, returned once; then outdated, and renewed by a newer one."""

import pytest

from tests.browser.story import Person, approve
from tests.browser.test_nothing_to_active import PIP, WHERE, Follower, papers

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["papers"]

SAME = {"function": "verify", "place_type": "internal", "name": "员工入口"}
CHOSEN = {"third_party": "no", "public": "no", "minors": "no"}
STEPS = {"likelihood": "3", "severity": "3", "likelihood_after": "1", "severity_after": "3"}
# More pages than a new assessment has.
MOST_PAGES = 30


def registered(follower: Follower, codes: list[str]) -> tuple[list[str], str]:
    """Two scenarios that differ in nothing but their name, and a planned place of the first; their addresses."""
    person, page = follower.person, follower.page
    scenarios = []
    for code in codes:
        follower.answers |= {"code": code}
        person.go(f"/t/start/register/scenarios/new/?pip={PIP}&start=visitor_registration")
        follower.fill(follower.form())
        scenarios.append(page.url.split("#")[0])
    person.go(f"/t/start/register/sites/new/?pip={PIP}")
    follower.fill(follower.form())
    person.go(f"/t/start/register/deployments/new/?pip={PIP}&scenario={scenarios[0].rstrip('/').rsplit('/', 1)[1]}")
    page.locator("[name=site]").fill(codes[-1])
    follower.fill(follower.form())
    return scenarios, page.url.split("#")[0]


def gate_of_assessment(person: Person, place: str) -> str:
    """The word that stands at the fourth gate of a deployment."""
    person.page.goto(place)
    gates = person.page.locator(".gates > li")
    return gates.nth(3).locator(".badge").first.inner_text().strip()


def begin(person: Person, scenario: str, other: str) -> str:
    """Write an assessment of both scenarios; the address of its record."""
    person.page.goto(scenario)
    person.link("Write an assessment").click()
    person.page.get_by_label(other).check()
    person.button("Begin the assessment").click()
    person.page.wait_for_url("**/section/work/")
    return person.page.url.split("section/")[0]


def complete(person: Person, record: str) -> None:
    """Go where the bar leads until everything is there, and hand it in."""
    page = person.page
    for _page in range(MOST_PAGES):
        page.goto(record)
        if person.button("Hand in for approval").count():
            person.button("Hand in for approval").click()
            person.page.locator(".page-head .badge", has_text=person.word("to be approved")).or_(
                person.page.locator(".page-head .badge", has_text=person.word("in review"))
            ).first.wait_for()
            return
        person.link("Go on").click()
        page.wait_for_load_state()
        if "/section/" in page.url:
            answer_section(person)
        elif "/risks/" in page.url:
            weigh(person)
        else:
            page.locator("input[name=conclusion][value=proceed]").check()
            person.button("Save").click()
            page.wait_for_url(record)
    pytest.fail(f"it is never complete; the last page was {page.url}")


def answer_section(person: Person) -> None:
    """Choose what opens and closes questions and save; then write into what is empty, and save again."""
    page = person.page
    for name, value in CHOSEN.items():
        choice = page.locator(f"input[type=radio][name=text-{name}][value={value}]")
        if choice.count():
            choice.check()
    save(person)
    for field in page.locator("textarea[name^=text-]:visible").all():
        if not field.input_value():
            field.fill(f"现场核对：{field.get_attribute('name')}。")
    save(person)


def save(person: Person) -> None:
    with person.page.expect_navigation():
        person.page.locator("#answers .form-end button[name=stay]").click()


def weigh(person: Person) -> None:
    """Weigh this risk and the next ones, as the button leads."""
    page = person.page
    for _risk in range(7):
        for name, value in STEPS.items():
            page.locator(f"select[name={name}]").select_option(value)
        page.locator("[name=harm]").fill("特征值外泄，身份可能被冒用。")
        with page.expect_navigation():
            page.locator("button[name=next]").click()
        if not page.locator("select[name=likelihood]").count():
            return


def send_back(reviewer: Person, record: str) -> None:
    reviewer.page.goto(record)
    reviewer.link("Return").click()
    reviewer.page.locator("[name=comment]").fill("Say how often staff check the gate.")
    reviewer.button("Return the assessment").click()
    reviewer.page.wait_for_url(record)


def correct(person: Person, record: str) -> None:
    """What the reviewer asked for is on the record; it is written, and handed in again."""
    person.page.goto(record)
    person.sees("Say how often staff check the gate.")
    person.page.goto(f"{record}section/measures/")
    person.page.locator("textarea[name=text-proportion]").fill("每日两次核对，记录留存。")
    save(person)
    complete(person, record)


def move_to_cloud(person: Person, scenario: str) -> None:
    person.page.goto(f"{scenario}edit/")
    person.page.locator("select[name=storage_mode]").select_option("public_cloud")
    with person.page.expect_navigation():
        person.page.locator("main form button.primary[type=submit]").last.click()


def test_two_persons_bring_two_scenarios_to_a_report_and_renew_it_once_the_storage_changes(portal, browser, papers):
    officer, reviewer = Person(browser, portal, "zh-hans"), Person(browser, portal, "en")
    officer.sign_in("officer@start.example")
    reviewer.sign_in("reviewer@start.example")
    follower = Follower(officer, reviewer, papers, SAME | WHERE)
    (one, other), place = registered(follower, ["DOOR-A", "DOOR-B"])
    assert gate_of_assessment(officer, place) != officer.word("there")
    record = begin(officer, one, "DOOR-B")
    complete(officer, record)
    send_back(reviewer, record)
    correct(officer, record)
    approve(reviewer, record)
    assert gate_of_assessment(officer, place) == officer.word("there")
    officer.page.goto(other)
    officer.sees(record.rstrip("/").rsplit("/", 1)[1])

    move_to_cloud(officer, one)
    assert gate_of_assessment(officer, place) != officer.word("there")
    officer.page.goto(record)
    officer.sees(officer.word("outdated"))
    officer.sees("公有云")
    officer.button("Assess again").click()
    officer.page.wait_for_url(lambda url: "/assessments/PIA-" in url and url != record)
    again = officer.page.url.split("#")[0].split("section/")[0]
    complete(officer, again)
    approve(reviewer, again)
    assert gate_of_assessment(officer, place) == officer.word("there")
    officer.page.goto(record)
    officer.page.locator(".page-head .badge", has_text=officer.word("superseded")).first.wait_for()
    assert [said for person in (officer, reviewer) for said in person.complaints if not said.startswith("htmx:")] == []

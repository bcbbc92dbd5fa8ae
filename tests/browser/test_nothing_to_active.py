"""From nothing to a deployment in use, led by nothing but the bar of the next step, in both languages."""

import re
from pathlib import Path

import pytest
from PIL import Image

from assessments.services import ELEMENTS
from tests.browser.story import Person, approve, make_scan

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PIP = "91110105MA01FRA15K"
# More steps than any of the three ways needs: whoever needs more walks in a circle.
MOST_STEPS = 80
WHERE = {"province": "11", "city": "北京市", "address": "示例路 1 号"}
SAID = {
    "purpose": "核验本人身份后放行。",
    "necessity": "人工核对高峰时每人约 25 秒且易误认。",
    "rejected_ways": "证件人工核对：慢且易误认；门禁卡：可转借。",
    "legal_basis": "consent",
    "legal_basis_reason": "由本人自愿选择刷脸通道。",
    "storage_mode": "device",
    "sends_over_internet": "false",
    "retention": "离开后 24 小时内删除",
    "deletion_method": "设备定时覆写",
    "mainland": "yes",
    "activity": "production",
    "private_space": "no",
    "storage": "device",
    "count_band": "below",
    "kind": "staff",
    "description": "人工核验，无需刷脸。",
    "place": "入口左侧服务台",
    "is_offered": "yes",
    "state": "in_place",
    "measure": "设备内加密存储，按岗位授权，日志留存 180 天。",
    "owner": "信息安全部",
    "how": "按提示注视设备后点击同意。",
    "withdrawal_path": "入口左侧服务台或扫码页面",
    "guardian_how": "监护人持户口簿在服务台签署，核对监护关系。",
    "text_zh": "我同意为通行核验处理我的人脸信息。",
    "security_necessity": "出入口须核验身份以维护公共安全。",
    "position": "闸机左侧，高 1.5 米",
    "angle": "朝向通道，60 度",
    "reach": "0.3 至 1.2 米",
    "outline": "120,340 620,340 620,810",
    "location": "闸机左侧",
    "manual_channel": "入口左侧服务台，全天",
    "channel": "entrance",
    "size": "A4",
    "name": "入口",
}
# What the portal can't know of a notice stands in it as a gap.
GAP = re.compile(r"【[^】]*】")
TICKED = {"is_separate", "has_voice", "carry", *ELEMENTS}
CHOSEN = {"kinds": {"look", "click"}, "languages": {"zh", "en"}}


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> dict[str, Path]:
    """A scan for papers, a picture for photos and plans."""
    folder = tmp_path_factory.mktemp("papers")
    picture = folder / "photo.jpg"
    Image.new("RGB", (800, 600), "white").save(picture)
    return {"scan": make_scan(folder), "picture": picture}


class Follower:
    """Goes where the bar of the next step leads, fills in what is asked there, and comes back to the record."""

    def __init__(self, person: Person, reviewer: Person, papers: dict[str, Path], answers: dict[str, str]) -> None:
        self.person, self.reviewer, self.papers = person, reviewer, papers
        self.answers = SAID | answers
        self.walked: list[str] = []

    @property
    def page(self):
        return self.person.page

    def follow(self, record: str, until: str) -> None:
        """From a record on, until its state is reached."""
        self.page.goto(record)
        for _step in range(MOST_STEPS):
            state = self.page.locator(".page-head .badge", has_text=self.person.word(until))
            if self.page.url.split("#")[0] == record and state.count():
                return
            self.walked.append(self.page.url.removeprefix(self.person.address))
            self.step(record)
        pytest.fail("the bar leads in a circle:\n" + "\n".join(self.walked[-12:]))

    def step(self, record: str) -> None:
        if "/assessments/PIA-" in self.page.url:
            approve(self.reviewer, self.page.url)
            self.page.goto(record)
            return
        link = self.page.locator(".next-step a.button")
        if link.count() and not (link.first.get_attribute("href") or "").startswith("#"):
            link.first.click()
            self.page.wait_for_load_state()
            return
        form = self.form()
        if form is not None:
            self.fill(form)
            return
        if self.page.url.split("#")[0] == record:
            pytest.fail(f"the bar of {record} leads nowhere:\n" + "\n".join(self.walked[-12:]))
        self.page.goto(record)

    def form(self):
        """The form of the page, if the page is one that asks for something."""
        form = self.page.locator("main form[method=post]:has(button.primary[type=submit]):visible")
        asks = self.page.locator("main form[method=post] :is(input:not([type=hidden]), select, textarea):visible")
        return form.first if form.count() and asks.count() else None

    def fill(self, form) -> None:
        before = self.page.url
        for field in form.locator(":is(input:not([type=hidden]), select, textarea):visible").all():
            self.answer(form, field)
        form.locator("button.primary[type=submit]").last.click()
        self.page.wait_for_load_state()
        errors = self.page.locator(".errors, .field .error")
        if self.page.url == before and errors.count():
            pytest.fail(f"{before}: {errors.first.inner_text()}")

    def answer(self, form, field) -> None:
        name, kind = field.get_attribute("name") or "", field.get_attribute("type") or ""
        if kind == "file":
            is_picture = "pdf" not in (field.get_attribute("accept") or "")
            field.set_input_files(self.papers["picture" if is_picture else "scan"])
        elif kind == "radio":
            wanted = self.answers.get(name, "no")
            if field.get_attribute("value") == wanted:
                field.check()
        elif kind == "checkbox":
            if name in TICKED or field.get_attribute("value") in CHOSEN.get(name, ()):
                field.check()
        elif name in ("state", "place_type") or not field.input_value():
            self.write(field, name)
        elif GAP.search(field.input_value()):
            field.fill(GAP.sub("如上所述", field.input_value()))

    def write(self, field, name: str) -> None:
        said = self.answers.get(name) or self.answers.get(re.sub("_(zh|en)$", "", name))
        if field.evaluate("one => one.tagName") == "SELECT":
            if said:
                field.select_option(said)
        elif field.get_attribute("type") == "date":
            if name.endswith(("_ends_on", "removed_on", "ended_on", "police_told_on", "review_on")):
                return
            field.fill("2026-10-12")
        elif said:
            field.fill(said)
        elif name.endswith("_zh") or name.endswith("_en"):
            field.fill("如上所述。")


WAYS = {
    # The uses of the issue: the catalogue's entry, the site's kind of place, and what else is answered.
    "hotel check-in": ("hotel_check_in", "public", {"function": "verify", "ages": "adults", "place_type": "public"}),
    "residential gate": (
        "residential_gate",
        "residential",
        {"function": "identify", "ages": "under_14", "place_type": "residential"},
    ),
    "airport lane": ("boarding", "public", {"function": "verify", "ages": "adults", "place_type": "public"}),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("way", WAYS)
def test_deployment_comes_into_use_by_following_the_next_step(portal, browser, papers, way, language):
    start, place_type, answers = WAYS[way]
    officer, reviewer = Person(browser, portal, language), Person(browser, portal, language)
    officer.sign_in("officer@start.example")
    reviewer.sign_in("reviewer@start.example")
    code = f"{start}-{language}".upper().replace("_", "")
    codes = {"code": code, "serial": f"SN-{code}"}
    follower = Follower(officer, reviewer, papers, answers | WHERE | codes)
    page = officer.page
    for path in (f"sites/new/?pip={PIP}", f"scenarios/new/?pip={PIP}&start={start}"):
        officer.go(f"/t/start/register/{path}")
        follower.fill(follower.form())
    scenario = page.url.split("#")[0]
    # The scenario's own bar leads to its first deployment.
    for _step in range(MOST_STEPS):
        if "/register/deployments/new/" in page.url:
            break
        follower.walked.append(page.url)
        follower.step(scenario)
    else:
        pytest.fail("the scenario never asks for a deployment:\n" + "\n".join(follower.walked[-12:]))
    page.locator("[name=site]").fill(code)
    follower.fill(follower.form())
    record = page.url.split("#")[0]
    # A device hangs before it is switched on: in a public place the bar then asks for the sign.
    page.goto(f"{record}devices/new/")
    follower.fill(follower.form())
    follower.follow(record, until="active")
    if place_type == "public":
        assert any("/signs/" in step for step in follower.walked)
    # A newer answer of the screening takes the place of the preview that is still on its way.
    assert [said for said in officer.complaints if not said.startswith(("htmx:sendAbort", "htmx:afterRequest"))] == []

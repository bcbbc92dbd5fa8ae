"""What the demo holds: three workspaces, made once through the portal's own services."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from PIL import Image, ImageDraw

from deployments.models import Scenario
from deployments.services import (
    add_device,
    confirm_crossing,
    enter_count,
    register_deployment,
    register_scenario,
    register_site,
    set_overlap,
)
from filings import services as filings
from filings.dossier import LETTERS
from filings.models import Filing
from portal.accounts.models import Team, User
from portal.accounts.roles import ROLES
from portal.accounts.services import add_member, create_team, create_tenant, register_pip
from portal.calendars.clock import civil_today
from portal.clock.reconcile import reconcile, reconcile_touched
from portal.desk import demo_register as register
from portal.desk.demo_cases import add_cases
from portal.desk.demo_channels import add_channels
from portal.desk.demo_pipia import add_example
from portal.desk.demo_reminders import answer_reminders, tell_of
from portal.desk.demo_work import share_work
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Section, Sheet
from portal.imports.apply import apply_batch
from portal.imports.batches import in_name_of
from portal.imports.direct import access_of, import_now, settle
from portal.imports.models import ImportBatch
from portal.imports.services import order_apply
from portal.law.checklists import material
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import acting

SAMPLES = settings.BASE_DIR / "samples"
ACTOR = "system:demo"
LAST_DAY_OF_AUDIT = date(2027, 12, 31)

ROLE_NAMES = {
    "owner": "王敏",
    "officer": "李晓",
    "reviewer": "陈律",
    "operator": "赵工",
    "vendor": "孙供应",
    "auditor": "周审计",
}
TEAM_NAMES = {
    "owner": "负责人",
    "officer": "合规组",
    "reviewer": "法务复核",
    "operator": "登记维护",
    "vendor": "供应商",
    "auditor": "外部审计",
}

GROUP, SOUTH, WEST = "91110105MA01FRA15K", "91440101MA5CFRB29Q", "91510107MA6CFRC35A"
PIPS: list[dict[str, Any]] = [
    {
        "uscc": GROUP,
        "name": "示例机场服务集团有限公司",
        "province": "11",
        "registered_address": "北京市朝阳区示例路 1 号",
        "legal_representative": "王建国",
        "legal_representative_title": "董事长",
        "officer_name": "李晓",
        "officer_phone": "010-5550 0101",
        "officer_email": "dpo@group.example",
        "employees": 2600,
    },
    {
        "uscc": SOUTH,
        "name": "示例机场服务（华南）有限公司",
        "province": "44",
        "registered_address": "广东省广州市白云区示例大道 8 号",
        "legal_representative": "黄志强",
        "legal_representative_title": "总经理",
        "officer_name": "梁静",
        "officer_phone": "020-5550 0102",
        "officer_email": "dpo@south.example",
        "employees": 740,
    },
    {
        "uscc": WEST,
        "name": "示例机场服务（西部）有限公司",
        "province": "51",
        "registered_address": "四川省成都市武侯区示例街 15 号",
        "legal_representative": "唐丽",
        "legal_representative_title": "总经理",
        "officer_name": "何川",
        "officer_phone": "028-5550 0103",
        "officer_email": "dpo@west.example",
        "employees": 910,
    },
]
COMMON = {
    "office_address": "同注册地址",
    "agent_name": "李晓",
    "agent_department": "合规部",
    "agent_mobile": "13900000000",
    "agent_email": "filing@group.example",
    "industry": "航空运输辅助活动",
    "business_summary": "为机场提供旅客服务，含安检口与登机口的身份核验通道。",
}
BOARDING = {
    "code": "BOARDING",
    "name": "安检与登机身份核验",
    "function": "verify",
    "purpose": "在安检口和登机口核验旅客身份，确认登机人与客票登记人一致。",
    "necessity": "曾比较人工核对证件与扫码核验：高峰时段人工核对每人约 25 秒且易误认，扫码无法确认持码人即本人。"
    "人脸比对仅在旅客选择自助通道时使用，人工通道始终开放。",
    "legal_basis": "consent",
    "subjects": "选择自助通道的旅客，含 14 至 17 周岁未成年人",
    "alternative": "每个安检口和登机口均设人工核验通道，无需刷脸。",
    "storage_mode": "device",
    "retention": "航班起飞后 24 小时内删除人脸特征；常旅客预登记信息保存至其撤回同意。",
    "deletion_method": "设备定时任务删除并覆写，按日生成删除日志。",
    "protection": "设备内加密存储；安全审计；按岗位授权；访问控制；入侵检测。",
    "supplier": "海康威视、大华、宇视（按通道）",
}


def person(email: str, name: str, password: str, *, language: str = "zh-hans") -> User:
    """The account of that address, made on first use."""
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, password, name=name, language=language)


def workspace(slug: str, name: str, fill: Callable[[Tenant], None]) -> Tenant:
    """The tenant of that address, made and filled in one transaction on first use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_tenant(%s)", [slug])
        present = cursor.fetchone()[0]
    if present is not None:
        return Tenant(pk=present, slug=slug, name=name)
    with transaction.atomic():
        tenant = create_tenant(slug, name, actor=ACTOR)
        with acting(tenant, actor=ACTOR):
            fill(tenant)
    return tenant


def people(tenant: Tenant, roles: list[str], password: str) -> dict[str, User]:
    """A person and a team for each role; to be called while acting for the tenant."""
    made = {}
    for role in roles:
        made[role] = person(f"{role}@{tenant.slug}.example", ROLE_NAMES[role], password)
        team = Team.objects.filter(role=role).first() or create_team(TEAM_NAMES[role], role)
        add_member(made[role], team, ends_on=LAST_DAY_OF_AUDIT if role == "auditor" else None)
    return made


def airports() -> dict[str, Scenario]:
    """The three legal entities of the samples, each with its scenario BOARDING; the scenarios by USCC."""
    made = {}
    for fields in PIPS:
        pip = register_pip(Pip(**fields, **COMMON))
        made[pip.uscc] = register_scenario(pip, **BOARDING)
    return made


def make_start(password: str) -> None:
    """The workspace of the README's first five minutes: the legal entities and nothing else."""

    def fill(tenant: Tenant) -> None:
        airports()
        people(tenant, ["officer", "reviewer"], password)

    workspace("start", "五分钟上手", fill)


def make_platform(password: str) -> None:
    """The people who keep the calendars: they belong to no workspace and see none."""
    for number in (1, 2):
        account = person(f"platform{number}@portal.example", f"平台管理员 {number}", password)
        account.is_staff = True
        account.save(update_fields=["is_staff"])


def make_other(password: str) -> None:
    """Somebody else's workspace, small: what the others must never see."""
    workspace("other", "西湖健身", lambda tenant: fill_other(tenant, password))


def fill_other(tenant: Tenant, password: str) -> None:
    """A gym with one scenario, one place, one device and one count."""
    made = people(tenant, ["officer"], password)
    pip = register_pip(Pip(uscc="91330106MA2HTEXTX3", name="西湖健身管理有限公司", province="33", employees=120))
    scenario = register_scenario(
        pip,
        code="GYM",
        name="会员入场",
        function="identify",
        purpose="会员刷脸通过入口闸机。",
        necessity="比较过会员卡与手机码：二者均保留，刷脸供不便携带手机的会员选择。",
        legal_basis="consent",
        alternative="会员卡、手机二维码、前台登记。",
        storage_mode="device",
        retention="会员资格终止后 7 日内删除。",
    )
    site = register_site(pip, code="XH-01", name="西湖一店", province="33", city="杭州市", place_type="public")
    place = register_deployment(pip, scenario=scenario, site=site, code="GYM-01")
    add_device(place, serial="SN-XH-01", space_type="entrance", installed_on=date(2026, 3, 2), today=civil_today())
    enter_count(
        scenario,
        counted_on=date(2026, 9, 30),
        persons=1840,
        dedup_method="按会员号去重",
        by=made["officer"],
        today=civil_today(),
    )
    reconcile_touched()


def make_demo(password: str) -> None:
    """The lived-in workspace: the sample files imported, the group's filing accepted, the western crossing waiting.

    Each step is done once: a seed that was interrupted goes on where it stopped.
    """

    def fill(tenant: Tenant) -> None:
        airports()
        people(tenant, list(ROLES), password)

    tenant = workspace("demo", "示例机场集团", fill)
    made = {role: User.objects.get(email=f"{role}@demo.example") for role in ROLES}
    for kind in ("deployments.csv", "devices.csv", "signs.csv", "counts.xlsx"):
        import_sample(tenant, f"airports-{kind}", uploaded_by=made["vendor"], applied_by=made["officer"])
    with acting(tenant, actor=f"user:{made['officer'].pk}", user_id=made["officer"].pk):
        group = Scenario.objects.select_related("pip__tenant").get(pip__uscc=GROUP, code="BOARDING")
        # What is filed is settled first: anything later would be a change of it.
        register.settle_scenario(group, made, paper, picture)
        register.settle_places(group.pip, made, picture)
        register.settle_pip(group.pip, made, paper)
        if not Filing.objects.filter(pip=group.pip).exists():
            file_the_group(group, made)
        register.inspect_signs(group.pip, made, picture)
        register.mark_found(Pip.objects.get(uscc=WEST), made)
        add_channels(tenant, by=made["owner"])
        add_cases(group, by=made["officer"], proof=paper({"title": "报告回执", "text": "收到时间 2026-08-17 11:30"}))
    with acting(tenant, actor=ACTOR):
        reconcile_touched()
    with acting(tenant, actor=f"user:{made['officer'].pk}", user_id=made["officer"].pk):
        share_work(made, today=civil_today())
        answer_reminders(made, today=civil_today())


def import_sample(tenant: Tenant, name: str, *, uploaded_by: User, applied_by: User) -> None:
    """A vendor file through the real path: uploaded and checked by the vendor, applied by the officer."""
    with acting(tenant, actor=ACTOR):
        if ImportBatch.objects.filter(name=name, state="applied").exists():
            return
    with (SAMPLES / name).open("rb") as file:
        batch = import_now(tenant, uploaded_by, file, name, access=access_of(tenant, uploaded_by))
    with in_name_of(tenant, applied_by.pk, verb="import.order"):
        access = access_of(tenant, applied_by)
        order_apply(batch, by=applied_by, access=access, all_or_nothing=False, wakes_worker=False)
    settle(batch, applied_by, lambda: apply_batch(tenant, batch.pk))


def file_the_group(scenario: Scenario, made: dict[str, User]) -> None:
    """The group's first filing, from the approved assessment to the number of the authority."""
    pip, officer, reviewer = scenario.pip, made["officer"], made["reviewer"]
    add_example(scenario, made, paper)
    overlap = "常旅客在多个机场使用自助通道；各机场按证件号去重，跨机场重复以 2026 年 6 月抽样 3,000 人次估计。"
    set_overlap(pip, best_percent=4, most_percent=9, reasoning=overlap)
    reconcile(pip, today=date(2026, 9, 7))
    confirm_crossing(
        pip,
        crossed_on=date(2026, 9, 4),
        method="各机场最近一次按证件号去重后的人数相加，不扣除跨机场重复",
        reason="9 月 4 日收到当期全部机场数据，合计首次超过 100,000 人；按较严口径不扣除重复。",
        by=officer,
        today=date(2026, 9, 7),
    )
    reconcile(pip, today=date(2026, 9, 7))
    tell_of(pip.tenant, on=date(2026, 9, 7))
    duty = Obligation.objects.get(pip=pip, rule="frm-15-initial")
    filing = filings.open_dossier(duty, by=officer, today=date(2026, 9, 8))
    for letter in LETTERS:
        filings.generate(filing, letter, by=officer, today=date(2026, 9, 15))
    for document in filing.documents.filter(material__in=SCANNED):
        title = material(document.material).title.zh
        filings.attach(document, paper({"title": title, "text": SCAN_TEXT}), by=officer, name=f"{title}.pdf")
    filings.freeze(filing, by=officer, today=date(2026, 10, 8))
    proof = paper({"title": "提交成功页面截图", "text": "受理流水号 2026100911000123（示例）"})
    filings.submit(
        filing,
        by=reviewer,
        on=date(2026, 10, 9),
        today=date(2026, 10, 9),
        proof=proof,
        receipt_number="2026100911000123",
        name="提交截图.pdf",
    )
    filing.refresh_from_db()
    letter = paper({"title": "备案通知", "text": "备案编号 京网信人脸备〔2026〕00087（示例）"})
    filings.accept(
        filing,
        by=officer,
        received_on=date(2026, 10, 12),
        today=date(2026, 10, 12),
        number="京网信人脸备〔2026〕00087",
        letter=letter,
        name="备案通知.pdf",
    )


SCANNED = ["uscc-certificate", "representative-id", "agent-id", "power-of-attorney", "commitment"]
SCAN_TEXT = "演示用扫描件，不含任何真实证件信息。"


def paper(content: dict[str, str]) -> BytesIO:
    """A small PDF that stands for a scan."""
    sections = (Section(paragraphs=(content["text"],)),)
    sheet = Sheet(title=content["title"], language="zh", reference="", sections=sections, notice="演示 DEMO")
    return BytesIO(render_pdf(sheet))


def picture() -> BytesIO:
    """A plain picture that stands for a photo or a plan."""
    image = Image.new("RGB", (1200, 800), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 1140, 740), outline="#7a7468", width=6)
    draw.line((600, 60, 600, 740), fill="#b8b2a6", width=4)
    file = BytesIO()
    image.save(file, "PNG")
    file.name = "示意图.png"
    file.seek(0)
    return file

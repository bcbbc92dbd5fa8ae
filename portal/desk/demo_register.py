"""The demo's lived-in register: a scenario with everything that the law asks, among others that lack much of it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.timezone import get_current_timezone

from deployments import services
from deployments.models import CaptureArea, Deployment, Device, NoticeVersion, Scenario, Sign, SignInspection, Site
from deployments.services import consent, notices
from portal.accounts.models import User
from portal.calendars.clock import civil_today
from portal.law.screening import Answers
from portal.tenancy.models import Pip

Paper = Callable[[dict[str, str]], BytesIO]
# Before the demo's story begins, so that nothing of it was late.
SETTLED = date(2026, 2, 20)
ANSWERS = {
    "mainland": "yes",
    "activity": "production",
    "function": "verify",
    "place_type": "public",
    "private_space": "no",
    "ages": "aged_14_17",
    "storage": "device",
    "count_band": "below",
}
FACTS: dict[str, Any] = {
    "rejected_ways": "人工核对证件：保留为人工通道，但高峰时段每人约 25 秒且易误认；扫码：无法确认持码人即本人。",
    "legal_basis_reason": "由旅客自愿选择自助通道，单独同意后处理。",
    "subject_groups": ["passengers", "aged_14_17", "elderly"],
    "sends_over_internet": False,
    "id_service_considered_on": SETTLED,
    "id_service_note": "已评估国家网络身份认证公共服务：柜台值机已接入，闸机暂不支持。",
}
NOTICE = {
    "identity_zh": "示例机场服务集团有限公司，个人信息保护负责人李晓，010-5550 0101，dpo@group.example",
    "purpose_zh": "在安检口和登机口核验旅客身份（1:1 比对），确认登机人与客票登记人一致。",
    "retention_zh": "航班起飞后 24 小时内删除；常旅客预登记信息保存至其撤回同意。",
    "necessity_zh": "为维护航空安全所必需。误识别时由人工核验；不同意刷脸不影响乘机，人工通道始终开放。",
    "rights_zh": "可在任一柜台或扫描提示标识上的二维码查阅、更正、删除个人信息，撤回同意，投诉举报。",
    "other_zh": "闸机供应商仅负责维护，不接触人脸信息；不向境外提供。",
    "plain_zh": "走这条通道，机器会看一下您的脸，和证件比对。不想刷脸，请走旁边的人工通道，一样快。",
    "identity_en": "Example Airport Services Group Co., Ltd; PI protection officer Li Xiao, dpo@group.example",
    "purpose_en": "To verify passengers' identity at security and boarding (1:1 comparison with the document).",
    "retention_en": "Deleted within 24 hours of departure; frequent flyers' until they withdraw their consent.",
    "necessity_en": "Needed for aviation security. Staff check a wrong refusal; who refuses uses the staffed lane.",
    "rights_en": "Access, correction, deletion, withdrawal, complaints: at any counter or by the QR code on the sign.",
    "other_en": "The supplier of the gates maintains them without access to faces; nothing goes abroad.",
    "plain_en": "In this lane a camera compares your face with your document. If you prefer, take the lane beside.",
    "manual_channel": "各安检口、登机口人工柜台",
    "has_voice": True,
}
CONSENT = {
    "kinds": ["look", "click"],
    "how": "旅客在闸机屏幕阅读告知后点击“刷脸通行”，再按提示注视摄像头；点击“人工通道”则不采集。",
    "is_separate": True,
    "withdrawal_path": "任一柜台，或扫描提示标识上的二维码",
}
WORDING = {
    "text_zh": "我已阅读告知，同意为本次安检和登机核验处理我的人脸信息；我知道可以改走人工通道，并可随时撤回同意。",
    "text_en": "I have read the notice and agree that my face is processed to verify my identity for this flight."
    " I know that I may use the staffed lane and may withdraw at any time.",
}
MEASURES = {
    "encryption": "闸机内以 SM4 加密存储人脸特征，密钥存于安全芯片，每台不同。",
    "security_audit": "访问与删除日志留存 180 天，每周由安全审计员复核。",
    "access_control": "闸机管理口仅限专网，双因素登录。",
    "authorisation": "按岗位最小授权，离岗当日收回，每季度核对。",
    "intrusion": "专网部署入侵检测，异常登录实时告警并自动阻断。",
}
PIP_PROOFS: tuple[tuple[str, date, dict[str, Any]], ...] = (
    ("internal_rules", date(2026, 1, 15), {"reference": "合规〔2026〕3号"}),
    ("training", date(2026, 5, 20), {"carried_out_by": "示例培训中心"}),
    ("log_retention", date(2026, 3, 1), {"note": "日志平台留存策略 180 天，截图存档。"}),
    ("minors_audit", date(2026, 1, 28), {"year": 2025, "reference": "未审〔2026〕0012"}),
    ("audit", date(2026, 6, 30), {"carried_out_by": "示例会计师事务所"}),
)


def settle_scenario(scenario: Scenario, made: dict[str, User], paper: Paper, picture: Callable[[], BytesIO]) -> None:
    """Everything that the law asks of the group's boarding scenario, before it is assessed."""
    officer = {"by": made["officer"], "today": SETTLED}
    if scenario.scope:
        return
    services.edit_scenario(scenario, **FACTS)
    services.decide_scope(scenario, answers=Answers.read(ANSWERS), **officer)
    way = services.add_alternative(
        scenario,
        by=made["officer"],
        kind="lane",
        description="人工核验通道，查验证件与客票，无需刷脸。",
        place="每个安检口和登机口的右侧",
        photo=picture(),
    )
    today = civil_today()
    checked_on = min(today, date(2026, 9, 28))
    services.check_alternative(way, by=made["operator"], today=today, checked_on=checked_on, is_offered=True)
    services.check_conduct(scenario, checked_on=SETTLED, findings=[], note="现场查看话术、屏幕与标识。", **officer)
    for family, measure in MEASURES.items():
        proof = paper({"title": "保护措施证明", "text": measure})
        proof.name = f"{family}.pdf"
        services.set_control(
            scenario,
            family,
            state="in_place",
            measure=measure,
            owner="信息安全部",
            reviewed_on=SETTLED,
            proof=proof,
            **officer,
        )
    settle_vendor(scenario, made, paper)
    settle_notice(scenario, made, picture)
    settle_consent(scenario, made, paper)


def settle_vendor(scenario: Scenario, made: dict[str, User], paper: Paper) -> None:
    """The supplier that maintains the gates, and its contract."""
    officer = {"by": made["officer"], "today": SETTLED}
    vendor = services.register_vendor(
        scenario.pip, code="GATES", name="示例闸机科技有限公司", contact="客户经理，010-5550 0300"
    )
    contract = paper({"title": "维护合同", "text": "约定处理目的、期限、方式、保护措施及返还或者删除。（演示文本）"})
    contract.name = "维护合同.pdf"
    engagement = services.engage(
        scenario,
        vendor=vendor,
        contract=contract,
        role="entrusted",
        purpose="维护闸机，不接触人脸信息",
        contract_number="GATES-2026-01",
        contract_on=date(2026, 1, 10),
        contract_ends_on=date(2027, 12, 31),
        **officer,
    )
    finding = "现场查看维护工单与账号，未发现接触人脸信息的权限。"
    services.supervise(engagement, done_on=SETTLED, is_in_order=True, finding=finding, **officer)


def settle_notice(scenario: Scenario, made: dict[str, User], picture: Callable[[], BytesIO]) -> NoticeVersion:
    """The notice in both languages, published, and seen at the lanes."""
    draft = notices.start_draft(scenario, **NOTICE)
    version = notices.publish(draft, effective_on=SETTLED, by=made["officer"], today=SETTLED)
    notices.record_showing(
        version,
        channel="entrance",
        place="首都机场安检口",
        shown_on=SETTLED,
        by=made["operator"],
        today=SETTLED,
        photo=picture(),
    )
    return version


def settle_consent(scenario: Scenario, made: dict[str, User], paper: Paper) -> None:
    """How consent is asked and withdrawn, its wording, and how many gave it."""
    officer = {"by": made["officer"], "today": SETTLED}
    proof = paper({"title": "同意界面截图", "text": "刷脸通行 / 人工通道（演示）"})
    proof.name = "同意界面.pdf"
    mechanism = consent.set_up_consent(scenario, files={"proof": proof}, **CONSENT, **officer)
    wording = consent.publish_wording(mechanism, effective_on=SETTLED, follows=0, today=SETTLED, **WORDING)
    today = civil_today()
    counted_on = min(today, date(2026, 9, 30))
    consent.enter_consents(
        wording,
        counted_on=counted_on,
        given=98_412,
        by_guardian=0,
        refused=21_870,
        withdrawn=334,
        source="闸机报表",
        by=made["officer"],
        today=today,
    )


def settle_places(pip: Pip, made: dict[str, User], plan: Callable[[], BytesIO]) -> None:
    """The first site under the Video Regulations, with its first deployment fixed on a plan."""
    today = civil_today()
    place = Deployment.objects.filter(pip=pip, status="active").select_related("site", "pip").order_by("code").first()
    if place is None or place.security_necessity:
        return
    site: Site = place.site
    services.edit_site(site, video_category="P7-2")
    services.set_video(site, today=today, video_in_use_on=date(2026, 3, 2), video_retention_days=30)
    services.file_with_police(
        site, filed_on=date(2026, 3, 20), by=made["officer"], today=today, number="京公视备〔2026〕0156"
    )
    services.answer_neighbour(site, is_near=False, by=made["officer"], today=today)
    for kind, note in (
        ("video_post", "岗位名单与调用登记簿存于分局备案室"),
        ("video_viewing", "查阅与遮挡规则见《视频管理办法》第三版"),
    ):
        services.prove_of_site(site, kind=kind, by=made["officer"], today=today, done_on=date(2026, 3, 25), note=note)
    services.edit_deployment(place, security_necessity="控制区入口：核验身份以维护航空安全（民用航空安全保卫条例）。")
    area = CaptureArea.objects.filter(deployment=place).order_by("name").first()
    if area is None:
        area = services.add_area(place, name="1号安检通道")
    services.edit_area(
        area,
        by=made["operator"],
        plan=plan(),
        position="闸机左侧立柱，高 1.5 米",
        angle="朝向通道，水平 60 度",
        reach="0.3 至 1.2 米",
    )
    services.draw_outline(area, outline="180,300 620,300 700,760 180,760")


def settle_pip(pip: Pip, made: dict[str, User], paper: Paper) -> None:
    """The proofs of the group's own duties, and its system under MLPS."""
    if pip.governance.filter(site__isnull=True).exists():
        return
    today = civil_today()
    for kind, done_on, fields in PIP_PROOFS:
        proof = paper({"title": kind, "text": "演示用证明材料。"})
        proof.name = f"{kind}.pdf"
        services.record_proof(pip, kind=kind, done_on=done_on, by=made["officer"], today=today, proof=proof, **fields)
    system = services.register_mlps(
        pip,
        by=made["officer"],
        today=today,
        name="旅客身份核验系统",
        level=3,
        record_number="11010512345-00003",
        organ="北京市公安局朝阳分局",
        graded_on=date(2025, 10, 20),
        filed_on=date(2025, 11, 5),
        refiled_on=date(2025, 11, 5),
        tested_on=date(2026, 3, 3),
        score="88.50",
    )
    scenario = Scenario.objects.get(pip=pip, code="BOARDING")
    services.link_mlps(scenario, mlps=system)


# What the round of September found other than "conspicuous", by the sign's place in the round.
FOUND = {
    4: ("obscured", "被登机牌自助机遮挡一半，已请机场挪开。"),
    17: ("damaged", "右下角破损，二维码无法扫描。"),
    31: ("missing", "装修后未恢复，待补贴。"),
}
NOT_REACHED = 9


def inspect_signs(pip: Pip, made: dict[str, User], picture: Callable[[], BytesIO]) -> None:
    """The round of September over the signs that hang: a few are in a bad way, one in nine was not reached."""
    if SignInspection.objects.filter(pip=pip).exists():
        return
    first, photo = min(date(2026, 9, 7), civil_today()), picture()
    signs = Sign.objects.filter(pip=pip, removed_on__isnull=True, posted_on__lt=first).order_by("code")
    for place, sign in enumerate(signs):
        if place % NOT_REACHED == NOT_REACHED - 1:
            continue
        result, note = FOUND.get(place, ("conspicuous", ""))
        day = min(first + timedelta(days=place // 12), civil_today())
        photo.seek(0)
        services.inspect_sign(
            sign,
            ticket=uuid5(NAMESPACE_URL, sign.code),
            result=result,
            photo=photo,
            note=note,
            by=made["operator"],
            today=day,
            now=datetime.combine(day, time(10, place % 60), tzinfo=get_current_timezone()),
        )


def mark_found(pip: Pip, made: dict[str, User]) -> None:
    """A device found in a nursing room: recorded as found, and not yet proved to be gone."""
    place = Deployment.objects.filter(pip=pip, status="active").order_by("-code").first()
    if place is None or Device.objects.filter(pip=pip, serial="FOUND-0001").exists():
        return
    services.add_device(
        place, today=civil_today(), serial="FOUND-0001", space_type="nursing_room", installed_on=date(2026, 8, 3)
    )

"""What people came with in the demo: requests, refusals, complaints, an inspection, and two incidents."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone

from deployments.models import Deployment, Scenario
from portal.accounts.models import User
from portal.cases import services
from portal.cases.models import Case

TODAY = date(2026, 10, 12)
# Kind, channel, day, and what is known; then the answer, if there is one.
CASES: list[tuple[str, str, date, dict[str, Any], dict[str, Any]]] = [
    (
        "refusal",
        "counter",
        date(2026, 9, 22),
        {"asked": "旅客不愿刷脸登机，改走人工通道。"},
        {"outcome": "granted", "other_way": "人工核验通道", "answered_on": date(2026, 9, 22)},
    ),
    (
        "access",
        "letter",
        date(2026, 9, 18),
        {"asked": "希望了解系统保存了哪些人脸信息、保存多久。"},
        {
            "outcome": "granted",
            "answer": "设备内仅保存人脸特征，航班起飞后 24 小时内删除；目前没有与您有关的信息。",
            "answered_on": date(2026, 9, 25),
        },
    ),
    (
        "deletion",
        "phone",
        date(2026, 9, 29),
        {"asked": "常旅客预登记，要求删除人脸信息。"},
        {"outcome": "granted", "answer": "已停止处理，删除完成后补充证明。", "answered_on": date(2026, 10, 9)},
    ),
    (
        "complaint",
        "public",
        date(2026, 9, 28),
        {"category": "asked_again", "asked": "已经说不刷脸，登机口又问了三次。", "place": "T2 登机口"},
        {},
    ),
    ("withdrawal", "public", date(2026, 10, 9), {"asked": "撤回常旅客预登记时的同意。"}, {}),
    (
        "inspection",
        "authority",
        date(2026, 10, 10),
        {"asked": "了解安检口人脸识别的必要性、提示标识和影响评估情况。", "due_on": date(2026, 10, 23)},
        {},
    ),
]


def add_cases(scenario: Scenario, *, by: User, proof: BytesIO) -> None:
    """The cases of a scenario, and the incidents of its PIP; to be called while acting for the tenant."""
    if Case.objects.filter(pip=scenario.pip).exists():
        return
    place = Deployment.objects.filter(scenario=scenario).select_related("scenario").order_by("code").first()
    for kind, channel, day, fields, answer in CASES:
        where = {} if fields.get("place") else {"deployment": place}
        case, _code = services.receive(
            scenario.pip,
            kind=kind,
            channel=channel,
            received_on=day,
            today=TODAY,
            by=None if channel == "public" else by,
            scenario=scenario,
            **fields,
            **where,
        )
        if answer:
            services.answer(case, by=by, today=TODAY, **answer)
        if kind == "access":
            services.close(case, by=by, today=TODAY)
    add_incidents(scenario, by=by, proof=proof)


def add_incidents(scenario: Scenario, *, by: User, proof: BytesIO) -> None:
    """One that turned out harmless and is closed, and one that is being looked into."""
    incident = services.open_incident(
        scenario.pip,
        kind="loss",
        grade="general",
        discovered_at=at("2026-08-17 09:20"),
        by=by,
        today=TODAY,
        now=at("2026-08-17 09:40"),
        scenario=scenario,
        happened="送修的一台闸机未按流程清除存储；设备全盘加密，密钥未随机外送。",
    )
    services.edit_incident(
        incident,
        today=TODAY,
        now=at("2026-10-12 00:00"),
        persons=310,
        remedied_at=at("2026-08-17 10:05"),
        authority_told_at=at("2026-08-17 11:30"),
        harm_is_avoided=True,
        harm_reason="存储全盘加密且密钥未外送，维修方无法读取；设备已取回并清除。",
        data_kinds="人脸特征值，不含姓名和证件号码",
        cause="送修前未执行清除步骤",
        harm="理论上可能被读取，实际无法解密",
        measures="取回设备、清除存储、修订送修流程",
        advice="无需采取措施",
        contact="dpo@group.example",
    )
    services.keep_receipt(incident, by=by, file=proof, name="报告回执.pdf")
    services.close_incident(incident, today=date(2026, 8, 20))
    services.open_incident(
        scenario.pip,
        kind="leak",
        is_suspected=True,
        grade="general",
        discovered_at=at("2026-10-11 21:15"),
        by=by,
        today=TODAY,
        now=at("2026-10-11 21:30"),
        scenario=scenario,
        happened="运维日志中出现陌生地址的登录尝试，正在核查是否读取了人脸特征。",
    )


def at(text: str) -> datetime:
    """A moment of mainland China's clock."""
    return timezone.make_aware(datetime.fromisoformat(text))

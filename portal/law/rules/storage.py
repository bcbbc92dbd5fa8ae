"""Where face information is stored, and for how long (FRM Art 8; PIPL 19, 47)."""

from collections.abc import Iterator
from datetime import date

from portal.law.duties import Claim
from portal.law.enums import OVER_THE_INTERNET, STORAGE_MODES
from portal.law.facts import PipFacts, ScenarioFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import by_day, exempt, in_scope, is_over, met, missing, subject
from portal.law.rules.wording import day_text
from portal.law.sources import FRM, PIPL
from portal.law.text import Text
from portal.law.workdays import Workdays

LAN_SERVER = Text(
    "A server on the premises is neither clearly in the device nor transmission over the internet: the Measures leave"
    " it open (the portal's reading). Counsel must review it.",
    "本地服务器既不明确属于设备内存储，也不属于互联网传输，《办法》未予明确（系统理解），须由法律顾问复核。",
)
STORE_IN_DEVICE = Text(
    "Store face information in the device, or prove the law or the separate consent that allows it; a departmental"
    " rule isn't enough (the portal's reading).",
    "请改为存储于设备内，或者证明法律、行政法规的规定或个人单独同意；仅有部门规章不足为据（系统理解）。",
)


@rule(
    "frm-08-storage",
    cites=[FRM(8)],
    layer="law",
    title=Text("Store face information in the device, off the internet", "人脸信息存储于设备内，不通过互联网对外传输"),
    kind="storage",
    obligation=["FR-08a"],
    trigger=Text("Face information is stored.", "存储人脸信息。"),
    due=Text(
        "All the time; looked at before use and at each change of the architecture.",
        "持续履行；启用前和架构变更时核查。",
    ),
    exemption=Text(
        "A law or administrative regulation provides otherwise; separate consent of the person.",
        "法律、行政法规另有规定；取得个人单独同意。",
    ),
    evidence=Text(
        "Where it is stored and what leaves the device; for an exception the provision or the consent.",
        "存储位置和数据流向；适用例外的，相应法律规定或者单独同意。",
    ),
    parameters=[
        Parameter(Text("Server on the premises", "本地服务器"), Text("legal review", "法律复核"), "default"),
    ],
)
def storage(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """In the device, with two exceptions: a law or administrative regulation, or separate consent to just this."""
    for scenario in in_scope(facts):
        if _needs_exception(scenario):
            ground = _exception(scenario)
            yield exempt(scenario, ground) if ground else _outside(scenario)
        elif scenario.storage_mode == "device" and scenario.sends_over_internet is False:
            why = Text(
                "Face information stays in the device and off the internet.",
                "人脸信息存储于设备内，未通过互联网对外传输。",
            )
            yield met(scenario, why)
        else:
            yield missing(
                scenario,
                Text(
                    "It isn't said where face information is stored, or whether it leaves over the internet.",
                    "尚未说明人脸信息的存储方式或者是否通过互联网对外传输。",
                ),
                Text("Answer both questions on storage.", "请回答有关存储的两个问题。"),
            )


@rule(
    "frm-08-retention",
    cites=[FRM(8), PIPL(19), PIPL(47)],
    layer="law",
    title=Text(
        "Keep face information no longer than necessary, then delete it",
        "人脸信息保存期限不超过必要的最短时间，届满删除",
    ),
    kind="storage",
    obligation=["FR-08b"],
    trigger=Text(
        "Face information is stored; the retention period ends, or the purpose is achieved.",
        "存储人脸信息；保存期限届满或者处理目的已实现。",
    ),
    due=Text(
        "The schedule before use; deletion at the end of the period, or promptly after the end of use.",
        "启用前确定保存期限；期限届满或者终止使用后及时删除。",
    ),
    exemption=Text("A law or administrative regulation sets another period.", "法律、行政法规对保存期限另有规定。"),
    evidence=Text("The schedule, the way of deleting, and the proof of deletion.", "保存期限、删除方式和删除证明。"),
)
def retention(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The shortest time necessary; once it is over, or FR is no longer used, what is stored is deleted."""
    for scenario in in_scope(facts):
        over_on = _over_on(facts, scenario)
        if scenario.deleted_on and (over_on or is_over(scenario)):
            why = Text("The face information was deleted on {day}.", "人脸信息已于{day}删除。")
            yield met(scenario, why.fmt(day=day_text(scenario.deleted_on)), on=scenario.deleted_on)
        elif over_on:
            yield _to_delete(scenario, over_on, calendar)
        elif scenario.retention_law:
            why = Text("The law sets the period: {law}.", "法律另有规定：{law}。").fmt(law=scenario.retention_law)
            if is_over(scenario):
                why += Text("Until it ends, store and protect only.", "届满前仅可存储并采取安全保护措施。")
            yield exempt(scenario, why)
        elif scenario.retention and scenario.deletion_method:
            why = Text("Kept for: {retention}. Deleted by: {way}.", "保存期限：{retention}。删除方式：{way}。")
            yield met(scenario, why.fmt(retention=scenario.retention, way=scenario.deletion_method))
        else:
            yield missing(
                scenario,
                Text("No retention period, or no way of deleting, is set.", "尚未确定保存期限或者删除方式。"),
                Text(
                    "Set the shortest period necessary and how it is deleted.", "请确定必要的最短保存期限和删除方式。"
                ),
            )


def _needs_exception(scenario: ScenarioFacts) -> bool:
    """Whether face information leaves the device: to a server on the premises, or over the internet."""
    return _is_over_internet(scenario) or scenario.storage_mode == "lan_server"


def _is_over_internet(scenario: ScenarioFacts) -> bool:
    return scenario.sends_over_internet is True or scenario.storage_mode in OVER_THE_INTERNET


def _exception(scenario: ScenarioFacts) -> Text | None:
    """The exception that is proved: a provision that is cited, or separate consent that covers the storage."""
    if scenario.storage_exception == "law" and scenario.storage_exception_basis:
        return Text(
            "A law or administrative regulation provides otherwise: {basis}.", "法律、行政法规另有规定：{basis}。"
        ).fmt(basis=scenario.storage_exception_basis)
    consent = scenario.consent
    if scenario.storage_exception == "consent" and consent and consent.is_separate and consent.covers_storage:
        return Text("People consented to it separately.", "已就此取得个人单独同意。")
    return None


def _outside(scenario: ScenarioFacts) -> Claim:
    mode = STORAGE_MODES.get(scenario.storage_mode, Text("not said", "未说明"))
    why = Text("Stored: {mode}.", "存储方式：{mode}。").fmt(mode=mode)
    if not _is_over_internet(scenario):
        return missing(scenario, why + LAN_SERVER, STORE_IN_DEVICE, needs_review=True)
    if scenario.sends_over_internet:
        why += Text("It is sent over the internet.", "通过互联网对外传输。")
    why += (
        Text("The exception claimed isn't proved.", "所主张的例外尚未证明。")
        if scenario.storage_exception
        else Text("No exception allows it.", "无例外依据。")
    )
    return missing(scenario, why, STORE_IN_DEVICE, is_unlawful=True)


def _over_on(facts: PipFacts, scenario: ScenarioFacts) -> date | None:
    """The day after which nothing may be kept: the end of the period, or of the use where no law sets a period."""
    ends = (
        scenario.retention_ends_on if facts.is_past(scenario.retention_ends_on) else None,
        scenario.ended_on if is_over(scenario) and not scenario.retention_law else None,
    )
    return min((day for day in ends if day), default=None)


def _to_delete(scenario: ScenarioFacts, over_on: date, calendar: Workdays) -> Claim:
    """The period is over, or FR is no longer used: unlike what had to be there before, this stays owed."""
    is_period = over_on == scenario.retention_ends_on
    why = (
        Text("The retention period ended on {day}; no deletion is proved.", "保存期限已于{day}届满，尚未证明已删除。")
        if is_period
        else Text(
            "The use of FR ended on {day}; no deletion is proved.", "已于{day}终止使用人脸识别，尚未证明已删除。"
        )
    )
    return Claim(
        subject=subject(scenario),
        state="open",
        why=why.fmt(day=day_text(over_on)),
        arose_on=over_on,
        # After the end of use the law says promptly and names no day.
        reckoning=by_day(calendar, over_on) if is_period else None,
        remedy=Text(
            "Delete the face information and record the proof; if it can't be deleted, only store and protect it.",
            "请删除人脸信息并登记删除证明；难以删除的，仅可存储并采取安全保护措施。",
        ),
    )

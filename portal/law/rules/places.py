"""FR devices in public places and private spaces (FRM Art 13; PIPL 26)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import PRIVATE_SPACES, SPACE_TYPES
from portal.law.facts import DeploymentFacts, DeviceFacts, PipFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import NO_EXEMPTION, exempt, in_scope, listed, met, missing, subject, under_pipl
from portal.law.rules.wording import day_text
from portal.law.sources import FRM, PIPL, VIDEO
from portal.law.text import Text
from portal.law.workdays import Workdays

IN_PUBLIC = Text("An FR device is planned in a public place.", "拟在公共场所安装人脸识别设备。")
NOT_ENDED = frozenset({"planned", "active", "suspended"})


def in_public(facts: PipFacts) -> Iterator[DeploymentFacts]:
    """Deployments at public places that haven't ended, of scenarios to which the Measures apply."""
    codes = {scenario.code for scenario in in_scope(facts)}
    return (
        place
        for place in facts.deployments
        if place.place_type == "public" and place.status in NOT_ENDED and place.scenario in codes
    )


@rule(
    "frm-13-necessity",
    cites=[FRM(13), PIPL(26)],
    layer="law",
    title=Text("Show that public security makes the device necessary", "说明为维护公共安全所必需"),
    kind="place",
    obligation=["FR-13a"],
    trigger=IN_PUBLIC,
    due=Text("Before installation; the law counts no days.", "安装之前；法律未规定天数。"),
    exemption=Text(
        "None. Separate consent allows other uses of the data (PIPL Art 26), not a device without necessity.",
        "无。个人单独同意可允许将信息用于其他目的（个保法第二十六条），但不能替代安装的必要性。",
    ),
    evidence=Text("The record of necessity for public security.", "维护公共安全必要性说明。"),
)
def necessary_for_security(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """In a public place only what public security needs."""
    for place in in_public(facts):
        if place.security_necessity:
            yield met(place, Text("The necessity for public security is recorded.", "已说明维护公共安全的必要性。"))
        else:
            yield missing(
                place,
                Text(
                    "It isn't recorded why public security needs FR here.", "尚未说明此处为维护公共安全所必需的理由。"
                ),
                Text(
                    "Record the necessity, or don't use FR in this place.",
                    "请登记必要性说明，否则不得在此使用人脸识别。",
                ),
            )


@rule(
    "frm-13-capture-area",
    cites=[FRM(13), VIDEO(13)],
    layer="law",
    title=Text("Fix the capture area reasonably", "依法合理确定人脸信息采集区域"),
    kind="place",
    obligation=["FR-13b"],
    trigger=IN_PUBLIC,
    due=Text(
        "Before installation, and at each move; the law counts no days.", "安装之前及每次移位时；法律未规定天数。"
    ),
    exemption=NO_EXEMPTION,
    evidence=Text(
        "A plan or photo, or position, angle and range in words.", "平面图或者照片，或者对位置、角度和范围的文字说明。"
    ),
)
def capture_area_fixed(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Each capture area has a plan, or position, angle and range in words."""
    for place in in_public(facts):
        vague = [area.name for area in place.areas if not (area.has_plan or area.is_described)]
        if place.areas and not vague:
            areas = listed(area.name for area in place.areas)
            yield met(place, Text("Fixed: {areas}.", "已确定采集区域：{areas}。").fmt(areas=areas))
            continue
        why = Text("No capture area is recorded.", "尚未登记采集区域。")
        if vague:
            why = Text("Without plan and description: {areas}.", "尚无平面图或者文字说明的采集区域：{areas}。").fmt(
                areas=listed(vague)
            )
        remedy = Text(
            "Upload a plan, or describe position, angle and range.", "请上传平面图，或者说明位置、角度和范围。"
        )
        yield missing(place, why, remedy)


@rule(
    "frm-13-private-space",
    cites=[FRM(13), VIDEO(8)],
    layer="law",
    title=Text("Remove FR devices from private spaces", "拆除私密空间内的人脸识别设备"),
    kind="ban",
    obligation=["FR-13d", "VI-08"],
    trigger=Text("An FR device stands in a private space.", "人脸识别设备安装在私密空间内。"),
    due=Text(
        "Never allowed: removed at once, and reported to the police at once when found.",
        "任何时候均不得安装：立即拆除；发现后立即向公安机关报告。",
    ),
    exemption=Text("None; consent doesn't cure it.", "无；个人同意不能使其合法。"),
    evidence=Text("The proof of removal, and the report to the police.", "拆除证明，以及向公安机关报告的记录。"),
    parameters=[Parameter(Text("Private spaces", "私密空间"), listed(PRIVATE_SPACES.values()), "law")],
)
def no_device_in_private_space(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """No one may install an FR device in a private space: no exemption, no consent, no waiver, whatever the scope."""
    for place in facts.deployments:
        devices = [device for device in place.private_devices if device.is_private_space]
        if devices:
            yield _ban_claim(place, devices)


@rule(
    "pipl-26-purpose-lock",
    cites=[PIPL(26)],
    layer="law",
    title=Text("Use what is captured in public for public security only", "公共场所采集的信息仅用于维护公共安全"),
    kind="place",
    obligation=["FR-13e"],
    trigger=Text("Another use of what a public place captures is recorded.", "拟将公共场所采集的信息用于其他目的。"),
    due=Text("Before that use.", "用于其他目的之前。"),
    exemption=Text("Separate consent of the person.", "取得个人单独同意。"),
    evidence=Text("The record that limits the use.", "限定用途的记录。"),
)
def purpose_locked(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Images and identities from public places serve public security, unless the person consents separately."""
    public = {
        place.scenario for place in facts.deployments if place.place_type == "public" and place.status in NOT_ENDED
    }
    for scenario in under_pipl(facts):
        if scenario.code not in public:
            continue
        use = Text("Other use: {use}.", "其他用途：{use}。").fmt(use=scenario.other_use)
        if not scenario.other_use:
            yield met(scenario, Text("No use but public security is recorded.", "未登记维护公共安全以外的用途。"))
        elif scenario.other_use_consent:
            yield exempt(scenario, use + Text("People consented to it separately.", "已就此取得个人单独同意。"))
        else:
            yield missing(
                scenario,
                use + Text("There is no separate consent to it.", "尚未就此取得个人单独同意。"),
                Text(
                    "Give up that use, or obtain separate consent to it.", "请停止该用途，或者就此取得个人单独同意。"
                ),
            )


def _ban_claim(place: DeploymentFacts, devices: list[DeviceFacts]) -> Claim:
    there = [device for device in devices if device.removed_on is None]
    unproved = [device for device in devices if device.removed_on and not device.removal_is_proved]
    named = there or unproved or devices
    removed_on = max((device.removed_on for device in devices if device.removed_on), default=None)
    arose_on = min((device.installed_on for device in named if device.installed_on), default=None)
    if removed_on and not there and not unproved:
        why = Text("Removed on {day}, with proof: {devices}.", "已于{day}拆除并留存证明：{devices}。")
        return Claim(
            subject=subject(place),
            state="met",
            why=why.fmt(day=day_text(removed_on), devices=_in_spaces(named)),
            arose_on=arose_on,
            met_on=removed_on,
            is_critical=True,
            is_waivable=False,
        )
    why, remedy = (STANDS, REMOVE_IT) if there else (UNPROVED, PROVE_IT)
    return Claim(
        subject=subject(place),
        state="open",
        why=why.fmt(devices=_in_spaces(named)),
        arose_on=arose_on,
        is_critical=True,
        is_waivable=False,
        remedy=remedy,
    )


STANDS = Text("FR devices stand in a private space: {devices}.", "人脸识别设备安装在私密空间内：{devices}。")
UNPROVED = Text(
    "Said to be removed from a private space, and no proof of it is kept: {devices}.",
    "已登记从私密空间拆除，但未留存拆除证明：{devices}。",
)
REMOVE_IT = Text(
    "Remove the devices at once, report the find to the police at once (Video Regulations Art 8) and record the proof."
    " Consent doesn't cure this and no one can waive it.",
    "请立即拆除设备，立即向公安机关报告（《公共安全视频图像信息系统管理条例》第八条），并登记拆除证明。"
    "个人同意不能使其合法，任何人不得豁免。",
)
PROVE_IT = Text(
    "Prove the removal, with a dated photo or a record, and the report to the police (Video Regulations Art 8).",
    "请证明已拆除（带日期的照片或者记录），并登记向公安机关报告的情况（《公共安全视频图像信息系统管理条例》第八条）。",
)


def _in_spaces(devices: list[DeviceFacts]) -> Text:
    spaces = [SPACE_TYPES.get(device.space_type, Text(device.space_type, device.space_type)) for device in devices]
    return listed(
        Text(f"{device.serial} ({space.en})", f"{device.serial}（{space.zh}）")
        for device, space in zip(devices, spaces, strict=True)
    )

"""FR devices in public places: the sign, and the ban on private spaces (FRM Art 13)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import SPACE_TYPES
from portal.law.facts import DeploymentFacts, DeviceFacts, PipFacts
from portal.law.registry import rule
from portal.law.rules.wording import day_text, days_apart
from portal.law.sources import FRM, PIPL, VIDEO
from portal.law.text import Text
from portal.law.workdays import Workdays


@rule(
    "frm-13-sign",
    cites=[FRM(13), PIPL(26), VIDEO(13)],
    layer="law",
    title=Text("Post a conspicuous sign", "设置显著提示标识"),
    kind="sign",
    obligation=["FR-13c"],
)
def sign_in_public_place(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """An FR device in use in a public place needs a sign; it is posted before switching on, without a day count."""
    in_scope = {scenario.code for scenario in facts.scenarios if scenario.in_scope}
    for deployment in facts.deployments:
        if (
            deployment.scenario in in_scope
            and deployment.place_type == "public"
            and deployment.status == "active"
            and deployment.devices_in_use > 0
        ):
            yield _sign_claim(deployment)


@rule(
    "frm-13-private-space",
    cites=[FRM(13), VIDEO(8)],
    layer="law",
    title=Text("Remove FR devices from private spaces", "拆除私密空间内的人脸识别设备"),
    kind="ban",
    obligation=["FR-13d", "VI-08"],
)
def no_device_in_private_space(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """No one may install an FR device in a private space: no exemption, no consent, no waiver, whatever the scope."""
    for deployment in facts.deployments:
        devices = [device for device in deployment.private_devices if device.is_private_space]
        if devices:
            yield _ban_claim(deployment, devices)


def _sign_claim(deployment: DeploymentFacts) -> Claim:
    subject = f"deployment:{deployment.code}"
    started_on, posted_on = deployment.started_on, deployment.sign_posted_on
    if posted_on:
        why = Text("A sign hangs since {day}.", "提示标识自{day}起设置。").fmt(day=day_text(posted_on))
        if started_on and posted_on > started_on:
            why += Text("That is {days} after use began on {day}.", "晚于启用日（{day}）{days}。").fmt(
                days=days_apart((posted_on - started_on).days), day=day_text(started_on)
            )
        return Claim(subject=subject, state="met", why=why, arose_on=started_on, met_on=posted_on)
    why = Text(
        "FR devices in use in this public place: {devices}. No sign is recorded.",
        "该公共场所正在使用的人脸识别设备：{devices}台，未登记提示标识。",
    ).fmt(devices=f"{deployment.devices_in_use:,}")
    return Claim(
        subject=subject,
        state="open",
        why=why,
        arose_on=started_on,
        remedy=Text(
            "Post a conspicuous sign and record it with a dated photo.", "请设置显著提示标识，并登记带日期的照片。"
        ),
    )


def _ban_claim(deployment: DeploymentFacts, devices: list[DeviceFacts]) -> Claim:
    subject = f"deployment:{deployment.code}"
    there = [device for device in devices if device.removed_on is None]
    named = there or devices
    installed = [device.installed_on for device in named if device.installed_on]
    listed = _listed(named)
    if not there:
        removed_on = max(device.removed_on for device in devices if device.removed_on)
        return Claim(
            subject=subject,
            state="met",
            why=Text("Removed on {day}: {listed}.", "已于{day}拆除：{listed}。").fmt(
                day=day_text(removed_on), listed=listed
            ),
            arose_on=min(installed, default=None),
            met_on=removed_on,
            is_critical=True,
            is_waivable=False,
        )
    return Claim(
        subject=subject,
        state="open",
        why=Text("FR devices stand in a private space: {listed}.", "人脸识别设备安装在私密空间内：{listed}。").fmt(
            listed=listed
        ),
        arose_on=min(installed, default=None),
        is_critical=True,
        is_waivable=False,
        remedy=Text(
            "Remove the devices at once and record the proof. Consent doesn't cure this and no one can waive it.",
            "请立即拆除设备并登记拆除证明。个人同意不能使其合法，任何人不得豁免。",
        ),
    )


def _listed(devices: list[DeviceFacts]) -> Text:
    spaces = [SPACE_TYPES.get(device.space_type, Text(device.space_type, device.space_type)) for device in devices]
    return Text(
        ", ".join(f"{device.serial} ({space.en})" for device, space in zip(devices, spaces, strict=True)),
        "、".join(f"{device.serial}（{space.zh}）" for device, space in zip(devices, spaces, strict=True)),
    )

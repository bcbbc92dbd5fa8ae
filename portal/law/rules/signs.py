"""The conspicuous sign at an FR device in a public place, and its inspection (FRM Art 13)."""

from collections.abc import Iterator
from datetime import date, timedelta

from portal.law.duties import Claim
from portal.law.enums import SIGN_RESULTS, SPOILT_SIGNS
from portal.law.facts import DeploymentFacts, PipFacts, SignFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.places import in_public
from portal.law.rules.shapes import NO_EXEMPTION, again, by_day, lateness, listed, met, missing
from portal.law.rules.wording import day_text, days_apart
from portal.law.sources import DEFAULT, FRM, PIPL, VIDEO
from portal.law.text import Text
from portal.law.workdays import Workdays

# default, not law: natural days between two inspections, where a sign has no interval of its own.
INSPECTION_DAYS = 90
MOST_NAMED = 10


@rule(
    "frm-13-sign",
    cites=[FRM(13), PIPL(26), VIDEO(13)],
    layer="law",
    title=Text("Post a conspicuous sign", "设置显著提示标识"),
    kind="sign",
    obligation=["FR-13c"],
    trigger=Text("An FR device is in use in a public place.", "在公共场所使用人脸识别设备。"),
    due=Text(
        "Before switching on, and kept in place; the law counts no days.", "启用之前，并持续保持；法律未规定天数。"
    ),
    exemption=NO_EXEMPTION,
    evidence=Text(
        "A dated photo of the sign, its text, and the inspections.", "带日期的标识照片、标识文本和检查记录。"
    ),
    parameters=[
        Parameter(
            Text("A sign covers", "标识覆盖范围"),
            Text(
                "its capture area, or without one the whole deployment", "其所在采集区域；未指定区域的，覆盖整个部署"
            ),
            "default",
        ),
        Parameter(
            Text("Warns nobody", "视为未设置"),
            listed(SIGN_RESULTS[result] for result in sorted(SPOILT_SIGNS)),
            "default",
        ),
    ],
)
def sign_in_public_place(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """An FR device in use in a public place needs a sign; it is posted before switching on, without a day count."""
    for place in in_public(facts):
        if place.status == "active" and place.devices_in_use > 0:
            yield _sign_claim(place)


@rule(
    "default-sign-inspection",
    cites=[DEFAULT("sign-inspection"), FRM(13)],
    layer="default",
    title=Text("Inspect the signs", "检查提示标识"),
    kind="sign",
    obligation=["FR-13c"],
    trigger=Text("A sign hangs at a public place in use.", "使用中的公共场所已设置提示标识。"),
    due=Text(
        "The set number of days after the last inspection, or after posting.",
        "自上次检查或者设置之日起，按设定天数计算。",
    ),
    exemption=Text("Places that aren't public or not in use.", "非公共场所或者未使用的部署。"),
    evidence=Text("The inspection with its day and result.", "检查日期和结果。"),
    parameters=[
        Parameter(
            Text("Interval, unless the sign has its own", "检查周期（标识另有设定的除外）"),
            Text(f"{INSPECTION_DAYS} days", f"{INSPECTION_DAYS}天"),
            "default",
        )
    ],
)
def signs_inspected(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A sign that nobody can see warns nobody; the sign whose inspection comes first governs."""
    for place in in_public(facts):
        if place.status == "active" and place.signs:
            yield _inspection_claim(place, calendar)


def _sign_claim(place: DeploymentFacts) -> Claim:
    posted_on = place.sign_posted_on
    if posted_on and not place.uncovered:
        why = Text("A sign hangs since {day}.", "提示标识自{day}起设置。").fmt(day=day_text(posted_on))
        return met(place, why + lateness(place, posted_on), on=posted_on)
    if posted_on:
        why = Text(
            "Devices in use for which no valid sign hangs: {devices}.", "正在使用但无有效提示标识的设备：{devices}。"
        ).fmt(devices=_some(place.uncovered))
    else:
        why = Text(
            "FR devices in use in this public place: {devices}. No sign is recorded.",
            "该公共场所正在使用的人脸识别设备：{devices}台，未登记提示标识。",
        ).fmt(devices=f"{place.devices_in_use:,}")
    remedy = Text(
        "Post a conspicuous sign and record it with a dated photo.", "请设置显著提示标识，并登记带日期的照片。"
    )
    return missing(place, why, remedy, is_unlawful=True)


def _some(serials: tuple[str, ...]) -> Text:
    """The first serial numbers, and how many more there are: a hall may have hundreds."""
    named = listed(serials[:MOST_NAMED])
    if len(serials) <= MOST_NAMED:
        return named
    return Text("{named} and {more} more", "{named}等{all}台").fmt(
        named=named, more=f"{len(serials) - MOST_NAMED:,}", all=f"{len(serials):,}"
    )


def _inspection_claim(place: DeploymentFacts, calendar: Workdays) -> Claim:
    spoilt = [sign for sign in place.signs if sign.result in SPOILT_SIGNS]
    if spoilt:
        found = listed(_with_result(sign) for sign in spoilt)
        return again(
            place,
            Text("Found at the last inspection: {signs}.", "上次检查发现：{signs}。").fmt(signs=found),
            Text("Put the sign right and inspect it again.", "请修复或者更换标识后重新检查。"),
            since=min((sign.inspected_on for sign in spoilt if sign.inspected_on), default=None),
            by=None,
        )
    sign = min(place.signs, key=_next_on)
    last_on = sign.inspected_on or sign.posted_on
    why = (
        Text(
            "Sign {code} was inspected on {day}; its interval is {days}.",
            "标识{code}上次检查日期为{day}，检查周期{days}。",
        )
        if sign.inspected_on
        else Text(
            "Sign {code} has hung since {day}; its interval is {days}.", "标识{code}自{day}起设置，检查周期{days}。"
        )
    )
    return again(
        place,
        why.fmt(code=sign.code, day=day_text(last_on), days=days_apart(sign.interval_days)),
        Text("Look at the sign and record the result.", "请检查标识并登记结果。"),
        since=last_on,
        by=by_day(calendar, _next_on(sign)),
    )


def _next_on(sign: SignFacts) -> date:
    return (sign.inspected_on or sign.posted_on) + timedelta(days=sign.interval_days)


def _with_result(sign: SignFacts) -> Text:
    result = SIGN_RESULTS[sign.result]
    return Text(f"{sign.code} ({result.en})", f"{sign.code}（{result.zh}）")

"""What people are told before their faces are processed (FRM Art 5; PIPL 17, 18, 30)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import BARRIER_FREE, NOTICE_EXEMPTIONS, NOTICE_ITEMS, SUBJECT_GROUPS
from portal.law.facts import NoticeFacts, PipFacts, ScenarioFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import (
    BEFORE_PROCESSING,
    NO_EXEMPTION,
    changed,
    exempt,
    in_scope,
    lateness,
    listed,
    met,
    missing,
)
from portal.law.rules.wording import day_text
from portal.law.sources import FRM, PIPL, Cite
from portal.law.text import Text
from portal.law.workdays import Workdays

EXEMPTION = Text(
    "Secrecy or no notice by law (PIPL 18(1)); an emergency, then promptly afterwards (PIPL 18(2)).",
    "依法应当保密或者不需要告知（个保法第十八条第一款）；紧急情况，消除后及时告知（个保法第十八条第二款）。",
)


@rule(
    "frm-05-notice",
    cites=[FRM(5), PIPL(17), PIPL(30), PIPL(18)],
    layer="law",
    title=Text("Tell people before their face information is processed", "处理人脸信息前向个人告知"),
    kind="notice",
    obligation=["FR-05a"],
    trigger=Text("Face information is going to be collected.", "拟收集人脸信息。"),
    due=BEFORE_PROCESSING,
    exemption=EXEMPTION,
    evidence=Text(
        "The published notice, where it is shown, a photo or screenshot, and the first day.",
        "已发布的告知文本、展示位置、照片或者截图，以及首次展示日期。",
    ),
    parameters=[
        Parameter(Text("Items", "告知事项"), listed(NOTICE_ITEMS.values()), "law"),
        Parameter(
            Text("Residential areas", "居住区"),
            Text("shown on the spot as in a public place", "比照公共场所在现场展示"),
            "default",
        ),
    ],
)
def notice_published(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Truthfully, accurately and completely, in a conspicuous way and in plain language."""
    residential = _scenarios_at(facts, "residential")
    for scenario in in_scope(facts):
        notice = scenario.notice
        if notice and notice.published_on and not notice.missing:
            first_on = notice.first_published_on or notice.published_on
            why = Text("A notice has been published since {day}.", "自{day}起已发布告知文本。").fmt(
                day=day_text(first_on)
            )
            why += lateness(scenario, first_on) + _showing(notice, is_residential=scenario.code in residential)
            yield met(scenario, why, on=first_on)
        elif scenario.notice_exemption:
            yield _excused(scenario)
        else:
            why = Text("No notice is published.", "尚未发布告知文本。")
            if notice and notice.published_on:
                empty = listed(NOTICE_ITEMS.get(item, item) for item in notice.missing)
                why = Text("The notice lacks: {empty}.", "告知文本缺少：{empty}。").fmt(empty=empty)
            remedy = Text("Publish a notice with all its items.", "请发布事项齐全的告知文本。")
            yield missing(scenario, why, remedy, is_unlawful=True)


@rule(
    "frm-05-notice-change",
    cites=[FRM(5), PIPL(17)],
    layer="law",
    title=Text("Tell people of changes", "告知事项变更时再次告知"),
    kind="notice",
    obligation=["FR-05b"],
    trigger=Text("A fact changes of which the notice tells.", "告知文本所载事项发生变更。"),
    due=Text(
        "Before the change takes effect (portal default; the law counts no days).",
        "变更生效之前（系统默认做法；法律未规定天数）。",
    ),
    exemption=EXEMPTION,
    evidence=Text("The new version of the notice, and where it is shown.", "新版告知文本及其展示证明。"),
)
def notice_up_to_date(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A published notice says what is done today; after a change it is told anew."""
    for scenario in in_scope(facts):
        notice = scenario.notice
        if notice is None or notice.published_on is None:
            continue
        if not notice.outdated:
            why = Text("Nothing has changed of which the notice tells.", "告知事项未发生变更。")
            yield met(scenario, why, on=notice.published_on)
        elif scenario.notice_exemption:
            yield _excused(scenario)
        else:
            why = Text("The notice is of {day}.", "告知文本于{day}发布。").fmt(day=day_text(notice.published_on))
            why += changed(notice.outdated, notice.outdated_since)
            remedy = Text("Publish a new version that tells of the change.", "请发布载明变更内容的新版告知文本。")
            yield missing(scenario, why, remedy, since=notice.outdated_since)


@rule(
    "frm-05-barrier-free",
    cites=[FRM(5), Cite("BARRIER")],
    layer="law",
    title=Text("Make notice and procedure barrier-free", "告知和处理流程符合无障碍环境要求"),
    kind="notice",
    obligation=["FR-05c"],
    trigger=Text(
        "Older persons or persons with disabilities are among those concerned.", "涉及人群包括老年人或者残疾人。"
    ),
    due=BEFORE_PROCESSING,
    exemption=NO_EXEMPTION,
    evidence=Text("Large print, plain language and a manual channel.", "大字版、易懂表述和人工渠道。"),
)
def notice_barrier_free(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The national rules on a barrier-free environment apply to the notice and to the way through."""
    for scenario in in_scope(facts):
        concerned = scenario.subjects & BARRIER_FREE
        if not concerned:
            continue
        groups = listed(SUBJECT_GROUPS[group] for group in sorted(concerned))
        if scenario.notice and scenario.notice.is_accessible:
            why = Text("The notice is barrier-free for: {groups}.", "告知已满足无障碍要求，涉及：{groups}。")
            yield met(scenario, why.fmt(groups=groups), on=scenario.notice.published_on)
        else:
            why = Text("No barrier-free notice for: {groups}.", "尚无无障碍告知，涉及：{groups}。")
            remedy = Text(
                "Add large print, plain language and a manual channel.", "请提供大字版、易懂表述和人工渠道。"
            )
            yield missing(scenario, why.fmt(groups=groups), remedy)


def _scenarios_at(facts: PipFacts, place_type: str) -> set[str]:
    return {place.scenario for place in facts.deployments if place.place_type == place_type}


def _excused(scenario: ScenarioFacts) -> Claim:
    ground = NOTICE_EXEMPTIONS.get(scenario.notice_exemption, scenario.notice_exemption)
    why = Text("No notice is owed (PIPL Art 18): {ground}.", "依《个人信息保护法》第十八条不需要告知：{ground}。")
    # An emergency ends at some time, and then people are told: no fact here says when.
    return exempt(scenario, why.fmt(ground=ground), needs_review=scenario.notice_exemption == "emergency")


def _showing(notice: NoticeFacts, *, is_residential: bool) -> Text:
    if notice.shown_on:
        return Text("It has been shown since {day}.", "自{day}起展示。").fmt(day=day_text(notice.shown_on))
    why = Text("No proof of showing is kept.", "未留存展示证明。")
    if is_residential:
        why += Text(
            "Portal default: in a residential area it is shown on the spot, as in a public place.",
            "系统默认做法：居住区比照公共场所，在现场展示告知。",
        )
    return why

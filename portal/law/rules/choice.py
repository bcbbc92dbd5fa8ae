"""That people can do without FR: another way, no coercion, the national service (FRM Arts 10, 11, 12)."""

from collections.abc import Iterator
from datetime import timedelta

from portal.law.duties import Claim
from portal.law.enums import ALTERNATIVE_KINDS, BIOMETRIC_ALTERNATIVES, COERCION_FINDINGS
from portal.law.facts import AlternativeFacts, PipFacts, ScenarioFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import (
    NEW_SCENARIO,
    NO_EXEMPTION,
    again,
    by_day,
    exempt,
    in_scope,
    is_over,
    listed,
    met,
    missing,
)
from portal.law.rules.wording import day_text
from portal.law.sources import DEFAULT, FRM, NDR, PIPL, SPC
from portal.law.text import Text
from portal.law.workdays import Workdays

# default, not law: natural days between two checks that another way is really offered.
CHECK_DAYS = 90
TRY_IT = Text("Try it on the spot and record what you found.", "请现场核查并登记结果。")
VERIFYING = frozenset({"verify", "both"})
STATE_RULE = Text(
    "The State provides otherwise for this verification: the rule is cited.",
    "国家另有规定的，从其规定，须引用该规定。",
)
FINGERPRINT_ALONE = Text(
    "A fingerprint alone is no other way, being biometric too (portal default, not law).",
    "指纹同属生物识别信息，不宜作为唯一的替代方式（系统默认做法，并非法律规定）。",
)
RESIDENTS = Text(
    "Residents may ask for another reasonable way (SPC Provisions Art 10); the portal asks for it in every residential"
    " area (portal default).",
    "业主或者物业使用人可以请求提供其他合理验证方式（法释〔2021〕15号第十条）；系统默认对居住区一律要求提供。",
)


@rule(
    "frm-10-alternative",
    cites=[FRM(10), SPC(10)],
    layer="law",
    title=Text("Offer another way than face recognition", "提供人脸识别以外的其他验证方式"),
    kind="choice",
    obligation=["FR-10a"],
    trigger=Text("FR verifies or identifies persons.", "使用人脸识别技术验证个人身份、辨识特定个人。"),
    due=Text("Before use, and all the time.", "启用前，并持续提供。"),
    exemption=STATE_RULE,
    evidence=Text(
        "What the other way is, where it is offered, with a photo or procedure.",
        "替代方式的内容、提供地点及照片或者流程。",
    ),
    parameters=[
        Parameter(
            Text("No way out on its own", "不得作为唯一替代方式"),
            listed(ALTERNATIVE_KINDS[kind] for kind in sorted(BIOMETRIC_ALTERNATIVES)),
            "default",
        ),
        Parameter(
            Text("Residential areas", "居住区"), Text("asked whatever FR does there", "一律要求提供"), "default"
        ),
    ],
)
def another_way(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """FR isn't the only way where another reaches the same purpose or meets an equal need of the business."""
    residential = {place.scenario for place in facts.deployments if place.place_type == "residential"}
    for scenario in in_scope(facts):
        is_residential = scenario.code in residential
        if scenario.function == "other" and not is_residential:
            continue
        offered = [way for way in scenario.alternatives if way.is_offered is not False]
        if any(way.kind not in BIOMETRIC_ALTERNATIVES for way in offered):
            yield met(
                scenario, Text("Another way is offered: {ways}.", "已提供其他方式：{ways}。").fmt(ways=_names(offered))
            )
        elif scenario.state_rule:
            ground = Text("The State provides otherwise: {rule}.", "国家另有规定：{rule}。")
            yield exempt(scenario, ground.fmt(rule=scenario.state_rule))
        else:
            yield missing(
                scenario,
                _no_way(scenario, offered, is_residential=is_residential),
                Text(
                    "Offer a reasonable and convenient way without FR and record it, or cite the State rule.",
                    "请提供并登记合理、便捷的其他方式，或者引用国家规定。",
                ),
                needs_review=bool(offered),
            )


@rule(
    "default-alternative-check",
    cites=[DEFAULT("alternative-check"), FRM(10)],
    layer="default",
    title=Text("Check that the other way is really offered", "核查替代方式是否实际提供"),
    kind="choice",
    obligation=["FR-10a"],
    trigger=Text("Another way is recorded for a scenario in use.", "使用中的应用场景已登记替代方式。"),
    due=Text(f"{CHECK_DAYS} days after the last check.", f"上次核查后{CHECK_DAYS}天。"),
    exemption=Text(
        "Scenarios not in use, and those with a State rule alone.", "未启用的应用场景，以及仅适用国家规定的应用场景。"
    ),
    evidence=Text("The check on the spot, with its day and what was found.", "现场核查的日期和结果。"),
    parameters=[Parameter(Text("Interval", "核查周期"), Text(f"{CHECK_DAYS} days", f"{CHECK_DAYS}天"), "default")],
)
def way_checked(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A way on paper helps nobody: each is tried every quarter, and the one looked at longest ago governs."""
    for scenario in in_scope(facts):
        if not scenario.is_live or not scenario.alternatives:
            continue
        closed = [way for way in scenario.alternatives if way.is_offered is False]
        never = [way for way in scenario.alternatives if way.checked_on is None and way.is_offered is not False]
        if closed:
            why = Text("Not offered at the last check: {ways}.", "上次核查时未实际提供：{ways}。")
            remedy = Text(
                "Offer it again and check, or take it out of the register.", "请恢复提供并核查，或者从登记中移除。"
            )
            since = max((way.checked_on for way in closed if way.checked_on), default=None)
            yield again(scenario, why.fmt(ways=_names(closed)), remedy, since=since, by=None)
        elif never:
            why = Text("Never checked: {ways}.", "尚未核查：{ways}。").fmt(ways=_names(never))
            yield again(scenario, why, TRY_IT, since=None, by=None)
        else:
            yield _next_check(scenario, calendar)


@rule(
    "frm-11-id-service",
    cites=[FRM(11)],
    layer="standard",
    title=Text(
        "Consider the national population database and identity service",
        "优先考虑国家人口基础信息库、国家网络身份认证公共服务",
    ),
    kind="choice",
    obligation=["FR-11"],
    trigger=Text("FR verifies persons.", "使用人脸识别技术验证个人身份。"),
    due=Text("When the scenario is designed.", "设计应用场景时。"),
    exemption=Text("A recommendation: not following it is no breach.", "属于鼓励性规定，未采用不构成违法。"),
    evidence=Text("A note that it was considered.", "已作考虑的记录。"),
)
def id_service_considered(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Encouraged, so that less face information is collected and stored."""
    for scenario in in_scope(facts):
        if scenario.function not in VERIFYING or is_over(scenario):
            continue
        considered_on = scenario.id_service_considered_on
        if considered_on:
            why = Text("Considered on {day}.", "已于{day}作出考虑。").fmt(day=day_text(considered_on))
            yield met(scenario, why, on=considered_on)
        else:
            yield again(
                scenario,
                Text(
                    "Recommended, and no breach if left out: nobody has noted whether the national services were"
                    " considered.",
                    "鼓励性规定，未采用不构成违法：尚未记录是否考虑采用国家有关服务。",
                ),
                Text("Note whether they can take the place of storing faces.", "请记录能否以其替代人脸信息的存储。"),
                since=None,
                by=None,
            )


@rule(
    "frm-12-no-coercion",
    cites=[FRM(12), PIPL(5), NDR(22)],
    layer="law",
    title=Text("Don't mislead, deceive or force people into FR", "不得误导、欺诈、胁迫个人接受人脸识别"),
    kind="choice",
    obligation=["FR-12"],
    trigger=NEW_SCENARIO,
    due=Text("All the time; the self-check before use.", "持续履行；启用前完成自查。"),
    exemption=NO_EXEMPTION,
    evidence=Text(
        "The self-check of texts, screens and staff, and the complaints.",
        "对文案、界面和人员话术的自查，以及投诉记录。",
    ),
    parameters=[Parameter(Text("Questions", "自查事项"), listed(COERCION_FINDINGS.values()), "default")],
)
def no_coercion(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Not even on grounds of handling business or better service."""
    for scenario in in_scope(facts):
        checked_on = scenario.coercion_checked_on
        if checked_on is None:
            yield missing(
                scenario,
                Text("The self-check hasn't been made.", "尚未完成自查。"),
                Text("Answer the questions of the self-check.", "请完成自查问题。"),
            )
        elif scenario.coercion_findings:
            found = listed(COERCION_FINDINGS.get(finding, finding) for finding in scenario.coercion_findings)
            why = Text("The self-check of {day} found: {found}.", "{day}自查发现：{found}。")
            yield missing(
                scenario,
                why.fmt(day=day_text(checked_on), found=found),
                Text("Mend what was found and check again.", "请整改所发现的问题并重新自查。"),
                since=checked_on,
            )
        else:
            why = Text("The self-check of {day} found nothing.", "{day}自查未发现问题。").fmt(day=day_text(checked_on))
            yield met(scenario, why, on=checked_on)


def _names(ways: list[AlternativeFacts]) -> Text:
    return listed(ALTERNATIVE_KINDS.get(way.kind, way.kind) for way in ways)


def _no_way(scenario: ScenarioFacts, offered: list[AlternativeFacts], *, is_residential: bool) -> Text:
    """Nothing is offered, nothing any more, or only what is biometric too."""
    why = Text("No other way is recorded.", "尚未登记其他方式。")
    if offered:
        why = FINGERPRINT_ALONE
    elif scenario.alternatives:
        why = Text("Not offered at the last check: {ways}.", "上次核查时未实际提供：{ways}。").fmt(
            ways=_names(list(scenario.alternatives))
        )
    return why + RESIDENTS if is_residential else why


def _next_check(scenario: ScenarioFacts, calendar: Workdays) -> Claim:
    checks = [(way.checked_on, way) for way in scenario.alternatives if way.checked_on]
    last_on, way = min(checks, key=lambda check: check[0])
    why = Text("Last checked on {day}: {way}.", "上次核查日期为{day}：{way}。").fmt(
        day=day_text(last_on), way=_names([way])
    )
    return again(scenario, why, TRY_IT, since=last_on, by=by_day(calendar, last_on + timedelta(days=CHECK_DAYS)))

"""Consent: separate, withdrawable, by the guardian for under 14s (FRM Arts 6, 7; PIPL 14, 15, 29, 31)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import CONSENT_KINDS
from portal.law.facts import ConsentFacts, PipFacts, ScenarioFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import (
    BEFORE_PROCESSING,
    NO_EXEMPTION,
    changed,
    in_scope,
    listed,
    met,
    missing,
    under_pipl,
)
from portal.law.rules.wording import day_text
from portal.law.sources import FRM, NDR, PIPL, SPC, Cite
from portal.law.text import Text
from portal.law.workdays import Workdays

ON_CONSENT = Text("Face information is collected on the basis of consent.", "基于个人同意收集人脸信息。")
ANOTHER_BASIS = Text(
    "Another basis of PIPL Art 13; in a public place, use for public security only (PIPL Art 26).",
    "具有个保法第十三条规定的其他合法性基础；公共场所仅用于维护公共安全的（个保法第二十六条）。",
)
CHILDREN = Text("Children under 14 are among those concerned.", "涉及人群包括不满十四周岁未成年人。")
NONE_SET_UP = ConsentFacts()


@rule(
    "frm-06-separate-consent",
    cites=[FRM(6), PIPL(14), PIPL(29), SPC(4), Cite("GBT-41819")],
    layer="law",
    title=Text("Obtain separate consent", "取得个人单独同意"),
    kind="consent",
    obligation=["FR-06a"],
    trigger=ON_CONSENT,
    due=Text("Before collection; the law counts no days.", "收集之前；法律未规定天数。"),
    exemption=ANOTHER_BASIS,
    evidence=Text(
        "The wording with its version, and how people agree; numbers by version, never persons.",
        "同意文本及其版本、同意方式；按版本登记人数，不登记个人。",
    ),
    parameters=[
        Parameter(
            Text("Acts of agreeing (GB/T 41819-2022)", "主动配合的方式（GB/T 41819—2022）"),
            listed(CONSENT_KINDS.values()),
            "standard",
        )
    ],
)
def separate_consent(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Informed, voluntary, explicit, and apart from anything else; merely entering a capture area isn't consent."""
    for scenario, consent in _on_consent(facts):
        gaps = _consent_gaps(consent)
        if gaps:
            yield missing(
                scenario,
                Text("Separate consent isn't set up. Missing: {gaps}.", "单独同意尚未落实，缺少：{gaps}。").fmt(
                    gaps=listed(gaps)
                ),
                Text(
                    "Set up consent apart from other terms, with its wording and an act by which people agree.",
                    "请在其他条款之外单独设置同意，明确同意文本和个人作出同意的方式。",
                ),
                is_unlawful=True,
            )
        else:
            kinds = listed(CONSENT_KINDS.get(kind, kind) for kind in sorted(consent.kinds))
            why = Text("Separate consent is set up: {kinds}.", "已落实单独同意：{kinds}。").fmt(kinds=kinds)
            yield met(scenario, why, on=consent.wording_on)


@rule(
    "frm-06-written-consent",
    cites=[FRM(6), PIPL(14), PIPL(29)],
    layer="law",
    title=Text("Obtain written consent", "取得书面同意"),
    kind="consent",
    obligation=["FR-06b"],
    trigger=Text(
        "A law or administrative regulation asks for consent in writing.", "法律、行政法规规定应当取得书面同意。"
    ),
    due=Text("Before collection; the law counts no days.", "收集之前；法律未规定天数。"),
    exemption=Text("No such rule applies; none asks for it in general.", "无此类规定的；未见一般性要求。"),
    evidence=Text("The form that is signed.", "签署用的书面文本。"),
)
def written_consent(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Where a law or administrative regulation says so, consent is signed."""
    for scenario, consent in _on_consent(facts):
        if not consent.needs_written:
            continue
        if consent.has_written_form:
            yield met(scenario, Text("The written form is there.", "已备有书面同意文本。"), on=consent.wording_on)
        else:
            yield missing(
                scenario,
                Text(
                    "Consent must be in writing, and no form for it is kept.", "依法应当取得书面同意，尚无书面文本。"
                ),
                Text("Add the form that people sign.", "请补充供个人签署的书面文本。"),
            )


@rule(
    "frm-06-withdrawal-path",
    cites=[FRM(6), PIPL(15)],
    layer="law",
    title=Text("Offer a convenient way to withdraw consent", "提供便捷的撤回同意的方式"),
    kind="consent",
    obligation=["FR-06c"],
    trigger=ON_CONSENT,
    due=BEFORE_PROCESSING,
    exemption=ANOTHER_BASIS,
    evidence=Text("Where and how people withdraw.", "个人撤回同意的途径和方式。"),
)
def withdrawal_path(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """As easy to take back as to give; what was done before stays lawful."""
    for scenario, consent in _on_consent(facts):
        if consent.has_withdrawal:
            yield met(scenario, Text("A way to withdraw is set up.", "已提供撤回同意的方式。"))
        else:
            yield missing(
                scenario,
                Text("People have no way to withdraw their consent.", "尚未提供撤回同意的方式。"),
                Text("Set up a convenient way to withdraw and tell people of it.", "请提供便捷的撤回方式并告知个人。"),
            )


@rule(
    "pipl-14-new-consent",
    cites=[PIPL(14), NDR(22)],
    layer="law",
    title=Text("Obtain consent anew after a change", "变更后重新取得同意"),
    kind="consent",
    obligation=["FR-06d"],
    trigger=Text("Purpose, method or kind of information changes.", "处理目的、处理方式或者个人信息种类发生变更。"),
    due=Text("Before the change takes effect.", "变更生效之前。"),
    exemption=NO_EXEMPTION,
    evidence=Text("A new version of the wording, and the consents given to it.", "新版同意文本及按其取得的同意。"),
)
def new_consent(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Consent covers what people were told; what changed since needs it anew."""
    for scenario in under_pipl(facts):
        consent = scenario.consent
        if scenario.legal_basis != "consent" or consent is None or consent.wording_on is None:
            continue
        since = Text("The wording is of {day}.", "同意文本自{day}起使用。").fmt(day=day_text(consent.wording_on))
        if consent.invalidated_by:
            yield missing(
                scenario,
                since + changed(consent.invalidated_by, consent.invalidated_on),
                Text("Put a new wording into effect and ask again.", "请启用新版同意文本并重新取得同意。"),
                since=consent.invalidated_on,
            )
        else:
            yield met(scenario, since + Text("Nothing has changed since.", "此后未发生变更。"), on=consent.wording_on)


@rule(
    "frm-07-guardian-consent",
    cites=[FRM(7), PIPL(31)],
    layer="law",
    title=Text("Obtain the guardian's consent for under 14s", "取得不满十四周岁未成年人监护人同意"),
    kind="consent",
    obligation=["FR-07a"],
    trigger=CHILDREN + ON_CONSENT,
    due=Text("Before collection; the law counts no days.", "收集之前；法律未规定天数。"),
    exemption=NO_EXEMPTION,
    evidence=Text(
        "How a parent or guardian agrees, and how the relation is checked.", "父母或者其他监护人同意及关系核验的方式。"
    ),
)
def guardian_consent(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A parent or another guardian agrees; nobody in the PIP can waive it."""
    for scenario, consent in _on_consent(facts):
        if "under_14" not in scenario.subjects:
            continue
        if consent.has_guardian:
            why = Text("Guardians are asked for their consent.", "已落实监护人同意。")
            yield met(scenario, why, on=consent.wording_on, is_waivable=False)
        else:
            yield missing(
                scenario,
                Text(
                    "Children under 14 are concerned, and no guardian is asked.",
                    "涉及不满十四周岁未成年人，尚未落实监护人同意。",
                ),
                Text("Set up consent of a parent or another guardian.", "请落实父母或者其他监护人的同意。"),
                is_unlawful=True,
                is_waivable=False,
            )


@rule(
    "frm-07-children-rules",
    cites=[FRM(7), PIPL(31), NDR(21)],
    layer="law",
    title=Text("Make dedicated rules for under 14s", "制定不满十四周岁未成年人专门的个人信息处理规则"),
    kind="consent",
    obligation=["FR-07b"],
    trigger=CHILDREN,
    due=Text("Before collection; the law counts no days.", "收集之前；法律未规定天数。"),
    exemption=NO_EXEMPTION,
    evidence=Text("The rules as published.", "已公布的专门处理规则。"),
)
def children_rules(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Dedicated processing rules 专门的个人信息处理规则, whatever the legal basis."""
    for scenario in in_scope(facts):
        if "under_14" not in scenario.subjects:
            continue
        if scenario.children_rules_on:
            why = Text("The children's rules are of {day}.", "专门处理规则自{day}起施行。")
            yield met(
                scenario,
                why.fmt(day=day_text(scenario.children_rules_on)),
                on=scenario.children_rules_on,
                is_waivable=False,
            )
        else:
            yield missing(
                scenario,
                Text(
                    "Children under 14 are concerned, and no dedicated rules are there.",
                    "涉及不满十四周岁未成年人，尚无专门处理规则。",
                ),
                Text("Publish rules for children under 14.", "请制定并公布专门的个人信息处理规则。"),
                is_unlawful=True,
                is_waivable=False,
            )


def _on_consent(facts: PipFacts) -> Iterator[tuple[ScenarioFacts, ConsentFacts]]:
    """Scenarios of the Measures that rest on consent, each with what is set up for it."""
    return (
        (scenario, scenario.consent or NONE_SET_UP)
        for scenario in in_scope(facts)
        if scenario.legal_basis == "consent"
    )


def _consent_gaps(consent: ConsentFacts) -> list[Text]:
    there = (
        (consent.is_separate, Text("consent apart from other terms", "区别于其他条款的单独同意")),
        (consent.wording_on, Text("a wording in effect", "已启用的同意文本")),
        (consent.kinds, Text("an act by which people agree", "个人作出同意的方式")),
    )
    return [name for given, name in there if not given]

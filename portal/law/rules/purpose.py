"""What face information is processed for, and on what ground (FRM Art 4; PIPL 13, 24, 28)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import LEGAL_BASES
from portal.law.facts import PipFacts, ScenarioFacts
from portal.law.registry import rule
from portal.law.rules.shapes import (
    BEFORE_PROCESSING,
    NEW_SCENARIO,
    NO_EXEMPTION,
    in_scope,
    listed,
    met,
    missing,
    under_pipl,
)
from portal.law.sources import FRM, PIPL
from portal.law.text import Text
from portal.law.workdays import Workdays

PURPOSE = Text("the specific purpose", "特定的目的")
NECESSITY = Text("why FR is necessary", "充分的必要性")
REJECTED_WAYS = Text("which other ways don't do", "未采用的非人脸识别方式及理由")


@rule(
    "frm-04-purpose",
    cites=[FRM(4), PIPL(28)],
    layer="law",
    title=Text("State the specific purpose and the sufficient necessity", "说明特定的目的和充分的必要性"),
    kind="purpose",
    obligation=["FR-04"],
    trigger=Text("A scenario is registered, or its purpose changes.", "登记应用场景或者变更处理目的。"),
    due=BEFORE_PROCESSING,
    exemption=NO_EXEMPTION,
    evidence=Text(
        "The statement of necessity, which compares at least one way other than FR.",
        "必要性说明，至少与一种非人脸识别方式作比较。",
    ),
)
def purpose_stated(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A specific purpose, sufficient necessity, and the way with the least effect on the person's rights."""
    for scenario in in_scope(facts):
        gaps = _purpose_gaps(scenario)
        if gaps:
            yield missing(
                scenario,
                Text("Not stated: {gaps}.", "尚未说明：{gaps}。").fmt(gaps=listed(gaps)),
                Text(
                    "Complete the statement of necessity and compare at least one way other than FR.",
                    "请补充必要性说明，并至少与一种非人脸识别方式作比较。",
                ),
            )
        else:
            yield met(
                scenario,
                Text(
                    "The purpose, the necessity and the ways not taken are stated.",
                    "已说明处理目的、必要性和未采用的其他方式。",
                ),
            )


@rule(
    "pipl-13-legal-basis",
    cites=[PIPL(13)],
    layer="law",
    title=Text("Name the legal basis and its reason", "明确处理个人信息的合法性基础及理由"),
    kind="purpose",
    obligation=["PI-13"],
    trigger=NEW_SCENARIO,
    due=BEFORE_PROCESSING,
    exemption=NO_EXEMPTION,
    evidence=Text("One of the seven bases, with the reason for it.", "七项合法性基础之一及其理由。"),
)
def legal_basis(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """One of the seven grounds, also where the Measures don't apply; the duties of consent hang on it."""
    for scenario in under_pipl(facts):
        basis = LEGAL_BASES.get(scenario.legal_basis)
        if basis is None:
            yield missing(
                scenario,
                Text("No legal basis is named.", "尚未明确合法性基础。"),
                Text("Choose one of the seven bases and give the reason.", "请在七项合法性基础中选择一项并说明理由。"),
            )
        elif not scenario.legal_basis_reason:
            yield missing(
                scenario,
                Text("The basis is named, {basis}, but not why.", "合法性基础为“{basis}”，尚未说明理由。").fmt(
                    basis=basis
                ),
                Text("Give the reason for this basis.", "请说明采用该合法性基础的理由。"),
            )
        else:
            yield met(scenario, Text("Legal basis: {basis}.", "合法性基础：{basis}。").fmt(basis=basis))


@rule(
    "pipl-24-decision",
    cites=[PIPL(24)],
    layer="law",
    title=Text("Be ready to explain automated decisions", "能够对自动化决策予以说明"),
    kind="purpose",
    obligation=["PI-24"],
    trigger=Text(
        "The result of FR alone decides on a person's rights or access.", "仅凭人脸识别结果作出影响个人权益的决定。"
    ),
    due=Text("Ready before use; on request promptly.", "使用前准备就绪；个人要求时及时说明。"),
    exemption=Text("A person decides, with FR as a help only.", "由人工作出决定，人脸识别仅作辅助。"),
    evidence=Text(
        "The explanation, and how a person refuses to be decided on by a machine alone.",
        "说明内容，以及个人拒绝仅通过自动化决策作出决定的方式。",
    ),
)
def decision_explained(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A decision by FR alone must be open to explanation and refusal; the request itself is a case of rights."""
    for scenario in under_pipl(facts):
        if not scenario.automated_decision:
            continue
        if scenario.decision_explanation:
            yield met(scenario, Text("The explanation is ready.", "说明内容已准备。"))
        else:
            yield missing(
                scenario,
                Text(
                    "FR alone decides here, and no explanation is ready.",
                    "该应用场景仅凭人脸识别作出决定，尚未准备说明内容。",
                ),
                Text(
                    "Write how the decision is made and how a person refuses it.",
                    "请写明作出决定的方式以及个人拒绝该决定的途径。",
                ),
            )


def _purpose_gaps(scenario: ScenarioFacts) -> list[Text]:
    stated = (
        (scenario.purpose, PURPOSE),
        (scenario.necessity, NECESSITY),
        (scenario.rejected_ways, REJECTED_WAYS),
    )
    return [name for given, name in stated if not given]

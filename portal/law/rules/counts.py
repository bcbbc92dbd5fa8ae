"""What the portal asks around the threshold, none of it law: confirm the count, review a fall, be warned in time."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.facts import PipFacts
from portal.law.meter import Total, fell_on, series
from portal.law.registry import Parameter, rule
from portal.law.rules.filing import answer, decided, moved, reached, review_of_fall
from portal.law.rules.phrases import NO_LAW
from portal.law.rules.wording import day_text
from portal.law.sources import DEFAULT, FRM, PRACTICE
from portal.law.text import Text
from portal.law.threshold import THRESHOLD, WARNING_STEPS
from portal.law.workdays import Workdays


@rule(
    "frm-15-confirm-count",
    cites=[DEFAULT("confirm-count"), FRM(15), PRACTICE("counting")],
    layer="default",
    title=Text("Confirm the number of persons stored", "确认人脸信息存储人数"),
    kind="count",
    obligation=["FR-15a", "FR-15b"],
    trigger=Text(
        "The counts on record add up to 100,000 persons with no overlap deducted.",
        "登记的各项人数合计（未扣除重复）达到10万人。",
    ),
    due=Text("No day of its own: the filing period runs already.", "无单独期限：备案期限已起算。"),
    exemption=NO_LAW,
    evidence=Text("Day, number, method and reason, as a person froze them.", "专人确认的日期、人数、方法和理由。"),
    parameters=[
        Parameter(
            Text("Overlap deducted before a person confirms", "确认前扣除的重复人数"),
            Text("none", "不扣除"),
            "default",
        )
    ],
)
def confirm_count(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The counts reach the threshold: a person confirms day, method and overlap."""
    found = reached(facts)
    if found is None:
        return
    values = {"persons": f"{found.persons:,}", "day": day_text(found.on)}
    if found.has_moved:
        yield Claim(
            subject=f"pip:{facts.uscc}",
            state="open",
            why=moved(found),
            arose_on=found.on,
            is_confirmed=found.is_confirmed,
            needs_review=True,
            remedy=Text(
                "Compare the counts with the frozen ones, then note which day holds and why. What was confirmed stays"
                " readable.",
                "请将现有人数与已固定的人数核对，记录应以哪一日为准及其理由；原确认内容保留可查。",
            ),
        )
    elif found.is_confirmed:
        yield Claim(
            subject=f"pip:{facts.uscc}",
            state="met",
            why=Text("The crossing on {day} with {persons} persons is confirmed.", "已确认{day}达到{persons}人。").fmt(
                **values
            ),
            arose_on=found.on,
            met_on=(facts.confirmed_crossing and facts.confirmed_crossing.confirmed_on) or found.on,
        )
    elif not found.ended:
        yield Claim(
            subject=f"pip:{facts.uscc}",
            state="open",
            why=Text(
                "The counts add up to {persons} persons on {day}, with no overlap deducted.",
                "截至{day}，各项人数合计{persons}人（未扣除重复）。",
            ).fmt(**values),
            arose_on=found.on,
            is_confirmed=False,
            remedy=Text(
                "Check the counts and the overlap between them, then confirm the day, the method and the reason.",
                "请核对各项人数及其重复情况，确认日期、计算方法和理由。",
            ),
        )


@rule(
    "default-below-threshold",
    cites=[DEFAULT("review-below-threshold"), FRM(15), PRACTICE("stored-now")],
    layer="default",
    title=Text("Have counsel review the fall below 100,000", "由法律顾问复核人数回落至10万人以下"),
    kind="filing",
    obligation=["FR-15a", "FR-15b", "FR-15c"],
    trigger=Text("100,000 persons were reached, and fewer are stored now.", "曾达到10万人，目前存储人数低于10万人。"),
    due=Text(
        "No day of its own; a filing period that runs goes on until it is decided.",
        "无单独期限；作出认定之前，备案期限继续计算。",
    ),
    exemption=Text("The number is back at 100,000 or more.", "人数回升至10万人以上。"),
    evidence=Text(
        "Counsel's decision with its reason and, where the duty is held to have ended, the proof of deletion.",
        "法律顾问的认定及理由；认定义务终止的，附删除证明。",
    ),
    parameters=[
        Parameter(
            Text("Whether a fall ends the duty", "人数回落是否终止义务"),
            Text("not said in law: counsel decides each time", "法律未作规定，逐次由法律顾问认定"),
            "default",
        )
    ],
)
def below_threshold(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A fall is never a silent release: before the filing it asks whether the duty stays, after it for a change."""
    found, fell = reached(facts), fell_on(facts)
    if found is None or fell is None:
        return
    review, filing = review_of_fall(facts), answer(facts)
    why = Text(
        "Since {day} fewer than {threshold} persons are stored: {persons} now.",
        "自{day}起存储人数低于{threshold}人，目前为{persons}人。",
    ).fmt(day=day_text(fell), threshold=f"{THRESHOLD:,}", persons=f"{series(facts)[-1].high:,}")
    if review:
        why += decided(review)
    elif filing and filing.state != "not_required":
        why += Text(
            "The filing states more. Whether the fall is a substantial change of it isn't said in law.",
            "备案所载人数高于目前人数。人数回落是否构成实质性变更，法律未作规定。",
        )
    else:
        why += Text("The law leaves open whether that ends the duty to file.", "备案义务是否因此终止，法律未作规定。")
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="met" if review else "open",
        why=why,
        arose_on=fell,
        met_on=review.decided_on if review else None,
        is_waivable=False,
        needs_review=review is None,
        remedy=None
        if review
        else Text(
            "Counsel decides and gives the reason; until then the duty stays as it is.",
            "请法律顾问作出认定并说明理由；在此之前义务保持不变。",
        ),
    )


@rule(
    "frm-15-warning",
    cites=[DEFAULT("early-warning"), FRM(15)],
    layer="default",
    title=Text("Prepare for the filing threshold", "为达到备案人数做准备"),
    kind="warning",
    obligation=["FR-15a"],
    trigger=Text("A step below 100,000 persons is reached.", "存储人数达到预警比例。"),
    due=Text("No day.", "无日期。"),
    exemption=NO_LAW,
    evidence=Text("None: it goes once the number falls or is reached.", "无；人数回落或达到后自动消失。"),
    parameters=[
        Parameter(
            Text("Steps, percent of the threshold", "预警比例"),
            Text(
                f"{', '.join(map(str, WARNING_STEPS))}; a workspace may set its own",
                f"{'、'.join(f'{step}%' for step in WARNING_STEPS)}；各租户可自行设定",
            ),
            "default",
        )
    ],
)
def early_warning(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A step below the threshold: one warning, of the highest step; gone once the number is reached."""
    totals = series(facts)
    found = reached(facts)
    if not totals or (found and not found.ended):
        return
    step = max((step for step in facts.warning_steps if _is_at(totals[-1], step)), default=None)
    if step is None:
        return
    since = totals[-1].on
    for total in reversed(totals):
        if not _is_at(total, step):
            break
        since = total.on
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="open",
        why=Text(
            "{persons} persons are stored, at least {step} percent of {threshold}. The step was reached on {day}.",
            "已存储{persons}人，达到{threshold}人的{step}%以上。该比例于{day}达到。",
        ).fmt(persons=f"{totals[-1].high:,}", step=step, threshold=f"{THRESHOLD:,}", day=day_text(since)),
        arose_on=since,
        remedy=Text(
            "Prepare the materials, or delete what is no longer needed.", "请准备备案材料，或删除不再需要的人脸信息。"
        ),
        step=step,
    )


def _is_at(total: Total, step: int) -> bool:
    return total.high * 100 >= THRESHOLD * step

"""After the first filing: changes, cancellation, and the materials of a dossier (FRM Art 15)."""

from collections.abc import Iterator
from datetime import date

from portal.law.checklists import MATERIALS
from portal.law.duties import Claim
from portal.law.facts import ChangeFacts, FilingFacts, PipFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.filing import VOID_STATES
from portal.law.rules.periods import counted
from portal.law.rules.phrases import NO_CALENDAR
from portal.law.rules.shapes import NO_EXEMPTION, listed
from portal.law.rules.wording import day_text
from portal.law.sources import ANNOUNCEMENT, CIVIL, FRM, PRACTICE
from portal.law.text import Text
from portal.law.threshold import FILING_WORKING_DAYS
from portal.law.workdays import Workdays

PERIOD = Parameter(Text("Period", "期限"), Text("30 working days", "30个工作日"), "law")
DRAFTS = frozenset({"draft", "correcting", "correction"})


def _accepted(facts: PipFacts) -> list[FilingFacts]:
    """Initial and change filings that the authority accepted, the oldest first."""
    found = [one for one in facts.filings if one.kind != "termination" and one.state == "accepted"]
    return sorted(found, key=lambda one: one.submitted_on or one.accepted_on or date.min)


def _sent(facts: PipFacts, *kinds: str) -> list[date]:
    """The days on which filings of these kinds were submitted, the earliest first."""
    return sorted(
        one.submitted_on
        for one in facts.filings
        if one.kind in kinds and one.state not in VOID_STATES and one.submitted_on
    )


@rule(
    "frm-15-change",
    cites=[FRM(15), ANNOUNCEMENT(), CIVIL(201)],
    layer="law",
    title=Text("File the substantial change", "办理备案变更手续"),
    kind="filing",
    obligation=["FR-15c"],
    trigger=Text(
        "A filing is accepted, and what it states changed substantially, or nobody decided yet whether it did.",
        "备案已通过，且备案事项发生实质性变更，或尚未认定是否属于实质性变更。",
    ),
    due=Text(
        "30 working days after the change took effect, that day not counted. An undecided change runs as if it were"
        " substantial. Of several the earliest governs.",
        "自变更生效之日起30个工作日内（当日不计）。尚未认定的变更按实质性变更计算。有多项变更的，以最早的一项为准。",
    ),
    exemption=Text(
        "A change that was decided, with its reason, not to be substantial is recorded only.",
        "经认定并说明理由不属于实质性变更的，仅作记录。",
    ),
    evidence=Text("The receipt of the change filing.", "备案变更回执。"),
    parameters=[
        PERIOD,
        Parameter(
            Text("What is substantial", "何为实质性变更"),
            Text("not defined in law: a person decides each time", "法律未定义，逐项由专人认定"),
            "default",
        ),
    ],
)
def change_filing(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The change filing that carries a change answers it, and a cancellation every change before it."""
    if not facts.changes or not _accepted(facts):
        return
    weighty = sorted(
        (one for one in facts.changes if one.is_substantial is not False), key=lambda one: (one.effective_on, one.ref)
    )
    answered = [(one, _answered_on(one, facts)) for one in weighty]
    waiting = [one for one, met_on in answered if met_on is None]
    if waiting:
        yield _open_change(facts, waiting, calendar)
    elif answered and answered[-1][1]:
        newest, met_on = answered[-1][0], answered[-1][1]
        yield Claim(
            subject=f"pip:{facts.uscc}",
            state="met",
            why=_change(newest) + Text("It was filed on {day}.", "已于{day}提交备案。").fmt(day=day_text(met_on)),
            arose_on=newest.effective_on,
            reckoning=counted(calendar.add, newest.effective_on, FILING_WORKING_DAYS),
            met_on=met_on,
        )
    else:
        yield Claim(
            subject=f"pip:{facts.uscc}",
            state="not_required",
            why=Text(
                "Changes on record that were decided not to be substantial: {count}.",
                "已认定不属于实质性变更的变更：{count}项。",
            ).fmt(count=len(facts.changes)),
            arose_on=max(one.effective_on for one in facts.changes),
        )


def _answered_on(one: ChangeFacts, facts: PipFacts) -> date | None:
    """The day on which the filing that carries the change was sent, or the use was cancelled since it; else None.

    Where nobody knows what carries it, any change filing of its day or later does.
    """
    kinds = ("change", "termination") if one.carried_by is None else ("termination",)
    days = [day for day in _sent(facts, *kinds) if day >= one.effective_on]
    if one.carried_by:
        days += [
            filing.submitted_on
            for filing in facts.filings
            if filing.ref == one.carried_by and filing.state not in VOID_STATES and filing.submitted_on
        ]
    return min(days, default=None)


def _open_change(facts: PipFacts, waiting: list[ChangeFacts], calendar: Workdays) -> Claim:
    first = waiting[0]
    undecided = sum(one.is_substantial is None for one in waiting)
    reckoning = counted(calendar.add, first.effective_on, FILING_WORKING_DAYS)
    why = _change(first)
    if len(waiting) > 1:
        why += Text("{count} changes wait; the earliest governs.", "共有{count}项变更待处理，以最早的一项为准。").fmt(
            count=len(waiting)
        )
    if undecided:
        why += Text(
            "Nobody has decided yet whether it is substantial: {count}. The date runs as if it were.",
            "尚未认定是否属于实质性变更：{count}项。期限按实质性变更计算。",
        ).fmt(count=undecided)
    return Claim(
        subject=f"pip:{facts.uscc}",
        state="open",
        why=why if reckoning else why + NO_CALENDAR,
        arose_on=first.effective_on,
        reckoning=reckoning,
        needs_review=undecided > 0,
        remedy=Text("Decide whether it is substantial and why.", "请认定是否属于实质性变更并说明理由。")
        if first.is_substantial is None
        else Text("Submit the change filing.", "请提交备案变更。"),
    )


def _change(one: ChangeFacts) -> Text:
    what = one.what or one.ref
    return Text("What was filed changed on {day}: {what}.", "备案事项于{day}发生变更：{what}。").fmt(
        day=day_text(one.effective_on), what=what
    )


@rule(
    "frm-15-cancel",
    cites=[FRM(15), CIVIL(201)],
    layer="law",
    title=Text("Cancel the filing and dispose of the face information", "办理注销备案手续并依法处置人脸信息"),
    kind="filing",
    obligation=["FR-15d"],
    trigger=Text(
        "A filing is accepted, and every scenario in scope that was ever in use has ended.",
        "备案已通过，且曾使用的适用《办法》的应用场景均已终止。",
    ),
    due=Text(
        "30 working days after the last scenario ended, that day not counted.",
        "自最后一个应用场景终止之日起30个工作日内（当日不计）。",
    ),
    exemption=NO_EXEMPTION,
    evidence=Text(
        "The receipt of the cancellation, and the proof that the face information is disposed of.",
        "注销备案回执及人脸信息处置证明。",
    ),
    parameters=[PERIOD],
)
def cancellation(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The use of FR ended altogether: met by a termination filing sent after the filing that it cancels."""
    accepted = _accepted(facts)
    used = [one for one in facts.scenarios if one.in_scope and (one.started_on or one.is_live)]
    ends = [one.ended_on for one in used if one.ended_on and not one.is_live]
    if not accepted or not used or len(ends) < len(used):
        return
    ended_on, filed = max(ends), accepted[-1]
    since = filed.submitted_on or filed.accepted_on or date.min
    sent = [day for day in _sent(facts, "termination") if day >= since]
    reckoning = counted(calendar.add, ended_on, FILING_WORKING_DAYS)
    why = Text(
        "The last scenario in scope ended on {day}; {ref} is still on file.",
        "最后一个适用《办法》的应用场景于{day}终止；{ref}仍在备案中。",
    ).fmt(day=day_text(ended_on), ref=filed.ref)
    if sent:
        why = Text(
            "The last scenario in scope ended on {day}; the cancellation was submitted on {sent}.",
            "最后一个适用《办法》的应用场景于{day}终止；已于{sent}提交注销备案。",
        ).fmt(day=day_text(ended_on), sent=day_text(sent[0]))
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="met" if sent else "open",
        why=why if reckoning else why + NO_CALENDAR,
        arose_on=ended_on,
        reckoning=reckoning,
        met_on=sent[0] if sent else None,
        remedy=None
        if sent
        else Text(
            "Submit the cancellation with the statement of disposal.", "请提交注销备案，并附人脸信息处置情况说明。"
        ),
    )


@rule(
    "cac-materials",
    cites=[PRACTICE("materials"), FRM(15), ANNOUNCEMENT()],
    layer="practice",
    title=Text("Complete the materials of the dossier", "备齐备案材料"),
    kind="filing",
    obligation=["FR-15e"],
    trigger=Text("The dossier of an initial filing is open.", "首次备案卷宗已开启。"),
    due=Text(
        "Before the dossier is submitted: the date is that of the filing duty itself.",
        "提交备案之前；日期以备案义务的期限为准。",
    ),
    exemption=Text("Materials marked as needed may be left out.", "标注“视情况提供”的材料可不提供。"),
    evidence=Text(
        "The checklist with its files, sealed where the list asks for it.", "材料清单及文件，按要求加盖公章。"
    ),
    parameters=[
        Parameter(
            Text("Materials on the list", "清单材料"), Text(f"{len(MATERIALS)}", f"{len(MATERIALS)}项"), "practice"
        )
    ],
)
def materials(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Each open dossier of an initial filing until nothing of the list is missing."""
    for filing in facts.filings:
        # The papers of a joint filing are those of the PIP that leads it.
        if filing.kind != "initial" or filing.led_by or filing.state in VOID_STATES | {"not_required"}:
            continue
        is_open = filing.state in DRAFTS and bool(filing.missing)
        if is_open:
            why = Text("{ref}: missing {names}.", "{ref}：缺少{names}。").fmt(
                ref=filing.ref, names=listed(_material_names(filing))
            )
        elif filing.state in DRAFTS:
            why = Text("{ref}: no material is missing.", "{ref}：材料齐备。").fmt(ref=filing.ref)
        else:
            why = Text("{ref} left the draft with its materials.", "{ref}已完成材料准备。").fmt(ref=filing.ref)
        yield Claim(
            subject=f"filing:{filing.ref}",
            state="open" if is_open else "met",
            why=why,
            arose_on=filing.opened_on,
            met_on=None if is_open else filing.submitted_on,
            remedy=Text("Add what is missing to the dossier.", "请在备案卷宗中补齐材料。") if is_open else None,
        )


def _material_names(filing: FilingFacts) -> list[str | Text]:
    """The materials by their titles on the list, each once."""
    titles = {one.code: one.title for one in MATERIALS}
    return [titles.get(code, code) for code in dict.fromkeys(filing.missing)]

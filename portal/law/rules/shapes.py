"""The shape of most rules: something has to be there before face information is processed, and it is or it isn't."""

from collections.abc import Iterable, Iterator
from datetime import date

from portal.law.duties import Claim
from portal.law.enums import CHANGING_FACTS
from portal.law.facts import DeploymentFacts, PipFacts, ScenarioFacts
from portal.law.reckoning import Reckoning
from portal.law.registry import NOT_SAID
from portal.law.rules.wording import day_text, days_apart
from portal.law.text import Text
from portal.law.threshold import IN_FORCE_ON
from portal.law.workdays import CalendarError, Workdays

Use = ScenarioFacts | DeploymentFacts

# What many rules say of themselves.
NEW_SCENARIO = Text("A scenario is registered or changed.", "登记或者变更应用场景。")
BEFORE_PROCESSING = Text(
    "Before face information is first processed; the law counts no days.", "首次处理人脸信息之前；法律未规定天数。"
)
NO_EXEMPTION = Text("None.", "无。")


def in_scope(facts: PipFacts) -> Iterator[ScenarioFacts]:
    """The scenarios to which the Measures apply (FRM Art 2)."""
    return (scenario for scenario in facts.scenarios if scenario.in_scope)


def under_pipl(facts: PipFacts) -> Iterator[ScenarioFacts]:
    """The scenarios to which the PIPL applies: all but household affairs and what happens abroad (Arts 3, 72)."""
    return (scenario for scenario in facts.scenarios if scenario.is_under_pipl)


def subject(use: Use) -> str:
    """The name of a scenario or a deployment in its duties."""
    return f"{'scenario' if isinstance(use, ScenarioFacts) else 'deployment'}:{use.code}"


def is_live(use: Use) -> bool:
    """Whether face information is processed now."""
    return use.is_live if isinstance(use, ScenarioFacts) else use.status == "active"


def is_over(use: Use) -> bool:
    """Whether the use of FR has ended."""
    return use.ended_on is not None and not is_live(use)


def met(use: Use, why: Text, *, on: date | None = None, is_waivable: bool = True) -> Claim:
    """It is there, since the day `on` if that is known."""
    return Claim(
        subject=subject(use), state="met", why=why, arose_on=use.started_on, met_on=on, is_waivable=is_waivable
    )


def lateness(use: Use, first_on: date) -> Text:
    """How long after the start it first was there; nothing to say of what came in time."""
    if use.started_on is None or first_on <= use.started_on:
        return NOT_SAID
    late = (
        Text("That is {days} after processing began on {day}.", "晚于开始处理日（{day}）{days}。")
        if isinstance(use, ScenarioFacts)
        else Text("That is {days} after use began on {day}.", "晚于启用日（{day}）{days}。")
    )
    return late.fmt(days=days_apart((first_on - use.started_on).days), day=day_text(use.started_on))


def missing(
    use: Use,
    why: Text,
    remedy: Text,
    *,
    is_unlawful: bool = False,
    is_waivable: bool = True,
    needs_review: bool = False,
    since: date | None = None,
) -> Claim:
    """It isn't there, from the start or since a day; `is_unlawful` if the law is plainly broken once FR is in use.

    A use that ended without it needs it no longer, but counsel should look at what was processed meanwhile.
    """
    if is_over(use) and use.ended_on:
        return Claim(
            subject=subject(use),
            state="not_required",
            why=why
            + Text("The use of FR ended on {day}.", "已于{day}终止使用人脸识别。").fmt(day=day_text(use.ended_on)),
            arose_on=since or use.started_on,
            is_waivable=is_waivable,
            needs_review=True,
        )
    if is_live(use):
        why += _in_use(use)
    return Claim(
        subject=subject(use),
        state="open",
        why=why,
        arose_on=since or (use.started_on if is_live(use) else None),
        is_critical=is_unlawful and is_live(use),
        is_waivable=is_waivable,
        needs_review=needs_review,
        remedy=remedy,
    )


def _in_use(use: Use) -> Text:
    if use.started_on is None:
        return Text("Face information is processed already.", "已在处理人脸信息。")
    since = (
        Text("Face information has been processed since {day}.", "自{day}起已在处理人脸信息。")
        if isinstance(use, ScenarioFacts)
        else Text("The deployment has been in use since {day}.", "该部署自{day}起已在使用。")
    )
    return since.fmt(day=day_text(use.started_on))


def exempt(use: Use, ground: Text, *, needs_review: bool = False) -> Claim:
    """The law itself lets this use do without it, on the ground given."""
    return Claim(
        subject=subject(use),
        state="not_required",
        why=ground,
        arose_on=use.started_on,
        needs_review=needs_review,
    )


def again(use: Use, why: Text, remedy: Text, *, since: date | None, by: Reckoning | None) -> Claim:
    """Something is to be looked at again by a day, or now if there is no day; open until its date moves on."""
    return Claim(subject=subject(use), state="open", why=why, arose_on=since, reckoning=by, remedy=remedy)


def by_day(calendar: Workdays, day: date | None) -> Reckoning | None:
    """A day that the portal sets itself: never before the Measures were in force, none that no calendar reaches."""
    if day is None:
        return None
    try:
        return calendar.fixed(max(day, IN_FORCE_ON))
    except CalendarError:
        return None


def listed(names: Iterable[Text | str]) -> Text:
    """Names in a row, as each language sets them apart; a plain string stands in both."""
    texts = [name if isinstance(name, Text) else Text(name, name) for name in names]
    return Text(", ".join(text.en for text in texts), "、".join(text.zh for text in texts))


def changed(names: Iterable[str], since: date | None) -> Text:
    """What has changed, and since which day if that is known."""
    facts = listed(CHANGING_FACTS.get(name, name) for name in names)
    if since is None:
        return Text("Changed since: {facts}.", "此后已变更：{facts}。").fmt(facts=facts)
    return Text("Changed since, on {day}: {facts}.", "此后于{day}变更：{facts}。").fmt(
        day=day_text(since), facts=facts
    )

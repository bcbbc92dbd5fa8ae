"""Joint filings: members whose uses are the same still, wholly covered, assessed, and whose own date isn't earlier."""

from collections.abc import Iterator

from filings.xray.inputs import Dossier
from filings.xray.registry import IN_USE, Found, Place, check
from portal.law.sources import ANNOUNCEMENT, DEFAULT, FRM, PRACTICE
from portal.law.text import Text


@check(
    *("joint-same", "joint", "error", PRACTICE("file-together"), DEFAULT("sameness")),
    en="The members' uses are the same as the leader's",
    zh="成员单位的应用与牵头单位相同",
    kinds=IN_USE,
)
def same(dossier: Dossier) -> Iterator[Found]:
    for joined in dossier.joined:
        for use in joined.apart:
            text = Text(
                "{name} of {pip} isn't the same as the use that it is filed with any more.",
                "{pip}的“{name}”与其对应场景已不相同。",
            )
            yield Found(text.fmt(name=use.name, pip=joined.pip.name), Place("scenario", use.pk))


@check(
    *("joint-whole", "joint", "error", FRM(15), PRACTICE("file-together")),
    en="All uses of a member are covered",
    zh="成员单位的全部应用均已纳入",
    kinds=IN_USE,
)
def whole(dossier: Dossier) -> Iterator[Found]:
    for joined in dossier.joined:
        for use in joined.uncovered:
            text = Text(
                "{pip} has a use under the Measures that isn't covered: {name}. Its filing would be incomplete.",
                "{pip}另有适用《办法》的应用未纳入：{name}，其备案将不完整。",
            )
            yield Found(text.fmt(name=use.name, pip=joined.pip.name), Place("scenario", use.pk))


@check(
    *("joint-assessed", "joint", "error", FRM(9), ANNOUNCEMENT()),
    en="Each member's use has an approved assessment",
    zh="成员单位的应用均有已批准的影响评估",
    kinds=IN_USE,
)
def assessed(dossier: Dossier) -> Iterator[Found]:
    for joined in dossier.joined:
        for use in joined.unassessed:
            text = Text("{name} of {pip} has no approved assessment.", "{pip}的“{name}”没有已批准的影响评估。")
            yield Found(text.fmt(name=use.name, pip=joined.pip.name), Place("scenario", use.pk))


@check(
    *("joint-earlier", "joint", "warning", FRM(15)),
    en="No member's own last day is earlier than the leader's",
    zh="成员单位的备案截止日不早于牵头单位",
    kinds=IN_USE,
)
def earlier(dossier: Dossier) -> Iterator[Found]:
    for joined in dossier.joined:
        if joined.due and dossier.due and joined.due < dossier.due:
            text = Text(
                "{pip} must be filed by {day} already, before the leader's {due}.",
                "{pip}应在{day}前备案，早于牵头单位的{due}。",
            )
            values = {"day": joined.due.isoformat(), "due": dossier.due.isoformat()}
            yield Found(text.fmt(pip=joined.pip.name, **values), Place("members"))


@check(
    *("joint-province", "joint", "hint", PRACTICE("file-together")),
    en="All members are registered in the province of the authority",
    zh="成员单位均在备案机关所在省注册",
    kinds=IN_USE,
)
def province(dossier: Dossier) -> Iterator[Found]:
    for joined in dossier.joined:
        if joined.pip.province != dossier.province:
            text = Text(
                "{pip} is registered in another province: make sure that the authority's word says so.",
                "{pip}在其他省份注册，请确认备案机关意见已涵盖该情形。",
            )
            yield Found(text.fmt(pip=joined.pip.name), Place("members"))

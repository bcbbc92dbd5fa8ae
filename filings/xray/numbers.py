"""Numbers of persons: the same in the crossing, on the forms, in the assessment and in the register."""

from collections.abc import Iterator

from filings.xray.inputs import Dossier
from filings.xray.registry import IN_USE, Found, Place, check
from portal.law.sources import ANNOUNCEMENT, DEFAULT, FRM, PRACTICE
from portal.law.text import Text
from portal.law.threshold import THRESHOLD

INITIAL = frozenset({"initial"})
APART_PERCENT = 10  # portal default: two counts of different days may differ as much


@check(
    *("crossing", "numbers", "warning", DEFAULT("xray"), PRACTICE("counting")),
    en="The confirmed number is that of the counts",
    zh="确认人数与计数一致",
    kinds=INITIAL,
)
def crossing(dossier: Dossier) -> Iterator[Found]:
    """The confirmed number must lie in the range that the register's counts give for that day."""
    confirmed, total = dossier.crossing, dossier.crossed
    if confirmed and total and not total.low <= confirmed.persons <= total.high:
        text = Text(
            "The crossing was confirmed with {confirmed} persons on {day}; the register's counts of that day now add"
            " up to {total}.",
            "达到人数经确认为{confirmed}人（{day}），而台账当日计数合计现为{total}人。",
        )
        values = {"confirmed": f"{confirmed.persons:,}", "day": confirmed.crossed_on.isoformat()}
        yield Found(text.fmt(**values, total=f"{total.high:,}"), Place("counts"))


@check(
    *("below", "numbers", "warning", PRACTICE("stored-now"), DEFAULT("review-below-threshold")),
    en="100,000 persons are stored",
    zh="存储人数达到10万人",
    kinds=INITIAL,
)
def below(dossier: Dossier) -> Iterator[Found]:
    if dossier.now.high < THRESHOLD:
        text = Text(
            "The register's counts now add up to {total}, fewer than 100,000. Have counsel decide before you file.",
            "台账计数现合计{total}人，低于10万人。备案前请由法律顾问判断。",
        )
        yield Found(text.fmt(total=f"{dossier.now.high:,}"), Place("counts"))


@check(
    *("uncounted", "numbers", "warning", FRM(15)),
    en="Every scenario has its number",
    zh="每个场景均有人数",
    kinds=IN_USE,
)
def uncounted(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if not one.sheet.persons:
            text = Text("{scenario} is covered, but stores nobody.", "{scenario}已纳入备案，但存储人数为零。")
            yield Found(text.fmt(scenario=one.name), Place("scenario", one.scenario.pk))


@check(
    *("assessed-count", "numbers", "warning", DEFAULT("xray")),
    en="The assessment was made on the same number",
    zh="评估报告人数与备案表一致",
    kinds=IN_USE,
)
def assessed_count(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        told = one.assessed or {}
        counted, on = told.get("persons"), told.get("persons_on")
        if counted is None or not one.sheet.counted_on:
            continue
        is_same_day = on == one.sheet.counted_on.isoformat()
        room = 0 if is_same_day else max(counted, one.sheet.persons) * APART_PERCENT / 100
        if abs(counted - one.sheet.persons) > room:
            text = Text(
                "{scenario}: the assessment was made on {told} persons ({on}), the application sheet says {sheet}.",
                "{scenario}：评估报告为{told}人（{on}），备案表为{sheet}人。",
            )
            values = {"told": f"{counted:,}", "on": on, "sheet": f"{one.sheet.persons:,}"}
            assessment = one.sheet.assessment
            place = Place("assessment", assessment.reference) if assessment else Place("counts")
            yield Found(text.fmt(scenario=one.name, **values), place)


@check(
    *("all-persons", "numbers", "error", DEFAULT("xray")),
    en="Fewer faces than persons",
    zh="人脸信息人数不超过个人信息总人数",
)
def all_persons(dossier: Dossier) -> Iterator[Found]:
    """The two forms would contradict each other."""
    total = dossier.pip.total_pi_persons
    if total is not None and total < dossier.now.low:
        text = Text(
            "The basic form says {total} persons in all, the application sheets {faces} with stored faces.",
            "基本情况表为个人信息总人数{total}人，备案表存储人脸信息{faces}人。",
        )
        values = {"total": f"{total:,}", "faces": f"{dossier.now.low:,}"}
        yield Found(text.fmt(**values), Place("pip", None, "total_pi_persons"))


@check(
    *("old-count", "numbers", "warning", DEFAULT("xray"), ANNOUNCEMENT()),
    en="No count is older than the crossing",
    zh="计数不早于达到日",
    kinds=INITIAL,
)
def old_count(dossier: Dossier) -> Iterator[Found]:
    if dossier.crossing is None:
        return
    for one in dossier.scenarios:
        on = one.sheet.counted_on
        if on and (dossier.crossing.crossed_on - on).days > 90:
            text = Text(
                "{scenario}: the newest count is of {day}, more than three months before the crossing.",
                "{scenario}：最近一次计数为{day}，早于达到日三个月以上。",
            )
            yield Found(text.fmt(scenario=one.name, day=on.isoformat()), Place("scenario", one.scenario.pk))

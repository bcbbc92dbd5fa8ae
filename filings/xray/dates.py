"""Dates: documents good until the last day for filing, a power of attorney in force, and the clock itself."""

from collections.abc import Iterator

from filings.papers import IDENTITY
from filings.xray.inputs import Dossier
from filings.xray.registry import Found, Place, check
from portal.law.sources import ANNOUNCEMENT, DEFAULT, FRM
from portal.law.text import Text

SOON_DAYS = 5  # working days


@check(
    *("expires", "dates", "error", DEFAULT("xray")),
    en="Certificates and documents are valid past the due date",
    zh="证件有效期晚于备案截止日",
)
def expires(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans("uscc-certificate", *IDENTITY, "power-of-attorney"):
        if facts.valid_until is None or facts.valid_until >= dossier.until:
            continue
        text = Text("{paper} ran out on {day}.", "{paper}已于{day}到期。")
        if facts.valid_until >= dossier.today:
            text = Text(
                "{paper} runs out on {day}, before the last day for filing ({due}).",
                "{paper}于{day}到期，早于备案截止日{due}。",
            )
        values = {"day": facts.valid_until.isoformat(), "due": dossier.until.isoformat()}
        yield Found(text.fmt(paper=paper.title, **values), Place("paper", paper.pk))


@check(
    *("not-yet", "dates", "error", DEFAULT("xray")),
    en="The power of attorney is in force",
    zh="授权委托书已生效",
)
def not_yet(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans("power-of-attorney"):
        if facts.valid_from and facts.valid_from > dossier.today:
            text = Text("{paper} is in force from {day} only.", "{paper}自{day}起方才生效。")
            yield Found(text.fmt(paper=paper.title, day=facts.valid_from.isoformat()), Place("paper", paper.pk))
        if facts.valid_from and facts.valid_until and facts.valid_from > facts.valid_until:
            text = Text("{paper} ends before it begins.", "{paper}的起始日晚于截止日。")
            yield Found(text.fmt(paper=paper.title), Place("read", paper.pk))


@check(
    *("dated", "dates", "error", DEFAULT("xray")),
    en="The commitment letter is dated, and not ahead",
    zh="承诺书日期无误",
)
def dated(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans("commitment"):
        if facts.dated_on and facts.dated_on > dossier.today:
            text = Text("{paper} is dated ahead: {day}.", "{paper}的落款日期尚未到来：{day}。")
            yield Found(text.fmt(paper=paper.title, day=facts.dated_on.isoformat()), Place("read", paper.pk))


@check(
    *("overdue", "dates", "warning", FRM(15), ANNOUNCEMENT()),
    en="The last day for filing is not past",
    zh="未逾备案期限",
)
def overdue(dossier: Dossier) -> Iterator[Found]:
    if dossier.due and dossier.due < dossier.today:
        text = Text(
            "The last day for filing was {day}. File at once, and be ready to say why.",
            "备案截止日为{day}，已逾期。请立即备案，并准备说明原因。",
        )
        yield Found(text.fmt(day=dossier.due.isoformat()), Place("clock"))


@check("soon", "dates", "hint", DEFAULT("safe-date"), en="There is time left", zh="时间充裕")
def soon(dossier: Dossier) -> Iterator[Found]:
    if dossier.due and dossier.due >= dossier.today and dossier.left is not None and dossier.left <= SOON_DAYS:
        text = Text("{count} working days are left until {day}.", "距备案截止日{day}还有{count}个工作日。")
        yield Found(text.fmt(count=dossier.left, day=dossier.due.isoformat()), Place("clock"))


@check("past-safe", "dates", "warning", DEFAULT("safe-date"), en="The safe date is not past", zh="未过安全日期")
def past_safe(dossier: Dossier) -> Iterator[Found]:
    """Only where the calendar may still move the legal date does the safe one lie before it."""
    if dossier.is_provisional and dossier.safe and dossier.due and dossier.safe < dossier.today <= dossier.due:
        text = Text(
            "The last day is provisional, and the safe day ({day}) has passed: file now.",
            "备案截止日为暂定，安全日期{day}已过，请尽快备案。",
        )
        yield Found(text.fmt(day=dossier.safe.isoformat()), Place("clock"))

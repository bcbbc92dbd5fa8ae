"""Papers: all of them there, read, sealed, signed, whole, and filled from the register as it is now."""

from collections import defaultdict
from collections.abc import Iterator

from filings.papers import READ_FROM, SIGNED, same
from filings.xray.inputs import Dossier, Paper
from filings.xray.registry import IN_USE, Found, Place, check
from portal.law.sources import DEFAULT, FRM, PRACTICE
from portal.law.text import Text

SEAL_DAYS = 7  # portal default: papers that are away longer are asked after


def listed(texts: list[Text]) -> Text:
    return Text("; ".join(text.en for text in texts), "；".join(text.zh for text in texts))


def reading(paper: Paper) -> Place:
    return Place("read", paper.pk)


@check(
    *("missing", "papers", "error", PRACTICE("materials"), FRM(15)),
    en="Every required material is there",
    zh="必备材料齐全",
)
def missing(dossier: Dossier) -> Iterator[Found]:
    lacking = [
        paper
        for paper in dossier.papers
        if paper.item.material.required and not paper.is_there and paper.code != "pipia-report"
    ]
    if len(lacking) == 1:
        yield Found(
            Text("1 material is missing: {names}.", "缺少1项材料：{names}。").fmt(names=lacking[0].title),
            Place("paper", lacking[0].pk),
        )
    elif lacking:
        text = Text("{count} materials are missing: {names}.", "缺少{count}项材料：{names}。")
        yield Found(
            text.fmt(count=len(lacking), names=listed([one.title for one in lacking])), Place("paper", lacking[0].pk)
        )


@check(
    *("disposal", "papers", "error", FRM(15)),
    en="The disposal of the face information is proved",
    zh="人脸信息处置已有证明",
    kinds=frozenset({"termination"}),
)
def disposal(dossier: Dossier) -> Iterator[Found]:
    """With the cancellation the face information is handled as the law says."""
    if dossier.undisposed:
        text = Text("The proof of disposal is missing.", "缺少人脸信息处置证明。")
        yield Found(text, Place("ending", dossier.undisposed))


@check("stale", "papers", "warning", DEFAULT("xray"), en="Drafts say what the register says", zh="草稿与台账一致")
def stale(dossier: Dossier) -> Iterator[Found]:
    found = [paper.title for paper in dossier.papers if paper.is_stale]
    if found:
        text = Text(
            "The register changed after these papers were filled: {names}. Fill them again.",
            "以下材料生成后台账已变更，请重新生成：{names}。",
        )
        yield Found(text.fmt(names=listed(found)), Place("papers"))


@check(
    *("sealed-stale", "papers", "error", DEFAULT("xray")),
    en="What was sealed says what the register says",
    zh="已用印的文本与台账一致",
)
def sealed_stale(dossier: Dossier) -> Iterator[Found]:
    for paper in dossier.papers:
        if paper.is_sealed_stale:
            text = Text(
                "{paper}: the register changed after it was taken to the seal. Fill, seal and scan it again.",
                "{paper}：送交用印后台账已变更，请重新生成、用印并扫描。",
            )
            yield Found(text.fmt(paper=paper.title), Place("papers"))


@check("at-the-seal", "papers", "warning", DEFAULT("xray"), en="No paper is away for long", zh="无材料长期在外用印")
def at_the_seal(dossier: Dossier) -> Iterator[Found]:
    for paper in dossier.papers:
        if paper.at_seal_since and (dossier.today - paper.at_seal_since).days > SEAL_DAYS:
            text = Text("{paper} has been at the seal since {day}.", "{paper}自{day}起送交用印，尚未取回。")
            yield Found(text.fmt(paper=paper.title, day=paper.at_seal_since.isoformat()), Place("seal"))


@check("unread", "papers", "warning", DEFAULT("xray"), en="Every scan was read", zh="扫描件均已核读")
def unread(dossier: Dossier) -> Iterator[Found]:
    waiting = [paper for paper in dossier.papers if paper.code in READ_FROM and paper.is_there and not paper.facts]
    if waiting:
        text = Text(
            "Nobody has read yet, so it can't be compared: {names}.", "尚未核读扫描件，无法与台账比对：{names}。"
        )
        yield Found(text.fmt(names=listed([one.title for one in waiting])), reading(waiting[0]))


@check("unsealed", "papers", "error", PRACTICE("materials"), en="Every seal is there", zh="印章齐全")
def unsealed(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans(*READ_FROM):
        if paper.item.material.needs_seal and facts.has_seal is False:
            text = Text("{paper}: the scan shows no seal.", "{paper}：扫描件上未见公章。")
            yield Found(text.fmt(paper=paper.title), Place("paper", paper.pk))
        elif facts.is_copy and facts.has_seal is False:
            text = Text(
                "{paper}: a copy must be sealed, and this one isn't.", "{paper}：复印件须加盖公章，该件未盖章。"
            )
            yield Found(text.fmt(paper=paper.title), Place("paper", paper.pk))


@check("unsigned", "papers", "error", DEFAULT("xray"), en="Every signature is there", zh="签字齐全")
def unsigned(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans(*SIGNED):
        if facts.has_signature is False:
            text = Text("{paper}: the scan shows no signature.", "{paper}：扫描件上未见签字。")
            yield Found(text.fmt(paper=paper.title), Place("paper", paper.pk))


@check("half-read", "papers", "warning", DEFAULT("xray"), en="Nothing was left out in reading", zh="核读项目完整")
def half_read(dossier: Dossier) -> Iterator[Found]:
    """A seal or a signature that nobody looked for is as good as none."""
    for paper, facts in dossier.scans(*READ_FROM):
        asked = READ_FROM[paper.code]
        open_end = "valid_until" in asked and not facts.valid_until and not facts.is_long_term
        empty = any(not getattr(facts, name) for name in ("name", "uscc", "agent", "dated_on") if name in asked)
        unlooked = paper.item.material.needs_seal and None in (facts.has_seal, facts.has_signature)
        if open_end or empty or unlooked:
            text = Text("{paper}: its facts were read in part only.", "{paper}：核读项目不完整。")
            yield Found(text.fmt(paper=paper.title), reading(paper))


@check("pages", "papers", "error", DEFAULT("xray"), en="Every page is there", zh="页数完整")
def pages(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans(*READ_FROM):
        if facts.pages and facts.pages_of and facts.pages != facts.pages_of:
            text = Text(
                "{paper}: the file has {pages} pages, the paper {pages_of}.",
                "{paper}：文件共{pages}页，原件共{pages_of}页。",
            )
            yield Found(
                text.fmt(paper=paper.title, pages=facts.pages, pages_of=facts.pages_of), Place("paper", paper.pk)
            )


@check(
    "same-file", "papers", "warning", DEFAULT("xray"), en="No file stands for two materials", zh="各材料文件互不重复"
)
def same_file(dossier: Dossier) -> Iterator[Found]:
    """A representative who is the agent himself hands in the same document twice, rightly."""
    by_hash: dict[str, list[Paper]] = defaultdict(list)
    for paper in dossier.papers:
        if paper.item.document.evidence:
            by_hash[paper.item.document.evidence.sha256].append(paper)
    pip = dossier.pip
    is_one_person = bool(pip.agent_name) and same(pip.agent_name, pip.legal_representative)
    for papers in by_hash.values():
        codes = {paper.code for paper in papers}
        if len(codes) < 2 or (is_one_person and codes == {"representative-id", "agent-id"}):
            continue
        text = Text("The very same file was handed in as: {names}.", "同一文件被用作多项材料：{names}。")
        yield Found(text.fmt(names=listed([one.title for one in papers])), Place("paper", papers[-1].pk))


@check(
    *("rules", "papers", "warning", FRM(15), PRACTICE("materials")),
    en="Processing rules and operating procedures are there",
    zh="已附处理规则和操作规程",
    kinds=IN_USE,
)
def rules(dossier: Dossier) -> Iterator[Found]:
    """FRM Art 15 names them; the provincial lists take them as other relevant materials."""
    others = [paper for paper in dossier.papers if paper.code == "other"]
    if others and not any(paper.is_there for paper in others):
        text = Text(
            "Article 15 also asks for the processing rules and operating procedures: add them as other materials.",
            "《办法》第十五条还要求提交处理规则和操作规程，请作为其他相关材料上传。",
        )
        yield Found(text, Place("paper", others[0].pk))

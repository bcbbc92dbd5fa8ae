"""联合备案成员单位一览表: the members of a joint filing, their uses, persons and assessments."""

from filings import sheets, wording, wording_joint
from filings.joint import Member, members_of
from filings.models import Filing
from filings.register import ScenarioSheet
from filings.sheets import Paper
from portal.documents.sheet import Section, Sheet, Table
from portal.law import enums
from portal.law.text import Text

FILE = "01-附件-联合备案成员单位一览表"


def members(paper: Paper, filing: Filing) -> Sheet:
    """Who is covered beside the PIP that files, by which use it is the same as, and the authority's word for it."""
    found = members_of(filing, paper.as_of)
    header = tuple(map(paper.say, wording_joint.HEADER))
    rows = tuple(cells(paper, member, of, like=use.like.name) for member in found for use, of in member.lines)
    total = f"{sum(member.persons for member in found):,}"
    words = dict.fromkeys((use.agreed_on, use.agreed_how) for member in found for use in member.uses)
    told = [paper.say(wording_joint.TOTAL, members=len(found), total=total)]
    told += [paper.say(wording_joint.AGREED, day=paper.day(on), how=how) for on, how in words]
    return Sheet(
        title=paper.say(wording_joint.TITLE),
        subtitle=paper.pip.name,
        language=paper.language,
        reference=paper.reference,
        sections=(
            Section(paragraphs=(paper.say(wording_joint.INTRO, name=paper.pip.name),)),
            Section(table=Table(header, rows, (2.2, 2.2, 1.1, 1.6, 1.6, 1.2, 0.9, 1.7), numeric=(5, 6))),
            Section(paragraphs=tuple(told)),
        ),
        notice=paper.say(sheets.WORKING_SHEET),
        as_of=paper.as_of,
        digest_line=paper.say(wording.DIGEST, digest=paper.digest) if paper.digest else "",
    )


def cells(paper: Paper, member: Member, of: ScenarioSheet, *, like: str) -> tuple[str, ...]:
    """A use of a member as a row of the list."""
    province = enums.PROVINCES.get(member.pip.province)
    nothing = Text("none", "无")
    return (
        member.pip.name,
        member.pip.uscc,
        paper.say(province.name) if province else "",
        f"{of.scenario.name}（{of.scenario.code}）",
        like,
        f"{of.persons:,}" if of.counted_on else "–",
        f"{of.number:,}",
        f"{of.assessment.reference} {of.assessment.approved_on}" if of.assessment else paper.say(nothing),
    )

"""用印申请单: the slip with which papers go to the seal."""

from filings import wording
from filings.models import Sealing
from filings.sheets import Paper
from portal.documents.sheet import Row, Section, Sheet, Table
from portal.law.checklists import material


def slip(paper: Paper, sealing: Sealing) -> Sheet:
    """The request for the seal: which drafts go, by their hashes, how often, and who takes them."""
    values = {
        "pip": paper.pip.name,
        "reference": paper.reference,
        "number": f"{paper.reference}-{sealing.number:02d}",
        "for": paper.say(wording.SLIP_FOR),
        "to": paper.say(paper.authority),
        "taken_by": sealing.taken_by,
        "taken_on": paper.day(sealing.taken_on),
    }
    rows = tuple(Row(paper.say(wording.SLIP_ROWS[code]), value) for code, value in values.items())
    header = tuple(map(paper.say, wording.SLIP_HEADER))
    papers = tuple(
        (
            str(number),
            paper.say(material(one.document.material).title),
            str(sealing.copies),
            one.evidence.sha256[:16],
        )
        for number, one in enumerate(sealing.papers.select_related("document", "evidence"), start=1)
    )
    table = Table(header, papers, (1, 4, 1, 3), (2,))
    return Sheet(
        title=paper.say(wording.SLIP_TITLE),
        subtitle=paper.pip.name,
        language=paper.language,
        reference=values["number"],
        sections=(Section(rows=rows), Section(paper.say(wording.SLIP_PAPERS), table=table)),
        notice=paper.say(wording.SLIP_NOTICE),
        signature=tuple(map(paper.say, wording.SLIP_SIGNATURE)),
        as_of=sealing.taken_on,
    )

"""Capture areas of a scenario as an annex of the dossier: their plans with the outline, position, angle and range."""

from dataclasses import replace
from typing import Any

from django.db.models import Q

from deployments.models import CaptureArea
from deployments.outline import shares
from filings import wording
from filings.register import IN_USE, ScenarioSheet
from filings.sheets import Paper
from portal.documents.drawing import outlined
from portal.documents.sheet import Picture, Row, Section, Sheet
from portal.evidence.services import reader

# A scenario may have thousands of areas: a paper that holds the plans of all would be too heavy to file.
MOST_PRINTED = 60


def areas_file(of: ScenarioSheet) -> str:
    """The name of the annex with the capture areas of a scenario."""
    return f"02-附件-采集区域图-{of.scenario.code}.pdf"


def areas_sheet(paper: Paper, of: ScenarioSheet) -> Sheet | None:
    """The annex; None where no area is described or drawn."""
    rows = CaptureArea.objects.filter(deployment__scenario=of.scenario, deployment__status__in=IN_USE)
    described = rows.filter(Q(plan__isnull=False) | ~Q(position="") | ~Q(angle="") | ~Q(reach=""))
    number = described.count()
    if not number:
        return None
    beside = ("deployment__site", "plan", "plan_shown")
    printed = described.select_related(*beside).order_by("deployment__code", "name")[:MOST_PRINTED]
    first = [paper.say(wording.AREAS_NOTE, number=f"{number:,}")]
    if number > MOST_PRINTED:
        first.append(paper.say(wording.AREAS_MORE, shown=MOST_PRINTED))
    return Sheet(
        title=paper.say(wording.AREAS),
        subtitle=f"{paper.pip.name} · {of.scenario.name}",
        language=paper.language,
        reference=paper.reference,
        sections=(Section(paragraphs=tuple(first)), *(_section(paper, area) for area in printed)),
        as_of=paper.as_of,
        digest_line=paper.say(wording.DIGEST, digest=paper.digest) if paper.digest else "",
    )


def _section(paper: Paper, area: CaptureArea) -> Section:
    values: dict[str, Any] = {
        "site": f"{area.deployment.site.name}（{area.deployment.code}）",
        "position": area.position,
        "angle": area.angle,
        "reach": area.reach,
        "plan": area.plan.name if area.plan else "",
    }
    notes = {"plan": f"SHA-256 {area.plan.sha256}"} if area.plan else {}
    rows = tuple(
        Row(paper.say(wording.AREA_ROWS[code]), value, note=notes.get(code, ""))
        for code, value in values.items()
        if value
    )
    section = Section(area.name, rows=rows)
    return replace(section, picture=_picture(paper, area)) if area.plan_shown else section


def _picture(paper: Paper, area: CaptureArea) -> Picture:
    corners = shares(area.outline)
    with reader(area.plan_shown) as file:
        drawn = outlined(file.read(), corners)
    if not corners:
        return Picture(drawn, paper.say(wording.AREA_BARE, name=area.name), paper.say(wording.AREA_NO_OUTLINE))
    description = paper.say(wording.AREA_PICTURE, name=area.name, number=len(corners))
    return Picture(drawn, description, paper.say(wording.AREA_CORNERS, number=len(corners)))

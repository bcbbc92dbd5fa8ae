"""What the pages of an assessment share: the row, who may do what with it, and its sections as an index."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.choices import UNDER_WAY
from assessments.content import Content
from assessments.models import Assessment, Author, Measure, SectionReview
from assessments.services.approval import steps_of
from portal.calendars.clock import civil_today
from portal.law.pipia import Section

WITH_PEOPLE = ("tenant", "pip", "report", "signed_scan", "written_by", "approved_by", "supersedes__tenant")


@dataclass(frozen=True)
class Rights:
    """What the reader may do with an assessment as it stands."""

    may_write: bool
    may_review: bool
    may_remark: bool
    may_approve: bool
    is_author: bool


@dataclass(frozen=True)
class IndexLine:
    """A page of the assessment in the index at its side."""

    label: str
    url: str
    number: str = ""
    state: str = ""
    done: int = 0
    asked: int = 0
    is_current: bool = False


@dataclass
class Index:
    """The pages of an assessment, with how far each is."""

    lines: list[IndexLine] = field(default_factory=list)
    done: int = 0
    asked: int = 0


def address(request: HttpRequest, name: str, *parts: Any) -> str:
    """An address of assessments in the reader's workspace."""
    return reverse(f"assessments:{name}", args=[request.tenant.slug, *parts])


def rights_of(request: HttpRequest, row: Assessment) -> Rights:
    writes = request.access.can("write_assessment", row.pip_id)
    approves = request.access.can("approve_assessment", row.pip_id)
    is_author = (
        row.written_by_id == request.user.pk or Author.objects.filter(assessment=row, user=request.user).exists()
    )
    is_under_way = row.state in UNDER_WAY and not row.is_external
    return Rights(
        may_write=writes and row.is_open and not row.is_external,
        may_review=approves and is_under_way and not is_author,
        may_remark=is_under_way and (writes or approves),
        may_approve=approves and row.state == "submitted",
        is_author=is_author,
    )


def index_of(
    request: HttpRequest, content: Content, states: dict[str, str], current: Section | str | None = None
) -> Index:
    """The sections, the risks and the conclusion, each with its state and how far it is."""
    row = content.assessment
    index = Index(done=content.progress()[0], asked=content.progress()[1])
    for section in content.template.sections:
        done, asked = content.progress(section)
        index.lines.append(
            IndexLine(
                section.title.in_(request.LANGUAGE_CODE),
                address(request, "section", row.reference, section.code),
                section.number,
                states.get(section.code, "pending"),
                done,
                asked,
                section == current,
            )
        )
    weighed = sum(None not in steps_of(risk) for risk in content.risks)
    index.lines.append(
        IndexLine(
            _("Risks and measures"),
            address(request, "risks", row.reference),
            done=weighed,
            asked=len(content.risks),
            is_current=current == "risks",
        )
    )
    return index


def review_states(row: Assessment) -> dict[str, str]:
    """What reviewers said of the sections."""
    return dict(SectionReview.objects.filter(assessment=row).values_list("section", "state"))


def is_late(measure: Measure) -> bool:
    """Whether it should be done and isn't."""
    return measure.done_on is None and measure.due_on is not None and measure.due_on < civil_today()


def crumbs(request: HttpRequest, row: Assessment | None, *last: str) -> list[tuple[str, str]]:
    """Label and address of the steps that lead here."""
    steps = [(_("Impact assessments"), address(request, "assessments"))]
    if row is not None:
        steps.append((row.reference, row.get_absolute_url()))
    return [*steps, *((label, "") for label in last)]

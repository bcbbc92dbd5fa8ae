"""The record of an assessment: how far it is, what it comes to, its papers, what changed since; and its versions."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import services
from assessments.choices import SETTLED, badge_of
from assessments.compare import differences
from assessments.content import Content, read
from assessments.frozen import BY_LAW, WATCHED, depth_of_facts, fact_in_words
from assessments.models import INCIDENT, Assessment, Outdating, Version
from assessments.report import report_sheet
from assessments.retention import Retention, retention_of
from assessments.section_form import name_of
from assessments.services.approval import steps_of
from assessments.staleness import HAPPENED, since_begun
from assessments.templatetags.pipia import spoken
from assessments.views.common import (
    WITH_PEOPLE,
    Rights,
    address,
    crumbs,
    index_of,
    is_late,
    review_states,
    rights_of,
)
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.documents.pdf import render_pdf
from portal.evidence.responses import made
from portal.law.depth import TITLE
from portal.law.sources import FRM, PIPL
from portal.tenancy.choices import in_language

SHOWN_GAPS = 12


@dataclass(frozen=True)
class Gap:
    """Something that is missing before the assessment can be handed in, and the place where it is filled."""

    label: str
    url: str
    section: str = ""


@page("view_pip")
def assessment(request: HttpRequest, reference: str) -> HttpResponse:
    """The record: what comes next for this reader, and everything that hangs on the assessment."""
    row = request.access.get(Assessment.objects.select_related(*WITH_PEOPLE), "view_pip", reference=reference)
    rights = rights_of(request, row)
    content = None if row.is_external or row.state == "erased" else read(row)
    covered = list(content.covered if content else row.covered.select_related("scenario"))
    kept = retention_of(row) if row.state in SETTLED else None
    context = {
        "assessment": row,
        "erasing": erasing(request, row, kept) if row.approved_on else None,
        "badge": badge_of(row.state),
        "rights": rights,
        "rows": report_rows(row, covered, kept),
        "scenario": covered[0].scenario if covered else None,
        "cites": [FRM(9), PIPL(55)],
        "elements": [Assessment._meta.get_field(code).verbose_name for code in services.ELEMENTS],
        "outdated": outdated(row),
        "may_write": request.access.can("write_assessment", row.pip_id),
        "newer": row.superseded_by.exclude(pk=row.pk).select_related("tenant").first(),
        "steps": timeline(row),
        "crumbs": crumbs(request, None, row.reference),
    }
    if content is not None:
        context |= written_here(request, content, rights)
    return render(request, "assessments/assessment.html", context)


def written_here(request: HttpRequest, content: Content, rights: Rights) -> dict[str, Any]:
    """What the record of an assessment has that is written in the portal."""
    row = content.assessment
    found = gaps(request, content) if row.is_open else []
    measures = [one for risk in content.risks for one in risk.measures.all()]
    return {
        "index": index_of(request, content, review_states(row)),
        "gaps": found[:SHOWN_GAPS],
        "more_gaps": found[SHOWN_GAPS:],
        "is_complete": not found,
        "drift": since_begun(content.covered) if rights.may_write else [],
        "measures": [(one, is_late(one)) for one in measures],
        "reports": list(row.reports.select_related("evidence")),
        "versions": list(row.versions.select_related("made_by").defer("content")),
    }


def gaps(request: HttpRequest, content: Content) -> list[Gap]:
    """What is missing, each with the address of its field."""
    row, language = content.assessment, request.LANGUAGE_CODE
    codes = {one.scenario_id: one.scenario.code for one in content.covered}
    found = [
        Gap(
            question.text.in_(language) + (f" ({codes[place]})" if place and len(codes) > 1 else ""),
            address(request, "section", row.reference, section.code) + f"#q-{name_of((question.code, place))}",
            section.number,
        )
        for section, question, place in content.missing()
    ]
    for risk in content.risks:
        if None in steps_of(risk):
            title = str(risk.get_threat_display()) if risk.threat else risk.title
            label = _("Weigh the risk: %(risk)s") % {"risk": title}
            found.append(Gap(label, address(request, "risk", row.reference, risk.pk)))
    if not row.conclusion:
        found.append(Gap(_("Conclusion: may the processing proceed?"), address(request, "conclusion", row.reference)))
    if row.third_party and not row.third_party_part:
        found.append(Gap(_("The part of the third party"), address(request, "conclusion", row.reference)))
    return found


def outdated(row: Assessment) -> list[dict[str, Any]]:
    """What changed since the approval, old and new in words, and whether law or portal says that it matters."""
    if row.state != "approved":
        return []
    changes = Outdating.objects.standing().filter(assessment=row).select_related("scenario").order_by("id")
    return [
        {
            "fact": (WATCHED | HAPPENED).get(one.fact, one.fact),
            "url": reverse("cases:incident", args=[row.tenant.slug, one.new]) if one.fact == INCIDENT else "",
            "old": fact_in_words(one.fact, one.old),
            "new": fact_in_words(one.fact, one.new),
            "on": one.changed_on,
            "scenario": one.scenario,
            "layer": "law" if one.fact in BY_LAW else "default",
        }
        for one in changes
    ]


def timeline(row: Assessment) -> list[dict[str, Any]]:
    """The steps on the way to approval, the newest first."""
    kinds = {"submitted": "submitted", "returned": "correction", "approved": "accepted", "scanned": "evidence"}
    return [
        {
            "moment": step.taken_at,
            "who": str(step.taken_by),
            "what": f"{step.get_what_display()}{f' · v{step.version.number}' if step.version else ''}",
            "detail": spoken(step.comment),
            "kind": kinds.get(step.what, "system"),
        }
        for step in row.steps.select_related("taken_by", "version").defer("version__content")
    ]


def erasing(request: HttpRequest, row: Assessment, kept: Retention | None) -> dict[str, Any]:
    """Where the erasure stands, and what the reader may do about it."""
    asked = row.erasures.filter(withdrawn_on__isnull=True).select_related("asked_by", "confirmed_by").first()
    is_over = kept is not None and kept.is_over(civil_today())
    is_waiting = asked is not None and asked.confirmed_on is None
    writes = request.access.can("write_assessment", row.pip_id)
    return {
        "asked": asked,
        "is_waiting": is_waiting,
        "may_ask": is_over and asked is None and writes,
        "may_withdraw": is_waiting and writes,
        "may_confirm": is_waiting
        and is_over
        and asked.asked_by_id != request.user.pk
        and request.access.can("approve_assessment", row.pip_id),
    }


def report_rows(row: Assessment, covered: list[Any], kept: Retention | None) -> list[tuple]:
    """The record's facts as label and value."""
    authors = ", ".join(str(one.user) for one in row.authors.select_related("user").order_by("id"))
    return [
        *((_("Scenario"), one.facts.get("name", one.scenario.name), one.scenario.code) for one in covered),
        *(
            [(_("Report"), row.report.name, filesizeformat(row.report.size)), (_("SHA-256"), row.report.sha256)]
            if row.report
            else []
        ),
        *([(_("Signed report"), row.signed_scan.name)] if row.signed_scan else []),
        *depth_rows(row, covered),
        *([(_("Conclusion"), row.get_conclusion_display())] if not row.is_external else []),
        *([(_("Third party"), spoken(row.third_party), spoken(row.third_party_part))] if row.third_party else []),
        (_("Author"), authors or row.written_by),
        *([(_("Renews"), row.supersedes)] if row.supersedes else []),
        *settled_rows(row, kept),
    ]


def depth_rows(row: Assessment, covered: list[Any]) -> list[tuple]:
    """How deep the assessment goes by the facts that it is made on."""
    if row.is_external or row.state == "erased":
        return []
    found = [depth_of_facts(one.facts) for one in covered]
    reasons = dict.fromkeys(str(in_language(reason)) for depth in found for reason in depth.reasons)
    deepest = max(found, key=lambda depth: len(depth.reasons))
    why = _(", ").join(reasons)
    note = f"{in_language(deepest.meaning)} {_('portal default, not law')}{_(': ') + why if why else ''}"
    return [(in_language(TITLE), in_language(deepest.name), note)]


def settled_rows(row: Assessment, kept: Retention | None) -> list[tuple]:
    if row.approved_on is None:
        return []
    alone = _("its author: nobody else in the workspace may approve") if row.is_one_person else ""
    return [
        (_("Approved by"), row.approved_by, alone),
        (_("Approved on"), row.approved_on),
        *([kept_row(row, kept)] if kept else []),
        *([(_("Next review"), row.review_on, _("portal default, not law"))] if row.state == "approved" else []),
    ]


def kept_row(row: Assessment, kept: Retention) -> tuple:
    """The last day on which it is kept, and whether the law or the portal's default says so."""
    if kept.until is None:
        note = _("three years after the end of use (portal default), by law until %(day)s at least (Article 9)")
        return (_("Keep until"), _("while it is in use"), note % {"day": row.keep_until.isoformat()})
    if kept.layer == "law":
        return (_("Keep until"), kept.until, _("three years from the approval (Article 9)"))
    return (_("Keep until"), kept.until, _("three years after the end of use (portal default, not law)"))


@page("view_pip")
def versions(request: HttpRequest, reference: str) -> HttpResponse:
    """Two versions side by side, question by question; the newest two unless others are named."""
    rows = Assessment.objects.select_related(*WITH_PEOPLE)
    row = request.access.get(rows, "view_pip", reference=reference, is_external=False)
    found = list(Version.objects.filter(assessment=row).select_related("made_by").defer("content"))
    numbers = [one.number for one in found]
    old, new = chosen(request.GET.get("old"), numbers, 1), chosen(request.GET.get("new"), numbers, 0)
    language = "zh" if request.LANGUAGE_CODE.startswith("zh") else "en"
    changed = None
    if old is not None and new is not None:
        contents = dict(Version.objects.filter(assessment=row, number__in=[old, new]).values_list("number", "content"))
        changed = differences(contents[old], contents[new], language)
    context = {
        "assessment": row,
        "badge": badge_of(row.state),
        "versions": found,
        "old": old,
        "new": new,
        "changed": changed,
        "crumbs": crumbs(request, row, _("Versions")),
    }
    return render(request, "assessments/versions.html", context)


@page("view_pip")
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest version as the paper that its approval will keep, without the approval."""
    rows = Assessment.objects.select_related(*WITH_PEOPLE)
    row = request.access.get(rows, "view_pip", reference=reference, is_external=False)
    version = row.versions.first()
    if version is None or "template" not in version.content:
        raise Http404
    language = "en" if request.GET.get("language") == "en" else "zh"
    name = f"{row.reference}-v{version.number}-{language}.pdf"
    return made(render_pdf(report_sheet(row, version, language)), name)


def chosen(asked: str | None, numbers: list[int], place: int) -> int | None:
    """The version that was asked for, else the one at that place; 404 for one that isn't there."""
    if asked:
        if not (asked.isascii() and asked.isdigit() and int(asked) in numbers):
            raise Http404
        return int(asked)
    return numbers[place] if len(numbers) > place else None

"""The risks of an assessment before and after the measures, the matrix, and the measures as tasks."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments import services
from assessments.choices import badge_of
from assessments.content import read
from assessments.forms import MeasureForm, RiskForm
from assessments.models import Assessment, Measure, Risk
from assessments.report import LEVELS
from assessments.services.approval import steps_of
from assessments.tongues import part
from assessments.views.common import (
    WITH_PEOPLE,
    address,
    crumbs,
    index_of,
    is_late,
    review_states,
    rights_of,
)
from assessments.views.section import row_of
from deployments.views.editing import FormPage, edit, for_writing
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.pipia import LIKELIHOOD, SEVERITY, level
from portal.law.sources import FRM
from portal.ui import charts


@dataclass(frozen=True)
class RiskLine:
    """A risk with its number, its levels in words, and its measures."""

    number: int
    risk: Risk
    title: str
    before: str
    after: str
    before_words: str
    after_words: str
    measures: list[tuple[Measure, bool]]

    @property
    def is_weighed(self) -> bool:
        return None not in steps_of(self.risk)


def lines_of(risks: tuple[Risk, ...], language: str) -> list[RiskLine]:
    """The risks as the page and its chart show them."""
    lines = []
    for number, risk in enumerate(risks, start=1):
        before, after = (risk.likelihood, risk.severity), (risk.likelihood_after, risk.severity_after)
        lines.append(
            RiskLine(
                number,
                risk,
                str(risk.get_threat_display()) if risk.threat else part(risk.title, get_language() or "en"),
                level(*before) if None not in before else "",
                level(*after) if None not in after else "",
                in_words(*before, language),
                in_words(*after, language),
                [(one, is_late(one)) for one in risk.measures.all()],
            )
        )
    return lines


def in_words(likelihood: int | None, severity: int | None, language: str) -> str:
    if likelihood is None or severity is None:
        return ""
    steps = f"{likelihood} {LIKELIHOOD[likelihood].in_(language)} × {severity} {SEVERITY[severity].in_(language)}"
    return f"{steps} · {LEVELS[level(likelihood, severity)].in_(language)}"


@page("view_pip")
def risks(request: HttpRequest, reference: str) -> HttpResponse:
    """All risks: the matrix, its table, and what is done."""
    row = row_of(request, reference)
    content = read(row)
    lines = lines_of(content.risks, request.LANGUAGE_CODE)
    context = {
        "assessment": row,
        "badge": badge_of(row.state),
        "lines": lines,
        "rights": rights_of(request, row),
        "index": index_of(request, content, review_states(row), "risks"),
        "matrix": charts.matrix([(one.number, *steps_of(one.risk)) for one in lines]),
        "likelihood": list(LIKELIHOOD.items()),
        "severity": sorted(SEVERITY.items(), reverse=True),
        "levels": LEVELS,
        "may_track": request.access.can("write_assessment", row.pip_id),
        "today": civil_today(),
        "crumbs": crumbs(request, row, _("Risks and measures")),
        "next_section": next((one.code for one in content.template.sections if one.element == 4), ""),
        "cites": [FRM(9)],
    }
    return render(request, "assessments/risks.html", context)


def writable(request: HttpRequest, reference: str) -> Assessment:
    """The assessment, held while the request writes, so that what the form compares stays true."""
    rows = for_writing(request, Assessment.objects.select_related(*WITH_PEOPLE))
    return request.access.get(rows, "write_assessment", reference=reference, is_external=False)


def under(request: HttpRequest, row: Assessment, title: str, submit: str, **more: Any) -> FormPage:
    """A form page under the risks."""
    back = address(request, "risks", row.reference)
    steps = [*crumbs(request, row), (_("Risks and measures"), back), (title, "")]
    return FormPage(title, submit, back, steps, template="assessments/form.html", **more)


@page("write_assessment", writes=True)
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a risk of one's own."""
    row = writable(request, reference)
    fresh = Risk(tenant=request.tenant, pip_id=row.pip_id, assessment=row)
    return edit(
        request,
        under(request, row, _("Add a risk"), _("Add the risk"), note=_("Beside the seven of Article 9.")),
        RiskForm(request.POST or None, instance=fresh, request=request),
        lambda values: services.add_risk(row, by=request.user, **values),
        to=lambda made: address(request, "risks", reference) + f"#risk-{made.pk}",
        said=_("The risk is added."),
    )


@page("write_assessment", writes=True)
def weigh(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Weigh a risk before and after the measures."""
    row = writable(request, reference)
    risk = request.access.get(Risk, "write_assessment", pk=pk, assessment=row)
    risk.assessment = row
    version = risk.version
    title = str(risk.get_threat_display()) if risk.threat else part(risk.title, get_language() or "en")
    note = _("Steps 1 to 4 and the levels are the portal's default, not law.")
    context = {"second": ("next", _("Save and weigh the next"))}
    return edit(
        request,
        under(request, row, title, _("Save the risk"), note=note, context=context),
        RiskForm(request.POST or None, instance=risk, request=request),
        lambda values: services.weigh(risk, version=version, by=request.user, **values),
        to=lambda made: after_weighing(request, row, made),
        said=_("Saved."),
    )


def after_weighing(request: HttpRequest, row: Assessment, risk: Risk) -> str:
    """The next risk that isn't weighed yet, if the button asked for it, else all risks."""
    if "next" in request.POST:
        waiting = [one for one in row.risks.all() if None in steps_of(one) and one.pk != risk.pk]
        later = [one for one in waiting if one.pk > risk.pk] or waiting
        if later:
            return address(request, "risk", row.reference, later[0].pk)
    return address(request, "risks", row.reference) + f"#risk-{risk.pk}"


@page("write_assessment", writes=True)
def remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take an own risk out; a GET leads to the risks."""
    row = writable(request, reference)
    risk = request.access.get(Risk, "write_assessment", pk=pk, assessment=row)
    if request.method == "POST":
        risk.assessment = row
        services.remove_risk(risk, by=request.user)
        messages.success(request, _("The risk is removed."))
    return redirect(address(request, "risks", reference))


@page("write_assessment", writes=True)
def measure_add(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Add what is done against a risk."""
    row = writable(request, reference)
    risk = request.access.get(Risk, "write_assessment", pk=pk, assessment=row)
    risk.assessment = row
    fresh = Measure(tenant=request.tenant, pip_id=row.pip_id, assessment=row, risk=risk)
    return edit(
        request,
        under(request, row, _("Add a measure"), _("Add the measure"), note=str(risk)),
        MeasureForm(request.POST or None, request.FILES or None, instance=fresh, request=request),
        lambda values: services.add_measure(risk, by=request.user, today=civil_today(), **values),
        to=address(request, "risks", reference) + f"#risk-{pk}",
        said=_("The measure is added."),
    )


@page("write_assessment", writes=True)
def measure(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Change a measure: after the approval who, until when, done on, and the proof."""
    row = writable(request, reference)
    found = request.access.get(Measure.objects.select_related("risk"), "write_assessment", pk=pk, assessment=row)
    found.assessment = row
    return edit(
        request,
        under(request, row, _("Edit the measure"), _("Save the measure"), note=str(found.risk)),
        MeasureForm(
            request.POST or None,
            request.FILES or None,
            instance=found,
            request=request,
            is_settled=not row.is_open,
        ),
        lambda values: services.edit_measure(found, by=request.user, today=civil_today(), **values),
        to=address(request, "risks", reference) + f"#risk-{found.risk_id}",
        said=_("Saved."),
    )


@page("write_assessment", writes=True)
def measure_remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a measure out while the assessment is open; a GET leads to the risks."""
    row = writable(request, reference)
    found = request.access.get(Measure, "write_assessment", pk=pk, assessment=row)
    if request.method == "POST":
        found.assessment = row
        services.remove_measure(found, by=request.user)
        messages.success(request, _("The measure is removed."))
    return redirect(address(request, "risks", reference))

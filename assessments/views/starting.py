"""Begin an assessment: write one here, register one made elsewhere, assess again, take today's facts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import services
from assessments.choices import UNDER_WAY
from assessments.forms import OutsideForm, StartForm
from assessments.frozen import depth_of_scenario
from assessments.models import AssessedScenario, Assessment
from assessments.views.common import address
from deployments.models import Scenario
from deployments.sameness import differences
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.depth import TITLE, in_a_sentence
from portal.law.pipia import template
from portal.law.sources import FRM, PIPL

OFFERED = 200


@page("write_assessment", writes=True)
def start(request: HttpRequest, scenario: int) -> HttpResponse:
    """Choose what is assessed together, and begin with the facts of the register."""
    of = request.access.get(Scenario.objects.select_related("pip", "tenant"), "write_assessment", pk=scenario)
    others = list(
        Scenario.objects.filter(tenant=request.tenant, pip=of.pip_id)
        .exclude(pk=of.pk)
        .select_related("pip", "tenant")
        .order_by("code")[:OFFERED]
    )
    in_scope = [one for one in others if one.is_in_scope]
    unlike = [(one, found) for one in in_scope if (found := differences([of, one]))]
    same = [one for one in in_scope if one not in [other for other, _found in unlike]]
    form = StartForm(request.POST or None, others=same, initial={"title": of.name})
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data.get("others", []))
        scenarios = [of, *(one for one in same if str(one.pk) in chosen)]
        made = services.start(scenarios, title=form.cleaned_data["title"], by=request.user, today=civil_today())
        messages.success(request, begun(made))
        return redirect(address(request, "section", made.reference, template(made.template).sections[0].code))
    standing = AssessedScenario.objects.filter(scenario=of).select_related("assessment__tenant").order_by("-id")
    context = {
        "form": form,
        "scenario": of,
        "unlike": [
            (one, [(found.label, found.values[0][1], found.values[1][1]) for found in all_found])
            for one, all_found in unlike
        ],
        "under_way": [one.assessment for one in standing.filter(assessment__state__in=UNDER_WAY)],
        "approved": [one.assessment for one in standing.filter(assessment__state="approved")],
        "cites": [FRM(9), PIPL(55)],
        "depth": (TITLE, in_a_sentence(depth_of_scenario(of))),
    }
    return render(request, "assessments/start.html", context, status=422 if request.method == "POST" else 200)


def begun(made: Assessment) -> str:
    """What the register answered already."""
    number = made.answers.exclude(source="").count()
    sentence = ngettext(
        "%(reference)s is begun. The register answered %(n)s question.",
        "%(reference)s is begun. The register answered %(n)s questions.",
        number,
    )
    return sentence % {"reference": made.reference, "n": number}


@page("write_assessment", writes=True)
def new(request: HttpRequest, scenario: int) -> HttpResponse:
    """Register a report made elsewhere for a scenario."""
    of = request.access.get(Scenario.objects.select_related("pip", "tenant"), "write_assessment", pk=scenario)
    form = OutsideForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = services.register(
            of,
            report=form.cleaned_data["report"],
            elements=form.elements,
            by=request.user,
            today=civil_today(),
            third_party=form.cleaned_data["third_party"],
            third_party_part=form.cleaned_data["third_party_part"],
        )
        messages.success(request, _("The report is registered. Another person must approve it."))
        return redirect(made)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/new.html", {"form": form, "scenario": of, "cites": [FRM(9)]}, status=status)


@page("write_assessment", writes=True)
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Assess again what an approved assessment covers; a GET leads to the record."""
    row = request.access.get(
        Assessment.objects.select_related("tenant", "pip"), "write_assessment", reference=reference
    )
    if request.method != "POST":
        return redirect(row)
    made = services.renew(row, by=request.user, today=civil_today())
    messages.success(request, begun(made))
    return redirect(made)


@page("write_assessment", writes=True)
def facts(request: HttpRequest, reference: str) -> HttpResponse:
    """Take today's facts into an open assessment; a GET leads to the record."""
    row = request.access.get(
        Assessment.objects.select_related("tenant", "pip"), "write_assessment", reference=reference
    )
    if request.method != "POST":
        return redirect(row)
    number = len(services.refresh(row, by=request.user))
    sentence = ngettext(
        "Today's facts are taken; %(n)s answer changed. What persons wrote stayed: read it again.",
        "Today's facts are taken; %(n)s answers changed. What persons wrote stayed: read it again.",
        number,
    )
    messages.success(request, sentence % {"n": number})
    return redirect(row)

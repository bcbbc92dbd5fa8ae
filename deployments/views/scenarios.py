"""Scenarios: the record with what the law asks before use, the catalogue of starting points, and the form."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments import services
from deployments.facts.scenarios import with_parts
from deployments.form_scenario import ScenarioForm
from deployments.gates import scenario_gates
from deployments.models import Deployment, PersonCount, Scenario, ScopeDecision
from deployments.views.conditions import Waivers, conditions
from deployments.views.duties import duties_of, first_open
from deployments.views.editing import FormPage, edit, for_writing, same_code, saved
from deployments.views.places import SHOWN, choose_pip, crumbs, place_url
from deployments.views.tabs import OF_SCENARIO, tabs_of
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law import enums
from portal.law.catalogue import CATALOGUE
from portal.law.starts import Entry
from portal.obligations.models import Waiver
from portal.tenancy.models import Pip

# Start of an empty form, where the catalogue has nothing that fits.
BLANK = "blank"
WORDS = {
    "function": enums.FUNCTIONS,
    "legal_basis": enums.LEGAL_BASES,
    "storage_mode": enums.STORAGE_MODES,
    "storage_exception": enums.STORAGE_EXCEPTIONS,
    "cross_border_mechanism": enums.CROSS_BORDER_MECHANISMS,
    "notice_exemption": enums.NOTICE_EXEMPTIONS,
}
# Facts that every scenario has, marked where they are missing, and those that are shown only once they are given.
FACTS = (
    *("function", "subject_groups", "purpose", "necessity", "rejected_ways", "legal_basis", "legal_basis_reason"),
    *("storage_mode", "sends_over_internet", "retention", "deletion_method"),
)
GIVEN = (
    *("subjects", "storage_exception", "storage_exception_basis", "retention_law", "retention_ends_on", "deleted_on"),
    *("alternative", "state_rule", "id_service_considered_on", "id_service_note", "supplier", "mlps", "protection"),
    *("other_use", "cross_border_recipient", "cross_border_mechanism", "cross_border_number"),
    *("decision_explanation", "notice_exemption", "notice_exemption_reason"),
)


@page("view_pip")
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a use of FR."""
    waits = ScopeDecision.objects.filter(scenario=OuterRef("pk"), state="proposed")
    rows = with_parts(Scenario.objects.select_related("mlps")).annotate(scope_waits=Exists(waits))
    row = request.access.get(rows, "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    subject = f"scenario:{row.code}"
    duties = duties_of(request, row.pip_id, subject)
    waivers = waivers_of(request, row.pip_id, subject)
    today = civil_today()
    kept = [duty.obligation for duty in duties]
    found = scenario_gates(row, kept=kept, waived=waivers.keys(), today=today)
    gates = conditions(request, found, row, None, waivers)
    places = places_of(request, row)
    counts = PersonCount.objects.filter(tenant=request.tenant, scenario=row, deployment__isnull=True)
    context = {
        "scenario": row,
        "tabs": tabs_of(request, OF_SCENARIO, row.pk, "scenario"),
        "facts": scenario_facts(row),
        "duties": duties,
        "next": first_open(duties),
        "gates": gates,
        "places": places,
        "start": CATALOGUE.get(row.catalogue),
        "counts": counts.select_related("entered_by", "corrects")[:SHOWN],
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/scenario.html", context)


def waivers_of(request: HttpRequest, pip_id: int, *subjects: str) -> Waivers:
    """The waivers in force of these subjects, by rule and subject."""
    rows = Waiver.objects.filter(tenant=request.tenant, pip=pip_id, subject__in=subjects).in_force(civil_today())
    return {(row.rule, row.subject): row for row in rows.select_related("waived_by")}


def places_of(request: HttpRequest, row: Scenario) -> dict[str, Any]:
    """How many deployments stand in each state, and the first that waits to be put into use."""
    rows = Deployment.objects.filter(tenant=request.tenant, scenario=row).order_by().values_list("status")
    waiting = Min("pk", filter=Q(status__in=("planned", "suspended")))
    found = {status: (number, first) for status, number, first in rows.annotate(number=Count("pk"), first=waiting)}
    return {
        "statuses": [(code, found[code][0]) for code in enums.DEPLOYMENT_STATUSES if code in found],
        "number": sum(number for number, _first in found.values()),
        "waiting": min((first for _number, first in found.values() if first), default=None),
    }


def scenario_facts(row: Scenario) -> list[tuple[str, Any]]:
    """Label and value of what the assessment and the filing take from a scenario."""
    shown = [*FACTS, *(name for name in GIVEN if getattr(row, name) not in (None, "", []))]
    facts = [(capfirst(row._meta.get_field(name).verbose_name), value_of(row, name)) for name in shown]
    flags = ("cross_border", "automated_decision", "other_use_consent")
    return facts + [(capfirst(row._meta.get_field(name).verbose_name), True) for name in flags if getattr(row, name)]


def value_of(row: Scenario, name: str) -> Any:
    """A fact in the words of the law."""
    value = getattr(row, name)
    if name == "subject_groups":
        return [enums.SUBJECT_GROUPS.get(group, group) for group in value]
    return WORDS.get(name, {}).get(value, str(value) if name == "mlps" else value)


@page("edit_register", writes=True)
def scenario_new(request: HttpRequest) -> HttpResponse:
    """Add a use of FR: from a starting point of the catalogue, or from an empty form."""
    pip = choose_pip(request, _("Add a scenario"))
    if isinstance(pip, HttpResponse):
        return pip
    start = request.GET.get("start", "")
    if start not in CATALOGUE and start != BLANK:
        if start:
            raise Http404
        if request.method != "POST":
            return starting_points(request, pip)
    entry = CATALOGUE.get(start)
    form = ScenarioForm(
        request.POST or None,
        instance=Scenario(tenant=request.tenant, pip=pip),
        initial=initial_of(entry) if entry else {},
        request=request,
    )
    return edit(
        request,
        FormPage(
            _("Add a scenario"),
            _("Add the scenario"),
            place_url(request, "scenarios"),
            [*crumbs(request, "scenarios", _("Scenarios"), None), (_("Add a scenario"), "")],
            note=pip.name,
            template="deployments/scenario_form.html",
            context={"start": entry},
        ),
        form,
        lambda values: services.register_scenario(pip, catalogue=entry.key if entry else "", **values),
        to=lambda row: place_url(request, "scenario", row.pk),
        said=lambda _made: told(request, form, _("The scenario was added.")),
        twin=same_code(Scenario, tenant=request.tenant, pip=pip),
    )


def starting_points(request: HttpRequest, pip: Pip) -> HttpResponse:
    """The catalogue: nineteen common uses, each with what goes wrong in it."""
    context = {
        "pip": pip,
        "entries": CATALOGUE.values(),
        "crumbs": [*crumbs(request, "scenarios", _("Scenarios"), None), (_("Add a scenario"), "")],
        "blank": BLANK,
    }
    return render(request, "deployments/scenario_start.html", context)


def initial_of(entry: Entry) -> dict[str, Any]:
    """What a starting point fills in; what a person must decide stays open."""
    answers = entry.answers()
    return {
        "name": entry.name.in_(get_language() or "en"),
        "function": entry.function,
        "subject_groups": list(entry.groups),
        "legal_basis": entry.bases[0] if len(entry.bases) == 1 else "",
        "storage_mode": answers.storage_mode,
        "sends_over_internet": answers.sends_over_internet,
    }


def told(request: HttpRequest, form: ScenarioForm, said: str) -> str:
    """What to say of a saved scenario: beside the success, what isn't lawful or clear yet."""
    for label, sentence in form.warnings():
        messages.warning(request, _("%(field)s: %(sentence)s") % {"field": label, "sentence": sentence})
    return said


@page("edit_register", writes=True)
def scenario_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a use of FR."""
    row = request.access.get(for_writing(request, Scenario.objects.all()), "edit_register", pk=pk)
    back = place_url(request, "scenario", pk)
    steps = crumbs(request, "scenarios", _("Scenarios"), row, _("Edit"))
    form = ScenarioForm(request.POST or None, instance=row, request=request)
    return edit(
        request,
        FormPage(
            _("Edit the scenario"),
            _("Save the scenario"),
            back,
            steps,
            template="deployments/scenario_form.html",
            context={"start": CATALOGUE.get(row.catalogue)},
        ),
        form,
        lambda values: services.edit_scenario(row, **values),
        to=back,
        said=lambda changed: told(request, form, saved(changed)),
        twin=same_code(Scenario, tenant=request.tenant, pip=row.pip_id),
    )

"""Consent in a scenario: how it is asked and withdrawn, its wordings, and how many gave it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef
from django.db.models.functions import JSONObject
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.consent import Asked, Check, asked, checklist
from deployments.consent_table import template
from deployments.forms_consent import ConsentCountForm, ConsentForm, ConsentTableForm, WordingForm
from deployments.models import ConsentCount, ConsentMechanism, ConsentWording, Scenario
from deployments.notified import Change, changes, consented_facts, in_words
from deployments.services import consent as services
from deployments.views.duties import duties_of
from deployments.views.editing import FormPage, add_errors, edit, for_writing, saved, show
from deployments.views.places import crumbs, place_url
from deployments.views.tabs import OF_SCENARIO, tabs_of
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.evidence.models import Evidence
from portal.law import enums
from portal.law.sources import NDR, PIPL
from portal.workflow import CaseError

RULES = {
    "frm-06-separate-consent",
    "frm-06-written-consent",
    "frm-06-withdrawal-path",
    "pipl-14-new-consent",
    "frm-07-guardian-consent",
    "frm-07-children-rules",
}
COUNTS_SHOWN = 24
FILES = ("proof__tenant", "written_form__tenant", "children_rules__tenant")


def under_consent(request: HttpRequest, row: Scenario, title: str) -> list[tuple[str, str]]:
    """The steps down to a page under the consent of a scenario."""
    steps = crumbs(request, "scenarios", _("Scenarios"), row, title)
    return [*steps[:-1], (_("Consent"), place_url(request, "consent", row.pk)), steps[-1]]


@page("view_pip")
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked of whom, in which words, and by how many it was given; or why nothing is asked."""
    row = request.access.get(Scenario.objects.select_related("pip"), "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    what = asked(row)
    mechanism = ConsentMechanism.objects.filter(tenant=request.tenant, scenario=row).select_related(*FILES).first()
    wordings = wordings_of(mechanism) if mechanism else []
    newest = wordings[0] if wordings else None
    duties = [duty for duty in duties_of(request, row.pip_id, f"scenario:{row.code}") if duty.obligation.rule in RULES]
    void = changes(newest.consented, consented_facts(row)) if newest else []
    checks = checklist(row, mechanism)
    context = {
        "scenario": row,
        "tabs": tabs_of(request, OF_SCENARIO, row.pk, "consent"),
        "asked": what,
        "basis": enums.LEGAL_BASES.get(row.legal_basis),
        "mechanism": mechanism,
        "files": files_of(mechanism),
        "checks": checks,
        "wordings": wordings,
        "newest": newest,
        "void": void,
        "counts": sorted((one for wording in wordings for one in wording.table), key=newest_first)[:COUNTS_SHOWN],
        "total_rows": totals(what, wordings),
        "duties": duties,
        "step": next_step(request, row, checks, mechanism, newest, void),
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/consent.html", context)


def wordings_of(mechanism: ConsentMechanism) -> list[ConsentWording]:
    """The wordings, newest first, each with the counts that stand: the last one entered for each of its last days."""
    of_day = ConsentCount.objects.filter(wording=OuterRef("pk")).order_by("-counted_on", "-id").distinct("counted_on")
    names = ("counted_on", "given", "by_guardian", "refused", "withdrawn", "source")
    last = ArraySubquery(of_day.values(one=JSONObject(**{name: F(name) for name in names}))[:COUNTS_SHOWN])
    found = list(ConsentWording.objects.filter(mechanism=mechanism).annotate(last=last))
    for wording in found:
        wording.table = [
            one | {"wording": wording, "counted_on": date.fromisoformat(one["counted_on"])} for one in wording.last
        ]
    return found


def files_of(mechanism: ConsentMechanism | None) -> list[Evidence]:
    """The papers behind a mechanism."""
    kept = (mechanism.proof, mechanism.written_form, mechanism.children_rules) if mechanism else ()
    return [file for file in kept if file is not None]


def newest_first(count: dict[str, Any]) -> tuple[int, int]:
    """The order of the table of counts."""
    return (-count["counted_on"].toordinal(), -count["wording"].number)


def totals(what: Asked, wordings: list[ConsentWording]) -> list[tuple[Any, Any]]:
    """Label and sum of the newest number of each wording."""
    newest = [wording.table[0] for wording in wordings if wording.table]
    sums = {name: sum(one[name] for one in newest) for name in ("given", "by_guardian", "refused", "withdrawn")}
    rows = [
        (_("Given and not withdrawn"), sums["given"] - sums["withdrawn"]),
        (_("Given"), sums["given"]),
        (_("Withdrawn"), sums["withdrawn"]),
        (_("Refused"), sums["refused"]),
    ]
    return [*rows, (_("By guardian"), sums["by_guardian"])] if what.of_guardians else rows


def next_step(
    request: HttpRequest,
    row: Scenario,
    checks: list[Check],
    mechanism: ConsentMechanism | None,
    wording: ConsentWording | None,
    void: list[Change],
) -> dict[str, str] | None:
    """The one thing to do next, with its address."""
    setting_up = place_url(request, "consent_edit", row.pk)
    writing = place_url(request, "wording_new", row.pk)
    lacking = [str(check.name) for check in checks if not check.is_met]
    if checks and mechanism is None:
        return {
            "what": _("Set up consent: %(what)s") % {"what": _(", ").join(lacking)},
            "url": setting_up,
            "label": _("Set it up"),
        }
    if lacking:
        return {
            "what": _("Complete: %(what)s") % {"what": _(", ").join(lacking)},
            "url": setting_up,
            "label": _("Complete it"),
        }
    if not asked(row).at_all:
        return None
    if wording is None:
        return {"what": _("Write the words that people consent to"), "url": writing, "label": _("Add a wording")}
    if void:
        names = _(", ").join(str(change.label) for change in void)
        what = _("Publish a new wording and ask again: %(names)s changed") % {"names": names}
        return {"what": what, "url": writing, "label": _("Publish a new wording"), "state": "outdated", "tone": "warn"}
    return None


@page("edit_register", writes=True)
def consent_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how consent is asked and withdrawn."""
    row = request.access.get(Scenario.objects.select_related("pip"), "edit_register", pk=pk)
    if not (asked(row).at_all or asked(row).of_children):
        raise CaseError(_("This scenario asks nobody for consent. Its legal basis says why."))
    rows = for_writing(request, ConsentMechanism.objects.filter(tenant=request.tenant, scenario=row))
    stored = rows.first()
    # A form of which no row was there yet carries no version: the service tells a double click from a second author.
    is_new = stored is None or (request.method == "POST" and "version" not in request.POST)
    blank = ConsentMechanism(tenant=request.tenant, pip_id=row.pip_id, scenario=row)
    form = ConsentForm(
        request.POST or None, request.FILES or None, instance=blank if is_new else stored, request=request
    )
    back = place_url(request, "consent", pk)
    title = _("Set up consent") if is_new else _("Change how consent is asked")
    about = {"by": request.user, "today": civil_today()}

    def act(values: dict[str, Any]) -> Model | list[str]:
        if is_new:
            return services.set_up_consent(row, files=form.uploads, **about, **values)
        return services.edit_consent(stored, files=form.uploads, **about, **values)

    return edit(
        request,
        FormPage(
            title,
            _("Save"),
            back,
            under_consent(request, row, title),
            note=str(row),
            template="deployments/upload_form.html",
        ),
        form,
        act,
        to=back,
        said=_("Consent is set up.") if is_new else saved,
    )


def mechanism_of(request: HttpRequest, row: Scenario) -> ConsentMechanism:
    """The mechanism of a scenario; without one nothing can be worded or counted yet."""
    found = ConsentMechanism.objects.filter(tenant=request.tenant, scenario=row).first()
    if found is None:
        raise CaseError(_("First set up how consent is asked and withdrawn."))
    found.scenario = row
    return found


@page("edit_register", writes=True)
def wording_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the next wording of a consent."""
    row = request.access.get(Scenario.objects.select_related("pip"), "edit_register", pk=pk)
    mechanism = mechanism_of(request, row)
    before = mechanism.wordings.first()
    words = {"text_zh": before.text_zh, "text_en": before.text_en} if before else {}
    back = place_url(request, "consent", pk)
    title = _("Version %(n)s of the wording") % {"n": before.number + 1 if before else 1}
    today = civil_today()
    return edit(
        request,
        FormPage(
            title,
            _("Put the wording in force"),
            back,
            under_consent(request, row, title),
            note=str(row),
            template="deployments/wording_form.html",
            context={
                "before": before,
                "void": changes(before.consented, consented_facts(row)) if before else [],
                "told": consented_rows(row),
                "cites": (PIPL(14), NDR(22)),
            },
        ),
        WordingForm(
            request.POST or None,
            instance=ConsentWording(tenant=request.tenant, pip_id=row.pip_id, mechanism=mechanism),
            initial=words | {"effective_on": today, "follows": before.number if before else 0},
            request=request,
        ),
        lambda values: services.publish_wording(mechanism, today=today, **values),
        to=back,
        said=lambda made: _("Version %(n)s of the wording is recorded.") % {"n": made.number},
    )


def consented_rows(row: Scenario) -> list[tuple[Any, Any]]:
    """What people consent to, as the register has it now."""
    return in_words(consented_facts(row))


@page("edit_register", writes=True)
def consents_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter how many consented, refused and withdrew up to a day."""
    row = request.access.get(Scenario.objects.select_related("pip"), "edit_register", pk=pk)
    mechanism = mechanism_of(request, row)
    newest = mechanism.wordings.first()
    if newest is None:
        raise CaseError(_("First add the wording that people consent to."))
    back = place_url(request, "consent", pk)
    title = _("Enter a count of consents")
    form = ConsentCountForm(
        request.POST or None,
        instance=ConsentCount(tenant=request.tenant, pip_id=row.pip_id),
        initial={"wording": newest.pk, "counted_on": civil_today()},
        mechanism=mechanism,
        request=request,
    )

    def act(values: dict[str, Any]) -> ConsentCount:
        wording = values.pop("wording")
        wording.mechanism = mechanism
        return services.enter_consents(wording, by=request.user, today=civil_today(), **values)

    return edit(
        request,
        FormPage(title, _("Enter the count"), back, under_consent(request, row, title), note=str(row)),
        form,
        act,
        to=f"{back}#counts",
        said=_("The count is entered."),
    )


@page("edit_register", writes=True)
def consents_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter many counts at once, pasted or from a file: all of them or none."""
    row = request.access.get(Scenario.objects.select_related("pip"), "edit_register", pk=pk)
    mechanism = mechanism_of(request, row)
    back = place_url(request, "consent", pk)
    title = _("Import counts of consents")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ConsentTableForm(*sent)
    form_page = FormPage(
        title,
        _("Check and import"),
        back,
        under_consent(request, row, title),
        note=str(row),
        template="deployments/consents_table.html",
        context={"example": list(zip(*template(), strict=True))},
    )
    if request.method != "POST":
        return show(request, form_page, form)
    if form.is_valid():
        try:
            new = services.import_consents(
                mechanism, form.rows, source=form.cleaned_data["source"], by=request.user, today=civil_today()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, said_of_table(len(form.rows), new))
            return redirect(f"{back}#counts")
    return show(request, form_page, form, status=422)


def said_of_table(rows: int, new: int) -> str:
    """How many rows were new."""
    if not new:
        return _("Nothing was different; nothing was saved.")
    return ngettext("%(new)d of %(rows)d row was new.", "%(new)d of %(rows)d rows were new.", rows) % {
        "new": new,
        "rows": rows,
    }

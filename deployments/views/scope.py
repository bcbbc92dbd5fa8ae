"""The screening of a scenario: eight questions, a live result, the decision, and who approved it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deployments import services
from deployments.models import Scenario, ScopeDecision
from deployments.screened import answers_in_words, differences, known_answers
from deployments.views.editing import add_errors
from deployments.views.meters import meter_of, metered
from deployments.views.places import place_url
from deployments.views.tabs import OF_SCENARIO, tabs_of
from portal.accounts.pages import page
from portal.calendars.clock import calendar, civil_today
from portal.law import enums
from portal.law.meter import Total
from portal.law.questions import QUESTIONS
from portal.law.screening import Answers, Known, Screening, screen
from portal.tenancy.models import Pip
from portal.workflow import StateConflict

DECISIONS_SHOWN = 50


class ScreeningForm(forms.Form):
    """The eight questions, each with its answers as buttons, and the decision that follows."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Needed where the Measures don't apply: another person reads it and approves or refuses."
        ),
    )
    carry = forms.BooleanField(
        label=gettext_lazy("Fill what is empty in the scenario from these answers"),
        required=False,
        help_text=gettext_lazy("Groups of persons and storage. What is filled already stays as it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        for question in QUESTIONS:
            self.fields[question.key] = forms.ChoiceField(
                label=question.text.in_(language),
                choices=[(code, text.in_(language)) for code, text in question.choices.items()],
                widget=forms.RadioSelect,
                required=False,
                help_text=question.help.in_(language),
            )

    @property
    def answers(self) -> Answers:
        """What is answered so far."""
        return Answers.read({one.key: self[one.key].value() or "" for one in QUESTIONS})

    def questions(self) -> list[tuple[int, Any, Any]]:
        """Number, field and citation of each question."""
        return [(number, self[one.key], one.cites) for number, one in enumerate(QUESTIONS, 1)]


@page("view_pip", writes=True)
def scope(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the Measures apply to a scenario; a GET shows, a POST shows the result of other answers or decides."""
    rows = Scenario.objects.select_related("pip", "tenant")
    row = request.access.get(rows, "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    decisions = list(decisions_of(request, row))
    may_edit = request.access.can("edit_register", row.pip_id)
    if request.method == "POST":
        request.access.require("edit_register", row.pip_id)
        form = ScreeningForm(request.POST)
        form.is_valid()
        if request.POST.get("act") == "save":
            done = decide(request, row, form)
            if done is not None:
                return done
        elif request.htmx:
            return render(request, "deployments/_screening.html", {"screening": result_of(row, form.answers)})
        status = 422 if form.errors else 200
        return shown(request, row, form, decisions, may_edit=may_edit, total=total_of(row.pip), status=status)
    total = total_of(row.pip)
    form = ScreeningForm(initial=initial_of(row, decisions, total))
    return shown(request, row, form, decisions, may_edit=may_edit, total=total)


def decisions_of(request: HttpRequest, row: Scenario) -> Any:
    """The decisions on a scenario, the newest first."""
    found = ScopeDecision.objects.filter(tenant=request.tenant, scenario=row)
    return found.select_related("decided_by", "settled_by")[:DECISIONS_SHOWN]


def result_of(row: Scenario, answers: Answers) -> Screening:
    """What the law says to these answers, knowing the scenario's legal basis."""
    return screen(answers, calendar(), Known(row.legal_basis))


def decide(request: HttpRequest, row: Scenario, form: ScreeningForm) -> HttpResponse | None:
    """Record the decision; None if the form must be looked at again."""
    answers = form.answers
    try:
        decision = services.decide_scope(
            row,
            answers=answers,
            reason=form.cleaned_data.get("reason", ""),
            seen=form.cleaned_data.get("seen"),
            by=request.user,
            today=civil_today(),
        )
    except ValidationError as error:
        add_errors(form, error)
        return None
    if decision.state == "proposed":
        messages.success(request, _("The decision is proposed. It holds once another person has approved it."))
    else:
        messages.success(request, _("It is decided: the Measures apply."))
    if form.cleaned_data.get("carry"):
        say_carried(request, row, services.carry_over(row, answers))
    return redirect(place_url(request, "scope", row.pk))


def say_carried(request: HttpRequest, row: Scenario, names: list[str]) -> None:
    """Which fields of the scenario the answers filled."""
    if not names:
        messages.info(request, _("Nothing in the scenario was empty, so no answer was carried over."))
        return
    labels = ", ".join(str(row._meta.get_field(name).verbose_name) for name in names)
    messages.info(request, _("Carried over into the scenario: %(fields)s.") % {"fields": labels})


def shown(
    request: HttpRequest,
    row: Scenario,
    form: ScreeningForm,
    decisions: list[ScopeDecision],
    *,
    may_edit: bool,
    total: Total,
    status: int = 200,
) -> HttpResponse:
    """The page: questions and result, what waits for approval, and the history."""
    answers = form.answers
    newest = decisions[0] if decisions else None
    waiting = newest if newest and newest.state == "proposed" else None
    is_other = waiting is not None and waiting.decided_by_id != request.user.pk
    context = {
        "scenario": row,
        "tabs": tabs_of(request, OF_SCENARIO, row.pk, "scope"),
        "form": form,
        "screening": result_of(row, answers),
        "decisions": [(one, answers_in_words(one)) for one in decisions],
        "scopes": enums.SCOPES,
        "waiting": waiting,
        "may_settle": is_other and request.access.can("waive_finding", row.pip_id),
        "may_withdraw": waiting is not None and may_edit,
        "may_edit": may_edit,
        "differences": differences(row, newest),
        "total": total,
    }
    return render(request, "deployments/scope.html", context, status=status)


def initial_of(row: Scenario, decisions: list[ScopeDecision], total: Total) -> dict[str, Any]:
    """The last answers; before the first decision what the register knows already."""
    if decisions:
        newest = decisions[0]
        return newest.answers | {"seen": newest.pk, "reason": newest.reason, "carry": True}
    return known_answers(row, total) | {"carry": True}


def total_of(pip: Pip) -> Total:
    """The persons that the PIP stores today, no overlap deducted."""
    whole = metered().get(tenant=pip.tenant_id, pk=pip.pk)
    return meter_of(whole, list(Scenario.objects.filter(tenant=pip.tenant_id, pip=pip))).today


@page("view_pip", writes=True)
def scope_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, refuse or withdraw a proposed decision; a GET leads to the page with its buttons."""
    decision = request.access.get(ScopeDecision.objects.select_related("scenario"), "view_pip", pk=pk)
    back = place_url(request, "scope", decision.scenario_id)
    if request.method != "POST":
        return redirect(back)
    act, today = request.POST.get("act"), civil_today()
    if act == "withdraw":
        request.access.require("edit_register", decision.pip_id)
        services.withdraw_scope(decision, today=today)
        messages.success(request, _("The proposal is withdrawn."))
        return redirect(back)
    request.access.require("waive_finding", decision.pip_id)
    if act == "approve":
        services.approve_scope(decision, by=request.user, today=today)
        messages.success(request, _("The decision is approved and holds from today. It is looked at again in a year."))
    elif act == "refuse":
        services.refuse_scope(decision, by=request.user, today=today)
        messages.success(request, _("The proposal is refused. The scope stays as it was."))
    else:
        raise StateConflict(_("Choose to approve or to refuse."))
    return redirect(back)

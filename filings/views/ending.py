"""The end of use: four screens that begin it, its page with what is to be done, its undoing and its closing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filings import services
from filings.dates import OwnDate, date_of_task
from filings.forms_ending import AssignForm, EndForm, ExtentForm, TaskForm, UndoForm, WayForm, WordForm
from filings.models import EndingState, EndingTask, Extent, Filing, State, Termination, Way
from filings.services.ending import ended_before, in_use, ways_of
from filings.views.filing import badge_of
from portal.accounts.pages import page
from portal.accounts.services import members_with
from portal.calendars.clock import calendar, civil_today, working_days_left
from portal.law.checklists import ENDING_TASKS
from portal.law.checklists import EndingTask as TaskOfLaw
from portal.law.sources import DEFAULT, FRM
from portal.law.threshold import FILING_WORKING_DAYS
from portal.tenancy.models import Pip
from portal.workflow import CaseError

PER_PAGE = 50
SHOWN_PLACES = 20
CITES = (FRM(15), DEFAULT("ending-tasks"))
BADGES = {EndingState.RUNNING: "in_hand", EndingState.UNDONE: "undone", EndingState.CLOSED: "closed"}


@dataclass(frozen=True)
class Screen:
    """One of the screens: its number, heading and form; what was answered before goes along hidden."""

    number: int
    of: int
    heading: str | Promise
    form: forms.Form
    notes: tuple[str, ...] = ()


@page("prepare_filing", writes=True)
def begin(request: HttpRequest, uscc: str) -> HttpResponse:
    """End the use in at most four screens; nothing is written before the last."""
    pip = request.access.get(Pip.objects.select_related("tenant"), "prepare_filing", uscc=uscc)
    request.access.require("edit_register", pip)
    posted = request.POST if request.method == "POST" else None
    asked = forms_of(request, pip, posted)
    at = where(asked, posted)
    if posted is not None and "back" in posted:
        at = max(at - 1, 0)
    elif posted is not None and at == len(asked):
        made = _begin(request, pip, asked)
        if made is not None:
            messages.success(request, _("The use has ended. What is to be done now stands below."))
            return redirect(made)
        at -= 1
    heading, form = asked[at]
    if posted is not None and f"screen-{at}" not in posted:
        form = _fresh(request, pip, at)
    answered = [(name, value) for _heading, one in asked[:at] for name, value in _given(one)]
    context = {
        "pip": pip,
        "screen": Screen(at + 1, len(asked), heading, form),
        "answered": [*answered, *((f"screen-{number}", "1") for number in range(at + 1))],
        "is_last": at == len(asked) - 1,
        "follows": follows_of(pip, asked) if at == len(asked) - 1 else None,
        "cites": CITES,
    }
    return render(request, "filings/ending_new.html", context, status=422 if form.errors else 200)


def forms_of(request: HttpRequest, pip: Pip, posted: Any) -> list[tuple[str, forms.Form]]:
    """The screens of this stop, in order; the third only where part of a filed use ends."""
    first = ExtentForm(posted or None, **choices_of(pip), initial=_started_from(request))
    asked: list[tuple[str, forms.Form]] = [
        (_("What ends"), first),
        (_("When and why"), EndForm(posted or None, today=civil_today(), initial={"ended_on": civil_today()})),
    ]
    if posted is not None and len(ways_of(pip, posted.get("extent", ""))) > 1:
        asked.append((_("Change or cancellation"), WayForm(posted)))
    asked.append((_("What follows"), WordForm(posted or None, word=word())))
    return asked


def word() -> str:
    """What is typed before a use ends."""
    return _("end")


def where(asked: list[tuple[str, forms.Form]], posted: Any) -> int:
    """The first screen that isn't answered rightly; their number if all are."""
    if posted is None:
        return 0
    for number, (_heading, form) in enumerate(asked):
        if f"screen-{number}" not in posted or not form.is_valid():
            return number
    return len(asked)


def _fresh(request: HttpRequest, pip: Pip, at: int) -> forms.Form:
    """The form of a screen that is seen for the first time: nothing is wrong with it yet."""
    blank = {
        ExtentForm: lambda: ExtentForm(**choices_of(pip), initial=_started_from(request)),
        EndForm: lambda: EndForm(today=civil_today(), initial={"ended_on": civil_today()}),
        WayForm: WayForm,
        WordForm: lambda: WordForm(word=word()),
    }
    return blank[type(forms_of(request, pip, request.POST)[at][1])]()


def _given(form: forms.Form) -> list[tuple[str, str]]:
    """What a screen was answered, as hidden fields carry it."""
    return [(name, value) for name in form.fields for value in form.data.getlist(name)]


def _started_from(request: HttpRequest) -> dict[str, Any]:
    """From the page of a scenario or a site its own box is ticked."""
    if scenario := request.GET.get("scenario"):
        return {"extent": Extent.SCENARIOS, "scenarios": [scenario]}
    if site := request.GET.get("site"):
        return {"extent": Extent.SITES, "sites": [site]}
    return {"extent": Extent.WHOLE}


def choices_of(pip: Pip) -> dict[str, list[tuple[str, str]]]:
    """The scenarios and the sites at which something is planned or in use."""
    rows = in_use(pip)
    scenarios = rows.order_by("scenario__code").values_list("scenario__code", "scenario__name").distinct()
    sites = rows.order_by("site__code").values_list("site__code", "site__name").distinct()
    return {"scenarios": list(scenarios), "sites": list(sites)}


def follows_of(pip: Pip, asked: list[tuple[str, forms.Form]]) -> dict[str, Any]:
    """What the last screen tells: how many places end, which filing is due when, which tasks are made."""
    data: dict[str, Any] = {}
    for _heading, form in asked[:-1]:
        data |= form.cleaned_data
    extent = data["extent"]
    number = in_use(pip, data["scenarios"], data["sites"]).count()
    number += ended_before(pip).count() if extent == Extent.WHOLE else 0
    way = data.get("way") or ways_of(pip, extent)[0]
    return {
        "data": data,
        "extent": Extent(extent).label,
        "number": number,
        "way": way,
        "way_name": Way(way).label,
        "due": None if way == Way.NOTHING else calendar().add(data["ended_on"], FILING_WORKING_DAYS),
        "tasks": list(ENDING_TASKS.values()),
    }


def _begin(request: HttpRequest, pip: Pip, asked: list[tuple[str, forms.Form]]) -> Termination | None:
    data: dict[str, Any] = {}
    for _heading, form in asked:
        data |= form.cleaned_data
    del data["word"]
    try:
        return services.begin_ending(pip, by=request.user, today=civil_today(), **data)
    except ValidationError as refused:
        asked[-1][1].add_error(None, forms.ValidationError(refused.messages))
        return None


@page("view_pip")
def endings(request: HttpRequest) -> HttpResponse:
    """The ends of use of the PIPs that the reader sees."""
    found = request.access.rows(Termination).select_related("pip", "tenant", "answer").order_by("-id")
    rows = list(found[: PER_PAGE + 1])
    context = {
        "lines": [{"ending": row, "badge": BADGES[row.state]} for row in rows[:PER_PAGE]],
        "is_cut": len(rows) > PER_PAGE,
        "per_page": PER_PAGE,
    }
    return render(request, "filings/endings.html", context)


@dataclass(frozen=True)
class TaskLine:
    """A task with its law and what this reader may do with it."""

    task: EndingTask
    law: TaskOfLaw
    title: str
    by: OwnDate
    left: int | None
    may_do: bool
    may_assign: bool


@page("view_pip")
def ending(request: HttpRequest, reference: str) -> HttpResponse:
    """The record: what ended, what is to be done, and what comes next."""
    row = get(request, "view_pip", reference)
    today = civil_today()
    is_running = row.state == EndingState.RUNNING
    tasks = row.tasks.select_related("owner", "done_by", "engagement__vendor", "engagement__scenario", "evidence")
    lines = [
        TaskLine(
            task,
            ENDING_TASKS[task.code],
            title_of(task),
            by := date_of_task(task),
            None if task.done_on else working_days_left(today, by.due),
            is_running and task.done_on is None and request.access.can("edit_register", row.pip_id),
            is_running and task.done_on is None and request.access.can("prepare_filing", row.pip_id),
        )
        for task in tasks
    ]
    ended = row.ended.select_related("deployment__tenant", "deployment__site", "deployment__scenario")
    places = list(ended.annotate(total=Window(Count("pk"))).order_by("deployment__code")[:SHOWN_PLACES])
    context = {
        "ending": row,
        "badge": BADGES[row.state],
        "facts": facts_of(row),
        "lines": lines,
        "done": sum(line.task.done_on is not None for line in lines),
        "places": places,
        "number": places[0].total if places else 0,
        "step": step_of(request, row, lines),
        "answer_badge": badge_of(row.answer.state) if row.answer else "",
        "period": calendar().add(row.ended_on, FILING_WORKING_DAYS) if row.way != Way.NOTHING else None,
        "may_undo": is_running and request.access.can("prepare_filing", row.pip_id) and may_undo(row, lines),
        "cites": CITES,
    }
    return render(request, "filings/ending.html", context)


def get(request: HttpRequest, permission: str, reference: str) -> Termination:
    """The termination, if the reader may do this for its PIP."""
    rows = Termination.objects.select_related("pip", "tenant", "filing__tenant", "answer__tenant", "started_by")
    return request.access.get(rows, permission, reference=reference)


def title_of(task: EndingTask) -> str:
    """A task by its name, with the vendor where it is about one."""
    title = ENDING_TASKS[task.code].title.in_(services.language())
    return f"{title} · {task.engagement.vendor.name}" if task.engagement else title


def facts_of(row: Termination) -> list[tuple]:
    """What ended, when and why, and which way the filing takes."""
    rows: list[tuple] = [
        (_("PIP"), row.pip.name),
        (_("What ends"), row.get_extent_display()),
        (_("Ended on"), row.ended_on),
        (_("Reason"), row.reason),
        (_("What becomes of the filing"), row.get_way_display(), row.way_reason),
        (_("Begun"), row.started_at, row.started_by or ""),
    ]
    if row.undo_reason:
        rows.append((_("Why it was undone"), row.undo_reason))
    if row.closed_on:
        rows.append((_("Closed on"), row.closed_on))
    return rows


def may_undo(row: Termination, lines: list[TaskLine]) -> bool:
    """Until the cancellation is submitted and the face information is gone."""
    sent = row.answer is not None and row.way == Way.CANCEL and row.answer.state not in (State.DRAFT, State.FROZEN)
    return not sent and not any(line.task.code == "deletion" and line.task.done_on for line in lines)


@dataclass(frozen=True)
class Step:
    """What comes next, and the page or post that does it."""

    what: str
    url: str = ""
    label: str = ""
    posts: bool = False


def step_of(request: HttpRequest, row: Termination, lines: list[TaskLine]) -> Step:
    """The line under the title."""
    slug, prepares = request.tenant.slug, request.access.can("prepare_filing", row.pip_id)
    if row.state != EndingState.RUNNING:
        return Step(_("Nothing to do: this end of use is closed or undone."))
    waiting = next((line for line in lines if line.task.done_on is None), None)
    if row.way == Way.CANCEL and row.answer is None and prepares:
        url = reverse("filings:ending_cancel", args=[slug, row.reference])
        return Step(_("Open the cancellation filing."), url, _("Open the cancellation"), posts=True)
    if waiting is not None:
        return Step(_("Next: %(task)s") % {"task": waiting.title}, "#tasks", _("See the tasks"))
    if row.way == Way.CANCEL and row.answer is not None and row.answer.state != State.ACCEPTED:
        return Step(_("The cancellation goes its way."), row.answer.get_absolute_url(), _("See the dossier"))
    if not prepares:
        return Step(_("The compliance officer closes it."))
    url = reverse("filings:ending_close", args=[slug, row.reference])
    return Step(_("Everything is done: close this end of use."), url, _("Close"), posts=True)


@page("prepare_filing", writes=True)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the cancellation filing; a GET leads to the record."""
    row = get(request, "prepare_filing", reference)
    if request.method != "POST":
        return redirect(row)
    filing: Filing = services.open_cancellation(row, by=request.user, today=civil_today())
    messages.success(request, _("The dossier %(reference)s is open.") % {"reference": filing.reference})
    return redirect(filing)


@page("prepare_filing", writes=True)
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a termination; a GET leads to the record."""
    row = get(request, "prepare_filing", reference)
    if request.method == "POST":
        services.close_ending(row, by=request.user, today=civil_today())
        messages.success(request, _("This end of use is closed."))
    return redirect(row)


@page("prepare_filing", writes=True)
def undo(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a stop back, with the reason."""
    row = get(request, "prepare_filing", reference)
    request.access.require("edit_register", row.pip_id)

    def act(data: dict[str, Any]) -> None:
        waiting = services.undo_ending(row, reason=data["reason"], by=request.user, today=civil_today())
        if waiting:
            text = _("%(count)d places stay suspended: they must pass the conditions of use again.")
            messages.warning(request, text % {"count": waiting})

    return _form(
        request,
        row,
        UndoForm(request.POST or None),
        act,
        heading=_("Undo the stop"),
        notes=[
            _("The places stand as before; those in use go through the conditions of use again."),
            _("A cancellation that isn't submitted is taken back. What was done meanwhile stays done."),
        ],
        button=_("Undo the stop"),
        icon="undo-2",
        done=_("The stop is undone."),
    )


@page("edit_register", writes=True)
def task(request: HttpRequest, reference: str, task: int) -> HttpResponse:
    """Note that a task is done."""
    row = get(request, "edit_register", reference)
    found = _task(request, "edit_register", row, task)
    law = ENDING_TASKS[found.code]
    today = civil_today()
    form = TaskForm(
        request.POST or None, request.FILES or None, needs_proof=law.needs_proof, initial={"done_on": today}
    )
    notes = [law.how.in_(services.language()), *(str(note) for note in MEANS.get(found.code, ()))]
    return _form(
        request,
        row,
        form,
        lambda data: services.finish_task(found, by=request.user, today=today, **data),
        heading=title_of(found),
        notes=notes,
        cites=law.cites,
        layer=law.layer,
        button=_("Note that it is done"),
        icon="circle-check",
        done=_("The task is done."),
        is_upload=True,
    )


# What a finished task writes into the register.
MEANS = {
    "signs": (gettext_lazy("All signs that hang at the ended places are noted as taken down on this day."),),
    "vendor": (gettext_lazy("The vendor's part ends in the register, with this file as the proof of return."),),
    "deletion": (
        gettext_lazy("The disposal of every ended place is noted on this day: its persons no longer count."),
    ),
}


@page("prepare_filing", writes=True)
def assign(request: HttpRequest, reference: str, task: int) -> HttpResponse:
    """Give a task another owner or another date."""
    row = get(request, "prepare_filing", reference)
    found = _task(request, "prepare_filing", row, task)
    people = {str(user.pk): user for user in members_with("edit_register", row.pip)}
    initial = {"owner": found.owner_id, "due_on": date_of_task(found).due}
    form = AssignForm(request.POST or None, initial=initial, people=[(key, str(user)) for key, user in people.items()])
    return _form(
        request,
        row,
        form,
        lambda data: services.assign_task(found, owner=people[data["owner"]], due_on=data["due_on"]),
        heading=title_of(found),
        notes=[_("The date is your own: no law names one for a single task.")],
        button=_("Save"),
        icon="check",
        done=_("The task has its owner and its date."),
    )


def _task(request: HttpRequest, permission: str, row: Termination, pk: int) -> EndingTask:
    rows = EndingTask.objects.select_related("engagement__vendor", "termination")
    return request.access.get(rows, permission, pk=pk, termination=row)


def _form(
    request: HttpRequest,
    row: Termination,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    done: str,
    **words: Any,
) -> HttpResponse:
    """Show the form of a step of a termination, or take the step."""
    if row.state != EndingState.RUNNING:
        if request.method == "POST":
            raise CaseError(_("This termination is closed or undone. Reload the page."))
        return redirect(row)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, done)
            return redirect(row)
    context = {"ending": row, "form": form, **words}
    return render(request, "filings/ending_step.html", context, status=422 if request.method == "POST" else 200)

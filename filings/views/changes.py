"""Changes of what was filed: the list, a change with its decision, and a filing beside today's register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.compare import Piece, words
from deployments.filters import RegisterFilter, pip_filter
from deployments.lists import listing
from filings import sentinel
from filings.change_forms import ConfirmForm, DayForm, DecisionForm
from filings.models import IN_STATE, ChangeCase, ChangeState, Filing, Weight, state_of
from filings.services import changes as services
from filings.services import language
from filings.workflow import EDITABLE
from portal.accounts.pages import page
from portal.calendars.clock import calendar, civil_today, working_days_left
from portal.law.change_words import Difference, differences, shown
from portal.law.changes import BY_CODE, CITES, LAYER, Item, has_changed
from portal.law.reckoning import Reckoning
from portal.law.threshold import FILING_WORKING_DAYS
from portal.law.workdays import CalendarError
from portal.obligations.models import Obligation

ORDERS = {
    "reference": ("reference", "pk"),
    "effective": ("effective_on", "pk"),
    "pip": ("pip_id", "reference"),
}
COLUMNS = (
    *("pk", "reference", "item", "pip_id", "scenario__name", "weight", "effective_on", "is_substantial"),
    *("approved_by_id", "filing__submitted_on"),
)
WITH = ("pip", "tenant", "scenario__pip", "against__filing__tenant", "filing__tenant", "decided_by", "approved_by")
# From this length on a text is compared word by word.
LONG = 40
OPEN = frozenset({ChangeState.DECIDE, ChangeState.CONFIRM, ChangeState.FILE})


class ChangeFilter(RegisterFilter):
    words = ("reference", "scenario__name", "scenario__code")
    state = filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=ChangeState.choices, empty_label=gettext_lazy("all"), method="in_state"
    )
    pip = pip_filter()
    weight = filters.ChoiceFilter(
        label=gettext_lazy("Weight"), choices=Weight.choices, empty_label=gettext_lazy("all")
    )

    class Meta:
        model = ChangeCase
        fields: list[str] = []

    def in_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those that stand there."""
        return rows.filter(IN_STATE[ChangeState(value)]) if value else rows


@page("view_pip")
def changes(request: HttpRequest) -> HttpResponse:
    """The changes of the PIPs that the reader sees, the newest first."""
    found = ChangeFilter(request.GET or None, queryset=request.access.rows(ChangeCase), request=request)
    page_of = listing(found.found, {"sort": "-reference"} | request.GET.dict(), ORDERS, COLUMNS)
    for row in page_of.rows:
        state = state_of(row["is_substantial"], row["approved_by_id"], row["filing__submitted_on"])
        row["state"] = state
        row["title"] = BY_CODE[row["item"]].title.in_(language())
        row["url"] = reverse("filings:change", args=[request.tenant.slug, row["reference"]])
        row["reckoning"] = reckoning_of(row["effective_on"]) if state in OPEN else None
        row["left"] = left_of(row["reckoning"])
    pips = request.access.pips("view_pip")
    context = {
        "filters": found,
        "list": page_of,
        "rows": page_of.rows,
        "sort": page_of.sort,
        "pip_names": {pip.pk: pip.name for pip in pips} if len(pips) > 1 else {},
    }
    return render(request, "filings/changes.html", context)


def reckoning_of(effective_on: date) -> Reckoning | None:
    """Until when the change is filed: 30 working days, the day of the change not counted (FRM Art 15)."""
    try:
        return calendar().add(effective_on, FILING_WORKING_DAYS)
    except CalendarError:
        return None


def left_of(reckoning: Reckoning | None) -> int | None:
    return working_days_left(civil_today(), reckoning.due) if reckoning else None


@dataclass(frozen=True)
class Line:
    """One fact: as it was filed, as it was when the change was noticed, and today; what differs is marked."""

    label: str
    old: tuple[Piece, ...]
    noticed: tuple[Piece, ...]
    today: str = ""


@dataclass(frozen=True)
class Step:
    """What comes next, for this reader."""

    what: str
    url: str = ""
    label: str = ""
    icon: str = ""


@page("view_pip")
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """A change: both values, what it weighs and why, from which day it counts, and the decision."""
    row = get(request, "view_pip", reference)
    now = sentinel.value_now(row, civil_today())
    item, state = BY_CODE[row.item], row.state
    reckoning = reckoning_of(row.effective_on)
    may_decide = is_free(row) and request.access.can("submit_filing", row.pip_id)
    context = {
        "change": row,
        "item": item,
        "title": item.title,
        "state": state,
        "layer": LAYER,
        "lines": lines_of(item, row.old, row.new, now),
        "is_back": not has_changed(row.item, row.old, now),
        "has_moved": has_changed(row.item, row.new, now) and has_changed(row.item, row.old, now),
        "cites": CITES,
        "reckoning": reckoning if state in OPEN or state == ChangeState.FILED else None,
        "left": left_of(reckoning),
        "frozen_on": date.fromisoformat(row.against.facts["frozen_on"]),
        "may_decide": may_decide,
        "may_date": is_free(row) and request.access.can("prepare_filing", row.pip_id),
        "form": DecisionForm() if may_decide and state == ChangeState.DECIDE else None,
        "step": next_step(request, row, state, may_decide=may_decide),
        "today": civil_today(),
    }
    return render(request, "filings/change.html", context)


def lines_of(item: Item, old: dict[str, Any], new: dict[str, Any], now: dict[str, Any]) -> list[Line]:
    """The facts that are not as they were filed; ``today`` only where it isn't what was noticed."""
    found = []
    for part in item.parts:
        if part.name not in old or old[part.name] == new.get(part.name) == now.get(part.name):
            continue
        before, noticed, today = (shown(part, one.get(part.name)).in_(language()) for one in (old, new, now))
        pieces = pieces_of(before, noticed)
        found.append(
            Line(
                part.label.in_(language()),
                tuple(one for one in pieces if one.kind != "new"),
                tuple(one for one in pieces if one.kind != "old"),
                today if today != noticed else "",
            )
        )
    return found


def pieces_of(old: str, new: str) -> tuple[Piece, ...]:
    """Long texts word by word; short ones as a whole."""
    if min(len(old), len(new)) > LONG:
        return words(old, new)
    return (Piece(old, "old"), Piece(new, "new"))


def is_free(row: ChangeCase) -> bool:
    """Whether nothing that is frozen or sent stands on it."""
    return row.filing is None or row.filing.state in EDITABLE


def next_step(request: HttpRequest, row: ChangeCase, state: ChangeState, *, may_decide: bool) -> Step:
    """The line under the title."""

    def url(name: str) -> str:
        return reverse(f"filings:{name}", args=[request.tenant.slug, row.reference])

    if state == ChangeState.DECIDE:
        what = _("Decide whether it is substantial. Until then the date runs as if it were.")
        return Step(what, "#decision", _("Decide on the change"), "scale") if may_decide else Step(what)
    if state == ChangeState.CONFIRM:
        what = _("Another person confirms that it is not substantial. Until then the date runs as if it were.")
        is_mine = row.decided_by_id == request.user.pk
        if not may_decide or (is_mine and services.others_for(row, request.user)):
            return Step(what)
        return Step(what, url("change_confirm"), _("Look at it and confirm"), "badge-check")
    if state == ChangeState.FILE and row.filing is not None:
        what = _("The change filing carries it.")
        return Step(what, row.filing.get_absolute_url(), str(row.filing), "folder-open")
    if state == ChangeState.FILE and request.access.can("prepare_filing", row.pip_id):
        what = _("File the change with the provincial cyberspace authority.")
        place = reverse("filings:open_change", args=[request.tenant.slug, row.pip.uscc])
        return Step(what, place, _("Open the change filing"), "folder-plus")
    if state == ChangeState.FILE:
        rows = Obligation.objects.filter(tenant=request.tenant, pip=row.pip_id, rule="frm-15-change", state="open")
        duty = rows.select_related("tenant").first()
        what = _("File the change with the provincial cyberspace authority.")
        return Step(what, duty.get_absolute_url(), _("To the duty"), "arrow-right") if duty else Step(what)
    if state == ChangeState.FILED:
        return Step(_("It was filed."), row.filing.get_absolute_url(), str(row.filing), "stamp")
    return Step(_("It is recorded as not substantial; nothing is to be filed for it."))


@page("prepare_filing", writes=True)
def day(request: HttpRequest, reference: str) -> HttpResponse:
    """Set the day on which the change takes effect."""
    row = get(request, "prepare_filing", reference)
    initial = {"effective_on": row.effective_on, "effective_reason": row.effective_reason}
    form = DayForm(request.POST or None, initial=initial)
    return step(
        request,
        row,
        form,
        lambda data: services.date_change(
            row, on=data["effective_on"], reason=data["effective_reason"], today=civil_today()
        ),
        done=_("The day is set; the duty follows it."),
        heading=_("When does the change take effect?"),
        button=_("Set the day"),
        icon="calendar-clock",
    )


@page("submit_filing", writes=True)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide, or decide anew: the earlier decision stays in the trail."""
    row = get(request, "submit_filing", reference)
    form = DecisionForm(request.POST or None)
    return step(
        request,
        row,
        form,
        lambda data: services.decide(
            row, is_substantial=data["is_substantial"], reason=data["reason"], by=request.user, today=civil_today()
        ),
        done=_("The decision is kept with its reason."),
        heading=_("Is this change substantial?"),
        notes=[
            _("No law defines a substantial change: a person decides each time, and answers for it."),
            _("That it is not substantial holds once another person has confirmed it."),
        ],
        button=_("Keep the decision"),
        icon="scale",
    )


@page("submit_filing", writes=True)
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm as another person that it is not substantial."""
    row = get(request, "submit_filing", reference)
    is_mine = row.decided_by_id == request.user.pk
    others = services.others_for(row, request.user) if is_mine else []
    form = ConfirmForm(request.POST or None, is_alone=is_mine and not others)
    if request.method != "POST" and (row.state != ChangeState.CONFIRM or others):
        return redirect(row)
    return step(
        request,
        row,
        form,
        lambda data: services.confirm(row, by=request.user, alone_because=data.get("alone_because", "")),
        done=_("Confirmed: the change is recorded as not substantial."),
        heading=_("Confirm that it is not substantial"),
        notes=[f"{row.decided_by}{_(': ')}{row.reason}"],
        button=_("Confirm"),
        icon="badge-check",
        shows_values=True,
    )


def get(request: HttpRequest, permission: str, reference: str) -> ChangeCase:
    """The change, if the reader may do this for its PIP."""
    return request.access.get(ChangeCase.objects.select_related(*WITH), permission, reference=reference)


def step(
    request: HttpRequest,
    row: ChangeCase,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    done: str,
    shows_values: bool = False,
    **more: Any,
) -> HttpResponse:
    """Show the form of a step, or take the step; what the service refuses of the input stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, done)
            return redirect(row)
    item = BY_CODE[row.item]
    context = {
        "change": row,
        "title": item.title,
        "lines": differences(row.item, row.old, row.new) if shows_values else [],
        "form": form,
        **more,
    }
    return render(request, "filings/change_step.html", context, status=422 if request.method == "POST" else 200)


@dataclass(frozen=True)
class Compared:
    """An item of a filing that isn't what was filed, with the change that was noticed."""

    title: str
    facts: list[Difference]
    case: ChangeCase | None
    has_changed: bool


@page("view_pip")
def today(request: HttpRequest, reference: str) -> HttpResponse:
    """What was filed beside what the register says today: only what differs."""
    row = request.access.get(Filing.objects.select_related("pip__tenant", "tenant"), "view_pip", reference=reference)
    sent = row.submissions.select_related("snapshot").order_by("id").last()
    snapshot = sent.snapshot if sent else row.snapshots.order_by("round").last()
    if snapshot is None:
        raise Http404
    watch = sentinel.watch_of(row.pip, snapshot, civil_today())
    groups: dict[int | None, list[Compared]] = {}
    for of, code in sentinel.keys_of(watch):
        old, now = watch.filed[of][code], watch.now[of][code]
        facts = differences(code, old, now)
        if facts:
            case = watch.last.get((of, code))
            groups.setdefault(of, []).append(
                Compared(BY_CODE[code].title.in_(language()), facts, case, has_changed(code, old, now))
            )
    for case in watch.last.values():
        case.tenant = request.tenant
    context = {
        "filing": row,
        "frozen_on": date.fromisoformat(snapshot.facts["frozen_on"]),
        "round": snapshot.round,
        "groups": [(watch.scenarios[of].name if of else row.pip.name, lines) for of, lines in groups.items()],
        "cites": CITES,
        "layer": LAYER,
    }
    return render(request, "filings/today.html", context)

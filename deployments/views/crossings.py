"""A confirmed crossing and what came after it: late counts, notes, reviews of a fall, moved dates and who was told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deployments import services
from deployments.facts import register_facts
from deployments.forms_counting import NoteForm, ReviewForm
from deployments.models import BelowReview, CrossingNote, ThresholdCrossing
from deployments.services.crossings import FILING_RULES, is_filed
from deployments.views.editing import FormPage, edit
from deployments.views.pips import crumbs_of, pip_url
from portal.accounts.pages import page
from portal.audit.models import AuditEvent
from portal.calendars.clock import civil_today
from portal.law.facts import PipFacts
from portal.law.meter import Total, counts_on, fell_on, latest, series
from portal.law.rules.filing import Reached, reached
from portal.law.sources import ANNOUNCEMENT, CIVIL, DEFAULT, FRM
from portal.obligations.models import Delivery, Obligation, State
from portal.tenancy.models import Pip
from portal.workflow import CaseError

# How much of the past a page shows; the trail has the rest.
SHOWN = 50
COMPARED = 12
CONFIRM, BELOW = "frm-15-confirm-count", "default-below-threshold"


@dataclass(frozen=True)
class Move:
    """The due day of the filing moved: old and new, when, and who was told of the new one."""

    at: Any
    old: date
    new: date
    told: tuple[str, ...]


@page("view_pip")
def story(request: HttpRequest, uscc: str) -> HttpResponse:
    """What was frozen, what holds now, and everything that came after."""
    crossings = ThresholdCrossing.objects.select_related("pip", "confirmed_by")
    frozen = request.access.get(crossings, "view_pip", pip__uscc=uscc)
    row = frozen.pip
    notes = list(CrossingNote.objects.filter(tenant=request.tenant, pip=row).select_related("noted_by"))
    duties = Obligation.objects.filter(tenant=request.tenant, pip=row, rule__in=(*FILING_RULES, CONFIRM, BELOW))
    by_rule = {duty.rule: duty for duty in duties.select_related("tenant")}
    filings = [by_rule[rule] for rule in FILING_RULES if rule in by_rule]
    # An open or met duty of the one rule stands before that of the other, which the counts no longer ask for.
    filings.sort(key=lambda duty: duty.state == State.NOT_REQUIRED)
    moved = moves_of(request, [duty.pk for duty in filings])
    reviews = reviews_of(request, row) if BELOW in by_rule else []
    is_open = {rule for rule, duty in by_rule.items() if duty.state == State.OPEN}
    context = {
        "pip": row,
        "frozen": frozen,
        "standing": notes[-1] if notes else frozen,
        "notes": notes,
        "reviews": reviews,
        "entries": entries_of(request, frozen, notes, reviews, moved),
        "filing": filings[0] if filings else None,
        "has_moved": CONFIRM in is_open,
        "is_below": BELOW in is_open,
        "confirm_duty": by_rule.get(CONFIRM),
        "below_duty": by_rule.get(BELOW),
        "cites": (FRM(15), ANNOUNCEMENT(), CIVIL(201)),
        "crumbs": crumbs_of(request, row, _("The 100,000 line")),
        "may_confirm": request.access.can("confirm_count", row),
        "may_review": request.access.can("waive_finding", row),
    }
    return render(request, "deployments/crossing_story.html", context)


def reviews_of(request: HttpRequest, row: Pip) -> list[BelowReview]:
    """Counsel's decisions, the oldest first."""
    rows = BelowReview.objects.filter(tenant=request.tenant, pip=row)
    return list(rows.select_related("decided_by", "proof"))


def moves_of(request: HttpRequest, duty_ids: list[int]) -> list[Move]:
    """How the due day moved, the newest first, as the trail has it; who was told is for readers of the log."""
    of_duty = AuditEvent.objects.filter(
        tenant=request.tenant,
        table_name=Obligation._meta.db_table,
        row_id__in=[str(pk) for pk in duty_ids],
        operation="update",
    )
    told: dict[date, list[str]] = {}
    if request.access.can("view_audit"):
        sent = Delivery.objects.filter(tenant=request.tenant, reminder__obligation__in=duty_ids, channel="inbox")
        names = sent.filter(reminder__rung="opened").order_by("id").values_list("reminder__aims_at", "user__name")
        for aims_at, name in names[:SHOWN]:
            told.setdefault(aims_at, []).append(name)
    moves = []
    for event in of_duty[:SHOWN]:
        changes = {column: (old, new) for column, old, new in event.changes}
        old, new = changes.get("due_on", (None, None))
        if old and new:
            aims_at = changes.get("safe_on", (None, new))[1]
            names = tuple(told.get(date.fromisoformat(aims_at), ()))
            moves.append(Move(event.at, date.fromisoformat(old), date.fromisoformat(new), names))
    return moves


def entries_of(
    request: HttpRequest,
    frozen: ThresholdCrossing,
    notes: Iterable[CrossingNote],
    reviews: Iterable[BelowReview],
    moved: Iterable[Move],
) -> list[dict[str, Any]]:
    """One timeline of everything, the newest first."""
    entries = [
        {
            "kind": "accepted",
            "moment": frozen.confirmed_at,
            "who": frozen.confirmed_by,
            "what": _("Confirmed and frozen: %(day)s with %(persons)s persons")
            % {"day": frozen.crossed_on.isoformat(), "persons": f"{frozen.persons:,}"},
            "detail": frozen.reason,
        }
    ]
    before = frozen.crossed_on
    for note in notes:
        entries.append(
            {
                "kind": "change",
                "moment": note.noted_at,
                "who": note.noted_by,
                "what": _("Note: the day that holds"),
                "detail": note.reason,
                "changes": [(_("100,000 reached on"), before.isoformat(), note.crossed_on.isoformat())],
            }
        )
        before = note.crossed_on
    entries += [
        {
            "kind": "law",
            "moment": review.decided_at,
            "who": review.decided_by,
            "what": _("Fall below 100,000 since %(day)s reviewed: %(decision)s")
            % {"day": review.below_on.isoformat(), "decision": review.get_decision_display()},
            "detail": review.reason,
            "url": reverse("evidence:open", args=[request.tenant.slug, review.proof.code]) if review.proof else "",
        }
        for review in reviews
    ]
    entries += [
        {
            "kind": "warning",
            "moment": move.at,
            "who": "",
            "what": _("The last day for filing moved"),
            "detail": _("Told: %(names)s") % {"names": ", ".join(move.told)} if move.told else "",
            "changes": [(_("due on"), move.old.isoformat(), move.new.isoformat())],
        }
        for move in moved
    ]
    return sorted(entries, key=lambda entry: entry["moment"], reverse=True)


def facts_today(row: Pip) -> tuple[PipFacts, Reached | None]:
    """The facts of a PIP at the end of today, and where they stand against the line."""
    facts = register_facts(row, {}).as_of(civil_today())
    return facts, reached(facts)


def story_url(request: HttpRequest, row: Pip) -> str:
    return reverse("deployments:crossing_story", args=[request.tenant.slug, row.uscc])


@page("confirm_count", writes=True)
def note(request: HttpRequest, uscc: str) -> HttpResponse:
    """Note which day holds after counts came that say another one."""
    row = request.access.get(Pip, "confirm_count", uscc=uscc)
    frozen = ThresholdCrossing.objects.filter(tenant=request.tenant, pip=row).first()
    if frozen is None:
        return redirect("deployments:crossing_confirm", request.tenant.slug, row.uscc)
    facts, found = facts_today(row)
    if found is None or (found.is_confirmed and not found.has_moved):
        if request.method == "POST":
            raise CaseError(_("The counts say what was confirmed. There is nothing to note."))
        return redirect(story_url(request, row))
    # What the counts say now; a crossing that they no longer reach leaves the confirmed day to be kept.
    said = found.said if found.has_moved else found.on
    standing = frozen.standing
    lines = compared(standing, facts, said or standing.crossed_on)
    form_page = FormPage(
        _("Note which day holds"),
        _("Note and freeze this day"),
        story_url(request, row),
        [*crumbs_of(request, row), (_("The 100,000 line"), story_url(request, row)), (_("Note which day holds"), "")],
        template="deployments/crossing_note.html",
        context={
            "pip": row,
            "standing": standing,
            "said": said,
            "persons": latest(facts, said).high if said else None,
            "lines": lines[:COMPARED],
            "more": max(len(lines) - COMPARED, 0),
            "cites": (FRM(15), CIVIL(201)),
        },
    )
    form = NoteForm(
        request.POST or None,
        instance=CrossingNote(tenant=request.tenant, pip=row, crossing=frozen),
        initial={"crossed_on": said or standing.crossed_on, "method": standing.method},
        request=request,
    )
    return edit(
        request,
        form_page,
        form,
        lambda values: services.note_crossing(row, by=request.user, today=civil_today(), **values),
        to=story_url(request, row),
        said=lambda made: (
            _("Noted: %(day)s holds. What was confirmed before stays readable.") % {"day": made.crossed_on.isoformat()}
        ),
    )


def compared(standing: ThresholdCrossing | CrossingNote, facts: PipFacts, on: date) -> list[dict[str, Any]]:
    """The frozen counts beside those that make up the number now, where they differ: the largest differences first."""
    before = {(row["scenario"], row["deployment"]): (row["on"], row["persons"]) for row in standing.snapshot["counts"]}
    now = {(count.scenario, count.deployment): (count.on.isoformat(), count.persons) for count in counts_on(facts, on)}
    lines = [
        {
            "scenario": scenario,
            "deployment": deployment,
            "before": before.get((scenario, deployment)),
            "now": now.get((scenario, deployment)),
        }
        for scenario, deployment in before.keys() | now.keys()
        if before.get((scenario, deployment)) != now.get((scenario, deployment))
    ]
    return sorted(lines, key=lambda line: (-_difference(line), line["scenario"], line["deployment"] or ""))


def _difference(line: dict[str, Any]) -> int:
    return abs((line["now"] or ("", 0))[1] - (line["before"] or ("", 0))[1])


@page("waive_finding", writes=True)
def review(request: HttpRequest, uscc: str) -> HttpResponse:
    """Record what counsel decided of a fall below 100,000."""
    row = request.access.get(Pip, "waive_finding", uscc=uscc)
    facts, found = facts_today(row)
    fell = fell_on(facts)
    if found is None or fell is None:
        if request.method == "POST":
            raise CaseError(_("100,000 persons or more are stored, or never were. There is no fall to review."))
        return redirect(pip_url(request, row))
    form_page = FormPage(
        _("Review the fall below 100,000"),
        _("Record the decision"),
        pip_url(request, row),
        crumbs_of(request, row, _("Review the fall")),
        template="deployments/below_review.html",
        context={
            "pip": row,
            "found": found,
            "fell": fell,
            "total": latest(facts, civil_today()),
            "points": last_points(series(facts)),
            "cites": (DEFAULT("review-below-threshold"), FRM(15)),
        },
    )
    form = ReviewForm(
        request.POST or None,
        request.FILES or None,
        instance=BelowReview(tenant=request.tenant, pip=row),
        request=request,
        is_filed=is_filed(row),
    )
    return edit(
        request,
        form_page,
        form,
        lambda values: services.review_fall(row, by=request.user, today=civil_today(), **values),
        to=pip_url(request, row),
        said=lambda made: _("Recorded: %(decision)s.") % {"decision": made.get_decision_display()},
    )


def last_points(totals: tuple[Total, ...]) -> tuple[Total, ...]:
    """The newest totals, for a curve that shows the fall."""
    return totals[-60:]

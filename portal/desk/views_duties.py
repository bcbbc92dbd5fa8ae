"""The worklist of duties, and one duty with its ground, its date, its reminders and its history."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filings.models import Filing
from portal.accounts.absences import stand_ins
from portal.accounts.access import Access
from portal.accounts.models import User
from portal.accounts.pages import page
from portal.accounts.reach import readers_of, workers
from portal.accounts.services import members_with
from portal.calendars.clock import calendar, civil_now, civil_today, working_days_left
from portal.desk.acts import KINDS, act_of, days_left, reckoning_of, undated
from portal.desk.duty_file import as_file, links
from portal.desk.duty_filter import DutyFilter
from portal.desk.models import HandOver
from portal.desk.paging import SIZE, capped_count, worst_first
from portal.desk.remark_form import RemarkForm
from portal.desk.story_duty import story_of_duty
from portal.law.engine import rule_by_id
from portal.obligations.hands import permission_for
from portal.obligations.models import (
    Delivery,
    Mention,
    Obligation,
    ObligationQuerySet,
    Remark,
    Reminder,
    State,
)
from portal.obligations.subjects import row_of, subjects_of

MOST_RUNGS = 200
MOST_DELIVERIES = 200


def with_days_left(rows: list[Obligation]) -> list[Obligation]:
    """Give each duty the working days that are left, for its due mark."""
    today = civil_today()
    for row in rows:
        is_running = row.due_on is not None and row.state == State.OPEN
        row.left = working_days_left(today, row.due_on) if is_running else None
        row.mark = mark_of(row, today)
        row.edge = "bad" if row.mark in ("overdue", "unlawful") else ""
    return rows


def mark_of(row: Obligation, today: Any) -> str:
    """The state as the lists show it: what is unlawful or overdue says so."""
    if row.state != State.OPEN:
        return row.state
    if row.is_overdue(today):
        return "overdue"
    return "unlawful" if row.is_critical else "open"


@dataclass(frozen=True)
class Group:
    """The open duties of one rule."""

    rule: str
    number: int
    critical: int
    overdue: int
    first: date | None
    title: str
    layer: str
    cites: tuple[str, ...]

    @property
    def rank(self) -> tuple:
        """Dates that a statute sets, the earliest first; then what is unlawful now; then all else by its date."""
        is_dated = self.layer == "law" and self.first is not None
        return (not is_dated, not (is_dated or self.critical), self.first or date.max, -self.number, self.rule)


def groups_of(rows: ObligationQuerySet, today: date) -> list[Group]:
    """The duties by their rule; what can't wait comes first."""
    language = get_language() or "en"
    found = (
        rows.order_by()
        .values("rule")
        .annotate(
            number=Count("id"),
            critical=Count("id", filter=Q(is_critical=True)),
            overdue=Count("id", filter=Q(due_on__lt=today) | Q(due_at__lt=civil_now())),
            first=Min("safe_on"),
        )
    )
    groups = []
    for sums in found:
        law = rule_by_id(sums["rule"])
        cites = tuple(cite.label.in_(language) for cite in law.cites)
        groups.append(Group(**sums, title=law.title.in_(language), layer=law.layer, cites=cites))
    return sorted(groups, key=lambda one: one.rank)


def may_give(access: Access, duty: Obligation) -> bool:
    """Whether the reader may say whose an open duty is: he who may meet it himself."""
    return duty.state == State.OPEN and access.can(permission_for(duty.rule), duty.pip_id)


def handed_now(request: HttpRequest) -> HandOver | None:
    """The reader's own hand-over of today that the address names, while it can be undone."""
    chosen = request.GET.get("handed", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        return None
    mine = HandOver.objects.filter(tenant=request.tenant, by=request.user, on=civil_today(), undone_at__isnull=True)
    return mine.filter(pk=int(chosen)).first()


def stand_in_of(person: User | None, today: date) -> User | None:
    """Who does the person's work today, if somebody does."""
    stand_in = stand_ins(today).get(person.pk) if person else None
    return User.objects.filter(pk=stand_in).first() if stand_in else None


@page("view_pip")
def obligations(request: HttpRequest) -> HttpResponse:
    """The duties the reader may see: those of a large workspace by their rule, else each, worst first."""
    today = civil_today()
    people = workers(today)
    form = DutyFilter(request.GET, request=request, people=people)
    rows = form.narrow(request.access.rows(Obligation), today)
    if request.GET.get("format") in ("csv", "xlsx"):
        return as_file(rows, request.GET["format"], today)
    count = capped_count(rows)
    address = reverse("desk:obligations", args=[request.tenant.slug])
    views = [
        {"label": _("By rule"), "url": f"{address}?view=rules"},
        {"label": _("One by one"), "url": f"{address}?view=each"},
    ]
    view = request.GET.get("view") or ("rules" if count > SIZE and not request.GET else "each")
    if view == "rules":
        views[0]["current"] = True
        groups = groups_of(request.access.rows(Obligation).open(), today)
        context = {"title": _("Duties"), "form": form, "groups": groups, "views": views, "files": links(request)}
        return render(request, "desk/obligations_by_rule.html", context)
    views[1]["current"] = True
    leaf = worst_first(request, rows.select_related("pip", "pip__tenant", "tenant", "assignee"))
    subjects = subjects_of(leaf.rows)
    for row in leaf.rows:
        row.about = subjects[row.pk]
        row.undated = undated(row)
        row.may_give = may_give(request.access, row)
    context = {
        "title": _("Duties"),
        "form": form,
        "leaf": leaf,
        "rows": with_days_left(leaf.rows),
        "count": count,
        "kinds": KINDS,
        "views": views,
        "people": people if any(row.may_give for row in leaf.rows) else [],
        "handed": handed_now(request),
        "files": links(request),
    }
    return render(request, "desk/obligations.html", context)


@page("view_pip")
def obligation(request: HttpRequest, pk: int) -> HttpResponse:
    """One duty: why, by when and how that was reckoned, what to do, whom the portal told, what happened."""
    duty = request.access.get(Obligation.objects.select_related("pip", "tenant", "assignee"), "view_pip", pk=pk)
    return render(request, "desk/obligation.html", page_of_duty(request, duty))


def page_of_duty(request: HttpRequest, duty: Obligation) -> dict[str, Any]:
    """What the page of a duty shows."""
    today = civil_today()
    with_days_left([duty])
    subject = row_of(duty)
    duty.about = subjects_of([duty])[duty.pk]
    reckoning = reckoning_of(duty, calendar())
    is_fixed = reckoning is not None and len(reckoning.strip) == 1
    may_read_log = request.access.can("view_audit")
    rungs = Reminder.objects.filter(tenant=request.tenant, obligation=duty).order_by("send_on", "id")[:MOST_RUNGS]
    sent = Delivery.objects.filter(tenant=request.tenant, reminder__obligation=duty)
    sent = sent.select_related("user", "robot", "instead_of__robot", "reminder").order_by("-id")[:MOST_DELIVERIES]
    can_give = may_give(request.access, duty)
    remarks = list(
        Remark.objects.filter(tenant=request.tenant, obligation=duty)
        .select_related("by", "resolved_by")
        .prefetch_related(Prefetch("mentions", queryset=Mention.objects.select_related("user")))
    )
    return {
        "title": duty.title,
        "duty": duty,
        # A rule is a function: a template that met it would call it.
        "layer": duty.law.layer,
        "cites": duty.law.cites,
        "subject": subject,
        "act": act_of(request, duty, subject),
        "whose": duty.assignee or _("nobody's yet"),
        "reckoning": reckoning,
        "is_fixed": is_fixed,
        "strip": days_left(duty, today, calendar()) if is_fixed else reckoning.strip if reckoning else (),
        # A notice came after the date was stored: the next sweep moves it.
        "is_moved": reckoning is not None and reckoning.due != duty.due_on,
        "rungs": rungs,
        "deliveries": sent if may_read_log else [],
        "may_read_log": may_read_log,
        "filings": Filing.objects.filter(tenant=request.tenant, obligation=duty).select_related("tenant"),
        "story": story_of_duty(request, duty) if may_read_log else [],
        "can_give": can_give,
        "people": members_with(permission_for(duty.rule), duty.pip) if can_give else [],
        "stand_in": stand_in_of(duty.assignee, today),
        "handed": handed_now(request),
        "remarks": [row for row in remarks if row.resolved_at is None],
        "settled": [row for row in remarks if row.resolved_at is not None],
        "has_unread": any(
            one.user_id == request.user.pk and one.read_at is None for row in remarks for one in row.mentions.all()
        ),
        "remark_form": RemarkForm(readers=readers_of(duty.pip_id, today)),
        "may_remark": not request.access.is_read_only,
    }

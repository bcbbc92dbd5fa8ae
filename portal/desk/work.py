"""My work: all that waits for a person, of every kind, worst first, in few statements whatever the number of rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.work import assessments
from filings.work import changes, ending_tasks, filings_back
from portal.accounts.reach import free
from portal.calendars.clock import civil_now, working_days_left
from portal.desk.acts import KINDS, rules_of, undated
from portal.obligations.hands import rules_by_permission
from portal.obligations.models import Mention, Obligation
from portal.obligations.subjects import subjects_of
from portal.obligations.work import LATER, MOST, OVERDUE, UNDATED, URGENCIES, WEEK, Hands, Source, Work

# Of one rule in one part of the list, then of all rules together; more where the reader asked for this part or kind.
SHOWN_OF_RULE, SHOWN_OF_PART = 3, 30
SHOWN_OF_CHOSEN_RULE, SHOWN_OF_CHOSEN_PART = 20, 150

WORK_KINDS: dict[str, str | Promise] = KINDS | {
    "correction": gettext_lazy("correction"),
    "change": gettext_lazy("change of what was filed"),
    "seal": gettext_lazy("seal"),
    "ending": gettext_lazy("end of use"),
    "mention": gettext_lazy("remark for me"),
}


@dataclass(frozen=True)
class Wanted:
    """What the reader wants to see of it; empty for all."""

    kind: str = ""
    pip: int | None = None
    urgency: str = ""
    # "mine", "free", or nothing.
    whose: str = ""


@dataclass
class Part:
    """A part of the list by urgency: its lines, and how much there is in all."""

    urgency: str
    total: int = 0
    lines: list[Work] = field(default_factory=list)
    # Each line with the name of its kind and, where the reader stands in, whose it is.
    rows: list[tuple[Work, str | Promise, str]] = field(default_factory=list)

    @property
    def title(self) -> str | Promise:
        return URGENCIES[self.urgency]


def urgency_column(hands: Hands) -> Case:
    """The same parting as ``Work.urgency``, by the database."""
    is_past = Q(is_critical=True) | Q(due_on__lt=hands.today) | Q(due_at__lt=civil_now())
    return Case(
        When(is_past, then=Value(OVERDUE)),
        When(safe_on__isnull=True, then=Value(UNDATED)),
        When(safe_on__lte=hands.week_ends, then=Value(WEEK)),
        default=Value(LATER),
    )


def duties_for(hands: Hands, wanted: Wanted = Wanted()) -> QuerySet[Obligation]:
    """Open duties that are the reader's or those of whom he stands in for; and nobody's that his role can meet."""
    mine, can = Q(assignee__in=hands.people), Q(pk__in=[])
    for permission, rules in rules_by_permission().items():
        can |= Q(pip_id__in=hands.pips(permission), rule__in=rules)
    nobodys = can & free("assignee", hands.today)
    choice = {"mine": mine, "free": nobodys}.get(wanted.whose, mine | nobodys)
    rows = hands.access.rows(Obligation).open().filter(choice)
    if wanted.kind:
        rows = rows.filter(rule__in=rules_of(wanted.kind))
    if wanted.pip:
        rows = rows.filter(pip=wanted.pip)
    return rows


def duties(hands: Hands, wanted: Wanted) -> tuple[list[Work], dict[str, int]]:
    """The worst of each rule in each part of the list, and how many each part has: one statement, and the names."""
    is_chosen = bool(wanted.kind or wanted.urgency)
    shown = SHOWN_OF_CHOSEN_RULE if is_chosen else SHOWN_OF_RULE
    most = SHOWN_OF_CHOSEN_PART if is_chosen else SHOWN_OF_PART
    of_rule = {"partition_by": [F("urgency"), F("rule")]}
    rows = (
        duties_for(hands, wanted)
        .annotate(urgency=urgency_column(hands))
        .annotate(
            place=Window(RowNumber(), order_by=[F("safe_on").asc(nulls_last=True), F("id")], **of_rule),
            like_it=Window(Count("id"), **of_rule),
        )
        .filter(place__lte=shown)
        .select_related("pip", "pip__tenant")
        .order_by("-is_critical", F("safe_on").asc(nulls_last=True), "id")
    )
    if wanted.urgency:
        rows = rows.filter(urgency=wanted.urgency)
    totals: dict[str, int] = defaultdict(int)
    of_part: dict[str, list[Obligation]] = defaultdict(list)
    for row in rows:
        if row.place == 1:
            totals[row.urgency] += row.like_it
        if len(of_part[row.urgency]) < most:
            of_part[row.urgency].append(row)
    found = [row for part in of_part.values() for row in part]
    subjects = subjects_of(found)
    slug = hands.access.tenant.slug
    return [
        Work(
            kind=row.law.kind,
            what=row.title,
            url=reverse("desk:obligation", args=[slug, row.pk]),
            pip_id=row.pip_id,
            pip=row.pip.name,
            about=subjects[row.pk].name,
            code=subjects[row.pk].code,
            why=row.why,
            holder=row.assignee_id,
            safe_on=row.safe_on,
            due_on=row.due_on,
            due_at=row.due_at,
            is_provisional=row.is_provisional,
            is_critical=row.is_critical,
            undated=undated(row),
            rule=row.rule,
            more=max(row.like_it - shown, 0) if row.place == shown else 0,
        )
        for row in found
    ], totals


def mentions(hands: Hands) -> list[Work]:
    """Remarks that name the reader and that he has not read."""
    rows = hands.access.rows(Mention).filter(user=hands.access.user, read_at__isnull=True)
    rows = rows.select_related("pip", "remark__by", "remark__obligation").order_by("id")
    slug = hands.access.tenant.slug
    return [
        Work(
            kind="mention",
            what=_("%(person)s wrote to you") % {"person": row.remark.by},
            why=row.remark.text,
            url=reverse("desk:remarks_read", args=[slug, row.remark.obligation_id]),
            pip_id=row.pip_id,
            pip=row.pip.name,
            about=row.remark.obligation.title,
            holder=hands.access.user.pk,
            undated=_("to be read"),
            posts=True,
        )
        for row in rows[:MOST]
    ]


# Every kind of work that isn't a stored duty, told by its own app.
SOURCES: tuple[tuple[frozenset[str], Source], ...] = (
    (frozenset({"ending"}), ending_tasks),
    (frozenset({"correction", "seal"}), filings_back),
    (frozenset({"change"}), changes),
    (frozenset({"assessment"}), assessments),
    (frozenset({"mention"}), mentions),
)


def my_work(hands: Hands, wanted: Wanted) -> list[Part]:
    """The parts of the list, each worst first."""
    is_of_duties = not wanted.kind or wanted.kind in KINDS
    lines, totals = duties(hands, wanted) if is_of_duties else ([], {})
    parts = {urgency: Part(urgency, totals.get(urgency, 0)) for urgency in URGENCIES}
    for line in others(hands, wanted):
        parts[line.urgency(hands)].total += 1
        lines.append(line)
    for line in sorted(lines, key=rank):
        left = working_days_left(hands.today, line.due_on) if line.due_on else None
        parts[line.urgency(hands)].lines.append(replace(line, left=left))
    return [part for part in parts.values() if not wanted.urgency or part.urgency == wanted.urgency]


def others(hands: Hands, wanted: Wanted) -> Sequence[Work]:
    """What isn't a stored duty, as wanted."""
    sources = [tell for kinds, tell in SOURCES if not wanted.kind or wanted.kind in kinds]
    found = [line for tell in sources for line in tell(hands)]
    is_mine = {"mine": True, "free": False}.get(wanted.whose)
    return [
        line
        for line in found
        if (not wanted.kind or line.kind == wanted.kind)
        and (not wanted.pip or line.pip_id == wanted.pip)
        and (is_mine is None or (line.holder in hands.people) == is_mine)
        and (not wanted.urgency or line.urgency(hands) == wanted.urgency)
    ]


def rank(line: Work) -> tuple:
    """Unlawful things first, then by the day to aim at; within a day remarks first, then rule by rule."""
    return (not line.is_critical, line.aim_on or date.max, line.kind != "mention", line.rule, line.more > 0)

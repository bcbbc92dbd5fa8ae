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

# Of one rule in one part of the list; more where the reader asked for this part or kind, then of all rules too.
SHOWN_OF_RULE = 3
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
class Bundle:
    """What is alike in a part of the list, as the duties of one rule: the worst of it, and how much there is."""

    total: int = 0
    lines: list[Work] = field(default_factory=list)

    @property
    def first(self) -> Work:
        """The worst of it; it gives the bundle its name."""
        return self.lines[0]

    @property
    def more(self) -> int:
        """How much isn't shown."""
        return self.total - len(self.lines)


@dataclass
class Part:
    """A part of the list by urgency."""

    urgency: str
    bundles: list[Bundle] = field(default_factory=list)

    @property
    def title(self) -> str | Promise:
        return URGENCIES[self.urgency]

    @property
    def total(self) -> int:
        return sum(bundle.total for bundle in self.bundles)

    @property
    def lines(self) -> list[Work]:
        return [line for bundle in self.bundles for line in bundle.lines]


def urgency_column(hands: Hands) -> Case:
    """The same parting as ``Work.urgency``, by the database."""
    is_past = Q(is_critical=True) | Q(due_on__lt=hands.today) | Q(due_at__lt=civil_now())
    return Case(
        When(is_past, then=Value(OVERDUE)),
        When(safe_on__isnull=True, then=Value(UNDATED)),
        When(safe_on__lte=hands.week_ends, then=Value(WEEK)),
        default=Value(LATER),
    )


def of_hands(hands: Hands, whose: str = "") -> Q:
    """Duties of the reader and of whom he stands in for ("mine"), and nobody's that his role can meet ("free")."""
    mine, can = Q(assignee__in=hands.people), Q(pk__in=[])
    for permission, rules in rules_by_permission().items():
        can |= Q(pip_id__in=hands.pips(permission), rule__in=rules)
    nobodys = can & free("assignee", hands.today)
    return {"mine": mine, "free": nobodys}.get(whose, mine | nobodys)


def duties_for(hands: Hands, wanted: Wanted = Wanted()) -> QuerySet[Obligation]:
    """Open duties that wait for the reader, as wanted."""
    rows = hands.access.rows(Obligation).open().filter(of_hands(hands, wanted.whose))
    if wanted.kind:
        rows = rows.filter(rule__in=rules_of(wanted.kind))
    if wanted.pip:
        rows = rows.filter(pip=wanted.pip)
    return rows


def duties(hands: Hands, wanted: Wanted) -> tuple[list[Work], dict[tuple[str, str], int]]:
    """The worst of each rule in each part of the list, and how many there are: one statement, and the names."""
    shown = SHOWN_OF_CHOSEN_RULE if wanted.kind or wanted.urgency else SHOWN_OF_RULE
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
    totals: dict[tuple[str, str], int] = {}
    of_part: dict[str, list[Obligation]] = defaultdict(list)
    for row in rows:
        if row.place == 1:
            totals[row.urgency, row.rule] = row.like_it
        # The first of a rule is never cut: it leads to the others.
        if row.place == 1 or len(of_part[row.urgency]) < SHOWN_OF_CHOSEN_PART:
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
    """The parts of the list, each worst first, what is alike together."""
    is_of_duties = not wanted.kind or wanted.kind in KINDS
    lines, totals = duties(hands, wanted) if is_of_duties else ([], {})
    bundles: dict[str, dict[str, Bundle]] = {urgency: defaultdict(Bundle) for urgency in URGENCIES}
    for line in sorted([*lines, *others(hands, wanted)], key=rank):
        left = working_days_left(hands.today, line.due_on) if line.due_on else None
        bundle = bundles[line.urgency(hands)][line.rule or f"{line.kind} {line.what}"]
        bundle.lines.append(replace(line, left=left))
        bundle.total = totals.get((line.urgency(hands), line.rule), len(bundle.lines))
    return [
        Part(urgency, list(found.values()))
        for urgency, found in bundles.items()
        if not wanted.urgency or urgency == wanted.urgency
    ]


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
    return (not line.is_critical, line.aim_on or date.max, line.kind != "mention", line.rule)

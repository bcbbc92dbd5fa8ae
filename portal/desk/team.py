"""The work of a team in numbers, and one person's open work."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, F, Min, Q, When

from filings.dates import date_of_task
from filings.models import EndingTask
from portal.accounts.absences import stand_ins
from portal.accounts.access import Access
from portal.accounts.models import Absence, Membership, TeamMember, User
from portal.accounts.reach import ACTING_ROLES, held
from portal.calendars.clock import civil_now
from portal.desk.acts import undated
from portal.desk.views_duties import may_give, with_days_left
from portal.obligations.models import Obligation
from portal.obligations.subjects import subjects_of

MOST_SHOWN = 200
MOST_MOVED = 5_000


@dataclass
class Load:
    """What somebody, or nobody, has before him."""

    open: int = 0
    overdue: int = 0
    soon: int = 0
    next_on: date | None = None

    def add(self, row: dict) -> None:
        """Take up the sums of one more kind of work."""
        self.open += row["open"]
        self.overdue += row["overdue"]
        self.soon += row["soon"]
        self.next_on = min(filter(None, (self.next_on, row["next_on"])), default=None)


@dataclass
class Line(Load):
    """A member's load, his roles, and whether he is away."""

    membership: Membership | None = None
    roles: list[str] = field(default_factory=list)
    away: Absence | None = None
    stand_in: User | None = None
    stands_in_for: list[User] = field(default_factory=list)


def team_of(access: Access, today: date) -> tuple[list[Line], Load]:
    """A line for each member who can meet duties, by name, and the load that is nobody's; of PIPs the reader sees."""
    members = Membership.objects.current(today).filter(team_members__team__role__in=ACTING_ROLES).distinct()
    lines = {
        row.user_id: Line(membership=row) for row in members.select_related("user").order_by("user__name", "user_id")
    }
    of_team = TeamMember.objects.filter(membership__user__in=lines).select_related("team", "membership")
    for row in of_team.order_by("team__role"):
        role = row.team.get_role_display()
        if role not in lines[row.membership.user_id].roles:
            lines[row.membership.user_id].roles.append(role)
    free = Load()
    for sums in (*duty_sums(access, today), *task_sums(access, today)):
        person = sums["person"]
        if person is None:
            free.add(sums)
        elif person in lines:
            lines[person].add(sums)
    with_absences(lines, today)
    return list(lines.values()), free


def duty_sums(access: Access, today: date):
    """The open duties by their holder; none where he is gone."""
    is_past = Q(due_on__lt=today) | Q(due_at__lt=civil_now())
    rows = access.rows(Obligation).open().order_by().values(person=holder("assignee", today))
    return rows.annotate(
        open=Count("id"),
        overdue=Count("id", filter=is_past | Q(is_critical=True)),
        soon=Count("id", filter=~is_past & Q(is_critical=False, safe_on__lte=today + timedelta(days=7))),
        next_on=Min("safe_on"),
    )


def holder(person: str, today: date) -> Case:
    """The person in a column, if he may still act there."""
    return Case(When(Q(**{f"{person}__isnull": False}) & held(person, today), then=F(person)))


def task_sums(access: Access, today: date):
    """The open tasks of ends of use by their owner."""
    rows = access.rows(EndingTask).filter(done_on__isnull=True, termination__state="running")
    return (
        rows.order_by()
        .values(person=holder("owner", today))
        .annotate(
            open=Count("id"),
            overdue=Count("id", filter=Q(due_on__lt=today)),
            soon=Count("id", filter=Q(due_on__gte=today, due_on__lte=today + timedelta(days=7))),
            next_on=Min("due_on"),
        )
    )


def with_absences(lines: dict[int, Line], today: date) -> None:
    """Note who is away today and who does the work meanwhile."""
    away = Absence.objects.on(today).select_related("membership__user", "stand_in__user")
    standing = stand_ins(today)
    people = {row.stand_in.user_id: row.stand_in.user for row in away}
    for row in away:
        absent = row.membership.user
        if absent.pk in lines:
            lines[absent.pk].away = row
            lines[absent.pk].stand_in = people.get(standing.get(absent.pk))
        if standing.get(absent.pk) in lines:
            lines[standing[absent.pk]].stands_in_for.append(absent)


@dataclass
class OpenWork:
    """One person's open duties and tasks that the reader may pass on: ids of all, and the worst of them as rows."""

    all_duties: list[int]
    all_tasks: list[int]
    duties: list[Obligation]
    tasks: list[EndingTask]

    @property
    def total(self) -> int:
        return len(self.all_duties) + len(self.all_tasks)


def open_work_of(access: Access, person: User, today: date) -> OpenWork:
    """What a person has before him, as far as the reader may pass it on."""
    rows = access.rows(Obligation).open().filter(assignee=person).worst_first()
    mine = [row for row in rows.select_related("pip", "pip__tenant", "tenant")[:MOST_MOVED] if may_give(access, row)]
    tasks = access.rows(EndingTask, "prepare_filing").filter(
        owner=person, done_on__isnull=True, termination__state="running"
    )
    tasks = list(tasks.select_related("pip", "termination").order_by("due_on", "id")[:MOST_MOVED])
    for task in tasks[:MOST_SHOWN]:
        task.by = date_of_task(task)
    shown = mine[:MOST_SHOWN]
    subjects = subjects_of(shown)
    for row in shown:
        row.about, row.undated = subjects[row.pk], undated(row)
    return OpenWork([row.pk for row in mine], [row.pk for row in tasks], with_days_left(shown), tasks[:MOST_SHOWN])

"""Whom a rung is told to, looked up when it goes: those who prepare filings, whose the duty is, and who stands in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from portal.accounts.absences import stand_ins
from portal.accounts.models import Membership, PipGroupPermission, Team
from portal.clock.rungs import asks, is_escalation, is_opening
from portal.law.engine import STATUTORY
from portal.obligations.models import Reminder


class Audience:
    """The people of some PIPs today; only those whose access has not ended, and who may see the PIP."""

    def __init__(self, rungs: Iterable[Reminder], *, today: date) -> None:
        rungs = list(rungs)
        self.stand_in = stand_ins(today)
        own = {row.obligation.assignee_id for row in rungs} - {None}
        self.preparing: dict[int, list[int]] = defaultdict(list)
        self.owning: dict[int, set[int]] = defaultdict(set)
        self.seeing: dict[int, set[int]] = defaultdict(set)
        owners: set[int] = set()
        if any(is_escalation(row) for row in rungs):
            owners = set(Team.objects.filter(role="owner").values_list("group_id", flat=True))
        rows = (
            PipGroupPermission.objects.filter(content_object_id__in={row.pip_id for row in rungs})
            .filter(
                Q(permission__codename="prepare_filing")
                | Q(permission__codename="view_pip", group__user__in=own | set(self.stand_in.values()))
            )
            .filter(group__user__in=Membership.objects.current(today).values("user_id"))
            .values_list("content_object_id", "group__user__id", "group_id", "permission__codename")
            .distinct()
            .order_by("group__user__id")
        )
        for pip_id, user_id, group_id, codename in rows:
            if codename == "view_pip":
                self.seeing[pip_id].add(user_id)
                continue
            if user_id not in self.preparing[pip_id]:
                self.preparing[pip_id].append(user_id)
            if group_id in owners:
                self.owning[pip_id].add(user_id)

    def of(self, row: Reminder) -> tuple[int, ...]:
        """Who is told: the owners of what nobody answered; all who prepare filings, of news and of the last days of a
        date that law sets; else whose the duty is. With each who is away, who stands in for him."""
        pip = row.pip_id
        if is_escalation(row):
            return self.with_stand_ins(pip, sorted(self.owning[pip]))
        whose = row.obligation.assignee_id
        is_there = whose in self.seeing[pip]
        is_for_all = row.obligation.rule in STATUTORY and (asks(row) or is_opening(row))
        if is_there and not is_for_all:
            return self.with_stand_ins(pip, [whose])
        people = self.preparing[pip]
        return self.with_stand_ins(pip, [*people, *([whose] if is_there and whose not in people else [])])

    def with_stand_ins(self, pip: int, people: list[int]) -> tuple[int, ...]:
        """These people, and who stands in for them where he may see the PIP."""
        more = (self.stand_in.get(person) for person in people)
        seen = [person for person in more if person in self.seeing[pip]]
        return tuple(dict.fromkeys([*people, *seen]))


def recipients(pips: set[int], *, today: date) -> dict[int, list[int]]:
    """The people who prepare filings for a PIP: without any, its reminders wait."""
    rows = (
        PipGroupPermission.objects.filter(content_object_id__in=pips, permission__codename="prepare_filing")
        .filter(group__user__in=Membership.objects.current(today).values("user_id"))
        .values_list("content_object_id", "group__user__id")
        .distinct()
        .order_by("group__user__id")
    )
    people: dict[int, list[int]] = defaultdict(list)
    for pip_id, user_id in rows:
        people[pip_id].append(user_id)
    return people

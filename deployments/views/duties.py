"""Duties as rows of a page: how far the date is, and whether it has passed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from portal.calendars.clock import civil_today, working_days_left
from portal.law.sources import Cite
from portal.obligations.models import Obligation, State


@dataclass(frozen=True)
class DutyRow:
    """An obligation with what today adds to it."""

    obligation: Obligation
    left: int | None
    is_overdue: bool

    @property
    def badge(self) -> str:
        """The state in one word: unlawful and overdue come before open."""
        row = self.obligation
        if row.state != State.OPEN:
            return row.state
        if row.is_critical:
            return "unlawful"
        return "overdue" if self.is_overdue else "open"

    @property
    def tone(self) -> str:
        """Red is for what is unlawful or overdue only."""
        return "bad" if self.badge in ("unlawful", "overdue") else ""

    @property
    def layer(self) -> str:
        """Law, standard, practice or the portal's default."""
        return self.obligation.law.layer

    @property
    def cites(self) -> tuple[Cite, ...]:
        """The citations of the rule."""
        return self.obligation.law.cites

    @property
    def is_done(self) -> bool:
        return self.obligation.state != State.OPEN


def duty_rows(obligations: Iterable[Obligation], today: date) -> list[DutyRow]:
    """The obligations as rows, in their order."""
    rows = []
    for obligation in obligations:
        is_dated = obligation.state == State.OPEN and obligation.due_on is not None
        left = working_days_left(today, obligation.due_on) if is_dated else None
        rows.append(DutyRow(obligation, left, obligation.is_overdue(today)))
    return rows


def duties_of(request: HttpRequest, pip_id: int, *subjects: str) -> list[DutyRow]:
    """The duties of a subject: unlawful ones first, then by date; those no longer asked for are left out."""
    rows = Obligation.objects.filter(tenant=request.tenant, pip_id=pip_id, subject__in=subjects)
    shown = rows.exclude(state=State.NOT_REQUIRED).worst_first()
    return sorted(duty_rows(shown, civil_today()), key=lambda row: row.is_done)


def first_open(rows: Iterable[DutyRow]) -> DutyRow | None:
    """The duty to look at first."""
    return next((row for row in rows if not row.is_done), None)

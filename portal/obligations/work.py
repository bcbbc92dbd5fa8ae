"""A piece of work that waits for somebody, of whatever kind: what each app tells the list *My work*."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import Access
from portal.calendars.clock import civil_now

# Rows that one kind of work tells at most; the worst come first.
MOST = 200

OVERDUE, WEEK, LATER, UNDATED = "overdue", "week", "later", "undated"
URGENCIES: dict[str, str | Promise] = {
    OVERDUE: _("Unlawful or overdue"),
    WEEK: _("This week"),
    LATER: _("Later"),
    UNDATED: _("Without a date"),
}


@dataclass(frozen=True)
class Hands:
    """Whose work is asked for: the reader's, and that of the people for whom he stands in today."""

    access: Access
    today: date
    people: tuple[int, ...]

    def pips(self, permission: str) -> list[int]:
        """Ids of the PIPs for which the reader holds a permission."""
        return self.access.pip_ids(permission)

    @property
    def week_ends(self) -> date:
        """Sunday of this week."""
        return self.today + timedelta(days=6 - self.today.weekday())


@dataclass(frozen=True, kw_only=True)
class Work:
    """One line of the list. Without a holder it waits for whoever may do it; ``safe_on`` is the day to aim at."""

    kind: str
    what: str
    url: str
    pip_id: int
    pip: str
    about: str = ""
    code: str = ""
    why: str = ""
    holder: int | None = None
    safe_on: date | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    is_provisional: bool = False
    is_critical: bool = False
    # What stands in place of a date.
    undated: str | Promise = _("no fixed date")
    # The date is the workspace's own, not the law's.
    is_own_date: bool = False
    # The link is a button that notes something.
    posts: bool = False
    badge: str = ""
    rule: str = ""
    state: str = "open"
    left: int | None = None

    @property
    def aim_on(self) -> date | None:
        """The day to aim at."""
        return self.safe_on or self.due_on

    def urgency(self, hands: Hands) -> str:
        """Which part of the list it belongs to."""
        is_past = self.due_on is not None and self.due_on < hands.today
        if self.is_critical or is_past or (self.due_at is not None and self.due_at < civil_now()):
            return OVERDUE
        if self.aim_on is None:
            return UNDATED
        return WEEK if self.aim_on <= hands.week_ends else LATER


Source = Callable[[Hands], Sequence[Work]]

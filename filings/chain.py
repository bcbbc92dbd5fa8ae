"""The line of a PIP's filings: which stood on which day, and what it said."""

from datetime import date

from filings.models import Filing, Kind, Snapshot, State
from portal.tenancy.models import Pip


def chain_of(pip: Pip | int) -> list[Filing]:
    """All filings of a PIP, the oldest first."""
    rows = Filing.objects.filter(pip=pip).select_related("tenant", "pip", "crossing", "follows")
    return list(rows.order_by("id"))


def standing(chain: list[Filing], on: date | None = None) -> Filing | None:
    """The filing that stands on a day, by default as of now; none before the first and after a cancellation."""
    accepted = [one for one in chain if one.state == State.ACCEPTED and (on is None or one.accepted_on <= on)]
    last = max(accepted, key=lambda one: (one.accepted_on, one.pk), default=None)
    return None if last is None or last.kind == Kind.TERMINATION else last


def accepted_snapshot(filing: Filing) -> Snapshot | None:
    """What the authority accepted: the version that was sent last."""
    submission = filing.submissions.select_related("snapshot").order_by("id").last()
    return submission.snapshot if submission else None

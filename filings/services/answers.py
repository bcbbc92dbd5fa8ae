"""What the authority answers: a correction, a rejection, the acceptance; and the rounds that follow."""

from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from django.utils.translation import gettext as _

from filings.dates import correct_by
from filings.joint import touch_all
from filings.models import DossierDocument, Filing, Receipt
from filings.services.dossier import MOVED_ON, locked, require_day
from filings.workflow import MOVES
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
from portal.tenancy.session import service
from portal.workflow import StateConflict, advance, may


@service("filing.ask_correction")
def ask_correction(
    filing: Filing,
    *,
    by: User | None,
    received_on: date,
    today: date,
    reason: str,
    reasons: Sequence[str] = (),
    fields: Sequence[str] = (),
    answer_by: date | None = None,
    letter: IO[bytes] | None = None,
    name: str = "",
) -> Receipt:
    """Note that the authority asks for a correction; the dossier can be edited again, by the own date."""
    return _answer(
        filing,
        "ask_correction",
        "correction",
        by,
        received_on,
        today,
        letter,
        name,
        reason=reason,
        reasons=list(reasons),
        fields=list(fields),
        # The default isn't kept: it would stand still when a holiday notice moves it.
        answer_by=None if answer_by == correct_by(received_on).due else answer_by,
    )


@service("filing.reject")
def reject(
    filing: Filing,
    *,
    by: User | None,
    received_on: date,
    today: date,
    reason: str,
    reasons: Sequence[str] = (),
    fields: Sequence[str] = (),
    letter: IO[bytes] | None = None,
    name: str = "",
) -> Receipt:
    """Note that the authority refused the filing (退回, 不予备案): what was sent meets no duty any more."""
    return _answer(
        filing,
        "reject",
        "rejected",
        by,
        received_on,
        today,
        letter,
        name,
        reason=reason,
        reasons=list(reasons),
        fields=list(fields),
    )


@service("filing.new_round")
def begin_round(filing: Filing, *, by: User | None) -> Filing:
    """After a rejection: prepare the dossier anew. What was sent and refused stays as it was."""
    advance(filing, MOVES, "new_round", conflict=str(MOVED_ON), submitted_on=None)
    touch_all(filing)
    return filing


@service("filing.accept")
def accept(
    filing: Filing,
    *,
    by: User | None,
    received_on: date,
    today: date,
    number: str = "",
    letter: IO[bytes] | None = None,
    name: str = "",
) -> Receipt:
    """Note that the authority accepted the filing; a change or a cancellation without a number keeps the former."""
    number = number or (filing.follows.number if filing.follows else "")
    fields = {"accepted_on": received_on, "number": number}
    receipt = _answer(
        filing, "accept", "accepted", by, received_on, today, letter, name, advance_fields=fields, number=number
    )
    DossierDocument.objects.filter(filing=filing, evidence__isnull=False).update(state="accepted")
    return receipt


def _answer(
    filing: Filing,
    move: str,
    kind: str,
    by: User | None,
    received_on: date,
    today: date,
    letter: IO[bytes] | None,
    name: str,
    advance_fields: dict[str, Any] | None = None,
    **fields: Any,
) -> Receipt:
    held = locked(filing)
    if not may(held, MOVES, move):
        raise StateConflict(_("The authority can only answer a submitted dossier. Reload the page."))
    submission = held.submissions.order_by("id").last()
    require_day(
        received_on, earliest=submission.submitted_on, today=today, earliest_name=_("the dossier was submitted")
    )
    advance(filing, MOVES, move, conflict=str(MOVED_ON), **(advance_fields or {}))
    evidence = None
    if letter is not None:
        evidence = keep(letter, name=name, pip=held.pip, by=by, effective_on=received_on, allowed=PAPERS)
    receipt = Receipt.objects.create(
        tenant_id=held.tenant_id,
        pip_id=held.pip_id,
        filing=held,
        submission=submission,
        kind=kind,
        received_on=received_on,
        evidence=evidence,
        entered_by=by,
        **fields,
    )
    touch_all(held)
    return receipt

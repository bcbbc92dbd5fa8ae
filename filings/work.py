"""What filings ask of people: tasks of an end of use, corrections, papers at the seal, changes to decide."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filings.dates import correct_by, date_of_task
from filings.models import IN_STATE, ChangeCase, ChangeState, EndingTask, Filing, Receipt, Sealing
from portal.accounts.reach import free
from portal.calendars.clock import calendar
from portal.law.changes import BY_CODE
from portal.law.checklists import ENDING_TASKS
from portal.law.threshold import FILING_WORKING_DAYS
from portal.law.workdays import CalendarError
from portal.obligations.work import MOST, Hands, Work


def ending_tasks(hands: Hands) -> list[Work]:
    """Tasks of an end of use: one's own, and those that are nobody's."""
    mine = Q(owner__in=hands.people) | Q(free("owner", hands.today), pip_id__in=hands.pips("edit_register"))
    rows = hands.access.rows(EndingTask).filter(mine, done_on__isnull=True, termination__state="running")
    rows = rows.select_related("pip", "termination", "engagement__vendor").order_by("due_on", "id")
    language, slug = get_language() or "en", hands.access.tenant.slug
    return [
        Work(
            kind="ending",
            what=" · ".join(
                filter(
                    None,
                    (ENDING_TASKS[row.code].title.in_(language), row.engagement and row.engagement.vendor.name),
                )
            ),
            url=reverse("filings:ending_task", args=[slug, row.termination.reference, row.pk]),
            pip_id=row.pip_id,
            pip=row.pip.name,
            about=_("End of use"),
            code=row.termination.reference,
            holder=row.owner_id,
            safe_on=by.safe,
            due_on=by.due,
            is_provisional=by.provisional,
            is_own_date=True,
        )
        for row in rows[:MOST]
        for by in [date_of_task(row)]
    ]


def filings_back(hands: Hands) -> list[Work]:
    """Filings that the authority wants corrected, and papers that went to the seal."""
    at_seal = Sealing.objects.filter(filing=OuterRef("pk"), back_on__isnull=True)
    answers = Receipt.objects.filter(filing=OuterRef("pk"), kind="correction").order_by("-id")
    rows = (
        hands.access.rows(Filing, "prepare_filing")
        .annotate(
            is_at_seal=Exists(at_seal),
            taken_by=Subquery(at_seal.order_by("number").values("taken_by")[:1]),
            answer_by=Subquery(answers.values("answer_by")[:1]),
            received_on=Subquery(answers.values("received_on")[:1]),
        )
        .filter(Q(state="correcting") | Q(is_at_seal=True))
        .select_related("pip", "obligation")
        .order_by(Coalesce("answer_by", "received_on").asc(nulls_last=True), "id")
    )
    return [work for row in rows[:MOST] for work in of_filing(row, hands.access.tenant.slug)]


def of_filing(row: Filing, slug: str) -> Iterator[Work]:
    """The lines of one filing: the correction with its own date, the papers with that of the duty."""
    common = {
        "url": reverse("filings:filing", args=[slug, row.reference]),
        "pip_id": row.pip_id,
        "pip": row.pip.name,
        "about": row.get_kind_display(),
        "code": row.reference,
    }
    if row.state == "correcting":
        by = correct_by(row.received_on, row.answer_by)
        yield Work(
            kind="correction",
            what=_("Correct the filing and send it again"),
            safe_on=by.safe,
            due_on=by.due,
            is_provisional=by.provisional,
            is_own_date=True,
            badge="correction",
            **common,
        )
    if row.is_at_seal:
        duty = row.obligation
        yield Work(
            kind="seal",
            what=_("Bring the papers back from the seal"),
            why=_("Taken by %(person)s") % {"person": row.taken_by},
            safe_on=duty.safe_on if duty.state == "open" else None,
            due_on=duty.due_on if duty.state == "open" else None,
            is_provisional=duty.is_provisional and duty.state == "open",
            **common,
        )


def changes(hands: Hands) -> list[Work]:
    """Changes of what was filed that wait for a decision, or for another person's confirmation."""
    rows = hands.access.rows(ChangeCase, "submit_filing")
    waiting = IN_STATE[ChangeState.DECIDE] | (IN_STATE[ChangeState.CONFIRM] & ~Q(decided_by=hands.access.user.pk))
    rows = rows.filter(waiting).select_related("pip", "scenario").order_by("effective_on", "id")
    language, slug = get_language() or "en", hands.access.tenant.slug
    found = []
    for row in rows[:MOST]:
        try:
            reckoning = calendar().add(row.effective_on, FILING_WORKING_DAYS)
        except CalendarError:
            reckoning = None
        is_open = row.is_substantial is None
        found.append(
            Work(
                kind="change",
                what=_("Decide on the change") if is_open else _("Confirm that the change is not substantial"),
                why=BY_CODE[row.item].title.in_(language),
                url=reverse("filings:change", args=[slug, row.reference]),
                pip_id=row.pip_id,
                pip=row.pip.name,
                about=row.scenario.name if row.scenario else row.pip.name,
                code=row.reference,
                safe_on=reckoning.safe if reckoning else None,
                due_on=reckoning.due if reckoning else None,
                is_provisional=bool(reckoning and reckoning.provisional),
            )
        )
    return found

"""Duties as a calendar that Outlook, WeCom and phones subscribe to (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from portal.accounts.absences import stood_in_by
from portal.accounts.access import Access
from portal.accounts.models import FeedAddress
from portal.audit.models import AuditEvent
from portal.desk.acts import KINDS
from portal.desk.work import duties_for
from portal.law.duties import LAYERS
from portal.obligations.models import Obligation
from portal.obligations.subjects import Subject, subjects_of
from portal.obligations.work import Hands
from portal.ui.marks import WEEKDAYS

MOST_EVENTS = 1_000
PRODUCT = "-//FR Compliance Portal//Duties//"
REFRESH = timedelta(hours=4)
# Before the last moment of a duty in hours.
ALARMS = (timedelta(hours=2), timedelta(minutes=30))
# A change of one of these moves the event.
DATES = ("safe_on", "due_on", "due_at", "firmness")


@dataclass(frozen=True)
class Moves:
    """How often the date of a duty moved, and when last: SEQUENCE and LAST-MODIFIED."""

    number: int
    last: datetime | None


def duties_of(feed: FeedAddress, access: Access, today: date) -> list[Obligation]:
    """The open duties with a date that the feed covers and the person may see now, the earliest first.

    One more than the calendar holds, where there are so many.
    """
    hands = Hands(access, today, (access.user.pk, *stood_in_by(access.user, today)))
    rows = access.rows(Obligation).open() if feed.covers_all else duties_for(hands)
    dated = rows.filter(Q(due_on__isnull=False) | Q(due_at__isnull=False)).select_related(
        "pip", "pip__tenant", "tenant"
    )
    return list(dated.order_by("safe_on", "id")[: MOST_EVENTS + 1])


def moves_of(duties: Iterable[Obligation]) -> dict[int, Moves]:
    """The moves of each duty's date, as the trail has them: one statement."""
    by_id = {str(duty.pk): duty.pk for duty in duties}
    events = AuditEvent.objects.filter(
        table_name=Obligation._meta.db_table, row_id__in=list(by_id), operation="update"
    )
    found: dict[int, Moves] = {}
    for event in events.order_by("id"):
        if event.content["changes"].keys() & set(DATES):
            former = found.get(by_id[event.row_id], Moves(0, None))
            found[by_id[event.row_id]] = Moves(former.number + 1, event.at)
    return found


def calendar_of(feed: FeedAddress, access: Access, *, today: date) -> bytes:
    """The calendar in the language that is switched on."""
    duties = duties_of(feed, access, today)
    is_cut = len(duties) > MOST_EVENTS
    duties = duties[:MOST_EVENTS]
    subjects, moves = subjects_of(duties), moves_of(duties)
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", PRODUCT + ("ZH" if get_language() == "zh-hans" else "EN"))
    made.add("method", "PUBLISH")
    words = _("All duties") if feed.covers_all else _("My duties")
    made.add("x-wr-calname", f"{words} · {access.tenant.name}")
    if is_cut:
        made.add("x-wr-caldesc", _("Only the earliest %(most)s dates are here.") % {"most": f"{MOST_EVENTS:,}"})
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT4H")
    for duty in duties:
        made.add_component(event_of(duty, subjects[duty.pk], moves.get(duty.pk, Moves(0, None)), feed.made_at))
    return made.to_ical()


def event_of(duty: Obligation, subject: Subject, moves: Moves, otherwise: datetime) -> Event:
    """One duty: all day on the day to aim at, or at its last moment where it runs in hours."""
    language = get_language() or "en"
    moment = (moves.last or otherwise).astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", f"duty-{duty.tenant_id}-{duty.pk}@frportal")
    event.add("dtstamp", moment)
    event.add("last-modified", moment)
    event.add("sequence", moves.number)
    event.add("summary", summary_of(duty, subject))
    event.add("description", "\n".join(lines_of(duty)))
    event.add("url", settings.BASE_URL.rstrip("/") + duty.get_absolute_url())
    event.add("categories", [str(KINDS[duty.law.kind]), LAYERS[duty.law.layer].in_(language), duty.pip.name])
    event.add("status", "TENTATIVE" if duty.is_provisional else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if duty.due_at is None:
        event.add("dtstart", duty.safe_on)
        event.add("dtend", duty.safe_on + timedelta(days=1))
        return event
    event.add("dtstart", duty.due_at.astimezone(UTC))
    event.add("dtend", duty.due_at.astimezone(UTC))
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary_of(duty, subject))
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def summary_of(duty: Obligation, subject: Subject) -> str:
    """What is to be done for what; a provisional date says so first."""
    about = " ".join(filter(None, (subject.name, subject.code)))
    summary = f"{duty.title} · {about}"
    return _("PROVISIONAL: %(what)s") % {"what": summary} if duty.is_provisional else summary


def lines_of(duty: Obligation) -> list[str]:
    """The last day in words, what is provisional about it, the ground, and why."""
    if duty.due_at is not None:
        last = f"{timezone.localtime(duty.due_at):%Y-%m-%d %H:%M}"
        lines = [_("Last moment: %(last)s (mainland China)") % {"last": last}]
    else:
        words = {"aim": spoken(duty.safe_on), "last": spoken(duty.due_on)}
        lines = [_("Aim at %(aim)s. Last day: %(last)s.") % words]
    if duty.is_provisional:
        year = {"year": duty.due_on.year}
        lines.append(_("Provisional: the holiday notice for %(year)s is not published.") % year)
    if not duty.is_confirmed:
        lines.append(_("The count behind it is not confirmed yet."))
    language = get_language() or "en"
    lines.append(" · ".join(cite.label.in_(language) for cite in duty.law.cites))
    return [*lines, duty.pip.name, duty.why]


def spoken(on: date) -> str:
    """A day with its weekday."""
    return f"{on} {WEEKDAYS[on.weekday()]}"

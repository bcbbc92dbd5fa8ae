"""The timeline of one duty: what the portal found, what moved its date, who was told, and what people did."""

from dataclasses import replace

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.audit.models import AuditEvent
from portal.clock.models import Acknowledgement
from portal.clock.moves import words_of
from portal.desk.story import STORY_LENGTH, Entry, entries, sentence, visible_events
from portal.obligations.models import DateMove, Delivery, Obligation, Waiver

# What another calendar changes about a duty whose facts stay.
OF_CALENDAR = {"calendar_version", "due_on", "safe_on", "firmness", "why_en", "why_zh"}


def story_of_duty(request: HttpRequest, duty: Obligation) -> list[Entry]:
    """What happened to a duty: the portal's findings and the messages sent, newest first."""
    events = visible_events(request).filter(table_name="obligations_obligation", row_id=str(duty.pk))
    found = [
        replace(entry, what=finding(entry.event))
        for entry in entries(request, events.order_by("-id")[:STORY_LENGTH], is_brief=True)
        if not is_of_calendar(entry.event)
    ]
    moves = DateMove.objects.filter(tenant=request.tenant, obligation=duty).order_by("-id")[:STORY_LENGTH]
    found += [
        Entry(
            moment=row.moved_at,
            what=_("The date was reckoned again"),
            who=row.notice_title,
            kind="law",
            detail=capfirst(words_of(row)),
        )
        for row in moves
    ]
    messages = Delivery.objects.filter(tenant=request.tenant, reminder__obligation=duty, state="sent")
    told = messages.exclude(channel="inbox").select_related("user", "robot").order_by("-id")
    found += [
        Entry(moment=row.sent_at, what=sent(row), who=str(row.recipient), kind="mail") for row in told[:STORY_LENGTH]
    ]
    found += [
        Entry(moment=row.at, what=_("Remark"), who=str(row.by), kind="person", detail=row.text)
        for row in duty.remarks.select_related("by").order_by("-id")[:STORY_LENGTH]
    ]
    found += [replace(entry, what=sentence(entry.deed)) for entry in entries(request, waiver_events(request, duty))]
    answers = Acknowledgement.objects.filter(tenant=request.tenant, obligation=duty).select_related("user")
    found += [
        Entry(moment=one.at, what=answered(one), who=str(one.user), kind="person", detail=one.reason)
        for one in answers[:STORY_LENGTH]
    ]
    return sorted(found, key=lambda entry: entry.moment, reverse=True)


def is_of_calendar(event: AuditEvent) -> bool:
    """Whether nothing but the calendar changed: what that moved stands in the log of moved dates."""
    changes = event.content.get("changes", {})
    return "calendar_version" in changes and changes.keys() <= OF_CALENDAR


def waiver_events(request: HttpRequest, duty: Obligation) -> QuerySet[AuditEvent]:
    """The steps of the trail that waived a duty, or took a waiver of it back."""
    waivers = Waiver.objects.filter(pip_id=duty.pip_id, rule=duty.rule, subject=duty.subject)
    rows = [str(pk) for pk in waivers.order_by("-id").values_list("pk", flat=True)[:STORY_LENGTH]]
    events = visible_events(request).filter(table_name=Waiver._meta.db_table, row_id__in=rows)
    return events.order_by("-id")[:STORY_LENGTH]


def sent(row: Delivery) -> str:
    """By which way a reminder went out."""
    return _("Reminder posted in a chat") if row.channel == "robot" else _("Reminder mailed")


def answered(one: Acknowledgement) -> str:
    """What somebody answered to a reminder."""
    return _("Reminder answered: %(answer)s") % {"answer": one.get_kind_display()}


def finding(event: AuditEvent) -> str:
    """What the portal found about a duty."""
    if event.operation == "insert":
        return _("The duty arose")
    changes = event.content.get("changes", {})
    if "assignee_id" in changes:
        former, person = changes["assignee_id"]
        if person is None:
            return _("Given back: nobody in particular has it")
        return _("Passed on to another person") if former else _("Given to a person")
    new_state = changes.get("state", [None, None])[1]
    return {"met": _("The duty was met"), "open": _("The duty stands again")}.get(new_state, _("The facts changed"))

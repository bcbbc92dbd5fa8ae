"""What the desk shows on other pages: the timeline of a subject, and the alarm when the scheduler is silent."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filings.models import ChangeCase
from portal.calendars.clock import civil_today
from portal.clock.models import Acknowledgement, Heartbeat
from portal.desk.forms_reminders import AnswerForm
from portal.desk.health import ROUNDS, is_silent
from portal.desk.story import STORY_LENGTH, entries, story_of, trail_url, visible_events
from portal.desk.views_inbox import own_messages
from portal.obligations.models import Delivery, Obligation, State
from portal.tenancy.models import Tenant
from portal.ui.panels import Panel, register

MOST_ANSWERS = 50
PLACES = (
    "deployments.pip",
    "deployments.scenario",
    "deployments.site",
    "deployments.deployment",
    "filings.filing",
    "filings.ending",
    "cases.incident",
)


def timeline(request: HttpRequest, subject: Any) -> Panel | None:
    """The newest events about the subject of the page, for those who may read the trail."""
    if not request.access.can("view_audit"):
        return None
    context = {"story": story_of(request, subject), "trail_url": trail_url(request, subject)}
    return Panel(_("Timeline"), "desk/_timeline.html", context, order=900)


def came_from(request: HttpRequest, change: ChangeCase) -> Panel | None:
    """The step of the trail that brought a change, by whom and by which door, and what was done about it since."""
    if not request.access.can("view_audit"):
        return None
    own = Q(table_name=change._meta.db_table, row_id=str(change.pk))
    events = visible_events(request).filter(own | Q(pk=change.event)).order_by("-id")[:STORY_LENGTH]
    story = [replace(one, detail=one.deed) for one in entries(request, events, is_brief=True)]
    context = {"story": story, "trail_url": trail_url(request, change.scenario or change.pip)}
    return Panel(_("Where it came from, and what was done"), "desk/_came_from.html", context, order=10)


def glance(request: HttpRequest) -> tuple[datetime | None, int]:
    """What every page asks beside its own questions, in one: the scheduler's last rounds, the older of check and
    sending; the unread messages."""
    if not hasattr(request, "glance"):
        last = Heartbeat.objects.filter(name__in=ROUNDS).order_by("beat_at").values("beat_at")[:1]
        if getattr(request, "access", None) is None:
            request.glance = (last.values_list("beat_at", flat=True).first(), 0)
        else:
            unread = own_messages(request).filter(read_at__isnull=True).order_by().values("user")
            numbers = Subquery(unread.annotate(number=Count("pk")).values("number"))
            row = Tenant.objects.filter(pk=request.tenant.pk).values_list(Subquery(last), Coalesce(numbers, 0))
            request.glance = row.get()
    return request.glance


def heartbeat(request: HttpRequest, subject: Any) -> Panel | None:
    """On every page: for 26 hours no date was checked or nothing was sent."""
    if getattr(request, "tenant", None) is None:
        return None
    last = glance(request)[0] or request.tenant.created_at
    return Panel("", "desk/_heartbeat.html", {"last": last}, order=0) if is_silent(last) else None


def answers(request: HttpRequest, duty: Obligation) -> Panel | None:
    """Who said that he is on it, until when reminders rest, and the buttons for both."""
    rows = Acknowledgement.objects.filter(tenant=request.tenant, obligation=duty).select_related("user")
    given = list(rows[:MOST_ANSWERS])
    stands = next((one for one in given if one.until >= civil_today() and one.aims_at == duty.safe_on), None)
    may_answer = duty.state == State.OPEN and duty.safe_on is not None and not request.access.is_read_only
    if not given and not may_answer:
        return None
    context = {
        "answers": [one for one in given if one is not stands],
        "stands": stands,
        "may_answer": may_answer,
        "is_law": duty.law.layer == "law",
        "may_set": request.access.can("manage_members"),
        "form": AnswerForm(),
    }
    return Panel(_("Who is on it"), "desk/_answers.html", context, order=10)


def bell(request: HttpRequest, subject: Any) -> Panel | None:
    """On every page: the way to the inbox, and how much in it is unread."""
    if getattr(request, "tenant", None) is None or getattr(request, "access", None) is None:
        return None
    _last, unread = glance(request)
    words = ngettext("Inbox, %(count)d unread message", "Inbox, %(count)d unread messages", unread)
    label = words % {"count": unread} if unread else _("Inbox")
    return Panel("", "desk/_bell.html", {"unread": unread, "unread_label": label}, order=500)


def storm(request: HttpRequest, subject: Any) -> Panel | None:
    """On every page of an owner: a cap holds letters back."""
    access = getattr(request, "access", None)
    if access is None or not access.can("manage_members"):
        return None
    if not Delivery.objects.filter(tenant=request.tenant, held_on__isnull=False).exists():
        return None
    log_url = reverse("desk:deliveries", args=[request.tenant.slug]) + "?state=held"
    return Panel("", "desk/_storm.html", {"log_url": log_url}, order=10)


def install() -> None:
    """Called once the apps are ready."""
    for place in PLACES:
        register(place, timeline)
    register("filings.change", came_from)
    register("desk.obligation", answers)
    register("page.banner", heartbeat)
    register("page.banner", storm)
    register("page.top", bell)

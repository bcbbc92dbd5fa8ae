"""The calendar that others subscribe to, and the page on which a person makes or withdraws its secret address."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.access import Access
from portal.accounts.feeds import hash_of, make_feed, revoke_feed
from portal.accounts.models import FeedAddress, Membership
from portal.accounts.pages import ANYONE, page
from portal.calendars.clock import civil_today
from portal.desk.feed import calendar_of

DOOR = "door_feed"


@page(ANYONE, door=DOOR)
def feed(request: HttpRequest, code: UUID) -> HttpResponse:
    """The calendar behind a secret; nothing once it is withdrawn or the person's access has ended."""
    if request.tenant is None:
        raise Http404
    today = civil_today()
    current = Membership.objects.current(today).filter(tenant=request.tenant)
    row = (
        FeedAddress.objects.filter(secret_hash=hash_of(code), membership__in=current)
        .select_related("membership__user")
        .first()
    )
    if row is None:
        raise Http404
    access = Access(row.membership.user, request.tenant, row.membership)
    with translation.override(row.membership.user.language):
        body = calendar_of(row, access, today=today)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@page("view_pip", writes=True)
def feeds(request: HttpRequest) -> HttpResponse:
    """One's own two addresses: of one's own duties, and of all that one sees. A new secret is shown once."""
    member, fresh = request.access.membership, None
    if request.method == "POST":
        covers_all = request.POST.get("covers") == "all"
        if request.POST.get("act") == "revoke":
            revoke_feed(member, covers_all=covers_all)
            messages.success(request, _("The address is withdrawn. Whoever has it finds nothing there any more."))
            return redirect("desk:feeds", request.tenant.slug)
        secret = make_feed(member, covers_all=covers_all, now=timezone.now())
        fresh = request.build_absolute_uri(reverse("feed_public", args=[secret]))
    made = {row.covers_all: row for row in FeedAddress.objects.filter(tenant=request.tenant, membership=member)}
    context = {
        "title": _("Subscribe to the calendar"),
        "fresh": fresh,
        "webcal": fresh and "webcal:" + fresh.partition(":")[2],
        "kinds": [
            {"covers": "mine", "label": _("My duties"), "row": made.get(False)},
            {"covers": "all", "label": _("All duties that I see"), "row": made.get(True)},
        ],
        "may_make": not request.access.is_read_only,
    }
    return render(request, "desk/feeds.html", context)

"""The month: days off and make-up days with their notice, and what is due on each day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.accounts.absences import stood_in_by
from portal.accounts.pages import page
from portal.calendars.clock import calendar, civil_today
from portal.desk.month import A_DAY, entries_of, month_of, next_month, weeks_of
from portal.desk.work import Wanted, duties_for, others
from portal.obligations.models import Obligation
from portal.obligations.work import Hands
from portal.ui.marks import WEEKDAYS


@page("view_pip")
def month(request: HttpRequest) -> HttpResponse:
    """One month: what is the reader's, or all that he sees."""
    today = civil_today()
    first = month_of(request.GET.get("month", ""), today)
    is_all = request.GET.get("whose") == "all"
    hands = Hands(request.access, today, (request.user.pk, *stood_in_by(request.user, today)))
    rows = request.access.rows(Obligation).open() if is_all else duties_for(hands)
    whose = "" if is_all else "hands"
    entries = entries_of(rows, others(hands, Wanted()), first, today, slug=request.tenant.slug, whose=whose)
    weeks = weeks_of(first, entries, today)

    def url(**changes: str) -> str:
        kept = {"month": f"{first:%Y-%m}", "whose": "all" if is_all else "mine"}
        return f"?{urlencode(kept | changes)}"

    days = [day for week in weeks for day in week if day.is_inside]
    years = sorted({day.on.year for week in weeks for day in week if day.kind != "unknown"})
    context = {
        "title": _("Calendar"),
        "first": first,
        "weekdays": WEEKDAYS,
        "weeks": weeks,
        "days": [day for day in days if day.entries or (day.is_special and day.until) or day.is_today],
        "has_entries": any(day.entries for day in days),
        "previous": url(month=f"{first - A_DAY:%Y-%m}"),
        "following": url(month=f"{next_month(first):%Y-%m}"),
        "this_month": url(month=f"{today:%Y-%m}") if first != today.replace(day=1) else "",
        "unannounced": [year for year in years if not calendar().is_official(year)],
        "notices": [one for one in calendar().notices if one.year in years and one.official],
        "views": [
            {"label": _("Mine"), "url": url(whose="mine"), "current": not is_all},
            {"label": _("All that I see"), "url": url(whose="all"), "current": is_all},
        ],
    }
    return render(request, "desk/calendar.html", context)

"""What all workspaces share, for platform accounts: the calendars of working days. No tenant's data is in sight."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.pages import PLATFORM, page
from portal.calendars.clock import calendar, civil_today
from portal.calendars.models import HolidayNotice, State, Way
from portal.clock.announcements import confirm_notice, load_notice, reach_of, refuse_notice, shifts, wanted
from portal.clock.tasks import sweep
from portal.desk.forms_platform import ConfirmForm, DaysForm, JsonForm, NoticeForm, RefuseForm, TextForm
from portal.desk.years import breaks_of, months_of
from portal.law.calendar_data import shipped_notices
from portal.law.notices import Notice, NoticeError
from portal.law.workdays import Workdays
from portal.workflow import CaseError

FORMS: dict[str, type[NoticeForm]] = {Way.TEXT: TextForm, Way.JSON: JsonForm, Way.FORM: DaysForm}
WAY_NAMES: dict[str, str | Promise] = {
    Way.TEXT: gettext_lazy("Paste the text"),
    Way.JSON: gettext_lazy("JSON"),
    Way.FORM: gettext_lazy("Enter the days"),
}
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Year:
    """A year on the list of calendars."""

    number: int
    notice: Notice | None
    row: HolidayNotice | None
    waiting: HolidayNotice | None
    working_days: int


@page(PLATFORM)
def home(request: HttpRequest) -> HttpResponse:
    """What the operator has to do now."""
    waiting = list(HolidayNotice.objects.filter(state=State.WAITING).select_related("loaded_by").order_by("year"))
    asked = wanted()
    context = {
        "title": _("Platform"),
        "wanted": asked if asked and asked.year not in {row.year for row in waiting} else None,
        "waiting": waiting,
        "until": calendar().announced_until,
        "dates_of_notices": _(", ").join(one["notice_date"] for one in shipped_notices() if one.get("notice_date")),
    }
    return render(request, "desk/platform/home.html", context)


@page(PLATFORM)
def calendars(request: HttpRequest) -> HttpResponse:
    """The years, each with its notice, and every version that was ever loaded."""
    rows = list(HolidayNotice.objects.select_related("loaded_by", "confirmed_by", "refused_by"))
    context = {"title": _("Calendars"), "years": years(rows), "rows": rows, "until": calendar().announced_until}
    return render(request, "desk/platform/calendars.html", context)


def years(rows: list[HolidayNotice]) -> list[Year]:
    """From the newest year to the oldest that is loaded, with the ones ahead that no notice covers yet."""
    known = calendar()
    first, last = known.notices[0].year, known.notices[-1].year + YEARS_AHEAD
    standing = {row.year: row for row in sorted_by_confirmation(rows)}
    waiting = {row.year: row for row in rows if row.state == State.WAITING}
    return [
        Year(
            number=number,
            notice=known.notice_of(number),
            row=standing.get(number),
            waiting=waiting.get(number),
            working_days=sum(cell.kind in ("working", "makeup") for cell in cells_of(known, number)),
        )
        for number in range(last, first - 1, -1)
    ]


def sorted_by_confirmation(rows: list[HolidayNotice]) -> list[HolidayNotice]:
    """The confirmed ones, the last confirmed last: of a year it is the one that counts."""
    confirmed = [row for row in rows if row.state == State.CONFIRMED]
    return sorted(confirmed, key=lambda row: (row.confirmed_at, row.pk))


def cells_of(known: Workdays, number: int) -> list[Any]:
    """Every day of a year."""
    return [cell for month in months_of(known, number) for week in month.weeks for cell in week if cell]


@page(PLATFORM)
def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year as the portal reckons with it now."""
    known = calendar()
    first, last = known.notices[0].year, known.notices[-1].year + YEARS_AHEAD
    if not first <= year <= last:
        raise Http404
    rows = list(HolidayNotice.objects.filter(year=year).select_related("loaded_by", "confirmed_by"))
    row = next(reversed(sorted_by_confirmation(rows)), None)
    context = {
        "title": _("Working days of %(year)s") % {"year": year},
        "year": year,
        "notice": known.notice_of(year),
        "row": row,
        "months": months_of(known, year),
        "breaks": breaks_with_makeup(known.notice_of(year), row),
    }
    return render(request, "desk/platform/year.html", context)


def breaks_with_makeup(notice: Notice | None, row: HolidayNotice | None) -> list[Any]:
    """The holidays of a notice; the names of make-up days stand where the notice was loaded from."""
    if notice is None:
        return []
    shipped = {one["year"]: one["makeup_workdays"] for one in shipped_notices()}
    entries = row.makeup_workdays if row else shipped.get(notice.year, [])
    return breaks_of(notice, {date.fromisoformat(one["date"]): one["name"] for one in entries})


@page(PLATFORM, writes=True)
def load(request: HttpRequest) -> HttpResponse:
    """Load a notice in one of three ways; it waits for another person."""
    way = request.GET.get("way", Way.TEXT)
    if way not in FORMS:
        raise Http404
    form = FORMS[way](request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = loaded(request, form, way)
        if row is not None:
            messages.success(request, _("Loaded. Another platform account must confirm it before it counts."))
            return redirect("platform:notice", row.pk)
    address = reverse("platform:load")
    context = {
        "title": _("Load a notice"),
        "form": form,
        "ways": [
            {"label": name, "url": f"{address}?way={code}", "current": code == way} for code, name in WAY_NAMES.items()
        ],
    }
    return render(request, "desk/platform/load.html", context, status=422 if form.errors else 200)


def loaded(request: HttpRequest, form: NoticeForm, way: str) -> HolidayNotice | None:
    """The row of the notice, or None with the form saying what forbids it."""
    try:
        with transaction.atomic():
            return load_notice(
                form.read,
                way=way,
                raw=form.raw,
                source=form.cleaned_data["source"],
                by=request.user,
                today=civil_today(),
                replaces=form.cleaned_data["replaces"],
            )
    except CaseError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        # A title or an address that is too long, in a file.
        form.add_error(None, error.messages)
    except NoticeError as error:
        form.add_error(form.content, error.text.in_(get_language() or "en"))
    return None


@page(PLATFORM)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: as a calendar, against what counts now, and what it would move."""
    return notice_page(request, row_of(pk))


def row_of(pk: int) -> HolidayNotice:
    people = ("loaded_by", "confirmed_by", "refused_by")
    return get_object_or_404(HolidayNotice.objects.select_related(*people), pk=pk)


def notice_page(request: HttpRequest, row: HolidayNotice, **bound: Any) -> HttpResponse:
    """The page, with the form that was sent and didn't fit."""
    known, is_waiting = calendar(), row.state == State.WAITING
    own = row.notice
    with_it = known.with_notice(own)
    context = {
        "title": _("Notice for %(year)s") % {"year": row.year},
        "row": row,
        "months": months_of(with_it, row.year, known if is_waiting else None),
        "breaks": breaks_with_makeup(own, row),
        "shifts": shifts(known, with_it, *row.span) if is_waiting else [],
        "reach": reach_of(own) if is_waiting else None,
        "is_own": row.loaded_by_id == request.user.pk,
        "is_standing": known.notice_of(row.year) is not None,
        "confirming": bound.get("confirming") or ConfirmForm(replaces=known.notice_of(row.year) is not None),
        "refusing": bound.get("refusing") or RefuseForm(),
    }
    return render(request, "desk/platform/notice.html", context, status=422 if bound else 200)


@page(PLATFORM, writes=True)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Reckon with the notice from now on; the worker takes up the open dates at once."""
    row = row_of(pk)
    if request.method != "POST":
        return redirect("platform:notice", pk)
    form = ConfirmForm(request.POST, replaces=calendar().notice_of(row.year) is not None)
    if not form.is_valid():
        return notice_page(request, row, confirming=form)
    confirm_notice(row, by=request.user, now=timezone.now(), replaces=form.cleaned_data.get("replaces", False))
    # With the broker away the next round of the scheduler does it.
    transaction.on_commit(lambda: sweep.apply_async(retry=False), robust=True)
    messages.success(request, _("Confirmed. The open dates that it reaches are being reckoned again."))
    return redirect("platform:notice", pk)


@page(PLATFORM, writes=True)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the notice go unused, with the reason."""
    row = row_of(pk)
    if request.method != "POST":
        return redirect("platform:notice", pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return notice_page(request, row, refusing=form)
    refuse_notice(row, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
    messages.success(request, _("Refused. Nothing is reckoned with it."))
    return redirect("platform:notice", pk)

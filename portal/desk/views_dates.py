"""If it happened on this day, when is it due? A page for anybody, with every day that was counted or passed over."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.pages import ANYONE, page
from portal.calendars.clock import calendar, civil_today
from portal.law.engine import rule_by_id
from portal.law.notices import Notice
from portal.law.reckoning import Reckoning
from portal.law.rules.officer import REPORT_WORKING_DAYS
from portal.law.rules.video import FILING_DAYS
from portal.law.sources import CIVIL, Cite
from portal.law.text import Text
from portal.law.threshold import FILING_WORKING_DAYS, IN_FORCE_ON, TRANSITION_DUE_ON
from portal.law.workdays import CalendarError
from portal.tenancy.public import asks_too_often

LONGEST = 366  # days of a period that anybody may ask for
YEARS_AHEAD = 5
# The periods of the law that people ask for most: rule, length, unit.
PERIODS: dict[str, tuple[str, int, str]] = {
    "filing": ("frm-15-initial", FILING_WORKING_DAYS, "working"),
    "change": ("frm-15-change", FILING_WORKING_DAYS, "working"),
    "cancel": ("frm-15-cancel", FILING_WORKING_DAYS, "working"),
    "police": ("video-14-police-filing", FILING_DAYS, "natural"),
    "officer": ("cac-officer-report", REPORT_WORKING_DAYS, "working"),
}
UNITS = {"working": gettext_lazy("working days"), "natural": gettext_lazy("natural days")}


class DateForm(forms.Form):
    """A day and a period: one of the law, or a length of one's own."""

    on = forms.DateField(
        label=gettext_lazy("It happened on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("This is no date. Write it as 2026-11-23.")},
    )
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Own length"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text=gettext_lazy("Days, for a period of your own."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        named = [
            (code, f"{days} {UNITS[unit]} · {rule_by_id(rule).title.in_(language)}")
            for code, (rule, days, unit) in PERIODS.items()
        ]
        own = [(code, _("Own length: %(unit)s") % {"unit": name}) for code, name in UNITS.items()]
        self.fields["period"].choices = [*named, *own]

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        first, last = calendar().notices[0].year, civil_today().year + YEARS_AHEAD
        if not first <= on.year <= last:
            raise forms.ValidationError(
                _("The calendar covers %(first)s to %(last)s.") % {"first": first, "last": last}
            )
        return on

    def clean_period(self) -> str:
        return self.cleaned_data["period"] or next(iter(PERIODS))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("period") in UNITS and not cleaned.get("days") and "days" not in self.errors:
            self.add_error("days", _("Say how many days the period has."))
        return cleaned

    def asked(self) -> tuple[int, str]:
        """The length of the period and its unit."""
        chosen = self.cleaned_data["period"]
        if chosen in UNITS:
            return self.cleaned_data["days"], chosen
        return PERIODS[chosen][1:]


@dataclass(frozen=True)
class Rest:
    """Days in a row that weren't counted for one reason."""

    first: date
    last: date
    why: Text


def rests_of(reckoning: Reckoning) -> list[Rest]:
    """Holidays and weekends passed over, and make-up days counted: what a calendar on the wall doesn't show."""
    found = []
    told = [day for day in reckoning.strip if day.kind in ("day_off", "makeup")]
    for _key, group in groupby(told, key=lambda day: (day.why.en, day.date.toordinal() - told.index(day))):
        days = list(group)
        found.append(Rest(days[0].date, days[-1].date, days[0].why))
    return found


def notices_of(reckoning: Reckoning) -> list[tuple[int, Notice | None]]:
    """The notice behind each year that the period reaches; None for one that isn't published."""
    known = reckoning.calendar
    years = range(min(reckoning.trigger, reckoning.safe).year, reckoning.due.year + 1)
    return [(year, known.notice_of(year)) for year in years]


@page(ANYONE)
def dates(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer; the address keeps the question. Nothing of the visitor is kept."""
    if asks_too_often(request, "dates"):
        return render(request, "429.html", status=429)
    language = request.GET.get("lang", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else get_language()):
        response = answer(request)
        response.headers["Content-Language"] = get_language() or "en"
        return response


def answer(request: HttpRequest) -> HttpResponse:
    """The page in the language in force."""
    today = civil_today()
    is_asked = "on" in request.GET
    form = DateForm(request.GET if is_asked else None, initial={"on": today, "period": "filing"})
    context: dict[str, Any] = {
        "title": _("When is it due?"),
        "form": form,
        "today": today,
        "others": [(code, name, with_language(request, code)) for code, name in settings.LANGUAGES],
        "language": get_language(),
    }
    if is_asked and form.is_valid():
        try:
            context |= reckoned(form)
        except CalendarError as error:
            form.add_error("on", error.text.in_(get_language() or "en"))
    return render(request, "desk/dates.html", context, status=422 if form.errors else 200)


def reckoned(form: DateForm) -> dict[str, Any]:
    """The answer with its grounds."""
    days, unit = form.asked()
    on, period = form.cleaned_data["on"], form.cleaned_data["period"]
    reckoning = calendar().reckon(on, days, unit)
    rule = rule_by_id(PERIODS[period][0]) if period in PERIODS else None
    cites: tuple[Cite, ...] = rule.cites if rule else ()
    return {
        "reckoning": reckoning,
        "rule": rule.title if rule else None,
        "layer": rule.layer if rule else "",
        "transition_due_on": TRANSITION_DUE_ON if period == "filing" and on < IN_FORCE_ON else None,
        "cites": list(dict.fromkeys([*cites, CIVIL(201), *([CIVIL(203)] if unit == "natural" else [])])),
        "days": days,
        "unit": UNITS[unit],
        "unit_code": unit,
        "rests": rests_of(reckoning),
        "notices": notices_of(reckoning),
    }


def with_language(request: HttpRequest, code: str) -> str:
    """The same question in another language."""
    query = request.GET.copy()
    query["lang"] = code
    return f"?{query.urlencode()}"

"""The three ways in which a State Council notice comes into the portal, and the words of the second person."""

import json
import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.law.notice_text import notice_from_text
from portal.law.notices import NoticeError, notice_from_dict

MOST_CHARACTERS = 20_000
LONGEST_BREAK = 31  # days; a longer line is a slip of the pen
ISO = r"(\d{4}-\d{2}-\d{2})"
LINE = re.compile(rf"{ISO}(?:\s*(?:至|to|\.\.|–|-|\s)\s*{ISO})?\s*(.*)")
ONE_DAY = timedelta(days=1)
EXAMPLE = """{
  "year": 2026,
  "title": "国务院办公厅关于2026年部分节假日安排的通知",
  "notice_date": "2025-11-04",
  "days_off": [{"date": "2026-01-01", "name": "元旦"}],
  "makeup_workdays": [{"date": "2026-01-04", "name": "元旦"}]
}"""


class NoticeForm(forms.Form):
    """What the ways have in common: where the notice comes from, and whether it replaces one."""

    source = forms.CharField(
        label=gettext_lazy("source"),
        max_length=300,
        help_text=gettext_lazy("The address of the notice at www.gov.cn, or its number."),
    )
    replaces = forms.BooleanField(
        label=gettext_lazy("This replaces the notice that is loaded for the same year"),
        required=False,
        help_text=gettext_lazy("Only for a correction: every open date of that year is reckoned again."),
    )
    content = ""

    @property
    def raw(self) -> str:
        """What was loaded, as it was given."""
        return self.cleaned_data[self.content]

    def given(self) -> dict[str, Any]:
        """The notice as ``notice_from_dict`` reads it."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            self.read = self.given()
            notice_from_dict(self.read)
        except NoticeError as error:
            self.add_error(self.content, error.text.in_(get_language() or "en"))
        return cleaned


class TextForm(NoticeForm):
    """The text of the notice, as it stands on the page of the State Council."""

    content = "text"
    text = forms.CharField(
        label=gettext_lazy("text of the notice"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 14, "lang": "zh-Hans"}),
        help_text=gettext_lazy("From title to date. What can't be read is refused with its line, never guessed."),
    )
    field_order = ("text", "source", "replaces")

    def given(self) -> dict[str, Any]:
        return notice_from_text(self.cleaned_data["text"])


class JsonForm(NoticeForm):
    """The days as data."""

    content = "document"
    document = forms.CharField(
        label="JSON",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 14, "class": "code", "spellcheck": "false", "placeholder": EXAMPLE}),
        help_text=gettext_lazy("Year, title, days_off and makeup_workdays: ISO dates, or objects with date and name."),
    )
    field_order = ("document", "source", "replaces")

    def clean_document(self) -> str:
        try:
            self.parsed = json.loads(self.cleaned_data["document"])
        except (json.JSONDecodeError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            raise forms.ValidationError(_("This is no JSON: see line %(line)s.") % {"line": line}) from None
        if not isinstance(self.parsed, dict):
            raise forms.ValidationError(_("Give one object with the year and its days."))
        return self.cleaned_data["document"]

    def given(self) -> dict[str, Any]:
        # Whether a notice is official is decided by two people, not by a file.
        return self.parsed | {"status": "official"}


class DaysForm(NoticeForm):
    """The days line by line."""

    content = "days_off"
    year = forms.IntegerField(label=gettext_lazy("year"), min_value=1949, max_value=2999)
    title = forms.CharField(label=gettext_lazy("title"), max_length=200)
    announced_on = forms.DateField(
        label=gettext_lazy("date of the notice"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    days_off = forms.CharField(
        label=gettext_lazy("days off"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "2026-02-15 2026-02-23 春节"}),
        help_text=gettext_lazy("A line for each holiday: first day, last day, name. One day needs no last day."),
    )
    makeup_workdays = forms.CharField(
        label=gettext_lazy("make-up working days"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "2026-02-14 春节\n2026-02-28 春节"}),
        help_text=gettext_lazy("A line for each day, with the name of the holiday that it is worked for."),
    )
    field_order = ("year", "title", "announced_on", "days_off", "makeup_workdays", "source", "replaces")

    @property
    def raw(self) -> str:
        names = ("year", "title", "announced_on", "days_off", "makeup_workdays")
        return "\n".join(str(self.cleaned_data[name] or "") for name in names)

    def clean_days_off(self) -> str:
        self.off = days_of(self.cleaned_data["days_off"])
        return self.cleaned_data["days_off"]

    def clean_makeup_workdays(self) -> str:
        self.makeup = days_of(self.cleaned_data["makeup_workdays"])
        return self.cleaned_data["makeup_workdays"]

    def given(self) -> dict[str, Any]:
        announced_on = self.cleaned_data["announced_on"]
        return {
            "year": self.cleaned_data["year"],
            "title": self.cleaned_data["title"],
            "notice_date": announced_on.isoformat() if announced_on else "",
            "days_off": self.off,
            "makeup_workdays": self.makeup,
        }


def days_of(text: str) -> list[dict[str, str]]:
    """The days of lines such as ``2027-02-05 2027-02-11 春节``; names the line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        read = LINE.fullmatch(line.strip())
        try:
            first = date.fromisoformat(read.group(1)) if read else None
            last = date.fromisoformat(read.group(2)) if read and read.group(2) else first
        except ValueError:
            first = None
        if first is None or (last - first).days not in range(LONGEST_BREAK):
            raise forms.ValidationError(
                _("Line %(line)s is not understood. Write: 2027-01-01 2027-01-03 元旦") % {"line": number}
            )
        days = (first + ONE_DAY * step for step in range((last - first).days + 1))
        found += [{"date": day.isoformat(), "name": read.group(3).strip()} for day in days]
    return found


class ConfirmForm(forms.Form):
    """The second person's tick that the days were compared, and that a loaded notice is replaced."""

    compared = forms.BooleanField(label=gettext_lazy("I compared every day with the notice at its source"))
    replaces = forms.BooleanField(label=gettext_lazy("This replaces the notice that is loaded for the same year"))

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not replaces:
            del self.fields["replaces"]


class RefuseForm(forms.Form):
    """Why a notice is not used."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

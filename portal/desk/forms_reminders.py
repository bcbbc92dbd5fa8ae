"""Forms of the ladder and of the answers to a reminder."""

import re
from typing import Any

from django import forms
from django.forms import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.calendars.clock import civil_today
from portal.clock import answering
from portal.clock.models import MOST_DAYS, MOST_RUNGS, Acknowledgement
from portal.obligations.models import Obligation


class LadderForm(forms.Form):
    """Working days before the date to aim at, and how long an answer is waited for."""

    days = forms.CharField(
        label=gettext_lazy("Remind, working days before the date to aim at"),
        max_length=80,
        help_text=gettext_lazy("Such as 20, 10, 5, 3, 1, 0. For dates set by law 0, the day itself, always stands."),
    )
    escalate_after = forms.IntegerField(
        label=gettext_lazy("Tell the owners after so many working days without an answer"),
        min_value=1,
        max_value=10,
        help_text=gettext_lazy("Of dates set by law, from 5 working days before them on."),
    )

    def clean_days(self) -> list[int]:
        words = [word for word in re.split(r"[\s,;，、；/]+", self.cleaned_data["days"]) if word]
        if not all(word.isdecimal() and int(word) <= MOST_DAYS for word in words) or not words:
            raise ValidationError(
                _("Write whole numbers from 0 to %(most)d, with commas between them.") % {"most": MOST_DAYS}
            )
        days = sorted({int(word) for word in words}, reverse=True)
        if len(days) > MOST_RUNGS:
            raise ValidationError(
                _("More than %(most)d reminders of one date are read by nobody.") % {"most": MOST_RUNGS}
            )
        return days


class AnswerForm(forms.Form):
    """Which answer, and for putting off how long and why."""

    kind = forms.ChoiceField(choices=[("on_it", ""), ("snooze", "")], widget=forms.HiddenInput)
    days = forms.TypedChoiceField(
        label=gettext_lazy("for"),
        coerce=int,
        required=False,
        empty_value=0,
        initial=1,
        choices=[(1, gettext_lazy("1 working day")), *((n, gettext_lazy("%d working days") % n) for n in range(2, 6))],
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=300)

    def act(self, duty: Obligation, *, by: Any) -> Acknowledgement | None:
        """Keep the answer; None with the errors on the form."""
        values, today = self.cleaned_data, civil_today()
        if values["kind"] == "on_it":
            return answering.acknowledge(duty, by=by, today=today)
        try:
            return answering.snooze(duty, days=values["days"], reason=values["reason"], by=by, today=today)
        except ValidationError as error:
            self.add_error(None, error)
            return None

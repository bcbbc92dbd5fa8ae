"""Forms around the count: a note on a crossing, counsel's review, the overlap in a group, the steps, "if you add"."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.form_base import DateInput, RegisterForm, dates, rows_of_text
from deployments.models import BelowReview, CrossingNote, GroupOverlap
from portal.calendars.clock import civil_today
from portal.evidence.fields import EvidenceField
from portal.law.forecast import HORIZON_DAYS
from portal.law.sources import DEFAULT, FRM

MOST_STEPS = 6


class NoteForm(RegisterForm):
    """Which day holds after counts that came later said another one."""

    permission = "confirm_count"
    asks_reason = False
    laws = {"crossed_on": FRM(15)}

    class Meta:
        model = CrossingNote
        fields = ["crossed_on", "method", "reason"]
        widgets = dates("crossed_on") | rows_of_text(reason=4)
        help_texts = {
            "crossed_on": _("The confirmed day may stay, too: say why the later counts don't change it."),
            "method": _("How the persons were counted and counted once."),
            "reason": _("What came to light, from whom, and why this day holds."),
        }


class ReviewForm(RegisterForm):
    """What counsel decided of a fall below 100,000."""

    permission = "waive_finding"
    asks_reason = False
    laws = {"decision": DEFAULT("review-below-threshold")}
    proof = EvidenceField(
        label=_("Proof of deletion"),
        required=False,
        help_text=_("Needed if the duty is held to have ended: what was deleted, when, how."),
    )

    class Meta:
        model = BelowReview
        fields = ["decision", "reason"]
        widgets = {"decision": forms.RadioSelect} | rows_of_text(reason=5)
        help_texts = {
            "decision": _("The law doesn't say whether a fall ends the duty: a person decides each time."),
            "reason": _("Why the number fell, and on what the decision rests."),
        }

    def __init__(self, *args: Any, is_filed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {"stays", "change"} if is_filed else {"stays", "ended"}
        self.fields["decision"].choices = [one for one in self.fields["decision"].choices if one[0] in asked]
        if is_filed:
            # What is deleted after the filing is proved with the disposal of each place.
            del self.fields["proof"]


class GroupOverlapForm(RegisterForm):
    """How many persons stand with several PIPs."""

    permission = "manage_pips"

    class Meta:
        model = GroupOverlap
        fields = ["best_percent", "most_percent", "reasoning"]
        widgets = rows_of_text(reasoning=4)
        help_texts = {
            "best_percent": _("Share of the sum over all PIPs that is counted twice, as far as you know."),
            "most_percent": _("The highest share that could be true."),
            "reasoning": _("How this was found, so that an auditor can follow it."),
        }


class StepsForm(forms.Form):
    """Shares of 100,000 at which the tenant is warned, written one after the other."""

    steps = forms.CharField(
        label=_("Warn at, percent of 100,000"),
        required=False,
        max_length=60,
        help_text=_("Such as 80, 90, 95, the portal's own steps, which hold while this is empty."),
    )

    def clean_steps(self) -> list[int]:
        text = self.cleaned_data["steps"]
        words = [word for word in re.split(r"[\s,;%，、；％]+", text) if word]
        if not all(word.isdecimal() and 1 <= int(word) <= 99 for word in words):
            raise forms.ValidationError(_("Write whole numbers from 1 to 99, with commas between them."))
        steps = sorted({int(word) for word in words})
        if len(steps) > MOST_STEPS:
            raise forms.ValidationError(_("More than %(most)d steps warn of nothing any more.") % {"most": MOST_STEPS})
        return steps


class SiteToAddForm(forms.Form):
    """ "If you add a site": asked by address only, nothing is stored."""

    persons = forms.IntegerField(label=_("Persons to add"), min_value=1, max_value=10_000_000)
    on = forms.DateField(label=_("From"), widget=DateInput())

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if not civil_today() <= on <= civil_today() + timedelta(days=HORIZON_DAYS):
            raise forms.ValidationError(_("Choose a day from today on, within two years."))
        return on

"""The four screens of the end of use, and the forms of its tasks."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filings.forms import day_field
from filings.models import Extent, Way
from portal.calendars.clock import calendar
from portal.evidence.fields import EvidenceField
from portal.evidence.services import ANY
from portal.law.workdays import CalendarError

# So many sites are chosen from a list; of more the codes are typed.
MOST_LISTED = 40


class ExtentForm(forms.Form):
    """What ends."""

    extent = forms.ChoiceField(label=_("what ends"), choices=Extent.choices, widget=forms.RadioSelect)
    scenarios = forms.MultipleChoiceField(
        label=_("scenarios"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for some scenarios."),
    )

    def __init__(
        self, *args, scenarios: Iterable[tuple[str, str]], sites: Iterable[tuple[str, str]], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scenarios"].choices = list(scenarios)
        self.sites = dict(sites)
        if len(self.sites) <= MOST_LISTED:
            self.fields["sites"] = forms.MultipleChoiceField(
                label=_("sites"),
                required=False,
                choices=[(code, f"{code} · {name}") for code, name in self.sites.items()],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Only for some sites."),
            )
        else:
            self.fields["sites"] = forms.CharField(
                label=_("codes of the sites"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("Only for some sites: their codes as in the register, parted by spaces or lines."),
            )

    def clean_sites(self) -> list[str]:
        given = self.cleaned_data["sites"]
        codes = given if isinstance(given, list) else given.replace(",", " ").replace("，", " ").split()
        unknown = [code for code in codes if code not in self.sites]
        if unknown:
            raise forms.ValidationError(
                _("Nothing is planned or in use at: %(codes)s."), params={"codes": ", ".join(unknown[:10])}
            )
        return codes

    def clean(self) -> dict:
        data = super().clean()
        extent = data.get("extent")
        if extent == Extent.SCENARIOS and not data.get("scenarios"):
            self.add_error("scenarios", _("Choose the scenarios that end."))
        if extent == Extent.SITES and not data.get("sites") and "sites" not in self.errors:
            self.add_error("sites", _("Choose the sites at which it ends."))
        # What belongs to another answer is left out.
        if extent != Extent.SCENARIOS:
            data["scenarios"] = []
        if extent != Extent.SITES:
            data["sites"] = []
        return data


class EndForm(forms.Form):
    """On which day, and why."""

    ended_on = day_field(_("ended on"))
    reason = forms.CharField(label=_("reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, today, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ended_on(self):
        ended_on = self.cleaned_data["ended_on"]
        if ended_on > self.today:
            raise forms.ValidationError(_("The day lies in the future. End the use once it has ended."))
        try:
            calendar().add(ended_on, 1)
        except CalendarError as error:  # a year typed wrongly, as a rule
            raise forms.ValidationError(error.text.in_(get_language() or "en")) from error
        return ended_on


class WayForm(forms.Form):
    """After a partial stop: change or cancellation, and why."""

    way = forms.ChoiceField(
        label=_("what becomes of the filing"),
        widget=forms.RadioSelect,
        choices=[
            (Way.CHANGE, _("Change filing: the rest goes on as filed")),
            (Way.CANCEL, _("Cancellation: nothing that must be filed goes on")),
        ],
    )
    way_reason = forms.CharField(label=_("why this way"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class WordForm(forms.Form):
    """A word that is typed before something ends."""

    def __init__(self, *args, word: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.word = word
        self.fields["word"] = forms.CharField(
            label=_("Type “%(word)s” to confirm") % {"word": word},
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def clean_word(self) -> str:
        if self.cleaned_data["word"].strip().casefold() != self.word.casefold():
            raise forms.ValidationError(_("Type “%(word)s” exactly."), params={"word": self.word})
        return self.cleaned_data["word"]


class UndoForm(forms.Form):
    """Why a stop is taken back."""

    reason = forms.CharField(label=_("why it was undone"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class TaskForm(forms.Form):
    """What was done, when, and what shows it."""

    done_on = day_field(_("done on"))
    note = forms.CharField(
        label=_("what was done"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, needs_proof: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"] = EvidenceField(
            label=_("proof"), allowed=ANY, required=needs_proof, help_text=_("A log, a certificate or a statement.")
        )


class AssignForm(forms.Form):
    """Whose task it is, and until when."""

    owner = forms.ChoiceField(label=_("owner"))
    due_on = day_field(_("do by (own date)"))

    def __init__(self, *args, people: Iterable[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = list(people)

"""The forms of a change: its day, the decision, and the confirmation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _reason(label: Any, help_text: Any = "", rows: int = 3, max_length: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=max_length, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class DayForm(forms.Form):
    """The day on which the change takes effect, and how that is known."""

    effective_on = forms.DateField(
        label=_("takes effect on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The 30 working days run from this day, whenever the change was noticed."),
    )
    effective_reason = _reason(_("reason for the day"), _("For example the minutes or the contract it follows from."))


class DecisionForm(forms.Form):
    """Substantial or not, with the reason that is kept."""

    is_substantial = forms.TypedChoiceField(
        label=_("Is this change substantial?"),
        choices=[("yes", _("Substantial: it is filed")), ("no", _("Not substantial: it is recorded only"))],
        coerce=lambda code: code == "yes",
        widget=forms.RadioSelect,
    )
    reason = _reason(_("reason"), _("Kept with the decision, whichever way it goes."), max_length=4000)


class ConfirmForm(forms.Form):
    """The word with which another person stands by the decision; the exception of a one-person workspace."""

    is_checked = forms.BooleanField(
        label=_("I have compared what was filed with what it is now, and agree with the reason"),
        error_messages={"required": _("Tick this once you have compared them and agree.")},
    )
    alone_because = _reason(_("why nobody else confirms it"), _("Stands on the page and in the audit trail."))

    def __init__(self, *args: Any, is_alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_alone:
            del self.fields["alone_because"]

"""The forms around a sign: how it is printed, what an inspector saw, and how often somebody looks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.form_base import RegisterForm
from deployments.models import Site
from portal.evidence.fields import PhotoField


class PrintForm(forms.Form):
    """Paper and languages of a printed sign."""

    size = forms.ChoiceField(label=_("Paper"), choices=[("A4", "A4"), ("A3", "A3")])
    languages = forms.ChoiceField(
        label=_("Languages"),
        choices=[("both", _("Chinese and English")), ("zh", _("Chinese")), ("en", _("English"))],
    )


class InspectionForm(forms.Form):
    """What somebody sees of a sign; its buttons are the results."""

    ticket = forms.UUIDField(widget=forms.HiddenInput)
    result = forms.ChoiceField(choices=choices.sign_results, widget=forms.HiddenInput)
    photo = PhotoField(label=_("Photo of the sign"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def said(self) -> list[str]:
        """Every error as a sentence, for the page that can't load anew."""
        return [str(error) for errors in self.errors.values() for error in errors]


class IntervalForm(RegisterForm):
    """How often somebody looks at the signs of a site: the tenant's own choice, no rule of law."""

    class Meta:
        model = Site
        fields = ["inspection_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspection_days"].help_text = _(
            "Portal default: 90 days. The law asks that the sign can be seen."
        )

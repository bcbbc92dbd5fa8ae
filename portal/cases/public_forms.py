"""The forms of the public pages: they ask for no face, no name and no number of a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.cases import choices
from portal.cases.impersonal import validate_impersonal


class RequestForm(forms.Form):
    """What somebody asks, refuses or complains about."""

    kind = forms.ChoiceField(label=_("What is it about?"))
    category = forms.ChoiceField(label=_("If you complain: about what?"), required=False)
    asked = forms.CharField(
        label=_("What happened, or what do you want?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        validators=[validate_impersonal],
        help_text=_("Do not write your name, your ID number or your phone number."),
    )
    place = forms.CharField(
        label=_("Where was it?"),
        required=False,
        max_length=200,
        validators=[validate_impersonal],
        help_text=_("Such as: south gate, lane 3. May stay empty."),
    )
    # Shown to programs only: whoever fills it is asked to send again.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    sending = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Choose")), *choices.kinds_of_persons()]
        self.fields["category"].choices = [("", _("No complaint")), *choices.complaints()]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("A field that only programs see was filled. It is empty now; send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("kind") == "complaint":
            if not values.get("category") and "category" not in self.errors:
                self.add_error("category", _("Choose what you complain about."))
            if not values.get("asked") and "asked" not in self.errors:
                self.add_error("asked", _("Write what happened."))
        elif "category" not in self.errors:
            values["category"] = ""
        return values


class StatusForm(forms.Form):
    """Reference and code, as they were given."""

    reference = forms.CharField(
        label=_("Reference"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("Secret code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Twelve letters and digits. Hyphens and small letters make no difference."),
    )

    def clean_reference(self) -> str:
        return self.cleaned_data["reference"].strip().upper()

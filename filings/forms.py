"""The forms of a filing's steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from filings.models import State
from filings.services import allowed_kinds
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class FilterForm(forms.Form):
    """The filters of the list of filings."""

    state = forms.ChoiceField(label=_("state"), required=False, choices=[("", _("all")), *State.choices])
    pip = forms.ChoiceField(label=_("PIP"), required=False)

    def __init__(self, *args, pips=(), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pip"].choices = [("", _("all")), *((pip.uscc, pip.name) for pip in pips)]


class DocumentForm(forms.Form):
    """The file that fulfils a material."""

    def __init__(self, *args, code: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = EvidenceField(
            label=_("file"), allowed=allowed_kinds(code), help_text=_("PDF or a picture, up to 50 MB.")
        )


class FreezeForm(forms.Form):
    """The word with which a person answers for the dossier."""

    is_checked = forms.BooleanField(
        label=_("I have checked the facts and the papers"),
        error_messages={"required": _("Tick this once you have checked the facts and the papers.")},
    )


class SubmitForm(forms.Form):
    """What proves that the dossier was sent."""

    submitted_on = _day(_("submitted on"))
    receipt_number = forms.CharField(
        label=_("receipt number"), max_length=64, required=False, help_text=_("If the filing system gave one.")
    )
    proof = EvidenceField(
        label=_("proof of submission"), allowed=PAPERS, help_text=_("A screenshot or the receipt, as PDF or picture.")
    )
    is_checked = forms.BooleanField(
        label=_("This very version was submitted in the filing system"),
        error_messages={"required": _("Tick this once the frozen version was submitted.")},
    )


class CorrectionForm(forms.Form):
    """What the authority wants corrected."""

    received_on = _day(_("received on"))
    reason = forms.CharField(
        label=_("what is to be corrected"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    letter = EvidenceField(label=_("letter or screenshot"), allowed=PAPERS, required=False)


class AcceptForm(forms.Form):
    """The number that the authority gave the filing."""

    received_on = _day(_("received on"))
    number = forms.CharField(
        label=_("filing number"), max_length=64, help_text=_("As the authority wrote it; there is no fixed format.")
    )
    letter = EvidenceField(label=_("letter or screenshot"), allowed=PAPERS, required=False)

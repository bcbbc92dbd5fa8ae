"""The form with which a report made elsewhere is registered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from assessments.services import ELEMENTS
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS


def _element(code: str) -> forms.BooleanField:
    label = Assessment._meta.get_field(code).verbose_name
    return forms.BooleanField(
        label=label,
        error_messages={
            "required": _("The report must have this element (Article 9). Add it before you register it.")
        },
    )


class RegisterForm(forms.Form):
    """The report and the four elements that Article 9 asks of it."""

    report = EvidenceField(label=_("report"), allowed=PAPERS, help_text=_("PDF, DOCX, XLSX or a scan, up to 50 MB."))

    third_party = forms.CharField(
        label=_("third party that took part"),
        required=False,
        max_length=200,
        help_text=_("Empty if the PIP assessed alone. The report must describe a third party and its part."),
    )
    third_party_part = forms.CharField(
        label=_("its part in the assessment"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for code in ELEMENTS:
            self.fields[code] = _element(code)

    @property
    def elements(self) -> set[str]:
        """The elements that were ticked."""
        return {code for code in ELEMENTS if self.cleaned_data.get(code)}

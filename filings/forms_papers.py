"""The forms of papers: what is read off a scan, the way to the seal, and the wording of the filing system's fields."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filings.models import DossierDocument, FieldWording, PaperFacts
from filings.papers import IDENTITY, READ_FROM
from portal.law.checklists import material
from portal.tenancy.forms import TenantForm


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReadForm(TenantForm):
    """What a person reads off one scan: only the fields that this material has."""

    permission = "prepare_filing"

    class Meta:
        model = PaperFacts
        fields = [
            *("name", "uscc", "agent", "dated_on", "valid_from", "valid_until", "is_long_term", "is_copy"),
            *("has_signature", "has_seal", "pages", "pages_of"),
        ]
        widgets = {name: DateInput() for name in ("dated_on", "valid_from", "valid_until")}

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(READ_FROM[code]):
            del self.fields[name]
        self.fields["name"].required = True
        if code in IDENTITY:
            self.fields["name"].help_text = _("The name only. The number of the document is never stored.")
        for name in {"has_seal", "has_signature"} & set(self.fields):
            self.fields[name].widget = forms.Select(
                choices=[("unknown", _("not looked at")), ("true", _("yes")), ("false", _("no"))]
            )


class SealForm(forms.Form):
    """Which papers go to the seal, and with whom."""

    papers = forms.MultipleChoiceField(label=_("papers"), widget=forms.CheckboxSelectMultiple)
    taken_by = forms.CharField(label=_("taken by"), max_length=100)
    taken_on = forms.DateField(label=_("taken on"), widget=DateInput())
    copies = forms.IntegerField(label=_("copies of each paper"), min_value=1, max_value=20, initial=1)

    def __init__(self, *args: Any, waiting: list[DossierDocument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        choices = [(str(row.pk), material(row.material).title.in_(language)) for row in waiting]
        self.fields["papers"].choices = choices
        self.fields["papers"].initial = [pk for pk, _title in choices]


class BackForm(forms.Form):
    """How papers came back from the seal."""

    back_on = forms.DateField(label=_("back on"), widget=DateInput())
    was_sealed = forms.ChoiceField(
        label=_("result"), choices=[("yes", _("sealed")), ("no", _("came back unsealed"))], widget=forms.RadioSelect
    )


class WordingForm(TenantForm):
    """How the filing system words a field; what is left empty stays the portal's own."""

    permission = "manage_pips"

    class Meta:
        model = FieldWording
        fields = ["label_zh", "label_en", "position", "max_length"]

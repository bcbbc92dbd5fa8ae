"""The forms of a filing's steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from filings.choices import correction_reasons
from filings.models import Kind, State
from filings.services import allowed_kinds
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS
from portal.law.checklists import AFFECTED, APPLICATION, BASIC_INFORMATION, materials_of
from portal.tenancy.choices import in_language


def day_field(label: str, **more) -> forms.DateField:
    return forms.DateField(label=label, **more, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class FilterForm(forms.Form):
    """The filters of the list of filings."""

    kind = forms.ChoiceField(label=_("kind"), required=False, choices=[("", _("all")), *Kind.choices])
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

    submitted_on = day_field(_("submitted on"))
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


class RejectForm(forms.Form):
    """Why the authority sends the dossier back, and what it names."""

    received_on = day_field(_("received on"))
    reasons = forms.MultipleChoiceField(
        label=_("reasons"), choices=correction_reasons, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("in the authority's words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    fields = forms.MultipleChoiceField(
        label=_("fields and papers named"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("They stand first while the dossier is put right. Hold Ctrl or ⌘ to choose several."),
    )
    letter = EvidenceField(label=_("letter or screenshot"), allowed=PAPERS, required=False)

    def __init__(self, *args, kind: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"].choices = affected_of(kind)


class CorrectionForm(RejectForm):
    """What the authority wants corrected, and until when the PIP itself wants to have done it."""

    answer_by = day_field(
        _("correct by (own date)"), required=False, help_text=_("An expectation, not law: ten working days.")
    )
    field_order = ["received_on", "reasons", "reason", "fields", "answer_by", "letter"]


def affected_of(kind: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The papers of a kind of filing, and the fields of the forms among them."""
    codes = [one.code for one in materials_of(kind)]
    groups = [(_("Papers"), [(code, in_language(AFFECTED[code])) for code in codes])]
    for code, name, fields in (
        ("basic-information", _("Basic information form"), BASIC_INFORMATION),
        ("application", _("Application filing form"), APPLICATION),
    ):
        if code in codes:
            groups.append((name, [(f"field:{one.code}", in_language(one.label)) for one in fields]))
    return groups


class AcceptForm(forms.Form):
    """The number that the authority gave the filing."""

    received_on = day_field(_("received on"))
    number = forms.CharField(
        label=_("filing number"), max_length=64, help_text=_("As the authority wrote it; there is no fixed format.")
    )
    letter = EvidenceField(label=_("letter or screenshot"), allowed=PAPERS, required=False)


class DayForm(forms.Form):
    """A day in the past."""

    on = day_field(_("on"))


class ChangesForm(forms.Form):
    """The changes that one filing carries; after a move, with which authority and why."""

    changes = forms.MultipleChoiceField(label=_("changes"), widget=forms.CheckboxSelectMultiple)
    way = forms.ChoiceField(
        label=_("after the move to another province"),
        widget=forms.RadioSelect,
        choices=[
            ("change", _("file the change with the authority of the former place")),
            ("cancel", _("cancel the filing there and file anew with the authority of the new place")),
        ],
    )
    way_reason = forms.CharField(
        label=_("why this way"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No text settles it. Ask both authorities and write down who said what, and when."),
    )

    def __init__(self, *args, cases=(), has_moved: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["changes"].choices = cases
        self.fields["changes"].initial = [code for code, _label in cases]
        if not has_moved:
            del self.fields["way"], self.fields["way_reason"]

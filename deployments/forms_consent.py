"""Forms of consent: how it is asked, its wording, and how many gave it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.consent import Asked, asked
from deployments.consent_table import MOST_BYTES, CountRow, from_file, from_text
from deployments.form_base import DateInput, GroupsField, RegisterForm, dates, rows_of_text
from deployments.models import ConsentCount, ConsentMechanism, ConsentWording
from deployments.services.consent import FILES
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS
from portal.law.sources import FRM, NDR, PIPL, Cite

SHEETS = frozenset({"csv", "xlsx", "txt"})


class ConsentForm(RegisterForm):
    """How consent is asked and withdrawn; what no law asks of this scenario is left out."""

    kinds = GroupsField(
        choices.consent_kinds,
        label=_("How consent is shown"),
        help_text=_("By active cooperation. Merely entering the area where faces are captured is no consent."),
    )
    proof = EvidenceField(
        allowed=PAPERS,
        required=False,
        label=_("Screenshot or form"),
        help_text=_("What the person sees when asked. A new file takes the place of the one before."),
    )
    written_form = EvidenceField(allowed=PAPERS, required=False, label=_("Written form"))
    children_rules = EvidenceField(
        allowed=PAPERS,
        required=False,
        label=_("Dedicated rules for children under 14"),
        help_text=_("The rules as published, as PDF or DOCX."),
    )
    groups = (
        (_("How it is asked"), ("kinds", "how", "is_separate", "proof")),
        (_("What it covers"), ("covers_storage", "covers_cross_border")),
        (_("In writing"), ("needs_written", "written_law", "written_form")),
        (_("How it is withdrawn"), ("withdrawal_path",)),
        (_("Children under 14"), ("guardian_how", "children_rules", "children_rules_on")),
    )
    laws = {
        "kinds": Cite("GBT-41819"),
        "is_separate": PIPL(29),
        "covers_storage": FRM(8),
        "covers_cross_border": PIPL(39),
        "needs_written": FRM(6),
        "withdrawal_path": PIPL(15),
        "guardian_how": FRM(7),
        "children_rules": FRM(7),
        "children_rules_on": NDR(21),
    }

    class Meta:
        model = ConsentMechanism
        fields = [
            "kinds",
            "how",
            "is_separate",
            "covers_storage",
            "covers_cross_border",
            "needs_written",
            "written_law",
            "withdrawal_path",
            "guardian_how",
            "children_rules_on",
        ]
        widgets = dates("children_rules_on") | rows_of_text(how=4)
        help_texts = {
            "how": _("Such as: reads the notice, presses “I agree”, looks at the camera."),
            "withdrawal_path": _("As convenient as consenting: where, and what happens to the data afterwards."),
            "guardian_how": _("Such as: the parent signs in the app and gives the child's register number."),
            "needs_written": _("None asks for it in general; tick it only if you can name the law."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.not_asked(asked(self.instance.scenario)):
            del self.fields[name]

    def not_asked(self, what: Asked) -> set[str]:
        """The fields that say nothing about this scenario."""
        of_children = {"children_rules", "children_rules_on"}
        left_out = set() if what.at_all else {name for name in self.fields if name not in of_children | FRAME}
        if not what.of_children:
            left_out |= of_children
        if not what.of_guardians:
            left_out.add("guardian_how")
        if not self.instance.scenario.cross_border:
            left_out.add("covers_cross_border")
        return left_out & set(self.fields)

    @property
    def values(self) -> dict[str, Any]:
        """The row's own values; files stand apart."""
        return {name: value for name, value in super().values.items() if name not in FILES}

    @property
    def uploads(self) -> dict[str, Any]:
        """The files that were chosen."""
        return {name: self.cleaned_data[name] for name in FILES if self.cleaned_data.get(name)}


# Carried by every form that edits.
FRAME = {"version", "change_reason"}


class WordingForm(RegisterForm):
    """The next version of the words that people consent to."""

    follows = forms.IntegerField(widget=forms.HiddenInput)
    laws = {"text_zh": PIPL(14), "effective_on": PIPL(14)}

    class Meta:
        model = ConsentWording
        fields = ["text_zh", "text_en", "effective_on"]
        widgets = {
            "text_zh": forms.Textarea(attrs={"rows": 8, "lang": "zh-Hans"}),
            "text_en": forms.Textarea(attrs={"rows": 8, "lang": "en"}),
        } | dates("effective_on")
        help_texts = {"effective_on": _("Its words stay as they are; from this day the next people consent to them.")}


class ConsentCountForm(RegisterForm):
    """How many consented, refused and withdrew up to a day."""

    wording = forms.ModelChoiceField(ConsentWording._base_manager.none(), label=_("Wording"), empty_label=None)

    class Meta:
        model = ConsentCount
        fields = ["wording", "counted_on", "given", "by_guardian", "refused", "withdrawn", "source"]
        widgets = {"counted_on": DateInput()}
        help_texts = {
            "given": _("All up to that day: numbers only, never persons."),
            "source": _("Where the numbers come from, such as the report of the app."),
        }

    def __init__(self, *args: Any, mechanism: ConsentMechanism, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wording"].queryset = ConsentWording.objects.filter(
            tenant=self.request.tenant, mechanism=mechanism
        )


class ConsentTableForm(forms.Form):
    """Many counts at once: pasted, or out of a file; one of the two."""

    table = forms.CharField(
        label=_("Paste the table"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false"}),
        help_text=_("The first row names the columns. Numbers only: a column of persons is refused."),
    )
    file = EvidenceField(
        allowed=SHEETS, label=_("or a file"), required=False, help_text=_("CSV or XLSX; it isn't kept.")
    )
    source = forms.CharField(
        label=_("source"), required=False, max_length=100, help_text=_("Where the numbers come from.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        table, file = cleaned.get("table", ""), cleaned.get("file")
        if bool(table.strip()) == bool(file):
            raise forms.ValidationError(_("Paste a table or choose a file; one of the two."))
        self.rows: list[CountRow] = from_file(file, file.name) if file else from_text(table)
        return cleaned

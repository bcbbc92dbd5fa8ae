"""Forms of impact assessments: what is begun, weighed, done against a risk, concluded and decided."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Measure, OwnQuestion, Risk
from assessments.services import ELEMENTS
from deployments.form_base import RegisterForm, dates, rows_of_text
from deployments.models import Scenario
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS, SCANS
from portal.law.pipia import LIKELIHOOD, SEVERITY, template
from portal.law.sources import FRM, Cite
from portal.tenancy.choices import in_language


def _element(code: str) -> forms.BooleanField:
    label = Assessment._meta.get_field(code).verbose_name
    return forms.BooleanField(
        label=label,
        error_messages={
            "required": _("The report must have this element (Article 9). Add it before you register it.")
        },
    )


class OutsideForm(forms.Form):
    """A report made elsewhere and the four elements that Article 9 asks of it."""

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


class StartForm(forms.Form):
    """The title, and which other scenarios share the assessment."""

    title = forms.CharField(label=_("title"), max_length=200)
    others = forms.MultipleChoiceField(
        label=_("assessed together with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Practice: the same purpose, necessity, method and scope may share one assessment."),
    )

    def __init__(self, *args: Any, others: Iterable[Scenario], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = [(str(one.pk), f"{one.name} ({one.code})") for one in others]
        if not self.fields["others"].choices:
            del self.fields["others"]


def steps(words: dict[int, Any]) -> list[tuple[Any, Any]]:
    """The four steps with their words, for a choice."""
    return [("", "–"), *((step, lazystr(f"{step} {in_language(text)}")) for step, text in words.items())]


class RiskForm(RegisterForm):
    """A risk before and after its measures; an own one has its own name."""

    permission = "write_assessment"
    asks_reason = False
    groups = (
        (_("Risk"), ("title", "harm")),
        (_("Before measures"), ("likelihood", "severity")),
        (_("After measures"), ("likelihood_after", "severity_after")),
    )
    laws: dict[str, Cite] = {"harm": FRM(9)}

    class Meta:
        model = Risk
        fields = ["title", "harm", "likelihood", "severity", "likelihood_after", "severity_after"]
        widgets = rows_of_text(harm=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("likelihood", LIKELIHOOD), ("severity", SEVERITY)):
            for each in (name, f"{name}_after"):
                self.fields[each] = forms.TypedChoiceField(
                    label=self.fields[each].label,
                    choices=lambda words=words: steps(words),
                    coerce=int,
                    empty_value=None,
                    required=False,
                )
        if self.instance.threat:
            del self.fields["title"]


class MeasureForm(RegisterForm):
    """What is done against a risk, by whom, until when, and the proof."""

    permission = "write_assessment"
    asks_reason = False
    proof = EvidenceField(label=_("evidence"), allowed=PAPERS, required=False)

    class Meta:
        model = Measure
        fields = ["title", "owner", "due_on", "done_on"]
        widgets = rows_of_text(title=2) | dates("due_on", "done_on")

    def __init__(self, *args: Any, is_settled: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_settled:
            self.fields["title"].disabled = True
            self.fields["title"].help_text = _("The assessment is approved: the words of its measures stay.")


class ConclusionForm(RegisterForm):
    """The title, what the assessment comes to, and a third party that took part."""

    permission = "write_assessment"
    asks_reason = False
    laws: dict[str, Cite] = {"conclusion": FRM(9), "third_party_part": Cite("CAC-2026-01-QA", "")}

    class Meta:
        model = Assessment
        fields = ["title", "conclusion", "third_party", "third_party_part"]
        widgets = rows_of_text(third_party_part=3) | {"conclusion": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("third_party") and not given.get("third_party_part"):
            sentence = _("Describe the part of the third party in the assessment (CAC Q&A, January 2026).")
            self.add_error("third_party_part", sentence)
        return given


class ReturnForm(forms.Form):
    comment = forms.CharField(label=_("what is to be corrected"), max_length=4000, widget=forms.Textarea({"rows": 4}))


class ApproveForm(forms.Form):
    """The password again, since an approval can't be taken back; the exception of a one-person workspace."""

    alone_because = forms.CharField(
        label=_("why the author alone approves"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Stands in the report and in the audit trail."),
    )
    password = forms.CharField(
        label=_("your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )

    def __init__(self, *args: Any, is_alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_alone:
            del self.fields["alone_because"]


class ErasureForm(forms.Form):
    reason = forms.CharField(label=_("why it is to be erased"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class ConfirmErasureForm(forms.Form):
    """The password again, since an erasure can't be taken back."""

    password = forms.CharField(
        label=_("your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )


class ScanForm(forms.Form):
    scan = EvidenceField(label=_("signed report"), allowed=SCANS, help_text=_("A scan with signature and seal."))


class QuestionForm(RegisterForm):
    """A question of the workspace's own."""

    permission = "write_assessment"
    section = forms.ChoiceField(label=_("section"))

    class Meta:
        model = OwnQuestion
        fields = ["section", "text_zh", "text_en", "is_required"]
        widgets = rows_of_text(text_zh=2, text_en=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [
            (one.code, lazystr(f"{one.number} {in_language(one.title)}")) for one in template().sections
        ]

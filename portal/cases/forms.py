"""Forms of cases: what came, what was answered, what is noted."""

import uuid
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from deployments.form_base import CodeField, RegisterForm, dates, rows_of_text
from deployments.models import Deployment, Scenario
from portal.cases import choices
from portal.cases.models import Case, CaseNote
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS
from portal.law.sources import FRM, NDR, PIPL

NO_NAMES = _("No names, ID numbers or phone numbers: the reference stands for the person.")
NO_FACES = _("PDF or a picture up to 50 MB, without names and faces, such as an extract of the deletion log.")
LATER = _(
    "May follow; until then the duty stays open. Without names and faces, such as an extract of the deletion log."
)
# What only some kinds of cases have.
OF_KIND = {
    "complaint": frozenset({"category", "other_way"}),
    "refusal": frozenset({"other_way"}),
    "withdrawal": frozenset({"deletion_proof"}),
    "deletion": frozenset({"deletion_proof"}),
    "inspection": frozenset({"due_on", "letter"}),
}
SPECIAL = frozenset().union(*OF_KIND.values())


class CaseForm(RegisterForm):
    """What somebody came with; the fields are those of its kind."""

    deployment = CodeField(
        Deployment._base_manager.none(),
        names=("code", "site__name"),
        label=_("deployment"),
        required=False,
        help_text=_("Code of the deployment or name of the site, if it is about one place."),
    )
    laws = {"due_on": FRM(16), "category": FRM(17), "other_way": FRM(10)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_pip = {"tenant": self.request.tenant, "pip_id": self.instance.pip_id}
        self.offer("scenario", Scenario.objects.filter(**of_pip))
        self.offer("deployment", Deployment.objects.filter(**of_pip).select_related("site"))
        self.fields["asked"].help_text = NO_NAMES

    def keep_fields_of(self, kind: str) -> None:
        """Take away what this kind of case doesn't have."""
        for name in SPECIAL - OF_KIND.get(kind, frozenset()):
            self.fields.pop(name, None)
        if kind == choices.INSPECTION:
            del self.fields["channel"]
        else:
            self.fields["channel"].choices = [
                (code, words) for code, words in choices.Channel.choices if code != choices.Channel.PUBLIC
            ]

    def validate_constraints(self) -> None:
        """The service says what is missing, at each field."""

    class Meta:
        model = Case
        fields = ["category", "scenario", "deployment", "place", "channel", "received_on", "due_on", "asked"]
        widgets = dates("received_on", "due_on") | rows_of_text(asked=5)
        help_texts = {
            "place": _("If no deployment fits."),
            "due_on": _("As the authority wrote it. Without one, leave it empty."),
        }


class NewCaseForm(CaseForm):
    """A case added by hand."""

    other_way = forms.CharField(
        label=_("other way that was offered and used"),
        required=False,
        max_length=300,
        help_text=_("If the person was served on the spot another way; the case is answered with it."),
    )
    letter = EvidenceField(label=_("letter of the authority"), allowed=PAPERS, required=False)
    sending = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_fields_of(self.instance.kind)
        self.initial["sending"] = uuid.uuid4()
        if self.instance.kind == "complaint":
            del self.fields["other_way"]  # a complaint is looked into before it is answered
            self.fields["category"].required = True


class EditCaseForm(CaseForm):
    """What a case is and where it belongs."""

    class Meta(CaseForm.Meta):
        fields = ["kind", *CaseForm.Meta.fields]
        help_texts = CaseForm.Meta.help_texts | {
            "category": _("For a complaint only."),
            "due_on": _("Only if an authority set it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_inspection:
            for name in ("kind", "category", "channel"):
                del self.fields[name]
            return
        self.fields["kind"].choices = choices.kinds_of_persons()
        if self.instance.channel != choices.Channel.AUTHORITY:
            del self.fields["due_on"]


class AnswerForm(RegisterForm):
    """What was decided, with the reasons."""

    asks_reason = False
    deletion_proof = EvidenceField(
        label=_("proof of the deletion"),
        allowed=PAPERS,
        required=False,
        help_text=LATER,
    )
    laws = {
        "outcome": PIPL(50),
        "exemption": PIPL(47),
        "other_way": FRM(10),
        "answer": NDR(23),
        "deletion_proof": PIPL(47),
    }

    class Meta:
        model = Case
        fields = ["outcome", "exemption", "other_way", "answer", "answered_on"]
        widgets = dates("answered_on") | rows_of_text(answer=5) | {"outcome": forms.RadioSelect}
        help_texts = {
            "exemption": _("Only where the law makes an exception."),
            "answer": _("The person reads this with the code. Whoever isn't granted in full is told the reasons."),
            "other_way": _("What was offered instead of face recognition, and used."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SPECIAL - OF_KIND.get(self.instance.kind, frozenset()):
            self.fields.pop(name, None)
        self.fields["answered_on"].required = True
        if self.instance.is_inspection:
            del self.fields["outcome"], self.fields["exemption"]
            self.fields["answer"].label = _("what was answered")
            self.fields["answer"].help_text = _("Add the letter itself as a note with a file.")
            return
        self.fields["outcome"].choices = [(code, capfirst(words)) for code, words in choices.Outcome.choices]
        self.fields["outcome"].required = True
        self.fields["exemption"].choices = [("", _("none")), *choices.exceptions()]

    def validate_constraints(self) -> None:
        """The service says what is missing, at each field."""


class ProofForm(RegisterForm):
    """The proof that face information is gone."""

    asks_reason = False
    laws = {"proof": PIPL(47)}
    proof = EvidenceField(label=_("proof of the deletion"), allowed=PAPERS, help_text=NO_FACES)

    class Meta:
        model = Case
        fields: list[str] = []


class ReopenForm(RegisterForm):
    """Why a case is taken up again."""

    asks_reason = False
    reason = forms.CharField(
        label=_("why it is taken up again"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = Case
        fields: list[str] = []


class NoteForm(RegisterForm):
    """A note in the timeline of a case."""

    file = EvidenceField(label=_("file"), allowed=PAPERS, required=False)

    class Meta:
        model = CaseNote
        fields = ["text", "file", "is_for_person"]
        widgets = rows_of_text(text=3)
        help_texts = {"text": NO_NAMES}

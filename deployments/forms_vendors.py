"""Forms of vendors, of their parts in scenarios, of supervision, and of the end of a part."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.form_base import CodeField, RegisterForm, dates, kept_now, rows_of_text
from deployments.form_log import LogForm
from deployments.models import Engagement, Supervision, Vendor
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS
from portal.law.sources import PIPL


class VendorForm(RegisterForm):
    """An organisation; one that looks like another of the register is asked about first."""

    is_another = forms.BooleanField(label=_("It is another organisation: save it all the same"), required=False)
    laws = {"is_overseas": PIPL(38)}
    lasting = ("code",)

    class Meta:
        model = Vendor
        fields = ["code", "name", "uscc", "contact", "is_overseas", "note"]
        help_texts = {
            "code": _("Short and lasting, such as HIK."),
            "uscc": _("As on the business licence; empty for an organisation without one."),
            "contact": _("A role or department rather than a person."),
            "is_overseas": _("Face information that it stores or can access goes abroad."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twin = self._twin() if self.is_bound and {"name", "uscc"} & set(self.changed_data) else None
        if self.twin is None:
            del self.fields["is_another"]

    def _twin(self) -> Vendor | None:
        """Another vendor of the PIP with the name or the credit code that is asked for."""
        asked = Vendor(
            pk=self.instance.pk,
            pip_id=self.instance.pip_id,
            name=self.data.get("name", ""),
            uscc=self.data.get("uscc", ""),
        )
        return Vendor.objects.filter(tenant=self.request.tenant).like(asked).first()

    def clean_is_another(self) -> bool:
        is_another = self.cleaned_data["is_another"]
        if not is_another:
            sentence = _("The register has %(twin)s with the same name or credit code. Use that one, or tick the box.")
            raise forms.ValidationError(sentence % {"twin": self.twin})
        return is_another

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "is_another"}


class EngagementForm(RegisterForm):
    """A vendor's part in a scenario and the contract it stands on."""

    vendor = CodeField(
        Vendor._base_manager.none(),
        names=("code", "name"),
        label=_("Vendor"),
        help_text=_("Code or name of the vendor."),
    )
    contract = EvidenceField(label=_("Contract file"), required=False, allowed=PAPERS)
    groups = (
        (_("Part"), ("vendor", "role", "purpose")),
        (_("Contract"), ("contract_number", "contract_on", "contract_ends_on", "contract")),
    )
    laws = {"role": PIPL(21), "purpose": PIPL(21)}

    class Meta:
        model = Engagement
        fields = ["vendor", "role", "purpose", "contract_number", "contract_on", "contract_ends_on"]
        widgets = dates("contract_on", "contract_ends_on") | rows_of_text(purpose=2)
        help_texts = {
            "role": _("Who comes to see face information is entrusted, joint or a recipient; a mere supplier is not."),
            "purpose": _("As the contract has it: what is done with face information, how, and for how long."),
            "contract_ends_on": _("Empty: the contract names no end."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("vendor", Vendor.objects.filter(tenant=self.request.tenant, pip_id=self.instance.pip_id))
        kept_now(self, "contract", self.instance.contract)
        if self.instance.pk:
            # Another vendor is another part, with an end of its own.
            del self.fields["vendor"]


class EndEngagementForm(RegisterForm):
    """The day on which a vendor's part ended."""

    laws = {"ended_on": PIPL(21)}

    class Meta:
        model = Engagement
        fields = ["ended_on"]
        widgets = dates("ended_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].required = True


class ReturnForm(RegisterForm):
    """The day on which face information was returned or deleted, and its proof."""

    proof = EvidenceField(
        label=_("Proof of return or deletion"), help_text=_("The vendor's certificate of deletion, or the receipt.")
    )
    laws = {"returned_on": PIPL(21)}

    class Meta:
        model = Engagement
        fields = ["returned_on"]
        widgets = dates("returned_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["returned_on"].required = True


class SupervisionForm(LogForm):
    """What the PIP looked at and found."""

    log = ("engagement_id",)
    is_in_order = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        label=_("in order"),
    )
    proof = EvidenceField(label=_("Proof"), required=False)
    laws = {"finding": PIPL(21)}

    class Meta:
        model = Supervision
        fields = ["done_on", "finding"]
        widgets = dates("done_on") | rows_of_text(finding=4)

    field_order = ["done_on", "is_in_order", "finding", "proof"]

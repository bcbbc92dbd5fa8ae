"""The form of a scenario: everything of LAW.md 7.1 on one page, each field with the article that asks for it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.form_base import GroupsField, RegisterForm, dates, rows_of_text
from deployments.models import MlpsSystem, Scenario
from portal.law.enums import OVER_THE_INTERNET
from portal.law.sources import FRM, NDR, PIPL, Cite

Values = dict[str, Any]
Case = tuple[str, Callable[[Values], bool], str | Promise]


def leaves_the_device(values: Values) -> bool:
    """Whether faces leave the device over the internet, as the answers have it (FRM Art 8)."""
    return values.get("sends_over_internet") is True or values.get("storage_mode") in OVER_THE_INTERNET


# What may be saved, because the register records what is, but isn't lawful or isn't clear: field, case, sentence.
WARNINGS: tuple[Case, ...] = (
    (
        "sends_over_internet",
        lambda values: (
            values.get("storage_mode") == "device"
            and values.get("sends_over_internet") is True
            and not values.get("storage_exception")
        ),
        _("Stored in the device, yet sent out over the internet: one answer is wrong, or the exception is missing."),
    ),
    (
        "sends_over_internet",
        lambda values: values.get("storage_mode") in OVER_THE_INTERNET and values.get("sends_over_internet") is False,
        _("A cloud or a vendor is reached over the internet as a rule. The law is asked as if faces were sent out."),
    ),
    (
        "storage_exception",
        lambda values: (
            values.get("storage_mode") != "device"
            and leaves_the_device(values)
            and not values.get("storage_exception")
        ),
        _("Faces leave the device over the internet and no exception allows it. The gate of storage stays closed."),
    ),
    (
        "storage_exception",
        lambda values: values.get("storage_mode") == "lan_server" and not values.get("storage_exception"),
        _("A server on the premises needs legal review: it is neither clearly in the device nor on the internet."),
    ),
    (
        "storage_exception_basis",
        lambda values: bool(values.get("storage_exception")) and not values.get("storage_exception_basis"),
        _("The exception stands on nothing yet: cite the provision, or name the version of the consent."),
    ),
    (
        "retention_law",
        lambda values: (
            bool(values.get("retention_ends_on")) and not (values.get("retention") or values.get("retention_law"))
        ),
        _("The end of retention is given, but not the period it follows from."),
    ),
    (
        "cross_border_mechanism",
        lambda values: bool(values.get("cross_border")) and not values.get("cross_border_mechanism"),
        _("Faces go abroad without a mechanism of PIPL Article 38. The gate of transfers stays closed."),
    ),
    (
        "cross_border_number",
        lambda values: (
            values.get("cross_border_mechanism") in ("assessment", "contract", "certification")
            and not values.get("cross_border_number")
        ),
        _("The mechanism has no number yet."),
    ),
    (
        "other_use_consent",
        lambda values: bool(values.get("other_use")) and not values.get("other_use_consent"),
        _("Captured in a public place, this other use needs the separate consent of the person."),
    ),
    (
        "decision_explanation",
        lambda values: bool(values.get("automated_decision")) and not values.get("decision_explanation"),
        _("FR decides by itself here, and nobody can say yet how it is explained or refused."),
    ),
    (
        "notice_exemption_reason",
        lambda values: bool(values.get("notice_exemption")) and not values.get("notice_exemption_reason"),
        _("Name the provision or the facts behind the ground for no notice."),
    ),
)


class ScenarioForm(RegisterForm):
    """What a use of FR is for, on what ground, of whom, where faces are stored and for how long."""

    groups = (
        (_("What it is"), ("code", "name", "function", "subject_groups", "subjects")),
        (_("Purpose and necessity"), ("purpose", "necessity", "rejected_ways")),
        (_("Legal basis"), ("legal_basis", "legal_basis_reason")),
        (
            _("Storage"),
            ("storage_mode", "sends_over_internet", "storage_exception", "storage_exception_basis"),
        ),
        (_("Retention and deletion"), ("retention", "retention_law", "retention_ends_on", "deletion_method")),
        (_("Free choice"), ("alternative", "state_rule", "id_service_considered_on", "id_service_note")),
        (_("System and protection"), ("supplier", "mlps", "protection")),
        (
            _("Transfer abroad"),
            ("cross_border", "cross_border_recipient", "cross_border_mechanism", "cross_border_number"),
        ),
        (_("Other use of what a public place captures"), ("other_use", "other_use_consent")),
        (_("Automated decision"), ("automated_decision", "decision_explanation")),
        (_("No notice"), ("notice_exemption", "notice_exemption_reason")),
    )
    # Fields of one line whose answers are sentences.
    wide = ("subjects", "retention", "retention_law", "deletion_method", "state_rule", "id_service_note")
    # Groups that most scenarios don't need: folded until one of their fields says something.
    folded = ("cross_border", "other_use", "automated_decision", "notice_exemption")
    subject_groups = GroupsField(
        choices.subject_groups,
        label=_("Groups of persons"),
        help_text=_("Children, older persons and persons with disabilities each bring duties of their own."),
    )
    laws: dict[str, Cite] = {
        "function": FRM(19),
        "subject_groups": FRM(7),
        "purpose": FRM(4),
        "necessity": FRM(4),
        "rejected_ways": FRM(4),
        "legal_basis": PIPL(13),
        "legal_basis_reason": PIPL(13),
        "storage_mode": FRM(8),
        "sends_over_internet": FRM(8),
        "storage_exception": FRM(8),
        "storage_exception_basis": FRM(8),
        "retention": FRM(8),
        "retention_law": FRM(8),
        "retention_ends_on": PIPL(19),
        "deletion_method": PIPL(47),
        "alternative": FRM(10),
        "state_rule": FRM(10),
        "id_service_considered_on": FRM(11),
        "mlps": FRM(14),
        "protection": FRM(14),
        "cross_border": PIPL(38),
        "cross_border_mechanism": PIPL(38),
        "cross_border_number": NDR(35),
        "other_use": PIPL(26),
        "other_use_consent": PIPL(26),
        "automated_decision": PIPL(24),
        "decision_explanation": PIPL(24),
        "notice_exemption": PIPL(18),
    }
    lasting = ("code",)

    class Meta:
        model = Scenario
        fields = [
            *("code", "name", "function", "subject_groups", "subjects"),
            *("purpose", "necessity", "rejected_ways", "legal_basis", "legal_basis_reason"),
            *("storage_mode", "sends_over_internet", "storage_exception", "storage_exception_basis"),
            *("retention", "retention_law", "retention_ends_on", "deletion_method"),
            *("alternative", "state_rule", "id_service_considered_on", "id_service_note"),
            *("supplier", "mlps", "protection"),
            *("cross_border", "cross_border_recipient", "cross_border_mechanism", "cross_border_number"),
            *("other_use", "other_use_consent", "automated_decision", "decision_explanation"),
            *("notice_exemption", "notice_exemption_reason"),
        ]
        widgets = dates("retention_ends_on", "id_service_considered_on") | rows_of_text(
            purpose=2,
            necessity=3,
            rejected_ways=3,
            legal_basis_reason=2,
            alternative=2,
            protection=3,
            decision_explanation=2,
        )
        help_texts = {
            "code": _("Short and lasting, such as BOARDING: vendor files name the scenario by it."),
            "subjects": _("In words, if the groups don't say it all."),
            "purpose": _("Specific: one purpose, tied to a need of the business."),
            "necessity": _("What FR does here that nothing milder does."),
            "rejected_ways": _("At least one way without FR, such as cards or staff, and why it doesn't do."),
            "storage_exception": _("A departmental rule is not enough (the portal's reading)."),
            "retention": _("The shortest time necessary, such as: 24 hours after departure."),
            "retention_law": _("Only if a law or administrative regulation prescribes a period."),
            "alternative": _("How somebody who refuses FR is served just as well."),
            "state_rule": _("Only if the State prescribes FR here: the rule with its number and article."),
            "id_service_considered_on": _("Recommended, not an obligation: verifying without storing faces."),
            "other_use": _("Captured in a public place, faces serve public security only."),
            "automated_decision": _("Nobody looks at the result before it takes effect on a person's rights."),
            "notice_exemption": _("Only where the law asks for secrecy, or in an emergency."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("mlps", MlpsSystem.objects.filter(tenant=self.request.tenant, pip_id=self.instance.pip_id))

    def clean(self) -> Values:
        cleaned = super().clean()
        details = ("cross_border_recipient", "cross_border_mechanism", "cross_border_number")
        if not cleaned.get("cross_border") and any(cleaned.get(name) for name in details):
            sentence = _("You described a transfer abroad: tick that there is one, or empty what describes it.")
            self.add_error("cross_border", sentence)
        return cleaned

    def warnings(self) -> Iterator[tuple[str, str | Promise]]:
        """Label and sentence of what was saved but is not lawful or not clear yet."""
        for name, applies, sentence in WARNINGS:
            if applies(self.cleaned_data):
                yield str(self.fields[name].label), sentence

    def open_groups(self) -> Iterator[tuple[Any, list[tuple[Any, str]]]]:
        """The groups that every scenario needs; the reason for a change, which no group names, stands at the end."""
        return ((title, bound) for title, bound in self.sections() if title and bound[0][0].name not in self.folded)

    def folded_groups(self) -> Iterator[tuple[Any, list[tuple[Any, str]], bool]]:
        """The groups that few need, each with whether something in it wants to be seen."""
        for title, bound in self.sections():
            if bound[0][0].name in self.folded:
                yield title, bound, any(field.value() or field.errors for field, _law in bound)

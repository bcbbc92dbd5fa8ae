"""Forms of the register. The PIP is never a field: it comes from the page's address, checked there."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from deployments.form_base import CodeField, DateInput, RegisterForm, dates, rows_of_text
from deployments.models import (
    CaptureArea,
    Deployment,
    Device,
    OverlapEstimate,
    PersonCount,
    Scenario,
    Sign,
    Site,
    ThresholdCrossing,
)
from deployments.sign_wording import WORDINGS
from portal.evidence.fields import PhotoField
from portal.law.sources import DEFAULT, FRM, PIPL, VIDEO, Cite
from portal.tenancy.models import Pip


class PipForm(RegisterForm):
    """The facts of a legal entity that go into the basic form of a filing."""

    permission = "view_pip"
    groups = (
        (
            _("Legal entity"),
            (
                "uscc",
                "name",
                "province",
                "organisation_type",
                "registered_address",
                "office_address",
                "industry",
                "employees",
                "business_summary",
            ),
        ),
        (_("Representative"), ("legal_representative", "legal_representative_title")),
        (_("Filing agent"), ("agent_name", "agent_department", "agent_mobile", "agent_email")),
        (_("PI protection officer"), ("officer_name", "officer_phone", "officer_email")),
        (
            _("What decides which duties apply"),
            ("total_pi_persons", "million_reached_on", "is_cii", "is_state_organ", "reply_days"),
        ),
    )
    laws = {
        "officer_name": PIPL(52),
        "province": FRM(15),
        "total_pi_persons": PIPL(52),
        "million_reached_on": Cite("CAC-2025-07-18"),
        "is_cii": Cite("CII"),
        "is_state_organ": Cite("INCIDENT"),
        "reply_days": DEFAULT("case-reply"),
    }
    lasting = ("uscc",)

    class Meta:
        model = Pip
        fields = [
            "uscc",
            "name",
            "province",
            "organisation_type",
            "registered_address",
            "office_address",
            "industry",
            "employees",
            "business_summary",
            "legal_representative",
            "legal_representative_title",
            "agent_name",
            "agent_department",
            "agent_mobile",
            "agent_email",
            "officer_name",
            "officer_phone",
            "officer_email",
            "total_pi_persons",
            "million_reached_on",
            "is_cii",
            "is_state_organ",
            "reply_days",
        ]
        widgets = rows_of_text(business_summary=3) | dates("million_reached_on")
        help_texts = {
            "total_pi_persons": _("All personal information, of customers and staff alike, not faces only."),
            "million_reached_on": _("From then on the officer is appointed and, within 30 working days, reported."),
            "is_cii": _("Only if the protection department has designated the PIP. Incidents: within one hour."),
            "is_state_organ": _("Incidents are reported within two hours instead of four."),
            "reply_days": _("The law says promptly and counts no days: this is your own target. Empty: 15."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_days"].required = False

    def clean_reply_days(self) -> int:
        return self.cleaned_data["reply_days"] or Pip._meta.get_field("reply_days").default


class DeploymentForm(RegisterForm):
    """A scenario at a site."""

    site = CodeField(
        Site._base_manager.none(), names=("code", "name"), label=_("Site"), help_text=_("Code or name of the site.")
    )
    lasting = ("code",)
    laws = {"security_necessity": FRM(13)}

    class Meta:
        model = Deployment
        fields = ["code", "scenario", "site", "started_on", "security_necessity", "note"]
        widgets = dates("started_on") | rows_of_text(security_necessity=3)
        help_texts = {
            "security_necessity": _("In a public place only: what endangers public security here, and what FR does.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_pip = {"tenant": self.request.tenant, "pip_id": self.instance.pip_id}
        self.offer("scenario", Scenario.objects.filter(**of_pip))
        self.offer("site", Site.objects.filter(**of_pip))
        if self.instance.status == "planned":
            # A planned deployment gets its first day with the move that puts it into use.
            del self.fields["started_on"]


class AreaOfDeployment(RegisterForm):
    """A form whose capture area is one of its deployment's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            "capture_area",
            CaptureArea.objects.filter(tenant=self.request.tenant, deployment_id=self.instance.deployment_id),
        )


class DeviceForm(AreaOfDeployment):
    """A device as it hangs."""

    laws = {"space_type": FRM(13), "stores_on_device": FRM(8), "police_told_on": VIDEO(8)}

    class Meta:
        model = Device
        fields = [
            *("serial", "maker", "model", "capture_area", "space_type", "stores_on_device", "installed_on"),
            "police_told_on",
        ]
        widgets = dates("installed_on", "police_told_on")
        help_texts = {
            "space_type": _("A device in a private space stops its deployment at once; no consent allows it."),
            "police_told_on": _("A device found in a private space is reported at once."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_in_private_space:
            del self.fields["police_told_on"]


class SignForm(AreaOfDeployment):
    """A sign as it hangs, or as it will."""

    photo = PhotoField(
        label=_("Photo"),
        required=False,
        help_text=_("Of the sign in its place. Viewers never see where it was taken."),
    )
    groups = (
        (_("The sign"), ("code", "location", "capture_area", "languages", "size", "wording")),
        (_("Posting"), ("posted_on", "photo")),
    )
    laws = {"location": FRM(13)}

    class Meta:
        model = Sign
        fields = ["code", "location", "capture_area", "languages", "size", "wording", "posted_on"]
        widgets = dates("posted_on") | {"wording": forms.TextInput(attrs={"list": "list-wording"})}
        help_texts = {
            "capture_area": _("Empty: the sign warns of every device of the deployment."),
            "languages": _("Such as: zh, en"),
            "wording": _("As printed at the foot of the sign. Empty, for a sign to be printed: the current version."),
            "posted_on": _("Empty: it is printed first. The first photo on the spot posts it."),
        }

    def __init__(self, *args: Any, is_print: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_print:
            # What hangs nowhere has no day and no photo yet.
            del self.fields["posted_on"], self.fields["photo"]

    def suggestions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [*super().suggestions(), ("list-wording", [(version, version) for version in WORDINGS])]


class CountForm(RegisterForm):
    """Persons stored on a day; append-only, so a second number for a day must say that it corrects the first."""

    permission = "edit_register"
    asks_reason = False
    deployment = CodeField(
        Deployment._base_manager.none(),
        label=_("Deployment"),
        required=False,
        help_text=_("Empty: the whole scenario, each person counted once."),
    )
    corrects_day = forms.BooleanField(label=_("This corrects the number entered for that day"), required=False)
    laws = {"persons": FRM(15)}

    class Meta:
        model = PersonCount
        fields = ["deployment", "counted_on", "persons", "dedup_method", "source"]
        widgets = dates("counted_on")
        help_texts = {"source": _("Where the number comes from, such as the report of the supplier.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Deployment.objects.filter(tenant=self.request.tenant, scenario_id=self.instance.scenario_id)
        self.offer("deployment", rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if {"counted_on", "persons"} <= cleaned.keys() and not cleaned.get("corrects_day"):
            standing = (
                PersonCount.objects.filter(
                    tenant=self.request.tenant,
                    scenario_id=self.instance.scenario_id,
                    deployment=cleaned.get("deployment"),
                    counted_on=cleaned["counted_on"],
                )
                .current()
                .first()
            )
            if standing is not None and standing.persons != cleaned["persons"]:
                sentence = _(
                    "For this day %(persons)s persons are entered. Tick the box if your number corrects that."
                )
                self.add_error("corrects_day", sentence % {"persons": f"{standing.persons:,}"})
        return cleaned

    def validate_constraints(self) -> None:
        """A correction shares its day with what it corrects; the service checks the row it makes."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "corrects_day"}


class OverlapForm(RegisterForm):
    """How many persons stand in several numbers."""

    permission = "confirm_count"

    class Meta:
        model = OverlapEstimate
        fields = ["best_percent", "most_percent", "reasoning"]
        widgets = rows_of_text(reasoning=4)
        help_texts = {
            "best_percent": _("Share of the sum that is counted twice, as far as you know."),
            "most_percent": _("The highest share that could be true."),
            "reasoning": _("How this was found, so that an auditor can follow it."),
        }


class CrossingForm(RegisterForm):
    """The confirmation of the day on which 100,000 was reached."""

    permission = "confirm_count"
    asks_reason = False
    laws = {"crossed_on": FRM(15)}

    class Meta:
        model = ThresholdCrossing
        fields = ["crossed_on", "method", "reason"]
        widgets = dates("crossed_on") | rows_of_text(reason=3)
        help_texts = {
            "method": _("How the persons were counted and counted once."),
            "reason": _("Why this day, and not an earlier or a later one."),
        }


class DayForm(forms.Form):
    """A day and, for the trail, a reason: for moves, removals and signs taken down."""

    on = forms.DateField(widget=DateInput())
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = capfirst(label)


class ReasonForm(forms.Form):
    """A reason for the trail."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

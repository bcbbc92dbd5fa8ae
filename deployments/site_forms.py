"""Forms of a site: where it is, what it is for the law, and its video system (Video Regulations)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.form_base import DateInput, RegisterForm, dates
from deployments.models import GovernanceRecord, Site
from portal.evidence.fields import EvidenceField
from portal.evidence.services import SCANS
from portal.law.sources import FRM, VIDEO


def answer() -> forms.NullBooleanField:
    """A question to which nobody may have given an answer yet."""
    widget = forms.NullBooleanSelect()
    widget.choices = [("unknown", _("not answered")), ("true", _("yes")), ("false", _("no"))]
    return forms.NullBooleanField(
        label=_("Near a military or secret-related unit"),
        required=False,
        widget=widget,
        help_text=_("Near such a unit nothing is installed without its consent beforehand."),
    )


class SiteForm(RegisterForm):
    """Where a place is, whether it is public, and how often its signs are looked at."""

    near_secret_unit = answer()
    inspection_days = forms.IntegerField(
        label=_("Days between inspections of a sign"),
        min_value=1,
        max_value=730,
        required=False,
        help_text=_("90 is the portal's default, not law."),
    )
    groups = (
        (_("Place"), ("code", "name", "province", "city", "address")),
        (_("What it is for the law"), ("place_type", "video_category", "near_secret_unit")),
        (_("Upkeep"), ("inspection_days",)),
    )
    laws = {"place_type": FRM(13), "video_category": VIDEO(7), "near_secret_unit": VIDEO(10)}
    lasting = ("code",)

    class Meta:
        model = Site
        fields = [
            *("code", "name", "province", "city", "address"),
            *("place_type", "video_category", "near_secret_unit", "inspection_days"),
        ]
        help_texts = {
            "province": _(
                "Decides which police the video system is filed with. The CAC is that of the PIP's province."
            ),
            "place_type": _(
                "Open to the public, even against a fee: public place. Offices and factories: internal area. Gates,"
                " lifts and paths that residents share: residential area."
            ),
            "video_category": _(
                "Places of Articles 7 and 9 are public ones. An internal or a residential area has no public-security"
                " video system of its own."
            ),
        }

    def clean_inspection_days(self) -> int:
        """Left empty it stays as it is."""
        return self.cleaned_data["inspection_days"] or self.instance.inspection_days


class VideoForm(RegisterForm):
    """The public-security video system of a site."""

    laws = {"video_category": VIDEO(7), "video_in_use_on": VIDEO(14), "video_retention_days": VIDEO(17)}

    class Meta:
        model = Site
        fields = ["video_category", "video_in_use_on", "video_retention_days"]
        widgets = dates("video_in_use_on")
        help_texts = {
            "video_in_use_on": _("The filing with the county police is due within 30 natural days of it."),
            "video_retention_days": _(
                "30 days or more in places of Article 7. This is the video; face information is kept no longer than"
                " necessary."
            ),
        }


class PoliceFilingForm(RegisterForm):
    """The filing of the video system with the county police."""

    receipt = EvidenceField(label=_("Receipt of the police"), allowed=SCANS, required=False)
    laws = {"police_filed_on": VIDEO(14)}
    groups = (("", ("police_filed_on", "police_filing_number", "receipt")),)

    class Meta:
        model = Site
        fields = ["police_filed_on", "police_filing_number"]
        widgets = dates("police_filed_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["police_filed_on"].required = True


class PoliceChangeForm(RegisterForm):
    """A change that was filed with the county police."""

    receipt = EvidenceField(label=_("Receipt of the police"), allowed=SCANS, required=False)
    laws = {"police_change_filed_on": VIDEO(14)}
    groups = (("", ("police_change_filed_on", "receipt")),)

    class Meta:
        model = Site
        fields = ["police_change_filed_on"]
        widgets = dates("police_change_filed_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["police_change_filed_on"].required = True


class NeighbourForm(RegisterForm):
    """Whether a military or secret-related unit is near, and its consent."""

    near_secret_unit = answer()
    letter = EvidenceField(label=_("Letter of consent"), allowed=SCANS, required=False)
    laws = {"near_secret_unit": VIDEO(10)}
    groups = (("", ("near_secret_unit", "secret_unit_consent_on", "letter")),)

    class Meta:
        model = Site
        fields = ["near_secret_unit", "secret_unit_consent_on"]
        widgets = dates("secret_unit_consent_on")
        help_texts = {"secret_unit_consent_on": _("Only if such a unit is near.")}


class SiteProofForm(RegisterForm):
    """A dated proof of the unit that manages the video system."""

    proof = EvidenceField(label=_("Document"), allowed=SCANS, required=False)
    groups = (("", ("kind", "done_on", "valid_until", "carried_out_by", "reference", "note", "proof")),)

    class Meta:
        model = GovernanceRecord
        fields = ["kind", "done_on", "valid_until", "carried_out_by", "reference", "note"]
        widgets = {"done_on": DateInput(), "valid_until": DateInput(), "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"valid_until": _("Empty: until a newer proof takes its place.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [entry for entry in choices.governance_kinds() if entry[0] in choices.OF_SITE]

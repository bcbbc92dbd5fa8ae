"""Forms for the end of a device: when it went, what proves it, when the police were told."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from deployments.choices import in_order
from deployments.form_base import DateInput
from deployments.models import Device
from portal.evidence.fields import EvidenceField
from portal.evidence.services import SCANS
from portal.law.enums import OPEN_SPACES


class OfDevice(forms.Form):
    """What both forms ask; of a device in a private space the proof is not optional."""

    proof = EvidenceField(
        label=_("Proof"),
        allowed=SCANS,
        help_text=_("A dated photo of the place without the device, or the record of who took it down."),
    )
    police_told_on = forms.DateField(
        label=_("Police told on"),
        required=False,
        widget=DateInput(),
        help_text=_("Who finds a device in a private space tells the police at once (Video Regulations Art 8)."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, *args: Any, device: Device, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["police_told_on"].initial = device.police_told_on
        if not device.is_in_private_space:
            self.fields["proof"].required = False
            del self.fields["police_told_on"]


class RemovalForm(OfDevice):
    """A device was taken away."""

    on = forms.DateField(widget=DateInput())
    field_order = ["on", "proof", "police_told_on", "reason"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = capfirst(_("removed on"))
        self.fields["on"].initial = today


class ProofForm(OfDevice):
    """A device is gone from a private space; one that still hangs somewhere hangs elsewhere."""

    space_type = forms.ChoiceField(label=_("It hangs now at"))
    field_order = ["space_type", "proof", "police_told_on", "reason"]

    def __init__(self, *args: Any, device: Device, **kwargs: Any) -> None:
        super().__init__(*args, device=device, **kwargs)
        self.fields["space_type"].choices = [("", "---------"), *in_order(OPEN_SPACES)]
        if device.removed_on is not None:
            del self.fields["space_type"]

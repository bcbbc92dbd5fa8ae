"""Forms of a capture area: its place and plan, and the outline drawn on it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.form_base import RegisterForm
from deployments.models import CaptureArea
from portal.evidence.fields import EvidenceField
from portal.evidence.services import SCANS
from portal.law.sources import FRM, VIDEO


class AreaForm(RegisterForm):
    """Where faces are captured: position, angle and range of the devices, and the plan."""

    plan = EvidenceField(
        label=_("Plan"),
        allowed=SCANS,
        required=False,
        help_text=_("PNG or JPG, to draw the area on it; a PDF is kept without a drawing."),
    )
    groups = (
        (_("Capture area"), ("name", "position", "angle", "reach")),
        (_("Plan of the place"), ("plan",)),
    )
    laws = {"position": FRM(13), "angle": VIDEO(13), "reach": VIDEO(13), "plan": FRM(13)}

    class Meta:
        model = CaptureArea
        fields = ["name", "position", "angle", "reach"]
        labels = {"name": _("Name")}
        help_texts = {
            "name": _("Such as: security lane 1. Vendor files name the area by it."),
            "position": _("Where the devices hang and how high, such as: left of the gate, 1.5 m."),
            "angle": _("Where they look, such as: at persons in the lane, 60°."),
            "reach": _("How far they capture faces, such as: 0.3 to 1.2 m."),
        }


class OutlineForm(RegisterForm):
    """The corners of the area; the page draws them, and without scripts they are written."""

    laws = {"outline": FRM(13)}

    class Meta:
        model = CaptureArea
        fields = ["outline"]
        labels = {"outline": _("Corners in numbers")}
        widgets = {"outline": forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"})}
        help_texts = {
            "outline": _(
                "Three to 40 corners, one after another, in thousandths of the plan's width and height, such as"
                " 120,340 620,340 620,810. Empty: no outline."
            )
        }

"""Forms of a notice: its words, the day from which it is in force, and where it is shown."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.form_base import RegisterForm, dates
from deployments.models import NoticeShowing, NoticeVersion
from deployments.prefill import SOURCES
from deployments.services.notices import TEXTS
from portal.evidence.fields import EvidenceField, PhotoField
from portal.evidence.services import PAPERS
from portal.law.enums import NOTICE_ITEMS, REQUIRED_NOTICE_ITEMS
from portal.law.sources import FRM, NDR, PIPL, Cite
from portal.law.text import Text

# What asks for each item: the Measures, and the law on personal information where it says more.
ITEM_LAWS: dict[str, tuple[Cite, ...]] = {
    "identity": (FRM(5), PIPL(17)),
    "purpose": (FRM(5), PIPL(17)),
    "retention": (FRM(5), PIPL(17)),
    "necessity": (FRM(5), PIPL(30)),
    "rights": (FRM(5), PIPL(17)),
    "other": (NDR(21), PIPL(23), PIPL(39)),
}


class NoticeForm(RegisterForm):
    """The words of a draft: saved freely, judged when it is published."""

    asks_reason = False

    class Meta:
        model = NoticeVersion
        fields = [*TEXTS, "manual_channel", "has_voice"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans" if name.endswith("_zh") else "en"})
            for name in TEXTS
        }
        labels = {name: _("Chinese") if name.endswith("_zh") else _("English") for name in TEXTS}
        help_texts = {
            "manual_channel": _("Such as: staffed counter at gate B12, 06:00 to 23:00, or a phone number."),
            "has_voice": _("A member of staff or a machine reads the notice to whoever asks."),
        }

    def items(self) -> Iterator[tuple[int, Text, tuple[Cite, ...], Text, bool, Any, Any]]:
        """Number, name, law, source in the register, whether it must be there, and both fields of each item."""
        for number, (name, label) in enumerate(NOTICE_ITEMS.items(), 1):
            is_required = name in REQUIRED_NOTICE_ITEMS
            fields = self[f"{name}_zh"], self[f"{name}_en"]
            yield number, label, ITEM_LAWS[name], SOURCES[name], is_required, *fields


class PublishForm(RegisterForm):
    """The day from which a version is in force; it carries the version of the words that its author read."""

    asks_reason = False
    laws = {"effective_on": FRM(5)}

    class Meta:
        model = NoticeVersion
        fields = ["effective_on"]
        widgets = dates("effective_on")
        help_texts = {"effective_on": _("Of a change people are told before it takes effect: choose its day.")}


class ShowingForm(RegisterForm):
    """Where a version is shown, with the proof."""

    photo = PhotoField(label=_("Photo"), required=False, help_text=_("Taken on the spot; JPG or PNG."))
    proof = EvidenceField(
        allowed=PAPERS, label=_("File"), required=False, help_text=_("A screenshot, a printed page or a log as PDF.")
    )
    laws = {"channel": FRM(5)}

    class Meta:
        model = NoticeShowing
        fields = ["channel", "place", "shown_on"]
        widgets = dates("shown_on")
        help_texts = {"place": _("So that an inspector finds it: hall, lane, screen, or the address of a page.")}

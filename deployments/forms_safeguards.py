"""Forms of the five families of protection and of the MLPS system behind a scenario."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from deployments.form_base import RegisterForm, dates, kept_now, rows_of_text
from deployments.models import MlpsSystem, ProtectionControl, Scenario
from portal.evidence.fields import EvidenceField
from portal.law.sources import FRM


class ControlForm(RegisterForm):
    """One family of protection: what is done, by whom, its proof and its reviews."""

    proof = EvidenceField(
        label=_("Proof"), required=False, help_text=_("Such as a configuration, a test report or a screenshot.")
    )
    groups = (
        (_("What is done"), ("state", "measure", "owner", "proof")),
        (_("Review"), ("reviewed_on", "review_on")),
    )
    laws = {"measure": FRM(14)}

    class Meta:
        model = ProtectionControl
        fields = ["state", "measure", "owner", "reviewed_on", "review_on"]
        widgets = dates("reviewed_on", "review_on") | rows_of_text(measure=4)
        help_texts = {
            "measure": _("Goes into the filing's application sheet. Name what is protected and how."),
            "review_on": _("Empty: one year after the review (portal default, not law)."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept_now(self, "proof", self.instance.evidence)


class ScenarioMlpsForm(RegisterForm):
    """The system under MLPS in which a scenario runs."""

    laws = {"mlps": FRM(14)}

    class Meta:
        model = Scenario
        fields = ["mlps"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("mlps", MlpsSystem.objects.filter(tenant=self.request.tenant, pip_id=self.instance.pip_id))

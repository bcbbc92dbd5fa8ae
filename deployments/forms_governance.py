"""Forms of the proofs of a PIP and of its systems under MLPS."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from deployments.form_base import RegisterForm, dates, kept_now, rows_of_text
from deployments.form_log import LogForm
from deployments.models import GovernanceRecord, MlpsSystem
from portal.evidence.fields import EvidenceField
from portal.law.sources import CSL, FRM, Cite


class ProofForm(LogForm):
    """A dated proof of one duty of the PIP itself."""

    log = ("pip_id", "kind")
    proof = EvidenceField(label=_("Proof"), help_text=_("The document, the receipt or the report."))

    class Meta:
        model = GovernanceRecord
        fields = ["done_on", "year", "valid_until", "carried_out_by", "reference", "note"]
        widgets = dates("done_on", "valid_until") | rows_of_text(note=3)
        help_texts = {"valid_until": _("Empty: it names no end.")}

    field_order = ["done_on", "year", "valid_until", "carried_out_by", "reference", "proof", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == "minors_audit":
            self.fields["year"].required = True
        else:
            del self.fields["year"]
        if self.instance.kind == "internal_rules":
            self.fields["valid_until"].help_text = _("Empty: reviewed after one year (portal default, not law).")


class MlpsForm(RegisterForm):
    """A system under the multi-level protection scheme."""

    report = EvidenceField(label=_("Test report"), required=False)
    groups = (
        (_("System"), ("name", "level", "graded_on")),
        (_("Filing with the police"), ("record_number", "organ", "filed_on", "refiled_on")),
        (_("Test"), ("tested_on", "score", "report")),
    )
    laws = {"level": CSL(23), "filed_on": FRM(14), "refiled_on": Cite("MPS-2025-1001")}

    class Meta:
        model = MlpsSystem
        fields = [
            "name",
            "level",
            "graded_on",
            "record_number",
            "organ",
            "filed_on",
            "refiled_on",
            "tested_on",
            "score",
        ]
        widgets = dates("graded_on", "filed_on", "refiled_on", "tested_on")
        help_texts = {
            "level": _("1 to 5. From level 2 on the system is filed with the police."),
            "record_number": _("Such as 11010213001-00001; another form is kept with a hint."),
            "refiled_on": _("Systems of level 2 and above were to be filed again by 2025-11-30."),
            "tested_on": _("Level 3: every year. Level 2: every two years."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept_now(self, "report", self.instance.evidence)

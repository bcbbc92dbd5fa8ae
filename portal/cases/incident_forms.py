"""The form of an incident: what happened, the moments of PIPL 57, and what the notices say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.form_base import RegisterForm, dates, rows_of_text
from deployments.models import Scenario
from portal.cases.models import Incident
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS
from portal.law.sources import FRM, PIPL, Cite

GRADE_HELP = _(
    "Relatively large or above is reported within hours. A leak of 1,000,000 persons or more is at least relatively"
    " large: portal default, the annex of the Measures decides."
)


def moment(**attrs: Any) -> forms.DateTimeInput:
    """Day and time of day, in mainland China, to the minute."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"} | attrs, format="%Y-%m-%dT%H:%M")


class NewIncidentForm(RegisterForm):
    """What is known in the first minutes; everything else can follow."""

    laws = {"kind": PIPL(57), "grade": Cite("INCIDENT", "4")}

    class Meta:
        model = Incident
        fields = ["kind", "is_suspected", "discovered_at", "grade", "persons", "scenario", "happened"]
        widgets = {"discovered_at": moment()} | rows_of_text(happened=4)
        help_texts = {
            "discovered_at": _("In mainland China's time. The hours run from this moment, on days of rest too."),
            "grade": GRADE_HELP,
            "persons": _("As far as known; a number only."),
            "happened": _("No names, ID numbers or phone numbers."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("scenario", Scenario.objects.filter(tenant=self.request.tenant, pip_id=self.instance.pip_id))

    def validate_constraints(self) -> None:
        """The service says what is missing, at each field."""


class IncidentForm(NewIncidentForm):
    """Everything about an incident."""

    groups = (
        (
            _("What happened"),
            ("kind", "is_suspected", "discovered_at", "grade", "persons", "scenario", "happened"),
        ),
        (_("What was done, and when"), ("remedied_at", "authority_told_at", "persons_told_at")),
        (_("Whether the persons must be told"), ("harm_is_avoided", "harm_reason")),
        (_("What the notices say"), ("data_kinds", "cause", "harm", "measures", "advice", "contact")),
        (_("Afterwards"), ("reassessed_on",)),
    )
    laws = NewIncidentForm.laws | {
        "authority_told_at": Cite("INCIDENT", "4"),
        "persons_told_at": PIPL(57),
        "harm_is_avoided": PIPL(57),
        "data_kinds": PIPL(57),
        "reassessed_on": FRM(9),
    }

    class Meta(NewIncidentForm.Meta):
        fields = [
            *NewIncidentForm.Meta.fields,
            *("remedied_at", "authority_told_at", "persons_told_at", "harm_is_avoided", "harm_reason"),
            *("data_kinds", "cause", "harm", "measures", "advice", "contact", "reassessed_on"),
        ]
        widgets = (
            NewIncidentForm.Meta.widgets
            | {name: moment() for name in ("remedied_at", "authority_told_at", "persons_told_at")}
            | rows_of_text(harm_reason=2, data_kinds=2, cause=2, harm=2, measures=3, advice=3)
            | dates("reassessed_on")
        )
        help_texts = NewIncidentForm.Meta.help_texts | {
            "harm_is_avoided": _("Then the persons need not be told, unless the authority orders it."),
            "contact": _("Where the persons can ask: an address or number of the organisation."),
        }


class ReceiptForm(RegisterForm):
    """What proves that the authority was told."""

    asks_reason = False
    receipt = EvidenceField(
        label=_("receipt of the report"), allowed=PAPERS, help_text=_("The receipt or a screenshot with its moment.")
    )

    class Meta:
        model = Incident
        fields: list[str] = []

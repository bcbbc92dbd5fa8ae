"""Filters of the lists of cases and incidents."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from deployments.filters import RegisterFilter, checkbox, pip_filter
from portal.calendars.clock import civil_now, civil_today
from portal.cases import choices
from portal.cases.models import Case, Incident
from portal.obligations.models import Obligation
from portal.obligations.models import State as DutyState


def open_duties(kind: str) -> QuerySet:
    """The open duties of a row whose reference is its subject, for use in a subquery."""
    subject = Concat(Value(f"{kind}:"), OuterRef("reference"))
    return Obligation.objects.filter(pip=OuterRef("pip"), subject=subject, state=DutyState.OPEN)


def overdue(rows: QuerySet, kind: str, today: date) -> QuerySet:
    """Rows with a duty whose day or moment has passed."""
    return rows.filter(Exists(open_duties(kind).filter(Q(due_on__lt=today) | Q(due_at__lt=civil_now()))))


class CaseFilter(RegisterFilter):
    words = ("reference", "asked", "place")
    pip = pip_filter()
    kind = filters.ChoiceFilter(label=_("Kind"), choices=choices.kinds, empty_label=_("all"))
    category = filters.ChoiceFilter(label=_("Complaint about"), choices=choices.complaints, empty_label=_("all"))
    state = filters.ChoiceFilter(label=_("State"), choices=choices.State.choices, empty_label=_("all"))
    scenario = filters.CharFilter(label=_("Scenario"), field_name="scenario__code", lookup_expr="iexact")
    late = checkbox(_("Overdue"), "by_late")

    class Meta:
        model = Case
        fields: list[str] = []

    def by_late(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Open, with a passed date of the authority or of the own target."""
        return overdue(rows, "case", civil_today()) if value else rows


class IncidentFilter(RegisterFilter):
    words = ("reference", "happened")
    pip = pip_filter()
    kind = filters.ChoiceFilter(label=_("What happened"), choices=choices.incident_kinds, empty_label=_("all"))
    grade = filters.ChoiceFilter(label=_("Grade"), choices=choices.grades, empty_label=_("all"))
    state = filters.ChoiceFilter(label=_("State"), choices=choices.incident_states, empty_label=_("all"))

    class Meta:
        model = Incident
        fields: list[str] = []

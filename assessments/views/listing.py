"""The impact assessments of the workspace: filtered, sorted, with what is outdated and what is still to be done."""

from typing import Any

import django_filters as filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessments import choices
from assessments.choices import badge_of
from assessments.models import Assessment, Measure, Outdating
from assessments.views.common import address
from deployments.filters import RegisterFilter, checkbox, pip_filter
from deployments.lists import listing
from portal.accounts.pages import page
from portal.calendars.clock import civil_today

ORDERS = {
    "reference": ("reference", "pk"),
    "title": ("title", "pk"),
    "state": ("state", "reference", "pk"),
    "pip": ("pip_id", "reference"),
}
COLUMNS = ("pk", "reference", "title", "state", "pip_id", "approved_on", "keep_until", "is_external")


class AssessmentFilter(RegisterFilter):
    words = ("reference", "title")
    state = filters.ChoiceFilter(label=_("State"), choices=choices.states, empty_label=_("all"))
    pip = pip_filter()
    outdated = checkbox(_("Outdated"), "that_are_outdated")
    open_measures = checkbox(_("Open measures"), "with_open_measures")

    class Meta:
        model = Assessment
        fields: list[str] = []

    def that_are_outdated(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Approved ones whose facts changed since."""
        changes = Outdating.objects.standing().filter(assessment=OuterRef("pk"))
        return rows.filter(Exists(changes), state="approved") if value else rows

    def with_open_measures(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those with something still to be done."""
        waiting = Measure.objects.filter(assessment=OuterRef("pk"), done_on__isnull=True)
        return rows.filter(Exists(waiting)) if value else rows


def number_of(rows: QuerySet) -> Coalesce:
    """How many such rows each row shown has."""
    return Coalesce(Subquery(rows.order_by().values("assessment").annotate(n=Count("pk")).values("n")), Value(0))


@page("view_pip")
def assessments(request: HttpRequest) -> HttpResponse:
    """The list, the newest first."""
    found = AssessmentFilter(request.GET or None, queryset=request.access.rows(Assessment), request=request)
    measures = Measure.objects.filter(assessment=OuterRef("pk"), done_on__isnull=True)
    changes = Outdating.objects.standing().filter(assessment=OuterRef("pk")).order_by().values("pk")[:1]
    extra: dict[str, Any] = {
        "open_number": number_of(measures),
        "late_number": number_of(measures.filter(Q(due_on__lt=civil_today()))),
        "changed": Subquery(changes),
    }
    query = {"sort": "-reference"} | request.GET.dict()
    page_of = listing(found.found, query, ORDERS, COLUMNS, extra)
    for row in page_of.rows:
        row["badge"] = badge_of(row["state"])
        row["url"] = address(request, "assessment", row["reference"])
        row["late_words"] = ngettext("%(n)s overdue", "%(n)s overdue", row["late_number"]) % {"n": row["late_number"]}
        row["is_outdated"] = row["state"] == "approved" and row["changed"] is not None
    pips = request.access.pips("view_pip")
    context = {
        "filters": found,
        "list": page_of,
        "rows": page_of.rows,
        "sort": page_of.sort,
        "pip_names": {pip.pk: pip.name for pip in pips} if len(pips) > 1 else {},
        "may_write": request.access.can("write_assessment"),
    }
    return render(request, "assessments/assessments.html", context)

"""Filters of the register's lists: words, PIP, province, state, kind of place, and what the law misses."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.models import Deployment, Device, Scenario, Sign, Site, Vendor
from portal.calendars.clock import civil_today
from portal.tenancy.choices import province_choices
from portal.tenancy.models import Pip

# An inspection is due soon.
SOON = timedelta(days=14)


class RegisterFilter(filters.FilterSet):
    """A list's filters; a value that isn't offered, such as another tenant's PIP, finds nothing."""

    words: tuple[str, ...] = ()
    q = filters.CharFilter(label=_("Words"), method="by_words", widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pip" in self.filters:
            pips = [(str(pip.pk), pip.name) for pip in self.request.access.pips("view_pip")]
            self.filters["pip"].extra["choices"] = pips
            if len(pips) < 2:
                del self.filters["pip"]

    @property
    def found(self) -> QuerySet:
        """The rows that match; none if a value can't be understood."""
        return self.qs if not self.is_bound or self.form.is_valid() else self.queryset.none()

    @property
    def is_used(self) -> bool:
        """Whether the reader narrowed the list."""
        return any(self.request.GET.get(name) for name in self.filters)

    def by_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows in which every word occurs."""
        for word in value.split():
            either = Q()
            for column in self.words:
                either |= Q(**{f"{column}__icontains": word})
            rows = rows.filter(either)
        return rows


def pip_filter() -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=_("PIP"), field_name="pip_id", empty_label=_("all"))


def checkbox(label: Any, method: str) -> filters.BooleanFilter:
    return filters.BooleanFilter(label=label, method=method, widget=forms.CheckboxInput)


class PipFilter(RegisterFilter):
    words = ("name", "uscc")
    province = filters.ChoiceFilter(label=_("Province"), choices=province_choices, empty_label=_("all"))

    class Meta:
        model = Pip
        fields: list[str] = []


class ScenarioFilter(RegisterFilter):
    words = ("code", "name", "purpose")
    pip = pip_filter()
    function = filters.ChoiceFilter(label=_("Function"), choices=choices.functions, empty_label=_("all"))

    class Meta:
        model = Scenario
        fields: list[str] = []


class SiteFilter(RegisterFilter):
    words = ("code", "name", "city", "address")
    pip = pip_filter()
    province = filters.ChoiceFilter(label=_("Province"), choices=province_choices, empty_label=_("all"))
    place = filters.ChoiceFilter(
        label=_("Kind of place"), field_name="place_type", choices=choices.place_types, empty_label=_("all")
    )

    class Meta:
        model = Site
        fields: list[str] = []


class DeploymentFilter(RegisterFilter):
    words = ("code", "site__name", "site__code")
    pip = pip_filter()
    scenario = filters.CharFilter(label=_("Scenario"), field_name="scenario__code", lookup_expr="iexact")
    status = filters.ChoiceFilter(label=_("Status"), choices=choices.statuses, empty_label=_("all"))
    province = filters.ChoiceFilter(
        label=_("Province"), field_name="site__province", choices=province_choices, empty_label=_("all")
    )
    place = filters.ChoiceFilter(
        label=_("Kind of place"), field_name="site__place_type", choices=choices.place_types, empty_label=_("all")
    )
    no_sign = checkbox(_("Without sign"), "without_sign")
    private = checkbox(_("Private space"), "in_private_space")

    class Meta:
        model = Deployment
        fields: list[str] = []

    def without_sign(self, rows: Any, name: str, value: bool) -> QuerySet:
        """Active in a public place, a device in use of which no valid sign warns (FRM Art 13)."""
        return rows.without_sign() if value else rows

    def in_private_space(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """A device hangs where none may (FRM Art 13)."""
        private = Device.objects.filter(
            deployment=OuterRef("pk"), removed_on__isnull=True, space_type__in=choices.PRIVATE_SPACES
        )
        return rows.filter(Exists(private)) if value else rows


class VendorFilter(RegisterFilter):
    words = ("code", "name", "uscc")
    pip = pip_filter()
    overseas = checkbox(_("Outside mainland China"), "abroad")

    class Meta:
        model = Vendor
        fields: list[str] = []

    def abroad(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Vendors outside mainland China (PIPL Art 38)."""
        return rows.filter(is_overseas=True) if value else rows


class InspectionFilter(RegisterFilter):
    words = ("code", "location", "deployment__code", "deployment__site__code", "deployment__site__name")
    pip = pip_filter()
    due = filters.ChoiceFilter(
        label=_("Inspection"),
        method="by_due",
        choices=[
            ("overdue", _("overdue")),
            ("soon", _("due in 14 days")),
            ("spoilt", _("bad last result")),
        ],
        empty_label=_("all"),
    )

    class Meta:
        model = Sign
        fields: list[str] = []

    def by_due(self, rows: Any, name: str, value: str) -> QuerySet:
        """By the day of the next inspection, or by what the last one found."""
        today = civil_today()
        if value == "overdue":
            return rows.filter(next_on__lt=today)
        if value == "soon":
            return rows.filter(next_on__range=(today, today + SOON))
        return rows.exclude(last_result=None).exclude(last_result__in=choices.VALID_RESULTS)

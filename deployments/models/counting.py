"""Persons stored over time, their overlap, and the crossing of 100,000 that a person confirms (FRM Art 15)."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deployments.models.places import Deployment
from deployments.models.scenarios import Scenario
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class PersonCountQuerySet(models.QuerySet):
    def current(self) -> "PersonCountQuerySet":
        """Counts that no later one corrects."""
        return self.filter(~models.Exists(PersonCount.objects.filter(corrects=models.OuterRef("pk"))))


class PersonCount(TenantOwned):
    """How many persons' face information was stored on a day. Append-only: a correction points at what it corrects."""

    pip = TenantKey(Pip, related_name="counts", verbose_name=_("PIP"))
    scenario = TenantKey(Scenario, related_name="counts", verbose_name=_("scenario"))
    # Empty: the whole scenario, de-duplicated.
    deployment = TenantKey(Deployment, related_name="counts", null=True, blank=True, verbose_name=_("deployment"))
    counted_on = models.DateField(_("counted on"))
    persons = models.PositiveIntegerField(_("persons stored"))
    dedup_method = models.CharField(_("method of de-duplication"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)
    corrects = TenantKey("self", related_name="corrections", null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    objects = scoped(PersonCountQuerySet)

    class Meta:
        ordering = ["-counted_on", "-id"]
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "counted_on"],
                condition=Q(deployment__isnull=True, corrects__isnull=True),
                name="count_once_per_scenario_and_day",
            ),
            models.UniqueConstraint(
                fields=["deployment", "counted_on"],
                condition=Q(deployment__isnull=False, corrects__isnull=True),
                name="count_once_per_deployment_and_day",
            ),
            models.UniqueConstraint(fields=["corrects"], name="count_corrected_once"),
        ]
        indexes = [
            models.Index(fields=["pip", "counted_on"], name="count_of_pip"),
            models.Index(fields=["deployment", "-counted_on"], name="count_of_deployment"),
        ]

    def __str__(self) -> str:
        return f"{self.persons:,} · {self.counted_on}"


class OverlapEstimate(TenantOwned):
    """How many persons stand in several places of a PIP, as a share of the sum, with the reasoning."""

    pip = TenantKey(Pip, related_name="overlap_estimates")
    best_percent = models.PositiveSmallIntegerField(
        _("likely overlap, %"), default=0, validators=[MaxValueValidator(99)]
    )
    most_percent = models.PositiveSmallIntegerField(
        _("largest possible overlap, %"), default=0, validators=[MaxValueValidator(99)]
    )
    reasoning = models.TextField(_("reasoning"), max_length=4000)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["pip"], name="overlap_once_per_pip"),
            models.CheckConstraint(
                condition=Q(best_percent__lte=F("most_percent")),
                name="overlap_best_not_above_most",
                violation_error_message=_("The likely overlap can't exceed the largest possible one."),
            ),
        ]


class ThresholdCrossing(TenantOwned):
    """The confirmed day on which stored persons reached 100,000, frozen with its evidence (FRM Art 15)."""

    pip = TenantKey(Pip, related_name="crossings")
    proposed_on = models.DateField()
    crossed_on = models.DateField(_("day on which 100,000 was reached"))
    persons = models.PositiveIntegerField(_("persons on that day"))
    method = models.CharField(_("method of counting"), max_length=300)
    reason = models.TextField(_("reason"), max_length=4000)
    # Frozen: the counts behind the total, and the versions of the rules and the calendar.
    snapshot = models.JSONField()
    confirmed_on = models.DateField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["pip"], name="crossing_confirmed_once")]

    def __str__(self) -> str:
        return f"{self.persons:,} · {self.crossed_on}"

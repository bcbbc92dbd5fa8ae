"""Persons stored over time, their overlap, and the crossing of 100,000 that a person confirms (FRM Art 15)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deployments.choices import below_decisions
from deployments.models.places import Deployment
from deployments.models.scenarios import Scenario
from portal.evidence.models import Evidence
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
    # SHA-256 of the vendor file that brought it; empty for a number entered by hand.
    source_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
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


class GroupOverlap(TenantOwned):
    """How many persons stand with several PIPs of the tenant, as a share of the sum, with the reasoning."""

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
            models.UniqueConstraint(fields=["tenant"], name="group_overlap_once_per_tenant"),
            models.CheckConstraint(
                condition=Q(best_percent__lte=F("most_percent")),
                name="group_overlap_best_not_above_most",
                violation_error_message=_("The likely overlap can't exceed the largest possible one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.best_percent} % · {self.most_percent} %"


class WarningStep(TenantOwned):
    """A share of 100,000 at which the tenant wants to be warned; without any the portal's own steps hold."""

    percent = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(99)])

    class Meta:
        ordering = ["percent"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "percent"], name="warning_step_once"),
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=99), name="warning_step_below_the_line"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


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

    @property
    def standing(self) -> "ThresholdCrossing | CrossingNote":
        """What holds now: the newest note, or what was frozen first."""
        return max(self.notes.all(), key=lambda note: note.pk, default=self)


class CrossingNote(TenantOwned):
    """Supersedes a frozen crossing, which stays as it is: counts that came later say another day. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    crossing = TenantKey(ThresholdCrossing, related_name="notes")
    # What the counts said when this was noted; empty if they no longer reached 100,000 on any day.
    proposed_on = models.DateField(null=True)
    crossed_on = models.DateField(_("day that holds"))
    persons = models.PositiveIntegerField(_("persons on that day"))
    method = models.CharField(_("method of counting"), max_length=300)
    reason = models.TextField(_("reason"), max_length=4000)
    snapshot = models.JSONField()
    noted_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.persons:,} · {self.crossed_on}"


class BelowReview(TenantOwned):
    """Counsel's decision on a fall below 100,000, with the reason and the proof of deletion. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    below_on = models.DateField(_("below 100,000 since"))
    persons = models.PositiveIntegerField(_("persons on that day"))
    decision = models.CharField(_("decision"), max_length=6, choices=below_decisions)
    reason = models.TextField(_("reason"), max_length=4000)
    proof = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("proof of deletion"))
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="ended") | Q(proof__isnull=False),
                name="below_ended_with_proof_of_deletion",
                violation_error_message=_("A duty that is held to have ended needs the proof of deletion."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} · {self.decided_on}"

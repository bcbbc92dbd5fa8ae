"""The register: scenarios at sites are deployments, with areas, devices and signs; persons counted over time."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments import choices
from portal.tenancy.choices import province_choices
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class Scenario(TenantOwned):
    """应用场景: one use of FR with one purpose, necessity, method, legal basis, storage and retention."""

    pip = TenantKey(Pip, related_name="scenarios", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    is_in_scope = models.BooleanField(_("the Measures apply"), default=True)
    scope_reason = models.TextField(_("why they do not apply"), blank=True, max_length=2000)
    function = models.CharField(_("function"), max_length=10, choices=choices.functions, default="verify")
    purpose = models.TextField(_("purpose"), blank=True, max_length=2000)
    necessity = models.TextField(_("necessity"), blank=True, max_length=4000)
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=choices.legal_bases, blank=True)
    subjects = models.CharField(_("persons concerned"), max_length=300, blank=True)
    alternative = models.TextField(_("other way than FR"), blank=True, max_length=2000)
    storage_mode = models.CharField(
        _("where faces are stored"), max_length=20, choices=choices.storage_modes, blank=True
    )
    retention = models.CharField(_("retention period"), max_length=300, blank=True)
    deletion_method = models.CharField(_("deletion method"), max_length=300, blank=True)
    protection = models.TextField(_("protection measures"), blank=True, max_length=4000)
    supplier = models.CharField(_("supplier of the FR system"), max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "code"],
                name="scenario_code_once_per_pip",
                violation_error_message=_("This PIP has a scenario with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(is_in_scope=True) | ~Q(scope_reason=""),
                name="scenario_out_of_scope_needs_reason",
                violation_error_message=_("Say why the Measures do not apply to this scenario."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("deployments:scenario", args=[self.tenant.slug, self.pk])


class Site(TenantOwned):
    """A place with an address and a province."""

    pip = TenantKey(Pip, related_name="sites", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    province = models.CharField(_("province"), max_length=2, choices=province_choices)
    city = models.CharField(_("city"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    place_type = models.CharField(_("kind of place"), max_length=11, choices=choices.place_types, default="undecided")

    class Meta:
        ordering = ["code"]
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "code"],
                name="site_code_once_per_pip",
                violation_error_message=_("This PIP has a site with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deployments:site", args=[self.tenant.slug, self.pk])


class DeploymentQuerySet(models.QuerySet):
    def live(self) -> "DeploymentQuerySet":
        """Deployments that recognise faces now."""
        return self.filter(status=choices.Status.ACTIVE)

    def without_sign(self) -> "DeploymentQuerySet":
        """Active deployments in public places with a device in use and no sign up (FRM Art 13)."""
        return self.live().filter(
            models.Exists(Device.objects.filter(deployment=models.OuterRef("pk"), removed_on__isnull=True)),
            ~models.Exists(
                Sign.objects.filter(deployment=models.OuterRef("pk"), posted_on__isnull=False, removed_on__isnull=True)
            ),
            site__place_type="public",
        )


class Deployment(TenantOwned):
    """A scenario at a site, from plan to disposal."""

    pip = TenantKey(Pip, related_name="deployments", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    scenario = TenantKey(Scenario, related_name="deployments", verbose_name=_("scenario"))
    site = TenantKey(Site, related_name="deployments", verbose_name=_("site"))
    status = models.CharField(_("status"), max_length=10, choices=choices.statuses, default=choices.Status.PLANNED)
    started_on = models.DateField(_("in use since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    disposed_on = models.DateField(_("face information disposed of on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)

    objects = scoped(DeploymentQuerySet)

    class Meta:
        ordering = ["code"]
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "code"],
                name="deployment_code_once_per_pip",
                violation_error_message=_("This PIP has a deployment with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="deployment_ends_after_start",
                violation_error_message=_("The end lies before the start. Correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["terminated", "disposed"]) | Q(ended_on__isnull=False),
                name="deployment_terminated_has_end",
                violation_error_message=_("A terminated deployment needs the day on which it ended."),
            ),
            models.CheckConstraint(
                condition=~Q(status="disposed") | Q(disposed_on__isnull=False),
                name="deployment_disposed_has_day",
                violation_error_message=_("Give the day on which the face information was disposed of."),
            ),
        ]
        indexes = [
            # The order of one PIP is that of deployment_code_once_per_pip; these have the order of the whole tenant.
            models.Index(fields=["tenant", "code", "id"], name="deployment_by_code"),
            models.Index(fields=["tenant", "status", "code", "id"], name="deployment_by_status"),
            models.Index(fields=["tenant", "pip", "status", "code"], name="deployment_of_pip_by_status"),
            models.Index(fields=["scenario"], name="deployment_scenario"),
            models.Index(fields=["site"], name="deployment_site"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("deployments:deployment", args=[self.tenant.slug, self.pk])


class CaptureArea(TenantOwned):
    """Where a deployment captures faces (FRM Art 13: fixed lawfully and reasonably)."""

    pip = TenantKey(Pip, related_name="+")
    deployment = TenantKey(Deployment, related_name="capture_areas", verbose_name=_("deployment"))
    name = models.CharField(_("capture area"), max_length=200)

    class Meta:
        ordering = ["name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "name"],
                name="capture_area_name_once",
                violation_error_message=_("This deployment has a capture area with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Device(TenantOwned):
    """An FR device: where it hangs, since when, and whether it stores faces itself."""

    pip = TenantKey(Pip, related_name="devices", verbose_name=_("PIP"))
    serial = models.CharField(_("serial number"), max_length=100)
    deployment = TenantKey(Deployment, related_name="devices", verbose_name=_("deployment"))
    capture_area = TenantKey(
        CaptureArea, related_name="devices", null=True, blank=True, verbose_name=_("capture area")
    )
    maker = models.CharField(_("maker"), max_length=100, blank=True)
    model = models.CharField(_("model"), max_length=100, blank=True)
    space_type = models.CharField(_("space"), max_length=20, choices=choices.spaces, blank=True)
    stores_on_device = models.BooleanField(_("stores faces on the device"), null=True, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)

    class Meta:
        ordering = ["serial"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "serial"],
                name="device_serial_once_per_pip",
                violation_error_message=_("This PIP has a device with this serial number already."),
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True)
                | Q(installed_on__isnull=True)
                | Q(removed_on__gte=F("installed_on")),
                name="device_removed_after_installed",
                violation_error_message=_("The removal lies before the installation. Correct one of the two days."),
            ),
        ]
        indexes = [models.Index(fields=["deployment"], name="device_deployment")]

    def __str__(self) -> str:
        return self.serial

    @property
    def is_in_private_space(self) -> bool:
        """FRM Art 13, Video Regulations Art 8: never allowed, whatever the consent."""
        return self.space_type in choices.PRIVATE_SPACES


class Sign(TenantOwned):
    """A sign that tells people of face recognition (FRM Art 13)."""

    pip = TenantKey(Pip, related_name="signs", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    deployment = TenantKey(Deployment, related_name="signs", verbose_name=_("deployment"))
    capture_area = TenantKey(CaptureArea, related_name="signs", null=True, blank=True, verbose_name=_("capture area"))
    location = models.CharField(_("place of the sign"), max_length=300)
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    posted_on = models.DateField(_("posted on"))
    removed_on = models.DateField(_("taken down on"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("sign")
        verbose_name_plural = _("signs")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "code"],
                name="sign_code_once_per_pip",
                violation_error_message=_("This PIP has a sign with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("posted_on")),
                name="sign_removed_after_posted",
                violation_error_message=_(
                    "The sign was taken down before it was posted. Correct one of the two days."
                ),
            ),
        ]
        indexes = [models.Index(fields=["deployment"], name="sign_deployment")]

    def __str__(self) -> str:
        return self.code


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

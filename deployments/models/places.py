"""Sites, deployments (scenarios at sites) and the areas in which they capture faces."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.models.scenarios import Scenario
from portal.evidence.models import Evidence
from portal.tenancy.choices import province_choices
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class Site(TenantOwned):
    """A place with an address and a province."""

    pip = TenantKey(Pip, related_name="sites", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    province = models.CharField(_("province"), max_length=2, choices=province_choices)
    city = models.CharField(_("city"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    place_type = models.CharField(_("kind of place"), max_length=11, choices=choices.place_types, default="undecided")
    # The Video Regulations' own view of the place, its filing with the police and its neighbours (Arts 7-17).
    video_category = models.CharField(
        _("category of the Video Regulations"),
        max_length=4,
        choices=choices.video_categories,
        blank=True,
        default="",
        db_default="",
    )
    video_in_use_on = models.DateField(_("video system in use since"), null=True, blank=True)
    video_retention_days = models.PositiveSmallIntegerField(_("video kept for (days)"), null=True, blank=True)
    police_filed_on = models.DateField(_("filed with the county police on"), null=True, blank=True)
    police_filing_number = models.CharField(
        _("number of the police filing"), max_length=64, blank=True, default="", db_default=""
    )
    police_proof = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("police receipt"))
    # Changes are filed promptly (Video Regs 14); the day of the first filing stays, its period is judged by it.
    police_change_filed_on = models.DateField(_("last change filed with the police on"), null=True, blank=True)
    police_change_proof = TenantKey(
        Evidence, related_name="+", null=True, blank=True, verbose_name=_("police receipt of the change")
    )
    near_secret_unit = models.BooleanField(_("near a military or secret-related unit"), null=True, blank=True)
    secret_unit_consent_on = models.DateField(_("consent of that unit on"), null=True, blank=True)
    secret_unit_consent = TenantKey(
        Evidence, related_name="+", null=True, blank=True, verbose_name=_("letter of consent")
    )
    # Portal default, not law: how often signs are looked at.
    inspection_days = models.PositiveSmallIntegerField(
        _("days between inspections of a sign"),
        default=90,
        db_default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )

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
        """Active deployments in public places with a device in use of which no valid sign warns (FRM Art 13)."""
        from deployments.models.equipment import Device

        bare = Device.objects.filter(deployment=models.OuterRef("pk")).without_sign()
        return self.live().filter(models.Exists(bare), site__place_type="public")


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
    # FRM Art 13: in public places only where public security needs it.
    security_necessity = models.TextField(
        _("why public security needs it here"), blank=True, default="", db_default="", max_length=2000
    )
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
    position = models.CharField(_("position of the devices"), max_length=300, blank=True, default="", db_default="")
    angle = models.CharField(_("angle"), max_length=100, blank=True, default="", db_default="")
    reach = models.CharField(_("range"), max_length=100, blank=True, default="", db_default="")
    plan = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("plan"))
    # What pages and papers show of it: a picture that the portal made itself; a PDF has none.
    plan_shown = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("plan as it is shown"))
    # Corners of the area on the plan as "x,y x,y …", in thousandths of its width and height.
    outline = models.CharField(_("outline on the plan"), max_length=1000, blank=True, default="", db_default="")

    class Meta:
        ordering = ["name"]
        verbose_name = _("capture area")
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

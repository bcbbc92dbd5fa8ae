"""FR devices, the signs that tell people of them, and the inspections of signs."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.models.places import CaptureArea, Deployment
from portal.evidence.models import Evidence, Photo
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class DeviceQuerySet(models.QuerySet):
    def in_use(self) -> "DeviceQuerySet":
        """Devices that were not taken away."""
        return self.filter(removed_on__isnull=True)

    def without_sign(self) -> "DeviceQuerySet":
        """Devices in use of which no valid sign warns: portal.law.coverage, said in SQL."""
        own = Q(capture_area__isnull=True) | Q(capture_area=OuterRef("capture_area"))
        return self.in_use().filter(~Exists(Sign.objects.filter(own, deployment=OuterRef("deployment")).valid()))


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
    # Of a device found in a private space: the proof that it is gone, and the report to the police (Video Regs 8).
    removal_proof = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("proof of removal"))
    police_told_on = models.DateField(_("police told on"), null=True, blank=True)

    objects = scoped(DeviceQuerySet)

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

    @property
    def waits_for_proof(self) -> bool:
        """Found in a private space and not yet proved to be gone, whether or not somebody says that it is."""
        return self.is_in_private_space and self.removal_proof_id is None


def last_inspection(**values: Any) -> Subquery:
    """One value of a sign's last inspection."""
    rows = SignInspection.objects.filter(sign=OuterRef("pk")).order_by("-inspected_on", "-id")
    return Subquery(rows.values(**values)[:1])


class SignQuerySet(models.QuerySet):
    def hanging(self) -> "SignQuerySet":
        """Signs that were posted and not taken down."""
        return self.filter(posted_on__isnull=False, removed_on__isnull=True)

    def inspected(self) -> "SignQuerySet":
        """Signs with the day and the result of their last inspection."""
        return self.annotate(
            inspected_on=last_inspection(on=F("inspected_on")), last_result=last_inspection(found=F("result"))
        )

    def valid(self) -> "SignQuerySet":
        """Hanging signs that the last inspection did not find obscured, damaged or missing."""
        found = Coalesce(last_inspection(found=F("result")), Value(""))
        return self.hanging().alias(found=found).filter(found__in=choices.VALID_RESULTS)

    def scheduled(self) -> "SignQuerySet":
        """Signs with the day of their next inspection; one found spoilt waits for it since that day."""
        later = F("inspected_on") + OuterRef("deployment__site__inspection_days")
        after = Case(When(result__in=choices.VALID_RESULTS, then=on_day(later)), default=F("inspected_on"))
        first = on_day(F("posted_on") + F("deployment__site__inspection_days"))
        return self.annotate(next_on=Coalesce(last_inspection(on=after), first))


def on_day(sum_of_days: Any) -> ExpressionWrapper:
    """A day and a number of days are a day."""
    return ExpressionWrapper(sum_of_days, output_field=models.DateField())


class Sign(TenantOwned):
    """A sign that tells people of face recognition (FRM Art 13), from its print to its end."""

    pip = TenantKey(Pip, related_name="signs", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    deployment = TenantKey(Deployment, related_name="signs", verbose_name=_("deployment"))
    capture_area = TenantKey(CaptureArea, related_name="signs", null=True, blank=True, verbose_name=_("capture area"))
    location = models.CharField(_("place of the sign"), max_length=300)
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    wording = models.CharField(_("version of the wording"), max_length=60, blank=True, default="", db_default="")
    size = models.CharField(_("size"), max_length=6, choices=choices.sign_sizes, blank=True, default="", db_default="")
    photo = TenantKey(Photo, related_name="+", null=True, blank=True, verbose_name=_("photo"))
    # Empty: printed, and not posted yet.
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    removed_on = models.DateField(_("taken down on"), null=True, blank=True)

    objects = scoped(SignQuerySet)

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

    def get_absolute_url(self) -> str:
        return reverse("deployments:sign", args=[self.tenant.slug, self.pk])

    @property
    def hangs(self) -> bool:
        return self.posted_on is not None and self.removed_on is None


class SignInspection(TenantOwned):
    """Somebody looked at a sign. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    sign = TenantKey(Sign, related_name="inspections", verbose_name=_("sign"))
    inspected_on = models.DateField(_("inspected on"))
    result = models.CharField(_("result"), max_length=11, choices=choices.sign_results)
    note = models.CharField(_("note"), max_length=500, blank=True)
    photo = TenantKey(Photo, related_name="+", null=True, blank=True, verbose_name=_("photo"))
    # Given with the form: a second tap on a slow line is the same inspection.
    ticket = models.UUIDField(default=uuid.uuid4, editable=False)
    inspected_at = models.DateTimeField()
    inspected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-inspected_on", "-id"]
        verbose_name = _("inspection of a sign")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tenant", "ticket"], name="inspection_once_per_ticket")]
        indexes = [models.Index(fields=["sign", "-inspected_on", "-id"], name="inspection_of_sign")]

    def __str__(self) -> str:
        return f"{self.get_result_display()} · {self.inspected_on}"

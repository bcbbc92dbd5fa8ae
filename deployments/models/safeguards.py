"""Protection measures (FRM Art 14), systems under MLPS, proofs of a PIP's own duties, and vendors (PIPL Art 21)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.models.places import Site
from deployments.models.scenarios import Scenario
from portal.evidence.models import Evidence
from portal.law.identifiers import normalise_uscc
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped, validate_uscc


class ProtectionControl(TenantOwned):
    """One of the five families of protection in a scenario, with its state, proof and next review (FRM Art 14)."""

    pip = TenantKey(Pip, related_name="+")
    scenario = TenantKey(Scenario, related_name="controls", verbose_name=_("scenario"))
    family = models.CharField(_("family"), max_length=14, choices=choices.control_families)
    state = models.CharField(_("state"), max_length=8, choices=choices.control_states, default="missing")
    measure = models.TextField(_("what is done"), blank=True, max_length=1000)
    owner = models.CharField(_("responsible"), max_length=100, blank=True)
    evidence = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("evidence"))
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    review_on = models.DateField(_("next review on"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("protection measure")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["scenario", "family"], name="control_once_per_family"),
            models.CheckConstraint(
                condition=~Q(state="in_place") | ~Q(measure=""),
                name="control_in_place_says_what",
                violation_error_message=_("Say what is done before you call it in place."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_family_display()


class MlpsSystem(TenantOwned):
    """A system under the multi-level protection scheme 等级保护 (FRM Art 14)."""

    pip = TenantKey(Pip, related_name="mlps_systems", verbose_name=_("PIP"))
    name = models.CharField(_("system"), max_length=200)
    level = models.PositiveSmallIntegerField(
        _("level"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    record_number = models.CharField(_("record number"), max_length=20, blank=True)
    organ = models.CharField(_("accepting police organ"), max_length=200, blank=True)
    graded_on = models.DateField(_("graded on"), null=True, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    refiled_on = models.DateField(_("filed again on the 2025 form on"), null=True, blank=True)
    tested_on = models.DateField(_("last tested on"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    evidence = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("test report"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("MLPS system")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "name"],
                name="mlps_name_once_per_pip",
                violation_error_message=_("This PIP has a system with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class GovernanceRecord(TenantOwned):
    """A dated proof of a duty of the PIP itself, or of the unit that manages a site's video system. Append-only."""

    pip = TenantKey(Pip, related_name="governance", verbose_name=_("PIP"))
    site = TenantKey(Site, related_name="governance", null=True, blank=True, verbose_name=_("site"))
    kind = models.CharField(_("kind"), max_length=20, choices=choices.governance_kinds)
    done_on = models.DateField(_("done on"))
    year = models.PositiveSmallIntegerField(_("for the year"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    carried_out_by = models.CharField(_("carried out by"), max_length=200, blank=True)
    reference = models.CharField(_("number of the receipt or report"), max_length=100, blank=True)
    note = models.TextField(_("findings or note"), blank=True, max_length=2000)
    evidence = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("evidence"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-done_on", "-id"]
        verbose_name = _("proof of governance")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=choices.OF_SITE, site__isnull=False)
                | (~Q(kind__in=choices.OF_SITE) & Q(site__isnull=True)),
                name="governance_of_pip_or_site",
                violation_error_message=_("This kind of proof belongs to a site, or to none. Choose accordingly."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("done_on")),
                name="governance_valid_after_done",
                violation_error_message=_("It can't end before it was done. Correct one of the two days."),
            ),
        ]
        indexes = [models.Index(fields=["pip", "kind", "-done_on"], name="governance_of_pip")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.done_on}"


class VendorQuerySet(models.QuerySet):
    def like(self, vendor: "Vendor") -> "VendorQuerySet":
        """Other vendors of the same PIP with the same credit code or the same name: the same one, as a rule."""
        same = Q(name__iexact=vendor.name.strip())
        if vendor.uscc:
            same |= Q(uscc=normalise_uscc(vendor.uscc))
        return self.filter(same, pip=vendor.pip_id).exclude(pk=vendor.pk)


class Vendor(TenantOwned):
    """An organisation that supplies, processes for, or receives from a PIP (PIPL Arts 20, 21, 23)."""

    pip = TenantKey(Pip, related_name="vendors", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    is_overseas = models.BooleanField(_("outside mainland China"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = scoped(VendorQuerySet)

    class Meta:
        ordering = ["code"]
        verbose_name = _("vendor")
        verbose_name_plural = _("vendors")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "code"],
                name="vendor_code_once_per_pip",
                violation_error_message=_("This PIP has a vendor with this code already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("deployments:vendor", args=[self.tenant.slug, self.pk])

    def clean(self) -> None:
        self.uscc = normalise_uscc(self.uscc or "")
        if self.uscc:
            try:
                validate_uscc(self.uscc)
            except ValidationError as error:
                raise ValidationError({"uscc": error}) from None


class Engagement(TenantOwned):
    """A vendor's part in a scenario and the contract it stands on: purpose, period, method, return or deletion."""

    pip = TenantKey(Pip, related_name="+")
    scenario = TenantKey(Scenario, related_name="engagements", verbose_name=_("scenario"))
    vendor = TenantKey(Vendor, related_name="engagements", verbose_name=_("vendor"))
    role = models.CharField(_("role"), max_length=9, choices=choices.engagement_roles)
    purpose = models.CharField(_("purpose and method of its processing"), max_length=500, blank=True)
    contract_number = models.CharField(_("number of the contract"), max_length=100, blank=True)
    contract_on = models.DateField(_("contract signed on"), null=True, blank=True)
    contract_ends_on = models.DateField(_("contract runs until"), null=True, blank=True)
    contract = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("contract"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    returned_on = models.DateField(_("returned or deleted on"), null=True, blank=True)
    return_proof = TenantKey(
        Evidence, related_name="+", null=True, blank=True, verbose_name=_("proof of return or deletion")
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("part of a vendor")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "vendor", "role"],
                condition=Q(ended_on__isnull=True),
                name="engagement_once_per_role",
                violation_error_message=_("This vendor has this role in the scenario already."),
            ),
            models.CheckConstraint(
                condition=Q(contract_on__isnull=True)
                | Q(contract_ends_on__isnull=True)
                | Q(contract_ends_on__gte=F("contract_on")),
                name="engagement_contract_ends_after_start",
                violation_error_message=_("The contract ends before it was signed. Correct one of the two days."),
            ),
        ]
        indexes = [models.Index(fields=["vendor"], name="engagement_of_vendor")]

    def __str__(self) -> str:
        return f"{self.vendor_id} · {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        return reverse("deployments:engagement", args=[self.tenant.slug, self.pk])

    @property
    def has_access(self) -> bool:
        """Whether the vendor comes to see face information: then PIPL Arts 20, 21, 23 ask for a contract."""
        return self.role != "supplier"


class Supervision(TenantOwned):
    """The PIP looked whether a vendor keeps to its contract (PIPL Art 21). Append-only."""

    pip = TenantKey(Pip, related_name="+")
    engagement = TenantKey(Engagement, related_name="supervisions")
    done_on = models.DateField(_("done on"))
    is_in_order = models.BooleanField(_("in order"))
    finding = models.TextField(_("what was looked at and found"), max_length=2000)
    evidence = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("evidence"))
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-done_on", "-id"]
        verbose_name = _("supervision of a vendor")
        default_permissions = ()
        indexes = [models.Index(fields=["engagement", "-done_on"], name="supervision_of_engagement")]

    def __str__(self) -> str:
        return f"{self.done_on}"

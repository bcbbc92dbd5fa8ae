"""Assessment: the PIPIA of a scenario. Here an approved report made elsewhere is registered (FRM Art 9)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments.models import Scenario
from portal.evidence.models import Evidence
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class Assessment(TenantOwned):
    """An approved impact assessment: its report, its four elements, its author and another person's approval."""

    pip = TenantKey(Pip, related_name="assessments")
    reference = models.CharField(_("reference"), max_length=20)
    scenario = TenantKey(Scenario, related_name="assessments", verbose_name=_("scenario"))
    report = TenantKey(Evidence, related_name="+", verbose_name=_("report"))
    has_lawfulness = models.BooleanField(_("purpose and method are lawful, legitimate and necessary"))
    has_rights_impact = models.BooleanField(_("impact on rights, and whether measures reduce it"))
    has_risks = models.BooleanField(
        _("risk and harm of leakage, tampering, loss, damage, illegal access, sale or use")
    )
    has_measures = models.BooleanField(_("protective measures are lawful, effective and in proportion to the risk"))
    # CAC Q&A of January 2026: a third party that took part is described in the report with its part.
    third_party = models.CharField(_("third party that took part"), max_length=200, blank=True)
    third_party_part = models.TextField(_("its part in the assessment"), blank=True, max_length=2000)
    # Frozen: what was assessed. Another purpose or method must be assessed again (FRM Art 9).
    assessed = models.JSONField(default=dict)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=9, default="submitted", choices=[("submitted", _("to be approved")), ("approved", _("approved"))]
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_on = models.DateField(_("approved on"), null=True)
    # FRM Art 9: report and record are kept at least three years.
    keep_until = models.DateField(null=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="assessment_reference_once"),
            models.CheckConstraint(
                condition=Q(has_lawfulness=True, has_rights_impact=True, has_risks=True, has_measures=True),
                name="assessment_has_four_elements",
                violation_error_message=_("A report without all four elements of Article 9 can't be registered."),
            ),
            models.CheckConstraint(
                condition=Q(state="submitted")
                | Q(approved_by__isnull=False, approved_on__isnull=False, keep_until__isnull=False),
                name="assessment_approved_by_somebody_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="assessment_approver_is_not_author",
                violation_error_message=_("The author can't approve the own report. Ask another person."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment", args=[self.tenant.slug, self.reference])

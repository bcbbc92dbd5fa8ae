"""JointUse: a use of another PIP that a filing covers beside those of the PIP that files (联合备案)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from deployments.models import Scenario
from filings.models.filing import Filing
from portal.evidence.models import Evidence
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class JointUse(TenantOwned):
    """A member's scenario that is the same as one of the leader's in purpose, necessity, method and scope.

    The Measures say nothing of a joint filing: it stands on practice, and on the authority's word for this one.
    """

    pip = TenantKey(Pip, related_name="joint_uses", verbose_name=_("member"))
    filing = TenantKey(Filing, on_delete=models.CASCADE, related_name="joint_uses")
    scenario = TenantKey(Scenario, related_name="+", verbose_name=_("scenario"))
    like = TenantKey(Scenario, related_name="+", verbose_name=_("same as"))
    agreed_on = models.DateField(_("authority agreed on"))
    agreed_how = models.TextField(_("who agreed, and how"), max_length=2000)
    agreed_proof = TenantKey(Evidence, null=True, related_name="+", verbose_name=_("proof"))
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["pip_id", "id"]
        verbose_name = _("use of a member")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "scenario"],
                name="joint_use_once",
                violation_error_message=_("The filing covers this use already."),
            ),
            models.CheckConstraint(condition=~models.Q(agreed_how=""), name="joint_use_has_word_of_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.filing} · {self.scenario}"

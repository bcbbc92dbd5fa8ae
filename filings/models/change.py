"""ChangeCase: what was filed is no longer what the register says, and a person decides whether that is substantial."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments.models import Scenario
from filings.models.filing import Filing, Snapshot
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class Weight(models.TextChoices):
    """What the portal proposes; the law doesn't define a substantial change."""

    SUBSTANTIAL = "substantial", _("substantial")
    ASK = "ask", _("to be judged")
    MINOR = "minor", _("minor")


class ChangeState(models.TextChoices):
    """Where a change stands: derived, never stored."""

    DECIDE = "to_decide", _("to be decided")
    CONFIRM = "to_confirm", _("to be confirmed")
    FILE = "to_file", _("to be filed")
    FILED = "filed", _("filed")
    RECORDED = "recorded", _("not substantial")


IN_STATE = {
    ChangeState.DECIDE: Q(is_substantial__isnull=True),
    ChangeState.CONFIRM: Q(is_substantial=False, approved_by__isnull=True),
    ChangeState.FILE: Q(is_substantial=True, filing__submitted_on__isnull=True),
    ChangeState.FILED: Q(is_substantial=True, filing__submitted_on__isnull=False),
    ChangeState.RECORDED: Q(is_substantial=False, approved_by__isnull=False),
}


def state_of(is_substantial: bool | None, approved_by: int | None, submitted_on: date | None) -> ChangeState:
    """Where a change with these columns stands."""
    if is_substantial is None:
        return ChangeState.DECIDE
    if not is_substantial:
        return ChangeState.CONFIRM if approved_by is None else ChangeState.RECORDED
    return ChangeState.FILED if submitted_on else ChangeState.FILE


class ChangeCaseQuerySet(models.QuerySet):
    def waiting(self) -> "ChangeCaseQuerySet":
        """Changes that somebody has to decide, to confirm or to file."""
        return self.filter(IN_STATE[ChangeState.DECIDE] | IN_STATE[ChangeState.CONFIRM] | IN_STATE[ChangeState.FILE])


class ChangeCase(TenantOwned):
    """变更事项: one filed item that differs from the accepted snapshot (FRM Art 15). What it noticed stays as it was.

    ``is_substantial`` is None while nobody decided; a decision that it is not needs another person's confirmation.
    """

    pip = TenantKey(Pip, related_name="changes")
    reference = models.CharField(_("reference"), max_length=20)
    against = TenantKey(Snapshot, related_name="changes")
    scenario = TenantKey(Scenario, null=True, related_name="+")
    # A code of portal.law.changes.ITEMS.
    item = models.CharField(_("item"), max_length=40)
    old = models.JSONField(_("as filed"), null=True)
    new = models.JSONField(_("as noticed"), null=True)
    # The step of the audit trail that brought the change, where one step did.
    event = models.PositiveBigIntegerField(null=True)
    noticed_at = models.DateTimeField(_("noticed at"))
    weight = models.CharField(_("weight"), max_length=11, choices=Weight)
    # The law counts from the change, not from the noticing: a person may set the day, with the reason.
    effective_on = models.DateField(_("takes effect on"))
    effective_reason = models.TextField(_("reason for the day"), blank=True, max_length=2000)
    is_substantial = models.BooleanField(_("substantial"), null=True)
    reason = models.TextField(_("reason"), blank=True, max_length=4000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    # What the register said when it was decided, and up to which step of the trail: a later change is a new case.
    judged = models.JSONField(null=True)
    judged_event = models.PositiveBigIntegerField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(_("confirmed at"), null=True)
    # Why the same person confirms: nobody else in the workspace may.
    alone_because = models.TextField(blank=True, max_length=2000)
    # The change filing that carries it.
    filing = TenantKey(Filing, null=True, related_name="changes")

    objects = scoped(ChangeCaseQuerySet)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change of what was filed")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="change_reference_once"),
            models.UniqueConstraint(
                # A joint filing's snapshot is that of several PIPs.
                fields=["against", "pip", "item", "scenario"],
                condition=Q(is_substantial__isnull=True),
                nulls_distinct=False,
                name="change_one_undecided_per_item",
                violation_error_message=_("This change waits for its decision already."),
            ),
            models.CheckConstraint(
                condition=Q(is_substantial__isnull=True, decided_at__isnull=True)
                | (Q(is_substantial__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="change_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (Q(is_substantial=False) & (~Q(approved_by=F("decided_by")) | ~Q(alone_because=""))),
                name="change_confirmed_by_another",
                violation_error_message=_("Another person than the one who decided confirms it."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="change_confirmed_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "pip", "-id"], name="change_of_pip")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("filings:change", args=[self.tenant.slug, self.reference])

    @property
    def stands(self) -> bool | None:
        """The decision that counts: "not substantial" only once another person has confirmed it."""
        if self.is_substantial is False and self.approved_by_id is None:
            return None
        return self.is_substantial

    @property
    def state(self) -> ChangeState:
        """Where it stands; the change filing that carries it is read with it."""
        return state_of(self.is_substantial, self.approved_by_id, self.filing and self.filing.submitted_on)

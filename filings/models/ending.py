"""Termination: the use of FR ends altogether or in part, what ends with it, and what is to be done (FRM Art 15)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments.models import Deployment, Engagement
from filings.choices import ending_tasks
from filings.models.filing import Filing
from portal.evidence.models import Evidence
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class EndingState(models.TextChoices):
    RUNNING = "running", _("under way")
    UNDONE = "undone", _("undone")
    CLOSED = "closed", _("closed")


class Extent(models.TextChoices):
    WHOLE = "whole", _("the whole use of face recognition")
    SCENARIOS = "scenarios", _("some scenarios")
    SITES = "sites", _("some sites")


class Way(models.TextChoices):
    """What becomes of the filing; the law names no form for a partial stop."""

    NOTHING = "nothing", _("nothing is on file")
    CHANGE = "change", _("change filing: the rest goes on")
    CANCEL = "cancel", _("cancellation of the whole filing")


class Termination(TenantOwned):
    """终止应用: which deployments ended on which day and why, and which way the filing takes."""

    pip = TenantKey(Pip, related_name="terminations", verbose_name=_("PIP"))
    reference = models.CharField(_("reference"), max_length=20)
    state = models.CharField(_("state"), max_length=7, choices=EndingState, default=EndingState.RUNNING)
    extent = models.CharField(_("what ends"), max_length=9, choices=Extent)
    ended_on = models.DateField(_("ended on"))
    reason = models.TextField(_("reason"), max_length=4000)
    way = models.CharField(_("what becomes of the filing"), max_length=7, choices=Way)
    way_reason = models.TextField(_("why this way"), blank=True, max_length=4000)
    # The filing that stood when the use ended, and the one that answers it.
    filing = TenantKey(Filing, null=True, related_name="endings")
    answer = TenantKey(Filing, null=True, related_name="ended_by")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    closed_on = models.DateField(_("closed on"), null=True)
    undo_reason = models.TextField(_("why it was undone"), blank=True, max_length=4000)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("termination")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="termination_reference_once"),
            models.UniqueConstraint(fields=["answer"], condition=Q(way="cancel"), name="termination_answered_once"),
            models.CheckConstraint(
                condition=Q(extent="whole") | Q(way="nothing") | ~Q(way_reason=""),
                name="termination_partial_says_why",
                violation_error_message=_("Say why the filing is changed or cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(way="nothing") | Q(filing__isnull=False), name="termination_way_has_filing"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False), name="termination_closed_has_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | ~Q(undo_reason=""), name="termination_undone_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("filings:ending", args=[self.tenant.slug, self.reference])


class EndedDeployment(TenantOwned):
    """A deployment that ended with a termination, and how it stood before: undoing brings that back."""

    pip = TenantKey(Pip, related_name="+")
    termination = TenantKey(Termination, related_name="ended")
    deployment = TenantKey(Deployment, related_name="endings")
    former_status = models.CharField(max_length=10)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["termination", "deployment"], name="deployment_ended_once")]
        indexes = [models.Index(fields=["deployment"], name="ending_of_deployment")]


class EndingTask(TenantOwned):
    """One thing to do after a stop: whose it is, until when, and what shows that it is done."""

    pip = TenantKey(Pip, related_name="+")
    termination = TenantKey(Termination, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("task"), max_length=20, choices=ending_tasks)
    # The vendor's part that ends; one task each.
    engagement = TenantKey(Engagement, null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("owner")
    )
    due_on = models.DateField(_("do by (own date)"))
    # Somebody chose the day; else it is reckoned, and follows the calendar (filings.dates).
    is_own_date = models.BooleanField(_("day chosen by a person"), default=True)
    done_on = models.DateField(_("done on"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.TextField(_("what was done"), blank=True, max_length=2000)
    evidence = TenantKey(Evidence, null=True, related_name="+", verbose_name=_("proof"))

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["termination", "position"], name="ending_task_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(code__in=["vendor", "deletion"]) | Q(evidence__isnull=False),
                name="ending_task_proved",
                violation_error_message=_("This task is done with its proof only."),
            ),
        ]

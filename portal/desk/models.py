"""HandOver: work that went from hand to hand in one step, so that the step can be taken back the same day."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from filings.models import EndingTask
from portal.obligations.models import Obligation
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class HandOver(TenantOwned):
    """One step in which duties and tasks were given to somebody, or to nobody."""

    at = models.DateTimeField()
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["tenant", "on", "-id"], name="hand_over_of_day")]

    def __str__(self) -> str:
        return f"{self.on}"


class HandedOver(TenantOwned):
    """One duty or task of a hand-over, and whose it was before."""

    pip = TenantKey(Pip, related_name="+")
    hand_over = TenantKey(HandOver, on_delete=models.CASCADE, related_name="items")
    obligation = TenantKey(Obligation, on_delete=models.CASCADE, related_name="+", null=True)
    task = TenantKey(EndingTask, on_delete=models.CASCADE, related_name="+", null=True)
    former = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(obligation__isnull=False, task__isnull=True)
                | Q(obligation__isnull=True, task__isnull=False),
                name="handed_over_one_thing",
            )
        ]
        indexes = [models.Index(fields=["hand_over"], name="handed_over_in_step")]

    def __str__(self) -> str:
        return f"{self.obligation_id or self.task_id}"

"""Freezing: the order to freeze a dossier of many papers, how far the worker is, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filings.models.filing import Filing
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class Freezing(TenantOwned):
    """A dossier that is frozen in the background. It ends with the snapshot, or with the reason why there is none."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, related_name="freezings")
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    papers = models.PositiveIntegerField(_("papers"))
    papers_done = models.PositiveIntegerField(_("papers printed"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Only how often it is offered again: who really holds it, the database's lock says.
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Why nothing was frozen; empty when it was, and when a person stopped it.
    refusal_en = models.TextField(blank=True)
    refusal_zh = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("freezing of a dossier")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["filing"],
                condition=Q(ended_at__isnull=True),
                name="freezing_one_at_a_time",
                violation_error_message=_("This dossier is being frozen already."),
            ),
            models.CheckConstraint(
                condition=Q(papers_done__lte=models.F("papers")), name="freezing_done_within_papers"
            ),
        ]
        indexes = [models.Index(fields=["ordered_at"], name="freezing_waiting", condition=Q(ended_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.pk}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def refusal(self) -> str:
        """Why nothing was frozen, in the reader's language."""
        return self.refusal_zh if (get_language() or "").startswith("zh") else self.refusal_en

"""Evidence: an immutable file in the vault, with its SHA-256; the log of who opened what."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class Evidence(TenantOwned):
    """A file as it was received: never changed, never replaced; a newer one is a new row."""

    code = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    pip = TenantKey(Pip, related_name="evidence")
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    wrapped_key = models.BinaryField()
    # ID scans and the like: opened only with the right to, and each opening is logged.
    is_sensitive = models.BooleanField(default=False)
    effective_on = models.DateField(_("day of effect"), null=True, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evidence:open", args=[self.tenant.slug, self.code])


class Photo(TenantOwned):
    """A photo as proof: the original as it was taken, and what viewers see, without the position it was taken at."""

    pip = TenantKey(Pip, related_name="+")
    original = TenantKey(Evidence, related_name="+")
    shown = TenantKey(Evidence, related_name="+")
    # The camera's own words; a scan or a screenshot has none.
    taken_at = models.DateTimeField(_("taken at"), null=True)
    has_position = models.BooleanField(_("carries a position"), default=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("photo")

    def __str__(self) -> str:
        return f"{self.taken_at or self.pk}"


class Opening(TenantOwned):
    """A sensitive file or a dossier was opened, by whom and when."""

    pip = TenantKey(Pip, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-opened_at"]

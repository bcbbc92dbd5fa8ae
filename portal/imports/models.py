"""ImportBatch: one vendor file from upload to apply. ImportRow: one of its rows, judged."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Tenant, TenantOwned

KINDS = [("deployments", _("deployments")), ("devices", _("devices")), ("signs", _("signs")), ("counts", _("counts"))]


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", _("waiting to be checked")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")
    DISCARDED = "discarded", _("discarded")


class ImportBatch(TenantOwned):
    """A vendor file: what was recognised, what each row would do, what was done."""

    reference = models.CharField(_("reference"), max_length=20)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField()
    # Empty until the file is read: of one that is refused nothing is kept, not even this.
    sha256 = models.CharField(max_length=64, blank=True)
    # Where the bytes wait until they are applied, refused or discarded.
    upload = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.UPLOADED)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(null=True)
    # Raw: which header of the file is which column, and the headers that are ignored.
    mapping = models.JSONField(default=dict)
    ignored = models.JSONField(default=list)
    # Raw: sheets to choose from, rows taken for remarks, a sample cell of each header, codes read in another spelling.
    recognised = models.JSONField(default=dict)
    # The reader's overrides (kind, encoding, sheet, mapping), as chosen.
    choices = models.JSONField(default=dict)
    # The PIPs that the rows speak of: who may not see one of them doesn't see the batch.
    pips = ArrayField(models.BigIntegerField(), default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    all_or_nothing = models.BooleanField(_("apply nothing if any row is bad"), default=False)
    refusal_en = models.TextField(blank=True)
    refusal_zh = models.TextField(blank=True)
    lease_until = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tenant", "reference"], name="import_reference_once")]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                name="import_waiting",
                condition=models.Q(state__in=["uploaded", "checking", "applying"]),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("imports:batch", args=[self.tenant.slug, self.reference])


class ImportRow(TenantOwned):
    """One row of a file: what it would do, cell by cell, or what is wrong with it."""

    # The composite key to the batch holds the tenant too, and the indexes below begin with the batch: by the
    # hundred thousand, a second key and two more indexes would cost as much as the rows.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", editable=False, db_constraint=False, db_index=False
    )
    batch = TenantKey(ImportBatch, on_delete=models.CASCADE, related_name="import_rows")
    row = models.PositiveIntegerField()
    result = models.CharField(
        max_length=9,
        choices=[
            ("new", _("new")),
            ("changed", _("changed")),
            ("unchanged", _("unchanged")),
            ("error", _("error")),
            ("stale", _("changed since the check")),
        ],
    )
    # Raw: the cells of a row with errors as they stand in the file, by header, to send back.
    cells = models.JSONField(default=dict)
    # The typed values by column (of an unchanged row its key only), and old → new of what differs.
    values = models.JSONField(default=dict)
    differences = models.JSONField(default=dict)
    # As reading.phrases.Problem writes them: column, value, message, remedy; spoken in the reader's language.
    problems = models.JSONField(default=list)
    target_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["row"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "result", "row"], name="import_row_by_result")]

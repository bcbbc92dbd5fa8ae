"""The audit trail: events written only by triggers, sealed in commit order by a chain of hashes."""

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.tenancy.fields import TenantKey
from portal.tenancy.models import TenantOwned


class AuditSeal(TenantOwned):
    """A link of the chain: the digests of the events it covers, and the link before."""

    number = models.PositiveBigIntegerField()
    sealed_at = models.DateTimeField()
    events = models.PositiveIntegerField()
    # For each event its id (8 bytes) and the SHA-256 of its text (32 bytes): a changed row can be named.
    leaves = models.BinaryField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="seal_number_once")]


class AuditEvent(TenantOwned):
    """One row changed: who, when, by which verb, old and new. ``body`` is the text that is sealed."""

    at = models.DateTimeField()
    transaction = models.PositiveBigIntegerField()
    actor = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)
    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=40)
    pip_id = models.BigIntegerField(null=True)
    operation = models.CharField(
        max_length=6, choices=[("insert", _("added")), ("update", _("changed")), ("delete", _("removed"))]
    )
    body = models.TextField()
    seal = TenantKey(AuditSeal, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="audit_newest"),
            models.Index(fields=["tenant", "table_name", "row_id"], name="audit_of_row"),
            models.Index(fields=["tenant", "id"], name="audit_unsealed", condition=models.Q(seal=None)),
        ]

    @cached_property
    def content(self) -> dict[str, Any]:
        """The sealed text, read."""
        return json.loads(self.body)

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(column, old, new) of what changed."""
        return [(column, pair[0], pair[1]) for column, pair in sorted(self.content["changes"].items())]
